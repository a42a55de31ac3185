"""Who may open the desk: officials; everybody else is sent to sign in or told that this is not his."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from csp.decorators import csp_update
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from zhengtong.foundation.core.errors import NotAllowed, SignInNeeded
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import Actor

P = ParamSpec("P")
MOST_UNREAD = 99


class DeskRequest(HttpRequest):
    """A request of an official; `actor` was laid on it by the middleware of identity."""

    actor: Actor
    zt_unread: int


View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]

_framing = csp_update({"frame-src": ["'self'"]})


def framed(view: View[P]) -> View[P]:
    """Lets a page show files of its own case in frames."""
    return cast(View[P], _framing(cast(Any, view)))


def official(view: View[P]) -> View[P]:
    """Only officials pass; the bell is counted, no further than a bound, and nothing is kept by caches."""

    @wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        require_official(request.actor)
        waiting = messages.visible_to(request.actor).filter(read_at__isnull=True)
        request.zt_unread = len(waiting.values_list("id")[:MOST_UNREAD])
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def require_official(actor: Actor) -> None:
    """SignInNeeded for nobody in particular, NotAllowed for who is not an official."""
    if actor.account_id is None:
        raise SignInNeeded("desk.sign_in", _("Sign in to open your desk."))
    if actor.kind != "staff":
        raise NotAllowed("desk.officials", _("This part is for officials."))
