"""What happened to one subject, newest first, with contents opened; who may see it is the caller's to settle."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhengtong.engines.seals import Gcm
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.ledger.queries.contents import open_content, unwrap_key
from zhengtong.foundation.ledger.registry import Subject


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as people read it; `payload` is None and `actor_name` empty where the content was destroyed.

    `reason` is why it was done, or why it counts from another time.
    """

    event_id: int
    type: str
    actor_id: int | None
    actor_name: str
    recorded_at: dt.datetime
    effective_at: dt.datetime
    reason: str
    imported: bool
    sealed: bool
    payload: Mapping[str, object] | None


def timeline(subject: Subject, *, limit: int = 100, before: int | None = None) -> tuple[Entry, ...]:
    """Up to `limit` events of `subject`, newest first, older than event `before`; one query."""
    rows = Event.objects.filter(subject_kind=subject[0], subject_id=subject[1]).select_related("payload__key")
    if before is not None:
        rows = rows.filter(id__lt=before)
    keys: dict[int, Gcm] = {}
    return tuple(_entry(row, subject, keys) for row in rows.order_by("-id")[:limit])


def timelines(kind: str, ids: Iterable[int], types: Iterable[str], *, limit: int = 100) -> tuple[Entry, ...]:
    """The newest `limit` events of these types of several subjects of one kind; one query, none for no subject.

    Read in the order of the index, so that no plan walks the log: as many rows as those subjects have.
    """
    wanted = list(ids)
    if not wanted:
        return ()
    rows = Event.objects.filter(subject_kind=kind, subject_id__in=wanted, type__in=list(types))
    found = sorted(rows.select_related("payload__key").order_by("subject_id", "id"), key=lambda row: -row.id)
    keys: dict[int, Gcm] = {}
    return tuple(_entry(row, (kind, row.subject_id), keys) for row in found[:limit])


def instants(subject: Subject, type: str, *, since: dt.datetime) -> tuple[dt.datetime, ...]:
    """When events of one type were recorded of `subject` from `since` on, oldest first; one query, nothing opened."""
    rows = Event.objects.filter(
        subject_kind=subject[0], subject_id=subject[1], type=type, recorded_at__gte=since
    ).order_by("id")
    return tuple(rows.values_list("recorded_at", flat=True))


def _entry(row: Event, subject: Subject, keys: dict[int, Gcm]) -> Entry:
    held = row.payload
    actor_name, payload, reason = "", None, ""
    if held.key.wrapped:
        key = keys.get(held.key_id) or keys.setdefault(held.key_id, unwrap_key(held.key.wrapped, subject))
        actor_name, payload, reason = open_content(key, row.id, held.closed).read()
    return Entry(
        event_id=row.id,
        type=row.type,
        actor_id=row.actor_id,
        actor_name=actor_name,
        recorded_at=row.recorded_at,
        effective_at=row.effective_at,
        reason=reason or row.effective_reason,
        imported=row.imported,
        sealed=row.leaf_index is not None,
        payload=payload,
    )
