"""One act on one case: loaded once, checked against the law's state machine, written once."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.calendars import Calendar, end_of
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.statements import Insert, Load, Outgoing, Update
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.matters.cases import rules
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.events import TYPE_PREFIX, Event
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services import ruling
from zhengtong.matters.cases.services.specs import Spec, spec_of
from zhengtong.matters.catalog.packs.rules import Ruled
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.deadlines.queries import Answer, ask_calendar, calendar_of
from zhengtong.matters.deadlines.services import Clocks, Dates
from zhengtong.matters.workflow.queries import light_of
from zhengtong.matters.workflow.registry import Call, TaskFace
from zhengtong.matters.workflow.services import Hold, by_task, show_anew

KIND = "case"


class Forbidden(Conflict):
    """The life cycle does not know this event in this state; the attempt is recorded."""

    def __init__(self, case: Case, event: str) -> None:
        state = State(case.state)
        super().__init__(
            "cases.life_cycle",
            _("“%(event)s” is not possible while the case is in the state “%(state)s”.")
            % {"event": Event(event).label, "state": state.label},
            state=state.value,
            event=event,
        )


class NothingEntered(dict[str, Any]):
    """The entry of a step in which no official entered anything: what needs particulars is refused."""

    def __missing__(self, key: str) -> Any:
        raise Conflict(
            "cases.nothing_entered",
            _("What follows asks for particulars that only an official can enter; let him act whose turn it is."),
            lacking=key,
        )


@dataclass
class Work:
    """A case in hand: its row, what changed, and whether it is still to be inserted.

    Changes gather on the row; `flush` writes them in one statement guarded by the version that was read, and with it
    the `rows` that were gathered meanwhile, the events of its `chapter` among them, and its `clocks`. `told` says
    whether anything happened to the case or was said on it in this step. `ruled` is what the rules said in it,
    `handed_in` and `facts_anew` what they were asked with.
    """

    case: Case
    by: Actor
    now: dt.datetime
    fresh: bool = False
    changed: set[str] = field(default_factory=set)
    entry: Mapping[str, Any] = field(default_factory=NothingEntered)
    outcome: str = ""
    told: bool = False
    rows: Outgoing = field(default_factory=Outgoing)
    decided: tuple[str, str] | None = None
    asked_calendar: Answer | None = None
    asked_number: Callable[[], str] | None = None
    new_key: ledger.FreshKey | None = None
    handed_in: ruling.HandedIn | None = None
    facts_anew: ruling.Facts | None = None
    ruled: Ruled | None = None
    ruling_id: int | None = None

    @cached_property
    def chapter(self) -> ledger.Chapter:
        """The case's events of this step."""
        return ledger.Chapter(self.subject, self.rows, new_subject=self.fresh, new_key=self.new_key)

    @cached_property
    def clocks(self) -> Clocks:
        """The case's clocks, as far as this step starts and stops them."""
        return Clocks(self.subject, self.rows, lambda: self.calendar)

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar as it stands in this step."""
        return calendar_of(self.asked_calendar or ask_calendar())

    @cached_property
    def spec(self) -> Spec:
        """The item in the version this case was opened under."""
        return spec_of(self.case.item_id)

    @property
    def subject(self) -> tuple[str, int]:
        return KIND, self.case.id

    @property
    def kind(self) -> str:
        return KIND

    @property
    def id(self) -> int:
        return self.case.id

    @cached_property
    def today(self) -> dt.date:
        return clock.local(self.now).date()

    @property
    def official(self) -> Actor:
        """Who acts for the authority: the official at work, or the system where an applicant's act set it to work."""
        return self.by if self.by.kind not in ("citizen", "enterprise") else SYSTEM

    def decide(self, decision: str, call: Call) -> Mapping[str, object]:
        """What the rules say about the case, kept as a ruling."""
        return ruling.decide(self, decision, call)

    def change(self, **values: Any) -> None:
        """Set columns of the case; written at `flush`."""
        for name, value in values.items():
            setattr(self.case, name, value)
        self.changed.update(values)

    def urgency(self, dates: Dates) -> None:
        """Sort and colour the case by the clock that now counts."""
        self.change(yellow_on=dates.yellow_on, red_on=dates.red_by, paused=False)

    def pause(self) -> None:
        """The clock stands still: the light is “paused”, the place in the inbox stays."""
        self.change(paused=True)

    def light(self) -> str:
        """The light on the day of the act."""
        return light_of(self.today, self.case.yellow_on, self.case.red_on, paused=self.case.paused)

    def name(self) -> None:
        """Give a new case the short number that was asked for when it was opened."""
        if self.asked_number is not None:
            self.case.short_no = self.asked_number()
            self.asked_number = None

    def face(self) -> TaskFace:
        """How the tasks of this case look in an inbox."""
        self.name()
        case = self.case
        return TaskFace(
            agency_id=case.agency_id,
            title=case.item_name,
            title_en=case.item_name_en,
            label=case.applicant_label,
            reference=case.short_no,
            yellow_on=case.yellow_on,
            red_on=case.red_on or self.today,
            paused=case.paused,
        )

    def timer_due(self, clock_name: str) -> dt.datetime:
        """The first instant after the last day of the clock that a timer of the process names."""
        name = {"acceptance": ClockName.CORRECTION_NOTICE}.get(clock_name) or ClockName(clock_name)
        due = self.clocks.due(name)
        if due is None:
            raise Conflict("cases.clock_open", _("The clock has no last day yet."))
        return end_of(due).astimezone(dt.UTC)

    def happen(
        self,
        event: Event,
        payload: Mapping[str, Any] | None = None,
        *,
        effective_at: dt.datetime | None = None,
        reason: str = "",
    ) -> int:
        """Let `event` happen: the life cycle is asked first, the ledger told; answers the ledger's event id."""
        before = self.case.state
        path = rules.path(before, event)
        if path is None and rules.path(before, event, instant=True) is not None and self.spec.instant:
            path = rules.path(before, event, instant=True)
        if path is None:
            raise Forbidden(self.case, event)
        after = path[-1].value
        self.change(state=after)
        self.told = True
        return self.chapter.record(
            by=self.by if event in _APPLICANTS else self.official,
            type=TYPE_PREFIX + event,
            payload={"from": before, "to": after, **(payload or {})},
            effective_at=effective_at,
            reason=reason,
        )

    def settle(self) -> None:
        """Send what has been gathered, so that what follows can read it back."""
        self.clocks.send()
        self.rows.send()

    def flush(self) -> None:
        """Write the changed columns and what was gathered, or refuse when somebody else wrote meanwhile.

        Tasks that wait beside the one at work take over another light; those of a case that closes are gone.
        """
        self.clocks.send()
        if self.fresh:
            self.fresh = False
            self.changed.clear()
            self.name()
            _insert.run(_values_of(self.case))
        elif self.changed:
            lit = not _LIGHTS.isdisjoint(self.changed) and self.case.closed_at is None
            self._write_changed()
            if lit:
                show_anew(subject=self)
        self.rows.send()

    def _write_changed(self) -> None:
        version = self.case.version
        self.case.version = version + 1
        columns = (*sorted(self.changed), "version")
        try:
            _update(columns).one(attrgetter(*columns)(self.case), (self.case.id, version))
        except Conflict:
            raise Conflict("cases.moved_on", _("Somebody else has acted on this case; look at it again.")) from None
        self.changed.clear()


