"""The package calendar beside an independent transcription of the State Council's notices, day by day."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from zhengtong.engines.calendars import DayKind, YearNotice, package_calendar

pytestmark = pytest.mark.conformance


def transcribed(folder: Path) -> dict[date, bool]:
    """Day → whether it is off, for every day any notice names."""
    files = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("20*.json")))
    return {date.fromisoformat(day["date"]): day["isOffDay"] for file in files for day in file["days"]}


def test_every_day_from_2007_to_2026_agrees(shared_data: Path) -> None:
    named = transcribed(shared_data / "holidays")
    calendar = package_calendar()
    day, compared = date(2007, 1, 1), 0
    while day.year < 2027:
        off = named.get(day, day.weekday() >= 5)
        assert calendar.is_working(day) is not off, day
        day, compared = day + timedelta(days=1), compared + 1
    assert compared == 7305


def test_notices_entered_by_hand_make_the_same_calendar(shared_data: Path) -> None:
    named = transcribed(shared_data / "holidays")
    ours = package_calendar()
    for year in range(2024, 2027):
        off = {day: "放假" for day, is_off in named.items() if is_off and day.year == year}
        worked = frozenset(day for day, is_off in named.items() if not is_off and day.year == year)
        entered = ours.add(YearNotice(year, off, worked, "通知"), replace=True)
        day = date(year, 1, 1)
        while day.year == year:
            assert entered.is_working(day) is ours.is_working(day), day
            day += timedelta(days=1)


def test_2026_has_33_days_off_and_six_worked_weekend_days(shared_data: Path) -> None:
    named = transcribed(shared_data / "holidays")
    assert sum(off for day, off in named.items() if day.year == 2026) == 33
    worked = {day for day in named if day.year == 2026 and package_calendar().kind(day) is DayKind.ADJUSTED_WORKDAY}
    assert {day.strftime("%m-%d") for day in worked} == {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}


def test_a_year_whose_notice_is_not_out_is_empty_and_unknown(shared_data: Path) -> None:
    assert not any(day.year == 2027 for day in transcribed(shared_data / "holidays"))
    assert not package_calendar().knows(2027)
