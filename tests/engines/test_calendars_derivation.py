"""The day ruler: each day, counted or not, why, by which article."""

from datetime import date, timedelta
from timeit import repeat

import pytest

from zhengtong.engines.calendars import (
    CalendarError,
    Clock,
    DerivedDay,
    DerivedKind,
    Limit,
    Suspension,
    Unit,
    derivation,
    package_calendar,
)

CALENDAR = package_calendar()


def ruler(clock: Clock, until: date | None = None) -> dict[str, DerivedDay]:
    return {day.date.isoformat()[5:]: day for day in derivation(clock, until)}


def test_spring_festival_derivation_names_every_kind_of_day() -> None:
    days = ruler(Clock(CALENDAR, date(2025, 1, 20), Limit(20), article="行政许可法 第42条"))
    expected = {
        "01-20": (DerivedKind.START, None, "开始的当日不计入，从下一日起算", "民法典 第201条"),
        "01-21": (DerivedKind.COUNTED, 1, "第 1 个工作日", "行政许可法 第82条"),
        "01-25": (DerivedKind.REST, None, "周六，休息日不计入", "行政许可法 第82条"),
        "01-26": (
            DerivedKind.ADJUSTED_WORKDAY,
            5,
            "周日调休上班，第 5 个工作日",
            "国务院办公厅关于2025年部分节假日安排的通知",
        ),
        "01-29": (DerivedKind.HOLIDAY, None, "春节放假，不计入", "全国年节及纪念日放假办法"),
        "02-21": (DerivedKind.LAST, 20, "第 20 个工作日，期限的最后一日", "行政许可法 第42条"),
    }
    for day, (kind, number, text, article) in expected.items():
        assert (days[day].kind, days[day].number, days[day].text(), days[day].article) == (kind, number, text, article)
    assert days["01-29"].text("en") == "Holiday (Spring Festival), not counted"
    assert days["02-21"].text("en") == "Working day 20, the last day of the limit"
    assert list(days)[-1] == "02-21"


def test_suspended_days_tell_the_procedure() -> None:
    stop = Suspension(date(2025, 3, 10), date(2025, 3, 12), "检测")
    days = ruler(Clock(CALENDAR, date(2025, 3, 5), Limit(10), (stop,), article="承诺"))
    assert [days[day].kind for day in ("03-10", "03-11", "03-12", "03-13")] == [
        DerivedKind.COUNTED,
        DerivedKind.SUSPENDED,
        DerivedKind.SUSPENDED,
        DerivedKind.COUNTED,
    ]
    assert days["03-11"].text() == "检测，所需时间不计入"
    assert days["03-11"].article == "行政许可法 第45条"
    assert days["03-21"].kind is DerivedKind.LAST


def test_days_over_the_limit_are_told() -> None:
    days = ruler(Clock(CALENDAR, date(2025, 3, 3), Limit(5)), date(2025, 3, 12))
    assert days["03-12"].text() == "第 7 个工作日，已超期 2 个"
    assert days["03-12"].text("en") == "Working day 7, 2 over the limit"


def test_natural_days_show_where_they_moved() -> None:
    days = ruler(Clock(CALENDAR, date(2025, 3, 3), Limit(60, Unit.NATURAL_DAY)))
    assert days["05-01"].number == 59
    assert days["05-02"].kind is DerivedKind.HOLIDAY
    assert days["05-02"].text() == "期限的最后一日遇休假日（劳动节），顺延"
    assert days["05-02"].article == "民法典 第203条"
    assert (days["05-06"].kind, days["05-06"].number) == (DerivedKind.LAST, 60)
    assert days["03-08"].kind is DerivedKind.COUNTED


def test_other_laws_count_by_their_own_article() -> None:
    days = ruler(Clock(CALENDAR, date(2025, 3, 7), Limit(2), counting="行政复议法 第88条"))
    assert days["03-08"].article == days["03-10"].article == "行政复议法 第88条"


def test_an_open_deadline_must_say_how_far() -> None:
    running = Clock(CALENDAR, date(2025, 3, 5), Limit(10), (Suspension(date(2025, 3, 10)),))
    with pytest.raises(CalendarError, match="suspended") as refused:
        derivation(running)
    assert refused.value.code == "calendars.deadline_open"
    assert derivation(running, date(2025, 3, 20))[-1].kind is DerivedKind.SUSPENDED


def test_a_limit_of_nothing_ends_at_once() -> None:
    (only,) = derivation(Clock(CALENDAR, date(2025, 3, 3), Limit(0)))
    assert (only.kind, only.text()) == (DerivedKind.LAST, "期限为当日")


def test_nothing_before_the_start() -> None:
    assert derivation(Clock(CALENDAR, date(2025, 3, 3), Limit(5)), date(2025, 3, 2)) == ()


def test_too_long_a_span_is_refused() -> None:
    clock = Clock(CALENDAR, date(2025, 3, 3), Limit(5))
    with pytest.raises(CalendarError) as refused:
        derivation(clock, clock.start + timedelta(days=40_000))
    assert refused.value.code == "calendars.span"


def test_twenty_working_days_are_derived_well_under_a_millisecond() -> None:
    stop = (Suspension(date(2025, 3, 10), date(2025, 3, 24)),)
    best = min(repeat(lambda: derivation(Clock(CALENDAR, date(2025, 3, 3), Limit(20), stop)), number=50, repeat=5))
    assert best / 50 < 0.001