_APPLICANTS = frozenset({Event.SUBMIT, Event.RESUBMIT, Event.WITHDRAW})
"""What an applicant does himself; what else his act entails, the authority does."""
_COLUMNS = tuple(column.attname for column in Case._meta.concrete_fields)
_values_of = attrgetter(*_COLUMNS)
_LIGHTS = frozenset({"yellow_on", "red_on", "paused"})
_insert = Insert(Case, *_COLUMNS)
_updates: dict[tuple[str, ...], Update] = {}


def _update(columns: tuple[str, ...]) -> Update:
    statement = _updates.get(columns)
    if statement is None:
        statement = _updates[columns] = Update(Case, set=columns, where=("id", "version"))
    return statement


def take(case_id: int, *, by: Actor, now: dt.datetime | None = None) -> Work:
    """Load a case for an act, locked where the database locks rows; call within a write."""
    return _work(_case.ask((case_id,))(), by, now)


def take_by_task(task_id: int, *, by: Actor) -> tuple[Work, Hold]:
    """Load the case of a task together with all that completing it reads, in one round trip; call within a write.

    The case is locked first, so that the task and its process are read as they stand once nobody else acts on it.
    Raises NotFound for an unknown task.
    """
    case = _case_of_task.ask((task_id,))
    held = Hold(task_id)
    keys, days = ledger.ask_keys(KIND, _BY_TASK, task_id), ask_calendar()
    found = case()
    if not found:
        held.task  # noqa: B018 raises NotFound where there is no such task
    work = _work(found, by, None)
    work.chapter.expect(keys)
    work.asked_calendar = days
    return work, held


def _work(found: list[Case], by: Actor, now: dt.datetime | None) -> Work:
    if not found:
        raise NotFound("cases.unknown", _("There is no such case"))
    return Work(case=found[0], by=by, now=now or clock.now())


_BY_TASK = by_task("subject_id")
_case = Load(Case, where=("id",), lock=True)
_case_of_task = Load(Case, where=(by_task("id"),), lock=True)
