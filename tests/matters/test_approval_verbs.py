"""退回, 直达, 加签, 委派, 挂起 and 恢复 on a case: process and state of the law in step, nothing lost, in person."""

from collections.abc import Iterator
from typing import Any

import pytest

from factories import desks
from factories import identity as people
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries, rules, services
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.services.looking_back import targets
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Organisation

pytestmark = pytest.mark.django_db
WHY = "面积与图纸不符，请再核。"
OPINION = "材料齐全，建议准予许可。"


@pytest.fixture
def desk() -> Iterator[desks.Desk]:
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def official(desk: desks.Desk, name: str) -> Actor:
    """Who holds a post of the agency that permits nothing."""
    post = people.post(Organisation.objects.get(id=desk.world.agency_id), name_zh=f"{name}岗")
    return identity.actor_for(people.officer(post, holder=people.person(name=name)))


def back(by: Actor, case: Case, to: str = "review", **given: Any) -> None:
    services.send_back_task(by=by, task_id=desks.task_of(case).id, to=to, reason=WHY, **given)


def waiting(case: Case) -> list[tuple[str, str]]:
    return [(task.element, task.holder) for task in workflow.open_tasks("case", case.id)]


def state(case: Case) -> State:
    return State(Case.objects.values_list("state", flat=True).get(id=case.id))


def inner(case: Case, kind: str) -> list[Any]:
    return [entry for entry in ledger.timeline(("process", case.process_id or 0)) if entry.type == kind]


class TestSendingBack:
    def test_it_lies_with_who_did_it_and_the_case_stands_there_again(self, desk: desks.Desk) -> None:
        case = desk.reviewed()
        sender = desks.task_of(case)
        assert [(each.element, each.by) for each in targets(sender)] == [("review", "赵敏"), ("examine", "孙洁")]
        back(desk.world.decider, case)
        assert (state(case), waiting(case)) == (State.REVIEWING, [("review", "赵敏")])
        anew = desks.task_of(case)
        assert (anew.asked, anew.asker_id, anew.words) == ("returned", sender.id, WHY)
        before = Task.objects.get(id=sender.id)
        assert (before.state, before.outcome, before.assignee_name) == ("cancelled", "sent_back", "钱卫")
        entry = inner(case, "workflow.task_sent_back")[0]
        assert (entry.reason, entry.payload["from"], entry.payload["to"]) == (WHY, "钱卫", "赵敏")
        assert ledger.timeline(("case", case.id))[0].type == "case.send_back"

    @pytest.mark.parametrize("direct", [False, True])
    def test_not_to_the_applicant(self, desk: desks.Desk, direct: bool) -> None:
        case = desk.reviewed()
        with pytest.raises(Conflict) as refusal:
            back(desk.world.decider, case, to="", direct=direct)
        assert refusal.value.code == "cases.no_way_back"
        assert waiting(case) == [("decide", "")]

    def test_nothing_is_lost_and_the_case_still_ends(self, desk: desks.Desk) -> None:
        case = desk.reviewed()
        for _again in range(3):
            back(desk.world.decider, case)
            desk.act("reviewer", "propose_approve", case, opinion=OPINION)
        assert waiting(case) == [("decide", "")]
        desk.act("decider", "approve", case, reasons="符合法定条件。")
        desk.act("clerk", "issue", case)
        assert state(case) == State.CLOSED
        assert waiting(case) == []

    def test_straight_back_undoes_nothing(self, desk: desks.Desk) -> None:
        case = desk.reviewed()
        sender = desks.task_of(case)
        back(desk.world.decider, case, direct=True)
        assert state(case) == State.DECIDING
        assert waiting(case) == [("decide", "钱卫"), ("review", "赵敏")]
        held = Task.objects.get(id=sender.id)
        assert held.held
        with pytest.raises(EngineError) as refusal:
            services.act(by=desk.world.decider, task_id=held.id, outcome="approve", entry={"reasons": "符合法定条件。"})
        assert refusal.value.code == "bpmn.task_held"
        anew = Task.objects.get(process_id=sender.process_id, asker_id=sender.id)
        entry = {"opinion": "已再核，面积相符。"}
        services.act(by=desk.world.reviewer, task_id=anew.id, outcome="propose_approve", entry=entry)
        assert waiting(case) == [("decide", "钱卫")]
        assert [each.text for each in queries.opinions_of(case)][-1] == "已再核，面积相符。"
        services.act(by=desk.world.decider, task_id=held.id, outcome="approve", entry={"reasons": "符合法定条件。"})
        assert state(case) == State.APPROVED

    def test_what_was_accepted_stays_accepted(self, desk: desks.Desk) -> None:
        case = desk.reviewed()
        for to in ("examine", ""):
            with pytest.raises(Conflict) as refusal:
                back(desk.world.decider, case, to=to)
            assert refusal.value.code == "cases.no_way_back"
        assert (state(case), waiting(case)) == (State.DECIDING, [("decide", "")])

    def test_the_second_of_two_learns_who_was_first(self, desk: desks.Desk) -> None:
        case, task = (found := desk.reviewed()), desks.task_of(found)
        other = desk.colleague("decider")
        services.take_task(by=other, task_id=task.id)
        with pytest.raises(Conflict) as refusal:
            back(desk.world.decider, case)
        assert refusal.value.details["by"] == "郑洁"
        services.send_back_task(by=other, task_id=task.id, to="review", reason=WHY)
        with pytest.raises((Conflict, EngineError)):
            services.send_back_task(by=other, task_id=task.id, to="review", reason=WHY)
        assert len(inner(case, "workflow.task_sent_back")) == 1

    def test_no_reason_no_permission_no_such_activity(self, desk: desks.Desk) -> None:
        case = desk.reviewed()
        task = desks.task_of(case)
        with pytest.raises(Invalid):
            services.send_back_task(by=desk.world.decider, task_id=task.id, to="review", reason=" ")
        with pytest.raises(NotAllowed):
            back(desk.world.reviewer, case)
        with pytest.raises(Conflict):
            back(desk.world.decider, case, to="nowhere")
        assert waiting(case) == [("decide", "")]

    @pytest.mark.parametrize("stage", ["acceptance", "review", "decision", "delivery", ""])
    @pytest.mark.parametrize("now", list(State))
    def test_every_pair_of_state_and_stage(self, now: State, stage: str) -> None:
        standing = {State.RECEIVED: "acceptance", State.REVIEWING: "review", State.DECIDING: "decision"}
        allowed, event = rules.back_to(now, stage)
        assert allowed is (standing.get(now) == stage or (now, stage) == (State.DECIDING, "review"))
        assert event == (Event.SEND_BACK if (now, stage) == (State.DECIDING, "review") else None)


