"""Working days: yearly holiday notices (放假安排) and the calendar they make."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from zhengtong.engines.calendars.errors import CalendarError, checked_date

FIRST_YEAR = 1950
LAST_YEAR = 2199
_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a day is; the first two are working days."""

    WORKDAY = "workday"
    ADJUSTED_WORKDAY = "adjusted_workday"
    REST = "rest"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class YearNotice:
    """One year's notice: days off with the name of the holiday, weekend days to be worked, and where it says so.

    A notice may reach into the December before its year (that of 2008 did). A weekday listed as worked, or a
    weekend day listed as off, is harmless. Raises CalendarError with the day at fault as position.
    """

    year: int
    holidays: Mapping[date, str]
    workdays: frozenset[date] = frozenset()
    source: str = ""

    def __post_init__(self) -> None:
        check_year(self.year)
        given = self.holidays if isinstance(self.holidays, Mapping) else {}
        object.__setattr__(self, "holidays", dict(given))
        object.__setattr__(self, "workdays", frozenset(self.workdays))
        if not self.holidays:
            raise CalendarError("calendars.notice_empty", position="holidays", year=self.year)
        for name, days in (("holidays", self.holidays), ("workdays", self.workdays)):
            for day in days:
                self._check_day(day, name)
        both = self.workdays.intersection(self.holidays)
        if both:
            day = min(both)
            raise CalendarError("calendars.notice_both", position=f"workdays/{day}", day=day)

    def _check_day(self, day: object, name: str) -> None:
        found = checked_date(day, name)
        if found.year != self.year and (found.year, found.month) != (self.year - 1, 12):
            raise CalendarError("calendars.notice_day", position=f"{name}/{found}", day=found, year=self.year)


def check_year(year: object) -> int:
    """`year` if it is a whole number a calendar may hold."""
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarError("calendars.year_range", position="year", least=FIRST_YEAR, most=LAST_YEAR)
    return year


@dataclass(frozen=True, eq=False, repr=False)
class Calendar:
    """Working days of the years whose notices are known; any question touching another year is refused.

    行政许可法 第82条 counts working days without statutory holidays; weekends worked by the notice count.
    """

    years: Mapping[int, YearNotice] = field(repr=False)
    _holidays: Mapping[date, str] = field(init=False, repr=False)
    _adjusted: frozenset[date] = field(init=False, repr=False)
    _working: Mapping[int, tuple[int, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for year, notice in self.years.items():
            if year != notice.year:
                raise CalendarError("calendars.year_mismatch", position=str(year), key=year, year=notice.year)
        years = dict(sorted(self.years.items()))
        holidays: dict[date, str] = {}
        worked: set[date] = set()
        for notice in years.values():
            worked = (worked - notice.holidays.keys()) | notice.workdays
            holidays = {day: name for day, name in holidays.items() if day not in notice.workdays}
            holidays.update(notice.holidays)
        object.__setattr__(self, "years", years)
        object.__setattr__(self, "_holidays", holidays)
        object.__setattr__(self, "_adjusted", frozenset(day for day in worked if day.weekday() >= 5))
        object.__setattr__(self, "_working", {year: tuple(self._ordinals(year)) for year in years})

    def __repr__(self) -> str:
        return f"Calendar({', '.join(map(str, self.years))})"

    def _ordinals(self, year: int) -> Iterator[int]:
        day = date(year, 1, 1)
        while day.year == year:
            if day in self._adjusted or (day.weekday() < 5 and day not in self._holidays):
                yield day.toordinal()
            day += _DAY

    def add(self, notice: YearNotice, *, replace: bool = False) -> "Calendar":
        """A calendar that also knows `notice`; a year already known is refused unless `replace`."""
        if notice.year in self.years and not replace:
            raise CalendarError("calendars.year_exists", position=str(notice.year), year=notice.year)
        return Calendar({**self.years, notice.year: notice})

    def knows(self, year: int) -> bool:
        """Whether the year's notice has been entered."""
        return year in self.years

    def kind(self, day: date) -> DayKind:
        """What `day` is; raises CalendarError `calendars.year_missing`."""
        self._year(checked_date(day, "day").year)
        if day in self._adjusted:
            return DayKind.ADJUSTED_WORKDAY
        if day in self._holidays:
            return DayKind.HOLIDAY
        return DayKind.REST if day.weekday() >= 5 else DayKind.WORKDAY

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return self.kind(day) in {DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY}

    def holiday(self, day: date) -> str:
        """The Chinese name of the holiday on `day`; empty when it is none."""
        return "" if day in self._adjusted else self._holidays.get(day, "")

    def source(self, day: date) -> str:
        """The notice that speaks for the year of `day`; empty when unknown."""
        notice = self.years.get(day.year)
        return notice.source if notice else ""

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie in (`after`, `until`]; 0 when `until` is not later."""
        start, end = checked_date(after, "after").toordinal(), checked_date(until, "until").toordinal()
        if end <= start:
            return 0
        first_year = date.fromordinal(start + 1).year
        total = 0
        for year in range(first_year, until.year + 1):
            working = self._year(year)
            total += bisect_right(working, end) - bisect_right(working, start)
        return total

    def working_day_after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`; `day` itself for 0."""
        left, year, ordinal = number, checked_date(day, "day").year, day.toordinal()
        if left == 0:
            return day
        if day.month == 12 and day.day == 31:
            year += 1
        while True:
            working = self._year(year)
            place = bisect_right(working, ordinal) + left - 1
            if place < len(working):
                return date.fromordinal(working[place])
            left = place - len(working) + 1
            year, ordinal = year + 1, 0

    def working_day_before(self, day: date, number: int) -> date:
        """The `number`-th working day before `day`, counting back (notice periods); `day` itself for 0."""
        left, year, ordinal = number, checked_date(day, "day").year, day.toordinal()
        if left == 0:
            return day
        if day.month == 1 and day.day == 1:
            year -= 1
        while True:
            working = self._year(year)
            place = bisect_left(working, ordinal) - left
            if place >= 0:
                return date.fromordinal(working[place])
            left = -place
            year, ordinal = year - 1, date.max.toordinal()

    def roll(self, day: date) -> date:
        """`day`, or the next working day when it is a day off (民法典 第203条)."""
        return day if self.is_working(day) else self.working_day_after(day, 1)

    def _year(self, year: int) -> tuple[int, ...]:
        try:
            return self._working[year]
        except KeyError:
            raise CalendarError("calendars.year_missing", position=str(year), year=year) from None
