"""A small office procedure through the database, every verb: 会签 of three (2/3), 退回, 加签, 委派, 撤回, 挂起."""

from typing import Any

import pytest

from engines.bpmn_drawing import chain, document, node, task
from factories import access, desks
from factories import identity as people
from factories.processes import NOW, Trial, begin
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.matters.workflow.services.following import name_for
from zhengtong.people.identity import queries as identity

pytestmark = pytest.mark.django_db
UNTIL = "numberOfCompletedInstances / numberOfInstances &gt;= 2/3"
SIGN = (
    '<multiInstanceLoopCharacteristics isSequential="false"><loopDataInputRef>signers</loopDataInputRef>'
    f'<inputDataItem id="item"/><completionCondition>{UNTIL}</completionCondition></multiInstanceLoopCharacteristics>'
)
MODEL = document(
    node("startEvent", "s"),
    task("draft"),
    node("userTask", "sign", SIGN, zt_role="reviewer"),
    task("issue"),
    node("endEvent", "e"),
    chain("s", "draft", "sign", "issue", "e"),
)


class Office:
    """拟稿 → 会签 (three, two thirds) → 签发, in an agency where everybody may do everything."""

    def __init__(self) -> None:
        self.agency = people.agency()
        self.role = access.role("task.clerk", "task.reviewer")
        self.people = {name: self.official(name) for name in ("甲", "乙", "丙", "丁")}
        signers = [name_for(self.people[name].account_id or 0) for name in ("甲", "乙", "丙")]
        self.subject = Trial()
        self.process = begin(MODEL, self.subject, signers=signers)
        Task.objects.update(agency_id=self.agency.pk)

    def official(self, name: str) -> Actor:
        post = people.post(self.agency, name_zh=f"{name}岗")
        access.grant(self.role, post=post, organisation=self.agency, valid_from=desks.LONG_AGO)
        return identity.actor_for(people.officer(post, holder=people.person(name=name)))

    def done(self, verb: Any, name: str, number: int, **given: Any) -> None:
        found = Task.objects.get(id=number)
        write(lambda: verb(by=self.people[name], task=found, subject=Trial(self.subject.id), now=NOW, **given))
        Task.objects.update(agency_id=self.agency.pk)

    def complete(self, name: str, element: str) -> None:
        self.done(services.complete_task, name, self.task(element, name), data={})

    def task(self, element: str, name: str = "") -> int:
        """The waiting task at an element: the official's own, else the one that is free."""
        rows = Task.objects.filter(process_id=self.process.id, element=element, state__in=("open", "claimed"))
        own = rows.filter(assignee_id=self.people[name].account_id) if name else rows.none()
        return (own.first() or rows.filter(who_id=None).get()).id

    def waiting(self) -> list[tuple[str, str]]:
        rows = Task.objects.filter(process_id=self.process.id, state__in=("open", "claimed")).order_by("id")
        return [(row.element, row.assignee_name) for row in rows]


@pytest.fixture
def office() -> Any:
    with clock.frozen(NOW):
        yield Office()


def test_two_of_three_signatures_are_enough_and_each_is_in_person(office: Office) -> None:
    office.complete("甲", "draft")
    assert office.waiting() == [("sign", "甲"), ("sign", "乙"), ("sign", "丙")]
    with pytest.raises(Conflict):
        office.done(services.complete_task, "丁", office.task("sign", "乙"), data={})
    office.complete("乙", "sign")
    office.complete("丙", "sign")
    assert office.waiting() == [("issue", "")]
    gone = Task.objects.get(element="sign", assignee_name="甲")
    assert gone.state == "cancelled"


