"""Roles, grants, and why somebody may or may not: the security administrator's part."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zhengtong.doors.console.forms import Choices, Field, midnight
from zhengtong.doors.console.views.gate import (
    act,
    actor_of,
    crumbs,
    cursor,
    facts_of,
    found_or_404,
    open_to,
    paged,
    sheet_for,
    state,
    table,
)
from zhengtong.doors.console.views.organisations import agencies, division
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.policy import Actor
from zhengtong.people.access import queries as access
from zhengtong.people.access import services
from zhengtong.people.access.choices import RoleKind, ScopeKind
from zhengtong.people.access.registry import MANAGE_ROLES
from zhengtong.people.identity import queries as identity

OFFERED = 1000
"""Posts in one list to choose from; of more, each is found by its name."""
BOTH = ("GET", "HEAD", "POST")
REASON = Field("reason", gettext_lazy("Reason"), "textarea", rows=2)


def permissions(kind: str = "") -> Choices:
    """Every permission that code asks for, of one kind of role when named: code and words."""
    known = [one for one in registry.permissions.all().values() if isinstance(one, policy.Permission)]
    kept = sorted((one for one in known if not kind or one.kind == kind), key=lambda one: one.code)
    return [(one.code, f"{one.label}（{one.code}）") for one in kept]


def role_of(actor: Actor, key: int) -> Any:
    """A role the actor may see."""
    return found_or_404(access.visible_roles(actor).filter(pk=key).first())


@open_to("roles")
def roles(request: HttpRequest) -> HttpResponse:
    """Every role."""
    rows, following = paged(request, access.visible_roles(actor_of(request)), name="after", oldest_first=True)
    lines = [
        (reverse("console:role", args=[row.pk]), (row.name, row.code, row.get_kind_display(), row.max_holders or ""))
        for row in rows
    ]
    columns = (_("Role"), _("Code"), _("Kind"), _("Most holders"))
    context: dict[str, Any] = {
        "title": _("Roles"),
        "part": "roles",
        "table": table(_("Roles"), columns, lines, _("No role yet.")),
        "next_url": following,
    }
    context["actions"] = [{"label": _("Define a role"), "url": reverse("console:define_role")}]
    return render(request, "console/list.html", context)


@open_to("roles")
def role(request: HttpRequest, key: int) -> HttpResponse:
    """One role: its permissions, parents and what it excludes."""
    actor = actor_of(request)
    row = role_of(actor, key)
    parents, excluded = access.neighbours(row)
    words = dict(permissions())
    carried = [("", (words.get(code, code),)) for code in access.carried_by(row)]
    facts = facts_of(
        (_("Code"), row.code),
        (_("Kind"), row.get_kind_display()),
        (_("Inherits from"), "、".join(one.name for one in parents)),
        (_("Excludes"), "、".join(one.name for one in excluded)),
        (_("Most holders"), row.max_holders),
    )
    drawn = table(_("Permissions"), (_("Permission"),), carried, _("None of its own."))
    grants = f"{reverse('console:grants')}?role={key}"
    actions = [{"label": _("Who has it"), "url": grants}]
    if row.kind == RoleKind.BUSINESS and policy.may(actor, MANAGE_ROLES):
        actions.append({"label": _("Define it anew"), "url": f"{reverse('console:define_role')}?role={key}"})
    context: dict[str, Any] = {
        "title": row.name,
        "part": "roles",
        "facts": facts,
        "tables": [drawn],
        "actions": actions,
    }
    return render(request, "console/thing.html", context | crumbs("roles"))


@open_to("roles", methods=BOTH)
def define_role(request: HttpRequest) -> HttpResponse:
    """Define a business role, or define one anew; the three administrators' roles come with the software."""
    actor = actor_of(request)
    key = request.GET.get("role", "")
    known = role_of(actor, int(key)) if key.isdecimal() and len(key) < 20 else None
    kept = access.visible_roles(actor).filter(kind=RoleKind.BUSINESS)
    others = [(one.pk, one.name) for one in kept if known is None or one.pk != known.pk]
    fields = (
        Field("code", _("Code"), "code", width=20, most=40),
        Field("name_zh", _("Chinese name"), most=60),
        Field("name_en", _("English name"), most=100),
        Field("permissions", _("Permissions"), "checkboxes", options=permissions(RoleKind.BUSINESS), required=False),
        Field("parents", _("Inherits from"), "checkboxes", options=others, required=False),
        Field("exclusive_with", _("Excludes"), "checkboxes", options=others, required=False),
        Field("max_holders", _("Most holders"), "integer", required=False, width=4),
    )

    def define(parents: list[str], exclusive_with: list[str], **entered: Any) -> str:
        roles = {str(one.pk): one for one in kept}
        made = services.define_role(
            by=actor,
            parents=[roles[one] for one in parents],
            exclusive_with=[roles[one] for one in exclusive_with],
            **entered,
        )
        return _("The role %(name)s has been defined.") % {"name": made.name}

    sheet = sheet_for(request, fields, _known(known) if known else None)
    back = reverse("console:role", args=[known.pk]) if known else reverse("console:roles")
    return act(request, sheet, define, part="roles", title=_("Define a role"), submit=_("Define it"), back=back)


