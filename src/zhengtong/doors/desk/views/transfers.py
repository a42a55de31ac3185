"""Handing a task on to a named colleague (转办)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import colleagues
from zhengtong.doors.desk.views.acts import once, task_id_of
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Refusal
from zhengtong.matters.cases import queries, services


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
