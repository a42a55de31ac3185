"""The first page, the search in the bar, and the administrator's own messages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.registry import PARTS
from zhengtong.doors.console.views.gate import actor_of, open_parts, open_to, paged, table
from zhengtong.foundation.messages import queries as inbox
from zhengtong.foundation.messages.registry import templates
from zhengtong.people.identity import queries as identity

FIRST = 20
Found = list[tuple[str, tuple[object, ...]]]


@open_to()
def home(request: HttpRequest) -> HttpResponse:
    """The parts that are the reader's."""
    parts = [PARTS[name] for name in open_parts(actor_of(request))]
    items = [{"label": part.entry.label, "url": part.entry.url, "note": part.words} for part in parts]
    return render(request, "console/home.html", {"items": items})


@open_to()
def search(request: HttpRequest) -> HttpResponse:
    """What the reader may look after, by the beginning of its name."""
    typed, actor = request.GET.get("q", "").strip()[:60], actor_of(request)
    mine = open_parts(actor)
    found: Found = []
    rows: Found
    if typed and "organisations" in mine:
        agencies = identity.visible_organisations(actor).filter(kind="agency", name_zh__startswith=typed)
        kind = _("Organisation")
        rows = [(reverse("console:organisation", args=[row.pk]), (row.name, kind)) for row in agencies[: FIRST + 1]]
        found += _first(rows, reverse("console:organisations"), _("More organisations"))
    if typed and "accounts" in mine:
        accounts = identity.visible_accounts(actor).filter(username__startswith=typed).exclude(kind="citizen")
        rows = [
            (reverse("console:account", args=[row.pk]), (row.username, _("Account"))) for row in accounts[: FIRST + 1]
        ]
        found += _first(rows, f"{reverse('console:accounts')}?{urlencode({'name': typed})}", _("More accounts"))
    found += [
        (PARTS[name].entry.url, (PARTS[name].entry.label, _("Page")))
        for name in mine
        if typed and typed in str(PARTS[name].entry.label)
    ]
    empty = _("Nothing begins with this.") if typed else _("Write the beginning of a name.")
    context: dict[str, Any] = {
        "title": _("Search"),
        "table": table(_("Found"), (pgettext("of a thing", "Name"), _("Kind")), found, empty),
        "query": typed,
    }
    return render(request, "console/list.html", context)


def _first(rows: Found, address: str, more: object) -> Found:
    """The first of them; where there are more, the last row leads to the list that has them all."""
    return [*rows[:FIRST], (address, (more, _("Page")))] if len(rows) > FIRST else rows


@open_to()
def messages(request: HttpRequest) -> HttpResponse:
    """The administrator's own inbox."""
    actor = actor_of(request)
    rows, following = paged(request, inbox.visible_to(actor))
    drawn = [("", (templates.get(row.template).draw(actor.locale, row.params)[0], row.created_at)) for row in rows]
    found = [("", (subject, {"kind": "date", "value": at})) for _url, (subject, at) in drawn]
    columns = (_("Subject"), _("Date"))
    context: dict[str, Any] = {
        "title": _("My messages"),
        "table": table(_("My messages"), columns, found, _("No messages.")),
    }
    return render(request, "console/list.html", context | {"next_url": following})
