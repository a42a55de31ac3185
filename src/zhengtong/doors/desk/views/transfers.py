"""Handing a task on to a named colleague (转办)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import colleagues
from zhengtong.doors.desk.queries.saying import grouped
from zhengtong.doors.desk.views.acts import once, task_id_of
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Refusal
from zhengtong.matters.cases import queries, services
from zhengtong.matters.workflow import queries as workflow


@require_http_methods(["GET", "POST"])
@official
def transfer(request: DeskRequest, token: str) -> HttpResponse:
    """Choose a colleague and say why; what was typed comes back with a refusal."""
    case = queries.case_by_token(request.actor, token)
    if request.method == "GET":
        return _drawn(request, case)
    account_id, capacity = forms.colleague_of(request.POST)
    task_id, reason = task_id_of(request), forms.reason_of(request)
    try:
        once(
            request,
            [task_id, account_id, capacity, reason],
            lambda: services.transfer_task(
                by=request.actor, task_id=task_id, account_id=account_id, capacity=capacity, reason=reason
            ),
        )
    except (Conflict, Invalid, NotAllowed) as refusal:
        return _drawn(request, case, refusal)
    messages.success(request, _("Handed on; the case lies with your colleague now."))
    return redirect("desk:case", token)


def _drawn(request: DeskRequest, case: object, refusal: Refusal | None = None) -> HttpResponse:
    page = colleagues.transfer(request.actor, case, request.POST.dict())
    faults = refusal.by_path() if isinstance(refusal, Invalid) else {}
    said = {"refusal": refusal, "to_errors": faults.get("to"), "reason_errors": faults.get("reason")}
    return render(request, "desk/transfer.html", page | said, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "POST"])
@official
def hand_on(request: DeskRequest) -> HttpResponse:
    """Hand several tasks of one step on, each for itself: one that is refused is named, the others go."""
    if request.method == "GET":
        ids = forms.chosen_ids(request.GET)
        return render(request, "desk/asking.html", colleagues.hand_on(request.actor, ids, {}))
    ids = forms.chosen_ids(request.POST)
    tasks = workflow.tasks_by_id(request.actor, ids)
    account_id, capacity = forms.colleague_of(request.POST)
    refused = []
    for task_id in ids:
        try:
            services.transfer_task(
                by=request.actor,
                task_id=task_id,
                account_id=account_id,
                capacity=capacity,
                reason=forms.reason_of(request),
            )
        except Invalid as refusal:
            return _many_drawn(request, ids, refusal)
        except Refusal as refusal:
            name = grouped(tasks[task_id].reference) if task_id in tasks else str(task_id)
            refused.append(f"{name}: {refusal.message}")
    _tell(request, len(ids) - len(refused), refused)
    return redirect("desk:back")


def _many_drawn(request: DeskRequest, ids: list[int], refusal: Invalid) -> HttpResponse:
    page = colleagues.hand_on(request.actor, ids, request.POST.dict())
    faults = refusal.by_path()
    page["groups"][0]["errors"] = faults.get("to")
    said = {"refusal": refusal, "reason_errors": faults.get("reason")}
    return render(request, "desk/asking.html", page | said, status=refusal.status)


def _tell(request: DeskRequest, done: int, refused: list[str]) -> None:
    if done:
        words = ngettext("%(count)d task was handed on.", "%(count)d tasks were handed on.", done)
        messages.success(request, words % {"count": done})
    for sentence in refused:
        messages.warning(request, sentence)
