"""Handing a task on: to whom it may go, and what was typed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.panels import in_other_hands, step_words
from zhengtong.doors.desk.queries.saying import grouped, named
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.registry import ROLES

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

Row = dict[str, Any]


def transfer(actor: Actor, case: Any, typed: Mapping[str, str]) -> Row:
    """The form with the colleagues to choose from, or why the task is not the actor's to hand on."""
    task = workflow.open_task("case", case.id)
    found = workflow.colleagues(actor, task) if task is not None else []
    return {
        "case": case,
        "number": grouped(case.short_no),
        "name": f"{case.applicant_label}　{named(case.item_name, case.item_name_en)}",
        "step": step_words(task),
        "role": ROLES[task.role] if task is not None else "",
        "task_id": task.id if task is not None else 0,
        "once": typed.get("once") or new_token(),
        "barred": _barred(actor, task),
        "colleagues": [_choice(each, typed.get("to", "")) for each in found],
        "reason": typed.get("reason", ""),
    }


def _barred(actor: Actor, task: "Task | None") -> str:
    if task is None:
        return _("Nothing is to be done here now.")
    return "" if workflow.in_reach(actor, task) else in_other_hands(actor, task)


def _choice(each: Any, chosen: str) -> Row:
    value = f"{each.account_id} {each.capacity}"
    return {"value": value, "name": each.name, "post": each.post, "checked": value == chosen}
