"""Telling one official about a case, or about a task of one."""

from typing import TYPE_CHECKING

from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.handlers import tell_official

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
    if task is None:
        names = {"item": case.item_name, "item_en": case.item_name_en, "number": case.short_no}
    else:
        names = {"item": task.title, "item_en": task.title_en, "number": task.reference}
    address = address or f"/desk/cases/{case.token}/"
    tell_official(account_id, template=template, params={**names, **more}, once=once, address=address)
