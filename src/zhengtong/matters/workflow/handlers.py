"""What colleagues are told of one another's acts on an errand: handed on, urged, a copy, sent back, asked, answered;
and of whoever is away, his substitute too."""

from collections.abc import Mapping

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.messages import services as messages
from zhengtong.foundation.messages.registry import Template, declare
from zhengtong.matters.workflow.models import Errand, Task
from zhengtong.matters.workflow.queries import WAITING, concerned
from zhengtong.matters.workflow.queries.errands import KIND, errand
from zhengtong.people.identity import queries as identity

URGED, COPIED, TRANSFERRED = "workflow.task_urged", "workflow.copy_given", "workflow.task_transferred"


def tell_official(account_id: object, *, template: str, params: Mapping[str, object], once: str, address: str) -> None:
    """Tell whoever has this account, once for `once`; an account of nobody is passed over."""
    account = identity.account(int(str(account_id or 0)))
    if account is None or account.person_id is None:
        return
    to = messages.Recipient(person_id=account.person_id)
    messages.tell(to=to, template=template, params=dict(params), stable_id=once, address=address)


def in_place(name: str) -> str:
    """The name of the template for whoever stands in."""
    return f"{name}.in_place"


def declare_both(template: Template) -> Template:
    """Declare a template, and the same for whoever stands in for the one it is meant for."""
    declare(
        Template(
            name=in_place(template.name),
            subject_zh=template.subject_zh.replace("：", "（您代{absent}）：", 1),
            text_zh=f"{template.text_zh}{{absent}}不在岗，由您代办。",
            subject_en=template.subject_en.replace(":", ", for {absent}:", 1),
            text_en=f"{template.text_en} You stand in for {{absent}}, who is away.",
        )
    )
    return declare(template)


def tell_of_errand(delivery: Delivery) -> None:
    """Tell whomever an act on an errand concerns, once an event; what was said stands in its history."""
    told = delivery.payload or {}
    if delivery.imported:
        return
    if delivery.type == COPIED:
        _tell_of_copy(delivery, told)
        return
    task = concerned.task_of(delivery.subject[1], told)
    if task is None or task.subject_kind != KIND or (delivery.type == URGED and task.state not in WAITING):
        return
    if delivery.type == URGED and task.assignee_id is None:
        _tell(delivery, task, concerned.free_to(task))
        return
    accounts = [task.assignee_id or 0] if delivery.type == URGED else concerned.people_of(told)
    _tell(delivery, task, accounts)
    if delivery.type != TRANSFERRED:
        for absent, substitute, named in concerned.in_place_of(task, accounts):
            _tell(delivery, task, [substitute], absent, named)


def _tell_of_copy(delivery: Delivery, told: Mapping[str, object]) -> None:
    """A copy leads to the errand itself, whatever tasks it has."""
    row = errand(int(str(told["about"]))) if told.get("kind") == KIND else None
    if row is None:
        return
    for key in concerned.people_of(told):
        tell_official(
            key,
            template=_template(COPIED),
            params=_params(row, told),
            once=f"errand:{delivery.id}:{key}",
            address=f"/desk/errands/whole/{row.id}/",
        )


def _params(of: Task | Errand, told: Mapping[str, object]) -> dict[str, object]:
    return {"item": of.title, "item_en": of.title_en or of.title, "giver": told.get("from", "")}


def _tell(delivery: Delivery, task: Task, accounts: list[int], absent: int = 0, named: str = "") -> None:
    """Tell these; as those who stand in for somebody away, where one is named."""
    told, template = delivery.payload or {}, _template(delivery.type)
    params = _params(task, told)
    for key in accounts:
        tell_official(
            key,
            template=in_place(template) if absent else template,
            params={**params, "absent": named} if absent else params,
            once=f"errand:{delivery.id}:{absent}:{key}" if absent else f"errand:{delivery.id}:{key}",
            address=f"/desk/errands/{_leads_to(task, told, absent or key)}/",
        )


def _leads_to(task: Task, told: Mapping[str, object], account_id: int) -> object:
    """The task that is now to be done, the one that was asked about once it is answered, what was asked in person of
    who is told, else the task itself.
    """
    own = concerned.asked_from(task, account_id)
    return told.get("new_task") or told.get("asker") or (own.id if own is not None else task.id)


def _template(kind: str) -> str:
    return f"errand.{kind.partition('.')[2]}"


_SAID = {
    TRANSFERRED: (
        *("{giver}把事务转给您：{item}", "事务“{item}”由{giver}转给您办理。"),
        *("Handed on to you by {giver}: {item_en}", "The errand “{item_en}” is yours to do now."),
    ),
    "workflow.task_sent_back": (
        *("{giver}退回给您：{item}", "事务“{item}”退回，原因见办理经过。"),
        *("Sent back to you by {giver}: {item_en}", "“{item_en}” is sent back to you; its history says why."),
    ),
    "workflow.signers_added": (
        *("{giver}请您加签：{item}", "事务“{item}”请您发表意见。"),
        *("Please sign, asked by {giver}: {item_en}", "“{item_en}” waits for your opinion."),
    ),
    "workflow.signers_joined": (
        *("{giver}请您一并签：{item}", "事务“{item}”请您一并签署。"),
        *("Please sign along, asked by {giver}: {item_en}", "“{item_en}” waits for your signature."),
    ),
    "workflow.task_in_person": (
        *("{giver}之后请您签：{item}", "事务“{item}”已到您签署。"),
        *("Your turn to sign after {giver}: {item_en}", "“{item_en}” waits for your signature."),
    ),
    "workflow.task_delegated": (
        *("{giver}委派给您：{item}", "事务“{item}”请您代办，办完回到委派人。"),
        *("Delegated to you by {giver}: {item_en}", "“{item_en}” is yours to do; it goes back to the sender then."),
    ),
    "workflow.asked_answered": (
        *("{giver}已答复您：{item}", "事务“{item}”有同事答复了您。"),
        *("Answered by {giver}: {item_en}", "“{item_en}” has an answer to what you asked."),
    ),
    "workflow.task_came_back": (
        *("{giver}不再办理，事务回到您手中：{item}", "事务“{item}”由您继续办理：原先请的人已离岗。"),
        *("Back with you, {giver} has left: {item_en}", "“{item_en}” is yours to go on with; {giver} has left."),
    ),
    URGED: (
        *("催办：{item}", "事务“{item}”有人催办，请尽快办理。"),
        *("Please go on with: {item_en}", "Somebody waits for “{item_en}” and urges you to go on with it."),
    ),
    COPIED: (
        *("{giver}抄送给您：{item}", "事务“{item}”抄送给您知悉，请到“抄送我的”查看。"),
        *("A copy for you from {giver}: {item_en}", "“{item_en}” is brought to your notice."),
    ),
}
for _type, (_subject_zh, _text_zh, _subject_en, _text_en) in _SAID.items():
    declare_both(
        Template(
            name=_template(_type),
            subject_zh=_subject_zh,
            text_zh=_text_zh,
            subject_en=_subject_en,
            text_en=_text_en,
        )
    )
    subscribe(_type, f"workflow.tell.{_type.partition('.')[2]}", tell_of_errand)
