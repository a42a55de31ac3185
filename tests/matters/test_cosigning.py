"""加签 alongside and after on a case: what signers say counts, is kept, and nobody who reviewed decides."""

from collections.abc import Iterator
from typing import Any

import pytest

from factories import desks, versions
from factories import identity as people
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.services.looking_back import followers
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Organisation

pytestmark = pytest.mark.django_db
WHY = "此件涉及消防，请一并签署。"
OPINION = "材料齐全，建议准予许可。"


@pytest.fixture
def desk() -> Iterator[desks.Desk]:
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def serving(desk: desks.Desk, role: str, name: str) -> Actor:
    """A colleague who holds the role and a post at the agency."""
    found = desk.colleague(role, name)
    account = Account.objects.get(id=found.account_id)
    assert account.person is not None
    people.tenure(account.person, people.post(Organisation.objects.get(id=desk.world.agency_id), name_zh=f"{name}岗"))
    return found


def cosigned(desk: desks.Desk, count: int = 2) -> Case:
    """A case whose review waits for several signatures."""
    case = desk.case()
    versions.run_as(case, versions.cosigned(versions.process_of(case).definition_id, count))
    desk.act("clerk", "accept", case)
    return case


def waiting(case: Case) -> list[tuple[str, str]]:
    return [(task.element, task.holder) for task in workflow.open_tasks("case", case.id)]


def state(case: Case) -> State:
    return State(Case.objects.values_list("state", flat=True).get(id=case.id))


def ask(by: Actor, task: Task, *to: Actor, way: Asked) -> None:
    keys = [each.account_id or 0 for each in to]
    services.ask_colleagues(by=by, task_id=task.id, account_ids=keys, reason=WHY, way=way)


def sign(by: Actor, task: Task, outcome: str = "propose_approve", opinion: str = OPINION) -> None:
    services.act(by=by, task_id=task.id, outcome=outcome, entry={"opinion": opinion})


def own(case: Case, by: Actor) -> Task:
    return Task.objects.get(subject_id=case.id, who_id=by.account_id, state="claimed")


