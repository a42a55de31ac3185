"""What moves a case or an errand: the processes of an errand, and their models as BPMN files with a drawing."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema

from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import numbered
from zhengtong.doors.api.api.tasks import ERRAND
from zhengtong.foundation.core.errors import NotFound
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.workflow import queries as work
from zhengtong.matters.workflow.progress import drawing_of
from zhengtong.matters.workflow.queries import errands

router = Router(tags=["handling"])
BPMN: dict[str, Any] = {
    "responses": {200: {"content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}}}}
}


class Moving(Schema):
    """A process of an errand: `number` is its place in the order in which they began, `name` that of its model."""

    number: int
    name: str
    state: str
    halted: bool
    started_at: dt.datetime
    ended_at: dt.datetime | None


class Processes(Schema):
    """The processes of an errand, in the order in which they began."""

    items: list[Moving]


@router.get(
    "/handling/errands/{token}/processes", response=Processes, auth=HANDLES, summary=_("List what moves an errand")
)
def list_processes_of_errand(request: HttpRequest, token: str) -> dict[str, Any]:
    """Every process that moved the errand; what each has done and waits for is told by the errand's `steps`."""
    found = list(_processes(request, token))
    names = work.definition_names({each.definition_id for each in found})
    return {
        "items": [
            {
                "number": number,
                "name": names[each.definition_id],
                "halted": each.suspended,
                **{column: getattr(each, column) for column in ("state", "started_at", "ended_at")},
            }
            for number, each in enumerate(found, 1)
        ]
    }


@router.get(
    "/handling/errands/{token}/processes/{number}/model",
    auth=HANDLES,
    openapi_extra=BPMN,
    summary=_("Download the model of an errand’s process"),
)
def download_model_of_errand(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """The BPMN file, drawn where it came without a drawing; whoever reads the errand reads how it is handled."""
    found = list(_processes(request, token))
    if not 0 < number <= len(found):
        raise _nothing()
    return _sent(found[number - 1].definition_id)


@router.get(
    "/handling/cases/{token}/process/model",
    auth=HANDLES,
    openapi_extra=BPMN,
    summary=_("Download the model of a case’s process"),
)
def download_model_of_case(request: HttpRequest, token: str) -> HttpResponse:
    """The BPMN file by which the case runs, drawn where it came without a drawing."""
    case = cases.case_by_token(actor_of(request), token)
    if case.process_id is None:
        raise _nothing()
    return _sent(work.process(case.process_id).definition_id)


def _processes(request: HttpRequest, token: str) -> Any:
    return errands.processes_of(errands.errand_for(actor_of(request), numbered(ERRAND, token)).id)


def _sent(definition_id: int) -> HttpResponse:
    response = HttpResponse(drawing_of(definition_id), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="process.bpmn"'
    return response


def _nothing() -> NotFound:
    return NotFound("api.no_process", gettext_lazy("There is no such process."))
