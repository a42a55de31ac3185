"""Verbs of clocks: start, suspend, resume, extend, stop; and entering a year's notice of holidays."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from zhengtong.engines import calendars as engine
from zhengtong.foundation.core import clock as time
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Insert, Outgoing, Update
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.deadlines.choices import ClockName, ClockState
from zhengtong.matters.deadlines.models import CalendarYear, Clock, Suspension
from zhengtong.matters.deadlines.queries import HANDLING, calendar, clock_of, engine_clock, suspensions_of
from zhengtong.matters.deadlines.registry import ENTER_CALENDAR, Moved

Subject = tuple[str, int]


@dataclass(frozen=True)
class Dates:
    """What a started or changed clock says: its last day (None while suspended) and when its lights turn."""

    due_on: dt.date | None
    yellow_on: dt.date | None
    red_on: dt.date | None

    @property
    def red_by(self) -> dt.date | None:
        """The red day; while the year it lies in is not known, the day after the last: it cannot be earlier."""
        return self.red_on or (self.due_on and self.due_on + dt.timedelta(days=1))


class Clocks:
    """The clocks of one subject during one step: what starts and stops is gathered, and written once by `send`.

    New clocks go among the caller's `rows`. `days` gives the calendar when a clock is first counted.
    """

    def __init__(self, subject: Subject, rows: Outgoing, days: Callable[[], engine.Calendar] = calendar) -> None:
        self.subject, self._rows, self._days = subject, rows, days
        self._started: dict[str, dict[str, object]] = {}
        self._stopped: dict[str, dt.date] = {}
        self._all_stopped: dt.date | None = None

    def start(self, name: ClockName, start_on: dt.date, limit: engine.Limit, *, article: str = "") -> Dates:
        """Start a clock, day 0 being `start_on`. A year without data is refused."""
        dates = _counted(self._days(), start_on, limit, _kind(name))
        self._started[name] = {
            "id": new_id(),
            "subject_kind": self.subject[0],
            "subject_id": self.subject[1],
            "name": name,
            "state": ClockState.RUNNING,
            "start_on": start_on,
            "number": limit.number,
            "unit": limit.unit,
            "article": article,
            "due_on": dates.due_on,
            "yellow_on": dates.yellow_on,
            "red_on": dates.red_on,
            "stopped_on": None,
        }
        return dates

    def stop(self, name: ClockName, on: dt.date) -> None:
        """The limit is met or ended; its light stays as it is that day. A clock that does not run is left alone."""
        started = self._started.get(name)
        if started is None:
            self._stopped.setdefault(name, on)
        elif started["stopped_on"] is None:
            started.update(state=ClockState.STOPPED, stopped_on=on)

    def stop_all(self, on: dt.date) -> None:
        """Stop whatever still runs for a subject that is done."""
        for name in self._started:
            self.stop(ClockName(name), on)
        self._all_stopped = self._all_stopped or on

    def due(self, name: ClockName) -> dt.date | None:
        """The last day of a clock, started in this step or before; NotFound where it never was."""
        started = self._started.get(name)
        if started is None:
            return clock_of(self.subject, name).due_on
        due = started["due_on"]
        assert due is None or isinstance(due, dt.date), "as `start` has put it"
        return due

    def send(self) -> None:
        """Write what was stopped, and lay what was started among the caller's rows."""
        for name, on in self._stopped.items():
            if on != self._all_stopped:
                _stop.all((ClockState.STOPPED, on), (*self.subject, name))
        if self._all_stopped is not None:
            _stop_all.all((ClockState.STOPPED, self._all_stopped), self.subject)
        for row in self._started.values():
            self._rows.add(_start, row)
        self._started, self._stopped, self._all_stopped = {}, {}, None


def start_clock(
    *, subject: Subject, name: ClockName, start_on: dt.date, limit: engine.Limit, article: str = ""
) -> Dates:
    """Start one clock of a subject at once; within a write. See `Clocks.start`."""
    rows = Outgoing()
    clocks = Clocks(subject, rows)
    dates = clocks.start(name, start_on, limit, article=article)
    clocks.send()
    rows.send()
    return dates


def suspend_clocks(
    *, subject: Subject, on: dt.date, kind: str, article: str, planned_days: int, reason: str
) -> dict[str, Dates]:
    """Stop the handling clocks from `on` (that day still counts); refused while a suspension runs."""
    if any(row.end_on is None for row in suspensions_of(subject)):
        raise Conflict("deadlines.suspended", _("The clock is already stopped."))
    Suspension.objects.create(
        subject_kind=subject[0],
        subject_id=subject[1],
        kind=kind,
        article=article,
        start_on=on,
        planned_days=planned_days,
        reason=reason,
    )
    return _redate(subject)


def resume_clocks(*, subject: Subject, on: dt.date) -> dict[str, Dates]:
    """Let the handling clocks run again; `on` is the last day that does not count."""
    ended = Suspension.objects.filter(subject_kind=subject[0], subject_id=subject[1], end_on__isnull=True).update(
        end_on=on
    )
    if not ended:
        raise Conflict("deadlines.not_suspended", _("The clock is not stopped."))
    return _redate(subject)


