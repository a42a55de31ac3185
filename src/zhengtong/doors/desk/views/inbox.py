"""The inbox, and taking several tasks in hand at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import inboxes
from zhengtong.doors.desk.queries.saying import grouped
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Refusal
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.services.together import take_task

LEFT, LONGEST = "zt_inbox", 1000
"""The cookie that holds the conditions of the inbox as it was left, and the longest it may be."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one of several tasks."""

    name: str
    refused: object = ""


@require_GET
@official
def inbox(request: DeskRequest) -> HttpResponse:
    """The inbox; its conditions are remembered in this browser, so that whoever comes back finds it as he left it."""
    response = render(request, "desk/inbox.html", inboxes.page(request, request.actor))
    query = request.GET.urlencode()
    if query and len(query) <= LONGEST:
        response.set_cookie(
            LEFT, query, path=reverse("desk:inbox"), httponly=True, samesite="Lax", secure=request.is_secure()
        )
    elif LEFT in request.COOKIES:
        response.delete_cookie(LEFT, path=reverse("desk:inbox"), samesite="Lax")
    return response


@require_GET
@official
def back(request: DeskRequest) -> HttpResponse:
    """The inbox as it was left."""
    query = request.COOKIES.get(LEFT, "")
    return redirect(f"{reverse('desk:inbox')}?{QueryDict(query).urlencode()}" if query else "desk:inbox")


@require_GET
@official
def following(request: DeskRequest) -> HttpResponse:
    """The next task of the list as it was left, after the one given."""
    asked = inboxes.conditions(QueryDict(request.COOKIES.get(LEFT, "")))
    url = inboxes.following(request.actor, asked, inboxes.place_of(request.GET.get("after", "")))
    if url:
        return redirect(url)
    messages.info(request, _("Nothing else waits in this list."))
    return redirect("desk:back")


@require_POST
@official
def take(request: DeskRequest) -> HttpResponse:
    """Take the ticked tasks in hand, each for itself: one that fails leaves the others taken; or go to hand them on."""
    ids = forms.chosen_ids(request.POST)
    if request.POST.get("action") == "hand_on" and ids:
        return redirect(f"{reverse('desk:hand_on')}?{urlencode({'chosen': ids}, doseq=True)}")
    tasks = workflow.tasks_by_id(request.actor, ids)
    steps = {task.element for task in tasks.values()}
    context: dict[str, object] = {"problem": _problem(ids, steps)}
    chosen = frozenset(ids)
    if not context["problem"]:
        results = [
            _taken(request, task_id, grouped(tasks[task_id].reference) if task_id in tasks else "") for task_id in ids
        ]
        done = [each for each in results if not each.refused]
        context = {"taken": done, "refused": [each for each in results if each.refused], "done": True}
        chosen = frozenset()
    page = inboxes.page(request, request.actor, chosen)
    return render(request, "desk/inbox.html", page | context, status=422 if context.get("problem") else 200)


def _problem(ids: list[int], steps: set[str]) -> str:
    if not ids:
        return _("Tick the tasks you want to take.")
    return _("Tick tasks of one step; these stand at different steps.") if len(steps) > 1 else ""


def _taken(request: DeskRequest, task_id: int, name: str) -> Taken:
    try:
        take_task(by=request.actor, task_id=task_id)
    except Refusal as refusal:
        return Taken(name or str(task_id), refusal.message)
    return Taken(name)
