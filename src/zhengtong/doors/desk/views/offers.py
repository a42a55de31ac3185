"""Starting what an ad-hoc sub-process of a case offers, and saying that nothing more is needed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import workspaces
from zhengtong.doors.desk.views.acts import countable, once
from zhengtong.doors.desk.views.cases import drawn
from zhengtong.doors.desk.views.guard import DeskRequest, framed, official
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.matters.cases import queries, services


@require_POST
@framed
@official
def start(request: DeskRequest, token: str) -> HttpResponse:
    """Start one activity."""
    case = queries.case_by_token(request.actor, token)
    number, element = forms.number_of(request.POST.get("offer")), request.POST.get("activity", "")[:200]
    told = [number, element]

    def verb() -> None:
        services.start_activity(by=request.actor, case_id=case.id, number=number, element=element)

    return _done(request, case, told, verb, _("Started; it lies with whose post it is."))


@require_POST
@framed
@official
def end(request: DeskRequest, token: str) -> HttpResponse:
    """Say that nothing more is needed."""
    case = queries.case_by_token(request.actor, token)
    number = forms.number_of(request.POST.get("offer"))

    def verb() -> None:
        services.end_activities(by=request.actor, case_id=case.id, number=number)

    return _done(request, case, [number], verb, _("Noted; the case goes on."))


def _done(request: DeskRequest, case: Any, told: object, verb: Callable[[], None], said: str) -> HttpResponse:
    """Do it once for the key of its form; the workspace again, with why, where it is refused."""
    try:
        with countable():
            once(request, told, verb)
    except (Conflict, NotAllowed) as refusal:
        return drawn(request, case, workspaces.shown(request), status=refusal.status, refusal=refusal)
    messages.success(request, said)
    return redirect("desk:case", case.token)
