"""Accounts: opened without rights, their states, clearances and unlocking."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.doors.console.forms import Choices, Field
from zhengtong.doors.console.views.gate import (
    act,
    actor_of,
    crumbs,
    facts_of,
    found_or_404,
    masked,
    open_to,
    paged,
    sheet_for,
    state,
    table,
)
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.people.access import queries as access
from zhengtong.people.access.registry import GRANT_ROLE
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.people.identity.choices import AccountKind, AccountState, Label
from zhengtong.people.identity.registry import MANAGE_ACCOUNT, OPEN_ACCOUNT, SET_CLEARANCE

BOTH = ("GET", "HEAD", "POST")
PART = "accounts"
COLOURS = {"active": "jade", "pending": "gold", "locked": "red", "disabled": "line", "closed": "none"}
REASON = Field("reason", gettext_lazy("Reason"), "textarea", rows=2)


def account_of(actor: Actor, key: int) -> identity.Account:
    """An account the actor may see."""
    found: identity.Account = found_or_404(identity.visible_accounts(actor).filter(pk=key).first())
    return found


@open_to(PART)
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts by the beginning of their name, kind and state, newest first."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip()[:64] for name in ("name", "kind", "state")}
    rows = identity.visible_accounts(actor)
    if asked["name"]:
        rows = rows.filter(username__startswith=asked["name"])
    for name in ("kind", "state"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    found, following = paged(request, rows)
    lines = [
        (
            reverse("console:account", args=[row.pk]),
            (
                row.username,
                masked(row.person),
                row.get_kind_display(),
                state(row.get_state_display(), COLOURS[row.state]),
                {"kind": "date", "value": row.last_login},
            ),
        )
        for row in found
    ]
    columns = (_("Sign-in name"), _("Person"), _("Kind"), _("State"), _("Last sign-in"))
    filters = [
        {"key": "name", "label": _("Sign-in name"), "value": asked["name"], "width": 10},
        _select("kind", _("Kind"), AccountKind.choices, asked["kind"]),
        _select("state", _("State"), AccountState.choices, asked["state"]),
    ]
    actions = [{"label": _("Open an account"), "url": reverse("console:open_account")}]
    context: dict[str, Any] = {"title": _("Accounts"), "part": PART, "filters": filters, "next_url": following}
    context["table"] = table(_("Accounts"), columns, lines, _("No account."))
    context["actions"] = actions if policy.may(actor, OPEN_ACCOUNT) else []
    return render(request, "console/list.html", context)


def _select(key: str, label: object, options: Choices, value: str) -> dict[str, object]:
    offered = [{"value": one, "label": words} for one, words in options]
    return {"key": key, "label": label, "widget": "select", "options": offered, "value": value, "prompt": _("All")}


@open_to(PART)
def account(request: HttpRequest, key: int) -> HttpResponse:
    """One account; for the security administrator with the grants it has of its own."""
    actor = actor_of(request)
    row = account_of(actor, key)
    facts = facts_of(
        (_("Person"), masked(row.person)),
        (_("Kind"), row.get_kind_display()),
        (_("State"), f"{row.get_state_display()} {row.state_reason}".strip()),
        (_("Assurance level"), row.get_assurance_display()),
        (_("Clearance"), row.get_clearance_display()),
        (_("Opened"), clock.local(row.created_at).strftime("%Y-%m-%d %H:%M")),
    )
    tables = [_grants(request, actor, row)] if policy.may(actor, GRANT_ROLE) else []
    context: dict[str, Any] = {"title": row.username, "part": PART, "facts": facts, "tables": tables}
    return render(request, "console/thing.html", context | crumbs(PART) | {"actions": _verbs(actor, row)})


def _grants(request: HttpRequest, actor: Actor, row: identity.Account) -> dict[str, object]:
    found, following = paged(request, access.visible_grants(actor).filter(account=row, revoked_at=None))
    lines = [(reverse("console:grant", args=[one.pk]), (one.role.name, one.get_scope_display())) for one in found]
    columns = (_("Role"), _("Scope"))
    return table(_("Roles given to this account"), columns, lines, _("No role of its own."), following)


def _verbs(actor: Actor, row: identity.Account) -> list[dict[str, object]]:
    verbs: list[tuple[str, object]] = []
    if states_for(actor, row):
        verbs.append(("change_account", _("Change the state")))
    if policy.may(actor, SET_CLEARANCE):
        verbs.append(("set_clearance", _("Set the clearance")))
    return [{"label": label, "url": reverse(f"console:{name}", args=[row.pk])} for name, label in verbs]


def states_for(actor: Actor, row: identity.Account) -> list[AccountState]:
    """What this actor may make of the account: unlocking is the security administrator's, the rest the system's."""
    unlocking = row.state == AccountState.LOCKED
    allowed = []
    for wanted in (AccountState.ACTIVE, AccountState.LOCKED, AccountState.DISABLED, AccountState.CLOSED):
        needed = SET_CLEARANCE if unlocking and wanted == AccountState.ACTIVE else MANAGE_ACCOUNT
        if wanted != row.state and policy.may(actor, needed):
            allowed.append(wanted)
    return [] if row.state == AccountState.CLOSED else allowed


@open_to(PART, methods=BOTH)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Unlock, disable, enable or close an account."""
    actor = actor_of(request)
    row = account_of(actor, key)
    options = [(wanted.value, wanted.label) for wanted in states_for(actor, row)]
    fields = (Field("state", _("State"), "radios", options=options, help=_("Closing is final.")), REASON)

    def turn(state: str, reason: str) -> str:
        services.change_account_state(by=actor, account=row, state=state, reason=reason)
        return _("%(name)s is now: %(state)s.") % {"name": row.username, "state": AccountState(state).label}

    back = reverse("console:account", args=[key])
    title = _("Change the state of %(name)s") % {"name": row.username}
    return act(request, sheet_for(request, fields), turn, part=PART, title=title, submit=_("Change it"), back=back)


