"""Agencies, their tree, their posts and who holds them."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

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
    table,
    term,
)
from zhengtong.engines.codes import CodeError, package_divisions, parse_division_code
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.people.identity.choices import KindOfWork, OrganisationKind, TenureKind

BOTH = ("GET", "HEAD", "POST")
PART = "organisations"


def agencies() -> Choices:
    """Every agency of today, indented by its place in the tree."""
    return [(row.pk, "　" * depth + row.name) for depth, row in identity.agency_tree()]


def division(typed: str) -> str:
    """A division's code as typed; ValueError with the engine's sentence."""
    try:
        return parse_division_code(typed).text
    except CodeError as error:
        raise ValueError(error.text(get_language() or "zh-hans")) from None


def named_division(code: str) -> str:
    """A division's name with its code; the code alone where the table does not know it."""
    try:
        return f"{package_divisions().full_name(code, clock.today())} {code}"
    except CodeError:
        return code


REASON = Field("reason", gettext_lazy("Reason"), "textarea", rows=2)
LAST_DAY = Field("last_day", gettext_lazy("Last day"), "date", help=gettext_lazy("That day still counts."))


def organisation_of(actor: Actor, key: int) -> identity.Organisation:
    """An agency the actor may see; NotFound for an enterprise."""
    kept = identity.visible_organisations(actor).filter(kind=OrganisationKind.AGENCY)
    found: identity.Organisation = found_or_404(kept.filter(pk=key).select_related("successor").first())
    return found


@open_to(PART)
def tree(request: HttpRequest) -> HttpResponse:
    """The tree of agencies as it stands today."""
    rows = [
        (
            reverse("console:organisation", args=[row.pk]),
            ("　" * depth + row.name, row.uscc, row.division_code, term(row)),
        )
        for depth, row in identity.agency_tree()
    ]
    columns = (_("Organisation"), _("Credit code"), _("Division"), _("Term"))
    actions = [{"label": _("Add an organisation"), "url": reverse("console:add_organisation")}]
    drawn = table(_("Tree of organisations"), columns, rows, _("No organisation yet."))
    return render(
        request, "console/list.html", {"title": _("Organisations"), "part": PART, "table": drawn, "actions": actions}
    )


@open_to(PART)
def organisation(request: HttpRequest, key: int) -> HttpResponse:
    """One agency: what it is, its posts and who holds them."""
    actor = actor_of(request)
    row = organisation_of(actor, key)
    parent = identity.parent_of(key)
    posts, following = paged(
        request, identity.visible_posts(actor).filter(organisation=row), name="after", oldest_first=True
    )
    holders: dict[int, list[str]] = {}
    for held in identity.visible_tenures(actor).filter(identity.on(), post__in=[post.pk for post in posts]):
        holders.setdefault(held.post_id, []).append(masked(held.person))
    lines = [
        (
            reverse("console:post", args=[post.pk]),
            (post.name, post.get_kind_of_work_display(), "、".join(holders.get(post.pk, ())), term(post)),
        )
        for post in posts
    ]
    facts = facts_of(
        (_("Chinese name"), row.name_zh),
        (_("English name"), row.name_en),
        (_("Credit code"), row.uscc),
        (_("Division"), named_division(row.division_code)),
        (_("Below"), parent.name if parent else ""),
        (_("Term"), term(row)),
        (_("Successor"), row.successor.name if row.successor else ""),
    )
    columns = (_("Post"), _("Kind of work"), _("Held by"), _("Term"))
    drawn = table(_("Posts"), columns, lines, _("No post yet."), following)
    verbs = (
        ("add_post", _("Add a post")),
        ("place_organisation", _("Put below another")),
        ("succeed_organisation", _("Name a successor")),
        ("close_organisation", _("Close")),
    )
    actions = [{"label": label, "url": reverse(f"console:{name}", args=[key])} for name, label in verbs]
    context: dict[str, Any] = {"title": row.name, "part": PART, "facts": facts, "tables": [drawn], "actions": actions}
    return render(request, "console/thing.html", context | crumbs(PART))


