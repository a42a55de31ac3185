"""A service's own pages: the guide, the situational questions, the way in."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.doors.portal.queries import guides as read
from zhengtong.doors.portal.queries import items
from zhengtong.doors.portal.views.drawing import actor_of, draw, is_elder, locale, signed_in
from zhengtong.foundation.core.errors import SignInNeeded
from zhengtong.matters.cases import services as cases
from zhengtong.matters.catalog import queries as catalog


@require_safe
def guide(request: HttpRequest, token: str) -> HttpResponse:
    """What the service is and how to get it; of a published list, what the list says."""
    item = catalog.item_by_token(actor_of(request), token)
    if item.pack_id is None:
        return draw(request, "imported", read.imported_page(item, locale()))
    return draw(request, "guide", read.guide_page(actor_of(request), item, locale()))


@require_safe
def situations(request: HttpRequest, token: str) -> HttpResponse:
    """The few questions before a form; the answers stand in the address, so back and a bookmark work."""
    item = catalog.item_by_token(actor_of(request), token)
    spec = catalog.item_spec(item.id)
    if not spec.stated.get("situations"):
        return HttpResponseRedirect(reverse("portal:start", args=[token]))
    chosen = read.chosen_of(spec, request.GET)
    asked = bool(request.GET.get("_action"))
    if is_elder(request):
        return _one_question(request, item, spec, chosen)
    context = read.situations_page(item, spec, chosen, asked=asked, locale=locale())
    if asked and not context["has_errors"] and not context["elsewhere"]:
        return HttpResponseRedirect(f"{reverse('portal:start', args=[token])}?{urlencode(chosen)}")
    return draw(request, "situations", context, status=422 if asked and context["has_errors"] else 200)


def _one_question(request: HttpRequest, item: Any, spec: Any, chosen: dict[str, str]) -> HttpResponse:
    context = read.question_page(item, spec, chosen, locale())
    if not context["elsewhere"] and not items.unanswered(spec, chosen):
        return HttpResponseRedirect(f"{reverse('portal:start', args=[item.token])}?{urlencode(chosen)}")
    return draw(request, "situations", context)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """For whom is it? Then a draft is begun, filled in with what is known already."""
    actor = signed_in(request)
    item = catalog.item_by_token(actor, token)
    spec = catalog.item_spec(item.id)
    chosen = read.chosen_of(spec, request.GET if request.method == "GET" else request.POST)
    if items.unanswered(spec, chosen) or items.led_elsewhere(spec, chosen, locale()):
        return HttpResponseRedirect(f"{reverse('portal:situations', args=[token])}?{urlencode(chosen)}")
    if actor.assurance < read.ASSURANCE:
        return HttpResponseRedirect(f"{reverse('account_verify_name')}?{urlencode({'next': request.get_full_path()})}")
    if request.method == "GET":
        return draw(request, "start", read.start_page(request.user, actor, item, chosen, locale()))
    return HttpResponseRedirect(_begun(actor, item, spec, chosen))


def _begun(actor: Any, item: Any, spec: Any, chosen: dict[str, str]) -> str:
    if actor.principal is None or actor.kind not in ("citizen", "enterprise"):
        raise SignInNeeded("cases.sign_in", read.sign_in_words())
    draft = cases.start_draft(by=actor, item_id=item.id, situation=chosen, answers=read.answers_from(spec, chosen))
    cases.prefill(by=actor, token=draft.token)
    return reverse("portal:apply", args=[draft.token])
