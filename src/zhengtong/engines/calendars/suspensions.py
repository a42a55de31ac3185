"""Time that does not count: half-open suspensions (S, R], merged where they touch (行政许可法 第45条)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhengtong.engines.calendars.errors import CalendarError, checked_date

Window = tuple[date, date]
"""(S, R]: no day d with S < d ≤ R counts."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """From the day of the suspension notice (which still counts) to the day of resumption (which does not).

    `resumed` None: still running. `reason` is shown to people in place of “特别程序”, in whatever language it was
    written; `article` is the law that stops the clock. Raises CalendarError.
    """

    suspended: date
    resumed: date | None = None
    reason: str = ""
    article: str = "行政许可法 第45条"

    def __post_init__(self) -> None:
        checked_date(self.suspended, "suspended")
        if self.resumed is not None and checked_date(self.resumed, "resumed") < self.suspended:
            raise CalendarError("calendars.suspension_backwards", position="resumed")

    @property
    def running(self) -> bool:
        """Whether it has not been resumed."""
        return self.resumed is None

    @property
    def window(self) -> Window:
        """The days that do not count; a running suspension has no end in sight."""
        return self.suspended, self.resumed or date.max

    def holds(self, day: date) -> bool:
        """Whether `day` does not count because of it."""
        start, end = self.window
        return start < day <= end


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same days in as few windows as possible, in order, empty ones left out."""
    result: list[Window] = []
    for start, end in sorted(window for window in windows if window[0] < window[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)