class TestAlongside:
    def test_one_more_signs_and_the_vote_waits_for_him(self, desk: desks.Desk) -> None:
        case, one, two = cosigned(desk), desk.world.reviewer, serving(desk, "reviewer", "郑洁")
        third = serving(desk, "reviewer", "吴远")
        first, second = workflow.open_tasks("case", case.id)
        ask(one, first, third, way=Asked.ALONGSIDE)
        assert waiting(case) == [("review", "赵敏"), ("review", ""), ("review", "吴远")]
        added = own(case, third)
        assert (added.asked, added.asker_id, added.words, added.outcomes) == (
            "alongside",
            first.id,
            WHY,
            first.outcomes,
        )
        sign(one, first)
        sign(two, second, opinion="同意。")
        assert (state(case), waiting(case)) == (State.REVIEWING, [("review", "吴远")])
        sign(third, added, opinion="消防合格，同意。")
        assert (state(case), waiting(case)) == (State.DECIDING, [("decide", "")])
        said = [(each.name, each.stage, each.recommendation, each.text) for each in queries.opinions_of(case)]
        assert said == [
            ("赵敏", "review", "approve", OPINION),
            ("郑洁", "review", "approve", "同意。"),
            ("吴远", "review", "approve", "消防合格，同意。"),
        ]
        entry = ledger.timeline(("case", case.id))[0]
        assert (entry.type, entry.payload["recommendation"]) == ("case.propose", "approve")

    def test_the_vote_counts_and_not_the_last_word(self, desk: desks.Desk) -> None:
        case = cosigned(desk)
        first, _second = workflow.open_tasks("case", case.id)
        sign(desk.world.reviewer, first, "propose_refuse", "面积不符，建议不予许可。")
        assert state(case) == State.DECIDING
        assert ledger.timeline(("case", case.id))[0].payload["recommendation"] == "refuse"

    def test_he_is_told_and_reads_the_case(self, desk: desks.Desk) -> None:
        case, third = cosigned(desk), serving(desk, "reviewer", "吴远")
        ask(desk.world.reviewer, desks.task_of(case), third, way=Asked.ALONGSIDE)
        assert queries.case_by_token(third, case.token).id == case.id
        deliver_outbox()
        told = messages.visible_to(third).values_list("template", flat=True)
        assert list(told) == ["workflow.task_in_person"]

    def test_whoever_added_him_takes_him_away_and_what_is_left_counts(self, desk: desks.Desk) -> None:
        case, one, two = cosigned(desk), desk.world.reviewer, serving(desk, "reviewer", "郑洁")
        third = serving(desk, "reviewer", "吴远")
        first, second = workflow.open_tasks("case", case.id)
        ask(one, first, third, way=Asked.ALONGSIDE)
        added = own(case, third)
        with pytest.raises(NotAllowed):
            services.ask_no_longer(by=two, task_id=added.id)
        sign(one, first)
        sign(two, second)
        services.ask_no_longer(by=one, task_id=added.id)
        assert Task.objects.get(id=added.id).state == "cancelled"
        assert (state(case), waiting(case)) == (State.DECIDING, [("decide", "")])
        assert ledger.timeline(("case", case.id))[0].payload["recommendation"] == "approve"

    def test_nobody_signs_twice_nor_without_the_post_nor_where_one_signs(self, desk: desks.Desk) -> None:
        case, two = cosigned(desk), serving(desk, "reviewer", "郑洁")
        clerk = serving(desk, "clerk", "何静")
        first, second = workflow.open_tasks("case", case.id)
        services.take_task(by=two, task_id=second.id)
        for to, code in ((two, "workflow.signs_already"), (clerk, "workflow.colleague_without_role")):
            with pytest.raises(Conflict) as refusal:
                ask(desk.world.reviewer, first, to, way=Asked.ALONGSIDE)
            assert refusal.value.code == code
        plain = desk.accepted()
        with pytest.raises(EngineError) as alone:
            ask(desk.world.reviewer, desks.task_of(plain), two, way=Asked.ALONGSIDE)
        assert alone.value.code == "bpmn.not_several"
        assert len(waiting(case)) == 2

    def test_nobody_gives_two_of_the_votes(self, desk: desks.Desk) -> None:
        case, one, two = cosigned(desk, 3), desk.world.reviewer, serving(desk, "reviewer", "郑洁")
        first, second, third = workflow.open_tasks("case", case.id)
        sign(one, first)
        with pytest.raises(Conflict) as refusal:
            sign(one, second)
        assert refusal.value.code == "workflow.voted_already"
        anew = services.withdraw_act(by=one, task_id=first.id, reason="再想想")
        sign(one, second, opinion="改签这一份。")
        with pytest.raises(Conflict):
            sign(one, Task.objects.get(id=anew))
        sign(two, third)
        assert state(case) == State.REVIEWING

    def test_none_of_those_who_signed_decides(self, desk: desks.Desk) -> None:
        case, two = cosigned(desk), serving(desk, "reviewer", "郑洁")
        desks.give(two, Organisation.objects.get(id=desk.world.agency_id), "task.decider")
        first, second = workflow.open_tasks("case", case.id)
        sign(two, first)
        sign(desk.world.reviewer, second)
        with_both_roles = identity.actor_for(Account.objects.get(id=two.account_id))
        given: Any = {"task_id": desks.task_of(case).id, "outcome": "approve", "entry": {"reasons": "符合法定条件。"}}
        with pytest.raises(NotAllowed) as refusal:
            services.act(by=with_both_roles, **given)
        assert refusal.value.code == "cases.same_person"
        services.act(by=desk.world.decider, **given)
        assert state(case) == State.APPROVED


