"""The legal day of what comes in: office hours, entry into the system, acceptance by silence."""

from dataclasses import dataclass
from datetime import date, datetime, time

from zhengtong.engines.calendars.errors import CalendarError, checked_date, checked_moment
from zhengtong.engines.calendars.limits import CHINA, Limit, end_of, last_day
from zhengtong.engines.calendars.years import Calendar

CORRECTION_NOTICE = Limit(5)
"""Five working days to ask for corrections (行政许可法 第32条)."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The time of a working day when an office receives: it opens and it closes, in UTC+8."""

    opens: time = time(9)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise CalendarError("calendars.office_hours", position="closes")


@dataclass(frozen=True, slots=True)
class DeemedAcceptance:
    """Acceptance by silence: counted from the day of receipt, in force from the first instant after `last_day`."""

    accepted_on: date
    last_day: date
    from_instant: datetime

    def reached(self, moment: datetime) -> bool:
        """Whether the application counts as accepted at `moment`."""
        return checked_moment(moment, "moment") >= self.from_instant


def received_on(
    calendar: Calendar, moment: datetime, *, hours: OfficeHours | None = None, offhours_next_working_day: bool = True
) -> date:
    """The day an online submission counts as received (clock.offhours_next_wd).

    After closing and on days off it is the next working day; before opening it is the same day, when the office
    opens. With the setting off, or for the applicant's own limits, it is the day of entry itself (`entered_on`).
    """
    day = entered_on(moment)
    if not offhours_next_working_day:
        return day
    closes = (hours or OfficeHours()).closes
    if moment.astimezone(CHINA).time() > closes:
        return calendar.working_day_after(day, 1)
    return calendar.roll(day)


def entered_on(moment: datetime) -> date:
    """The day of entry into the system, which counts for the applicant's own limits (电子签名法 第11条)."""
    return checked_moment(moment, "moment").astimezone(CHINA).date()


def deemed_acceptance(calendar: Calendar, received: date, limit: Limit = CORRECTION_NOTICE) -> DeemedAcceptance:
    """When an application received on a day counts as accepted if nobody says anything (行政许可法 第32条)."""
    last = last_day(calendar, checked_date(received, "received"), limit)
    return DeemedAcceptance(received, last, end_of(last))
