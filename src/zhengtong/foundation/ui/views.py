"""The living page, where every component stands in every state, and the reader's choice of mode."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from zhengtong.foundation.core import clock
from zhengtong.foundation.ui import shells, specimens

A_YEAR = 365 * 24 * 3600


@require_safe
def living(request: HttpRequest, name: str = "index") -> HttpResponse:
    """One page of specimens; hidden (404) unless the deployment is under DEBUG or sets ZT_LIVING_PAGE."""
    if not (settings.DEBUG or getattr(settings, "ZT_LIVING_PAGE", False)) or name not in specimens.PAGES:
        raise Http404
    page = specimens.PAGES[name]
    for attribute, value in page.request.items():
        setattr(request, attribute, value)
    with clock.frozen(specimens.THEN):
        return render(request, f"ui/living/{name}.html", page.context())


@require_POST
def choose_mode(request: HttpRequest) -> HttpResponse:
    """Remember elder mode and its size in the browser, then return to where the reader was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    for cookie, field, choices in (
        (shells.MODE_COOKIE, "mode", shells.MODES),
        (shells.SIZE_COOKIE, "size", shells.SIZES),
    ):
        if request.POST.get(field) in choices:
            response.set_cookie(
                cookie, request.POST[field], max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
            )
    return response
