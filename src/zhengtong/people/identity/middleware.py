"""Between the session and the pages: who acts, for how long, in which capacity, and how well identified."""

import datetime as dt
import ipaddress
import logging
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotAllowed, SignInNeeded
from zhengtong.foundation.core.writes.answers import refusal_for
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import queries
from zhengtong.people.identity.adapter import SESSION_CAPACITY, SESSION_MARK
from zhengtong.people.identity.choices import AccountState
from zhengtong.people.identity.models import Account

_log = logging.getLogger(__name__)
SEEN = "zt_seen"
SEEN_EVERY = 60
KEEP = "zt_keep"
"""The field of a form whose view keeps what was typed although nobody is signed in any more."""
OFFICIAL = ("staff", "admin")
OWN = "private, no-store"
"""How long what somebody in particular was shown is kept: the next one at the machine goes back to nothing of it."""
PROGRAMS = "/api/"
"""Where programs knock: they are not sent to pages; `request.refusal` holds what the door is to say."""


class ForwardedAddressMiddleware:
    """Behind our own proxies a visitor has his own address: locks and limits count by it.

    Read from the right of `X-Forwarded-For` as long as addresses are ours (`ZT_TRUSTED_PROXIES`, networks); the
    first that is not is the visitor. Whatever a stranger wrote further left is never believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.ours = [ipaddress.ip_network(network) for network in settings.ZT_TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.ours and self._is_ours(request.META.get("REMOTE_ADDR", "")):
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            for address in reversed([part.strip() for part in forwarded if part.strip()]):
                request.META["REMOTE_ADDR"] = address
                if not self._is_ours(address):
                    break
        return self.get_response(request)

    def _is_ours(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self.ours)


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, for a disk that is full or a database that is busy: a session that cannot note that it is alive is no
    reason to refuse the page. (What signs in writes its session at once, and is refused there.)"""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The response, its session saved where that can be done."""
        try:
            saved: HttpResponse = super().process_response(request, response)
        except (SessionInterrupted, OperationalError) as error:
            if not _storage_trouble(error):
                raise
            _log.error("a session could not be saved: %s", type(error).__name__)
            return response
        return saved


def _storage_trouble(error: BaseException | None) -> bool:
    while error is not None and refusal_for(error) is None:
        error = error.__cause__ or error.__context__
    return error is not None


class ActorMiddleware:
    """Gives each request its `actor` and lays it under the policy; ends sessions that are over; asks officials
    for a second factor and anybody for the password change that is due; lets no browser keep what it showed him."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = policy.ANONYMOUS
        programs = request.path.startswith(PROGRAMS)
        if request.session.session_key and isinstance(request.user, Account):
            account = request.user
            if reason := _over(request, account):
                logout(request)
                if programs:
                    _answer_with(request, SignInNeeded("identity.session_over", reason))
                else:
                    messages.info(request, reason)
                if not programs and not _open(request):
                    return _turn(request, f"{reverse('account_login')}?{urlencode({'next': _back(request)})}")
            else:
                target = _due(request, account)
                if target and not programs:
                    _explain(request, target)
                    return _turn(request, target)
                if target:
                    due = _("Sign in on the website first: something is due there.")
                    _answer_with(request, SignInNeeded("identity.something_due", due))
                else:
                    actor = _actor(request, account)
                    person = {"name": actor.name, "post": actor.capacity}
                    request.zt_person = person  # type: ignore[attr-defined] # drawn by the shell of each page
        request.actor = actor  # type: ignore[attr-defined] # whom every view asks about
        with policy.acting(actor):
            response = self.get_response(request)
        if actor is not policy.ANONYMOUS:
            response.setdefault("Cache-Control", OWN)
        return response


def _answer_with(request: HttpRequest, refusal: SignInNeeded) -> None:
    """Leave the refusal to the door at which programs knock."""
    request.refusal = refusal  # type: ignore[attr-defined] # read where programs are identified


def _over(request: HttpRequest, account: Account) -> str:
    """Why the session is over, or nothing; notes at most once a minute that it is alive."""
    instant = int(clock.now().timestamp())
    seen = request.session.get(SEEN, instant)
    if instant - seen >= settings.ZT_IDLE_MINUTES.get(account.kind, 30) * 60:
        return _("You were signed out because nothing happened for a while. Sign in again to go on.")
    alone = account.kind in settings.ZT_ONE_SESSION_KINDS
    if alone and request.session.get(SESSION_MARK) != account.session_mark:
        return _("You were signed out here because this account signed in elsewhere.")
    if SEEN not in request.session or instant - seen >= SEEN_EVERY:
        request.session[SEEN] = instant
    return ""


def _due(request: HttpRequest, account: Account) -> str:
    """The page an account must pass before any other, or nothing."""
    password = reverse("account_change_password")
    factors = reverse("mfa_index")
    free = (password, reverse("account_logout"), reverse("account_reauthenticate"), "/static/", "/ui/")
    if request.path.startswith(free):
        return ""
    if password_due(account):
        return password
    if second_factor_missing(request, account) and not request.path.startswith(factors):
        return factors
    return ""


def _explain(request: HttpRequest, target: str) -> None:
    """Say on the page somebody is sent to why he was; parts of pages say it once, with the page."""
    if request.headers.get("HX-Request"):
        return
    if target == reverse("mfa_index"):
        messages.info(request, _("Officials sign in with a second factor. Add one before you go on."))
    else:
        messages.info(request, _("A new password is due. Choose one before you go on."))


def password_due(account: Account) -> bool:
    """A first password somebody else chose, or an official's older than its greatest age."""
    if account.state == AccountState.PENDING:
        return True
    if account.kind not in OFFICIAL or account.password_changed_at is None:
        return False
    return clock.now() - account.password_changed_at >= dt.timedelta(days=settings.ZT_PASSWORD_MAX_AGE_DAYS)


def second_factor_missing(request: HttpRequest, account: Account) -> bool:
    """Whether an official's session still lacks the second factor (GB/T 22239-2019 8.1.4.1 d)."""
    if account.kind not in OFFICIAL or not settings.ZT_REQUIRE_STAFF_MFA:
        return False
    return not any(record.get("method") == "mfa" for record in get_authentication_records(request, account))


def _actor(request: HttpRequest, account: Account) -> Actor:
    key = request.session.get(SESSION_CAPACITY, "")
    try:
        return queries.actor_in(account, key)
    except NotAllowed:
        request.session.pop(SESSION_CAPACITY, None)
        messages.warning(request, _("The capacity you were acting in has ended. You now act for yourself."))
        return queries.actor_for(account)


def _open(request: HttpRequest) -> bool:
    """Whether the page may be drawn for nobody in particular: reading what needs no signing in, or a form whose view
    keeps what was typed."""
    if request.method == "POST":
        return KEEP in request.POST
    return request.method in ("GET", "HEAD") and request.path.startswith((reverse("account_login"), "/static/"))


def _back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else "/"


def _turn(request: HttpRequest, target: str) -> HttpResponse:
    """Send the browser there; a part of a page (htmx) sends the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
