"""Who calls: a program by its key, or a page of ours by its session; and in which capacity."""

import dataclasses

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja.utils import check_csrf

from zhengtong.doors.api.api.limits import ACTS, WRONG_KEYS, address_of
from zhengtong.foundation.core.errors import NotAllowed, Refusal, SignInNeeded
from zhengtong.foundation.policy import ANONYMOUS, Actor
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services as accounts
from zhengtong.people.identity.choices import KeyScope

SAFE = ("GET", "HEAD", "OPTIONS")
CAPACITY = "X-Acting-As"
EVERYTHING = frozenset(KeyScope.values)


def identify(request: HttpRequest) -> Actor:
    """The actor of a request, and on it the `scopes` it may use.

    Raises SignInNeeded (an unknown key), NotAllowed (no such capacity, a page without its CSRF token), TooMany
    (unknown keys from this address, acts with this key).
    """
    header = request.headers.get("Authorization", "")
    actor = _by_key(request, header) if header else _by_session(request)
    if actor is not ANONYMOUS:
        actor = dataclasses.replace(actor, locale=get_language() or actor.locale)
    request.actor = actor  # type: ignore[attr-defined] # as the middleware does
    return actor


def actor_of(request: HttpRequest) -> Actor:
    """Who was identified."""
    actor: Actor = request.actor  # type: ignore[attr-defined] # set by `identify`
    return actor


class Needs:
    """What an endpoint asks of its caller: to be somebody, with a key of this scope."""

    def __init__(self, scope: KeyScope) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor, or the refusal that says what is missing."""
        actor = actor_of(request)
        if actor.account_id is None:
            refusal: Refusal | None = getattr(request, "refusal", None)
            raise refusal or SignInNeeded("api.sign_in", _("Send a key of your account: Authorization: Bearer …"))
        if self.scope not in request.scopes:  # type: ignore[attr-defined] # set by `identify`
            raise NotAllowed("api.scope", _("This key may not be used for that."), needed=self.scope.value)
        return actor


READS, APPLIES, HANDLES = Needs(KeyScope.READ), Needs(KeyScope.APPLY), Needs(KeyScope.HANDLE)
SENDS, MODELS = Needs(KeyScope.SEND), Needs(KeyScope.MODEL)


def _by_key(request: HttpRequest, header: str) -> Actor:
    who = address_of(request)
    WRONG_KEYS.require(who)
    scheme, _space, secret = header.partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise SignInNeeded("api.scheme", _("Send a key of your account: Authorization: Bearer …"))
        key = identity.api_key(secret.strip())
    except SignInNeeded:
        WRONG_KEYS.note(who)
        raise
    if request.method not in SAFE:
        ACTS.keep(str(key.pk), settings.ZT_KEY_ACTS)
    actor = identity.actor_by_key(key, request.headers.get(CAPACITY, ""))
    accounts.note_key_used(key=key)
    request.scopes = frozenset(key.scopes)  # type: ignore[attr-defined] # read where the operation asks
    return actor


def _by_session(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    request.scopes = EVERYTHING  # type: ignore[attr-defined] # read where the operation asks
    if actor.account_id is None:
        return actor
    if request.method not in SAFE and check_csrf(request) is not None:
        raise NotAllowed("api.csrf", _("The token of the page is missing; load the page again."))
    wanted = request.headers.get(CAPACITY, "")
    if not wanted or not isinstance(request.user, identity.Account):
        return actor
    return identity.actor_in(request.user, identity.capacity_named(request.user, wanted))
