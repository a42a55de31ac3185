"""The derivation of a deadline: every day from the start, counted or not, why, and by which article."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from zhengtong.engines.calendars.clocks import Clock
from zhengtong.engines.calendars.errors import CalendarError, checked_date
from zhengtong.engines.calendars.limits import Unit
from zhengtong.engines.calendars.texts import DAY_TEXTS
from zhengtong.engines.calendars.years import DayKind
from zhengtong.engines.errors import DEFAULT_LOCALE, say

LONGEST_SPAN = 36_600
_ONE_DAY = timedelta(days=1)
FIRST_DAY_EXCLUDED = "民法典 第201条"
LAST_DAY_MOVES = "民法典 第203条"
MONTHS_END = "民法典 第202条"
NATURAL_DAYS = "民法典 第200条"
HOLIDAYS = "全国年节及纪念日放假办法"


class DerivedKind(StrEnum):
    """How a day stands on the ruler; `adjusted_workday` and `last` are counted too."""

    START = "start"
    COUNTED = "counted"
    REST = "rest"
    HOLIDAY = "holiday"
    ADJUSTED_WORKDAY = "adjusted_workday"
    SUSPENDED = "suspended"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class DerivedDay:
    """One day: `number` is its count where it counts, `code` the reason, `article` the law or notice behind it."""

    date: date
    kind: DerivedKind
    number: int | None
    code: str
    article: str
    unit: Unit = field(repr=False)
    detail: str = field(default="", repr=False)
    over: int = field(default=0, repr=False)

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The reason in `locale`: `第 5 个工作日,期限的最后一日`."""
        return say(DAY_TEXTS, self.code, locale, self._params(locale))

    def _params(self, locale: str) -> dict[str, object]:
        return {
            "number": self.number,
            "over": self.over,
            "unit": say(DAY_TEXTS, f"unit.{self.unit}", locale, {}),
            "weekday": say(DAY_TEXTS, f"weekday.{self.date.weekday()}", locale, {}),
            "holiday": day_off(self.detail or "holiday", locale),
            "reason": day_off(self.detail or "suspension", locale),
        }


def day_off(name: str, locale: str) -> str:
    """A holiday's or special procedure's own name where the table has it, else as it was given."""
    return say(DAY_TEXTS, name, locale, {}) if name in DAY_TEXTS else name


def derivation(clock: Clock, until: date | None = None) -> tuple[DerivedDay, ...]:
    """Every day from the clock's start to `until` (its deadline unless given), both included.

    Raises CalendarError for a span above 36 600 days, an open deadline without `until`, or a year without data.
    """
    end = clock.deadline if until is None else checked_date(until, "until")
    if end is None:
        raise CalendarError("calendars.deadline_open", position="until")
    if (end - clock.start).days > LONGEST_SPAN:
        raise CalendarError("calendars.span", position="until", most=LONGEST_SPAN)
    return tuple(_days(clock, end))


def _days(clock: Clock, end: date) -> Iterator[DerivedDay]:
    if end < clock.start:
        return
    unit = clock.limit.unit
    at_once = clock.deadline == clock.start
    kind = DerivedKind.LAST if at_once else DerivedKind.START
    code, article = ("day.last_at_once", clock.article) if at_once else ("day.start", FIRST_DAY_EXCLUDED)
    yield DerivedDay(clock.start, kind, None, code, article, unit)
    number, day = 0, clock.start
    while day < end:
        day += _ONE_DAY
        derived = _uncounted(clock, day)
        if derived is None:
            number += 1
            derived = _counted(clock, day, number)
        yield derived


def _uncounted(clock: Clock, day: date) -> DerivedDay | None:
    """The day if it does not count, with the reason that stands first: suspension, roll, holiday, rest."""
    unit = clock.limit.unit
    suspension = next((found for found in clock.suspensions if found.holds(day)), None)
    if suspension is not None:
        used_up = day == clock.deadline
        kind = DerivedKind.LAST if used_up else DerivedKind.SUSPENDED
        code = "day.last_resumed" if used_up else "day.suspended"
        return DerivedDay(day, kind, None, code, suspension.article, unit, suspension.reason)
    if unit is not Unit.WORKING_DAY:
        return _rolled(clock, day)
    found = clock.calendar.kind(day)
    if found is DayKind.HOLIDAY:
        return DerivedDay(day, DerivedKind.HOLIDAY, None, "day.holiday", HOLIDAYS, unit, clock.calendar.holiday(day))
    if found is DayKind.REST:
        return DerivedDay(day, DerivedKind.REST, None, "day.rest", clock.counting, unit)
    return None


def _rolled(clock: Clock, day: date) -> DerivedDay | None:
    if not clock.moved_over(day):
        return None
    if day == clock.deadline:
        return DerivedDay(day, DerivedKind.LAST, None, "day.last_moved", LAST_DAY_MOVES, clock.limit.unit)
    holiday = clock.calendar.kind(day) is DayKind.HOLIDAY
    kind = DerivedKind.HOLIDAY if holiday else DerivedKind.REST
    detail = clock.calendar.holiday(day) if holiday else "rest"
    return DerivedDay(day, kind, None, "day.rolled", LAST_DAY_MOVES, clock.limit.unit, detail)


def _counted(clock: Clock, day: date, number: int) -> DerivedDay:
    unit = clock.limit.unit
    if day == clock.deadline:
        return DerivedDay(day, DerivedKind.LAST, number, "day.last", clock.article or _rule(clock), unit)
    over = max(number - clock.total, 0)
    code = "day.over" if over else "day.counted"
    if unit is Unit.WORKING_DAY and clock.calendar.kind(day) is DayKind.ADJUSTED_WORKDAY:
        article = clock.calendar.source(day) or HOLIDAYS
        code = "day.over" if over else "day.adjusted"
        return DerivedDay(day, DerivedKind.ADJUSTED_WORKDAY, number, code, article, unit, over=over)
    return DerivedDay(day, DerivedKind.COUNTED, number, code, _rule(clock), unit, over=over)


def _rule(clock: Clock) -> str:
    if clock.limit.unit is Unit.WORKING_DAY:
        return clock.counting
    return MONTHS_END if clock.limit.unit is Unit.MONTH else NATURAL_DAYS