def extend_clock(*, subject: Subject, number: int, on: dt.date, article: str) -> Dates:
    """Add to the statutory limit, once (行政许可法 第42条); the promise stays."""
    row = clock_of(subject, ClockName.LEGAL)
    suspensions = tuple(suspensions_of(subject))
    extended = engine_clock(row, suspensions).extend(number, on, article=article)
    row.extension, row.extended_on = number, on
    _store(row, extended)
    return Dates(row.due_on, row.yellow_on, row.red_on)


def restart_clock(*, subject: Subject, name: ClockName, start_on: dt.date) -> Dates:
    """Begin a clock anew from another day 0 (a correction received: 行政许可法 第32条)."""
    row = clock_of(subject, name)
    row.start_on, row.state, row.stopped_on = start_on, ClockState.RUNNING, None
    _date(row, ())
    row.save(update_fields=["start_on", "state", "stopped_on", "due_on", "yellow_on", "red_on"])
    return Dates(row.due_on, row.yellow_on, row.red_on)


def enter_calendar_year(
    *, by: Actor, year: int, holidays: Mapping[dt.date, str], workdays: frozenset[dt.date], source: str
) -> None:
    """Enter the State Council's notice for a year the package does not carry, or replace one entered before.

    Running clocks are then counted on with it in the background (`tasks.redate_clocks`).
    """
    require(by, ENTER_CALENDAR)
    try:
        notice = engine.YearNotice(year, dict(holidays), workdays, source)
    except engine.CalendarError as error:
        sentence = error.text(by.locale)
        raise Invalid(error.code, sentence, [(error.position or "", error.code, sentence)]) from None

    def enter() -> None:
        row, _created = CalendarYear.objects.update_or_create(
            year=notice.year,
            defaults={
                "holidays": {day.isoformat(): name for day, name in notice.holidays.items()},
                "workdays": sorted(day.isoformat() for day in notice.workdays),
                "source": source,
                "entered_by": by.account_id or 0,
                "entered_at": time.now(),
                "redating_due_at": time.now(),
                "redating_cursor": 0,
                "redated": 0,
                "undated": 0,
            },
        )
        ledger.record(
            by=by,
            type="calendar.entered",
            subject=("calendar_year", row.id),
            payload={"year": year, "holidays": row.holidays, "workdays": row.workdays, "source": source},
        )

    write(enter)


def recount_clocks(subject: Subject) -> dict[str, Moved]:
    """Count the running clocks of a subject on the calendar as it stands; answers those that moved or became known.

    Call within a write. CalendarError where a year is missing: nothing of the subject is written then.
    """
    suspensions, days = tuple(suspensions_of(subject)), calendar()
    rows = Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1], state=ClockState.RUNNING)
    counted = [(row, engine_clock(row, suspensions, days)) for row in rows]
    found = [(row, Dates(each.deadline, each.light_dates.yellow_on, each.light_dates.red_on)) for row, each in counted]
    moved = {}
    for row, dates in found:
        if (row.due_on, row.yellow_on, row.red_on) != (dates.due_on, dates.yellow_on, dates.red_on):
            moved[row.name] = Moved(row.due_on, dates.due_on, dates.yellow_on, dates.red_on)
            row.due_on, row.yellow_on, row.red_on = dates.due_on, dates.yellow_on, dates.red_on
            row.save(update_fields=["due_on", "yellow_on", "red_on"])
    return moved


def _redate(subject: Subject) -> dict[str, Dates]:
    suspensions = tuple(suspensions_of(subject))
    dated = {}
    for row in Clock.objects.filter(
        subject_kind=subject[0], subject_id=subject[1], name__in=HANDLING, stopped_on__isnull=True
    ):
        _store(row, engine_clock(row, suspensions))
        dated[row.name] = Dates(row.due_on, row.yellow_on, row.red_on)
    return dated


def _date(row: Clock, suspensions: tuple[Suspension, ...]) -> engine.Clock:
    counted = engine_clock(row, suspensions, calendar())
    row.due_on = counted.deadline
    row.yellow_on, row.red_on = counted.light_dates.yellow_on, counted.light_dates.red_on
    return counted


def _store(row: Clock, counted: engine.Clock) -> None:
    row.due_on = counted.deadline
    row.yellow_on, row.red_on = counted.light_dates.yellow_on, counted.light_dates.red_on
    row.state = ClockState.SUSPENDED if counted.running_suspension else ClockState.RUNNING
    row.save(update_fields=["due_on", "yellow_on", "red_on", "state", "extension", "extended_on"])


def _kind(name: str) -> engine.ClockKind:
    return engine.ClockKind.LEGAL if name == ClockName.LEGAL else engine.ClockKind.PROMISE


@lru_cache(maxsize=4096)
def _counted(days: engine.Calendar, start_on: dt.date, limit: engine.Limit, kind: engine.ClockKind) -> Dates:
    """What a clock without pauses says; the same for every subject that starts on that day."""
    counted = engine.Clock(days, start_on, limit, kind=kind)
    return Dates(counted.deadline, counted.light_dates.yellow_on, counted.light_dates.red_on)


_start = Insert(
    Clock,
    *("id", "subject_kind", "subject_id", "name", "state", "start_on", "number", "unit", "article"),
    *("due_on", "yellow_on", "red_on", "stopped_on"),
)
_SUBJECT = ("subject_kind", "subject_id")
_stop = Update(Clock, set=("state", "stopped_on"), where=(*_SUBJECT, "name"), empty=("stopped_on",))
_stop_all = Update(Clock, set=("state", "stopped_on"), where=_SUBJECT, empty=("stopped_on",))
