"""Draws a verb's refusal as a page in the reader's language, in the shell of the door it happened at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from zhengtong.foundation.core.errors import Refusal, SignInNeeded

HOMES = {"desk": "/desk/", "console": "/console/"}


class RefusalMiddleware:
    """Turns a `Refusal` that no view took into a page with its status; machines have their own door.

    Somebody who is not signed in is sent to sign in and comes back to where he was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for what is not a refusal: Django's own handling follows."""
        if not isinstance(error, Refusal) or request.path.startswith("/api/"):
            return None
        if isinstance(error, SignInNeeded) and not request.user.is_authenticated:
            back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return HttpResponseRedirect(f"{reverse('account_login')}?{back}")
        door = next((name for name in HOMES if request.path.startswith(f"/{name}/")), "citizen")
        context = {"refusal": error, "door": door, "home": HOMES.get(door, "/"), "errors": getattr(error, "errors", ())}
        return render(request, "ui/refusal.html", context, status=error.status)
