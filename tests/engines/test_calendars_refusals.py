"""What the calendar engine refuses: years without data, unlawful clocks, hostile input; each with its way out."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.calendars import (
    Calendar,
    CalendarError,
    Clock,
    ClockKind,
    LightRule,
    Limit,
    OfficeHours,
    Suspension,
    Unit,
    YearNotice,
    derivation,
    entered_on,
    last_day,
    last_moment,
    package_calendar,
    received_on,
)
from zhengtong.engines.calendars import errors as calendar_errors
from zhengtong.engines.calendars.texts import DAY_TEXTS, TEXTS

CALENDAR = package_calendar()
START = date(2025, 3, 3)


def refused(job: Callable[[], object]) -> CalendarError:
    with pytest.raises(CalendarError) as caught:
        job()
    return caught.value


def answer(job: Callable[[], object]) -> object:
    """What `job` answers or the CalendarError it refuses with; anything else is a failure."""
    try:
        return job()
    except CalendarError as error:
        return error


def test_a_year_without_data_is_refused_with_the_way_to_enter_it() -> None:
    error = refused(lambda: last_day(CALENDAR, date(2026, 12, 20), Limit(20)))
    assert (error.code, error.position) == ("calendars.year_missing", "2027")
    assert "年度日历" in error.text()
    assert "Console → Calendar years" in error.text("en")


@pytest.mark.parametrize(
    "job",
    [
        lambda: CALENDAR.kind(date(2003, 5, 1)),
        lambda: CALENDAR.working_days(date(2026, 12, 30), date(2027, 1, 4)),
        lambda: CALENDAR.working_day_before(date(2004, 1, 1), 1),
        lambda: last_day(CALENDAR, date(2026, 12, 31), Limit(1)),
        lambda: last_day(CALENDAR, date(2026, 6, 30), Limit(12, Unit.MONTH)),
        lambda: last_day(CALENDAR, START, Limit(36_600)),
        lambda: Clock(CALENDAR, date(2026, 12, 1), Limit(10)).used(date(2027, 3, 1)),
        lambda: derivation(Clock(CALENDAR, date(2026, 12, 1), Limit(10)), date(2027, 1, 4)),
    ],
)
def test_no_year_is_ever_guessed(job: Callable[[], object]) -> None:
    assert refused(job).code == "calendars.year_missing"


def test_days_known_in_the_last_year_need_no_next_year() -> None:
    assert last_day(CALENDAR, date(2026, 12, 30), Limit(1)) == date(2026, 12, 31)
    assert CALENDAR.working_days(date(2026, 12, 31), date(2026, 12, 31)) == 0


def test_a_notice_entered_makes_its_year_countable() -> None:
    notice = YearNotice(2027, {date(2027, 1, 1): "元旦"}, frozenset({date(2027, 1, 9)}), "国办发明电〔2026〕1号")
    later = CALENDAR.add(notice)
    assert last_day(later, date(2026, 12, 31), Limit(6)) == date(2027, 1, 9)
    assert not CALENDAR.knows(2027)
    assert refused(lambda: later.add(notice)).code == "calendars.year_exists"
    corrected = later.add(YearNotice(2027, {date(2027, 1, 1): "元旦"}), replace=True)
    assert not corrected.is_working(date(2027, 1, 9))


def test_a_notice_may_reach_into_the_december_before() -> None:
    notice = YearNotice(2027, {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦"})
    assert not CALENDAR.add(notice).is_working(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("job", "code"),
    [
        (lambda: YearNotice(2027, {date(2028, 1, 1): "元旦"}), "calendars.notice_day"),
        (lambda: YearNotice(2027, {date(2026, 11, 30): "元旦"}), "calendars.notice_day"),
        (lambda: YearNotice(2027, {date(2027, 1, 1): ""}, frozenset({date(2027, 1, 1)})), "calendars.notice_both"),
        (lambda: YearNotice(2027, {}), "calendars.notice_empty"),
        (lambda: YearNotice(2027, None), "calendars.notice_empty"),  # type: ignore[arg-type]
        (lambda: YearNotice(2027, {"2027-01-01": "元旦"}), "calendars.not_a_date"),  # type: ignore[dict-item]
        (lambda: YearNotice(20270, {}), "calendars.year_range"),
        (lambda: YearNotice(True, {}), "calendars.year_range"),
        (lambda: Calendar({2026: CALENDAR.years[2025]}), "calendars.year_mismatch"),
        (lambda: Limit(-1), "calendars.limit_number"),
        (lambda: Limit(10**30), "calendars.limit_number"),
        (lambda: Limit(True), "calendars.limit_number"),
        (lambda: Limit("5"), "calendars.limit_number"),  # type: ignore[arg-type]
        (lambda: Limit(5, "week"), "calendars.limit_unit"),  # type: ignore[arg-type]
        (lambda: last_day(CALENDAR, START, Limit(5, Unit.HOUR)), "calendars.limit_hours"),
        (lambda: last_day(CALENDAR, None, Limit(5)), "calendars.not_a_date"),  # type: ignore[arg-type]
        (lambda: last_day(CALENDAR, datetime(2025, 3, 3), Limit(5)), "calendars.not_a_date"),
        (lambda: last_day(CALENDAR, date(9999, 1, 1), Limit(36_600, Unit.NATURAL_DAY)), "calendars.date_range"),
        (lambda: last_day(CALENDAR, date(9999, 1, 1), Limit(12, Unit.MONTH)), "calendars.date_range"),
        (lambda: last_moment(CALENDAR, datetime(2025, 3, 3), Limit(5)), "calendars.not_a_moment"),
        (lambda: entered_on(datetime(2025, 3, 3)), "calendars.not_a_moment"),
        (lambda: received_on(CALENDAR, "2025-03-03"), "calendars.not_a_moment"),  # type: ignore[arg-type]
        (lambda: OfficeHours(closes=OfficeHours().opens), "calendars.office_hours"),
        (lambda: Suspension(START, date(2025, 3, 2)), "calendars.suspension_backwards"),
        (lambda: Clock(CALENDAR, START, Limit(5, Unit.HOUR)), "calendars.limit_hours"),
        (
            lambda: Clock(CALENDAR, START, Limit(5), (Suspension(date(2025, 3, 2), START),)),
            "calendars.suspension_before_start",
        ),
        (lambda: Clock(CALENDAR, START, Limit(5), (Suspension(START),) * 201), "calendars.suspensions_many"),
        (lambda: Clock(CALENDAR, START, Limit(5)).suspend(START).suspend(START), "calendars.suspension_running"),
        (lambda: Clock(CALENDAR, START, Limit(5)).resume(START), "calendars.suspension_missing"),
        (
            lambda: Clock(CALENDAR, START, Limit(5), kind=ClockKind.PROMISE).extend(1, START),
            "calendars.extension_promise",
        ),
        (lambda: Clock(CALENDAR, START, Limit(5)).extend(1, date(2025, 3, 11)), "calendars.extension_late"),
        (lambda: Clock(CALENDAR, START, Limit(5)).extend(1, date(2025, 3, 2)), "calendars.extension_early"),
        (lambda: LightRule(Decimal("1.1")), "calendars.light_rule"),
        (lambda: LightRule(Decimal("NaN")), "calendars.light_rule"),
        (lambda: LightRule(0.2), "calendars.light_rule"),  # type: ignore[arg-type]
        (lambda: LightRule(minimum=-1), "calendars.light_rule"),
    ],
)
def test_refusals(job: Callable[[], object], code: str) -> None:
    error = refused(job)
    assert error.code == code
    assert error.position
    assert "{" not in error.text() + error.text("en")


def test_an_extension_on_the_last_day_is_in_time() -> None:
    assert Clock(CALENDAR, START, Limit(5)).extend(5, date(2025, 3, 10)).deadline == date(2025, 3, 17)


ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=50) | st.dates() | st.datetimes() | st.floats()


@given(ANYTHING, ANYTHING, st.sampled_from(Unit))
def test_whatever_is_given_either_counts_or_is_refused(start: object, number: object, unit: Unit) -> None:
    end = answer(lambda: last_day(CALENDAR, start, Limit(number, unit)))  # type: ignore[arg-type]
    assert end.position if isinstance(end, CalendarError) else end >= start  # type: ignore[operator]


@given(st.dates(), st.integers(0, 500), st.lists(st.tuples(st.dates(), st.none() | st.dates()), max_size=4), st.dates())
def test_any_clock_either_answers_or_is_refused(
    start: date, number: int, stops: list[tuple[date, date | None]], until: date
) -> None:
    clock = answer(lambda: Clock(CALENDAR, start, Limit(number), tuple(Suspension(*stop) for stop in stops)))
    if isinstance(clock, Clock):
        deadline, days = answer(lambda: clock.deadline), answer(lambda: derivation(clock, until))
        assert deadline is None or isinstance(deadline, CalendarError) or deadline >= start  # type: ignore[operator]
        assert isinstance(days, CalendarError) or len(days) == max((until - start).days + 1, 0)  # type: ignore[arg-type]


def test_every_text_is_in_both_languages() -> None:
    for texts in (TEXTS, DAY_TEXTS):
        assert all(set(sentence) == {"zh-hans", "en"} for sentence in texts.values())


def test_every_code_raised_has_its_text() -> None:
    import re

    folder = Path(calendar_errors.__file__).parent
    raised = {code for file in folder.glob("*.py") for code in re.findall(r'"(calendars\.[a-z_]+)"', file.read_text())}
    assert raised == set(TEXTS)
