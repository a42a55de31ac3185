"""What is done twice: a double click, two windows, the back button, two officers on one task."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from factories import cases as made
from faults.house import at_once, half_made
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.models import Case, Draft, Submission
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import open_task


@pytest.fixture
def world(world_on_both: made.World) -> made.World:
    """Rows are locked otherwise on PostgreSQL than behind the gate: both must end the same."""
    return world_on_both


@pytest.fixture
def draft(world: made.World) -> Draft:
    return services.start_draft(by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant))


def hand_in(world: made.World, draft: Draft, key: str) -> services.HandedIn:
    return services.hand_in_draft(by=world.applicant, token=draft.token, key=key)


@pytest.mark.parametrize("keys", [["one"], ["one", "two", "three"]], ids=["double click", "three windows"])
def test_however_often_it_is_pressed_there_is_one_case(world: made.World, draft: Draft, keys: list[str]) -> None:
    """All at the same moment, with one key or with a key a window: one case, everybody is led to it."""
    told = at_once([lambda key=key: hand_in(world, draft, key) for key in (keys * 12)[:12]])
    (case,) = Case.objects.all()
    assert [answer.case_token for answer in told] == [case.token] * 12
    assert len([answer for answer in told if answer.query_code]) == 1, "the query code is told once"
    assert half_made() == []
    assert not Draft.objects.exists()


def test_the_back_button_days_later_leads_to_the_case(world: made.World, draft: Draft) -> None:
    hand_in(world, draft, "one")
    with clock.frozen(clock.now() + dt.timedelta(days=400)):
        again = hand_in(world, draft, "one")
    assert queries.case_by_token(world.applicant, draft.token) == Case.objects.get()
    assert (again.case_token, again.query_code) == (Case.objects.get().token, "")


def test_a_draft_handed_in_is_nobody_elses_to_find(world: made.World, draft: Draft) -> None:
    hand_in(world, draft, "one")
    stranger = dataclasses.replace(world.applicant, account_id=1, person_id=2, on_behalf_of=None)
    with pytest.raises(NotFound):
        services.hand_in_draft(by=stranger, token=draft.token, key="one")
    with pytest.raises(NotFound):
        services.hand_in_draft(by=world.applicant, token="never-was", key="one more")


def test_a_correction_from_two_windows_is_one_submission(world: made.World, draft: Draft) -> None:
    token = hand_in(world, draft, "one").case_token
    case = Case.objects.get(token=token)
    act(world, "clerk", case, "request_correction", gaps=["平面布局图未标面积"])
    correction = services.start_correction(by=world.applicant, case_id=case.id)
    told = at_once([lambda key=key: hand_in(world, correction, key) for key in ("a", "b", "a", "b")])
    assert [answer.case_token for answer in told] == [token] * 4
    assert Submission.objects.filter(case_id=case.id).count() == 2
    assert not Draft.objects.exists()


def act(world: made.World, who: str, case: Case, outcome: str, **entry: object) -> None:
    task = open_task("case", case.id)
    assert task is not None
    services.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)


def colleague(world: made.World, name: str) -> Any:
    return made.officer(world.agency_id, name, "task.clerk")


@pytest.mark.parametrize("verb", ["act", "take"])
def test_of_officers_on_one_task_exactly_one_wins(world: made.World, draft: Draft, verb: str) -> None:
    """The others hear who was first, and when; their attempt is on record, the case moved once."""
    case = Case.objects.get(token=hand_in(world, draft, "one").case_token)
    task = open_task("case", case.id)
    assert task is not None
    officers = [colleague(world, f"同事{number}") for number in range(8)]

    def go(by: Any) -> object:
        if verb == "take":
            return services.take_task(by=by, task_id=task.id)
        return services.act(by=by, task_id=task.id, outcome="accept", entry={})

    with clock.frozen(dt.datetime(2026, 3, 3, 10, 15, tzinfo=clock.LOCAL_ZONE)):
        told = at_once([lambda by=by: go(by) for by in officers])
    refused = [answer for answer in told if isinstance(answer, Conflict)]
    (winner,) = [by for by, answer in zip(officers, told, strict=True) if not isinstance(answer, Exception)]
    assert len(refused) == 7
    assert {answer.code for answer in refused} == {"workflow.already_handled"}
    for answer in refused:
        assert answer.details["by"] == winner.name
        assert winner.name in str(answer.message)
    moved = Task.objects.get(id=task.id)
    assert (moved.assignee_id, moved.state) == (winner.account_id, "done" if verb == "act" else "claimed")
    kinds = [entry.type for entry in ledger.timeline(("case", case.id))]
    assert kinds.count("case.accept") == (verb == "act")
    assert kinds.count("case.act.refused") == 7


def test_who_reads_an_old_page_is_told_that_the_case_has_moved_on(world: made.World, draft: Draft) -> None:
    case = Case.objects.get(token=hand_in(world, draft, "one").case_token)
    task = open_task("case", case.id)
    assert task is not None
    act(world, "clerk", case, "accept")
    late = colleague(world, "何静")
    with pytest.raises(Conflict) as told:
        services.act(by=late, task_id=task.id, outcome="return", entry={"reasons": "重复申请"})
    assert (told.value.code, told.value.details["by"]) == ("workflow.already_handled", "孙洁")
    services.withdraw_case(by=world.applicant, case_id=case.id)
    review = Task.objects.get(subject_id=case.id, role="reviewer")
    with pytest.raises(Conflict) as gone:
        services.act(by=world.reviewer, task_id=review.id, outcome="propose_approve", entry={"opinion": "建议准予"})
    assert gone.value.code == "workflow.task_gone"
