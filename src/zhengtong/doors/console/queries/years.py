"""What pages of the console are drawn from: the months of a calendar year."""

import calendar as weeks
import datetime as dt
from typing import Any

from django.utils.translation import get_language

from zhengtong.engines.calendars import Calendar, DayKind, day_off


def year_months(calendar: Calendar, year: int) -> list[dict[str, Any]]:
    """Twelve months as weeks of days {day, kind, name}, with the working days of each; Monday first."""
    return [_month(calendar, year, month) for month in range(1, 13)]


def _month(calendar: Calendar, year: int, month: int) -> dict[str, Any]:
    lines = [
        [_day(calendar, day) if day.month == month else None for day in week]
        for week in weeks.Calendar().monthdatescalendar(year, month)
    ]
    working = sum(1 for week in lines for day in week if day is not None and day["working"])
    return {"month": dt.date(year, month, 1), "weeks": lines, "working": working}


def _day(calendar: Calendar, day: dt.date) -> dict[str, Any]:
    kind = calendar.kind(day)
    return {
        "day": day,
        "kind": kind.value,
        "name": day_off(calendar.holiday(day), get_language() or ""),
        "working": kind in (DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY),
        "adjusted": kind is DayKind.ADJUSTED_WORKDAY,
    }


def year_figures(calendar: Calendar, year: int) -> dict[str, int]:
    """How many days of each kind a known year has."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    kinds = [calendar.kind(first + dt.timedelta(days=step)) for step in range((last - first).days + 1)]
    return {
        "working": sum(1 for kind in kinds if kind in (DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY)),
        "holidays": kinds.count(DayKind.HOLIDAY),
        "adjusted": kinds.count(DayKind.ADJUSTED_WORKDAY),
    }
