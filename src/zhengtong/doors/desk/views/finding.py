"""Lists beyond the inbox: all cases, errands, search, figures, messages."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import finding
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.messages import services


@require_GET
@official
def cases(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/cases.html", finding.listing(request, request.actor))


@require_GET
@official
def errands(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/errands.html", finding.errands(request, request.actor))


@require_GET
@official
def search(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/search.html", finding.found(request.actor, request.GET.get("q", "")))


@require_GET
@official
def overview(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/overview.html", finding.overview(request.actor))


@require_GET
@official
def messages(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/bell.html", finding.inbox_of_messages(request.actor, forms.before_of(request.GET)))


@require_POST
@official
def read(request: DeskRequest, message_id: int) -> HttpResponse:
    services.mark_read(by=request.actor, message_id=message_id)
    return redirect("desk:messages")
