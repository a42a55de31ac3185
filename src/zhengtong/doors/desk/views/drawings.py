"""The process of a case drawn, with what was done, is done now and comes next; and its model by itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhengtong.doors.desk.queries import drawn as drawings
from zhengtong.doors.desk.queries.saying import grouped
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound
from zhengtong.matters.cases import queries
from zhengtong.matters.workflow.progress import Progress, drawing_of, progress_of


@require_GET
@official
def process(request: DeskRequest, token: str) -> HttpResponse:
    case = queries.case_by_token(request.actor, token)
    found = _progress(case)
    page = {
        "case": case,
        "number": grouped(case.short_no),
        "steps": drawings.steps(found, clock.now()),
        "legend": drawings.legend(),
    }
    return render(request, "desk/process.html", page)


@require_GET
@official
def model(request: DeskRequest, token: str) -> HttpResponse:
    """The model with its drawing; whoever may see the case may read how it is handled."""
    found = _progress(queries.case_by_token(request.actor, token))
    return drawn(drawing_of(found.process.definition_id))


def drawn(model: bytes) -> HttpResponse:
    """A model with its drawing, to be shown or kept."""
    response = HttpResponse(model, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="process.bpmn"'
    return response


def _progress(case: Any) -> Progress:
    found = progress_of(case.process_id) if case.process_id is not None else None
    if found is None:
        raise NotFound("desk.no_process", _("Nothing of this case has begun to move"))
    return found
