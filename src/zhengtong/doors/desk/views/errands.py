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
from zhengtong.matters.workflow.services.errands import KIND

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


@require_http_methods(["GET", "POST"])
@official
def errand(request: DeskRequest, task_id: int) -> HttpResponse:
    """What is to be done, since when and until when; it is completed with one of its outcomes."""
    task = queries.tasks_by_id(request.actor, [task_id]).get(task_id)
    if task is None or task.subject_kind != KIND:
        raise NotFound("desk.no_task", _("There is no such task"))

    def verb() -> None:
        with countable():
            services.complete_errand_task(by=request.actor, task_id=task_id, outcome=request.POST.get("outcome", ""))

    return ask(request, lambda typed: _page(request, task, typed), verb, _("Completed."), reverse("desk:inbox"))


def _page(request: DeskRequest, task: "Task", typed: Mapping[str, Any]) -> dict[str, Any]:
    offered = [{"value": code, "name": _said(code)} for code in task.outcomes]
    words = {"since": moment_words(task.created_at), "until": day_words(task.red_on)}
    return {
        "title": named(task.name, task.name_en) or task.element,
        "about": f"{named(task.title, task.title_en)} · {task.holder or _('Nobody yet')}",
        "intro": _("Waits since %(since)s; urgent from %(until)s.") % words,
        "back_url": reverse("desk:inbox"),
        "back_label": _("Back to the inbox"),
        "task_id": task.id,
        "once": typed.get("once") or new_token(),
        "groups": [choices("outcome", _("What came of it"), offered, [typed.get("outcome", "")])] if offered else [],
        "submit": _("Complete the task"),
        "barred": _barred(request, task),
    }


def _said(code: str) -> object:
    words = OUTCOMES.get(code)
    return words.label if words else code


def _barred(request: DeskRequest, task: "Task") -> str:
    if task.state == TaskState.DONE:
        return _("It has been completed.")
    if task.state == TaskState.CANCELLED:
        return _("It was taken back; nothing is to be done any more.")
    return "" if queries.in_reach(request.actor, task) else _("A colleague has it in hand.")
