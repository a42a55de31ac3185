"""A case on the desk: the workspace, its files and papers, the days of its clocks, masked values in full."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import clocks, viewing, workspaces
from zhengtong.doors.desk.queries.saying import grouped
from zhengtong.doors.desk.views.guard import DeskRequest, framed, official
from zhengtong.foundation.core.errors import Invalid, NotFound
from zhengtong.foundation.files.choices import PDF
from zhengtong.foundation.files.queries import StoredFile, files_by_id
from zhengtong.foundation.files.services import page_picture, sent
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.services import papers
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences import services as issuing


@require_GET
@framed
@official
def case(request: DeskRequest, token: str) -> HttpResponse:
    """The workspace; whoever only answered a question about the case finds there what he can still take back."""
    try:
        found = queries.case_by_token(request.actor, token)
    except NotFound:
        return redirect("desk:withdraw", queries.acted_case(request.actor, token).token)
    return drawn(request, found, workspaces.shown(request))


def drawn(
    request: DeskRequest, found: object, look: workspaces.Shown, *, status: int = 200, **more: object
) -> HttpResponse:
    """The workspace with what a refused act brings back."""
    page = workspaces.workspace(request, request.actor, found, look)
    return render(request, "desk/case.html", page | more, status=status)


@require_POST
@framed
@official
def full(request: DeskRequest, token: str) -> HttpResponse:
    """Show the masked values once, for a stated reason; each showing is a record of its own."""
    found = queries.case_by_token(request.actor, token)
    try:
        services.view_in_full(by=request.actor, case_id=found.id, reason=forms.reason_of(request))
    except Invalid as refusal:
        return drawn(request, found, workspaces.shown(request), status=422, reason_errors=refusal.by_path()["reason"])
    return drawn(request, found, workspaces.shown(request, full=True))


@require_GET
@official
def material(request: DeskRequest, token: str, material_id: int) -> FileResponse:
    return _inline(_material(request, token, material_id))


@require_GET
@official
def page(request: DeskRequest, token: str, material_id: int, number: int) -> HttpResponse:
    """One page of a PDF as a picture, in one of the viewer's widths."""
    stored = _material(request, token, material_id)
    if stored is None or stored.media_type != PDF:
        raise NotFound("desk.no_file", _("There is no such file here"))
    asked = request.GET.get("w", "")
    width = next((each for each in (*viewing.WIDTHS.values(), viewing.WIDEST) if str(each) == asked), viewing.WIDEST)
    response = HttpResponse(page_picture(stored, number, width), content_type="image/png")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _material(request: DeskRequest, token: str, material_id: int) -> StoredFile | None:
    found = queries.case_by_token(request.actor, token)
    row = queries.materials_of(found).filter(id=material_id, file_id__isnull=False).first()
    return _file(row.file_id if row else None)


@require_GET
@official
def paper(request: DeskRequest, token: str, notice: str) -> FileResponse:
    """A letter, drawn now where that has not been done yet (history of another system has none)."""
    found = queries.case_by_token(request.actor, token)
    row = queries.notices_of(found).filter(token=notice).first()
    return _inline(_file(papers.drawn(row) if row else None))


def _file(file_id: int | None) -> StoredFile | None:
    return files_by_id([file_id]).get(file_id) if file_id else None


def _inline(stored: StoredFile | None) -> FileResponse:
    """A file in place, in a frame of our own pages only. A PDF bears no sandbox: Chromium would refuse to draw it."""
    if stored is None:
        raise NotFound("desk.no_file", _("There is no such file here"))
    response = sent(stored, inline=True)
    response["X-Frame-Options"] = "SAMEORIGIN"
    if stored.media_type == PDF:
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return response


@require_GET
@official
def days(request: DeskRequest, token: str) -> HttpResponse:
    found = queries.case_by_token(request.actor, token)
    page = {"case": found, "number": grouped(found.short_no), "clocks": clocks.derivations(found)}
    return render(request, "desk/days.html", page)


@require_GET
@official
def licence(request: DeskRequest, token: str) -> HttpResponse:
    found = queries.case_by_token(request.actor, token)
    shown = _licence(request, found)
    return render(request, "desk/licence.html", {"case": found, "licence": shown, "uses": licences.uses_of(shown)[:20]})


@require_GET
@official
def licence_file(request: DeskRequest, token: str) -> FileResponse:
    """The signed certificate, drawn now where that has not been done yet."""
    shown = _licence(request, queries.case_by_token(request.actor, token))
    return _inline(_file(issuing.drawn(shown)))


def _licence(request: DeskRequest, case: object) -> licences.Licence:
    shown = workspaces.licence_of(request.actor, case)
    if shown is None:
        raise NotFound("desk.no_licence", _("This case has led to no licence that you may see"))
    return shown
