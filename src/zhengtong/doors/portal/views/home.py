"""The first page, and how its numbers are counted."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhengtong.doors.portal.queries import home as read
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.views.drawing import actor_of, draw, locale


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then numbers, paths, services, what was just closed."""
    found = read.home(actor_of(request), locale())
    context = {
        **found._asdict(),
        "figures": read.figure_rows(found.figures),
        "at": found.figures.at,
        "shortcuts": read.shortcuts(),
        "promises": read.promises(),
    }
    return draw(request, "home", context)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """How the live numbers are counted."""
    return draw(
        request, "numbers", {"figures": read.home(actor_of(request), locale()).figures, "crumbs": home_crumbs()}
    )
