"""Clocks as rows: suspension, extension, deemed acceptance, entered years; every date from services.md and cases.md."""

import datetime as dt

import pytest

from zhengtong.engines.calendars import CalendarError, Limit, derivation
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.policy import ANONYMOUS, SYSTEM
from zhengtong.matters.deadlines import queries, services
from zhengtong.matters.deadlines.choices import ClockName

pytestmark = pytest.mark.django_db
SUBJECT = ("case", 1)
day = dt.date


def start(name: ClockName, on: dt.date, number: int) -> services.Dates:
    return services.start_clock(subject=SUBJECT, name=name, start_on=on, limit=Limit(number))


def test_a_suspension_moves_both_handling_clocks() -> None:
    """services.md §4.3, worked: accepted 2025-03-03, 20 wd, suspended 03-10, resumed 03-24 → 2025-04-15."""
    assert start(ClockName.LEGAL, day(2025, 3, 3), 20).due_on == day(2025, 3, 31)
    assert start(ClockName.PROMISE, day(2025, 3, 3), 10).due_on == day(2025, 3, 17)
    suspended = services.suspend_clocks(
        subject=SUBJECT,
        on=day(2025, 3, 10),
        kind="EXPERT_REVIEW",
        article="行政许可法 第45条",
        planned_days=10,
        reason="",
    )
    assert {dates.due_on for dates in suspended.values()} == {None}
    resumed = services.resume_clocks(subject=SUBJECT, on=day(2025, 3, 24))
    assert resumed[ClockName.LEGAL].due_on == day(2025, 4, 15)
    row = queries.clock_of(SUBJECT, ClockName.LEGAL)
    counted = queries.engine_clock(row, queries.suspensions_of(SUBJECT))
    assert counted.used(day(2025, 3, 24)) == 5
    numbers = [derived.number for derived in derivation(counted) if derived.number is not None]
    assert numbers == list(range(1, 21))


def test_a_second_suspension_waits_for_the_first() -> None:
    start(ClockName.LEGAL, day(2025, 3, 3), 20)
    stop = {"kind": "TESTING", "article": "行政许可法 第45条", "planned_days": 3, "reason": "检测"}
    services.suspend_clocks(subject=SUBJECT, on=day(2025, 3, 10), **stop)
    with pytest.raises(Conflict):
        services.suspend_clocks(subject=SUBJECT, on=day(2025, 3, 11), **stop)
    services.resume_clocks(subject=SUBJECT, on=day(2025, 3, 12))
    with pytest.raises(Conflict):
        services.resume_clocks(subject=SUBJECT, on=day(2025, 3, 13))


def test_an_extension_moves_the_legal_limit_alone_and_once() -> None:
    """S04: accepted by silence on 2025-09-25, legal 2025-10-29, extended on 10-20 → 2025-11-12."""
    assert start(ClockName.LEGAL, day(2025, 9, 25), 20).due_on == day(2025, 10, 29)
    promised = start(ClockName.PROMISE, day(2025, 9, 25), 10).due_on
    extend = {"subject": SUBJECT, "number": 10, "article": "行政许可法 第42条"}
    assert services.extend_clock(**extend, on=day(2025, 10, 20)).due_on == day(2025, 11, 12)
    assert queries.clock_of(SUBJECT, ClockName.PROMISE).due_on == promised
    with pytest.raises(CalendarError) as twice:
        services.extend_clock(**extend, on=day(2025, 10, 21))
    assert twice.value.code == "calendars.extension_twice"


def test_the_lights_of_the_worked_example() -> None:
    """services.md §4.5: promise 10 wd accepted 2025-03-03: yellow from 03-13, red from 03-18."""
    dates = start(ClockName.PROMISE, day(2025, 3, 3), 10)
    assert (dates.yellow_on, dates.red_on) == (day(2025, 3, 13), day(2025, 3, 18))


def test_a_stopped_clock_stays_as_it_was() -> None:
    start(ClockName.SERVE, day(2025, 3, 18), 10)
    clocks = services.Clocks(SUBJECT, Outgoing())
    clocks.stop(ClockName.SERVE, day(2025, 3, 19))
    clocks.send()
    clocks.stop_all(day(2025, 3, 21))
    clocks.send()
    row = queries.clock_of(SUBJECT, ClockName.SERVE)
    assert (row.state, row.stopped_on, row.due_on) == ("stopped", day(2025, 3, 19), day(2025, 4, 1))


def test_a_clock_that_was_never_started_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.clock_of(SUBJECT, ClockName.LEGAL)


def test_a_year_without_its_notice_is_refused_until_it_is_entered() -> None:
    with pytest.raises(CalendarError) as missing:
        start(ClockName.LEGAL, day(2026, 12, 21), 20)
    assert missing.value.code == "calendars.year_missing"
    notice = {"year": 2027, "holidays": {day(2027, 1, 1): "元旦"}, "workdays": frozenset(), "source": "试验用"}
    with pytest.raises(NotAllowed):
        services.enter_calendar_year(by=ANONYMOUS, **notice)
    services.enter_calendar_year(by=SYSTEM, **notice)
    assert start(ClockName.LEGAL, day(2026, 12, 21), 20).due_on == day(2027, 1, 19)
    assert [row.year for row in queries.entered_years()] == [2027]


def test_a_notice_that_contradicts_itself_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        services.enter_calendar_year(
            by=SYSTEM,
            year=2027,
            holidays={day(2027, 2, 6): "春节"},
            workdays=frozenset({day(2027, 2, 6)}),
            source="试验用",
        )
    ((path, code, sentence),) = refusal.value.errors
    assert (path, code) == ("workdays/2027-02-06", "calendars.notice_both")
    assert sentence
