"""Handing a task on (转办): by whom it lies with, to whom may do it, once, with a trace the applicant does not read."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import cases as made
from factories import desks
from factories import identity as people
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.models import Task
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db
WHY = "本周外出核查，请代为审查。"


@pytest.fixture
def desk():
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def hand_on(by: Actor, case: Case, to: Actor, reason: str = WHY) -> None:
    task = desks.task_of(case)
    services.transfer_task(by=by, task_id=task.id, account_id=to.account_id or 0, capacity="", reason=reason)


def in_hand(actor: Actor) -> list[int]:
    queues = workflow.queues_of(actor, ["clerk", "reviewer", "decider"])
    wanted = workflow.Wanted(dt.date(2025, 3, 13), holder="me", account_id=actor.account_id)
    return [task.subject_id for task in workflow.inbox(queues, wanted=wanted)]


def told(case: Case) -> list[ledger.Entry]:
    entries = ledger.timeline(("process", case.process_id or 0))
    return [entry for entry in entries if entry.type == "workflow.task_transferred"]


def refused(case: Case) -> list[str]:
    entries = ledger.timeline(("case", case.id))
    return [str((entry.payload or {})["code"]) for entry in entries if entry.type == "case.act.refused"]


@pytest.mark.parametrize("claimed", [False, True])
def test_a_task_goes_from_one_hand_into_the_other(desk: desks.Desk, claimed: bool) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer")
    if claimed:
        services.take_task(by=desk.world.reviewer, task_id=desks.task_of(case).id)
    hand_on(desk.world.reviewer, case, to)
    assert in_hand(to) == [case.id]
    assert in_hand(desk.world.reviewer) == []
    entry = told(case)[0]
    assert entry.payload is not None
    assert (entry.reason, entry.payload["from"], entry.payload["to"]) == (WHY, "赵敏", "郑洁")
    services.act(by=to, task_id=desks.task_of(case).id, outcome="propose_approve", entry={"opinion": "符合条件"})
    case.refresh_from_db()
    assert case.reviewer_id == to.account_id


def test_nothing_of_it_stands_among_what_the_applicant_reads(desk: desks.Desk) -> None:
    case = desk.accepted()
    before = len(ledger.timeline(("case", case.id)))
    hand_on(desk.world.reviewer, case, desk.colleague("reviewer"))
    assert len(ledger.timeline(("case", case.id))) == before


def test_the_colleague_is_told_once(desk: desks.Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer")
    hand_on(desk.world.reviewer, case, to)
    for _again in range(2):
        deliver_outbox()
    mine = [each for each in messages.visible_to(to) if each.template == "workflow.task_transferred"]
    assert [(each.address, each.params["giver"]) for each in mine] == [(f"/desk/cases/{case.token}/", "赵敏")]
    assert WHY not in str(mine[0].params)


def test_whose_task_it_is_not_hands_nothing_on(desk: desks.Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer")
    with pytest.raises(NotAllowed) as refusal:
        hand_on(desk.world.clerk, case, to)
    assert refusal.value.code == "workflow.not_yours"
    assert refused(case) == ["workflow.not_yours"]
    assert desks.task_of(case).assignee_id is None


def test_what_a_colleague_holds_is_his_to_hand_on(desk: desks.Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer")
    services.take_task(by=to, task_id=desks.task_of(case).id)
    with pytest.raises(Conflict) as refusal:
        hand_on(desk.world.reviewer, case, desk.colleague("reviewer", "吴远"))
    assert (refusal.value.code, refusal.value.details["by"]) == ("workflow.already_handled", "郑洁")
    assert refused(case) == ["workflow.already_handled"]
    assert told(case) == []


def test_the_second_of_two_learns_in_whose_hand_it_is(desk: desks.Desk) -> None:
    case, first, second = desk.accepted(), desk.colleague("reviewer"), desk.colleague("reviewer", "吴远")
    hand_on(desk.world.reviewer, case, first)
    for late in (
        lambda: hand_on(second, case, desk.world.reviewer),
        lambda: services.take_task(by=second, task_id=desks.task_of(case).id),
    ):
        with pytest.raises(Conflict) as refusal:
            late()
        assert refusal.value.details["by"] == "郑洁"
    assert in_hand(first) == [case.id]
    assert len(told(case)) == 1


def test_a_task_that_is_done_goes_nowhere(desk: desks.Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer")
    task = desks.task_of(case)
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    with pytest.raises(Conflict) as refusal:
        services.transfer_task(
            by=desk.world.reviewer, task_id=task.id, account_id=to.account_id or 0, capacity="", reason=WHY
        )
    assert refusal.value.details["by"] == "赵敏"
    assert Task.objects.get(id=task.id).state == "done"


def test_only_who_holds_the_role_there_gets_it(desk: desks.Desk) -> None:
    case = desk.accepted()
    elsewhere = people.agency()
    stranger = made.officer(elsewhere.id, "吴远")
    desks.give(stranger, elsewhere, "case.read", "task.reviewer")
    for to in (desk.colleague("clerk"), stranger, desk.world.applicant):
        with pytest.raises(Conflict) as refusal:
            hand_on(desk.world.reviewer, case, to)
        assert refusal.value.code == "workflow.colleague_without_role"
    assert refused(case) == ["workflow.colleague_without_role"] * 3
    assert desks.task_of(case).assignee_id is None


def test_who_has_left_his_post_gets_nothing(desk: desks.Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer")
    with pytest.raises(Conflict) as refusal:
        services.transfer_task(
            by=desk.world.reviewer, task_id=desks.task_of(case).id, account_id=to.account_id or 0,
            capacity="post:1", reason=WHY,
        )  # fmt: skip
    assert refusal.value.code == "cases.colleague_left"


def test_a_decision_never_comes_to_whoever_reviewed(desk: desks.Desk) -> None:
    case = desk.reviewed()
    agency = Organisation.objects.get(id=desk.world.agency_id)
    desks.give(desk.world.reviewer, agency, "task.decider")
    with pytest.raises(NotAllowed) as refusal:
        hand_on(desk.world.decider, case, desk.world.reviewer)
    assert refusal.value.code == "cases.same_person"
    assert refused(case) == ["cases.same_person"]


@pytest.mark.parametrize(("reason", "path"), [("", "reason"), ("  忙 ", "reason"), ("长" * 501, "reason"), (WHY, "to")])
def test_no_reason_and_oneself_are_said_beside_their_field(desk: desks.Desk, reason: str, path: str) -> None:
    case = desk.accepted()
    to = desk.world.reviewer if path == "to" else desk.colleague("reviewer")
    with pytest.raises(Invalid) as refusal:
        hand_on(desk.world.reviewer, case, to, reason)
    assert list(refusal.value.by_path()) == [path]
    assert desks.task_of(case).assignee_id is None


def test_it_takes_a_fixed_number_of_statements(desk: desks.Desk) -> None:
    counts = []
    for _again in range(3):
        case, to = desk.accepted(), desk.colleague("reviewer")
        for _more in range(3):
            desk.colleague("reviewer")
        with CaptureQueriesContext(connection) as seen:
            hand_on(desk.world.reviewer, case, to)
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 22, counts