def _known(role: Any) -> dict[str, Any]:
    parents, excluded = access.neighbours(role)
    return {
        "code": role.code,
        "name_zh": role.name_zh,
        "name_en": role.name_en,
        "permissions": access.carried_by(role),
        "parents": [one.pk for one in parents],
        "exclusive_with": [one.pk for one in excluded],
        "max_holders": role.max_holders or "",
    }


def _holder(grant: Any) -> str:
    if grant.post is not None:
        return _("post %(name)s") % {"name": grant.post.name}
    return grant.account.username if grant.account is not None else "—"


def _place(grant: Any) -> str:
    named = grant.organisation.name if grant.organisation is not None else grant.division_code
    return f"{grant.get_scope_display()} {named}".strip()


def _standing(grant: Any) -> dict[str, Any]:
    now = clock.now()
    if grant.revoked_at is not None:
        return state(_("Revoked"), "line")
    if grant.valid_to is not None and grant.valid_to <= now:
        return state(_("Over"), "line")
    if grant.valid_from > now:
        return state(_("Not yet begun"), "gold")
    return state(_("Takes away"), "red") if grant.deny else state(_("In force"), "jade")


@open_to("grants")
def grants(request: HttpRequest) -> HttpResponse:
    """Grants, newest first, of one role when asked."""
    actor = actor_of(request)
    rows = access.visible_grants(actor)
    asked = request.GET.get("role", "")
    if asked.isdecimal() and len(asked) < 20:
        rows = rows.filter(role_id=int(asked))
    found, following = paged(request, rows)
    lines = [
        (
            reverse("console:grant", args=[row.pk]),
            (row.role.name, _holder(row), _place(row), _term(row), _standing(row)),
        )
        for row in found
    ]
    columns = (_("Role"), _("Holder"), _("Scope"), _("Term"), _("State"))
    options = [{"value": one.pk, "label": one.name} for one in access.visible_roles(actor)]
    role = {"key": "role", "label": _("Role"), "widget": "select", "options": options, "value": asked}
    context: dict[str, Any] = {
        "title": _("Grants"),
        "part": "grants",
        "next_url": following,
        "filters": [role | {"prompt": _("All")}],
    }
    context["table"] = table(_("Grants"), columns, lines, _("No grant."))
    context["actions"] = [
        {"label": _("Give a role"), "url": reverse("console:give")},
        {"label": _("Give a role to a post"), "url": reverse("console:choose_post")},
    ]
    return render(request, "console/list.html", context)


def _term(row: Any) -> str:
    def written(instant: dt.datetime | None) -> str:
        return clock.local(instant).strftime("%Y-%m-%d %H:%M") if instant else pgettext("end of a term", "open")

    return f"{written(row.valid_from)} – {written(row.valid_to)}"


