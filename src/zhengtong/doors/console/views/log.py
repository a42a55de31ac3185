"""The log: searched by cursor, refusals, what the other administrators did, export, and its proof."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.choices import EVENT_FAMILIES, SUBJECT_KINDS
from zhengtong.doors.console.forms import midnight
from zhengtong.doors.console.views.gate import (
    actor_of,
    crumbs,
    cursor,
    facts_of,
    found_or_404,
    next_address,
    open_to,
    state,
    table,
)
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.choices import LOG_FAULTS
from zhengtong.foundation.ledger.queries import Line, Wanted
from zhengtong.foundation.ledger.registry import event_name
from zhengtong.people.access import queries as access
from zhengtong.people.access import services
from zhengtong.people.access.choices import RoleKind
from zhengtong.people.access.registry import EXPORT_LOG
from zhengtong.people.access.services import EXAMINATIONS

ASKED = ("view", "type", "kind", "number", "actor", "since", "until")


def _asked(given: Any) -> dict[str, str]:
    return {name: given.get(name, "").strip()[:80] for name in ASKED}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def wanted_of(asked: dict[str, str]) -> Wanted:
    """What a search asks of the ledger; what cannot be read is left out."""
    since, until = _day(asked["since"]), _day(asked["until"])
    actors: tuple[int, ...] = ()
    if (actor := _number(asked["actor"])) is not None:
        actors = (actor,)
    elif asked["view"] == "administrators":
        others = (RoleKind.SYSTEM, RoleKind.SECURITY)
        actors = tuple(key for key, kind in access.administrators().items() if kind in others) or (0,)
    return Wanted(
        type=asked["type"],
        subject=(asked["kind"], _number(asked["number"])) if asked["kind"] else None,
        actors=actors,
        since=midnight(since) if since else None,
        until=midnight(until + dt.timedelta(days=1)) if until else None,
        refused=asked["view"] == "refusals",
    )


@open_to("log")
def log(request: HttpRequest) -> HttpResponse:
    """A page of the log, newest first; each new search is itself recorded."""
    actor, asked = actor_of(request), _asked(request.GET)
    wanted, before = wanted_of(asked), cursor(request)
    if before is None and request.method == "GET":
        services.note_log_read(by=actor, wanted=wanted)
    found = access.log_lines(actor, wanted, before=before)
    context: dict[str, Any] = {
        "title": _("Log"),
        "part": "log",
        "tabs": _tabs(asked["view"]),
        "filters": _filters(asked),
    }
    context["table"] = _table(found.lines)
    context["view"] = asked["view"]
    if found.next is not None:
        context["next_url"] = next_address(request, found.next)
        words = _("This page looked at 5,000 events; older ones are on the next page.")
        context["page_words"] = words if found.short else ""
    if policy.may(actor, EXPORT_LOG):
        kept = urlencode({name: value for name, value in asked.items() if value})
        context["export_url"] = f"{reverse('console:export')}?{kept}"
    return render(request, "console/log.html", context)


def _tabs(view: str) -> list[dict[str, Any]]:
    tabs = (("", _("Everything")), ("refusals", _("Refusals")), ("administrators", _("Other administrators")))
    address = reverse("console:log")
    return [
        {"label": label, "url": f"{address}?view={name}" if name else address, "current": name == view}
        for name, label in tabs
    ]


def _filters(asked: dict[str, str]) -> list[dict[str, Any]]:
    families = [{"value": code, "label": label} for code, label in EVENT_FAMILIES.items()]
    kinds = [{"value": code, "label": label} for code, label in SUBJECT_KINDS.items()]
    chosen = {"widget": "select", "prompt": _("All")}
    fields = (
        {"key": "type", "label": _("What"), "options": families} | chosen,
        {"key": "kind", "label": _("About"), "options": kinds} | chosen,
        {"key": "number", "label": _("Its number"), "width": 10},
        {"key": "actor", "label": _("Account number"), "width": 10},
        {"key": "since", "label": _("From"), "widget": "date"},
        {"key": "until", "label": _("To"), "widget": "date"},
    )
    return [{**field, "value": asked[str(field["key"])]} for field in fields]


def _table(lines: Iterable[Line]) -> dict[str, Any]:
    rows = [
        (
            reverse("console:event", args=[line.event_id]),
            (
                clock.local(line.recorded_at).strftime("%Y-%m-%d %H:%M:%S"),
                event_name(line.type),
                f"{SUBJECT_KINDS.get(line.subject[0], line.subject[0])} {line.subject[1]}",
                line.actor,
                line.code or line.reason,
                _result(line),
            ),
        )
        for line in lines
    ]
    columns = (_("Time"), _("Event"), _("About"), _("Who"), _("Reason"), _("Result"))
    return table(_("Log"), columns, rows, _("No event on this page."))


def _result(line: Line) -> dict[str, Any]:
    if line.held:
        return state(_("Held back"), "red")
    if line.refused:
        return state(pgettext("in the log", "Refused"), "gold")
    return state(_("Sealed"), "jade") if line.leaf_index is not None else state(_("Waiting"), "line")


@open_to("log")
def event(request: HttpRequest, key: int) -> HttpResponse:
    """One event; the contents of business stay closed to administrators."""
    actor = actor_of(request)
    found = access.log_lines(actor, Wanted(), before=key + 1, limit=1).lines
    line = found_or_404(next((one for one in found if one.event_id == key), None))
    about = f"{reverse('console:log')}?{urlencode({'kind': line.subject[0], 'number': line.subject[1]})}"
    facts = facts_of(
        (_("Event"), event_name(line.type)),
        (_("Type"), line.type),
        (_("Recorded"), clock.local(line.recorded_at).isoformat(" ", "milliseconds")),
        (_("Counts from"), clock.local(line.effective_at).isoformat(" ", "milliseconds")),
        (_("Who"), f"{line.actor} ({line.actor_kind})"),
        (_("Account number"), line.actor_id),
        (_("Reason"), line.code or line.reason),
        (_("Number in the log"), line.leaf_index),
        (_("Imported history"), _("yes") if line.imported else _("no")),
    )
    words = f"{SUBJECT_KINDS.get(line.subject[0], line.subject[0])} {line.subject[1]}"
    facts.append({"label": _("About"), "value": words, "url": about, "link": _("everything about it")})
    content = None
    if line.payload is not None:
        content = json.dumps(line.payload, ensure_ascii=False, indent=2, default=str)
    context: dict[str, Any] = {
        "title": _("Event %(number)d") % {"number": key},
        "part": "log",
        "facts": facts,
        "content": content,
    }
    return render(request, "console/event.html", context | crumbs("log"))


@open_to("log", methods=("GET", "HEAD", "POST"))
def export(request: HttpRequest) -> HttpResponse:
    """Take lines of the log away as CSV, with a reason; the export is recorded before it is answered."""
    actor, asked, faults = actor_of(request), _asked(request.GET), []
    policy.require(actor, EXPORT_LOG)
    reason = request.POST.get("reason", "").strip()[:200]
    if request.method == "POST":
        try:
            found = services.export_log(by=actor, wanted=wanted_of(asked), reason=reason, before=cursor(request))
        except Invalid as refusal:
            faults = [sentence for _path, _code, sentence in refusal.errors]
        else:
            return _csv(found.lines, found.next)
    field = {"key": "reason", "label": _("Reason"), "widget": "textarea", "value": reason, "rows": 2, "errors": faults}
    page = {
        "title": "",
        "lead": _("At most 5,000 lines, newest first, as a table (CSV). The export itself is recorded."),
        "sections": [{"title": "", "fields": [field]}],
        "submit": {"label": _("Export")},
        "back": {"label": _("Go back, change nothing"), "url": reverse("console:log")},
    }
    context: dict[str, Any] = {"title": _("Export the log"), "part": "log", "page": page, "faulty": bool(faults)}
    return render(request, "console/form.html", context | crumbs("log"), status=422 if faults else 200)


COLUMNS = ("number", "event", "recorded_at", "effective_at", "type", "about", "about_number", "actor_number",
           "actor_kind", "actor", "reason", "imported", "sealed")  # fmt: skip


def _csv(lines: Iterable[Line], following: int | None) -> HttpResponse:
    """The lines as CSV that spreadsheets open without running anything; a cursor of what is left in a header."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow(map(_harmless, _cells(line)))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="log-{clock.local():%Y%m%d-%H%M%S}.csv"'
    if following is not None:
        response["X-Next-Before"] = str(following)
    return response


