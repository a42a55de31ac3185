"""Whether the house is well, and trying again what is stuck."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhengtong.doors.console.queries.failing import why
from zhengtong.doors.console.views.gate import actor_of, found_or_404, open_to, paged, table
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.health import Level, findings
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger import services as ledger_services
from zhengtong.foundation.messages import queries as outgoing
from zhengtong.foundation.messages import services as outgoing_services
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow import services as workflow_services

PART = "health"
STATES = {Level.WELL: "passed", Level.SOON: "unknown", Level.ILL: "failed"}
LABELS = {Level.SOON: gettext_lazy("to be attended to")}
RETRIES: dict[str, Callable[..., int]] = {
    "messages": outgoing_services.retry_stuck,
    "timers": workflow_services.retry_timers,
    "deliveries": ledger_services.retry_abandoned,
}


@open_to(PART)
def health(request: HttpRequest) -> HttpResponse:
    """All findings, and what is stuck with its last error."""
    checks = [
        {"title": found.title, "words": found.words, "state": STATES[found.level], "label": LABELS.get(found.level, "")}
        for found in findings()
    ]
    stuck = [_messages(request), _timers(request), _deliveries()]
    context: dict[str, Any] = {
        "title": _("Health"),
        "part": PART,
        "checks": checks,
        "stuck": [one for one in stuck if one["rows"]],
    }
    return render(request, "console/health.html", context)


def _messages(request: HttpRequest) -> dict[str, Any]:
    found, following = paged(request, outgoing.stuck().select_related("message"), name="messages")
    rows = [
        ("", (row.message.template, row.get_state_display(), row.attempts, why(row.last_error), _when(row.due_at)))
        for row in found
    ]
    columns = (_("Message"), _("State"), _("Attempts"), _("Last error"), _("Next attempt"))
    drawn = table(_("Messages that are stuck"), columns, rows, "", following)
    return drawn | {"what": "messages", "retry": _("Send them again")}


def _timers(request: HttpRequest) -> dict[str, Any]:
    found, following = paged(request, workflow.stuck_timers(), name="timers")
    rows = [("", (row.element, str(row.pk), row.attempts, why(row.last_error), _when(row.due_at))) for row in found]
    columns = (_("Timer"), _("Number"), _("Attempts"), _("Last error"), _("Next attempt"))
    drawn = table(_("Timers that are stuck"), columns, rows, "", following)
    return drawn | {"what": "timers", "retry": _("Fire them again")}


def _deliveries() -> dict[str, Any]:
    abandoned = ledger.outbox().abandoned
    rows = [("", (_("Given up"), abandoned))] if abandoned else []
    drawn = table(_("Deliveries of events"), (_("State"), _("Number")), rows, "")
    return drawn | {"what": "deliveries", "retry": _("Bring them again")}


def _when(instant: Any) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")


@open_to(PART, methods=("POST",))
def retry(request: HttpRequest, what: str) -> HttpResponse:
    """Try again what is stuck of one kind; the background takes it up within seconds."""
    count = found_or_404(RETRIES.get(what))(by=actor_of(request))
    said = ngettext("%(count)d is tried again.", "%(count)d are tried again.", count) % {"count": count}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("console:health"))
