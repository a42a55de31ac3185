"""A session that ended under a full form: what was typed waits, closed, in the session."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.doors.portal.forms.answers import page_sent
from zhengtong.doors.portal.queries.places import Place, place_of
from zhengtong.foundation.core.keys import CannotOpen, seal, unseal
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.catalog import queries as catalog

PURPOSE = "portal:typed"
KEPT = "zt_typed"
LONGEST = 200_000


def to_sign_in(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Keep what came, then sign in and come back to the page."""
    typed = json.dumps([[name, request.POST.getlist(name)] for name in request.POST if not name.startswith("csrf")])
    if len(typed) <= LONGEST:
        sealed = seal(PURPOSE, typed.encode(), aad=_place(token, key))
        request.session[KEPT] = {"place": f"{token}/{key}", "typed": sealed}
        messages.info(request, _("Your session was over. What you typed is kept: sign in and go on."))
    given = {name: request.POST[f"_{name}"][:60] for name in ("part", "then") if request.POST.get(f"_{name}")}
    back = reverse("portal:apply_page", args=[token, key]) + (f"?{urlencode(given)}" if given else "")
    target = f"{reverse('account_login')}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def restored(request: HttpRequest, actor: Actor, draft: Any, place: Place) -> tuple[Any, bool]:
    """The draft with what waited for it laid in, and whether anything did; it waits for one draft and page only."""
    kept = request.session.get(KEPT) or {}
    if kept.get("place") != f"{draft.token}/{place.key}":
        return draft, False
    del request.session[KEPT]
    try:
        typed = json.loads(unseal(PURPOSE, kept["typed"], aad=_place(draft.token, place.key)))
    except CannotOpen:
        return draft, False
    posted = QueryDict(mutable=True)
    for name, values in typed:
        posted.setlist(name, values)
    form = catalog.item_spec(draft.item_id).form
    part = posted.get("_part", "")
    then = place_of(form, place.key, draft.answers, elder=bool(part), part=part, then="")
    sent = page_sent(form, then.page, draft.answers, posted)
    return services.save_draft(by=actor, token=draft.token, answers=sent.answers, page=place.key), True


def _place(token: str, key: str) -> bytes:
    return f"{token}/{key}".encode()
