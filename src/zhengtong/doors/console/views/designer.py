"""The simple designer: a draft as a list of steps; what is no list is said to be none and opens as a drawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.console.forms.steps import StepForm
from zhengtong.doors.console.queries import modelling as shown
from zhengtong.doors.console.views.gate import actor_of, open_to
from zhengtong.doors.console.views.modelling import BOTH, PART, way_to
from zhengtong.engines.bpmn import BpmnError, read
from zhengtong.engines.bpmn.listing import StepList, open_list, write_list
from zhengtong.foundation.core.errors import Conflict
from zhengtong.matters.modelling import queries, services


@open_to(PART, methods=BOTH)
def steps(request: HttpRequest, key: int) -> HttpResponse:
    """The steps of a draft; a button changes the list and keeps what was typed, saving writes the process."""
    found = queries.version_for(actor_of(request), key)
    try:
        base = open_list(read(bytes(found.xml)))
    except BpmnError as refusal:
        return _page(request, found, None, refused=refusal.text(actor_of(request).locale))
    if request.method != "POST":
        return _page(request, found, StepForm(list(base.steps)))
    form = StepForm.posted(request.POST)
    order = request.POST.get("do", "")
    if order:
        form.do(order)
        return _page(request, found, form)
    return _saved(request, found, form, base)


def _saved(request: HttpRequest, found: Any, form: StepForm, base: StepList) -> HttpResponse:
    listed = form.listed(base, actor_of(request).locale, serves=bool(found.model.item_key))
    if listed is None:
        return _page(request, found, form, status=422)
    revision = request.POST.get("over") or request.POST.get("revision", "")
    number = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0
    try:
        services.save_draft(by=actor_of(request), version_id=found.pk, xml=write_list(listed), revision=number)
    except Conflict as refusal:
        over = refusal.details.get("revision", "")
        return _page(request, found, form, status=409, conflict=refusal.message, over=over)
    messages.success(request, _("The draft has been saved."))
    return HttpResponseRedirect(reverse("console:model_steps", args=[found.pk]))


def _page(request: HttpRequest, found: Any, form: StepForm | None, *, status: int = 200, **more: Any) -> HttpResponse:
    checked = queries.checked_of(found, actor_of(request).locale)
    context: dict[str, Any] = {
        "title": _("Steps of %(name)s") % {"name": found.model.name},
        "part": PART,
        "version": found,
        "steps": form.drawn() if form is not None else [],
        "count": len(form.steps) if form is not None else 0,
        "verdict": shown.verdict(checked),
        "remarks": shown.remarks(checked),
        "revision": request.POST.get("revision", found.revision),
        "faulty": status != 200,
    }
    return render(request, "console/steps.html", context | way_to(found) | more, status=status)
