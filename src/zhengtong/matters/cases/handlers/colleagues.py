"""What colleagues are told of one another's acts on a case: urged on, sent a copy or a task back, asked, answered."""

from typing import TYPE_CHECKING

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.messages.registry import Template, declare
from zhengtong.matters.cases.handlers.officials import tell
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services.work import KIND
from zhengtong.matters.workflow.handlers import declare_both, in_place
from zhengtong.matters.workflow.queries import WAITING, concerned
from zhengtong.matters.workflow.queries import task as task_of_id

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


def tell_urged(delivery: Delivery) -> None:
    """Tell whoever holds an urged task, or all who might take it, once an event; words stand in the case's history."""
    told = delivery.payload or {}
    task = task_of_id(int(str(told.get("task") or 0)))
    if delivery.imported or task.subject_kind != KIND or task.state not in WAITING:
        return
    case = Case.objects.get(id=task.subject_id)
    if task.assignee_id:
        _tell_in_hand(delivery, case, task, [task.assignee_id], "urged")
        return
    for key in concerned.free_to(task):
        tell(key, template=URGED.name, case=case, task=task, once=f"urged:{delivery.id}:{key}")


def tell_reader(delivery: Delivery) -> None:
    """Tell an official that a copy of a case was sent to him, once an event."""
    told = delivery.payload or {}
    if delivery.imported or told.get("kind") != KIND:
        return
    case, once, giver = Case.objects.get(id=int(str(told["about"]))), f"copy:{delivery.id}", told.get("from", "")
    tell(told.get("account"), template=COPIED.name, case=case, once=once, address="/desk/copies/", giver=giver)


def tell_asked(delivery: Delivery) -> None:
    """Tell each official to whom a task was sent back, or who was asked about one, or whose question was answered; of
    whoever is away, his substitute too, who does it for him."""
    told = delivery.payload or {}
    task = concerned.task_of(delivery.subject[1], told)
    if delivery.imported or task is None or task.subject_kind != KIND:
        return
    _tell_in_hand(delivery, Case.objects.get(id=task.subject_id), task, concerned.people_of(told), "asked")


def _tell_in_hand(delivery: Delivery, case: Case, task: "Task", accounts: list[int], cause: str) -> None:
    """Tell those in whose hands it lies, and whoever stands in today for one of them, saying for whom."""
    giver = (delivery.payload or {}).get("from", "")
    for key in accounts:
        tell(key, template=delivery.type, case=case, task=task, once=f"{cause}:{delivery.id}:{key}", giver=giver)
    for absent, substitute, named in concerned.in_place_of(task, accounts):
        once, template = f"{cause}:{delivery.id}:{absent}:{substitute}", in_place(delivery.type)
        tell(substitute, template=template, case=case, task=task, once=once, giver=giver, absent=named)


_ASKED = {
    "workflow.task_sent_back": (
        *("退回给您", "Sent back to you"),
        *("退回，原因见办件经过", "is sent back to you; its history says why"),
    ),
    "workflow.signers_added": ("请您加签", "Please sign", "请您发表意见", "waits for your opinion"),
    "workflow.task_in_person": ("之后请您签", "Your turn to sign", "已到您签署", "waits for your signature"),
    "workflow.task_delegated": (
        *("委派给您", "Delegated to you"),
        *("请您代办，办完回到委派人", "is yours to do; it goes back to the sender then"),
    ),
    "workflow.asked_answered": (
        *("已答复您", "Answered"),
        *("有同事答复了您，见意见", "has an answer to what you asked; see the opinions"),
    ),
    "workflow.task_came_back": (
        *("不再办理，回到您手中", "Back with you, left"),
        *("由您继续办理：原经办人已离岗", "is yours to go on with: who had it does this work no longer"),
    ),
}
for _type, (_zh, _en, _said_zh, _said_en) in _ASKED.items():
    declare_both(
        Template(
            name=_type,
            subject_zh=f"{{giver}}{_zh}：{{item}}",
            text_zh=f"“{{item}}”（办件编号 {{number}}）{_said_zh}。",
            subject_en=f"{_en} by {{giver}}: {{item_en}}",
            text_en=f"“{{item_en}}” (case {{number}}) {_said_en}.",
        )
    )
    subscribe(_type, f"cases.tell.{_type.partition('.')[2]}", tell_asked)

URGED = declare_both(
    Template(
        name="workflow.task_urged",
        subject_zh="催办：{item}",
        text_zh="“{item}”（办件编号 {number}）有人催办，请尽快办理。",
        subject_en="Please go on with: {item_en}",
        text_en="Somebody waits for “{item_en}” (case {number}) and urges you to go on with it.",
    )
)
subscribe("workflow.task_urged", "cases.tell_urged", tell_urged)

COPIED = declare(
    Template(
        name="workflow.copy_given",
        subject_zh="{giver}抄送给您：{item}",
        text_zh="“{item}”（办件编号 {number}）抄送给您知悉，请到“抄送我的”查看。",
        subject_en="A copy for you from {giver}: {item_en}",
        text_en="“{item_en}” (case {number}) is brought to your notice; find it under “Copies for me”.",
    )
)
subscribe("workflow.copy_given", "cases.tell_reader", tell_reader)
