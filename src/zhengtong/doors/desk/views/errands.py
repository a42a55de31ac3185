"""A task of an errand: what a process that began of itself asks of an official, and how it is ended before its time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import errands as pages
from zhengtong.doors.desk.queries.matters import OfErrand
from zhengtong.doors.desk.views.acts import countable
from zhengtong.doors.desk.views.asking import ask
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.queries.errands import errand_task
from zhengtong.matters.workflow.services import together


@require_http_methods(["GET", "POST"])
@official
def errand(request: DeskRequest, task_id: int) -> HttpResponse:
    """What is to be done, since when and until when, and what was said; it is completed with one of its outcomes."""
    matter = _found(request, task_id)
    chosen, words = request.POST.get("outcome", ""), forms.reason_of(request)

    def verb() -> None:
        with countable():
            if matter.task.state == TaskState.OFFERED:
                element = "" if chosen == pages.OVER else chosen
                services.improvise_errand(by=request.actor, errand_id=matter.id, task_id=task_id, element=element)
                return
            services.complete_errand_task(by=request.actor, task_id=task_id, outcome=chosen, words=words)

    inbox, template = reverse("desk:inbox"), "desk/errand.html"
    return ask(request, lambda typed: pages.page(request.actor, matter, typed), verb, _("Completed."), inbox, template)


@require_POST
@official
def claim(request: DeskRequest, task_id: int) -> HttpResponse:
    """Take the task in hand."""
    matter = _found(request, task_id)
    try:
        together.take_task(by=request.actor, task_id=task_id)
        messages.success(request, _("It is in your hands now."))
    except (Conflict, NotAllowed) as refusal:
        messages.warning(request, str(refusal.message))
    return redirect(matter.back_url)


@require_POST
@official
def release(request: DeskRequest, task_id: int) -> HttpResponse:
    """Put the task back for colleagues."""
    _found(request, task_id)
    together.release_task(by=request.actor, task_id=task_id)
    messages.success(request, _("It lies in the queue again."))
    return redirect("desk:inbox")


@require_http_methods(["GET", "POST"])
@official
def terminate(request: DeskRequest, task_id: int) -> HttpResponse:
    """End an errand that has lost its object."""
    matter = _found(request, task_id)

    def verb() -> None:
        with countable():
            services.terminate_errand(by=request.actor, errand_id=matter.id, reason=forms.reason_of(request))

    return ask(
        request,
        lambda typed: pages.ending(request.actor, matter, typed),
        verb,
        _("The errand is ended."),
        matter.back_url,
    )


def _found(request: DeskRequest, task_id: int) -> OfErrand:
    return OfErrand(*errand_task(request.actor, task_id))
