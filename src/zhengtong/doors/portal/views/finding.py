"""Finding a service: search, suggestions, browsing by audience, department and type."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from zhengtong.doors.portal.queries import finding as read
from zhengtong.doors.portal.views.drawing import actor_of, draw, locale, page_size


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What holds all the words; else what comes nearest, and whom to ask."""
    words, place = request.GET.get("q", "").strip()[:100], request.GET.get("from", "")
    start = int(place) if place.isdecimal() and len(place) < 6 else 0
    return draw(request, "search", read.results(words, start, locale(), size=page_size(request)))


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A few hits while somebody types."""
    return JsonResponse({"items": read.suggestions(request.GET.get("q", "").strip()[:100], locale())})


@require_safe
def browse(request: HttpRequest, audience: str = "") -> HttpResponse:
    """A page of services, filtered; those open for application first."""
    given: dict[str, Any] = {key: request.GET.get(key, "")[:200] for key in ("department", "item_type", "cursor")}
    return draw(request, "browse", read.listed(actor_of(request), audience, given, locale()))


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Departments and kinds, each with how many services it has."""
    return draw(request, "departments", read.ways_in(actor_of(request), locale()))
