"""The interface itself: one ninja API whose errors are problems and whose endpoints stand in routers by resource."""

from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from zhengtong.doors.api.api import (
    absences,
    acts,
    cases,
    checks,
    drafts,
    errands,
    files,
    items,
    licences,
    me,
    messages,
    modelling,
    offers,
    problems,
    processes,
    tasks,
    together,
)
from zhengtong.doors.api.api.parsing import StrictParser

VERSION = "1.0.0"
DESCRIPTION = (
    "The same verbs as the website: find a service, apply, follow, correct, handle, decide, receive the licence, "
    "check it, evaluate. A walk-through with curl stands in docs/reference/api.md."
)


class Readable(JSONRenderer):
    """Chinese left as it is written."""

    def __init__(self) -> None:
        self.json_dumps_params = {"ensure_ascii": False}


class Interface(NinjaAPI):
    """Operations are named after their functions, which are named once."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def build() -> NinjaAPI:
    """Every router under one roof."""
    api = Interface(
        title=_("Zhengtong programme interface"),
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        parser=StrictParser(),
        renderer=Readable(),
    )
    problems.install(api)
    for part in (
        me,
        items,
        files,
        drafts,
        cases,
        tasks,
        acts,
        together,
        errands,
        processes,
        offers,
        absences,
        messages,
        modelling,
        licences,
        checks,
    ):
        api.add_router("", part.router)
    return api


interface = build()
