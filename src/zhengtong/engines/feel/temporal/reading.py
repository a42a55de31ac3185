"""Reading dates, times and durations from texts (DMN 1.5 §10.3.4.1): XML Schema's lexical forms, and `@` zones."""

import re

from zhengtong.engines.feel.temporal.days import LONGEST_YEAR, is_day
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
from zhengtong.engines.feel.temporal.zones import Zones, placed, rules_of, shifted

LARGEST_OFFSET = 14 * 3600
LONGEST_TEXT = 120
_MIDNIGHT = Time(0, 0, 0)
_DATE = re.compile(r"(-?)([0-9]{4}|[1-9][0-9]{4,8})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,60}))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([^@]+))?"
)
_DAYS = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,30})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,30})H)?(?:([0-9]{1,30})M)?(?:([0-9]{1,30})(?:\.([0-9]{0,60}))?S)?)?"
)
_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,30})Y)?(?:([0-9]{1,30})M)?")
Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration


def read_date(text: str) -> Date | None:
    """`2024-02-29`, `-0044-03-15`, `12024-01-01`."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    sign, *numbers = found.groups()
    year, month, day = (int(number) for number in numbers)
    date = Date(-year if sign else year, month, day)
    return date if is_day(*date) else None


def read_time(text: str, zones: Zones | None) -> Time | None:
    """`10:30:00`, `10:30:00.5+08:00`, `10:30:00@Asia/Shanghai`; `24:00:00` is midnight."""
    found = _time(text)
    if found is None:
        return None
    time = found._replace(hour=found.hour % 24)
    if time.zone is None:
        return time
    rules = rules_of(time.zone, zones)
    if rules is None:
        return None
    fixed = rules.utcoffset(None)
    return time if fixed is None else time._replace(offset=int(fixed.total_seconds()))


def read_date_time(text: str, zones: Zones | None) -> DateTime | None:
    """`2024-02-29T10:30:00`, with all that a time may carry; a date alone is its midnight."""
    before, separator, after = text.partition("T")
    date = read_date(before)
    time = _time(after) if separator else _MIDNIGHT
    if date is None or time is None:
        return None
    if time.hour == 24:
        date, time = shifted(date, 1), time._replace(hour=0)
    return placed(date, time, zones) if abs(date.year) <= LONGEST_YEAR else None


def read_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """`P1DT2H3M4.5S` or `P1Y2M`, never both in one; a minus may stand before."""
    if len(text) > LONGEST_TEXT:
        return None
    found = _MONTHS.fullmatch(text)
    if found is not None:
        years, months = (int(number or 0) for number in found.groups()[1:])
        total = years * 12 + months
        return MonthsDuration(-total if found[1] else total)
    found = _DAYS.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:5])
    total = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + _fraction(found[6])
    return DaysDuration(-total if found[1] else total)


def read_temporal(text: str, zones: Zones | None) -> Temporal | None:
    """What `@"…"` means: whichever of them the text is."""
    if text[:1] == "P" or text[:2] == "-P":
        return read_duration(text)
    return read_date(text) or read_time(text, zones) or (read_date_time(text, zones) if "T" in text else None)


def _time(text: str) -> Time | None:
    found = _TIME.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    nanosecond = _fraction(found[4])
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second or nanosecond)):
        return None
    offset = 0 if found[5] else None
    if found[6]:
        if int(found[8]) > 59 or int(found[9] or 0) > 59:
            return None
        offset = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        if offset > LARGEST_OFFSET:
            return None
        offset = -offset if found[6] == "-" else offset
    return Time(hour, minute, second, nanosecond, offset, found[10])


def _fraction(digits: str | None) -> int:
    """Nanoseconds from the digits after a decimal point; further ones are dropped."""
    return int((digits or "0")[:9].ljust(9, "0"))
