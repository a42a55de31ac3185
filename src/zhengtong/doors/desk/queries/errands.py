"""A task of an errand on the desk: what is to be done, which verbs are open, who said what, what happened."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries import acting, histories
from zhengtong.doors.desk.queries.asking import Row, Typed, asking, choices, urging_barred
from zhengtong.doors.desk.queries.matters import AnErrand, Matter, OfErrand, all_tasks
from zhengtong.doors.desk.queries.panels import in_other_hands
from zhengtong.doors.desk.queries.rows import urged_words
from zhengtong.doors.desk.queries.saying import day_words, moment_words, named
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.choices import Asked, ProcessState, TaskState
from zhengtong.matters.workflow.queries import WAITING, in_reach, is_own, wants_words
from zhengtong.matters.workflow.queries.errands import processes_of
from zhengtong.matters.workflow.registry import TERMINATE_ERRANDS
from zhengtong.matters.workflow.services import offer_at

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

OVER = "-"
"""In place of an activity: nothing more is needed. No element has that id."""


def page(actor: Actor, matter: OfErrand, typed: Typed) -> Row:
    """Everything the page of a task of an errand shows."""
    tasks, processes = list(all_tasks(matter)), list(processes_of(matter.id))
    task = next(each for each in tasks if each.id == matter.task.id)
    running = any(each.state == ProcessState.RUNNING for each in processes)
    form = asking(matter, typed, task=task, title=named(task.name, task.name_en) or task.element, submit="")
    return {
        **form,
        **_what_to_do(actor, task, typed),
        "back_url": reverse("desk:inbox"),
        "facts": _facts(matter, task),
        "head_actions": _actions(actor, matter, tasks, task, running=running),
        "intro": _intro(task),
        "returned": _returned(task),
        "in_hand": _in_hand(actor, matter, task),
        "asked": [*_following(actor, matter, task), *acting.asked_rows(actor, matter, tasks)],
        "copies": histories.copies_sent(actor, matter),
        "events": histories.events((matter.kind, matter.id), [each.id for each in processes]),
    }


def ending(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """Ending an errand before its time."""
    return asking(
        matter,
        typed,
        title=_("Terminate"),
        submit=_("End the errand"),
        intro=_("What is open of it is taken away; what was done stays in the history."),
        danger=True,
        barred="" if may(actor, TERMINATE_ERRANDS, matter.row) else _("Only who may by his post ends an errand."),
    )


def _facts(matter: OfErrand, task: "Task") -> list[str]:
    facts = [matter.about, task.holder or _("Nobody yet")]
    if task.process.suspended:
        facts.append(_("halted"))
    return [*facts, urged_words(task)] if task.urges else facts


def _intro(task: "Task") -> str:
    if task.state in (TaskState.DONE, TaskState.CANCELLED):
        return ""
    words = {"since": moment_words(task.created_at), "until": day_words(task.red_on)}
    return _("Waits since %(since)s; urgent from %(until)s.") % words


def _returned(task: "Task") -> str:
    """Why it was sent back, or what whoever signs along or after was asked."""
    if not task.words or task.state not in WAITING or wants_words(task):
        return ""
    if task.asked == Asked.RETURNED:
        return _("Sent back: %s") % task.words
    return _("You were asked: %s") % task.words


def _what_to_do(actor: Actor, task: "Task", typed: Typed) -> Row:
    """The form of the task, or why there is none to fill."""
    barred = _barred(actor, task)
    if barred:
        return {"barred": barred}
    if task.state == TaskState.OFFERED:
        wanted = choices("outcome", _("What is to be done"), _startable(task), [typed.get("outcome", "")])
        return {"groups": [wanted], "submit": _("Start, or say it is over"), "reason_label": ""}
    offered = [{"value": code, "name": _said(code)} for code in task.outcomes]
    return {
        "groups": [choices("outcome", _("What came of it"), offered, [typed.get("outcome", "")])] if offered else [],
        "submit": _("Complete the task"),
        "reason_label": _("What is to be said of it (may be left empty)"),
    }


def _barred(actor: Actor, task: "Task") -> str:
    if task.state == TaskState.OFFERED:
        return "" if may(actor, f"task.{task.role}", task) else in_other_hands(actor, task)
    if task.state == TaskState.DONE:
        return _("It has been completed.")
    if task.state == TaskState.CANCELLED:
        return _("It was taken back; nothing is to be done any more.")
    if wants_words(task) and is_own(actor, task):
        return _("You were asked: %s") % (task.words or "")
    if in_reach(actor, task):
        return ""
    held = task.held or not may(actor, f"task.{task.role}", task)
    return in_other_hands(actor, task) if held else _("A colleague has it in hand.")


def _said(code: str) -> object:
    words = OUTCOMES.get(code)
    return words.label if words else code


def _startable(task: "Task") -> list[dict[str, Any]]:
    """What an ad-hoc sub-process offers, and that it is over."""
    found = offer_at(task)
    if found is None:
        return []
    rows = [{"value": each.element, "name": named(each.name, each.name_en)} for each in found.activities]
    return [*rows, *([{"value": OVER, "name": _("Nothing more is needed")}] if found.may_end else [])]


def _in_hand(actor: Actor, matter: OfErrand, task: "Task") -> Row | None:
    """Taking it in hand, or putting it back."""
    if task.state not in WAITING or task.who_id is not None or not in_reach(actor, task):
        return None
    if task.assignee_id == actor.account_id:
        return {"url": matter.url("release"), "icon": "undo-2", "label": _("Put back")}
    return {"url": matter.url("claim"), "icon": "user-plus", "label": _("Take in hand")}


def _following(actor: Actor, matter: OfErrand, task: "Task") -> list[Row]:
    return acting.following_rows(actor, matter, task) if task.state in WAITING else []


def _actions(actor: Actor, matter: OfErrand, tasks: "list[Task]", task: "Task", *, running: bool) -> list[Row]:
    """The verbs open to the actor now."""
    waits, found = task.state in WAITING, []
    if waits and task.who_id is None and in_reach(actor, task) and not task.process.suspended:
        url = f"{reverse('desk:hand_on')}?chosen={task.id}"
        found.append({"label": _("Hand on"), "icon": "user-plus", "url": url})
    process = task.process
    found += acting.buttons(actor, matter, tasks, task if process.state == ProcessState.RUNNING else None)
    whole = {"label": _("The whole errand"), "icon": "workflow", "url": reverse("desk:whole_errand", args=[matter.id])}
    return [whole, *found, *of_errand(actor, matter, [task, *tasks], running=running)]


def of_errand(actor: Actor, matter: AnErrand, tasks: "list[Task]", *, running: bool) -> list[Row]:
    """The verbs open to the actor on the errand itself, of whose tasks the first that waits is urged."""
    found = []
    acted = any(each.state == TaskState.DONE and each.assignee_id == actor.account_id for each in tasks)
    urged = next((each for each in tasks if each.state in WAITING), None)
    if urged is not None and not urging_barred(actor, matter, urged, acted=acted):
        found.append({"label": _("Urge"), "icon": "megaphone", "url": matter.url("urge")})
    if matter.handles(actor):
        found.append({"label": _("Send copies"), "icon": "mail", "url": matter.url("copy")})
    if running and may(actor, TERMINATE_ERRANDS, matter.row):
        found.append({"label": _("Terminate"), "icon": "ban", "url": matter.url("terminate")})
    return found
