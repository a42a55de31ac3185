"""Whatever moves the clock of a case, its waiting tasks show the light it has now, and timers wait for the clock.

An extension moves the statutory last day only, and lights are those of the promise (services.md §4.3, §4.5).
"""

import datetime as dt

import pytest

from factories import cases as made
from factories import desks, versions
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services.work import take
from zhengtong.matters.workflow import tasks as background
from zhengtong.matters.workflow.models import Process, Task, Timer, Token, Trouble
from zhengtong.matters.workflow.queries import light_of

pytestmark = pytest.mark.django_db
at = desks.at
SPRING = "2025-03-03 10:00"
WHY = "专家评审意见不一，需再次评审。"


@pytest.fixture
def desk() -> desks.Desk:
    with at(SPRING):
        return desks.desk()


def beside(case: Case) -> Task:
    """A task that waits beside the one at work, as a parallel branch or a process begun by a message has."""
    task = Task.objects.filter(subject_id=case.id, completed_at=None).latest("id")
    task.pk, task.number, task.element, task._state.adding = new_id(), 99, "beside", True
    task.save()
    return task


def follows(case: Case, waiting: Task) -> tuple[dt.date | None, dt.date, bool]:
    """The dates of the case, which its waiting task must have too."""
    case.refresh_from_db()
    waiting.refresh_from_db()
    assert (waiting.yellow_on, waiting.red_on, waiting.paused) == (case.yellow_on, case.red_on, case.paused)
    return waiting.yellow_on, waiting.red_on, waiting.paused


def test_acceptance(desk: desks.Desk) -> None:
    with at(SPRING):
        case = desk.case()
        waiting = beside(case)
        assert follows(case, waiting)[1] == dt.date(2025, 3, 11), "the five days of the correction notice"
        desk.act("clerk", "accept", case)
    assert follows(case, waiting) == (dt.date(2025, 3, 13), dt.date(2025, 3, 18), False)


def test_deemed_acceptance(desk: desks.Desk) -> None:
    with at(SPRING):
        case = desk.case()
        waiting = beside(case)
    with at("2025-03-11 00:30"):
        assert background.fire_due_timers() == 1
    assert follows(case, waiting) == (dt.date(2025, 3, 13), dt.date(2025, 3, 18), False)


def test_correction_and_what_comes_back(desk: desks.Desk) -> None:
    with at(SPRING):
        case = desk.case()
        waiting = beside(case)
        desk.act("clerk", "request_correction", case, gaps=["平面布局图未标面积"])
    assert follows(case, waiting)[1] == dt.date(2025, 3, 25), "the fifteen days of the applicant"
    with at("2025-03-10 09:00"):
        services.submit_correction(by=desk.world.applicant, case_id=case.id, answers=made.answers(desk.world.applicant))
    assert follows(case, waiting)[1] == dt.date(2025, 3, 18), "five days anew"


def test_suspension_and_resumption(desk: desks.Desk) -> None:
    with at(SPRING):
        case = desk.accepted()
        waiting = beside(case)
    with at("2025-03-10 10:00"):
        desk.act("reviewer", "suspend", case, procedure="TESTING", planned_days=3)
    assert follows(case, waiting)[2], "paused"
    assert light_of(dt.date(2025, 4, 1), waiting.yellow_on, waiting.red_on, paused=waiting.paused) == "paused"
    with at("2025-03-24 10:00"):
        task = Task.objects.exclude(id=waiting.id).get(subject_id=case.id, completed_at=None, state="open")
        services.act(by=desk.world.reviewer, task_id=task.id, outcome="resume", entry={"result": "检测合格"})
    assert follows(case, waiting) == (dt.date(2025, 3, 27), dt.date(2025, 4, 1), False)


def test_the_decision(desk: desks.Desk) -> None:
    with at(SPRING):
        case = desk.reviewed()
        waiting = beside(case)
    with at("2025-03-06 10:00"):
        task = Task.objects.exclude(id=waiting.id).get(subject_id=case.id, completed_at=None, state="open")
        services.act(by=desk.world.decider, task_id=task.id, outcome="approve", entry={})
    assert follows(case, waiting)[1] == dt.date(2025, 3, 21), "ten days to issue and serve"


def test_an_extension_leaves_the_lights_as_the_promise_has_them(desk: desks.Desk) -> None:
    with at(SPRING):
        case = desk.reviewed()
        waiting = beside(case)
        before = follows(case, waiting)
        services.extend_case(by=desk.world.head, case_id=case.id, reason=WHY)
    assert follows(case, waiting) == before == (dt.date(2025, 3, 13), dt.date(2025, 3, 18), False)
    assert case.legal_due == dt.date(2025, 4, 15), "the statutory last day is ten working days later"


class TestTimersOfAClock:
    """A timer that a process starts for the statutory limit."""

    def waiting_for(self, desk: desks.Desk, case: Case, name: str) -> Timer:
        process = versions.process_of(case)
        Process.objects.filter(id=process.id).update(next_token=91)
        Token.objects.create(process=process, number=90, element="limit_over", wait="timer", name=name)
        due = take(case.id, by=SYSTEM).timer_due(name)
        return Timer.objects.create(process=process, number=90, element="limit_over", due_at=due)

    def test_it_waits_for_the_day_that_was_extended_to(self, desk: desks.Desk) -> None:
        with at(SPRING):
            case = desk.reviewed()
            timer = self.waiting_for(desk, case, "legal")
            services.extend_case(by=desk.world.head, case_id=case.id, reason=WHY)
        timer.refresh_from_db()
        assert timer.due_at == dt.datetime(2025, 4, 15, 16, tzinfo=dt.UTC)

    def test_it_does_not_ring_while_the_clock_stands_still(self, desk: desks.Desk) -> None:
        with at(SPRING):
            case = desk.accepted()
            timer = self.waiting_for(desk, case, "promise")
        assert timer.due_at == dt.datetime(2025, 3, 17, 16, tzinfo=dt.UTC)
        with at("2025-03-10 10:00"):
            desk.act("reviewer", "suspend", case, procedure="TESTING", planned_days=3)
        with at("2025-03-18 09:00"):
            background.fire_due_timers()
            timer.refresh_from_db()
            assert (timer.fired_at, timer.attempts) == (None, 0)
            assert not Trouble.objects.exists(), "nothing is wrong with it"
        with at("2025-03-24 10:00"):
            desk.act("reviewer", "resume", case, result="检测合格")
            background.fire_due_timers()
        timer.refresh_from_db()
        assert (timer.fired_at, timer.due_at) == (None, dt.datetime(2025, 3, 31, 16, tzinfo=dt.UTC))
