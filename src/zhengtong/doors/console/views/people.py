"""Officials as people: looked up masked, registered by one paper."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.console.forms import Field
from zhengtong.doors.console.views.gate import (
    act,
    actor_of,
    crumbs,
    facts_of,
    found_or_404,
    open_to,
    paged,
    sheet_for,
    state,
    table,
    term,
)
from zhengtong.foundation import policy
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.people.identity.choices import DocumentType

PART = "people"


@open_to(PART, methods=("GET", "HEAD", "POST"))
def people(request: HttpRequest) -> HttpResponse:
    """Officials found by a name's beginning, anybody by the number of his paper.

    The question is posted: a number must not stand in an address or a server's log.
    """
    actor, typed = actor_of(request), request.POST.get("q", "").strip()[:40]
    found = [policy.shown(actor, row) for row in identity.officials_found(actor, typed)]
    lines = [
        (
            reverse("console:person", args=[row.pk]),
            (row.name, row.get_document_type_display(), row.document_number, row.phone),
        )
        for row in found
    ]
    empty = _("Nobody found. Names are searched among officials only.") if typed else _("Write a name or a number.")
    columns = (_("Name"), _("Document"), _("Number"), _("Phone"))
    context: dict[str, Any] = {
        "title": _("Officials"),
        "part": PART,
        "question": {"key": "q", "label": _("Name, or number of a document"), "value": typed, "width": 20},
        "table": table(_("People found"), columns, lines, empty),
        "actions": [{"label": _("Register a person"), "url": reverse("console:register_person")}],
    }
    return render(request, "console/people.html", context)


@open_to(PART)
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One official, masked: posts and accounts."""
    actor = actor_of(request)
    row = policy.shown(actor, found_or_404(identity.visible_people(actor).filter(pk=key).first()))
    tenures, more_tenures = paged(request, identity.visible_tenures(actor).filter(person_id=key), name="tenures")
    accounts, more_accounts = paged(request, identity.visible_accounts(actor).filter(person_id=key), name="accounts")
    facts = facts_of(
        (_("Name"), row.name),
        (_("Document"), f"{row.get_document_type_display()} {row.document_number}"),
        (_("Born"), row.birth_date),
        (_("Phone"), row.phone),
        (_("E-mail"), row.email),
    )
    posts = [
        (reverse("console:post", args=[held.post_id]), (held.post.name, held.post.organisation.name, term(held)))
        for held in tenures
    ]
    held_accounts = [
        (reverse("console:account", args=[one.pk]), (one.username, state(one.get_state_display()))) for one in accounts
    ]
    tables = [
        table(_("Posts"), (_("Post"), _("Organisation"), _("Term")), posts, _("No post."), more_tenures),
        table(_("Accounts"), (_("Sign-in name"), _("State")), held_accounts, _("No account."), more_accounts),
    ]
    actions = [{"label": _("Open an account"), "url": f"{reverse('console:open_account')}?person={key}"}]
    context: dict[str, Any] = {"title": row.name, "part": PART, "facts": facts, "tables": tables, "actions": actions}
    return render(request, "console/thing.html", context | crumbs(PART))


@open_to(PART, methods=("GET", "HEAD", "POST"))
def register_person(request: HttpRequest) -> HttpResponse:
    """Enter somebody who will work here."""
    actor = actor_of(request)
    fields = (
        Field("name", _("Name"), most=60, width=20),
        Field(
            "document_type",
            _("Document"),
            "select",
            options=DocumentType.choices,
            initial=DocumentType.RESIDENT_ID.value,
        ),
        Field("document_number", _("Number"), "code", width=20, most=20),
        Field("birth_date", _("Born"), "date", required=False, help=_("A resident number tells it by itself.")),
        Field("phone", _("Phone"), "phone", required=False, width=20, most=20),
        Field("email", _("E-mail"), "email", required=False, most=120),
    )

    def enter(birth_date: dt.date | None, **entered: str) -> str:
        row = services.register_person(by=actor, birth_date=birth_date, **entered)
        return _("%(name)s has been registered.") % {"name": policy.mask_name(row.name)}

    back = reverse("console:people")
    sheet = sheet_for(request, fields)
    return act(request, sheet, enter, part=PART, title=_("Register a person"), submit=_("Register"), back=back)
