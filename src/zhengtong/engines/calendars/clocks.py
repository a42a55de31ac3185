"""Statutory and promised clocks: what is used, what remains, the last day, and the days on which lights turn.

All arithmetic is that of a day count: used(t) = the counted days d with start < d ≤ t that no suspension holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from zhengtong.engines.calendars.errors import CalendarError, checked_date
from zhengtong.engines.calendars.lights import Light, LightDates, LightRule
from zhengtong.engines.calendars.limits import Limit, Unit, add_days, check_number, natural_end
from zhengtong.engines.calendars.suspensions import Suspension, Window, merged
from zhengtong.engines.calendars.years import Calendar

MOST_SUSPENSIONS = 200
_DAY = timedelta(days=1)


class ClockKind(StrEnum):
    """Whose limit it is."""

    LEGAL = "legal"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Extension:
    """Units added once to a legal limit by the head of the authority (行政许可法 第42条)."""

    number: int
    granted_on: date
    article: str = "行政许可法 第42条"

    def __post_init__(self) -> None:
        check_number(self.number)
        checked_date(self.granted_on, "granted_on")


@dataclass(frozen=True)
class Clock:
    """A limit running from `start` (day 0), less its suspensions; `article` is the law or promise that sets it.

    `counting` is the law by which its days are working days, for the derivation.

    Raises CalendarError for a suspension before `start`, an extension that is late, early or of a promise, and a
    limit in hours (see `last_moment`). Every question may raise `calendars.year_missing`.
    """

    calendar: Calendar
    start: date
    limit: Limit
    suspensions: tuple[Suspension, ...] = ()
    extension: Extension | None = None
    kind: ClockKind = ClockKind.LEGAL
    article: str = ""
    counting: str = "行政许可法 第82条"
    light_rule: LightRule = LightRule()

    def __post_init__(self) -> None:
        checked_date(self.start, "start")
        if self.limit.unit is Unit.HOUR:
            raise CalendarError("calendars.limit_hours", position="limit")
        if len(self.suspensions) > MOST_SUSPENSIONS:
            raise CalendarError("calendars.suspensions_many", position="suspensions", most=MOST_SUSPENSIONS)
        ordered = sorted(self.suspensions, key=lambda suspension: suspension.window)
        object.__setattr__(self, "suspensions", tuple(ordered))
        for place, suspension in enumerate(ordered):
            if suspension.suspended < self.start:
                position = f"suspensions/{place}"
                raise CalendarError("calendars.suspension_before_start", position=position, start=self.start)
        if self.extension is not None:
            self._check_extension(self.extension)

    def _check_extension(self, extension: Extension) -> None:
        if self.kind is ClockKind.PROMISE:
            raise CalendarError("calendars.extension_promise", position="extension")
        if extension.granted_on < self.start:
            raise CalendarError("calendars.extension_early", position="extension", start=self.start)
        ended = replace(self, extension=None).deadline
        if ended is not None and extension.granted_on > ended:
            raise CalendarError("calendars.extension_late", position="extension", deadline=ended)

    # What happens to a clock

    def suspend(self, on: date, *, reason: str = "", article: str = "行政许可法 第45条") -> "Clock":
        """The clock with a suspension running from `on`; refused while one runs."""
        if self.running_suspension is not None:
            raise CalendarError("calendars.suspension_running", position="suspensions")
        return replace(self, suspensions=(*self.suspensions, Suspension(on, None, reason, article)))

    def resume(self, on: date) -> "Clock":
        """The clock with its running suspension ended on `on`; refused when none runs."""
        running = self.running_suspension
        if running is None:
            raise CalendarError("calendars.suspension_missing", position="suspensions")
        others = tuple(suspension for suspension in self.suspensions if suspension is not running)
        return replace(self, suspensions=(*others, replace(running, resumed=on)))

    def extend(self, number: int, on: date, *, article: str = "行政许可法 第42条") -> "Clock":
        """The legal clock with `number` more units granted on `on`: once, and before it has run out."""
        if self.extension is not None:
            raise CalendarError("calendars.extension_twice", position="extension")
        return replace(self, extension=Extension(number, on, article))

    # What a clock says

    @property
    def running_suspension(self) -> Suspension | None:
        """The suspension that has not been resumed, if any."""
        return next((suspension for suspension in self.suspensions if suspension.running), None)

    @cached_property
    def full_limit(self) -> Limit:
        """The limit with its extension."""
        added = self.extension.number if self.extension else 0
        return Limit(self.limit.number + added, self.limit.unit) if added else self.limit

    @cached_property
    def total(self) -> int:
        """How many days the clock counts in all: the limit's number, or the natural days its months come to."""
        if self.limit.unit is Unit.MONTH:
            return (natural_end(self.start, self.full_limit) - self.start).days
        return self.full_limit.number

    @property
    def deadline(self) -> date | None:
        """The last day; None while a running suspension keeps it open."""
        return self._settled[0]

    @property
    def rolled_from(self) -> date | None:
        """The day off on which natural days or months ended before moving on (民法典 第203条), if they did."""
        return self._settled[2]

    def deadline_if_resumed(self, on: date) -> date:
        """The last day if the running suspension ended on `on` (the plain deadline when none runs)."""
        clock = self if self.running_suspension is None else self.resume(on)
        deadline = clock.deadline
        if deadline is None:
            raise CalendarError("calendars.suspension_running", position="suspensions")
        return deadline

    def used(self, on: date) -> int:
        """How many days have been counted up to and including `on`; never decreases."""
        day = checked_date(on, "on")
        windows = self._settled[1]
        pieces = ((start, min(end, day)) for start, end in _open_spans(self.start, windows) if start < day)
        return sum(self._count(start, end) for start, end in pieces)

    def remaining(self, on: date) -> int:
        """How many days are left after `on`; negative when over the limit."""
        return self.total - self.used(on)

    def moved_over(self, on: date) -> bool:
        """Whether `on` is a day off that a natural last day was moved over."""
        inside = any(start < on <= end for start, end in self._settled[1])
        return inside and not self.suspended(on)

    def suspended(self, on: date) -> bool:
        """Whether `on` is a day that does not count because of a suspension."""
        return any(suspension.holds(on) for suspension in self.suspensions)

    @cached_property
    def light_dates(self) -> LightDates:
        """The first days of the yellow and the red light.

        None where a running suspension keeps a light away, or where it lies in a year whose notice is not known yet:
        the last day may be certain before the day after it is.
        """
        threshold = self.light_rule.threshold(self.total)
        return LightDates(self._in_sight(max(self.total - threshold, 0)), self._in_sight(self.total + 1))

    def light(self, on: date, *, closed_on: date | None = None) -> Light:
        """The light on a day; a closed case keeps that of its closing day."""
        return self.light_dates.light(on if closed_on is None else min(on, closed_on))

    # How it is counted

    @cached_property
    def _settled(self) -> tuple[date | None, tuple[Window, ...], date | None]:
        """The last day, all windows that do not count, and the day off it was moved from."""
        windows = merged(suspension.window for suspension in self.suspensions)
        last = self._stretch(self._walk(self.total, windows), windows)
        if last is None or self.limit.unit is Unit.WORKING_DAY or self.total == 0:
            return last, windows, None
        return self._roll(last, windows)

    def _roll(self, last: date, windows: tuple[Window, ...]) -> tuple[date | None, tuple[Window, ...], date | None]:
        """Move a natural last day off days off; suspensions may begin in the days it is moved over."""
        while (end := self.calendar.roll(last)) != last:
            windows = merged((*windows, self._moved_window(last, end, windows)))
            moved = self._stretch(self._walk(self.total, windows), windows)
            if moved is None or moved == end:
                return moved, windows, last
            last = moved
        return last, windows, None

    def _moved_window(self, last: date, end: date, windows: tuple[Window, ...]) -> Window:
        """The days off that do not count, so that `end` is the last counted day in place of `last`."""
        if self._walk(self.total, windows) != last:
            return last - _DAY, end
        begun = next((start for start, _ in windows if last <= start < end), end - _DAY)
        return last - _DAY, begun

    def _stretch(self, last: date | None, windows: tuple[Window, ...]) -> date | None:
        """A limit used up exactly when a suspension begins ends on its resumption (R + 0 days)."""
        for start, end in windows:
            if last is not None and last <= start and self._count(last, start) == 0:
                last = None if end == date.max else end
        return last

    def _walk(self, number: int, windows: tuple[Window, ...]) -> date | None:
        """The first day on which `number` days are used, past the windows; None if a running one comes before."""
        position, left = self.start, number
        for start, end in windows:
            if start > position:
                counted = self._count_up_to(position, start, left)
                if counted is not None:
                    return counted
                left -= self._count(position, start)
            if left == 0:
                return position
            if end == date.max:
                return None
            position = max(position, end)
        return self._nth(position, left)

    def _count_up_to(self, position: date, start: date, left: int) -> date | None:
        return self._nth(position, left) if self._count(position, start) >= left else None

    def _in_sight(self, number: int) -> date | None:
        windows = self._settled[1]
        try:
            return self._walk(number, windows)
        except CalendarError as error:
            if error.code != "calendars.year_missing":
                raise
            return None

    def _count(self, after: date, until: date) -> int:
        if self.limit.unit is Unit.WORKING_DAY:
            return self.calendar.working_days(after, until)
        return max((until - after).days, 0)

    def _nth(self, after: date, number: int) -> date:
        if self.limit.unit is Unit.WORKING_DAY:
            return self.calendar.working_day_after(after, number)
        return add_days(after, number)


def _open_spans(start: date, windows: tuple[Window, ...]) -> Iterator[Window]:
    """The spans (from, to] between the windows, from `start` on."""
    edges = [start, *(edge for window in windows for edge in window), date.max]
    for place, (left, right) in enumerate(pairwise(edges)):
        if place % 2 == 0 and left < right:
            yield left, right
