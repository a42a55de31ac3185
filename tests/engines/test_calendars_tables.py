"""Every dated example of the domain: working days, limits, clocks, receipts (2025 calendar)."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from zhengtong.engines.calendars import (
    CHINA,
    CalendarError,
    Card,
    Clock,
    ClockKind,
    DayKind,
    Light,
    LightRule,
    Limit,
    OfficeHours,
    Suspension,
    Unit,
    card_dates,
    deemed_acceptance,
    entered_on,
    last_day,
    last_moment,
    package_calendar,
    received_on,
)

CALENDAR = package_calendar()
WD, ND, MONTH, HOUR = Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.MONTH, Unit.HOUR


def on(text: str) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"2025-{text}")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-{text}").replace(tzinfo=CHINA)


def clock(start: str, number: int, unit: Unit = WD, *, suspensions: tuple[tuple[str, str | None], ...] = ()) -> Clock:
    stops = tuple(Suspension(on(stop), resumed and on(resumed)) for stop, resumed in suspensions)
    return Clock(CALENDAR, on(start), Limit(number, unit), stops)


@pytest.mark.parametrize(
    ("start", "number", "unit", "last"),
    [
        ("01-20", 5, WD, "01-26"),
        ("01-20", 20, WD, "02-21"),
        ("04-25", 5, WD, "05-06"),
        ("04-25", 20, WD, "05-27"),
        ("06-03", 20, WD, "07-01"),
        ("09-15", 10, WD, "09-28"),
        ("09-15", 20, WD, "10-17"),
        ("09-15", 30, WD, "10-31"),
        ("09-26", 5, WD, "10-10"),
        ("03-03", 45, WD, "05-08"),
        ("03-03", 60, WD, "05-29"),
        ("03-03", 60, ND, "05-06"),
        ("08-31", 6, MONTH, "2026-02-28"),
        # S01, S03–S07
        ("04-25", 3, WD, "04-29"),
        ("03-03", 5, WD, "03-10"),
        ("03-05", 10, WD, "03-19"),
        ("03-05", 20, WD, "04-02"),
        ("03-18", 10, WD, "04-01"),
        ("09-25", 20, WD, "10-29"),
        ("09-25", 30, WD, "11-12"),
        ("03-03", 20, WD, "03-31"),
        ("03-03", 1, WD, "03-04"),
        ("03-04", 1, WD, "03-05"),
        ("03-10", 5, WD, "03-17"),
        ("03-14", 20, WD, "04-14"),
        # S08, S11–S15, S17, S24
        ("03-10", 20, WD, "04-08"),
        ("03-10", 40, WD, "05-08"),
        ("03-10", 7, WD, "03-19"),
        ("03-21", 20, WD, "04-21"),
        ("03-21", 40, WD, "05-21"),
        ("03-24", 15, WD, "04-15"),
        ("06-09", 2, WD, "06-11"),
        ("09-30", 3, WD, "10-11"),
        ("09-01", 30, ND, "10-09"),
        ("04-25", 10, WD, "05-13"),
        ("06-03", 30, WD, "07-15"),
        ("06-03", 45, WD, "08-05"),
        ("03-03", 15, WD, "03-24"),
        # petitions
        ("03-03", 15, ND, "03-18"),
        ("03-03", 90, ND, "06-03"),
        # month ends
        ("01-31", 1, MONTH, "02-28"),
        ("2024-01-31", 1, MONTH, "2024-02-29"),
        ("2024-12-31", 2, MONTH, "2025-02-28"),
        ("03-03", 0, WD, "03-03"),
        ("03-01", 0, ND, "03-01"),
    ],
)
def test_last_day(start: str, number: int, unit: Unit, last: str) -> None:
    assert last_day(CALENDAR, on(start), Limit(number, unit)) == on(last)
    assert clock(start, number, unit).deadline == on(last)


def test_2025_holidays_and_working_weekends() -> None:
    off = [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02")]
    for first, last in [*off, ("10-01", "10-08")]:
        day = on(first).toordinal()
        while day <= on(last).toordinal():
            assert CALENDAR.kind(date.fromordinal(day)) is DayKind.HOLIDAY
            day += 1
    for worked in ("01-26", "02-08", "04-27", "09-28", "10-11"):
        assert CALENDAR.kind(on(worked)) is DayKind.ADJUSTED_WORKDAY
    assert CALENDAR.kind(on("03-08")) is DayKind.REST
    assert CALENDAR.kind(on("03-10")) is DayKind.WORKDAY


@pytest.mark.parametrize(
    ("day", "back", "found"),
    [
        ("10-10", 1, "10-09"),
        ("10-10", 3, "09-29"),
        ("04-10", 7, "03-31"),
        ("10-10", 0, "10-10"),
        ("01-02", 1, "2024-12-31"),
    ],
)
def test_counting_back(day: str, back: int, found: str) -> None:
    assert CALENDAR.working_day_before(on(day), back) == on(found)


def test_leave_from_26_september_to_10_october_takes_six_working_days() -> None:
    assert CALENDAR.working_days(on("09-25"), on("10-10")) == 6


def test_worked_suspension() -> None:
    running = clock("03-03", 20, suspensions=(("03-10", "03-24"),))
    assert running.used(on("03-10")) == running.used(on("03-24")) == 5
    assert CALENDAR.working_days(on("03-10"), on("03-24")) == 10
    assert running.deadline == on("04-15")
    assert running.remaining(on("03-24")) == 15


def test_two_overlapping_suspensions_are_one() -> None:
    split = clock("03-03", 20, suspensions=(("03-10", "03-18"), ("03-14", "03-24")))
    assert split.deadline == on("04-15")
    nested = clock("03-03", 20, suspensions=(("03-10", "03-24"), ("03-12", "03-14")))
    assert nested.deadline == on("04-15")
    touching = clock("03-03", 20, suspensions=(("03-10", "03-14"), ("03-14", "03-24")))
    assert touching.deadline == on("04-15")


def test_s03_food_licence() -> None:
    testing = (("03-10", "03-12"),)
    assert clock("03-05", 10, suspensions=testing).deadline == on("03-21")
    legal = clock("03-05", 20, suspensions=testing)
    assert legal.deadline == on("04-07")
    assert legal.used(on("03-18")) == 7


def test_s01_qualification() -> None:
    promise = clock("04-25", 3)
    assert promise.used(on("04-28")) == 2
    assert promise.light(on("04-27")) is Light.GREEN
    assert promise.light(on("04-28")) is Light.YELLOW
    assert clock("04-25", 20).deadline == on("05-27")


def test_s04_deemed_acceptance_and_extension() -> None:
    silence = deemed_acceptance(CALENDAR, on("09-25"))
    assert (silence.accepted_on, silence.last_day) == (on("09-25"), on("10-09"))
    assert not silence.reached(at("10-09T23:59:59"))
    assert silence.reached(at("10-10T00:00:00"))
    legal = clock("09-25", 20)
    extended = legal.extend(10, on("10-20"))
    assert extended.deadline == on("11-12")
    with pytest.raises(CalendarError, match="once") as refused:
        extended.extend(10, on("10-21"))
    assert refused.value.code == "calendars.extension_twice"
    promise = Clock(CALENDAR, on("09-25"), Limit(10), kind=ClockKind.PROMISE)
    cards = card_dates(promise.light_dates, extended.light_dates)
    assert promise.deadline == on("10-15")
    assert [cards.card(on(day)) for day in ("10-15", "10-16", "11-12", "11-13")] == [
        Card.NONE,
        Card.YELLOW,
        Card.YELLOW,
        Card.RED,
    ]
    assert cards.card(on("10-16"), yellow_cards_before=1) is Card.RED


def test_s05_silent_department_is_red_the_day_after() -> None:
    silent = clock("03-03", 20)
    assert silent.light(on("03-31")) is Light.YELLOW
    assert silent.light_dates.red_on == on("04-01")
    assert clock("03-03", 45).extend(15, on("05-08")).deadline == on("05-29")


def test_s11_disclosure_with_third_party() -> None:
    assert clock("03-21", 20, suspensions=(("03-24", "04-08"),)).deadline == on("05-07")


def test_lights_of_a_ten_day_promise() -> None:
    promise = clock("03-03", 10)
    assert (promise.light_dates.yellow_on, promise.light_dates.red_on) == (on("03-13"), on("03-18"))
    assert promise.remaining(on("03-12")) == 3
    assert [promise.light(on(day)) for day in ("03-12", "03-13", "03-17", "03-18")] == [
        Light.GREEN,
        Light.YELLOW,
        Light.YELLOW,
        Light.RED,
    ]
    assert promise.light(on("04-30"), closed_on=on("03-12")) is Light.GREEN


@pytest.mark.parametrize(
    ("total", "days"), [(0, 1), (1, 1), (3, 1), (5, 1), (6, 2), (10, 2), (15, 3), (20, 4), (45, 9)]
)
def test_yellow_threshold(total: int, days: int) -> None:
    assert LightRule().threshold(total) == days


def test_light_rule_is_configurable() -> None:
    early = Clock(CALENDAR, on("03-03"), Limit(10), light_rule=LightRule(Decimal("0.5"), 3))
    assert early.light_dates.yellow_on == on("03-10")


def test_a_running_suspension_leaves_the_deadline_open() -> None:
    running = clock("03-05", 10).suspend(on("03-10"), reason="检测")
    assert running.deadline is None
    assert running.light_dates.red_on is None
    assert running.used(on("06-30")) == 3
    assert running.deadline_if_resumed(on("03-12")) == on("03-21")
    assert running.resume(on("03-12")).deadline == on("03-21")


def test_a_limit_used_up_before_a_suspension_keeps_its_deadline() -> None:
    late = clock("03-03", 5, suspensions=(("03-12", None),))
    assert late.deadline == on("03-10")
    assert late.light(on("03-11")) is Light.RED


def test_a_limit_suspended_on_its_last_day_ends_on_resumption() -> None:
    assert clock("03-03", 5, suspensions=(("03-10", "03-20"),)).deadline == on("03-20")


def test_natural_days_suspended_and_rolled() -> None:
    petition = clock("03-03", 60, ND, suspensions=(("03-10", "03-15"),))
    assert petition.deadline == on("05-07")
    rolled = clock("03-03", 60, ND)
    assert rolled.rolled_from == on("05-02")
    assert rolled.used(on("05-05")) == 59
    assert rolled.used(on("05-06")) == 60
    assert rolled.light_dates.red_on == on("05-07")


def test_natural_days_suspended_while_rolling() -> None:
    begun = clock("03-03", 60, ND, suspensions=(("05-03", "05-20"),))
    assert begun.deadline == on("05-21")
    assert begun.used(begun.deadline) == 60
    last_day_itself = clock("03-03", 60, ND, suspensions=(("05-06", "05-10"),))
    assert last_day_itself.deadline == on("05-12")
    assert last_day_itself.remaining(on("05-12")) == 0
    assert last_day_itself.light_dates.red_on == on("05-13")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("04-25T10:00", "04-25"),
        ("04-25T07:00", "04-25"),
        ("04-25T17:00", "04-25"),
        ("04-25T17:01", "04-27"),
        ("04-26T10:00", "04-27"),
        ("04-30T23:59", "05-06"),
        ("05-02T10:00", "05-06"),
    ],
)
def test_off_hours_receipt(moment: str, day: str) -> None:
    assert received_on(CALENDAR, at(moment)) == on(day)
    assert received_on(CALENDAR, at(moment), offhours_next_working_day=False) == at(moment).date()


def test_office_hours_are_configurable() -> None:
    late = OfficeHours(time(8, 30), time(20))
    assert received_on(CALENDAR, at("04-25T19:00"), hours=late) == on("04-25")


def test_the_day_of_entry_is_that_of_china() -> None:
    assert entered_on(datetime.fromisoformat("2025-03-03T16:00:00+00:00")) == on("03-04")


def test_hours_run_from_the_moment() -> None:
    opened = at("06-09T08:00")
    assert last_moment(CALENDAR, opened, Limit(2, HOUR)) == at("06-09T10:00")
    assert last_moment(CALENDAR, opened, Limit(24, HOUR)) == at("06-10T08:00")
    pauses = ((at("06-09T09:00"), at("06-09T12:00")), (at("06-09T11:00"), at("06-09T13:00")))
    assert last_moment(CALENDAR, opened, Limit(2, HOUR), pauses=pauses) == at("06-09T14:00")


def test_days_end_at_midnight_or_at_close_of_business() -> None:
    assert last_moment(CALENDAR, at("03-03T10:00"), Limit(5)) == at("03-11T00:00")
    assert last_moment(CALENDAR, at("03-03T10:00"), Limit(5), closes=time(17)) == at("03-10T17:00")
