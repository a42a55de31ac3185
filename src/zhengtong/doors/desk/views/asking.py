"""The small pages that ask for one act on a case or an errand: urge, send copies; and the copies one was sent."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import asking, inboxes
from zhengtong.doors.desk.queries.matters import found
from zhengtong.doors.desk.views.acts import once, task_id_of
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Refusal
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.services import together

Page = Callable[[Mapping[str, Any]], dict[str, Any]]


def typed(post: QueryDict) -> dict[str, Any]:
    """What was sent: single values by name, and everything that was ticked."""
    return {**post.dict(), "chosen": [*post.getlist("to"), *post.getlist("target")]}


def ask(
    request: DeskRequest,
    page: Page,
    verb: Callable[[], object],
    said: str,
    back: str,
    template: str = "desk/asking.html",
) -> HttpResponse:
    """Draw the page, or do the act once for its key; what was typed comes back with a refusal."""
    if request.method == "GET":
        return render(request, template, page({}))
    sent = sorted(
        (name, values) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "once")
    )
    try:
        once(request, sent, verb)
    except (Conflict, Invalid, NotAllowed) as refusal:
        return _refused(request, page, refusal, template)
    messages.success(request, said)
    return redirect(back)


def _refused(request: DeskRequest, page: Page, refusal: Refusal, template: str) -> HttpResponse:
    shown = page(typed(request.POST))
    faults = refusal.by_path() if isinstance(refusal, Invalid) else {}
    for part in (*shown.get("groups", ()), *shown.get("dates", ())):
        part["errors"] = faults.get(part["name"])
    shown |= {"refusal": refusal, "reason_errors": faults.get("reason")}
    return render(request, template, shown, status=refusal.status)


@require_http_methods(["GET", "POST"])
@official
def urge(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Urge whoever has the task."""
    matter = found(request.actor, **where)
    task_id, words = task_id_of(request), forms.reason_of(request)
    return ask(
        request,
        lambda given: asking.urging(request.actor, matter, given),
        lambda: together.urge_task(by=request.actor, task_id=task_id, words=words),
        _("Urged; whoever has it gets a message."),
        matter.back_url,
    )


@require_http_methods(["GET", "POST"])
@official
def copy(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Send copies of a case or an errand to colleagues."""
    matter = found(request.actor, **where)
    about, to, words = (matter.kind, matter.id), forms.accounts_of(request.POST), forms.reason_of(request)
    return ask(
        request,
        lambda given: asking.copying(request.actor, matter, given),
        lambda: together.send_copies(by=request.actor, about=about, account_ids=to, words=words),
        _("Sent; your colleagues find it under “Copies for me”."),
        matter.back_url,
    )


@require_GET
@official
def copies(request: DeskRequest) -> HttpResponse:
    """The copies one was sent, newest first."""
    page = asking.copies_page(request.actor, forms.before_of(request.GET)) | {"side": inboxes.side(request.actor)}
    return render(request, "desk/copies.html", page)


@require_POST
@official
def copy_read(request: DeskRequest, copy_id: int) -> HttpResponse:
    """Mark a copy as read."""
    workflow.read_copy(by=request.actor, copy_id=copy_id)
    return redirect("desk:copies")


@require_POST
@official
def copy_take_back(request: DeskRequest, /, copy_id: int, **where: Any) -> HttpResponse:
    """Take a copy back that one has sent."""
    matter = found(request.actor, **where)
    workflow.take_back_copy(by=request.actor, copy_id=copy_id)
    messages.success(request, _("Taken back; your colleague reads it no longer."))
    return redirect(matter.back_url)
