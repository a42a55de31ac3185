"""Named time zones; their rules are given by the caller, since they are data that change."""

import datetime as dt
import re
from collections.abc import Callable

from zhengtong.engines.feel.temporal.days import day_of
from zhengtong.engines.feel.temporal.values import DAY, SECOND, Date, DateTime, Time

Zones = Callable[[str], dt.tzinfo]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_LONGEST_NAME = 60
_ALWAYS_KNOWN = {name: dt.UTC for name in ("UTC", "Etc/UTC", "GMT", "Etc/GMT")}
_CYCLE = 400  # years after which the calendar repeats, weekdays and all
_FIRST, _LAST = 400, 9600


def rules_of(name: str, zones: Zones | None) -> dt.tzinfo | None:
    """The rules of a zone, None where there is none of that name."""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    if zones is None:
        return _ALWAYS_KNOWN.get(name)
    try:
        return zones(name)
    except (LookupError, ValueError, OSError):  # what zoneinfo raises for names it does not find
        return None


def placed(date: Date, time: Time, zones: Zones | None) -> DateTime | None:
    """A date and time whose zone, if it has one, tells its offset; None where the zone is unknown."""
    if time.zone is None:
        return DateTime(date, time)
    rules = rules_of(time.zone, zones)
    if rules is None:
        return None
    moment = _python_moment(date, time, rules)
    return DateTime(date, time._replace(offset=_seconds(rules.utcoffset(moment))))


def at_instant(instant: int, like: Time, zones: Zones | None) -> DateTime:
    """The moment `instant` (nanoseconds of UTC since 1970) as the clocks of `like`'s zone or offset show it."""
    offset = like.offset or 0
    if like.zone is not None:
        rules = rules_of(like.zone, zones)
        if rules is not None:
            offset = _offset_of_instant(instant, rules)
    return from_local(instant + offset * SECOND, offset if like.offset is not None else None, like.zone)


def from_local(local: int, offset: int | None, zone: str | None) -> DateTime:
    """A date and time from the nanoseconds its own clock counts since 1970."""
    number, rest = divmod(local, DAY)
    seconds, nanosecond = divmod(rest, SECOND)
    time = Time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanosecond, offset, zone)
    return DateTime(Date(*day_of(number)), time)


def _offset_of_instant(instant: int, rules: dt.tzinfo) -> int:
    date, time = from_local(instant, None, None)
    return _seconds(_python_moment(date, time, dt.UTC).astimezone(rules).utcoffset())


def _python_moment(date: Date, time: Time, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime(_within(date.year), date.month, date.day, time.hour, time.minute, time.second, tzinfo=zone)


def _within(year: int) -> int:
    """A year that Python's datetime knows and that has the same calendar."""
    return year if _FIRST <= year <= _LAST else (_FIRST if year < _FIRST else _LAST - _CYCLE) + year % _CYCLE


def _seconds(offset: dt.timedelta | None) -> int:
    return 0 if offset is None else int(offset.total_seconds())


def shifted(date: Date, days: int) -> Date:
    """A date so many days later."""
    return Date(*day_of(date.number + days))
