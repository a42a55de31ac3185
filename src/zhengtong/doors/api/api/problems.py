"""Whatever goes wrong, said as problem details (RFC 9457) in the reader's language, never with a trace."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Invalid, Refusal

MEDIA_TYPE = "application/problem+json"
Fault = tuple[str, str, str]
logger = logging.getLogger(__name__)

TITLES: Mapping[int, object] = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Nothing here"),
    405: _("This method does not exist here"),
    409: _("Things have moved on"),
    412: _("Changed by somebody else meanwhile"),
    413: _("Too large"),
    422: _("Something needs your attention"),
    428: _("Say which version you have"),
    429: _("Too often"),
    500: _("Something went wrong on our side"),
    503: _("Not available at the moment"),
}

FAULTS: Mapping[str, object] = {
    "missing": _("This is required."),
    "string_too_short": _("This is too short."),
    "string_too_long": _("This is too long."),
    "string_pattern_mismatch": _("This is not written as it should be."),
    "extra_forbidden": _("There is no such field; check how it is written."),
    "greater_than_equal": _("This is too small."),
    "less_than_equal": _("This is too large."),
    "too_long": _("These are too many."),
    "too_short": _("These are too few."),
    "json_invalid": _("This is not JSON."),
}
"""What a schema finds, by its code there; everything else is `OTHERWISE`."""
OTHERWISE = _("This value is not of the kind expected here; see the documentation.")
ALIKE = {"model_attributes_type": "object", "dict_type": "object", "model_type": "object"}


class Unreadable(Refusal):
    """The request itself is broken."""

    status = 400


class Stale(Refusal):
    """What the program changes was changed meanwhile (If-Match)."""

    status = 412


class VersionNeeded(Refusal):
    """The program must say which version it changes (RFC 6585 §3)."""

    status = 428


class NoMethod(Refusal):
    """The address exists, the method there does not."""

    status = 405


def problem(
    status: int, code: str, detail: object, *, errors: Sequence[Fault] = (), details: Mapping[str, object] | None = None
) -> HttpResponse:
    """One problem: `type title status code detail`, with `errors` of path, code and message where there are any."""
    more = {key: _plain(value) for key, value in (details or {}).items()}
    body: dict[str, Any] = more | {
        "type": "about:blank",
        "title": str(TITLES.get(status, TITLES[500 if status > 499 else 400])),
        "status": status,
        "code": code,
        "detail": str(detail),
    }
    if errors:
        body["errors"] = [{"path": path, "code": fault, "message": said} for path, fault, said in errors]
    answer = JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="zhengtong"'
    if "retry_after" in more:
        answer["Retry-After"] = str(more["retry_after"])
    return answer


def refused(refusal: Refusal) -> HttpResponse:
    """A verb's refusal, its details beside it."""
    errors = refusal.errors if isinstance(refusal, Invalid) else ()
    return problem(refusal.status, refusal.code, refusal.message, errors=errors, details=refusal.details)


@contextmanager
def faults_within(pointer: str) -> Iterator[None]:
    """Faults that a verb finds in a part of the body are told by their path in the whole body."""
    try:
        yield
    except Invalid as refusal:
        refusal.errors = tuple(
            (pointer + (path if path.startswith("/") else f"/{path}"), code, said)
            for path, code, said in refusal.errors
        )
        raise


def answer_to(error: Exception) -> HttpResponse:
    """The problem an error becomes; what nobody foresaw is logged and told as 500 without particulars."""
    if isinstance(error, Refusal):
        return refused(error)
    if isinstance(error, EngineError):
        position = {"position": error.position} if error.position else {}
        return problem(422, error.code, error.text(get_language() or "zh-hans"), details=position)
    if isinstance(error, ValidationError):
        return problem(422, "request.invalid", _("Some values need attention."), errors=_faults(error))
    for kinds, status, code, sentence in _REQUESTS:
        if isinstance(error, kinds):
            return problem(status, code, sentence)
    if isinstance(error, HttpError):
        return problem(error.status_code, f"request.http_{error.status_code}", TITLES.get(error.status_code, ""))
    logger.error("api: %s", type(error).__name__, exc_info=error)
    return problem(500, "internal", _("It has been noted and will be looked into. What you sent was not carried out."))


def install(api: NinjaAPI) -> None:
    """Every error of every endpoint goes through `answer_to`."""
    for kind in (Exception, Refusal, EngineError, ValidationError, HttpError, Http404):
        api.add_exception_handler(kind, _answer)


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:  # noqa: ARG001 as ninja calls
    return answer_to(error if isinstance(error, Exception) else error())


def not_here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 a view
    """The answer at an address that does not exist."""
    return answer_to(Http404())


_TOO_LARGE = _("The request is larger than this service takes; see the documentation for the bounds.")
_BROKEN = _("The request could not be read; send JSON as the documentation describes it.")
_Kinds = tuple[type[Exception], ...]
_REQUESTS: tuple[tuple[_Kinds, int, str, object], ...] = (
    ((RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), 413, "request.too_large", _TOO_LARGE),
    ((UnreadablePostError, MultiPartParserError, SuspiciousOperation), 400, "request.unreadable", _BROKEN),
    ((Http404,), 404, "request.no_such_address", _("There is nothing at this address.")),
    ((PermissionDenied,), 403, "request.denied", _("You may not do this.")),
)


def _faults(error: ValidationError) -> list[Fault]:
    found = []
    for fault in error.errors:
        source, *place = fault["loc"]
        kind = str(ALIKE.get(fault["type"], fault["type"]))
        found.append((_place(source, place), kind, str(FAULTS.get(kind, OTHERWISE))))
    return found


def _place(source: str, place: list[Any]) -> str:
    """`/answers/x` in the body, `?cursor` in the query, `{token}` in the address, a header by its name."""
    if source == "body":
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place[1:]) or "/"
    name = str(place[-1]) if place else ""
    return {"query": f"?{name}", "path": f"{{{name}}}"}.get(source, name)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str | None) else str(value)
