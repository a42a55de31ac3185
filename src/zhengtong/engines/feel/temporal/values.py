"""Dates, times and durations as FEEL has them: any year, nanoseconds, a time offset or a named time zone."""

from typing import NamedTuple

from zhengtong.engines.feel.temporal.days import day_number

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Date(NamedTuple):
    """A day; `str` writes it as ISO 8601 does, `-0044-03-15` for years before 0."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)


class Time(NamedTuple):
    """A time of day; `offset` in seconds from UTC where it is known, `zone` the name of its time zone if it has one."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    def __str__(self) -> str:
        fraction = f".{self.nanosecond:09}".rstrip("0") if self.nanosecond else ""
        return f"{self.hour:02}:{self.minute:02}:{self.second:02}{fraction}{_place(self)}"

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since its midnight."""
        return (self.hour * 3600 + self.minute * 60 + self.second) * SECOND + self.nanosecond


class DateTime(NamedTuple):
    """A date and time; where its time has a zone, it has the offset of that zone at that moment too."""

    date: Date
    time: Time

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"

    @property
    def local(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 as the clock on its wall counts them."""
        return self.date.number * DAY + self.time.nanoseconds


class DaysDuration(NamedTuple):
    """A days and time duration."""

    nanoseconds: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanoseconds), DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds, nanosecond = divmod(rest, SECOND)
        fraction = f".{nanosecond:09}".rstrip("0") if nanosecond else ""
        parts = ((hours, "H"), (minutes, "M"), (f"{seconds}{fraction}" if rest else 0, "S"))
        clock = "".join(f"{count}{unit}" for count, unit in parts if count)
        written = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.nanoseconds < 0 else "") + "P" + (written or "T0S")


class MonthsDuration(NamedTuple):
    """A years and months duration."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        written = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (written or "0M")


def _place(time: Time) -> str:
    if time.zone is not None:
        return f"@{time.zone}"
    return "" if time.offset is None else offset_text(time.offset)


def offset_text(offset: int) -> str:
    """`Z`, `+08:00`, or with seconds where there are any."""
    if offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"
