"""Pages of one's own account: who I am, for whom I act, and that I am who I say."""

from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.foundation.core.errors import Invalid, NotFound, Refusal
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import queries, services
from zhengtong.people.identity.adapter import SESSION_CAPACITY
from zhengtong.people.identity.forms import RealNameForm
from zhengtong.people.identity.models import Account
from zhengtong.people.identity.rules import key_state

MOST_KEYS_SHOWN = 100


@login_required
@require_http_methods(["GET"])
def account_home(request: HttpRequest) -> HttpResponse:
    """What can be done with the account."""
    return render(request, "account/home.html", {"account": _account(request), "actor": _actor(request)})


@login_required
@require_http_methods(["GET", "POST"])
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose for whom to act, or in which post."""
    account = _account(request)
    ways = queries.capacities(account)
    if request.method == "POST":
        key = request.POST.get("capacity", "")
        if key not in {way.key for way in ways}:
            return HttpResponseBadRequest(_("There is no such capacity."))
        services.choose_capacity(by=_actor(request), account=account, key=key)
        request.session[SESSION_CAPACITY] = key
        messages.success(request, _("You now act in another capacity."))
        return HttpResponseRedirect(_next(request))
    current = request.session.get(SESSION_CAPACITY) or ways[0].key
    return render(request, "account/act_as.html", {"ways": ways, "current": current, "next": _next(request)})


@login_required
@require_http_methods(["GET", "POST"])
def verify_name(request: HttpRequest) -> HttpResponse:
    """Real-name check, to level L2."""
    form = RealNameForm(request.POST or None)
    status = 200
    wait: object = 0
    if request.method == "POST" and form.is_valid():
        try:
            services.verify_person(by=_actor(request), account=_account(request), **form.cleaned_data)
        except Refusal as refusal:
            status, wait = refusal.status, refusal.details.get("retry_after", 0)
            _add_errors(form, refusal)
        else:
            messages.success(request, _("Your name and number have been checked."))
            return HttpResponseRedirect(_next(request))
    elif request.method == "POST":
        status = 422
    context: dict[str, Any] = {"form": form, "account": _account(request), "next": _next(request)}
    response = render(request, "account/verify_name.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@login_required
@require_http_methods(["GET"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of programs to one's own account."""
    return _keys(request)


@login_required
@never_cache
@require_http_methods(["POST"])
def collect_key(request: HttpRequest, key: int) -> HttpResponse:
    """Take the secret of a granted key; it is shown by this answer and never again."""
    try:
        issued = services.collect_api_key(by=_actor(request), key=_own_key(request, key))
    except Refusal as refusal:
        return _keys(request, refusal=refusal)
    return _keys(request, issued=issued)


@login_required
@require_http_methods(["POST"])
def end_key(request: HttpRequest, key: int) -> HttpResponse:
    """End a key of one's own."""
    services.revoke_api_key(by=_actor(request), key=_own_key(request, key))
    messages.success(request, _("The key has ended; a program that uses it is turned away from now on."))
    return redirect("account_keys")


def _keys(request: HttpRequest, *, issued: object = None, refusal: Refusal | None = None) -> HttpResponse:
    rows = [{"key": key, "state": key_state(key)} for key in queries.api_keys_of(_account(request))[:MOST_KEYS_SHOWN]]
    page = {"rows": rows, "issued": issued, "refusal": refusal}
    return render(request, "account/keys.html", page, status=refusal.status if refusal else 200)


def _own_key(request: HttpRequest, key: int) -> Any:
    found = queries.visible_api_keys(_actor(request)).filter(pk=key, account=_account(request)).first()
    if found is None:
        raise NotFound("identity.no_key", _("You have no such key."))
    return found


class Enrolment:
    """Adding a factor shows it: the code or the key was given with the password a moment ago, so the session that
    added it counts as identified by both and an official need not sign in once more."""

    request: HttpRequest

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc] # allauth's view stands behind
        post_authentication(self.request, queries.newest_factor(_account(self.request)))
        return response


class EnrolApp(Enrolment, ActivateTOTPView):  # type: ignore[misc] # allauth is not typed
    """An authenticator app; the code that showed it is used up."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        services.spend_code(factor=queries.newest_factor(_account(self.request)), code=form.cleaned_data["code"])
        return response


class EnrolKey(Enrolment, AddWebAuthnView):  # type: ignore[misc] # allauth is not typed
    """A security key or passkey."""


def locked_out(request: HttpRequest, *_given: object) -> HttpResponse:
    """Too many failures: what happened, how long it lasts, what can be done."""
    return render(request, "account/locked.html", status=429)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined] # set by our middleware
    return actor


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and "/" in wanted else reverse("account_home")


def _add_errors(form: RealNameForm, refusal: Refusal) -> None:
    fields = {"document_number": "number", "number": "number"}
    if isinstance(refusal, Invalid) and refusal.errors:
        for path, _code, sentence in refusal.errors:
            form.add_error(fields.get(path), sentence)
    else:
        form.add_error(None, str(refusal.message))
