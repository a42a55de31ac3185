"""The calendar that comes with the package: 2004 to the last year of the pinned `chinesecalendar`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays

from zhengtong.engines.calendars.years import Calendar, YearNotice

_NAMES = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.national_day.value: "国庆节",
    Holiday.anti_fascist_70th_day.value: "抗战胜利日",
}


@cache
def package_calendar() -> Calendar:
    """Every year the package knows; later years are added from their notices with `Calendar.add`."""
    off = _by_year(holidays)
    worked = _by_year(workdays)
    return Calendar({year: _notice(year, days, worked[year]) for year, days in off.items()})


def _by_year(days: Iterable[date]) -> defaultdict[int, list[date]]:
    years: defaultdict[int, list[date]] = defaultdict(list)
    for day in days:
        years[day.year].append(day)
    return years


def _notice(year: int, off: list[date], worked: list[date]) -> YearNotice:
    named = {day: _NAMES[holidays[day]] for day in off}
    return YearNotice(year, named, frozenset(worked), f"国务院办公厅关于{year}年部分节假日安排的通知")
