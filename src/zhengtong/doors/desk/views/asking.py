"""The small pages that ask for one act on a case: urge, send copies; and the copies one was sent."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import asking, inboxes
from zhengtong.doors.desk.views.acts import once, task_id_of
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Refusal
from zhengtong.matters.cases import queries, services
from zhengtong.matters.workflow import services as workflow

Page = Callable[[Mapping[str, Any]], dict[str, Any]]


def typed(post: QueryDict) -> dict[str, Any]:
    """What was sent: single values by name, and everything that was ticked."""
    return {**post.dict(), "chosen": [*post.getlist("to"), *post.getlist("target")]}


def ask(request: DeskRequest, page: Page, verb: Callable[[], object], said: str, back: str) -> HttpResponse:
    """Draw the page, or do the act once for its key; what was typed comes back with a refusal."""
    if request.method == "GET":
        return render(request, "desk/asking.html", page({}))
    sent = sorted(
        (name, values) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "once")
    )
    try:
        once(request, sent, verb)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return _refused(request, page, refusal)
    messages.success(request, said)
    return redirect(back)


def _refused(request: DeskRequest, page: Page, refusal: Refusal) -> HttpResponse:
    shown = page(typed(request.POST))
    faults = refusal.by_path() if isinstance(refusal, Invalid) else {}
    for part in (*shown.get("groups", ()), *shown.get("dates", ())):
        part["errors"] = faults.get(part["name"])
    shown |= {"refusal": refusal, "reason_errors": faults.get("reason")}
    return render(request, "desk/asking.html", shown, status=refusal.status)


def back_to(case: Any) -> str:
    """The address of a case."""
    return reverse("desk:case", args=[case.token])


@require_http_methods(["GET", "POST"])
@official
def urge(request: DeskRequest, token: str) -> HttpResponse:
    """Urge whoever has the task."""
    case = queries.case_by_token(request.actor, token)
    task_id, words = task_id_of(request), forms.reason_of(request)
    return ask(
        request,
        lambda given: asking.urging(request.actor, case, given),
        lambda: services.urge_task(by=request.actor, task_id=task_id, words=words),
        _("Urged; whoever has it gets a message."),
        back_to(case),
    )


@require_http_methods(["GET", "POST"])
@official
def copy(request: DeskRequest, token: str) -> HttpResponse:
    """Send copies of a case to colleagues."""
    case = queries.case_by_token(request.actor, token)
    to, words = forms.accounts_of(request.POST), forms.reason_of(request)
    return ask(
        request,
        lambda given: asking.copying(request.actor, case, given),
        lambda: services.send_copies(by=request.actor, case_id=case.id, account_ids=to, words=words),
        _("Sent; your colleagues find it under “Copies for me”."),
        back_to(case),
    )


@require_GET
@official
def copies(request: DeskRequest) -> HttpResponse:
    """The copies one was sent, newest first."""
    given = request.GET.get("before", "")
    before = int(given) if given.isdecimal() and len(given) < 20 else 0
    page = asking.copies_page(request.actor, before) | {"side": inboxes.side(request.actor)}
    return render(request, "desk/copies.html", page)


@require_POST
@official
def copy_read(request: DeskRequest, copy_id: int) -> HttpResponse:
    """Mark a copy as read."""
    workflow.read_copy(by=request.actor, copy_id=copy_id)
    return redirect("desk:copies")


@require_POST
@official
def copy_take_back(request: DeskRequest, token: str, copy_id: int) -> HttpResponse:
    """Take a copy back that one has sent."""
    case = queries.case_by_token(request.actor, token)
    workflow.take_back_copy(by=request.actor, copy_id=copy_id)
    messages.success(request, _("Taken back; your colleague reads the case no longer."))
    return redirect(back_to(case))
