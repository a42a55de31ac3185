"""What officials do together on an errand: the verbs of cases without an applicant; who may, what is kept and told."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from factories import desks
from factories.errands import Office, stands, waiting
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import queries, services
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Errand, Process, Task
from zhengtong.matters.workflow.queries import errands
from zhengtong.matters.workflow.services import together
from zhengtong.matters.workflow.services.looking_back import targets
from zhengtong.people.access import services as access
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account

pytestmark = pytest.mark.django_db
WHY = "数字有误，请再核。"


@pytest.fixture
def office() -> Iterator[Office]:
    with desks.at("2025-03-13 14:20"):
        yield Office()


def capacity(actor: Actor) -> str:
    account = Account.objects.get(id=actor.account_id)
    return identity.capacities(account)[0].key


def key(actor: Actor) -> int:
    return actor.account_id or 0


def kinds(errand: Errand) -> list[str]:
    """What the ledger keeps on its processes, oldest first."""
    found = [each for run in errands.processes_of(errand.id) for each in ledger.timeline(("process", run.id))]
    return [each.type.partition(".")[2] for each in sorted(found, key=lambda each: each.event_id)]


def told(actor: Actor, template: str) -> list[Any]:
    for _again in range(2):
        deliver_outbox()
    return [each for each in messages.visible_to(actor) if each.template == template]


def code(error: type[Exception], verb: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        verb()
    return str(caught.value.code)  # type: ignore[attr-defined] # every refusal has one


class TestHandingOn:
    def test_it_lies_with_the_colleague_who_is_named(self, office: Office) -> None:
        errand, task = office.begin(), waiting()
        to = {"account_id": key(office.second), "capacity": capacity(office.second)}
        together.transfer_task(by=office.clerk, task_id=task.id, **to, reason="我去开会。")
        assert stands() == [("draft", "何静")]
        assert kinds(errand) == ["task_transferred"]

    def test_only_to_who_holds_the_post_and_only_by_who_does(self, office: Office) -> None:
        office.begin()
        task = waiting()

        def hand(by: Actor, to: Actor, reason: str = "我去开会。") -> None:
            given = {"account_id": key(to), "capacity": capacity(to)}
            together.transfer_task(by=by, task_id=task.id, **given, reason=reason)

        assert code(Conflict, lambda: hand(office.clerk, office.reviewer)) == "workflow.colleague_without_role"
        assert code(Conflict, lambda: hand(office.clerk, office.stranger)) == "workflow.colleague_without_role"
        for other in (office.bystander, office.reviewer, office.stranger):
            assert code(NotAllowed, lambda other=other: hand(other, office.second)) == "workflow.not_yours"
        assert code(Invalid, lambda: hand(office.clerk, office.second, " ")) == "workflow.transfer"
        assert stands() == [("draft", "")]


class TestSendingBack:
    def test_it_lies_with_who_did_it_and_is_done_anew(self, office: Office) -> None:
        errand = office.drafted()
        assert [(each.element, each.by) for each in targets(waiting())] == [("draft", "孙洁")]
        together.send_back_task(by=office.reviewer, task_id=waiting().id, to="draft", reason=WHY)
        assert stands() == [("draft", "孙洁")]
        assert waiting().words == WHY
        for by, outcome in ((office.clerk, ""), (office.reviewer, "agree"), (office.head, "agree")):
            office.done(by, outcome)
        assert Process.objects.get().state == "ended"
        assert kinds(errand).count("task_sent_back") == 1

    def test_straight_back_nothing_in_between_is_redone(self, office: Office) -> None:
        office.drafted()
        together.send_back_task(by=office.reviewer, task_id=waiting().id, to="draft", reason=WHY, direct=True)
        assert stands() == [("check", "赵敏"), ("draft", "孙洁")]
        held = Task.objects.get(element="check")
        assert held.held
        early = code(Conflict, lambda: services.complete_errand_task(
            by=office.reviewer, task_id=held.id, outcome="agree"
        ))  # fmt: skip
        assert early == "workflow.held"
        services.complete_errand_task(by=office.clerk, task_id=waiting(element="draft").id, outcome="")
        assert stands() == [("check", "赵敏")]
        assert not waiting().held

    @pytest.mark.parametrize("to", ["", "s"])
    @pytest.mark.parametrize("direct", [False, True])
    def test_never_to_an_applicant_and_that_is_said(self, office: Office, to: str, direct: bool) -> None:
        errand = office.drafted()
        with pytest.raises(Conflict) as refusal:
            together.send_back_task(by=office.reviewer, task_id=waiting().id, to=to, reason=WHY, direct=direct)
        assert refusal.value.code == "errands.no_applicant"
        with translation.override("zh-hans"):  # whoever asked before may have left another
            assert "事务没有申请人" in str(refusal.value.message)
        assert stands() == [("check", "")]
        refused = ledger.timeline(("errand", errand.id))[0]
        assert (refused.type, refused.payload["code"]) == ("errand.act.refused", "errands.no_applicant")

    def test_not_to_what_was_not_done_nor_without_a_reason(self, office: Office) -> None:
        office.drafted()

        def back(to: str, reason: str = WHY) -> None:
            together.send_back_task(by=office.reviewer, task_id=waiting().id, to=to, reason=reason)

        with pytest.raises(EngineError):
            back("sign")
        assert code(Invalid, lambda: back("draft", " ")) == "workflow.reason"


class TestAsking:
    def test_before_it_the_task_waits_until_all_have_answered(self, office: Office) -> None:
        errand, task = office.drafted(), waiting()
        asked = [key(office.bystander), key(office.second)]
        together.ask_colleagues(by=office.reviewer, task_id=task.id, account_ids=asked, reason="口径对吗？")
        assert stands() == [("check", "赵敏"), ("check", "韩梅"), ("check", "何静")]
        for who in (office.bystander, office.second):
            own = waiting(who_id=key(who))
            assert errands.reads(office.again(who), errand)
            assert errands.handles(who, errand) is (who is office.second), "asked is no ground to send copies"
            assert code(NotAllowed, lambda own=own: together.give_opinion(
                by=office.head, task_id=own.id, words="我来说。"
            )) == "workflow.not_yours"  # fmt: skip
            together.give_opinion(by=who, task_id=own.id, words="口径无误。")
        assert [each.words for each in Task.objects.filter(asked=Asked.BEFORE)] == ["口径无误。"] * 2
        office.done(office.reviewer, "agree")
        assert stands() == [("sign", "")]

    def test_delegated_to_one_it_comes_back(self, office: Office) -> None:
        errand, task = office.begin(), waiting()
        several = [key(office.second), key(office.bystander)]

        def ask(accounts: list[int]) -> None:
            way = Asked.DELEGATED
            together.ask_colleagues(by=office.clerk, task_id=task.id, account_ids=accounts, reason="请代拟。", way=way)

        assert code(Conflict, lambda: ask(several)) == "errands.one_delegate"
        ask(several[1:])
        assert stands() == [("draft", "孙洁"), ("draft", "韩梅")]
        own = waiting(who_id=key(office.bystander))
        bare = code(Conflict, lambda: services.complete_errand_task(by=office.bystander, task_id=own.id, outcome=""))
        assert bare == "errands.opinion_asked"
        together.give_opinion(by=office.bystander, task_id=own.id, words="已代拟。")
        assert stands() == [("draft", "孙洁")]
        assert kinds(errand) == ["task_delegated", "asked_answered"]

    def test_after_it_one_after_another_each_with_an_outcome(self, office: Office) -> None:
        office.drafted()
        third = office.officer("陈博", "task.reviewer")
        task = waiting()

        def ask(who: Actor) -> None:
            way = Asked.AFTER
            given = {"account_ids": [key(who)], "reason": "请一并签署。", "way": way}
            together.ask_colleagues(by=office.reviewer, task_id=task.id, **given)

        assert code(Conflict, lambda: ask(office.bystander)) == "workflow.colleague_without_role"
        ask(third)
        office.done(office.reviewer, "agree")
        assert stands() == [("check", "陈博")]
        services.complete_errand_task(by=third, task_id=waiting().id, outcome="agree", words="同意。")
        assert stands() == [("sign", "")]

    def test_who_was_to_sign_after_does_so_no_longer(self, office: Office) -> None:
        office.drafted()
        third, task = office.officer("陈博", "task.reviewer"), waiting()
        given = {"account_ids": [key(third)], "reason": "请一并签署。", "way": Asked.AFTER}
        together.ask_colleagues(by=office.reviewer, task_id=task.id, **given)
        together.name_no_longer(by=office.reviewer, task_id=task.id)
        office.done(office.reviewer, "agree")
        assert stands() == [("sign", "")]

    def test_alongside_more_sign_and_all_count(self, office: Office) -> None:
        office.drafted(several=True)
        third = office.officer("陈博", "task.reviewer")
        given = {"account_ids": [key(third)], "reason": "请一并签署。", "way": Asked.ALONGSIDE}
        together.ask_colleagues(by=office.reviewer, task_id=waiting().id, **given)
        assert stands() == [("check", "赵敏"), ("check", "陈博")]
        services.complete_errand_task(by=office.reviewer, task_id=waiting(who_id=None).id, outcome="agree")
        assert stands() == [("check", "陈博")]
        services.complete_errand_task(by=third, task_id=waiting().id, outcome="agree")
        assert stands() == [("sign", "")]

    def test_a_question_is_taken_back_by_who_asked_and_nobody_else(self, office: Office) -> None:
        errand = office.drafted()
        given = {"account_ids": [key(office.bystander)], "reason": "口径对吗？"}
        together.ask_colleagues(by=office.reviewer, task_id=waiting().id, **given)
        own = waiting(who_id=key(office.bystander))
        assert code(NotAllowed, lambda: together.ask_no_longer(by=office.head, task_id=own.id)) == (
            "workflow.not_your_question"
        )
        assert errands.reads(office.bystander, errand)
        together.ask_no_longer(by=office.reviewer, task_id=own.id)
        assert not errands.reads(office.bystander, errand)
        assert stands() == [("check", "赵敏")]
        assert not waiting().held

    def test_only_who_serves_there_is_asked(self, office: Office) -> None:
        office.drafted()
        given = {"account_ids": [key(office.stranger)], "reason": "口径对吗？"}
        assert code(Conflict, lambda: together.ask_colleagues(
            by=office.reviewer, task_id=waiting().id, **given
        )) == "errands.no_colleague"  # fmt: skip


class TestTakingBack:
    def test_what_one_did_last_is_ones_own_again_until_somebody_acts(self, office: Office) -> None:
        errand = office.drafted()
        done = Task.objects.get(element="draft")
        new = together.withdraw_act(by=office.clerk, task_id=done.id, reason="还要改。")
        assert stands() == [("draft", "孙洁")]
        assert (waiting().id, Task.objects.get(id=done.id).state) == (new, "done")
        office.done(office.clerk)
        office.done(office.reviewer, "agree")
        with pytest.raises(EngineError) as late:
            together.withdraw_act(by=office.clerk, task_id=new, reason="还要改。")
        assert late.value.code == "bpmn.withdraw_late"
        assert kinds(errand).count("act_withdrawn") == 1

    def test_nobody_else_takes_it_back(self, office: Office) -> None:
        office.drafted()
        done = Task.objects.get(element="draft")
        for other in (office.second, office.head, office.stranger):
            assert code(NotAllowed, lambda other=other: together.withdraw_act(
                by=other, task_id=done.id, reason="还要改。"
            )) == "workflow.not_your_act"  # fmt: skip


class TestTelling:
    def test_who_acted_and_supervisors_urge_once_a_day(self, office: Office) -> None:
        office.drafted()

        def urge(by: Actor) -> None:
            together.urge_task(by=by, task_id=waiting().id, words="今天要发。")

        for other in (office.second, office.bystander, office.stranger):
            assert code(NotAllowed, lambda other=other: urge(other)) == "errands.may_not_urge"
        urge(office.clerk)
        assert waiting().urges == 1
        assert code(Conflict, lambda: urge(office.head)) == "workflow.urged_lately"
        with desks.at("2025-03-15 14:20"):
            urge(office.head)
        assert waiting().urges == 2

    def test_a_copy_lets_one_read_until_it_is_taken_back(self, office: Office) -> None:
        errand = office.drafted()
        about = ("errand", errand.id)

        def send(by: Actor, to: Actor) -> int:
            return together.send_copies(by=by, about=about, account_ids=[key(to)], words="供参考。")

        reader = office.bystander
        with pytest.raises(NotFound):
            errands.errand_for(reader, errand.id)
        assert code(NotAllowed, lambda: send(office.stranger, reader)) == "errands.not_yours"
        assert code(Conflict, lambda: send(office.reviewer, office.stranger)) == "errands.no_colleague"
        assert (send(office.reviewer, reader), send(office.head, reader)) == (1, 0)
        assert errands.errand_for(reader, errand.id) == errand
        assert code(NotAllowed, lambda: send(reader, office.second)) == "errands.not_yours"
        row = queries.copies.copies_for(reader).get()
        services.take_back_copy(by=office.reviewer, copy_id=row.id)
        with pytest.raises(NotFound):
            errands.errand_for(reader, errand.id)


class TestHalting:
    def test_nothing_is_done_until_it_goes_on(self, office: Office) -> None:
        errand = office.drafted()
        about = ("errand", errand.id)
        for other in (office.clerk, office.reviewer, office.stranger):
            with pytest.raises(NotAllowed):
                together.halt(by=other, about=about, reason="等通知。")
        assert code(Invalid, lambda: together.halt(by=office.head, about=about, reason="")) == "workflow.reason"
        together.halt(by=office.head, about=about, reason="等通知。")
        with pytest.raises(EngineError):
            office.done(office.reviewer, "agree")
        with pytest.raises(EngineError):
            together.halt(by=office.head, about=about, reason="等通知。")
        together.go_on(by=office.head, about=about)
        with pytest.raises(EngineError):
            together.go_on(by=office.head, about=about)
        office.done(office.reviewer, "agree")
        assert kinds(errand)[-2:] == ["process_suspended", "process_resumed"]

    @pytest.mark.parametrize("halted", [False, True])
    def test_it_is_ended_with_a_reason_where_the_post_permits(self, office: Office, halted: bool) -> None:
        errand = office.drafted()
        if halted:
            together.halt(by=office.head, about=("errand", errand.id), reason="等通知。")

        def end(by: Actor, reason: str = "活动已取消。") -> None:
            services.terminate_errand(by=by, errand_id=errand.id, reason=reason)

        for other in (office.clerk, office.reviewer, office.stranger):
            assert code(NotAllowed, lambda other=other: end(other)) == "policy.denied"
        assert code(Invalid, lambda: end(office.head, "")) == "workflow.reason"
        end(office.head)
        assert (stands(), Process.objects.get().state) == ([], "cancelled")
        entry = ledger.timeline(("errand", errand.id))[0]
        assert (entry.type, entry.reason, entry.actor_name) == ("workflow.errand_terminated", "活动已取消。", "周正")
        assert code(Conflict, lambda: end(office.head)) == "errands.over"


def test_words_stand_in_its_history(office: Office) -> None:
    errand = office.drafted()
    office.done(office.reviewer, "disagree", "数据不全。")
    found = [each for each in ledger.timeline(("errand", errand.id)) if each.type == "workflow.errand_task_done"]
    assert [(each.actor_name, (each.payload or {})["outcome"], each.reason) for each in found] == [
        ("赵敏", "disagree", "数据不全。"),
        ("孙洁", "", "初稿已拟。"),
    ]
    assert code(Invalid, lambda: office.done(office.head, "agree", "长" * 501)) == "workflow.outcome"


def test_whom_an_act_concerns_is_told_and_led_there(office: Office) -> None:
    errand = office.drafted()
    together.urge_task(by=office.clerk, task_id=waiting().id)
    assert len(told(office.reviewer, "errand.task_urged")) == 1
    together.send_copies(by=office.reviewer, about=("errand", errand.id), account_ids=[key(office.second)])
    asked = {"account_ids": [key(office.bystander)], "reason": "口径对吗？"}
    checked = waiting().id
    together.ask_colleagues(by=office.reviewer, task_id=checked, **asked)
    own = waiting(who_id=key(office.bystander))
    together.give_opinion(by=office.bystander, task_id=own.id, words="口径无误。")
    together.send_back_task(by=office.reviewer, task_id=checked, to="draft", reason=WHY)
    again = waiting().id
    for who, kind, task in (
        (office.second, "copy_given", checked), (office.clerk, "task_sent_back", again),
        (office.bystander, "signers_added", own.id), (office.reviewer, "asked_answered", checked),
    ):  # fmt: skip
        (message,) = told(who, f"errand.{kind}")
        assert message.params["item"] == "通报"
        assert kind == "copy_given" or message.address == f"/desk/errands/{task}/"
    assert not told(office.second, "errand.task_urged")
    assert not [each for each in messages.visible_to(office.reviewer) if each.template.startswith("workflow.")]


def test_the_substitute_does_what_the_absent_has(office: Office) -> None:
    office.begin()
    together.take_task(by=office.clerk, task_id=waiting().id)
    day = dt.date(2025, 3, 13)
    given: dict[str, Any] = {"account_id": key(office.clerk), "substitute_id": key(office.bystander)}
    access.enter_absence(
        by=office.clerk, organisation_id=office.agency.pk, begins_on=day, ends_on=day, reason="年休假", **given
    )
    substitute = office.again(office.bystander)
    office.done(substitute)
    done = Task.objects.get(element="draft")
    assert (done.assignee_name, done.absent_name) == ("韩梅", "孙洁")
    together.withdraw_act(by=substitute, task_id=done.id, reason="还要改。")
    assert stands() == [("draft", "韩梅")]


def test_somebody_without_the_role_does_nothing_to_a_task(office: Office) -> None:
    office.drafted()
    task = waiting()
    asked = {"account_ids": [key(office.second)], "reason": WHY}
    for other in (office.clerk, office.bystander, office.stranger):
        for verb in (
            lambda other=other: together.take_task(by=other, task_id=task.id),
            lambda other=other: services.complete_errand_task(by=other, task_id=task.id, outcome="agree"),
            lambda other=other: together.send_back_task(by=other, task_id=task.id, to="draft", reason=WHY),
            lambda other=other: together.ask_colleagues(by=other, task_id=task.id, **asked),
        ):
            assert code(NotAllowed, verb) == "workflow.not_yours"
    assert stands() == [("check", "")]
