"""Telling one official about a case, or about a task of one."""

from typing import TYPE_CHECKING

from zhengtong.foundation.messages import services as messages
from zhengtong.matters.cases.models import Case
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


def tell(
    account_id: object,
    *,
    template: str,
    case: Case,
    once: str,
    task: "Task | None" = None,
    address: str = "",
    **more: object,
) -> None:
    """Tell whoever has this account, once for `once`; an account of nobody is passed over.

    The message names the case, or the `task` of it, and `more`; it leads to the case, or to `address`.
    """
    account = identity.account(int(str(account_id or 0)))
    if account is None or account.person_id is None:
        return
    if task is None:
        names = {"item": case.item_name, "item_en": case.item_name_en, "number": case.short_no}
    else:
        names = {"item": task.title, "item_en": task.title_en, "number": task.reference}
    messages.tell(
        to=messages.Recipient(person_id=account.person_id),
        template=template,
        params={**names, **more},
        stable_id=once,
        address=address or f"/desk/cases/{case.token}/",
    )
