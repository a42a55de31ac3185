"""Every read of clocks, and the calendar they are counted on."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhengtong.engines import calendars as engine
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.statements import Select
from zhengtong.matters.deadlines.choices import ClockName, ClockState
from zhengtong.matters.deadlines.models import CalendarYear, Clock, Suspension

Subject = tuple[str, int]
HANDLING = (ClockName.PROMISE, ClockName.LEGAL)
"""The clocks that special procedures stop (行政许可法 第45条)."""

Answer = Callable[[], list[tuple[Any, ...]]]

_known: tuple[object, engine.Calendar] | None = None
_stamp = Select(CalendarYear, ("entered_at",), where=(), order_by=("-entered_at",), limit=1)


def calendar() -> engine.Calendar:
    """The package's years with those an administrator entered over them; built anew when one is entered."""
    return calendar_of(_stamp.ask())


def calendar_of(answer: Answer) -> engine.Calendar:
    """As `calendar`, from the answer of `ask_calendar`."""
    global _known
    stamp = answer()
    if _known is None or _known[0] != stamp:
        _known = (stamp, _built())
    return _known[1]


def ask_calendar() -> Answer:
    """Ask which notices are entered: with the other reads of a step, or where each goes alone once it is needed."""
    return _stamp.ask_when_cheap()


def _built() -> engine.Calendar:
    years = dict(engine.package_calendar().years)
    for row in CalendarYear.objects.all():
        years[row.year] = engine.YearNotice(
            row.year,
            {dt.date.fromisoformat(day): name for day, name in row.holidays.items()},
            frozenset(map(dt.date.fromisoformat, row.workdays)),
            row.source,
        )
    return engine.Calendar(years)


def entered_years() -> QuerySet[CalendarYear]:
    """The notices entered by hand, newest year first."""
    return CalendarYear.objects.order_by("-year")


def redating() -> CalendarYear | None:
    """The notice on which running clocks have still to be counted, the one entered first; None where there is none."""
    return CalendarYear.objects.filter(redating_due_at__isnull=False).order_by("redating_due_at").first()


def resting_on(year: int, *, after: int, limit: int) -> list[tuple[int, Subject]]:
    """Running clocks whose dates the notice of a year may move, by id, above `after`.

    They began before its end and turn red in it or later, or it is not known when; a notice speaks of the December
    before, too.
    """
    reach = Q(red_on__isnull=True) | Q(red_on__gte=dt.date(year - 1, 12, 1))
    rows = Clock.objects.filter(reach, id__gt=after, state=ClockState.RUNNING, start_on__lte=dt.date(year, 12, 31))
    found = rows.order_by("id").values_list("id", "subject_kind", "subject_id")[:limit]
    return [(number, (kind, subject)) for number, kind, subject in found]


def counting(running: Iterable[str]) -> str | None:
    """Of a subject's running clocks the one that now counts; None where none of them does."""
    held = set(running)
    return next((name.value for name in _COUNTS_FIRST if name in held), None)


def clocks_of(subject: Subject) -> dict[str, Clock]:
    """A subject's clocks by name."""
    return {row.name: row for row in Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1])}


def clock_of(subject: Subject, name: ClockName) -> Clock:
    """One clock of a subject; NotFound where it was never started."""
    row = Clock.objects.filter(subject_kind=subject[0], subject_id=subject[1], name=name).first()
    if row is None:
        raise NotFound("deadlines.no_clock", "no such clock", clock=name)
    return row


def suspensions_of(subject: Subject) -> QuerySet[Suspension]:
    """The pauses of a subject, in order."""
    return Suspension.objects.filter(subject_kind=subject[0], subject_id=subject[1]).order_by("start_on", "id")


def engine_clock(row: Clock, suspensions: Iterable[Suspension], days: engine.Calendar | None = None) -> engine.Clock:
    """The row as the engine's clock, to ask it anything: last day, used, remaining, lights, derivation."""
    handling = row.name in HANDLING
    kind = engine.ClockKind.LEGAL if row.name == ClockName.LEGAL else engine.ClockKind.PROMISE
    extension = engine.Extension(row.extension, row.extended_on) if row.extended_on else None
    return engine.Clock(
        days or calendar(),
        row.start_on,
        engine.Limit(row.number, engine.Unit(row.unit)),
        tuple(engine.Suspension(pause.start_on, pause.end_on, pause.reason, pause.article) for pause in suspensions)
        if handling
        else (),
        extension if kind is engine.ClockKind.LEGAL else None,
        kind,
        row.article,
    )


_COUNTS_FIRST = (
    ClockName.PROMISE,
    ClockName.CORRECTION_DUE,
    ClockName.CORRECTION_NOTICE,
    ClockName.SERVE,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the clock that now counts stands on a day, in the clock's own unit (working days mostly)."""

    name: str
    total: int
    used: int
    due_on: dt.date | None
    paused: bool
    start_on: dt.date

    @property
    def remaining(self) -> int:
        """Days left after today; below nothing when over."""
        return self.total - self.used


def standings(kind: str, ids: Iterable[int], today: dt.date) -> dict[int, Standing]:
    """The clock that now counts for each of these subjects, where one runs; three reads whatever their number."""
    wanted = list(ids)
    rows: dict[int, dict[str, Clock]] = {}
    for row in Clock.objects.filter(subject_kind=kind, subject_id__in=wanted, stopped_on__isnull=True):
        rows.setdefault(row.subject_id, {})[row.name] = row
    pauses: dict[int, list[Suspension]] = {}
    for pause in Suspension.objects.filter(subject_kind=kind, subject_id__in=list(rows)).order_by("start_on", "id"):
        pauses.setdefault(pause.subject_id, []).append(pause)
    days = calendar()
    counting = {key: next((held[name] for name in _COUNTS_FIRST if name in held), None) for key, held in rows.items()}
    return {key: _standing(row, pauses.get(key, []), days, today) for key, row in counting.items() if row is not None}


def _standing(row: Clock, pauses: Iterable[Suspension], days: engine.Calendar, today: dt.date) -> Standing:
    counted = engine_clock(row, pauses, days)
    return Standing(
        name=row.name,
        total=counted.total,
        used=counted.used(max(today, row.start_on)),
        due_on=row.due_on,
        paused=counted.running_suspension is not None,
        start_on=row.start_on,
    )


def used_and_kept(ended: Mapping[int, dt.date], name: ClockName, kind: str = "case") -> list[tuple[int, bool]]:
    """Of subjects by the day they were done: how many days of the limit were used, and whether it was kept."""
    return list(used_by(ended, name, kind).values())


def used_by(ended: Mapping[int, dt.date], name: ClockName, kind: str = "case") -> dict[int, tuple[int, bool]]:
    """As `used_and_kept`, by subject.

    Two queries however many subjects; a subject without such a clock is left out.
    """
    pauses: dict[int, list[Suspension]] = {}
    for pause in Suspension.objects.filter(subject_kind=kind, subject_id__in=ended).order_by("start_on", "id"):
        pauses.setdefault(pause.subject_id, []).append(pause)
    days = calendar()
    rows = Clock.objects.filter(subject_kind=kind, subject_id__in=ended, name=name)
    return {
        row.subject_id: (
            engine_clock(row, pauses.get(row.subject_id, ()), days).used(ended[row.subject_id]),
            row.due_on is None or ended[row.subject_id] <= row.due_on,
        )
        for row in rows
    }
