"""The modeller: a draft as a drawing, or as its text; whoever saves second is told and loses nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.console.queries import modelling as shown
from zhengtong.doors.console.views.gate import actor_of, open_to
from zhengtong.doors.console.views.modelling import BOTH, PART, way_to
from zhengtong.engines.bpmn import BpmnError, read
from zhengtong.engines.bpmn.compilation.differing import differences
from zhengtong.engines.bpmn.compilation.vocabulary import ZT
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.matters.modelling import queries, services

LARGEST = 2 * 1024 * 1024


@open_to(PART, methods=BOTH)
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Draw a draft; posting saves it, or shows it again with what was in the way."""
    found = queries.version_for(actor_of(request), key)
    if request.method == "POST":
        return _saved(request, found)
    return _page(request, found, shown.text_of(bytes(found.xml)))


def _saved(request: HttpRequest, found: Any) -> HttpResponse:
    typed = request.POST.get("xml", "").replace("\r\n", "\n")
    upload = request.FILES.get("file")
    if upload is not None and (upload.size or 0) > LARGEST:
        sentence = _("The file is larger than 2 MB.")
        return _page(request, found, typed, status=422, faults=[{"path": "file", "words": sentence}])
    xml = upload.read() if upload is not None else typed.encode()
    revision = request.POST.get("over") or request.POST.get("revision", "")
    try:
        number = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0
        services.save_draft(by=actor_of(request), version_id=found.pk, xml=xml, revision=number)
    except Invalid as refusal:
        return _page(request, found, typed, status=422, faults=[{"path": "xml", "words": refusal.message}])
    except Conflict as refusal:
        return _page(request, found, typed, status=409, **_told(found, xml, refusal))
    messages.success(request, _("The draft has been saved."))
    return HttpResponseRedirect(reverse("console:edit_model", args=[found.pk]))


def _told(found: Any, xml: bytes, refusal: Conflict) -> dict[str, Any]:
    """Who saved meanwhile, and how the text at hand differs from what is saved now."""
    try:
        rows = shown.changes(differences(read(bytes(found.xml)), read(xml)))
    except BpmnError:
        rows = []
    return {"conflict": refusal.message, "over": refusal.details.get("revision", ""), "changes": rows}


def _page(request: HttpRequest, found: Any, text: str, *, status: int = 200, **more: Any) -> HttpResponse:
    checked = queries.checked_of(found, actor_of(request).locale)
    context: dict[str, Any] = {
        "title": _("Draw %(name)s") % {"name": found.model.name},
        "part": PART,
        "version": found,
        "text": text,
        "verdict": shown.verdict(checked),
        "remarks": shown.remarks(checked),
        "properties": shown.properties(),
        "additions": shown.additions(),
        "words": shown.words(),
        "namespace": ZT,
        "revision": request.POST.get("revision", found.revision),
        "faulty": status != 200,
    }
    return render(request, "console/modeller.html", context | way_to(found) | more, status=status)
