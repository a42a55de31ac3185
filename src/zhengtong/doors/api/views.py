"""The threshold of the interface: who calls is settled before, how answers leave after; the document and its page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtong.doors.api.api import interface
from zhengtong.doors.api.api.callers import actor_of, identify
from zhengtong.doors.api.api.document import document, operations
from zhengtong.doors.api.api.parsing import require_readable
from zhengtong.doors.api.api.problems import NoMethod, answer_to
from zhengtong.foundation import policy
from zhengtong.foundation.core.errors import TooLarge
from zhengtong.foundation.files.services import LIMIT

View = Callable[..., HttpResponseBase]
ROOM_OF_UPLOAD = LIMIT + 64 * 1024


def threshold(view: View) -> View:
    """`view` behind the threshold: every address of the interface passes it."""

    @wraps(view)
    def pass_over(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            require_readable(request)
            _require_size(request)
            with policy.acting(identify(request)):
                answer = view(request, *args, **named)
        except Exception as error:  # noqa: BLE001 whatever it is, a program is answered with a problem
            answer = answer_to(error)
        return _leaving(request, answer)

    pass_over.csrf_exempt = True  # type: ignore[attr-defined] # sessions are checked where callers are identified
    return pass_over


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view
    """The OpenAPI 3.1 document in the reader's language."""
    return JsonResponse(_document(), json_dumps_params={"ensure_ascii": False})


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The document as a plain page, without scripts."""
    written = _document()
    shown = [
        {
            "path": path,
            "method": method.upper(),
            "group": operation["tags"][0],
            "about": operation,
            "scope": _scope(operation),
        }
        for path, method, operation in operations(written)
    ]
    groups = [
        {"key": key, "title": title, "operations": [each for each in shown if each["group"] == key]}
        for key, title in _GROUPS.items()
    ]
    return render(request, "api/reference.html", {"groups": groups, "written": written})


def _document() -> Any:
    return document(interface, reverse("api:read_openapi").rpartition("/")[0] + "/")


def _scope(operation: Any) -> str:
    return str(operation["security"][0]["key"][0]) if "security" in operation else ""


def _require_size(request: HttpRequest) -> None:
    """TooLarge before a byte is read, by what the request says of itself."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    upload = (request.content_type or "") == "multipart/form-data"
    most = ROOM_OF_UPLOAD if upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if said.isdecimal() and int(said) > most:
        raise TooLarge("request.too_large", _("The request is larger than this service takes."), limit=most)


def _leaving(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponseNotAllowed) and answer["Content-Type"] != "application/problem+json":
        allowed = answer["Allow"]
        answer = answer_to(NoMethod("request.no_such_method", _("Use one of: %s") % allowed, allowed=allowed))
        answer["Allow"] = allowed
    if getattr(request, "replayed", False):
        answer["Idempotent-Replayed"] = "true"
    if "Cache-Control" not in answer:
        known = actor_of(request).account_id is not None if hasattr(request, "actor") else True
        answer["Cache-Control"] = "private, no-store" if known or request.method != "GET" else "no-cache"
    patch_vary_headers(answer, ("Accept-Language", "Authorization", "X-Acting-As", "Cookie"))
    return answer


_GROUPS = {
    "me": _("Who one is"),
    "items": _("Services"),
    "files": _("Files"),
    "drafts": _("Drafts"),
    "cases": _("Cases"),
    "handling": _("Handling cases"),
    "messages": _("Messages to processes"),
    "models": _("Process models"),
    "licences": _("Licences"),
    "checks": _("Public checks"),
}
