"""Keys of programs: granted to an account, whose holder alone learns the secret; listed and ended."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.forms import Field
from zhengtong.doors.console.views.accounts import BOTH, REASON
from zhengtong.doors.console.views.gate import (
    act,
    actor_of,
    facts_of,
    found_or_404,
    open_to,
    paged,
    sheet_for,
    state,
    table,
)
from zhengtong.foundation import policy
from zhengtong.foundation.core.errors import Invalid, NotAllowed
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.people.identity.choices import KeyScope, KeyState
from zhengtong.people.identity.registry import MANAGE_ACCOUNT
from zhengtong.people.identity.rules import key_state

PART = "keys"
COLOURS = {KeyState.WAITING: "gold", KeyState.IN_FORCE: "jade"}
ALIVE = tuple(COLOURS)


@open_to(PART)
def keys(request: HttpRequest) -> HttpResponse:
    """Keys by which programs sign in, newest first; open one to end it."""
    actor = actor_of(request)
    found, following = paged(request, identity.visible_api_keys(actor))
    columns = (
        *(pgettext("of a thing", "Name"), _("Key"), _("Account"), _("Allowed to")),
        *(_("Valid until"), _("Last used"), _("State")),
    )
    context: dict[str, Any] = {"title": _("Keys of programs"), "part": PART, "next_url": following}
    context["lead"] = _("The holder of the account is told, and alone sees the secret, once. Open a key to end it.")
    context["table"] = table(_("Keys of programs"), columns, [_line(key) for key in found], _("No key."))
    context["actions"] = [{"label": _("Grant a key"), "url": reverse("console:grant_key")}]
    return render(request, "console/list.html", context)


def _line(key: identity.ApiKey) -> tuple[str, tuple[object, ...]]:
    standing = key_state(key)
    cells = (
        key.name,
        key.hint or "—",
        key.account.username,
        "、".join(str(KeyScope(scope).label) for scope in key.scopes),
        {"kind": "date", "value": key.expires_at},
        {"kind": "date", "value": key.last_used_at},
        state(standing.label, COLOURS.get(standing, "line")),
    )
    return reverse("console:revoke_key", args=[key.pk]) if standing in ALIVE else "", cells


@open_to(PART, methods=BOTH)
def grant_key(request: HttpRequest) -> HttpResponse:
    """Let a program have a key to an account."""
    actor = actor_of(request)
    policy.require(actor, MANAGE_ACCOUNT)
    fields = (
        Field("account", _("Sign-in name of the account"), width=20, most=64, help=_("Whose program it is.")),
        Field("name", _("What the key is for"), width=30, most=80),
        Field("scopes", _("Allowed to"), "checkboxes", options=KeyScope.choices),
        Field(
            "capacity",
            _("Bound to one capacity"),
            required=False,
            width=30,
            most=40,
            help=_("self, org:<credit code>, post:<number>; empty: any of the account’s."),
        ),
        Field("days", _("Days it is valid"), "integer", initial=90, width=5, help=_("Officials: at most 90.")),
    )

    def grant(account: str, name: str, scopes: list[str], capacity: str | None, days: int) -> str:
        holder = _account(identity.account_by_name(account))
        bound = _bound(holder, capacity) if capacity else ""
        services.grant_api_key(by=actor, account=holder, name=name, scopes=scopes, capacity=bound, days=days)
        return _("%(holder)s has been told to collect the key %(name)s.") % {"holder": holder.username, "name": name}

    title, back = _("Grant a key"), reverse("console:keys")
    lead = _("You will not see the secret: who holds it acts in the holder’s name.")
    return act(
        request, sheet_for(request, fields), grant, part=PART, title=title, submit=_("Grant it"), back=back, lead=lead
    )


def _account(found: identity.Account | None) -> identity.Account:
    if found is None:
        sentence = _("There is no account of this name.")
        raise Invalid("console.no_account", sentence, [("account", "unknown", sentence)])
    return found


def _bound(holder: identity.Account, capacity: str) -> str:
    try:
        key = identity.capacity_named(holder, capacity.strip())
        identity.actor_in(holder, key)
    except NotAllowed:
        sentence = _("This account has no such capacity.")
        raise Invalid("console.no_capacity", sentence, [("capacity", "unknown", sentence)]) from None
    return key


@open_to(PART, methods=BOTH)
def revoke_key(request: HttpRequest, key: int) -> HttpResponse:
    """End a key at once."""
    actor = actor_of(request)
    row = found_or_404(identity.visible_api_keys(actor).filter(pk=key).first())

    def end(reason: str) -> str:
        services.revoke_api_key(by=actor, key=row, reason=reason)
        return _("The key %(name)s has ended.") % {"name": row.name}

    facts = facts_of((_("Key"), row.hint), (_("Account"), row.account.username))
    sheet, title = sheet_for(request, (REASON,)), _("End the key %(name)s") % {"name": row.name}
    back = reverse("console:keys")
    return act(request, sheet, end, part=PART, title=title, submit=_("End it"), back=back, facts=facts)
