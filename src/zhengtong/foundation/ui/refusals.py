"""Draws a verb's refusal as a page in the reader's language, in the shell of the door it happened at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Refusal, SignInNeeded
from zhengtong.foundation.core.writes.answers import refusal_for

HOMES = {"desk": "/desk/", "console": "/console/"}
AGAIN = frozenset({409, 422, 429, 503})
CSRF_FIELD = "csrfmiddlewaretoken"


class RefusalMiddleware:
    """Turns a refusal that no view took into a page with its status; machines have their own door.

    An engine's refusal and a database that is full, busy or away are refusals too. What was typed is kept on the page
    and can be sent again. Somebody who is not signed in is sent to sign in and comes back to where he was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for what is not a refusal: Django's own handling follows."""
        refusal = None if request.path.startswith("/api/") else _refusal(error)
        if refusal is None:
            return None
        if isinstance(refusal, SignInNeeded) and not request.user.is_authenticated:
            back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return HttpResponseRedirect(f"{reverse('account_login')}?{back}")
        door = next((name for name in HOMES if request.path.startswith(f"/{name}/")), "citizen")
        context = {"refusal": refusal, "door": door, "home": HOMES.get(door, "/"), "typed": _typed(request, refusal)}
        context["errors"] = getattr(refusal, "errors", ())
        response = render(request, "ui/refusal.html", context, status=refusal.status)
        response["Cache-Control"] = "private, no-store"
        return response


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