def _cells(line: Line) -> tuple[object, ...]:
    return (
        "" if line.leaf_index is None else line.leaf_index,
        f"e{line.event_id}",
        clock.local(line.recorded_at).isoformat(),
        clock.local(line.effective_at).isoformat(),
        line.type,
        line.subject[0],
        f"n{line.subject[1]}",
        "" if line.actor_id is None else f"n{line.actor_id}",
        line.actor_kind,
        line.actor,
        line.code or line.reason,
        int(line.imported),
        int(line.leaf_index is not None),
    )


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@open_to("proof")
def proof(request: HttpRequest) -> HttpResponse:
    """The last examinations and the newest signed heads."""
    before = cursor(request)
    shown = ledger.heads(before=before)
    heads = [
        (
            "",
            (head.size, clock.local(head.recorded_at).strftime("%Y-%m-%d %H:%M:%S"), bytes(head.root).hex()[:32] + "…"),
        )
        for head in shown
    ]
    examined = [
        ("", (clock.local(one.recorded_at).strftime("%Y-%m-%d %H:%M"), one.actor_name, *_outcome(one.payload or {})))
        for one in ledger.timeline(EXAMINATIONS, limit=10)
    ]
    newest = ledger.latest_head()
    context: dict[str, Any] = {
        "title": _("Proof of the log"),
        "part": "proof",
        "newest": newest,
        "keys": ledger.public_keys(),
    }
    columns = (_("Time"), _("Who"), _("Events read"), _("Outcome"))
    context["examined"] = table(_("Examinations"), columns, examined, _("Never examined from here."))
    sizes = (_("Size"), _("Time"), _("Root"))
    context["table"] = table(_("Signed heads"), sizes, heads, _("Nothing has been sealed yet."))
    context["next_url"] = next_address(request, shown[-1].size) if len(shown) == 20 else ""
    return render(request, "console/proof.html", context)


