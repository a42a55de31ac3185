"""Timers of processes: on the day and not before, once whatever happens, many at once and failing ones beside them."""

import datetime as dt
import time
from typing import Any

import pytest

from factories import cases as made
from faults.house import at_once
from zhengtong.engines.calendars import CalendarError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger import tasks as ledger_tasks
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services import papers
from zhengtong.matters.deadlines.queries import clock_of
from zhengtong.matters.workflow import tasks
from zhengtong.matters.workflow.models import Timer
from zhengtong.matters.workflow.queries import open_task


def at(text: str) -> Any:
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


@pytest.fixture
def answers(world: made.World) -> dict[str, Any]:
    return made.answers(world.applicant)


def submit(world: made.World, answers: Any) -> Case:
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    return Case.objects.get(id=receipt.case_id)


def kinds(case: Case) -> list[str]:
    return [entry.type for entry in ledger.timeline(("case", case.id))]


def test_s04_silence_is_acceptance_and_one_extension(world: made.World, answers: Any) -> None:
    """Received on 25 September; the fifth working day, with a Sunday worked and the holidays, is 9 October."""
    with at("2025-09-25 11:00"):
        case = submit(world, answers)
    subject = ("case", case.id)
    assert clock_of(subject, "correction_notice").due_on == dt.date(2025, 10, 9)
    with at("2025-10-09 23:59:59"):
        assert tasks.fire_due_timers() == 0
        assert Case.objects.get().state == "RECEIVED"
    with at("2025-10-10 00:00:00"):
        assert tasks.fire_due_timers() == 1
        assert tasks.fire_due_timers() == 0
    case.refresh_from_db()
    assert (case.state, case.accepted_on, case.legal_due) == ("ACCEPTED", dt.date(2025, 9, 25), dt.date(2025, 10, 29))
    accepted = Event.objects.get(type="case.deem_accepted")
    assert clock.local(accepted.effective_at).date() == dt.date(2025, 9, 25)
    assert clock.local(accepted.recorded_at).date() == dt.date(2025, 10, 10)
    with at("2025-10-20 10:00"):
        task = open_task("case", case.id)
        assert task is not None
        services.take_task(by=world.reviewer, task_id=task.id)
        services.extend_case(by=world.head, case_id=case.id, reason="现场核查需要更多时间")
        case.refresh_from_db()
        assert (case.legal_due, clock_of(subject, "legal").due_on) == (dt.date(2025, 11, 12), dt.date(2025, 11, 12))
        assert case.promise_due == clock_of(subject, "promise").due_on == dt.date(2025, 10, 15)
        with pytest.raises(CalendarError) as second:
            services.extend_case(by=world.head, case_id=case.id, reason="还需要更多时间")
    assert second.value.code == "calendars.extension_twice"
    case.refresh_from_db()
    assert case.legal_due == dt.date(2025, 11, 12)
    assert kinds(case).count("case.extend") == kinds(case).count("case.act.refused") == 1


def test_many_wake_the_same_timer_and_it_fires_once(world: made.World, answers: Any) -> None:
    """As when a server dies and another starts while the first still has the row in hand."""
    with at("2025-09-25 11:00"):
        case = submit(world, answers)
    at_once([tasks.fire_due_timers for _ in range(8)])
    assert kinds(case).count("case.deem_accepted") == 1
    assert Timer.objects.exclude(fired_at=None).count() == 1
    assert Timer.objects.filter(attempts__gt=0).count() == 0


class Killed(BaseException):
    """The process dies: nothing after it runs."""


def test_a_server_that_dies_while_it_fires_leaves_the_timer_to_the_next(
    world: made.World, answers: Any, monkeypatch: Any
) -> None:
    with at("2025-09-25 11:00"):
        case = submit(world, answers)

    def dies(**_given: Any) -> None:
        usual(**_given)
        raise Killed

    usual = tasks.services.fire
    with monkeypatch.context() as during:
        during.setattr(tasks.services, "fire", dies)
        with pytest.raises(Killed):
            tasks.fire_due_timers()
    assert sorted(kinds(case)) == ["case.receive", "case.ruled", "case.submit"]
    assert tasks.fire_due_timers() == 1
    assert kinds(case).count("case.deem_accepted") == 1


def test_many_due_at_once_are_taken_in_bounded_rounds(world: made.World, answers: Any, monkeypatch: Any) -> None:
    """Every round ends, so that between two the outbox is served and people come to their turn; the oldest first."""
    monkeypatch.setattr(papers, "draw_notice", lambda notice: None)
    with at("2025-09-25 11:00"):
        cases = [submit(world, answers) for _ in range(260)]
    rounds, told = [], []
    with at("2025-10-10 08:00"):
        while fired := tasks.fire_due_timers():
            rounds.append(fired)
            told.append(ledger_tasks.run_once()[0])
            submit(world, answers)  # somebody acts meanwhile
    assert rounds == [100, 100, 60]
    assert all(sealed is not None and sealed.sealed for sealed in told)
    assert Case.objects.filter(state="ACCEPTED").count() == len(cases)


def test_timers_that_fail_keep_none_of_the_others_back(world: made.World, answers: Any, monkeypatch: Any) -> None:
    """More failing ones than a round takes, and all of them due before the good one."""
    with at("2025-09-25 11:00"):
        bad = [submit(world, answers).id for _ in range(12)]
    with at("2025-09-26 11:00"):
        good = submit(world, answers)
    usual = tasks.services.fire

    def fails(*, timer: Any, **given: Any) -> None:
        if timer.process.subject_id in bad:
            raise Conflict("test.no", "no")
        usual(timer=timer, **given)

    monkeypatch.setattr(tasks.services, "fire", fails)
    with at("2025-10-20 08:00:00"):
        fired = [tasks.fire_due_timers(limit=5) for _ in range(4)]
    assert fired == [0, 0, 1, 0]
    assert "case.deem_accepted" in kinds(good)
    for minutes in (1, 2, 4, 8):
        with at(f"2025-10-20 08:{2 * minutes:02}:00"):
            tasks.fire_due_timers()
    assert set(Timer.objects.filter(fired_at=None, process__subject_id__in=bad).values_list("attempts", flat=True)) == {
        5
    }
    with at("2025-10-21 08:00"):
        monkeypatch.setattr(tasks.services, "fire", usual)
        assert tasks.fire_due_timers() == 12
    assert Case.objects.filter(state="ACCEPTED").count() == 13


def test_slow_papers_do_not_keep_timers_waiting(world: made.World, answers: Any, monkeypatch: Any) -> None:
    """A hundred papers of a third of a second each: the round of the outbox ends after two seconds all the same."""
    for _ in range(25):
        submit(world, answers)
    drawn: list[int] = []
    monkeypatch.setattr(papers, "draw_notice", lambda notice: (drawn.append(notice.id), time.sleep(0.2)))
    began = time.monotonic()
    sealed, _delivered = ledger_tasks.run_once()
    assert time.monotonic() - began < 5
    assert 0 < len(drawn) < 25
    assert sealed is not None
    assert Event.objects.filter(subject_kind="case", leaf_index=None).count() == 0
    ledger_tasks.run_once()
    ledger_tasks.run_once()
    assert len(set(drawn)) == len(drawn) == 25
