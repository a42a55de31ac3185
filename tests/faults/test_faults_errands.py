"""Officials who act at once on one errand: one wins, the others hear who, and nothing is done twice or by half."""

import pytest

from factories import cases as made
from factories.errands import Office, stands, waiting
from faults.house import at_once
from zhengtong.foundation.core.errors import Conflict, Refusal
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Process, Task, Token
from zhengtong.matters.workflow.services import together

WHY = "数字有误，请再核。"


@pytest.fixture
def office(world_on_both: made.World) -> Office:
    """Rows are locked otherwise on PostgreSQL than behind the gate: both must end the same."""
    return Office()


def test_of_officers_on_one_task_exactly_one_wins(office: Office) -> None:
    errand = office.begin()
    task = waiting().id
    officers = [office.clerk, office.second, *(office.officer(f"同事{each}", "task.clerk") for each in range(4))]
    told = at_once([
        lambda by=by: services.complete_errand_task(by=by, task_id=task, outcome="") for by in officers
    ])  # fmt: skip
    refused = [each for each in told if each is not None]
    assert [type(each) for each in refused] == [Conflict] * 5
    assert {each.code for each in refused} == {"workflow.already_handled"}
    assert stands() == [("check", "")]
    kinds = [each.type for each in ledger.timeline(("errand", errand.id))]
    assert (kinds.count("workflow.errand_task_done"), kinds.count("errand.act.refused")) == (1, 5)


def test_different_verbs_at_once_leave_one_way_on(office: Office) -> None:
    """Completed, sent back, asked about, halted and ended at once: in some order, each whole or not at all."""
    errand = office.drafted()
    checked, third = waiting().id, office.officer("陈博", "task.reviewer")
    asked = {"account_ids": [office.bystander.account_id or 0], "reason": WHY}
    about = ("errand", errand.id)
    told = at_once([
        lambda: services.complete_errand_task(by=office.reviewer, task_id=checked, outcome="agree"),
        lambda: together.send_back_task(by=third, task_id=checked, to="draft", reason=WHY),
        lambda: together.ask_colleagues(by=third, task_id=checked, **asked),
        lambda: together.withdraw_act(by=office.clerk, task_id=Task.objects.get(element="draft").id, reason=WHY),
        lambda: together.halt(by=office.head, about=about, reason=WHY),
        lambda: services.terminate_errand(by=office.head, errand_id=errand.id, reason=WHY),
    ])  # fmt: skip
    strange = [each for each in told if isinstance(each, Exception) and not isinstance(each, Refusal)]
    assert {getattr(each, "code", repr(each)).partition(".")[0] for each in strange} <= {"bpmn"}
    assert told[-1] is None, "whoever ends it waits for the others and ends it whole"
    assert Process.objects.get(subject_id=errand.id).state == "cancelled"
    assert not Token.objects.filter(process__subject_id=errand.id, ended_at=None)
    assert stands() == []