def _outcome(told: Any) -> tuple[object, dict[str, Any]]:
    faults = told.get("faults") or []
    if not faults:
        return told.get("events", 0), state(_("Whole and unchanged"), "jade")
    named = "；".join(str(LOG_FAULTS.get(code, code)) for code in dict.fromkeys(faults))
    return told.get("events", 0), state(named, "red")


@open_to("proof", methods=("POST",))
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole log now; the outcome is recorded and shown."""
    try:
        verdict = services.examine_log(by=actor_of(request))
    except Conflict as refusal:
        messages.info(request, str(refusal.message))
        return HttpResponseRedirect(reverse("console:proof"))
    if verdict.valid:
        told = {"events": verdict.events, "contents": verdict.contents}
        messages.success(request, _("%(events)d events and %(contents)d contents are whole and unchanged.") % told)
    else:
        messages.error(request, _("The log has been tampered with: %(count)d faults.") % {"count": len(verdict.faults)})
    return HttpResponseRedirect(reverse("console:proof"))


@open_to("proof")
def head(_request: HttpRequest) -> HttpResponse:
    """The newest signed head to keep outside: only a head kept outside shows a log written anew."""
    newest = found_or_404(ledger.latest_head())
    text = json.dumps(newest | {"public_keys": ledger.public_keys()}, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="head.json"'
    return response
