"""Dates, times, zones and durations: what is read, what is reckoned, for every year there is."""

import datetime as dt
import zoneinfo
from decimal import Decimal

import pytest
from feel_reckoning import NOW, value, written
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.feel import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Run,
    Time,
    compile_expression,
    from_feel,
    to_feel,
)
from zhengtong.engines.feel.temporal.days import LONGEST_YEAR, day_number, day_of, week_of_year, weekday
from zhengtong.engines.feel.temporal.reading import read_date, read_date_time, read_duration, read_time

RECKONING = [
    ('@"2024-01-31" + @"P1M"', "2024-02-29"),
    ('@"2024-02-29" - @"P1Y"', "2023-02-28"),
    ('@"2024-02-29" + @"P1D"', "2024-03-01"),
    ('@"2024-03-01" - @"PT1H"', "2024-02-29"),  # a day is its midnight
    ('@"P1M" + @"2024-01-31"', "2024-02-29"),
    ('@"2024-03-01" - @"2024-02-01"', "P29D"),
    ('@"2024-03-01" + @"2024-02-01"', None),
    ('@"P1M" - @"2024-01-31"', None),
    ('@"2024-01-31T10:00:00" + @"P1M"', "2024-02-29T10:00:00"),
    ('@"2024-12-31T23:59:59" + @"PT1S"', "2025-01-01T00:00:00"),
    ('@"2024-01-02T00:00:00Z" - @"2024-01-01T23:00:00-01:00"', "PT0S"),
    ('@"2024-01-02T00:00:00" - @"2024-01-01T00:00:00Z"', None),  # one of them knows its place, the other not
    ('@"2024-01-02" - @"2024-01-01T00:00:00Z"', "P1D"),
    ('@"23:59:00" + @"PT2M"', "00:01:00"),
    ('@"10:00:00+08:00" - @"10:00:00Z"', "-PT8H"),
    ('@"10:00:00" - @"11:30:00"', "-PT1H30M"),
    ('@"PT1H" * 1.5', "PT1H30M"),
    ('@"P1Y" / 5', "P2M"),
    ('@"P1D" / @"PT6H"', "4"),
    ('@"P1D" + @"P1M"', None),
    ('-@"P1DT1H"', "-P1DT1H"),
    ('@"P1D" * 1e30', None),
    ('@"999999999-12-31" + @"P1D"', None),
    ('@"-999999999-01-01" - @"P1D"', None),
    ('@"2024-03-30T02:30:00@Europe/Paris" + @"P1D"', "2024-03-31T03:30:00@Europe/Paris"),  # an hour is skipped
    ('@"2024-10-26T12:00:00@Europe/Paris" + @"PT24H"', "2024-10-27T11:00:00@Europe/Paris"),
    ('(@"2024-07-01T12:00:00@Europe/Paris").time offset', "PT2H"),
    ('(@"2024-01-01T12:00:00@Europe/Paris").time offset', "PT1H"),
    ('(@"12024-07-01T12:00:00@Asia/Shanghai").time offset', "PT8H"),
    ('(@"-2024-07-01T12:00:00@Asia/Shanghai").timezone', "Asia/Shanghai"),
]


@pytest.mark.parametrize(("text", "expected"), RECKONING, ids=[text for text, _ in RECKONING])
def test_reckoning(text: str, expected: str | None) -> None:
    assert written(text) == expected


COMPARISONS = [
    ('@"2024-01-01" < @"2024-01-02"', True),
    ('@"-0001-01-01" < @"0001-01-01"', True),
    ('@"2024-01-01T10:00:00+08:00" = @"2024-01-01T02:00:00Z"', True),
    ('@"2024-01-01T10:00:00@Asia/Shanghai" = @"2024-01-01T02:00:00Z"', True),
    ('@"2024-01-01T10:00:00+08:00" < @"2024-01-01T02:00:01Z"', True),
    ('@"2024-01-01T10:00:00" <= @"2024-01-01T10:00:00+08:00"', True),  # without a place it is where the other is
    ('@"10:00:00+08:00" = @"02:00:00Z"', True),
    ('@"10:00:00.1" = @"10:00:00.2"', True),  # equality looks at seconds
    ('@"10:00:00.1" < @"10:00:00.2"', True),
    ('@"10:00:00@Europe/Paris" = @"10:00:00@Asia/Shanghai"', False),
    ('@"10:00:00@Europe/Paris" < @"10:00:00@Asia/Shanghai"', None),
    ('@"2024-01-01" = @"2024-01-01T00:00:00"', None),  # of two kinds
    ('@"P1D" = @"PT24H"', True),
    ('@"P12M" = @"P1Y"', True),
    ('@"P0D" = @"P0M"', None),
    ('@"PT24H" <= @"P1D"', True),
    ('@"2024-02-30" = null', True),
]