def test_a_cosignature_and_then_sending_back_lose_no_task(office: Office) -> None:
    office.complete("甲", "draft")
    office.complete("甲", "sign")
    office.complete("乙", "sign")
    office.done(services.send_back, "丁", office.task("issue"), to="sign", reason="意见不全，请重签。")
    assert office.waiting() == [("sign", "甲"), ("sign", "乙"), ("sign", "丙")]
    office.complete("乙", "sign")
    office.complete("丙", "sign")
    office.done(services.send_back, "丁", office.task("issue"), to="draft", reason="文稿需改。")
    assert office.waiting() == [("draft", "")]
    office.complete("甲", "draft")
    assert len(office.waiting()) == 3
    for name in ("甲", "丙"):
        office.complete(name, "sign")
    office.complete("丁", "issue")
    assert office.waiting() == []
    assert Process.objects.get(id=office.process.id).state == "ended"
    done = Task.objects.filter(element="sign", state="done").count()
    assert (done, Task.objects.filter(element="draft", state="done").count()) == (6, 2)


def test_sending_back_to_the_applicant_stands_at_the_start(office: Office) -> None:
    office.complete("甲", "draft")
    office.done(services.send_back, "甲", office.task("sign", "甲"), to="", reason="请申请人补充说明。")
    anew = Task.objects.get(process_id=office.process.id, state="open")
    assert (anew.element, anew.role, anew.asked, anew.words) == ("s", "applicant", "returned", "请申请人补充说明。")


def test_signers_before_and_after_and_a_delegate(office: Office) -> None:
    account = {name: identity.account(by.account_id or 0) for name, by in office.people.items()}
    draft = office.task("draft")
    office.done(services.add_signers, "甲", draft, to=[account["乙"]], reason="请先看")
    office.done(services.answer, "乙", office.task("draft", "乙"), words="可以。")
    office.done(services.delegate, "甲", draft, to=account["丁"], reason="请代拟")
    office.done(services.answer, "丁", office.task("draft", "丁"), words="已拟好。")
    office.done(services.add_signers, "甲", draft, to=[account["丙"], account["丁"]], reason="请签", after=True)
    office.complete("甲", "draft")
    assert office.waiting() == [("draft", "丙")]
    office.done(services.answer, "丙", office.task("draft", "丙"), words="同意。")
    assert office.waiting() == [("draft", "丁")]
    office.done(services.answer, "丁", office.task("draft", "丁"), words="同意。")
    assert len(office.waiting()) == 3
    said = Task.objects.exclude(asked="").order_by("id")
    assert [(row.asked, row.words) for row in said if row.element == "draft"] == [
        ("before", "可以。"), ("delegated", "已拟好。"), ("after", "同意。"), ("after", "同意。"),
    ]  # fmt: skip


def test_one_s_own_act_is_taken_back_until_the_next_has_acted(office: Office) -> None:
    office.complete("甲", "draft")
    draft = Task.objects.get(element="draft")
    with pytest.raises(NotAllowed):
        office.done(services.withdraw, "乙", draft.id, reason="错了")
    office.done(services.withdraw, "甲", draft.id, reason="错了")
    assert office.waiting() == [("draft", "甲")]
    assert Task.objects.get(id=draft.id).state == "done"
    office.complete("甲", "draft")
    office.complete("乙", "sign")
    anew = Task.objects.filter(element="draft", state="done").latest("id")
    with pytest.raises(EngineError) as late:
        office.done(services.withdraw, "甲", anew.id, reason="又错了")
    assert late.value.code == "bpmn.withdraw_late"


def test_nothing_moves_while_it_is_suspended(office: Office) -> None:
    number, by = office.process.id, office.people["甲"]
    write(lambda: services.suspend(by=by, process_id=number, subject=Trial(office.subject.id), reason="等", now=NOW))
    with pytest.raises(EngineError) as refusal:
        office.complete("甲", "draft")
    assert refusal.value.code == "bpmn.suspended"
    write(lambda: services.resume(by=by, process_id=number, subject=Trial(office.subject.id), now=NOW))
    office.complete("甲", "draft")
    assert len(office.waiting()) == 3
