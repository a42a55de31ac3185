"""Values of Python as FEEL's and back."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengtong.engines.feel.composite import Function, Range
from zhengtong.engines.feel.numbers import number
from zhengtong.engines.feel.temporal.values import DAY, SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.types import Value

DEEPEST = 40
_AS_THEY_ARE = frozenset(
    {type(None), bool, str, Date, Time, DateTime, DaysDuration, MonthsDuration, Range, Function}
)  # fmt: skip
_SEQUENCE = (list, tuple)
_COMPOSITE = (dict, *_SEQUENCE, Mapping)
_MICROSECOND = 1000


def to_feel(value: object) -> Value:
    """A Python value as FEEL has it: numbers as Decimal, dates, times and durations as FEEL's own, mappings as dicts.

    What FEEL does not know is null, and so is what lies more than 40 levels deep or contains itself.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    convert = _AT_ONCE.get(kind)  # whether something is a mapping costs as much as converting it
    if convert is not None:
        return convert(value)
    if isinstance(value, list) and _AS_THEY_ARE.issuperset(map(type, value)):
        return list(value)
    if isinstance(value, _COMPOSITE):
        return _composite(value, {}, 0)
    return _simple(value)


def _simple(value: object) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal | int | float):
        return number(value)
    if isinstance(value, str):
        return str.__str__(value)
    for kind, convert in _FROM_PYTHON.items():
        if isinstance(value, kind):
            return convert(value)
    return None


def _composite(value: object, done: dict[int, Value], depth: int) -> Value:
    """Lists and mappings; each is gone through once, however often it is shared."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    convert = _AT_ONCE.get(kind)
    if convert is not None:
        return convert(value)
    if not isinstance(value, _COMPOSITE):
        return _simple(value)
    if depth >= DEEPEST:
        return None
    same = id(value)
    if same in done:
        return done[same]
    done[same] = None  # a list that contains itself finds this
    made: Value
    if isinstance(value, _SEQUENCE):
        made = [item if type(item) in _AS_THEY_ARE else _composite(item, done, depth + 1) for item in value]
    else:
        made = {
            str.__str__(name): item if type(item) in _AS_THEY_ARE else _composite(item, done, depth + 1)
            for name, item in value.items()
            if isinstance(name, str)
        }
    done[same] = made
    return made


def _moment(value: dt.datetime) -> DateTime:
    return DateTime(Date(value.year, value.month, value.day), _clock(value.timetz(), value.utcoffset()))


def _clock(value: dt.time, offset: dt.timedelta | None) -> Time:
    seconds = None if offset is None else int(offset.total_seconds())
    zone = getattr(value.tzinfo, "key", None)
    return Time(value.hour, value.minute, value.second, value.microsecond * _MICROSECOND, seconds, zone)


def _span(value: dt.timedelta) -> DaysDuration:
    return DaysDuration(value.days * DAY + value.seconds * SECOND + value.microseconds * _MICROSECOND)


_FROM_PYTHON: Mapping[type, Callable[..., Value]] = {
    dt.datetime: _moment,
    dt.date: lambda value: Date(value.year, value.month, value.day),
    dt.time: lambda value: _clock(value, value.utcoffset()),
    dt.timedelta: _span,
}
_AT_ONCE: Mapping[type, Callable[..., Value]] = {int: number, float: number, Decimal: number, **_FROM_PYTHON}


def from_feel(value: Value) -> object:
    """A FEEL value as plain Python.

    Numbers are int where whole, else Decimal; dates, times and days durations are `datetime`'s where those can hold
    them (microseconds, years 1 to 9999). What Python has no value for is written as FEEL writes it.
    """
    return _plain(value, {})


def _plain(value: Value, done: dict[int, object]) -> object:
    kind = type(value)
    if kind is list or kind is dict:
        if id(value) not in done:
            done[id(value)] = (
                [_plain(item, done) for item in value]
                if kind is list
                else {name: _plain(item, done) for name, item in value.items()}
            )
        return done[id(value)]
    convert = _TO_PYTHON.get(kind)
    return value if convert is None else convert(value)


def _python_number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() and value.adjusted() <= 40 else value


def _python_date(value: Date) -> dt.date | str:
    return dt.date(*value) if dt.MINYEAR <= value.year <= dt.MAXYEAR else str(value)


def _python_time(value: Time) -> dt.time:
    zone = None if value.offset is None else dt.timezone(dt.timedelta(seconds=value.offset))
    return dt.time(value.hour, value.minute, value.second, value.nanosecond // _MICROSECOND, zone)


def _python_moment(value: DateTime) -> dt.datetime | str:
    date = _python_date(value.date)
    return str(value) if isinstance(date, str) else dt.datetime.combine(date, _python_time(value.time))


def _python_span(value: DaysDuration) -> dt.timedelta | str:
    try:
        return dt.timedelta(microseconds=value.nanoseconds // _MICROSECOND)
    except OverflowError:
        return str(value)


_TO_PYTHON: Mapping[type, Callable[..., object]] = {
    Decimal: _python_number,
    Date: _python_date,
    Time: _python_time,
    DateTime: _python_moment,
    DaysDuration: _python_span,
    MonthsDuration: str,
    Range: str,
    Function: lambda value: value.name,
}
