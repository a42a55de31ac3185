"""One's own page: everything begun, running, received and held."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.doors.portal.queries import licences as cards
from zhengtong.doors.portal.queries import mine as read
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.views.drawing import draw, locale, page_size, signed_in
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.files import queries as stored
from zhengtong.foundation.files import services as files
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.messages import services as message_services
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences import services as licence_services
from zhengtong.records.exchange import queries as exchange


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Drafts, cases, messages, licences."""
    return draw(request, "mine", read.mine(signed_in(request), locale()))


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Every application begun and not handed in, newest first."""
    begun = cases.drafts_of(signed_in(request)).order_by("-id")
    found, later = read.older(begun, request.GET.get("before", ""), page_size(request))
    rows = [read.draft_row(draft, locale()) for draft in found]
    return draw(request, "drafts", {"drafts": rows, "next_url": _next("portal:drafts", later), "crumbs": _crumbs()})


@require_safe
def own_cases(request: HttpRequest) -> HttpResponse:
    """Every case, newest first; of many, those of a kind or a number."""
    show, number, before = (request.GET.get(name, "").strip()[:40] for name in ("show", "number", "before"))
    found, later = read.older(
        read.wanted(cases.own_cases(signed_in(request)), show, number), before, page_size(request)
    )
    kept = {name: value for name, value in (("show", show), ("number", number)) if value}
    context = {
        "cases": [read.case_row(case, locale()) for case in found],
        "filters": read.filters(show, number),
        "narrowed": bool(kept),
        "show": show,
        "number": number,
        "next_url": _next("portal:cases", later, kept),
        "newest_url": f"{reverse('portal:cases')}?{urlencode(kept)}" if before else "",
        "crumbs": _crumbs(),
    }
    return draw(request, "cases", context)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Every message, newest first."""
    found, later = read.older(
        messages.visible_to(signed_in(request)), request.GET.get("before", ""), page_size(request)
    )
    rows = read.message_rows(found, locale())
    return draw(
        request, "messages", {"messages": rows, "next_url": _next("portal:messages", later), "crumbs": _crumbs()}
    )


@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """Open a message: it is read now, and leads to what it is about."""
    actor = signed_in(request)
    message_services.mark_read(by=actor, message_id=number)
    address = messages.visible_to(actor).values_list("address", flat=True).get(id=number)
    safe = bool(address) and url_has_allowed_host_and_scheme(address, None)
    return HttpResponseRedirect(address if safe else reverse("portal:messages"))


@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    """The licences held."""
    found, later = read.older(licences.wallet(signed_in(request)), request.GET.get("before", ""), page_size(request))
    rows = [read.licence_row(licence, locale()) for licence in found]
    return draw(
        request, "licences", {"licences": rows, "next_url": _next("portal:licences", later), "crumbs": _crumbs()}
    )


@require_safe
def licence(request: HttpRequest, token: str) -> HttpResponse:
    """One licence, to show."""
    return draw(request, "licence", cards.licence_page(_licence(request, token), locale()))


@require_safe
def licence_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The signed certificate as PDF."""
    number = licence_services.drawn(_licence(request, token))
    return files.sent(stored.files_by_id([number])[number])


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Who asked which authority about me, newest first."""
    before, size = request.GET.get("before", ""), page_size(request)
    found, later = read.older(exchange.about_principal(signed_in(request)), before, size)
    rows = read.asked_rows(found, locale())
    return draw(request, "asked", {"rows": rows, "next_url": _next("portal:asked", later), "crumbs": _crumbs()})


def _licence(request: HttpRequest, token: str) -> Any:
    found = licences.wallet(signed_in(request)).filter(token=token).first()
    if found is None:
        raise NotFound("licences.unknown", _("There is no such licence"))
    return found


def _next(route: str, later: str, kept: Mapping[str, str] | None = None) -> str:
    return f"{reverse(route)}?{urlencode({**(kept or {}), 'before': later})}" if later else ""


def _crumbs() -> list[dict[str, object]]:
    return home_crumbs((_("My page"), reverse("portal:mine")))