@open_to(PART, methods=BOTH)
def clearance(request: HttpRequest, key: int) -> HttpResponse:
    """Set the highest label an account may read."""
    actor = actor_of(request)
    policy.require(actor, SET_CLEARANCE)
    row = account_of(actor, key)
    fields = (Field("clearance", _("Clearance"), "radios", options=Label.choices), REASON)

    def clear(clearance: str, reason: str) -> str:
        services.set_clearance(by=actor, account=row, clearance=int(clearance), reason=reason)
        return _("The clearance of %(name)s has been set.") % {"name": row.username}

    back = reverse("console:account", args=[key])
    title = _("Set the clearance of %(name)s") % {"name": row.username}
    sheet = sheet_for(request, fields, {"clearance": row.clearance})
    return act(request, sheet, clear, part=PART, title=title, submit=_("Set it"), back=back)


@open_to(PART, methods=BOTH)
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account without any right; its first password is changed at the first sign-in."""
    actor = actor_of(request)
    policy.require(actor, OPEN_ACCOUNT)
    key = request.GET.get("person", "")
    known = identity.visible_people(actor).filter(pk=int(key)).first() if key.isdecimal() and len(key) < 20 else None
    fields = (
        Field("username", _("Sign-in name"), width=20, most=64, help=_("Never given again, even after closing.")),
        Field(
            "kind", _("Kind"), "radios", options=[one for one in AccountKind.choices if one[0] in ("staff", "admin")]
        ),
        Field(
            "password", _("First password"), "password", most=128, help=_("It must be changed at the first sign-in.")
        ),
    )

    def enter(**entered: Any) -> str:
        row = services.open_account(by=actor, person=known, **entered)
        return _("%(name)s has been opened. Rights are given by the security administrator.") % {"name": row.username}

    back = reverse("console:person", args=[known.pk]) if known else reverse("console:accounts")
    lead = "" if known else _("Open it from the page of an official, so that it has its person.")
    facts = facts_of((_("Person"), masked(known)))
    sheet = sheet_for(request, fields)
    title, submit = _("Open an account"), _("Open it")
    return act(request, sheet, enter, part=PART, title=title, submit=submit, back=back, lead=lead, facts=facts)
