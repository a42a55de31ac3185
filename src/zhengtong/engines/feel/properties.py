"""What stands behind the full stop of dates, times, durations and ranges (DMN 1.5 §10.3.2.15, tables 65 to 67)."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengtong.engines.feel.composite import Range
from zhengtong.engines.feel.temporal.days import weekday
from zhengtong.engines.feel.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from zhengtong.engines.feel.types import Value

Property = Callable[[Value], Value]


def _seconds(second: int, nanosecond: int) -> Decimal:
    return Decimal(f"{second}.{nanosecond:09}".rstrip("0")) if nanosecond else Decimal(second)


def _part(whole: int, unit: int, of: int) -> Decimal:
    """How many units a duration has beyond whole ones of the next larger unit; negative ones count backwards."""
    count = abs(whole) % of // unit
    return Decimal(count if whole >= 0 else -count)


def _duration_seconds(value: DaysDuration) -> Decimal:
    seconds = _seconds(*divmod(abs(value.nanoseconds) % MINUTE, SECOND))
    return seconds if value.nanoseconds >= 0 else -seconds


_DATE: Mapping[str, Property] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(weekday(date.number)),
}
_TIME: Mapping[str, Property] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: _seconds(time.second, time.nanosecond),
    "time offset": lambda time: None if time.offset is None else DaysDuration(time.offset * SECOND),
    "timezone": lambda time: time.zone,
}


def _of_date(get: Property) -> Property:
    return lambda moment: get(moment.date)


def _of_time(get: Property) -> Property:
    return lambda moment: get(moment.time)


_NO_DAYS = 10**40  # days have no larger unit
_OF_KIND: Mapping[type, Mapping[str, Property]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(get) for name, get in _DATE.items()},
        **{name: _of_time(get) for name, get in _TIME.items()},
    },
    MonthsDuration: {
        "years": lambda value: _part(value.months, 12, _NO_DAYS),
        "months": lambda value: _part(value.months, 1, 12),
    },
    DaysDuration: {
        "days": lambda value: _part(value.nanoseconds, DAY, _NO_DAYS),
        "hours": lambda value: _part(value.nanoseconds, HOUR, DAY),
        "minutes": lambda value: _part(value.nanoseconds, MINUTE, HOUR),
        "seconds": _duration_seconds,
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
PROPERTIES = frozenset(name for kind in _OF_KIND.values() for name in kind)


def property_named(kind: type, name: str) -> Property | None:
    """How to ask values of a kind for a property, None where they have none of that name."""
    return _OF_KIND.get(kind, {}).get(name)
