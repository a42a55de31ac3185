"""How cases, clocks, events, papers and materials look to a program."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from zhengtong.engines import calendars
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.events import token as event_token
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import NoticeKind, State
from zhengtong.matters.cases.events import TYPE_PREFIX, Event
from zhengtong.matters.deadlines import queries as watches
from zhengtong.matters.deadlines.choices import ClockName, ClockState
from zhengtong.matters.workflow.queries import light_of

MOST_EVENTS = 1000
EVALUATED = "case.evaluated"
T = TypeVar("T")
_BRIEF = (
    *("id", "token", "short_no", "state", "item_name", "item_name_en", "applicant_label", "submitted_at"),
    *("accepted_on", "legal_due", "yellow_on", "red_on", "paused", "light_at_close", "closed_at"),
)


class CaseBrief(Schema):
    """A case as lists show it. `light`: green, yellow, red or paused; of a closed case, that of its last day."""

    token: str
    number: str
    item: str
    state: str
    state_label: str
    applicant: str
    light: str
    submitted_at: dt.datetime
    accepted_on: dt.date | None
    legal_due: dt.date | None
    closed_at: dt.datetime | None


class Day(Schema):
    """One day of a deadline. `kind`: start, counted, rest, holiday, adjusted_workday, suspended, last."""

    date: dt.date
    kind: str
    number: int | None
    reason: str
    article: str


class Deadline(Schema):
    """One clock. `used` and `remaining` are in its own unit; `due_on` is null while it stands still."""

    name: str
    label: str
    state: str
    start_on: dt.date
    limit: int
    unit: str
    used: int
    remaining: int
    due_on: dt.date | None
    stopped_on: dt.date | None
    article: str


class DerivedDeadline(Deadline):
    """A clock with every day from its start."""

    days: list[Day]


class Deadlines(Schema):
    """Every clock of a case."""

    items: list[DerivedDeadline]


class CaseWhole(CaseBrief):
    """A case with its clocks. `case_no` is the formal number, `opens` what can happen next."""

    case_no: str | None
    channel: str
    received_on: dt.date | None
    decided_on: dt.date | None
    promise_due: dt.date | None
    close_type: str
    close_result: str
    decision: str | None
    decision_number: str | None
    imported: bool
    deadlines: list[Deadline]


class Happened(Schema):
    """One event. `event` names it for its receipt; `effective_at` is when it counts in law."""

    event: str
    type: str
    label: str
    by: str
    recorded_at: dt.datetime
    effective_at: dt.datetime
    reason: str
    sealed: bool
    imported: bool


class Paper(Schema):
    """A letter of the case."""

    token: str
    kind: str
    label: str
    number: str
    issued_on: dt.date


class Papers(Schema):
    """The papers of a case, in order."""

    items: list[Paper]


class Material(Schema):
    """A material. `source`: upload, form, licence, register or counter; `file`: whether its content can be read."""

    number: int
    submission: int
    code: str
    name: str
    source: str
    status: str
    file: bool


class Materials(Schema):
    """The materials of a case, in order."""

    items: list[Material]


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def own_rows(actor: Actor, before: int | None, limit: int) -> list[dict[str, Any]]:
    """The cases of the one acted for, newest first, below an id; nothing sealed is opened."""
    kind, _sep, key = (actor.principal or "").partition(":")
    column = {"person": "applicant_person_id", "org": "applicant_organisation_id"}.get(kind)
    if column is None:
        return []
    rows = cases.visible_to(actor).filter(**{column: int(key)})
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id").values(*_BRIEF)[:limit])


def owns(actor: Actor, case: Any) -> bool:
    """Whether the actor acts for the applicant."""
    if case.applicant_kind == "organisation":
        return actor.principal == f"org:{case.applicant_organisation_id}"
    return actor.principal == f"person:{case.applicant_person_id}"


def brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """A case as lists show it, from its columns."""
    light = row["light_at_close"] or light_of(clock.today(), row["yellow_on"], row["red_on"], paused=row["paused"])
    return {
        "token": row["token"],
        "number": row["short_no"],
        "item": (english() and row["item_name_en"]) or row["item_name"],
        "state": row["state"],
        "state_label": str(State(row["state"]).label),
        "applicant": row["applicant_label"],
        "light": light,
        **{name: row[name] for name in ("submitted_at", "accepted_on", "legal_due", "closed_at")},
    }


def whole(case: Any) -> dict[str, Any]:
    """A case with its clocks and its decision."""
    columns = (
        "case_no",
        "channel",
        "received_on",
        "decided_on",
        "promise_due",
        "close_type",
        "close_result",
        "imported",
    )
    decision = cases.decision_of(case)
    return (
        brief({name: getattr(case, name) for name in _BRIEF})
        | {name: getattr(case, name) for name in columns}
        | {
            "decision": decision.outcome if decision else None,
            "decision_number": decision.number if decision else None,
            "deadlines": deadlines(case),
        }
    )


def deadlines(case: Any, *, days: bool = False) -> list[dict[str, Any]]:
    """Every clock of a case in the order in which they started; with `days`, day by day."""
    subject = ("case", case.id)
    rows = sorted(watches.clocks_of(subject).values(), key=lambda row: row.id)
    pauses, calendar = list(watches.suspensions_of(subject)), watches.calendar()
    return [_deadline(row, watches.engine_clock(row, pauses, calendar), days=days) for row in rows]


def _deadline(row: Any, counted: calendars.Clock, *, days: bool) -> dict[str, Any]:
    on = max(min(clock.today(), row.stopped_on or dt.date.max), row.start_on)
    used = counted.used(on)
    drawn = {
        "name": row.name,
        "label": str(ClockName(row.name).label),
        "state": str(ClockState(row.state)),
        "start_on": row.start_on,
        "limit": counted.total,
        "unit": row.unit,
        "used": used,
        "remaining": counted.total - used,
        "due_on": row.due_on,
        "stopped_on": row.stopped_on,
        "article": row.article,
    }
    return drawn | {"days": _days(counted, on)} if days else drawn


def _days(counted: calendars.Clock, on: dt.date) -> list[dict[str, Any]]:
    until = counted.deadline or on
    return [
        {
            "date": day.date,
            "kind": day.kind.value,
            "number": day.number,
            "reason": day.text(get_language() or "zh-hans"),
            "article": day.article,
        }
        for day in calendars.derivation(counted, until)
    ]


def happened(entry: ledger.Entry) -> dict[str, Any] | None:
    """An event as its readers see it; None for what is kept for auditors (refused attempts, looks at data)."""
    label = label_of(entry.type)
    if label is None:
        return None
    return {
        "event": event_token("event", entry.event_id),
        "type": entry.type,
        "label": label,
        "by": entry.actor_name,
        **{name: getattr(entry, name) for name in ("recorded_at", "effective_at", "reason", "sealed", "imported")},
    }


def label_of(type_: str) -> str | None:
    """What an event is called; None for one that is not of the case's life."""
    if type_ == EVALUATED:
        return str(_("Evaluation given"))
    name = type_.removeprefix(TYPE_PREFIX)
    return str(Event(name).label) if name in Event.values else None


