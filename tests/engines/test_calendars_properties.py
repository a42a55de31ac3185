"""What holds of every clock: counting never goes back, suspensions are a set of days, the ruler adds up."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhengtong.engines.calendars import (
    Clock,
    DerivedKind,
    Limit,
    Suspension,
    Unit,
    deemed_acceptance,
    derivation,
    last_day,
    package_calendar,
)
from zhengtong.engines.calendars.suspensions import merged

# A falsifying clock carries its whole calendar: without this, the warning about its length would hide the failure.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
CALENDAR = package_calendar()
DAY = timedelta(days=1)
STARTS = st.dates(date(2005, 1, 1), date(2024, 12, 31))
DAY_UNITS = st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY])
LIMITS = st.builds(Limit, st.integers(0, 60), DAY_UNITS) | st.builds(Limit, st.integers(0, 4), st.just(Unit.MONTH))


@st.composite
def clocks(draw: st.DrawFn, *, running: bool = False) -> Clock:
    start = draw(STARTS)
    stops = []
    for after, length in draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 30)), max_size=4)):
        begun = start + after * DAY
        stops.append(Suspension(begun, None if running and length == 0 else begun + length * DAY))
    return Clock(CALENDAR, start, draw(LIMITS), tuple(stops))


def counted_by_hand(clock: Clock, until: date) -> int:
    days = (clock.start + step * DAY for step in range(1, (until - clock.start).days + 1))
    return sum(CALENDAR.is_working(day) and not clock.suspended(day) for day in days)


@given(clocks(running=True), st.integers(0, 200))
@settings(max_examples=150)
def test_used_is_the_number_of_counted_days_and_never_decreases(clock: Clock, ahead: int) -> None:
    day = clock.start + ahead * DAY
    assert 0 <= clock.used(day - DAY) <= clock.used(day) <= clock.used(day - DAY) + 1
    if clock.limit.unit is Unit.WORKING_DAY:
        assert clock.used(day) == counted_by_hand(clock, day)


@given(clocks())
@settings(max_examples=200)
def test_the_deadline_is_where_the_limit_is_used_up(clock: Clock) -> None:
    deadline = clock.deadline
    assert deadline is not None
    assert clock.used(deadline) == clock.total
    assert clock.remaining(deadline) == 0
    red = clock.light_dates.red_on
    assert red is not None
    assert red > deadline
    assert clock.remaining(red - DAY) == 0
    assert clock.remaining(red) == -1


@given(clocks(running=True), st.integers(0, 120))
@settings(max_examples=150)
def test_the_ruler_counts_what_the_clock_uses(clock: Clock, ahead: int) -> None:
    until = clock.start + ahead * DAY
    days = derivation(clock, until)
    assert [day.date for day in days] == [clock.start + step * DAY for step in range(ahead + 1)]
    numbers = [day.number for day in days if day.number is not None]
    assert numbers == list(range(1, clock.used(until) + 1))
    assert sum(day.kind is DerivedKind.LAST for day in days) == (clock.deadline is not None and clock.deadline <= until)


@given(clocks(running=True), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_suspensions_are_order_independent(clock: Clock, chance: object) -> None:
    shuffled = list(clock.suspensions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Clock(clock.calendar, clock.start, clock.limit, tuple(shuffled))
    assert other.deadline == clock.deadline
    assert other.light_dates == clock.light_dates


@given(clocks(), st.integers(0, 60))
@settings(max_examples=100)
def test_a_suspension_never_brings_the_deadline_nearer(clock: Clock, after: int) -> None:
    begun = clock.start + after * DAY
    longer = Clock(clock.calendar, clock.start, clock.limit, (*clock.suspensions, Suspension(begun, begun + 9 * DAY)))
    assert longer.deadline is not None
    assert clock.deadline is not None
    assert longer.deadline >= clock.deadline


@given(clocks(running=True), st.integers(0, 200))
@settings(max_examples=150)
def test_lights_follow_what_remains(clock: Clock, ahead: int) -> None:
    day = clock.start + ahead * DAY
    remaining, threshold = clock.remaining(day), clock.light_rule.threshold(clock.total)
    expected = "red" if remaining < 0 else "yellow" if remaining <= threshold else "green"
    assert clock.light(day) == expected


@given(st.lists(st.tuples(STARTS, st.integers(0, 400)).map(lambda pair: (pair[0], pair[0] + pair[1] * DAY))))
def test_merging_is_idempotent_and_keeps_the_days(windows: list[tuple[date, date]]) -> None:
    once = merged(windows)
    assert merged(once) == once
    assert all(earlier[1] < later[0] for earlier, later in zip(once, once[1:], strict=False))
    for start, end in windows:
        assert start == end or any(left <= start and end <= right for left, right in once)


@given(STARTS, st.integers(0, 300))
def test_working_days_count_forward_and_back(start: date, number: int) -> None:
    end = CALENDAR.working_day_after(start, number)
    assert CALENDAR.working_days(start, end) == number
    assume(number > 0)
    assert CALENDAR.working_day_before(end + DAY, 1) == end
    assert CALENDAR.working_days(CALENDAR.working_day_before(end, number) - DAY, end - DAY) == number


@given(STARTS, LIMITS, st.integers(0, 30))
def test_a_longer_limit_or_a_later_start_never_ends_earlier(start: date, limit: Limit, more: int) -> None:
    end = last_day(CALENDAR, start, limit)
    added = more % 5 if limit.unit is Unit.MONTH else more
    assert last_day(CALENDAR, start, Limit(limit.number + added, limit.unit)) >= end
    assert last_day(CALENDAR, start + more * DAY, limit) >= end


@given(STARTS)
def test_silence_accepts_after_the_fifth_working_day_and_not_before(received: date) -> None:
    silence = deemed_acceptance(CALENDAR, received)
    assert CALENDAR.working_days(received, silence.last_day) == 5
    assert silence.from_instant.date() == silence.last_day + DAY
    assert silence.accepted_on == received