@open_to("grants")
def grant(request: HttpRequest, key: int) -> HttpResponse:
    """One grant: whom, where, how long, by whom and why."""
    actor = actor_of(request)
    row = found_or_404(access.visible_grants(actor).select_related("granted_by").filter(pk=key).first())
    facts = facts_of(
        (_("Role"), row.role.name),
        (_("Holder"), _holder(row)),
        (_("Scope"), _place(row)),
        (_("Term"), _term(row)),
        (_("Given by"), row.granted_by.username if row.granted_by else _("the system")),
        (_("Reason"), row.reason),
        (_("Revoked"), clock.local(row.revoked_at).strftime("%Y-%m-%d %H:%M") if row.revoked_at else ""),
        (_("Reason of the revocation"), row.revoke_reason),
    )
    alive = row.revoked_at is None
    actions = [{"label": _("Revoke"), "url": reverse("console:revoke", args=[key])}] if alive else []
    context: dict[str, Any] = {"title": _("Grant"), "part": "grants", "facts": facts, "tables": [], "actions": actions}
    return render(request, "console/thing.html", context | crumbs("grants"))


@open_to("grants", methods=BOTH)
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """End a grant now."""
    actor = actor_of(request)
    row = found_or_404(access.visible_grants(actor).filter(pk=key).first())

    def end(reason: str) -> str:
        services.revoke_grant(by=actor, grant=row, reason=reason)
        return _("The grant has been revoked.")

    facts = facts_of((_("Role"), row.role.name), (_("Holder"), _holder(row)), (_("Scope"), _place(row)))
    back = reverse("console:grant", args=[key])
    sheet = sheet_for(request, (REASON,))
    title, submit = _("Revoke a grant"), _("Revoke")
    return act(request, sheet, end, part="grants", title=title, submit=submit, back=back, facts=facts)


def _offices(actor: Actor, chosen: int | None) -> tuple[Choices, bool]:
    """The posts of today to choose from, and whether there are more; the chosen one is there in any case."""
    rows = identity.visible_posts(actor).filter(identity.on()).order_by("organisation_id", "id")
    found = list(rows[: OFFERED + 1])
    if chosen is not None and chosen not in {row.pk for row in found[:OFFERED]}:
        found = [*rows.filter(pk=chosen), *found]
    return [(row.pk, f"{row.organisation.name}　{row.name}") for row in found[:OFFERED]], len(found) > OFFERED


@open_to("grants")
def choose_post(request: HttpRequest) -> HttpResponse:
    """A page of the posts of today, or those with words in the name; each leads on to giving it a role."""
    words = request.GET.get("q", "").strip()[:100]
    found, following = paged(request, identity.posts_named(actor_of(request), words), name="after", oldest_first=True)
    address, title = reverse("console:give"), _("Give a role to a post")
    lines = [(f"{address}?post={row.pk}", (row.name, row.organisation.name)) for row in found]
    context: dict[str, Any] = {
        "title": title,
        "part": "grants",
        "lead": _("Choose one to go on."),
        "filters": [{"key": "q", "label": _("Post or organisation"), "value": words, "width": 20}],
        "table": table(title, (_("Post"), _("Organisation")), lines, _("Nothing matches.")),
        "next_url": following,
    }
    return render(request, "console/list.html", context | crumbs("grants"))


