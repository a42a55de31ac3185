"""Draws a verb's refusal as a page in the reader's language, in the shell of the door it happened at."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import defaults

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Refusal, SignInNeeded
from zhengtong.foundation.core.writes.answers import refusal_for

HOMES = {"desk": "/desk/", "console": "/console/"}
AGAIN = frozenset({409, 422, 429, 503})
MACHINES = "/api/"
TooMuch = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
CSRF_FIELD = "csrfmiddlewaretoken"
UTF_8 = ("utf-8", "utf8")
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL and lone surrogates: no database takes them, nobody sees them, and no keyboard writes them."""


class ReadableMiddleware:
    """The first to look at a request: what it says is read as UTF-8, and its cookies hold only what can be kept.

    An encoding that the sender chooses could bring in any character, or be none at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding is not None:
            request.encoding = "utf-8"
        request.COOKIES = {name: kept(value) for name, value in request.COOKIES.items()}
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a refusal that no view took into a page with its status; machines have their own door.

    An engine's refusal and a database that is full, busy or away are refusals too. What was typed is kept on the page
    and can be sent again. Somebody who is not signed in is sent to sign in and comes back to where he was. An address
    opened in a way it does not know (405) is answered with a page as well, and one that holds what no database takes
    (400). From queries and forms that is taken out, as the form engine does with what cannot be seen: the form then
    finds its own faults in what remains, and draws it again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINES):
            return self.get_response(request)
        if UNKEEPABLE.search(request.path) or not _speaks_utf_8(request):
            return _page(request, Refusal("ui.unreadable", _("What was sent cannot be read")), typed=False)
        request.GET = _kept(request.GET)  # type: ignore[assignment] # closed again, as Django's own is
        if request.method == "POST":
            request.POST = _kept(request.POST)  # type: ignore[assignment] # closed again, as Django's own is
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = _page(request, NotOpened("ui.method", _("This address is not opened directly")))
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for what is not a refusal: Django's own handling follows."""
        refusal = None if request.path.startswith(MACHINES) else _refusal(error)
        if refusal is None:
            return None
        if isinstance(refusal, SignInNeeded) and not request.user.is_authenticated:
            back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return HttpResponseRedirect(f"{reverse('account_login')}?{back}")
        return _page(request, refusal)


class NotOpened(Refusal):
    """An address that only takes what a form sends, or never does."""

    status = 405


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read at all: more than a form may hold, or no form; nothing was changed."""
    if request.path.startswith(MACHINES):
        return defaults.bad_request(request, exception)
    if not isinstance(exception, TooMuch):
        return _page(request, Refusal("ui.unreadable", _("What was sent cannot be read")), typed=False)
    most = {
        "size": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 2**20:.1f}",
        "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    words = _(
        "At most %(size)s MB of text and %(files)d files go at once. Go back, make it shorter or send it in parts."
    )
    return _page(request, Refusal("ui.too_much", _("That is too much at once")), typed=False, said=words % most)


def _page(request: HttpRequest, refusal: Refusal, *, typed: bool = True, said: str = "") -> HttpResponse:
    door = next((name for name in HOMES if request.path.startswith(f"/{name}/")), "citizen")
    context = {
        "refusal": refusal,
        "door": door,
        "home": HOMES.get(door, "/"),
        "typed": _typed(request, refusal) if typed else [],
        "errors": getattr(refusal, "errors", ()),
        "said": said,
    }
    response = render(request, "ui/refusal.html", context, status=refusal.status)
    response["Cache-Control"] = "private, no-store"
    if "retry_after" in refusal.details:
        response["Retry-After"] = str(refusal.details["retry_after"])
    return response


def kept(text: str) -> str:
    """The text without what no database takes."""
    return UNKEEPABLE.sub("", text)


def _kept(sent: QueryDict) -> QueryDict:
    """The same fields, copied only where something must go."""
    pairs = [(name, value) for name, values in sent.lists() for value in values]
    if not any(UNKEEPABLE.search(text) for pair in pairs for text in pair):
        return sent
    clean = QueryDict(mutable=True)
    for name, value in pairs:
        clean.appendlist(kept(name), kept(value))
    clean._mutable = False
    return clean


def _speaks_utf_8(request: HttpRequest) -> bool:
    """Whether a form is in the encoding of our pages, or says nothing of it."""
    said = (request.content_params or {}).get("charset", UTF_8[0])
    return request.method != "POST" or said.lower() in UTF_8


def _refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, EngineError):
        return Conflict(error.code, error.text("en" if (get_language() or "").startswith("en") else "zh-hans"))
    return refusal_for(error)


def _typed(request: HttpRequest, refusal: Refusal) -> list[tuple[str, str]]:
    """What was posted, to be sent again; nothing where that could not help, and no secrets."""
    if request.method != "POST" or refusal.status not in AGAIN:
        return []
    pairs = [(name, str(value)) for name in request.POST for value in request.POST.getlist(name)]
    return [(name, value) for name, value in pairs if name != CSRF_FIELD and "password" not in name]
