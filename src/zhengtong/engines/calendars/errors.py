"""How the calendar engine refuses."""

from datetime import date, datetime

from zhengtong.engines.calendars.texts import TEXTS as CALENDAR_TEXTS
from zhengtong.engines.errors import EngineError


class CalendarError(EngineError):
    """A date, limit or clock that cannot be; `position` names the field or day at fault."""

    TEXTS = CALENDAR_TEXTS


def checked_date(value: object, field: str) -> date:
    """`value` if it is a plain date (a moment has no legal date until its time zone is settled)."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise CalendarError("calendars.not_a_date", position=field, field=field)
    return value


def checked_moment(value: object, field: str) -> datetime:
    """`value` if it is a moment with a time zone."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise CalendarError("calendars.not_a_moment", position=field, field=field)
    return value