class TestAfter:
    def test_the_next_signs_and_his_outcome_counts(self, desk: desks.Desk) -> None:
        case, after = desk.accepted(), serving(desk, "reviewer", "郑洁")
        task = desks.task_of(case)
        ask(desk.world.reviewer, task, after, way=Asked.AFTER)
        assert waiting(case) == [("review", "赵敏")]
        sign(desk.world.reviewer, task)
        assert (state(case), waiting(case)) == (State.REVIEWING, [("review", "郑洁")])
        following = own(case, after)
        assert (following.asked, following.asker_id) == ("after", task.id)
        deliver_outbox()
        assert list(messages.visible_to(after).values_list("template", flat=True)) == ["workflow.task_in_person"]
        sign(after, following, "propose_refuse", "面积不符，建议不予许可。")
        assert (state(case), waiting(case)) == (State.DECIDING, [("decide", "")])
        said = [(each.name, each.recommendation) for each in queries.opinions_of(case)]
        assert said == [("赵敏", "approve"), ("郑洁", "refuse")]
        assert ledger.timeline(("case", case.id))[0].payload["recommendation"] == "refuse"

    def test_several_sign_one_after_another(self, desk: desks.Desk) -> None:
        case, names = desk.accepted(), ("郑洁", "吴远")
        task, after = desks.task_of(case), [serving(desk, "reviewer", name) for name in names]
        ask(desk.world.reviewer, task, *after, way=Asked.AFTER)
        sign(desk.world.reviewer, task)
        for by, name in zip(after, names, strict=True):
            assert waiting(case) == [("review", name)]
            sign(by, own(case, by))
        assert (state(case), len(queries.opinions_of(case))) == (State.DECIDING, 3)

    def test_who_is_named_is_named_no_longer_before_his_turn(self, desk: desks.Desk) -> None:
        case, reviewer, after = desk.accepted(), desk.world.reviewer, serving(desk, "reviewer", "郑洁")
        task = desks.task_of(case)
        with pytest.raises(Conflict):
            services.name_no_longer(by=reviewer, task_id=task.id)
        ask(reviewer, task, after, way=Asked.AFTER)
        assert list(followers(task).values()) == [["郑洁"]]
        with pytest.raises(Conflict):
            services.name_no_longer(by=after, task_id=task.id)
        services.name_no_longer(by=reviewer, task_id=task.id)
        assert followers(task) == {}
        sign(reviewer, task)
        assert (state(case), waiting(case)) == (State.DECIDING, [("decide", "")])

    def test_in_his_turn_too_and_then_the_word_before_stands(self, desk: desks.Desk) -> None:
        case, reviewer, after = desk.accepted(), desk.world.reviewer, serving(desk, "reviewer", "郑洁")
        task = desks.task_of(case)
        ask(reviewer, task, after, way=Asked.AFTER)
        sign(reviewer, task, "propose_refuse", "面积不符，建议不予许可。")
        services.ask_no_longer(by=reviewer, task_id=own(case, after).id)
        assert (state(case), waiting(case)) == (State.DECIDING, [("decide", "")])
        assert ledger.timeline(("case", case.id))[0].payload["recommendation"] == "refuse"

    def test_what_needs_particulars_is_not_done_by_taking_somebody_away(self, desk: desks.Desk) -> None:
        case, reviewer, after = desk.accepted(), desk.world.reviewer, serving(desk, "reviewer", "郑洁")
        task = desks.task_of(case)
        ask(reviewer, task, after, way=Asked.AFTER)
        entry = {"procedure": "TESTING", "planned_days": 3}
        services.act(by=reviewer, task_id=task.id, outcome="suspend", entry=entry)
        with pytest.raises(Conflict) as refusal:
            services.ask_no_longer(by=reviewer, task_id=own(case, after).id)
        assert refusal.value.code == "cases.nothing_entered"
        assert (state(case), waiting(case)) == (State.REVIEWING, [("review", "郑洁")])
        services.act(by=after, task_id=own(case, after).id, outcome="suspend", entry=entry)
        assert state(case) == State.SUSPENDED

    def test_who_gives_no_outcome_needs_the_post(self, desk: desks.Desk) -> None:
        case, clerk = desk.accepted(), serving(desk, "clerk", "何静")
        with pytest.raises(Conflict) as refusal:
            ask(desk.world.reviewer, desks.task_of(case), clerk, way=Asked.AFTER)
        assert refusal.value.code == "workflow.colleague_without_role"

    def test_whoever_reviewed_signs_no_decision_either(self, desk: desks.Desk) -> None:
        reviewer = desk.world.reviewer
        account = Account.objects.get(id=reviewer.account_id)
        assert account.person is not None
        agency = Organisation.objects.get(id=desk.world.agency_id)
        people.tenure(account.person, people.post(agency))
        desks.give(reviewer, agency, "task.decider")
        case = desk.reviewed()
        with pytest.raises(NotAllowed) as refusal:
            ask(desk.world.decider, desks.task_of(case), reviewer, way=Asked.AFTER)
        assert refusal.value.code == "cases.same_person"