@open_to(PART, methods=BOTH)
def add_organisation(request: HttpRequest) -> HttpResponse:
    """Enter an agency."""
    actor = actor_of(request)
    fields = (
        Field("name_zh", _("Chinese name"), most=120),
        Field("name_en", _("English name"), required=False),
        Field("uscc", _("Credit code"), "code", required=False, width=20, help=_("18 characters.")),
        Field("division_code", _("Division"), "code", width=10, help=_("Six digits."), read=division),
        Field("parent", _("Below"), "select", required=False, options=agencies(), prompt=_("None: it is the top")),
        Field("valid_from", _("First day"), "date", initial=clock.today().isoformat()),
    )

    def enter(parent: str | None, name_en: str | None, **entered: Any) -> str:
        above = organisation_of(actor, int(parent)) if parent else None
        row = services.register_organisation(
            by=actor, kind=OrganisationKind.AGENCY, parent=above, name_en=name_en or "", **entered
        )
        return _("%(name)s has been entered.") % {"name": row.name}

    sheet = sheet_for(request, fields)
    back = reverse("console:organisations")
    return act(request, sheet, enter, part=PART, title=_("Add an organisation"), submit=_("Enter it"), back=back)


@open_to(PART, methods=BOTH)
def place(request: HttpRequest, key: int) -> HttpResponse:
    """Put an agency below another."""
    actor = actor_of(request)
    row = organisation_of(actor, key)
    others = [(pk, label) for pk, label in agencies() if pk != key]
    fields = (
        Field("parent", _("Below"), "select", options=others),
        Field("on", _("From this day on"), "date", initial=clock.today().isoformat()),
    )

    def put(parent: str, on: dt.date) -> str:
        services.place_under(by=actor, organisation=row, parent=organisation_of(actor, int(parent)), on=on)
        return _("%(name)s has been put in its place.") % {"name": row.name}

    back = reverse("console:organisation", args=[key])
    title = _("Put %(name)s below another") % {"name": row.name}
    return act(request, sheet_for(request, fields), put, part=PART, title=title, submit=_("Put it there"), back=back)


@open_to(PART, methods=BOTH)
def succeed(request: HttpRequest, key: int) -> HttpResponse:
    """Close an agency and name who takes over."""
    actor = actor_of(request)
    row = organisation_of(actor, key)
    others = [(pk, label) for pk, label in agencies() if pk != key]
    fields = (
        Field("successor", _("Successor"), "select", options=others),
        Field("on", _("From this day on"), "date", help=_("The organisation ends the day before.")),
        REASON,
    )

    def follow(successor: str, on: dt.date, reason: str) -> str:
        heir = organisation_of(actor, int(successor))
        services.succeed_organisation(by=actor, organisation=row, successor=heir, on=on, reason=reason)
        return _("%(heir)s takes over from %(name)s.") % {"heir": heir.name, "name": row.name}

    back = reverse("console:organisation", args=[key])
    title = _("Name a successor of %(name)s") % {"name": row.name}
    return act(request, sheet_for(request, fields), follow, part=PART, title=title, submit=_("Name it"), back=back)


