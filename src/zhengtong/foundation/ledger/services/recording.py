"""Recording what happened: envelope, hidden content and the deliveries due, in the transaction of the act itself."""

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import connection

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Insert, Select
from zhengtong.foundation.core.writes import regardless, write
from zhengtong.foundation.ledger.events import REFUSED, Times, commitment, envelope, house_mac
from zhengtong.foundation.ledger.models import Event, OutboxEntry, Payload, SubjectKey
from zhengtong.foundation.ledger.queries.contents import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    Content,
    close_content,
    content_text,
    unwrap_key,
    wrap_key,
)
from zhengtong.foundation.ledger.registry import Subject, listeners
from zhengtong.foundation.policy import Actor

LONGEST_REASON = 200  # characters shown in an envelope


def record(
    *,
    by: Actor,
    type: str,
    subject: Subject,
    payload: Mapping[str, object],
    effective_at: dt.datetime | None = None,
    reason: str = "",
    imported: bool = False,
    new_subject: bool = False,
) -> int:
    """Append one event about `subject` in the present transaction (or one of its own) and answer its id.

    `effective_at` (aware) is when it counts in law, by default when it is written; where the two differ and the
    event is not imported history, `reason` must say why, and its first 200 characters are sealed in the open for
    good: no personal data. In full, and where the times are one, `reason` is hidden with the content.
    `payload` is hidden under the subject's key. `new_subject` promises that the subject was made in this very
    transaction, which saves looking for its key. Raises ValueError for a missing reason, TypeError for
    a payload that JSON cannot hold.
    """
    times = _times(effective_at, reason, imported=imported)
    hidden = content_text(str(by.name), by.kind, payload, reason)
    return write(lambda: _append(by, type, subject, hidden, times, new_subject=new_subject))


def record_refusal(
    *, by: Actor, type: str, subject: Subject, reason: str, payload: Mapping[str, object] | None = None
) -> None:
    """Record that `type` was refused with the code `reason`, although what was refused is rolled back.

    Inside a write it is written right after that write has ended, however it ends; outside at once. The event's
    type is `type` with `.refused` behind it.
    """
    regardless(
        lambda: record(by=by, type=f"{type}.{REFUSED}", subject=subject, payload={**(payload or {}), "code": reason})
    )


def _times(effective_at: dt.datetime | None, reason: str, *, imported: bool) -> Times:
    if imported:
        return Times(clock.wall(), (effective_at or clock.now()).astimezone(dt.UTC), reason[:LONGEST_REASON], imported)
    now = clock.now()
    if effective_at is None or effective_at == now:
        return Times(now, now, "", imported)
    if not reason:
        raise ValueError("an effective time other than that of recording needs its reason")
    shown = reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
    return Times(now, effective_at.astimezone(dt.UTC), shown, imported)


def _append(by: Actor, type_: str, subject: Subject, hidden: bytes, times: Times, *, new_subject: bool) -> int:
    key_id, key = _make_key(subject, times.recorded_at) if new_subject else _subject_key(subject, times.recorded_at)
    event_id, chance = new_id(), secrets.token_bytes(SALT_BYTES + NONCE_BYTES)
    content = Content(chance[:SALT_BYTES], hidden)
    sealed = envelope(type_, subject, by, times, commitment(content.salt, content.text))
    now = times.recorded_at
    when = (now, times.effective_at, times.reason, times.imported)
    _event.run((event_id, sealed, house_mac(sealed), type_, *subject, by.account_id, *when))
    _payload.run((event_id, key_id, close_content(key, event_id, content, chance[SALT_BYTES:])))
    due = [(new_id(), event_id, name, now) for name in listeners(type_)]
    if due:
        _outbox.run(due)
    return event_id


def _subject_key(subject: Subject, now: dt.datetime) -> tuple[int, bytes]:
    """The id and the key that close the subject's content now; made where there is none alive."""
    held = _live_key(subject)
    if held is None:
        if connection.vendor == "sqlite":  # its transactions write one at a time: nobody can have come first
            return _make_key(subject, now)
        SubjectKey.objects.bulk_create([_fresh_key(subject, now)[0]], ignore_conflicts=True)
        held = _live_key(subject)
    assert held is not None, "a live key exists or was just made"
    return held[0], unwrap_key(held[1], subject)


def _make_key(subject: Subject, now: dt.datetime) -> tuple[int, bytes]:
    row, fresh = _fresh_key(subject, now)
    _new_key.run((row.id, *subject, row.wrapped, now))
    return row.id, fresh


def _fresh_key(subject: Subject, now: dt.datetime) -> tuple[SubjectKey, bytes]:
    fresh = secrets.token_bytes(KEY_BYTES)
    kind, number = subject
    wrapped = wrap_key(fresh, subject)
    return SubjectKey(subject_kind=kind, subject_id=number, wrapped=wrapped, created_at=now), fresh


def _live_key(subject: Subject) -> tuple[int, str] | None:
    """The one key of the subject that has not been destroyed (hardly any subject ever has a second)."""
    return next(((number, wrapped) for number, wrapped in _keys.run(subject) if wrapped), None)


_event = Insert(
    Event,
    "id",
    "envelope",
    "mac",
    "type",
    "subject_kind",
    "subject_id",
    "actor_id",
    "recorded_at",
    "effective_at",
    "effective_reason",
    "imported",
)
_payload = Insert(Payload, "event_id", "key_id", "closed")
_outbox = Insert(OutboxEntry, "id", "event_id", "handler", "due_at")
_new_key = Insert(SubjectKey, "id", "subject_kind", "subject_id", "wrapped", "created_at")
_keys = Select(SubjectKey, ("id", "wrapped"), where=("subject_kind", "subject_id"))
