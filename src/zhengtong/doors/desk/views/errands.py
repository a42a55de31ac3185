"""An errand and its tasks: what a process that began of itself is about and asks of officials, and how it is ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import errands as pages
from zhengtong.doors.desk.queries import whole as whole_pages
from zhengtong.doors.desk.queries.matters import OfErrand, WholeErrand, found
from zhengtong.doors.desk.views.acts import countable
from zhengtong.doors.desk.views.asking import ask
from zhengtong.doors.desk.views.drawings import drawn
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Conflict, NotAllowed, NotFound
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.progress import drawing_of
from zhengtong.matters.workflow.queries.errands import errand_for, errand_task, processes_of
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

    inbox, template = reverse("desk:back"), "desk/errand.html"
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
    return redirect("desk:back")


@require_GET
@official
def whole(request: DeskRequest, errand_id: int) -> HttpResponse:
    """The errand itself: how it stands, what it waits for, what was done and by whom; it needs no task."""
    matter = WholeErrand(errand_for(request.actor, errand_id))
    process = forms.number_of(request.GET.get("process"))
    return render(request, "desk/whole_errand.html", whole_pages.page(request.actor, matter, process))


@require_GET
@official
def model(request: DeskRequest, errand_id: int, process_id: int) -> HttpResponse:
    """The model of one of its processes with its drawing; whoever may read the errand may read how it is handled."""
    row = errand_for(request.actor, errand_id)
    process = processes_of(row.id).filter(id=process_id).first()
    if process is None:
        raise NotFound("desk.no_process", _("Nothing of this errand has begun to move."))
    return drawn(drawing_of(process.definition_id))


@require_http_methods(["GET", "POST"])
@official
def terminate(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """End an errand that has lost its object."""
    matter = found(request.actor, **where)

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
