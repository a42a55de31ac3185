"""Handing a task on: to whom it may go, and what was typed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.panels import in_other_hands, step_words
from zhengtong.doors.desk.queries.saying import grouped, named
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.registry import WHO

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

MOST_NAMED = 8
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
        "role": WHO[task.role] if task is not None else "",
        "task_id": task.id if task is not None else 0,
        "once": typed.get("once") or new_token(),
        "barred": _barred(actor, task),
        "colleagues": [_choice(each, typed.get("to", "")) for each in found],
        "reason": typed.get("reason", ""),
    }


def hand_on(actor: Actor, task_ids: list[int], typed: Mapping[str, str]) -> Row:
    """The form that hands several tasks on at once: they lie in one queue, and those in other hands are left out."""
    tasks = list(workflow.tasks_by_id(actor, task_ids).values())
    mine = [task for task in tasks if workflow.in_reach(actor, task)]
    options = workflow.colleagues(actor, mine[0]) if len({task.queue for task in mine}) == 1 else []
    barred = ""
    if not mine:
        barred = _("None of these tasks is yours to hand on.")
    elif len({task.queue for task in mine}) > 1:
        barred = _("Tick tasks of one step; these stand at different steps.")
    elif not options:
        barred = _("Nobody else holds this post here: %s.") % WHO[mine[0].role]
    named_tasks = [f"{grouped(task.reference)} {named(task.title, task.title_en)}" for task in mine]
    choices = [_choice(each, typed.get("to", "")) | {"detail": each.post} for each in options]
    return {
        "title": _("Hand the tasks on"),
        "about": "；".join(named_tasks[:MOST_NAMED]) + ("…" if len(named_tasks) > MOST_NAMED else ""),
        "back_url": reverse("desk:back"),
        "back_label": _("Back to tasks"),
        "once": typed.get("once") or new_token(),
        "carried": [("chosen", task.id) for task in mine],
        "groups": [{"name": "to", "legend": _("To whom"), "kind": "radio", "options": choices}],
        "reason": typed.get("reason", ""),
        "reason_label": _("Why you hand it on"),
        "reason_hint": _("Colleagues read it in the history; the applicant does not."),
        "submit": _("Hand on, tell the colleague"),
        "barred": barred,
    }


def _barred(actor: Actor, task: "Task | None") -> str:
    if task is None:
        return _("Nothing is to be done here now.")
    return "" if workflow.in_reach(actor, task) else in_other_hands(actor, task)


def _choice(each: Any, chosen: str) -> Row:
    value = f"{each.account_id} {each.capacity}"
    return {"value": value, "name": each.name, "post": each.post, "checked": value == chosen}
