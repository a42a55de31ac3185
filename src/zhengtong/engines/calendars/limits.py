"""Limits (时限) and where they end: 民法典 第200–203条, 行政许可法 第82条."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from zhengtong.engines.calendars.errors import CalendarError, checked_date, checked_moment
from zhengtong.engines.calendars.years import Calendar

LARGEST_LIMIT = 36_600
CHINA = timezone(timedelta(hours=8), "UTC+8")
"""Legal dates are those of UTC+8."""


class Unit(StrEnum):
    """What a limit counts."""

    WORKING_DAY = "working_day"
    NATURAL_DAY = "natural_day"
    HOUR = "hour"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of units, 0 (on the spot) to 36 600; raises CalendarError."""

    number: int
    unit: Unit = Unit.WORKING_DAY

    def __post_init__(self) -> None:
        check_number(self.number)
        try:
            object.__setattr__(self, "unit", Unit(self.unit))
        except ValueError as unknown:
            raise CalendarError("calendars.limit_unit", position="unit") from unknown


def check_number(number: object) -> int:
    """`number` if it can be that of a limit."""
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST_LIMIT:
        raise CalendarError("calendars.limit_number", position="number", most=LARGEST_LIMIT)
    return number


def last_day(calendar: Calendar, start: date, limit: Limit) -> date:
    """The last day of a limit that starts on `start`, which is day 0 (民法典 第201条).

    Natural days and months ending on a day off move to the next working day (第203条); months end on the
    corresponding day, or the month's last (第202条). Hours are refused: see `last_moment`.
    """
    checked_date(start, "start")
    if limit.unit is Unit.HOUR:
        raise CalendarError("calendars.limit_hours", position="unit")
    if limit.unit is Unit.WORKING_DAY or limit.number == 0:
        return calendar.working_day_after(start, limit.number)
    return calendar.roll(natural_end(start, limit))


def natural_end(start: date, limit: Limit) -> date:
    """Where natural days or months end before any day off is looked at."""
    if limit.unit is Unit.MONTH:
        return add_months(start, limit.number)
    return add_days(start, limit.number)


def add_days(start: date, number: int) -> date:
    """`number` natural days later; raises CalendarError beyond the last date there is."""
    try:
        return start + timedelta(days=number)
    except OverflowError as beyond:
        raise CalendarError("calendars.date_range", position="number") from beyond


def add_months(start: date, number: int) -> date:
    """The corresponding day `number` months later, or the last day of that month (民法典 第202条)."""
    months = start.year * 12 + start.month - 1 + number
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise CalendarError("calendars.date_range", position="number")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def last_moment(
    calendar: Calendar,
    start: datetime,
    limit: Limit,
    *,
    pauses: Iterable[tuple[datetime, datetime]] = (),
    closes: time | None = None,
) -> datetime:
    """The moment a limit runs out, in UTC+8.

    Hours run from the moment itself, over nights and days off, less the `pauses` (merged where they overlap); other
    units end at 24:00 of their last day, or at `closes`, the close of business (民法典 第201, 203条).
    """
    began = checked_moment(start, "start").astimezone(CHINA)
    if limit.unit is not Unit.HOUR:
        day = last_day(calendar, began.date(), limit)
        return end_of(day) if closes is None else datetime.combine(day, closes, CHINA)
    try:
        end = began + timedelta(hours=limit.number)
        for paused, resumed in _merged(pauses, began):
            if paused > end:
                break
            end += resumed - paused
    except OverflowError as beyond:
        raise CalendarError("calendars.date_range", position="number") from beyond
    return end


def end_of(day: date) -> datetime:
    """24:00 of `day` in UTC+8: the first instant of the next."""
    return datetime.combine(add_days(checked_date(day, "day"), 1), time(), CHINA)


def _merged(pauses: Iterable[tuple[datetime, datetime]], began: datetime) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for paused, resumed in sorted(_checked_pause(pause, began) for pause in pauses):
        if merged and paused <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], resumed))
        else:
            merged.append((paused, resumed))
    return merged


def _checked_pause(pause: tuple[datetime, datetime], began: datetime) -> tuple[datetime, datetime]:
    paused, resumed = checked_moment(pause[0], "pauses"), checked_moment(pause[1], "pauses")
    if paused < began:
        raise CalendarError("calendars.suspension_before_start", position="pauses", start=began)
    if resumed < paused:
        raise CalendarError("calendars.suspension_backwards", position="pauses")
    return paused, resumed
