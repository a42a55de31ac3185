"""Functions that make and ask dates, times and durations (DMN 1.5 §10.3.4.1, §10.3.4.8, §10.3.4.12)."""

from decimal import ROUND_DOWN, Decimal

from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.conversion import to_feel
from zhengtong.engines.feel.numbers import whole
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.temporal.days import day_number, is_day, week_of_year, weekday
from zhengtong.engines.feel.temporal.reading import (
    LARGEST_OFFSET,
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from zhengtong.engines.feel.temporal.values import SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.temporal.zones import placed
from zhengtong.engines.feel.types import Value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@builtin("date(from: string) -> date")
def _date(_run: Run, text: str) -> Date | None:
    return read_date(text)


@builtin("date(from: date | date and time) -> date")
def _date_of(_run: Run, value: Date | DateTime) -> Date:
    return _day(value)


@builtin("date(year: number, month: number, day: number) -> date")
def _date_from(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    parts = whole(year), whole(month), whole(day)
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return None
    return Date(parts[0], parts[1], parts[2]) if is_day(parts[0], parts[1], parts[2]) else None


@builtin("date and time(from: string) -> date and time")
def _moment(run: Run, text: str) -> DateTime | None:
    return read_date_time(text, run.zones)


@builtin("date and time(date: date | date and time, time: time) -> date and time")
def _moment_of(run: Run, date: Date | DateTime, time: Time) -> DateTime | None:
    return placed(_day(date), time, run.zones)


@builtin("time(from: string) -> time")
def _time(run: Run, text: str) -> Time | None:
    return read_time(text, run.zones)


@builtin("time(from: time | date and time) -> time")
def _time_of(run: Run, value: Time | DateTime) -> Time | None:
    if isinstance(value, Time):
        return value
    time = value.time
    return time if time.zone is None else read_time(str(time), run.zones)


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration) -> time")
def _time_from(_run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None) -> Time | None:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    hours, minutes, seconds = whole(hour), whole(minute), int(second)
    if hours is None or minutes is None:
        return None
    away = None if offset is None else int(Decimal(offset.nanoseconds) / SECOND)
    if away is not None and abs(away) > LARGEST_OFFSET:
        return None
    fraction = int(((second - seconds) * SECOND).to_integral_value(ROUND_DOWN))
    return Time(hours, minutes, seconds, fraction, away)


@builtin("duration(from: string) -> Any")
def _duration(_run: Run, text: str) -> DaysDuration | MonthsDuration | None:
    return read_duration(text)


@builtin("years and months duration(from: date | date and time, to: date | date and time) -> years and months duration")
def _months_between(_run: Run, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Whole months from one day to another; times of day do not count."""
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration(months)


@builtin("day of year(date: date | date and time) -> number")
def _day_of_year(_run: Run, value: Date | DateTime) -> Decimal:
    day = _day(value)
    return Decimal(day.number - day_number(day.year, 1, 1) + 1)


@builtin("day of week(date: date | date and time) -> string")
def _day_of_week(_run: Run, value: Date | DateTime) -> str:
    return WEEKDAYS[weekday(_day(value).number) - 1]


@builtin("month of year(date: date | date and time) -> string")
def _month_of_year(_run: Run, value: Date | DateTime) -> str:
    return MONTHS[_day(value).month - 1]


@builtin("week of year(date: date | date and time) -> number")
def _week_of_year(_run: Run, value: Date | DateTime) -> Decimal:
    return Decimal(week_of_year(_day(value).number))


@builtin("now() -> date and time")
def _now(run: Run) -> Value:
    now = to_feel(run.now)
    return now if isinstance(now, DateTime) else run.note("feel.no_clock", run.place)


@builtin("today() -> date")
def _today(run: Run) -> Date | None:
    now = _now(run)
    return None if now is None else now.date


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value