@open_to("grants", methods=BOTH)
def give(request: HttpRequest) -> HttpResponse:
    """Give a role to an account or a post, within a scope and a term."""
    actor = actor_of(request)
    roles = access.visible_roles(actor)
    chosen = cursor(request, "post")
    offices, more = _offices(actor, chosen)
    told = (
        _("Not all are listed. “Give a role to a post” on the page of grants finds each by its name.") if more else ""
    )
    fields = (
        Field("role", _("Role"), "select", options=[(one.pk, one.name) for one in roles]),
        Field("username", _("Account"), required=False, width=20, help=_("Its sign-in name; or choose a post.")),
        Field(
            "post",
            _("Post"),
            "select",
            required=False,
            options=offices,
            prompt=_("No post"),
            help=told,
            initial=str(chosen or ""),
        ),
        Field("scope", _("Scope"), "radios", options=ScopeKind.choices),
        Field(
            "organisation", _("Organisation"), "select", required=False, options=agencies(), prompt=_("The post's own")
        ),
        Field("division_code", _("Division"), "code", required=False, width=10, read=division),
        Field("first", _("First day"), "date", required=False, help=_("Empty: from now on.")),
        Field("last", _("Last day"), "date", required=False, help=_("Empty: until revoked.")),
        REASON,
    )

    def hand_over(role: str, **entered: Any) -> str:
        made = services.grant_role(by=actor, role=role_of(actor, int(role)), **_read(actor, entered))
        return _("%(role)s has been given to %(holder)s.") % {"role": made.role.name, "holder": _holder(made)}

    back, title = reverse("console:grants"), _("Give a role")
    return act(request, sheet_for(request, fields), hand_over, part="grants", title=title, submit=_("Give"), back=back)


def _read(actor: Actor, entered: dict[str, Any]) -> dict[str, Any]:
    """What was entered as `grant_role` takes it; Invalid where there is no such account."""
    account, last = None, entered["last"]
    if entered["username"]:
        account = identity.visible_accounts(actor).filter(username__iexact=entered["username"]).first()
        if account is None:
            sentence = _("There is no account of this name.")
            raise Invalid("console.no_account", sentence, [("username", "console.no_account", sentence)])
    kept = identity.visible_organisations(actor)
    return {
        "account": account,
        "post": identity.visible_posts(actor).filter(pk=entered["post"]).first() if entered["post"] else None,
        "scope": entered["scope"],
        "organisation": kept.filter(pk=entered["organisation"]).first() if entered["organisation"] else None,
        "division_code": entered["division_code"] or "",
        "valid_from": midnight(entered["first"]) if entered["first"] else None,
        "valid_to": midnight(last + dt.timedelta(days=1)) if last else None,
        "reason": entered["reason"],
    }


@open_to("explain")
def explain(request: HttpRequest) -> HttpResponse:
    """Why an account may do something, or not; for one organisation when named."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("username", "capacity", "permission", "place")}
    filters = [
        {"key": "username", "label": _("Sign-in name"), "value": asked["username"], "width": 10},
        _choice("permission", _("Permission"), permissions(), asked["permission"]),
        _choice("place", _("For the organisation"), agencies(), asked["place"]),
    ]
    account = None
    if asked["username"]:
        account = identity.visible_accounts(actor).filter(username__iexact=asked["username"]).first()
    context: dict[str, Any] = {"title": _("Why allowed or not"), "part": "explain", "asked": asked, "account": account}
    if account is not None:
        held = identity.capacities(account)
        filters.append(_choice("capacity", _("As"), [(one.key, one.name) for one in held], asked["capacity"]))
        if asked["permission"]:
            context["answer"] = _answer(actor, account, asked)
    return render(request, "console/explain.html", context | {"filters": filters})


def _choice(key: str, label: object, options: Choices, value: str) -> dict[str, Any]:
    offered = [{"value": one, "label": words} for one, words in options]
    return {"key": key, "label": label, "widget": "select", "options": offered, "value": value, "prompt": "—"}


def _answer(actor: Actor, account: Any, asked: dict[str, str]) -> Any:
    if not account.is_active:
        return access.Explanation(allowed=False, because=(_("The account is not active."),))
    who = identity.actor_in(account, asked["capacity"])
    place = None
    if asked["place"].isdecimal() and len(asked["place"]) < 20:
        place = identity.visible_organisations(actor).filter(pk=int(asked["place"])).first()
    return access.why(who, asked["permission"], place)
