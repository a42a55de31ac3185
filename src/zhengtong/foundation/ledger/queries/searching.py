"""The log searched: pages of lines by cursor, each read no further than a bound, whatever the log's size."""

import datetime as dt
import heapq
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet

from zhengtong.foundation.ledger.models import Event, TreeHead
from zhengtong.foundation.ledger.queries.contents import open_content, unwrap_key
from zhengtong.foundation.ledger.registry import REFUSED

WINDOW = 5000
"""How many events of a stretch are looked at for one page; a search that finds less goes on from there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is wanted; what is left empty wants everything.

    `type` is a type or its beginning; `subject` a kind, or a kind and a number; `actors` are accounts; `since` and
    `until` local dates' instants (until excluded) by which it was recorded; `refused` wants refusals only.
    """

    type: str = ""
    subject: tuple[str, int | None] | None = None
    actors: tuple[int, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    refused: bool = False

    @property
    def condition(self) -> Q:
        """What each line must fulfil beside lying in its stretch."""
        wanted = Q(type__startswith=self.type) if self.type else Q()
        if self.refused:
            wanted &= Q(type__endswith=f".{REFUSED}")
        if self.subject is not None and self.subject[1] is None:
            wanted &= Q(subject_kind=self.subject[0])
        if self.since is not None:
            wanted &= Q(recorded_at__gte=self.since)
        return wanted & Q(recorded_at__lt=self.until) if self.until is not None else wanted


@dataclass(frozen=True, slots=True)
class Line:
    """One event as an examiner reads it. `actor` is empty where the content was destroyed; `payload` and `reason`
    are given for events whose type was opened, `code` for every refusal."""

    event_id: int
    leaf_index: int | None
    type: str
    subject: tuple[str, int]
    actor_id: int | None
    actor_kind: str
    actor: str
    recorded_at: dt.datetime
    effective_at: dt.datetime
    imported: bool
    held: bool
    code: str
    reason: str
    payload: Mapping[str, object] | None

    @property
    def refused(self) -> bool:
        """Whether it records a refusal."""
        return self.type.endswith(f".{REFUSED}")


@dataclass(frozen=True, slots=True)
class Found:
    """A page, newest first. `next` is the cursor to go on from, None at the end; `short` says that the page ended
    at the bound of looking and not because it was full."""

    lines: tuple[Line, ...]
    next: int | None
    short: bool


def search_log(
    wanted: Wanted, *, before: int | None = None, limit: int = 50, open_types: tuple[str, ...] = ()
) -> Found:
    """Up to `limit` events older than the event `before`, newest first; who may see them is the caller's to settle.

    Every stretch (the whole log, one subject, or each actor) is an index read backwards, at most WINDOW events far.
    """
    stretches = [rows if before is None else rows.filter(id__lt=before) for rows in _stretches(wanted)]
    floors = [floor for rows in stretches if (floor := _floor(rows)) is not None]
    floor = max(floors, default=None)
    chosen = []
    for rows in stretches:
        kept = rows if floor is None else rows.filter(id__gte=floor)
        chosen.append(kept.filter(wanted.condition).select_related("payload__key").order_by("-id")[: limit + 1])
    events = list(islice(heapq.merge(*chosen, key=lambda event: -event.id), limit + 1))
    lines = tuple(_line(event, open_types) for event in events[:limit])
    if len(events) > limit:
        return Found(lines, lines[-1].event_id, short=False)
    return Found(lines, floor, short=floor is not None)


def _stretches(wanted: Wanted) -> Iterable[QuerySet[Event]]:
    rows = Event.objects.all()
    if wanted.subject is not None and wanted.subject[1] is not None:
        rows = rows.filter(subject_kind=wanted.subject[0], subject_id=wanted.subject[1])
        return [rows.filter(actor_id__in=wanted.actors) if wanted.actors else rows]
    return [rows.filter(actor_id=actor) for actor in wanted.actors] if wanted.actors else [rows]


def _floor(rows: QuerySet[Event]) -> int | None:
    """The oldest event looked at in this stretch; None where it ends before."""
    return rows.order_by("-id").values_list("id", flat=True)[WINDOW - 1 : WINDOW].first()


def heads(*, before: int | None = None, limit: int = 20) -> tuple[TreeHead, ...]:
    """Signed heads, newest first, of fewer than `before` events; they tell nothing of anybody."""
    rows = TreeHead.objects.select_related("key").order_by("-size")
    return tuple((rows if before is None else rows.filter(size__lt=before))[:limit])


def _line(event: Event, open_types: tuple[str, ...]) -> Line:
    opened = event.type.startswith(open_types) if open_types else False
    name, code, reason, payload = "", "", "", None
    held = event.payload
    if held.key.wrapped:
        key = unwrap_key(held.key.wrapped, (event.subject_kind, event.subject_id))
        name, content, told = open_content(key, event.id, held.closed).read()
        code = str(content.get("code", "")) if event.type.endswith(f".{REFUSED}") else ""
        payload, reason = (content, told) if opened else (None, "")
    return Line(
        event_id=event.id,
        leaf_index=event.leaf_index,
        type=event.type,
        subject=(event.subject_kind, event.subject_id),
        actor_id=event.actor_id,
        actor_kind=str(json.loads(bytes(event.envelope))["actor"]["kind"]),
        actor=name,
        recorded_at=event.recorded_at,
        effective_at=event.effective_at,
        imported=event.imported,
        held=event.held,
        code=code,
        reason=reason,
        payload=payload,
    )
