"""Pages about the site itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.views.drawing import draw


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use the site, what does not work yet, whom to tell."""
    return draw(request, "accessibility", {"crumbs": home_crumbs()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """How personal information is used."""
    return draw(request, "privacy", {"crumbs": home_crumbs()})


@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """Where to go, when, and how others may help."""
    return draw(request, "windows", {"crumbs": home_crumbs()})


@require_safe
def login(_request: HttpRequest) -> HttpResponse:
    """The way to sign in."""
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': reverse('portal:mine')})}")