@open_to(PART, methods=BOTH)
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Close an agency that nobody succeeds."""
    actor = actor_of(request)
    row = organisation_of(actor, key)

    def shut(last_day: dt.date, reason: str) -> str:
        services.close_organisation(by=actor, organisation=row, last_day=last_day, reason=reason)
        return _("%(name)s ends on %(day)s.") % {"name": row.name, "day": last_day}

    back = reverse("console:organisation", args=[key])
    sheet = sheet_for(request, (LAST_DAY, REASON))
    title = _("Close %(name)s") % {"name": row.name}
    return act(request, sheet, shut, part=PART, title=title, submit=_("Close"), back=back)


@open_to(PART, methods=BOTH)
def add_post(request: HttpRequest, key: int) -> HttpResponse:
    """Set up a post."""
    actor = actor_of(request)
    row = organisation_of(actor, key)
    fields = (
        Field("name_zh", _("Chinese name"), most=120),
        Field("name_en", _("English name"), required=False),
        Field("kind_of_work", _("Kind of work"), "radios", options=KindOfWork.choices),
        Field("valid_from", _("First day"), "date", initial=clock.today().isoformat()),
    )

    def set_up(name_en: str | None, **entered: Any) -> str:
        post = services.open_post(by=actor, organisation=row, name_en=name_en or "", **entered)
        return _("The post %(name)s has been set up.") % {"name": post.name}

    back = reverse("console:organisation", args=[key])
    title = _("Add a post in %(name)s") % {"name": row.name}
    return act(request, sheet_for(request, fields), set_up, part=PART, title=title, submit=_("Set it up"), back=back)


def post_of(actor: Actor, key: int) -> identity.Post:
    """A post the actor may see."""
    found: identity.Post = found_or_404(identity.visible_posts(actor).filter(pk=key).first())
    return found


@open_to(PART)
def post(request: HttpRequest, key: int) -> HttpResponse:
    """One post and everybody who held, holds or will hold it."""
    actor = actor_of(request)
    row = post_of(actor, key)
    tenures, following = paged(request, identity.visible_tenures(actor).filter(post=row))
    lines = [
        (
            "" if held.valid_to else reverse("console:end_tenure", args=[held.pk]),
            (masked(held.person), held.get_kind_display(), term(held)),
        )
        for held in tenures
    ]
    facts = facts_of(
        (_("Organisation"), row.organisation.name),
        (_("Kind of work"), row.get_kind_of_work_display()),
        (_("Term"), term(row)),
    )
    columns = (_("Person"), _("Footing"), _("Term"))
    drawn = table(_("Tenures (open one to end it)"), columns, lines, _("Nobody so far."), following)
    actions = [
        {"label": _("Appoint somebody"), "url": reverse("console:appoint", args=[key])},
        {"label": _("Close"), "url": reverse("console:close_post", args=[key])},
    ]
    context: dict[str, Any] = {"title": row.name, "part": PART, "facts": facts, "tables": [drawn], "actions": actions}
    return render(request, "console/thing.html", context | crumbs(PART))


@open_to(PART, methods=BOTH)
def appoint(request: HttpRequest, key: int) -> HttpResponse:
    """Give a post to a person known by the number of his paper."""
    actor = actor_of(request)
    row = post_of(actor, key)
    fields = (
        Field("number", _("Number of the person's document"), "code", width=20, most=20),
        Field("kind", _("Footing"), "radios", options=TenureKind.choices, initial=TenureKind.APPOINTED.value),
        Field("valid_from", _("First day"), "date", initial=clock.today().isoformat()),
        Field("valid_to", _("Last day"), "date", required=False),
    )

    def give(number: str, **entered: Any) -> str:
        found = identity.officials_found(actor, number, 1)
        if not found:
            sentence = _("Nobody is registered with this number. Register the person first.")
            raise Invalid("console.nobody", sentence, [("number", "console.nobody", sentence)])
        services.appoint(by=actor, person=found[0], post=row, **entered)
        return _("%(name)s has been appointed.") % {"name": masked(found[0])}

    back = reverse("console:post", args=[key])
    title = _("Appoint somebody to %(name)s") % {"name": row.name}
    return act(request, sheet_for(request, fields), give, part=PART, title=title, submit=_("Appoint"), back=back)


@open_to(PART, methods=BOTH)
def end_tenure(request: HttpRequest, key: int) -> HttpResponse:
    """Let a person leave a post."""
    actor = actor_of(request)
    held = found_or_404(identity.visible_tenures(actor).filter(pk=key).first())

    def leave(last_day: dt.date, reason: str) -> str:
        services.end_tenure(by=actor, tenure=held, last_day=last_day, reason=reason)
        return _("%(name)s leaves the post on %(day)s.") % {"name": masked(held.person), "day": last_day}

    facts = facts_of((_("Person"), masked(held.person)), (_("Post"), held.post.name), (_("Term"), term(held)))
    back = reverse("console:post", args=[held.post_id])
    sheet = sheet_for(request, (LAST_DAY, REASON))
    return act(request, sheet, leave, part=PART, title=_("End a tenure"), submit=_("End it"), back=back, facts=facts)


@open_to(PART, methods=BOTH)
def close_post(request: HttpRequest, key: int) -> HttpResponse:
    """Close a post."""
    actor = actor_of(request)
    row = post_of(actor, key)

    def shut(last_day: dt.date, reason: str) -> str:
        services.close_post(by=actor, post=row, last_day=last_day, reason=reason)
        return _("%(name)s ends on %(day)s.") % {"name": row.name, "day": last_day}

    back = reverse("console:post", args=[key])
    sheet = sheet_for(request, (LAST_DAY, REASON))
    title = _("Close %(name)s") % {"name": row.name}
    return act(request, sheet, shut, part=PART, title=title, submit=_("Close"), back=back)
