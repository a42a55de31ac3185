"""Public checks, without signing in: licences, papers, receipts of the log."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.doors.portal.queries import licences as cards
from zhengtong.doors.portal.queries import papers, receipts
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.views.drawing import draw, locale
from zhengtong.doors.portal.views.following import receipt_json
from zhengtong.doors.portal.views.limits import PUBLIC_CHECKS, address_of
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.queries import NotYetSealed
from zhengtong.matters.licences import queries as licences


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """What can be checked here, and a field for the number of a licence."""
    wanted = request.GET.get("q", "").replace(" ", "")[:130]
    if not wanted:
        return draw(request, "verify", {"crumbs": home_crumbs()})
    PUBLIC_CHECKS.spend(address_of(request))
    found = licences.public_check(wanted)
    if found is None:
        return draw(request, "verify", {"crumbs": home_crumbs(), "wanted": wanted, "unknown": True}, status=404)
    return HttpResponseRedirect(reverse("portal:verify_licence", args=[found.token]))


@require_safe
def verify_licence(request: HttpRequest, token: str) -> HttpResponse:
    """The verdict on one licence: state and public fields only."""
    PUBLIC_CHECKS.spend(address_of(request))
    found = licences.public_check(token)
    if found is None:
        return draw(request, "verify", {"crumbs": home_crumbs(), "wanted": token, "unknown": True}, status=404)
    return draw(request, "verify_licence", {**cards.verified(found, locale()), "crumbs": _crumbs()})


@require_safe
def verify_paper(request: HttpRequest, token: str) -> HttpResponse:
    """That a paper was sent by this house, its number and day; not what it says."""
    PUBLIC_CHECKS.spend(address_of(request))
    return draw(request, "verify_paper", {**papers.paper_page(token, locale()), "crumbs": _crumbs(), "at": clock.now()})


@require_http_methods(["GET", "POST"])
def verify_receipt(request: HttpRequest) -> HttpResponse:
    """Check a receipt that somebody holds: a file, or its text."""
    if request.method == "GET":
        return draw(request, "verify_receipt", {"crumbs": _crumbs()})
    PUBLIC_CHECKS.spend(address_of(request))
    try:
        found = receipts.parsed(request.POST.get("receipt", "").strip(), request.FILES.get("file"))
    except Invalid as refusal:
        context = {"crumbs": _crumbs(), "fault": str(refusal.message), "typed": request.POST.get("receipt", "")}
        return draw(request, "verify_receipt", context, status=422)
    return _verdict(request, receipts.verdict_page(found, locale()))


@require_safe
def receipt(request: HttpRequest, name: str) -> HttpResponse:
    """Check the receipt behind a code, with the proof as it stands now."""
    PUBLIC_CHECKS.spend(address_of(request))
    event = receipts.event_of(name)
    try:
        found = ledger.receipt(event)
    except NotYetSealed:
        return draw(request, "receipt_waiting", {"crumbs": _crumbs()}, status=202)
    context = receipts.verdict_page(found, locale())
    return _verdict(request, context | {"file_url": reverse("portal:receipt_file", args=[name])})


@require_safe
def receipt_file(request: HttpRequest, name: str) -> HttpResponse:
    """The receipt as a file, without the content of the event."""
    PUBLIC_CHECKS.spend(address_of(request))
    return receipt_json(receipts.event_of(name), with_content=False)


def _verdict(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return draw(request, "receipt_verdict", context | {"crumbs": _crumbs(), "at": clock.now()})


def _crumbs() -> list[dict[str, Any]]:
    return home_crumbs((_("Verify licences and receipts"), reverse("portal:verify")))