def event_of(case: Any, name: str) -> int:
    """The event of a case by the name under which its timeline told it; NotFound for any other."""
    before: int | None = None
    for _page in range(MOST_EVENTS // 100):
        entries = ledger.timeline(("case", case.id), limit=100, before=before)
        for entry in entries:
            if event_token("event", entry.event_id) == name and label_of(entry.type) is not None:
                return entry.event_id
        if len(entries) < 100:
            break
        before = entries[-1].event_id
    raise NotFound("api.no_event", _("There is no such event in this case."))


def paper(row: Any) -> dict[str, Any]:
    """A letter as lists show it."""
    label = str(NoticeKind(row.kind).label)
    return {"label": label} | {name: getattr(row, name) for name in ("token", "kind", "number", "issued_on")}


def paper_of(case: Any, token: str) -> Any:
    """One paper of a case, NotFound for any other."""
    found = cases.notices_of(case).filter(token=token).first()
    if found is None:
        raise NotFound("cases.no_notice", _("There is no such paper"))
    return found


def material(row: Any, number: int) -> dict[str, Any]:
    """A material as lists show it."""
    return {
        "number": number,
        "name": (english() and row.name_en) or row.name,
        "file": row.file_id is not None,
        **{name: getattr(row, name) for name in ("submission", "code", "source", "status")},
    }


def numbered(rows: Iterable[T], number: int) -> T:
    """The row at a place in a list that starts with 1; NotFound beyond it."""
    found = next(islice(rows, number - 1, None), None) if 0 < number < 10_000 else None
    if found is None:
        raise NotFound("api.no_material", _("There is no such material in this case."))
    return found
