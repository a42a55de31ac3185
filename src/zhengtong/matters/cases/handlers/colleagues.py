"""What colleagues are told of one another's acts on a case: urged on, sent a copy."""

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.messages import services as messages
from zhengtong.foundation.messages.registry import Template, declare
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services.work import KIND
from zhengtong.matters.workflow.queries import WAITING
from zhengtong.matters.workflow.queries import task as task_of_id
from zhengtong.people.access.queries import holders
from zhengtong.people.identity import queries as identity


def tell_urged(delivery: Delivery) -> None:
    """Tell whoever holds an urged task, or all who might take it, once an event; words stand in the case's history."""
    told = delivery.payload or {}
    task = task_of_id(int(str(told.get("task") or 0)))
    if delivery.imported or task.subject_kind != KIND or task.state not in WAITING:
        return
    case = Case.objects.get(id=task.subject_id)
    holding = [task.assignee_id] if task.assignee_id else []
    free = [each.account_id for each in holders(f"task.{task.role}", task.agency_id)] if not holding else []
    for key in dict.fromkeys([*holding, *free]):
        account = identity.account(key)
        if account is None or account.person_id is None:
            continue
        messages.tell(
            to=messages.Recipient(person_id=account.person_id),
            template=URGED.name,
            params={"item": task.title, "item_en": task.title_en, "number": task.reference},
            stable_id=f"urged:{delivery.id}:{key}",
            address=f"/desk/cases/{case.token}/",
        )


def tell_reader(delivery: Delivery) -> None:
    """Tell an official that a copy of a case was sent to him, once an event."""
    told = delivery.payload or {}
    account = identity.account(int(str(told.get("account") or 0)))
    if delivery.imported or told.get("kind") != KIND or account is None or account.person_id is None:
        return
    case = Case.objects.get(id=int(str(told["about"])))
    messages.tell(
        to=messages.Recipient(person_id=account.person_id),
        template=COPIED.name,
        params={
            "item": case.item_name,
            "item_en": case.item_name_en,
            "number": case.short_no,
            "giver": told.get("from", ""),
        },
        stable_id=f"copy:{delivery.id}",
        address="/desk/copies/",
    )


URGED = declare(
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
