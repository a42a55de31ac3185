"""What an event is made of: canonical bytes, the envelope that is sealed, and names that outsiders cannot guess."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.functional import Promise

from zhengtong.engines.seals import hmac_sm3, sm3
from zhengtong.foundation.core.fields import blind_index
from zhengtong.foundation.core.json_text import quick
from zhengtong.foundation.core.keys import keyring
from zhengtong.foundation.ledger.registry import Subject
from zhengtong.foundation.policy import Actor

SCHEMA = 1
HEAD_FORMAT = "zhengtong-head/1"
KEY_DESTROYED = "ledger.content_destroyed"
KEYS_ROTATED = "ledger.keys_rotated"


@dataclass(frozen=True, slots=True)
class Times:
    """When it was written, when it counts in law, why they differ, and whether it comes from elsewhere."""

    recorded_at: dt.datetime
    effective_at: dt.datetime
    reason: str
    imported: bool


def canonical(value: object) -> bytes:
    """RFC 8785 JSON for objects with string keys, strings, integers, booleans and null.

    Dates, times and decimals become strings; a fraction in binary is written by its shortest digits. TypeError for
    anything else, ValueError for NaN and infinities.
    """
    return _canonical(value)


def instant_text(instant: dt.datetime) -> str:
    """An instant as it stands in an envelope: UTC to the microsecond, `2026-03-02T01:02:03.000004Z`."""
    return instant.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@lru_cache(maxsize=16384)
def token(kind: str, number: int) -> str:
    """The name under which an envelope knows something of ours: 128 bits, always the same, told by no outsider."""
    return blind_index(f"{kind}:{number}", "ledger")[:32]


def commitment(salt: bytes, content: bytes) -> str:
    """SM3(salt ‖ content) in hex: binds the content without showing it."""
    return sm3(salt + content).hex()


def envelope(type_: str, subject: Subject, by: Actor, times: Times, committed: str) -> bytes:
    """The canonical bytes that become a leaf (docs/reference/ledger.md)."""
    recorded = instant_text(times.recorded_at)
    effective = recorded if times.effective_at is times.recorded_at else instant_text(times.effective_at)
    return canonical(
        {
            "schema": SCHEMA,
            "type": type_,
            "subject": {"kind": subject[0], "token": token(*subject)},
            "actor": _capacity(by),
            "recorded_at": recorded,
            "effective_at": effective,
            "effective_reason": times.reason,
            "imported": times.imported,
            "commitment": committed,
        }
    )


def house_mac(envelope_bytes: bytes) -> bytes:
    """HMAC-SM3 under the house's oldest key: tells rows that the house wrote from rows written past it."""
    ring = keyring()
    return hmac_sm3(ring.data_key("ledger:mac", ring.oldest), envelope_bytes)


def _capacity(by: Actor) -> Mapping[str, object]:
    """Who acted and as what, in names that mean nothing outside; empty places are left out."""
    named = {"account": by.account_id, "org": by.organisation_id, "post": by.post_id}
    capacity: dict[str, object] = {kind: token(kind, number) for kind, number in named.items() if number is not None}
    capacity["kind"] = by.kind
    if by.on_behalf_of:
        kind, _, number = by.on_behalf_of.partition(":")
        capacity["on_behalf_of"] = {"kind": kind, "token": token(kind, int(number))}
    return capacity


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return instant_text(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")


_canonical = quick(
    json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
)


def head_text(size: int, root: bytes, recorded_at: dt.datetime, public: bytes) -> bytes:
    """The canonical bytes that a head's signature covers; `key` is SM3 of the public key, its first 16 hex digits."""
    return canonical(
        {
            "format": HEAD_FORMAT,
            "size": size,
            "root": root.hex(),
            "recorded_at": instant_text(recorded_at),
            "key": key_name(public),
        }
    )


def key_name(public: bytes) -> str:
    """A short name of a signing key."""
    return sm3(public).hex()[:16]