class TestAsking:
    def test_it_waits_for_all_and_says_what_they_said(self, desk: desks.Desk) -> None:
        case, one, two = desk.accepted(), official(desk, "吴远"), official(desk, "何静")
        task = desks.task_of(case)
        with pytest.raises(NotFound):
            queries.case_by_token(one, case.token)
        keys = [one.account_id or 0, two.account_id or 0]
        services.ask_colleagues(by=desk.world.reviewer, task_id=task.id, account_ids=keys, reason="消防条件如何？")
        assert waiting(case) == [("review", "赵敏"), ("review", "吴远"), ("review", "何静")]
        assert queries.case_by_token(one, case.token).id == case.id
        desk_act: dict[str, Any] = {"outcome": "propose_approve", "entry": {"opinion": OPINION}}
        with pytest.raises(EngineError) as refusal:
            services.act(by=desk.world.reviewer, task_id=task.id, **desk_act)
        assert refusal.value.code == "bpmn.task_held"
        for by, words in ((one, "消防合格。"), (two, "同意。")):
            asked = Task.objects.get(who_id=by.account_id)
            services.give_opinion(by=by, task_id=asked.id, words=words)
        assert sorted(Task.objects.filter(asker_id=task.id).values_list("asked", flat=True)) == ["before", "before"]
        assert [each.words for each in Task.objects.filter(asker_id=task.id).order_by("id")] == ["消防合格。", "同意。"]
        with pytest.raises(NotFound):
            queries.case_by_token(one, case.token)
        services.act(by=desk.world.reviewer, task_id=task.id, **desk_act)
        assert state(case) == State.DECIDING
        assert len(inner(case, "workflow.asked_answered")) == 2

    def test_what_is_asked_of_one_is_nobody_else_s(self, desk: desks.Desk) -> None:
        case, one = desk.accepted(), official(desk, "吴远")
        task = desks.task_of(case)
        services.ask_colleagues(
            by=desk.world.reviewer,
            task_id=task.id,
            account_ids=[one.account_id or 0],
            reason="请代为核查",
            way=Asked.DELEGATED,
        )
        asked = Task.objects.get(who_id=one.account_id)
        assert asked.asked == "delegated"
        other = desk.colleague("reviewer")
        for refused in (
            lambda: services.give_opinion(by=other, task_id=asked.id, words="我来说"),
            lambda: services.take_task(by=other, task_id=asked.id),
            lambda: services.release_task(by=one, task_id=asked.id),
            lambda: services.transfer_task(
                by=one, task_id=asked.id, account_id=other.account_id or 0, capacity="", reason="请办理"
            ),
        ):
            with pytest.raises(Conflict):
                refused()
        services.give_opinion(by=one, task_id=asked.id, words="已核查，相符。")
        assert waiting(case) == [("review", "赵敏")]
        assert not Task.objects.get(id=task.id).held

    def test_a_question_is_taken_back_by_who_asked(self, desk: desks.Desk) -> None:
        case, one, two = desk.accepted(), official(desk, "吴远"), official(desk, "何静")
        task = desks.task_of(case)
        keys = [one.account_id or 0, two.account_id or 0]
        services.ask_colleagues(by=desk.world.reviewer, task_id=task.id, account_ids=keys, reason="消防条件如何？")
        first, second = (Task.objects.get(who_id=key) for key in keys)
        with pytest.raises(NotAllowed):
            services.ask_no_longer(by=one, task_id=second.id)
        services.give_opinion(by=one, task_id=first.id, words="合格。")
        with pytest.raises(Conflict):
            services.ask_no_longer(by=desk.world.reviewer, task_id=first.id)
        services.ask_no_longer(by=desk.world.reviewer, task_id=second.id)
        assert Task.objects.get(id=second.id).state == "cancelled"
        assert (waiting(case), Task.objects.get(id=task.id).held) == ([("review", "赵敏")], False)

    def test_what_was_said_is_taken_back_while_nobody_acted_on_it(self, desk: desks.Desk) -> None:
        case, one = desk.accepted(), official(desk, "吴远")
        task, reviewer = desks.task_of(case), desk.world.reviewer
        services.ask_colleagues(by=reviewer, task_id=task.id, account_ids=[one.account_id or 0], reason="如何办理？")
        asked = Task.objects.get(who_id=one.account_id)
        services.give_opinion(by=one, task_id=asked.id, words="同意。")
        with pytest.raises(NotAllowed):
            services.withdraw_act(by=reviewer, task_id=asked.id, reason="说错了")
        services.withdraw_act(by=one, task_id=asked.id, reason="说错了")
        assert Task.objects.get(id=asked.id).state == "done"
        anew = Task.objects.get(who_id=one.account_id, state="claimed")
        assert (anew.asked, anew.asker_id, Task.objects.get(id=task.id).held) == ("before", task.id, True)
        services.give_opinion(by=one, task_id=anew.id, words="不同意。")
        entry = {"opinion": OPINION}
        services.act(by=reviewer, task_id=task.id, outcome="propose_approve", entry=entry)
        with pytest.raises(EngineError) as late:
            services.withdraw_act(by=one, task_id=anew.id, reason="又说错了")
        assert late.value.code == "bpmn.withdraw_late"
        with pytest.raises(Conflict) as stands:
            services.withdraw_act(by=reviewer, task_id=task.id, reason="再想想")
        assert stands.value.code == "cases.act_stands"

    def test_who_is_asked_gives_an_opinion_and_does_nothing_to_the_case(self, desk: desks.Desk) -> None:
        case, one = desk.accepted(), desk.colleague("reviewer")
        post = people.post(Organisation.objects.get(id=desk.world.agency_id))
        account = Account.objects.get(id=one.account_id)
        assert account.person is not None
        people.tenure(account.person, post)
        services.ask_colleagues(
            by=desk.world.reviewer, task_id=desks.task_of(case).id, account_ids=[account.pk], reason="如何办理？"
        )
        asked = Task.objects.get(who_id=account.pk)
        services.take_task(by=one, task_id=asked.id)
        with pytest.raises(Conflict) as refusal:
            services.act(by=one, task_id=asked.id, outcome="propose_approve", entry={"opinion": OPINION})
        assert refusal.value.code == "cases.opinion_asked"
        case.refresh_from_db()
        assert (case.state, case.reviewer_id) == (State.ACCEPTED, None)

    def test_who_reviewed_is_not_asked_about_the_decision(self, desk: desks.Desk) -> None:
        post = people.post(Organisation.objects.get(id=desk.world.agency_id))
        account = Account.objects.get(id=desk.world.reviewer.account_id)
        assert account.person is not None
        people.tenure(account.person, post)
        case = desk.reviewed()
        with pytest.raises(NotAllowed) as refusal:
            services.ask_colleagues(
                by=desk.world.decider, task_id=desks.task_of(case).id, account_ids=[account.pk], reason="请决定"
            )
        assert refusal.value.code == "cases.same_person"

    def test_strangers_nobody_and_oneself_are_not_asked(self, desk: desks.Desk) -> None:
        case, one = desk.accepted(), official(desk, "吴远")
        task = desks.task_of(case)
        ask = {"by": desk.world.reviewer, "task_id": task.id, "reason": "如何？"}
        with pytest.raises(Conflict):
            services.ask_colleagues(account_ids=[desk.world.applicant.account_id or 0], **ask)
        with pytest.raises(Invalid):
            services.ask_colleagues(account_ids=[], **ask)
        with pytest.raises(Invalid):
            services.ask_colleagues(account_ids=[one.account_id or 0], **{**ask, "reason": ""})
        assert waiting(case) == [("review", "")]

    def test_a_task_of_the_office_is_not_answered_with_an_opinion(self, desk: desks.Desk) -> None:
        case = desk.accepted()
        with pytest.raises(Conflict) as refusal:
            services.give_opinion(by=desk.world.reviewer, task_id=desks.task_of(case).id, words="同意。")
        assert refusal.value.code == "workflow.not_asked"