@pytest.mark.parametrize(("text", "expected"), COMPARISONS, ids=[text for text, _ in COMPARISONS])
def test_comparisons(text: str, expected: bool | None) -> None:
    assert value(text) is expected


PROPERTIES = [
    ('(@"2024-02-29").weekday', "4"),
    ('(@"2024-02-29T10:30:05.25+08:00").second', "5.25"),
    ('(@"2024-02-29T10:30:05").time offset', None),
    ('(@"10:30:05@Asia/Shanghai").timezone', "Asia/Shanghai"),
    ('(@"P1Y2M").months', "2"),
    ('(@"-P1Y2M").years', "-1"),
    ('(@"P1DT2H3M4.5S").seconds', "4.5"),
    ('(@"-PT90M").minutes', "-30"),
    ('(@"P1D").months', None),
    ('(@"2024-02-29").hour', None),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES, ids=[text for text, _ in PROPERTIES])
def test_properties(text: str, expected: str | None) -> None:
    assert written(text) == expected


@given(st.dates())
def test_days_are_those_of_the_calendar(date: dt.date) -> None:
    number = day_number(date.year, date.month, date.day)
    assert number == date.toordinal() - dt.date(1970, 1, 1).toordinal()
    assert day_of(number) == (date.year, date.month, date.day)
    assert weekday(number) == date.isoweekday()
    assert week_of_year(number) == date.isocalendar().week


@given(st.integers(-LONGEST_YEAR * 365, LONGEST_YEAR * 365))
def test_any_day_number_is_a_day(number: int) -> None:
    assert day_number(*day_of(number)) == number
    assert Date(*day_of(number)) == read_date(str(Date(*day_of(number))))


PLACES = st.none() | st.integers(-14 * 60, 14 * 60).map(lambda minutes: minutes * 60)
DATES = st.integers(-LONGEST_YEAR * 300, LONGEST_YEAR * 300).map(lambda number: Date(*day_of(number)))
CLOCK = (st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999_999_999))
TIMES = st.builds(Time, *CLOCK, PLACES, st.none())


@given(DATES, TIMES)
def test_what_is_written_is_read_again(date: Date, time: Time) -> None:
    assert read_time(str(time), None) == time
    assert read_date_time(f"{date}T{time}", None) == DateTime(date, time)


@given(st.integers(-(10**20), 10**20), st.integers(-(10**9), 10**9))
def test_durations_are_written_and_read(nanoseconds: int, months: int) -> None:
    assert read_duration(str(DaysDuration(nanoseconds))) == DaysDuration(nanoseconds)
    assert read_duration(str(MonthsDuration(months))) == MonthsDuration(months)


@given(DATES, TIMES, st.integers(-(10**18), 10**18))
def test_later_and_back_is_the_same_moment(date: Date, time: Time, nanoseconds: int) -> None:
    scope = {"moment": DateTime(date, time), "span": DaysDuration(nanoseconds)}
    assert value("is(moment + span - span, moment)", scope) is True
    assert value("moment + span - moment = span", scope) is True


@given(st.datetimes(timezones=st.sampled_from([None, dt.UTC, zoneinfo.ZoneInfo("Asia/Shanghai")])))
def test_pythons_moments_go_there_and_back(moment: dt.datetime) -> None:
    back = from_feel(to_feel(moment))
    assert isinstance(back, dt.datetime)
    assert back.replace(tzinfo=None) == moment.replace(tzinfo=None)
    assert back.utcoffset() == moment.utcoffset()


def test_zones_are_given_by_the_caller() -> None:
    here = compile_expression('@"2024-01-01T10:00:00@Asia/Shanghai" = @"2024-01-01T02:00:00Z"')
    assert here.evaluate({}, Run(NOW, zones=zoneinfo.ZoneInfo)) is True
    without = Run(NOW)
    assert here.evaluate({}, without) is False
    assert [problem.code for problem in without.diagnostics] == ["feel.literal"]
    assert compile_expression('@"10:00:00@Etc/UTC" = @"10:00:00Z"').evaluate({}, Run()) is True


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/localtime", "Europe", "", "A" * 200, "Europe/Paris\\0", "."]
)
def test_no_name_of_a_zone_reaches_files(name: str) -> None:
    assert value(f'time("10:00:00@{name}")') is None


def test_conversion_of_what_python_has_no_value_for() -> None:
    assert from_feel(value('@"12024-01-01"')) == "12024-01-01"
    assert from_feel(value('@"12024-01-01T00:00:00"')) == "12024-01-01T00:00:00"
    assert from_feel(value('@"P1Y"')) == "P1Y"
    assert from_feel(value('{a: [1, 1.5, @"PT1S", @"10:00:00"]}')) == {
        "a": [1, Decimal("1.5"), dt.timedelta(seconds=1), dt.time(10)]
    }
    assert to_feel(dt.timedelta(days=1, microseconds=1)) == DaysDuration(86_400_000_001_000)
