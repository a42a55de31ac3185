"""A task that belongs to no case: what a process that began of itself asks of an official."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries.asking import choices
from zhengtong.doors.desk.queries.saying import day_words, moment_words, named
from zhengtong.doors.desk.views.acts import countable
from zhengtong.doors.desk.views.asking import ask
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.matters.workflow import queries, services
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.queries.errands import KIND

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


OVER = "-"
"""In place of an activity: nothing more is needed. No element has that id."""


@require_http_methods(["GET", "POST"])
@official
def errand(request: DeskRequest, task_id: int) -> HttpResponse:
    """What is to be done, since when and until when; it is completed with one of its outcomes."""
    task = queries.tasks_by_id(request.actor, [task_id]).get(task_id)
    if task is None or task.subject_kind != KIND:
        raise NotFound("desk.no_task", _("There is no such task"))

    chosen = request.POST.get("outcome", "")

    def verb() -> None:
        with countable():
            if task.state == TaskState.OFFERED:
                services.improvise_errand(by=request.actor, task_id=task_id, element="" if chosen == OVER else chosen)
                return
            services.complete_errand_task(by=request.actor, task_id=task_id, outcome=chosen)

    return ask(request, lambda typed: _page(request, task, typed), verb, _("Completed."), reverse("desk:inbox"))


def _page(request: DeskRequest, task: "Task", typed: Mapping[str, Any]) -> dict[str, Any]:
    on_offer = task.state == TaskState.OFFERED
    offered = _startable(task) if on_offer else [{"value": code, "name": _said(code)} for code in task.outcomes]
    asked = _("What is to be done") if on_offer else _("What came of it")
    words = {"since": moment_words(task.created_at), "until": day_words(task.red_on)}
    return {
        "title": named(task.name, task.name_en) or task.element,
        "about": f"{named(task.title, task.title_en)} · {task.holder or _('Nobody yet')}",
        "intro": _("Waits since %(since)s; urgent from %(until)s.") % words,
        "back_url": reverse("desk:inbox"),
        "back_label": _("Back to the inbox"),
        "task_id": task.id,
        "once": typed.get("once") or new_token(),
        "groups": [choices("outcome", asked, offered, [typed.get("outcome", "")])] if offered else [],
        "submit": _("Start, or say it is over") if on_offer else _("Complete the task"),
        "barred": _barred(request, task),
    }


def _startable(task: "Task") -> list[dict[str, Any]]:
    """What an ad-hoc sub-process offers, and that it is over."""
    found = next((each for each in services.offers(task.process_id) if each.number == task.number), None)
    if found is None:
        return []
    rows = [{"value": each.element, "name": named(each.name, each.name_en)} for each in found.activities]
    return [*rows, *([{"value": OVER, "name": _("Nothing more is needed")}] if found.may_end else [])]


def _said(code: str) -> object:
    words = OUTCOMES.get(code)
    return words.label if words else code


def _barred(request: DeskRequest, task: "Task") -> str:
    if task.state == TaskState.DONE:
        return _("It has been completed.")
    if task.state == TaskState.CANCELLED:
        return _("It was taken back; nothing is to be done any more.")
    if task.state == TaskState.OFFERED:
        return ""
    return "" if queries.in_reach(request.actor, task) else _("A colleague has it in hand.")
