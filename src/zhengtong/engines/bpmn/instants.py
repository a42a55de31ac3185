"""ISO 8601 durations, instants and repetitions, as timers write them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_DURATION = re.compile(
    r"P(?!$)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?!$)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months and an exact span; months are counted first, a missing day becomes the month's last."""

    months: int
    span: timedelta

    def after(self, start: datetime) -> datetime:
        """The instant this long after `start`, in the zone of `start`. OverflowError beyond year 9999."""
        if not self.months:
            return start + self.span
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        if year > date.max.year:
            raise OverflowError(year)
        day = min(start.day, calendar.monthrange(year, month + 1)[1])
        return start.replace(year=year, month=month + 1, day=day) + self.span


def parse_duration(text: str) -> Duration | None:
    """The duration in `text` (`P1Y2M`, `P5D`, `PT1.5S`, `P2W`), or None where it is not one."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    part = {name: value or "0" for name, value in match.groupdict().items()}
    span = timedelta(
        weeks=int(part["weeks"]),
        days=int(part["days"]),
        hours=int(part["hours"]),
        minutes=int(part["minutes"]),
        seconds=float(part["seconds"]),
    )
    return Duration(int(part["years"]) * 12 + int(part["months"]), span)


@dataclass(frozen=True, slots=True)
class Cycle:
    """So many times (None: for ever), first at `first` or one period from now, then a period after each."""

    times: int | None
    first: datetime | None
    period: Duration


def parse_cycle(text: str) -> Cycle | None:
    """The repetition in `text` (`R3/PT10H`, `R/2025-03-03T09:00:00+08:00/P1W`), or None where it is not one."""
    times, _, rest = text.strip().partition("/")
    first, _, period = rest.rpartition("/")
    span, since = parse_duration(period), parse_instant(first) if first else None
    if not re.fullmatch(r"R\d{0,6}", times, re.ASCII) or times == "R0" or span is None or (first and since is None):
        return None
    return Cycle(int(times[1:]) if times[1:] else None, since, span) if span != Duration(0, timedelta()) else None


def parse_instant(text: str) -> datetime | None:
    """The instant in `text`; None where it is not one or says no time zone, for then it is not an instant."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
