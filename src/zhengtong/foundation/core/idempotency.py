"""One act for one request, however often it arrives (DESIGN §6): a double click, a retry after a lost answer."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.models import IdempotencyKey
from zhengtong.foundation.core.statements import Delete, Select, Update
from zhengtong.foundation.core.statements.columns import concrete, to_database
from zhengtong.foundation.core.statements.sending import Text, affected, connection_now, send
from zhengtong.foundation.core.writes import write

KEPT = dt.timedelta(days=1)
KEY_LIMIT, REFERENCE_LIMIT = 200, 2000
_COLUMNS = ("id", "by_token", "key_digest", "body_digest", "status", "reference", "created_at")
_FIND = Select(IdempotencyKey, ("body_digest", "status", "reference", "created_at"), where=("by_token", "key_digest"))
_KEEP = Update(IdempotencyKey, set=("status", "reference"), where=("by_token", "key_digest"))
_FORGET = Delete(IdempotencyKey, where=("by_token", "key_digest"))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request: the HTTP status and the public names of what it made, never anything sensitive.

    `reference` is a small JSON object (such as `{"case": token}`) from which the door draws the answer again;
    `repeated` is True when the act had been done before.
    """

    status: int
    reference: Mapping[str, Any] = field(default_factory=dict)
    repeated: bool = False


def idempotent(by_token: str, key: str, body_digest: str, job: Callable[[], Reply]) -> Reply:
    """Run `job` once for this actor and key, in one write with the memory of it; a repetition gets the same Reply.

    `by_token` names the actor, `key` comes from the client, `body_digest` is a digest of what was sent. A job that
    raises leaves no memory, so it may be tried again. Raises Conflict `idempotency.mismatch` for the same key with
    another body, Invalid `idempotency.key_length` for a key that is empty or over 200 characters.
    """
    if not 0 < len(key) <= KEY_LIMIT:
        raise Invalid("idempotency.key_length", _("The idempotency key must have 1 to 200 characters."))
    digest = hashlib.sha256(f"{by_token}\0{key}".encode()).hexdigest()
    return write(lambda: _once(by_token, digest, body_digest, job), key="idempotent")


def purge_idempotency_keys(*, at_most: int = 5000) -> int:
    """Forget up to `at_most` answers older than a day; how many were forgotten. Call again while it is `at_most`."""
    limit = clock.now() - KEPT

    def purge() -> int:
        old = IdempotencyKey.objects.filter(created_at__lt=limit).order_by("created_at").values("id")[:at_most]
        return IdempotencyKey.objects.filter(id__in=[row["id"] for row in old]).delete()[0]

    return write(purge, key="purge idempotency keys")


def _once(by_token: str, digest: str, body_digest: str, job: Callable[[], Reply]) -> Reply:
    earlier = _earlier(by_token, digest, body_digest)
    if earlier is not None:
        return earlier
    if not _claim(by_token, digest, body_digest):
        # Somebody else's claim was committed while we waited for it; under READ COMMITTED it can be read now.
        earlier = _earlier(by_token, digest, body_digest)
        if earlier is None:
            raise Conflict("idempotency.busy", _("This request is being worked on. Please try again."))
        return earlier
    reply = job()
    reference = dict(reply.reference)
    if len(json.dumps(reference)) > REFERENCE_LIMIT:
        raise ValueError("the reference of a reply holds names, not contents")
    _KEEP.one((reply.status, reference), (by_token, digest))
    return replace(reply, repeated=False)


def _earlier(by_token: str, digest: str, body_digest: str) -> Reply | None:
    row = _FIND.one((by_token, digest))
    if row is None:
        return None
    known_body, status, reference, created_at = row
    if created_at < clock.now() - KEPT:
        _FORGET.run((by_token, digest))
        return None
    if known_body != body_digest:
        raise Conflict("idempotency.mismatch", _("This request was sent before with other contents."))
    return Reply(status, reference, repeated=True)


def _claim(by_token: str, digest: str, body_digest: str) -> bool:
    """Write the row first, so that a twin waits for this transaction; False when a twin had written it."""
    connection = connection_now()
    meta = IdempotencyKey._meta
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    places = ", ".join(["%s"] * len(_COLUMNS))
    sql = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING'  # noqa: S608 names come from the model
    values: tuple[Any, ...] = (new_id(), by_token, digest, body_digest, 0, {}, clock.now())
    converts = [to_database(concrete(IdempotencyKey, name), connection) for name in _COLUMNS]
    params = [step(value) for step, value in zip(converts, values, strict=True)]
    return affected(connection, send(connection, Text(sql, connection.vendor), params)) == 1