class TestHalting:
    @pytest.fixture
    def head(self, desk: desks.Desk) -> Actor:
        desks.give(desk.world.head, Organisation.objects.get(id=desk.world.agency_id), "case.halt")
        return identity.actor_for(Account.objects.get(id=desk.world.head.account_id))

    def test_nothing_is_done_until_it_goes_on(self, desk: desks.Desk, head: Actor) -> None:
        case = desk.accepted()
        services.halt_case(by=head, case_id=case.id, reason="等待上级答复")
        with pytest.raises(EngineError) as refusal:
            desk.act("reviewer", "propose_approve", case, opinion=OPINION)
        assert refusal.value.code == "bpmn.suspended"
        services.continue_case(by=head, case_id=case.id)
        desk.act("reviewer", "propose_approve", case, opinion=OPINION)
        assert state(case) == State.DECIDING
        kinds = ("workflow.process_suspended", "workflow.process_resumed")
        assert [len(inner(case, kind)) for kind in kinds] == [1, 1]

    def test_it_needs_its_permission_and_a_reason(self, desk: desks.Desk, head: Actor) -> None:
        case = desk.accepted()
        with pytest.raises(NotAllowed):
            services.halt_case(by=desk.world.reviewer, case_id=case.id, reason="等待上级答复")
        with pytest.raises(Invalid):
            services.halt_case(by=head, case_id=case.id, reason="")

    def test_a_halted_case_can_still_be_terminated(self, desk: desks.Desk, head: Actor) -> None:
        case = desk.accepted()
        services.halt_case(by=head, case_id=case.id, reason="等待上级答复")
        services.terminate_case(by=desk.world.head, case_id=case.id, reason="申请人已注销，无须继续办理。")
        assert state(case) == State.CLOSED
