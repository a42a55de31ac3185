"""Recording what happened: envelope, hidden content and the deliveries due, in the transaction of the act itself."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import connection

from zhengtong.engines.seals import Gcm, sm4_gcm
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Insert, Outgoing, Select, Through
from zhengtong.foundation.core.writes import regardless, write
from zhengtong.foundation.ledger.events import Times, commitment, envelope, house_mac
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
from zhengtong.foundation.ledger.registry import REFUSED, Subject, listeners
from zhengtong.foundation.policy import Actor

Keys = Callable[[], list[tuple[Any, ...]]]
"""An answer on its way: the keys a subject ever had, destroyed ones with an empty text."""

_importing: ContextVar[bool] = ContextVar("importing", default=False)


@contextmanager
def importing() -> Iterator[None]:
    """Within the block every event is imported history: it counts at the time of the clock and is recorded now.

    Hold the clock still at the time of what is told (`clock.frozen`); nobody is told and no paper is drawn.
    """
    token = _importing.set(True)
    try:
        yield
    finally:
        _importing.reset(token)


def is_importing() -> bool:
    """Whether history is being imported just now."""
    return _importing.get()


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

    def append() -> int:
        rows = Outgoing()
        event_id = Chapter(subject, rows, new_subject=new_subject).append(by, type, hidden, times)
        rows.send()
        return event_id

    return write(append)


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
    if imported or is_importing():
        return Times(clock.wall(), (effective_at or clock.now()).astimezone(dt.UTC), reason[:LONGEST_REASON], True)
    now = clock.now()
    if effective_at is None or effective_at == now:
        return Times(now, now, "", imported)
    if not reason:
        raise ValueError("an effective time other than that of recording needs its reason")
    shown = reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"
    return Times(now, effective_at.astimezone(dt.UTC), shown, imported)


class FreshKey(NamedTuple):
    """A subject's key on its way to the database: its row's id, itself, and itself closed under the master key."""

    id: int
    key: bytes
    wrapped: str

    def __repr__(self) -> str:
        return f"<FreshKey {self.id}>"


class Chapter:
    """What happens to one subject within one transaction: its key is looked up once, its rows join the caller's.

    `rows` are sent by whoever gave them. `ask` may be called ahead, so that the key comes along with other reads;
    `new_key` is what `fresh_key` made ahead for a new subject.
    """

    __slots__ = ("_answer", "_key", "_new_key", "new_subject", "rows", "subject")

    def __init__(
        self, subject: Subject, rows: Outgoing, *, new_subject: bool = False, new_key: "FreshKey | None" = None
    ) -> None:
        self.subject, self.rows, self.new_subject, self._new_key = subject, rows, new_subject, new_key
        self._key: tuple[int, Gcm] | None = None
        self._answer: Keys | None = None

    def expect(self, answer: Keys) -> None:
        """Take the answer of `ask_keys` for the look-up of the subject's key."""
        self._answer = answer

    def record(
        self,
        *,
        by: Actor,
        type: str,
        payload: Mapping[str, object],
        effective_at: dt.datetime | None = None,
        reason: str = "",
        imported: bool = False,
    ) -> int:
        """As the function `record`, for this chapter's subject; written with the chapter's rows."""
        times = _times(effective_at, reason, imported=imported)
        return self.append(by, type, content_text(str(by.name), by.kind, payload, reason), times)

    def append(self, by: Actor, type_: str, hidden: bytes, times: Times) -> int:
        if self._key is None:
            self._key = self._find_key(times.recorded_at)
        key_id, key = self._key
        event_id, chance = new_id(), secrets.token_bytes(SALT_BYTES + NONCE_BYTES)
        content = Content(chance[:SALT_BYTES], hidden)
        sealed = envelope(type_, self.subject, by, times, commitment(content.salt, content.text))
        now, rows = times.recorded_at, self.rows
        when = (now, times.effective_at, times.reason, times.imported)
        rows.add(_event, (event_id, sealed, house_mac(sealed), type_, *self.subject, by.account_id, *when))
        rows.add(_payload, (event_id, key_id, close_content(key, event_id, content, chance[SALT_BYTES:])))
        for name in listeners(type_):
            rows.add(_outbox, (new_id(), event_id, name, now))
        return event_id

    def _find_key(self, now: dt.datetime) -> tuple[int, Gcm]:
        if self.new_subject:
            return _add_key(self._new_key or fresh_key(self.subject), self.subject, now)
        return _subject_key(self.subject, now, self._answer)


def ask_keys(kind: str, of: Through, key: int) -> Keys:
    """Ask for the keys of the subject that is found `Through` another row, together with other reads."""
    statement = _keys_through.get(of)
    if statement is None:
        statement = _keys_through[of] = Select(SubjectKey, ("id", "wrapped"), where=("subject_kind", of))
    return statement.ask((kind, key))


def _subject_key(subject: Subject, now: dt.datetime, answer: Keys | None) -> tuple[int, Gcm]:
    """The id and the key that close the subject's content now; made where there is none alive."""
    held = _live(answer() if answer is not None else _keys.run(subject))
    if held is None:
        if connection.vendor == "sqlite":  # its transactions write one at a time: nobody can have come first
            return _add_key(fresh_key(subject), subject, now)
        kind, number = subject
        made = fresh_key(subject)
        row = SubjectKey(id=made.id, subject_kind=kind, subject_id=number, wrapped=made.wrapped, created_at=now)
        SubjectKey.objects.bulk_create([row], ignore_conflicts=True)
        held = _live(_keys.run(subject))
    assert held is not None, "a live key exists or was just made"
    return held[0], unwrap_key(held[1], subject)


def _add_key(made: FreshKey, subject: Subject, now: dt.datetime) -> tuple[int, Gcm]:
    _new_key.run((made.id, *subject, made.wrapped, now))
    return made.id, sm4_gcm(made.key)


def fresh_key(subject: Subject) -> FreshKey:
    """A key for the content of a new subject's events, not stored yet."""
    key = secrets.token_bytes(KEY_BYTES)
    return FreshKey(new_id(), key, wrap_key(key, subject))


def _live(keys: list[tuple[Any, ...]]) -> tuple[int, str] | None:
    """The one key of a subject that has not been destroyed (hardly any subject ever has a second)."""
    return next(((number, wrapped) for number, wrapped in keys if wrapped), None)


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
_keys_through: dict[Through, Select] = {}
