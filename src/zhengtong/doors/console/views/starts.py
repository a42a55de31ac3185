"""Processes that begin of themselves: by what, when next, what came of it; closed with a reason, seen before."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhengtong.doors.console.queries import modelling as shown
from zhengtong.doors.console.queries.failing import why
from zhengtong.doors.console.views.accounts import BOTH, REASON
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
)
from zhengtong.foundation.core import clock
from zhengtong.matters.modelling.queries import published_as
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import StartKind
from zhengtong.matters.workflow.queries.relocations import names_of
from zhengtong.matters.workflow.queries.starts import visible_to

PART = "starts"


@open_to(PART)
def starts(request: HttpRequest) -> HttpResponse:
    """By what processes begin of themselves, what was opened last first; open one to close it."""
    actor = actor_of(request)
    found, following = paged(request, visible_to(actor))
    numbers = {row.definition_id for row in found}
    named, published = names_of(numbers), published_as(actor, numbers)
    lines = [
        (
            reverse("console:start", args=[row.pk]),
            (
                shown.called(published.get(row.definition_id), *named[row.definition_id]),
                row.element,
                row.get_kind_display(),
                _by(row),
                {"kind": "number", "value": row.begun},
                {"kind": "number", "value": _when(row.begun_at)},
                state(_("Fails"), "red") if row.attempts else state(pgettext("of a start", "Open"), "jade"),
            ),
        )
        for row in found
    ]
    columns = (
        *(_("Process"), _("Where"), _("Begins by"), _("Name or next time")),
        *(pgettext("of a start", "Began"), pgettext("of a start", "Last"), _("State")),
    )
    context: dict[str, Any] = {"title": _("Automatic starts"), "part": PART, "next_url": following}
    context["lead"] = _("Published processes that begin by a message, by a signal or at a time. Open one to close it.")
    context["table"] = table(_("Automatic starts"), columns, lines, _("No process begins of itself."))
    return render(request, "console/list.html", context)


def _by(row: Any) -> str:
    """The name that begins it, or the next instant by the clock on the wall."""
    if row.kind != StartKind.TIMER:
        return str(row.name)
    return _when(row.due_at) if row.due_at else _("It does not come again.")


def _when(instant: dt.datetime | None) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M") if instant else "—"


@open_to(PART)
def start(request: HttpRequest, key: int) -> HttpResponse:
    """One start: everything that is known of it."""
    row = _open(request, key)
    context: dict[str, Any] = {"title": _("Start at “%(element)s”") % {"element": row.element}, "part": PART}
    context["facts"] = _facts(request, row)
    context["actions"] = [{"label": pgettext("of a start", "Close"), "url": reverse("console:close_start", args=[key])}]
    return render(request, "console/thing.html", context | crumbs(PART))


def _facts(request: HttpRequest, row: Any) -> list[dict[str, Any]]:
    name, digest = names_of({row.definition_id})[row.definition_id]
    published = published_as(actor_of(request), {row.definition_id}).get(row.definition_id)
    endless = pgettext("of a start", "without end") if row.kind == StartKind.TIMER else ""
    failing = ngettext("%(count)d attempt failed: %(why)s", "%(count)d attempts failed: %(why)s", row.attempts)
    return [
        shown.linked(_("Process"), name, digest, published),
        *facts_of(
            (_("Id of the process"), row.key),
            (_("Where"), row.element),
            (_("Begins by"), row.get_kind_display()),
            (_("Next time") if row.kind == StartKind.TIMER else pgettext("of a thing", "Name"), _by(row)),
            (_("Times left"), row.left if row.left is not None else endless),
            (_("Processes begun"), row.begun),
            (_("Last begun"), _when(row.begun_at)),
            (_("Open since"), _when(row.opened_at)),
        ),
        *(
            facts_of((_("Error"), failing % {"count": row.attempts, "why": why(row.last_error)}))
            if row.attempts
            else ()
        ),
    ]


@open_to(PART, methods=BOTH)
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Have a process begin of itself no longer: all by which this version begins is shown before, and closed."""
    row, actor = _open(request, key), actor_of(request)
    together = visible_to(actor).filter(definition_id=row.definition_id).order_by("id")

    def verb(reason: str) -> str:
        count = services.close_starts(by=actor, key=row.key, reason=reason, definition_id=row.definition_id)
        return ngettext("%(count)d start has been closed.", "%(count)d starts have been closed.", count) % {
            "count": count
        }

    facts = [_facts(request, row)[0]] + facts_of(
        *((_("Is closed"), f"{each.element}: {each.get_kind_display()} {_by(each)}") for each in together)
    )
    lead = _("No process begins by these any more; those that run go on. Publishing the model anew opens them again.")
    title, submit = _("Close the starts of a process"), pgettext("of a start", "Close")
    back, sheet = reverse("console:starts"), sheet_for(request, (REASON,))
    return act(request, sheet, verb, part=PART, title=title, submit=submit, back=back, facts=facts, lead=lead)


def _open(request: HttpRequest, key: int) -> Any:
    return found_or_404(visible_to(actor_of(request)).filter(pk=key).first())
