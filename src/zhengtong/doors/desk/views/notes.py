"""Notes on the materials of a case: pinned, struck out."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import viewing, workspaces
from zhengtong.doors.desk.views.cases import drawn
from zhengtong.doors.desk.views.guard import DeskRequest, framed, official
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.matters.cases import queries, services

TYPED = ("page", "place", "x", "y", "text")


@require_POST
@framed
@official
def write(request: DeskRequest, token: str) -> HttpResponse:
    """Pin a note; what was typed comes back with a refusal."""
    case = queries.case_by_token(request.actor, token)
    note = forms.note_of(request.POST)
    try:
        services.write_note(
            by=request.actor,
            case_id=case.id,
            material_id=note.material,
            page=note.page,
            x=note.x,
            y=note.y,
            text=note.text,
        )
    except (Conflict, Invalid, NotAllowed) as refusal:
        typed = {name: request.POST.get(name, "") for name in TYPED}
        faults = refusal.by_path() if isinstance(refusal, Invalid) else {}
        look = workspaces.shown(request, note=typed, faults=faults)
        return drawn(request, case, look, status=refusal.status, refusal=refusal)
    shown = workspaces.shown(request)
    return redirect(shown.address(case, p=note.page) + "#notes")


@require_POST
@framed
@official
def strike(request: DeskRequest, token: str, note_id: int) -> HttpResponse:
    """Strike a note of one's own out."""
    case = queries.case_by_token(request.actor, token)
    look: viewing.View = workspaces.shown(request)
    services.strike_note(by=request.actor, case_id=case.id, note_id=note_id)
    return redirect(look.address(case) + "#notes")
