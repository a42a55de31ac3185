"""Processes that stand still: what failed, since when and how often; tried again, skipped, taken note of, or ended."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.forms import Field
from zhengtong.doors.console.queries import standing
from zhengtong.doors.console.queries.failing import why, why_of
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
from zhengtong.engines.bpmn import Wait
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import ProcessState, TroubleKind
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.progress import WAITS, drawing_of

PART = "stuck"


@open_to(PART)
def stuck(request: HttpRequest) -> HttpResponse:
    """What stands still, the newest first; open one to see where its process stands and to mend it."""
    found, following = paged(request, workflow.troubles_for(actor_of(request)).select_related("process"))
    names = workflow.definition_names({trouble.process.definition_id for trouble in found})
    lines = [
        (
            reverse("console:stuck_process", args=[trouble.process_id]),
            (
                names.get(trouble.process.definition_id, trouble.process_id),
                standing.where(trouble),
                trouble.get_kind_display(),
                why_of(trouble.kind, trouble.reason),
                _when(trouble.since),
                {"kind": "number", "value": trouble.attempts},
            ),
        )
        for trouble in found
    ]
    context: dict[str, Any] = {"title": _("Stuck processes"), "part": PART, "next_url": following}
    context["lead"] = _("What failed in the background is tried again by itself, later each time.")
    columns = (
        _("Process"),
        _("Where"),
        pgettext("of a failure", "What happened"),
        _("Reason"),
        _("Since"),
        _("Attempts"),
    )
    context["table"] = table(_("Stuck processes"), columns, lines, _("No process is stuck."))
    return render(request, "console/list.html", context)


@open_to(PART)
def process(request: HttpRequest, key: int) -> HttpResponse:
    """One process: what failed in it, where it stands, and what can be done."""
    actor = actor_of(request)
    row = found_or_404(workflow.process_for(actor, key))
    every = workflow.troubles_for(actor).filter(process_id=key).select_related("process")
    troubles, more_troubles = paged(request, every, name="failures")
    names = workflow.definition_names({row.definition_id})
    context: dict[str, Any] = {"title": names.get(row.definition_id, str(row.pk)), "part": PART}
    context["facts"] = facts_of(
        (_("Number"), row.pk),
        (_("About"), standing.about(row)),
        (_("State"), pgettext("process", "Suspended") if row.suspended else row.get_state_display()),
        (_("Error"), row.error),
    )
    if row.state == ProcessState.RUNNING and troubles:
        mending = [reverse("console:mend", args=[troubles[0].pk])] if len(troubles) == 1 else []
        context["actions"] = [
            *({"label": _("Retry or mend"), "url": address} for address in mending),
            {"label": _("End this process"), "url": reverse("console:end_stuck_process", args=[key]), "danger": True},
        ]
    context["tables"] = [_failures(troubles) | {"next_url": more_troubles}, _standing(request, row)]
    context["drawing"] = reverse("console:stuck_model", args=[key])
    context["steps"] = standing.steps(key, {trouble.element for trouble in troubles}, clock.now())
    return render(request, "console/process.html", context | crumbs(PART))


@open_to(PART)
def model(request: HttpRequest, key: int) -> HttpResponse:
    """The model by which a process runs, with its drawing."""
    row = found_or_404(workflow.process_for(actor_of(request), key))
    response = HttpResponse(drawing_of(row.definition_id), content_type="application/xml")
    response["Content-Disposition"] = 'attachment; filename="process.bpmn"'
    return response


def _failures(troubles: list[Any]) -> dict[str, Any]:
    columns = (
        _("Where"),
        pgettext("of a failure", "What happened"),
        _("Reason"),
        _("Since"),
        _("Last attempt"),
        _("Attempts"),
        _("Next"),
    )
    lines = [
        (
            reverse("console:mend", args=[trouble.pk]),
            (
                standing.where(trouble),
                state(trouble.get_kind_display(), "red"),
                why_of(trouble.kind, trouble.reason),
                _when(trouble.since),
                _when(trouble.last_at),
                {"kind": "number", "value": trouble.attempts},
                _when(trouble.due_at),
            ),
        )
        for trouble in troubles
    ]
    return table(_("What failed"), columns, lines, _("Nothing fails any more."))


def _when(instant: dt.datetime | None) -> dict[str, Any]:
    """A cell that also says the hour: attempts follow one another within minutes."""
    return {"kind": "number", "value": clock.local(instant).strftime("%Y-%m-%d %H:%M") if instant else "—"}


def _standing(request: HttpRequest, row: Any) -> dict[str, Any]:
    graph = graph_of(row.definition_id)
    found, following = paged(request, workflow.tokens_of(row.pk), name="places", oldest_first=True)
    lines = [
        ("", (standing.named(graph, token.element), WAITS.get(Wait(token.wait), token.wait), token.name, token.number))
        for token in found
    ]
    columns = (_("Where"), _("Waits for"), pgettext("of a thing", "Name"), _("Number"))
    return table(_("Where it stands"), columns, lines, _("It has ended."), following)


@open_to(PART, methods=BOTH)
def mend(request: HttpRequest, key: int) -> HttpResponse:
    """Try again, skip, go on elsewhere, or take note of one thing that failed."""
    actor = actor_of(request)
    trouble = found_or_404(workflow.troubles_for(actor).filter(pk=key).select_related("process").first())
    verbs = _verbs(trouble)
    chosen = request.POST.get("how", "")
    needed = chosen not in ("retry", "elsewhere")
    fields = (
        Field("how", pgettext("of a failure", "What to do"), "radios", options=verbs),
        replace(REASON, required=needed, help=_("Not needed to try again.") if len(verbs) > 1 else ""),
    )

    def do(how: str, reason: str | None) -> str:
        if how == "retry":
            _retry(actor, key)
            return _("It went well this time; the process goes on.")
        if how == "skip":
            services.skip(by=actor, trouble_id=key, reason=reason or "")
            return _("The step was skipped; the process goes on.")
        services.take_note(by=actor, trouble_id=key, reason=reason or "")
        return _("Taken note of.")

    facts = facts_of(
        (_("Where"), standing.where(trouble)),
        (pgettext("of a failure", "What happened"), trouble.get_kind_display()),
        (_("Reason"), why_of(trouble.kind, trouble.reason)),
        (_("Attempts"), trouble.attempts),
    )
    back = reverse("console:stuck_process", args=[trouble.process_id])
    title, sheet = _("Mend what is stuck"), sheet_for(request, fields, {"how": verbs[0][0]})
    if chosen == "elsewhere" and trouble.number:
        return HttpResponseRedirect(reverse("console:mend_elsewhere", args=[key]))
    return act(request, sheet, do, part=PART, title=title, submit=_("Do it"), back=back, facts=facts)


def _retry(actor: Actor, key: int) -> None:
    try:
        services.retry(by=actor, trouble_id=key)
    except Conflict as refusal:
        if refusal.code != "workflow.failed_again":
            raise
        sentence = _("It failed once more, and is tried again by itself later: %(reason)s")
        raise Conflict(refusal.code, sentence % {"reason": why(str(refusal.details["reason"]))}) from refusal


def _verbs(trouble: Any) -> list[tuple[str, str]]:
    kind = trouble.kind
    if kind in (TroubleKind.ESCALATION, TroubleKind.ERROR):
        return [("note", _("Take note of it"))]
    again = ("retry", _("Try again now"))
    skip = [("skip", _("Skip this step, as if it had been done"))] if kind == TroubleKind.ACTION else []
    return [again, *skip, ("elsewhere", _("Go on at another element (choose, look, then do it)"))]


@open_to(PART, methods=BOTH)
def end(request: HttpRequest, key: int) -> HttpResponse:
    """End a stuck process where it stands."""
    actor = actor_of(request)
    row = found_or_404(workflow.process_for(actor, key))

    def verb(reason: str) -> str:
        services.end_process(by=actor, process_id=key, reason=reason)
        return _("The process has ended.")

    facts = facts_of((_("Number"), row.pk), (_("About"), standing.about(row)))
    lead = _("Its open tasks and timers are taken away; the matter itself stays as it is.")
    back = reverse("console:stuck_process", args=[key])
    title, sheet = _("End this process"), sheet_for(request, (REASON,))
    return act(request, sheet, verb, part=PART, title=title, submit=_("End it"), back=back, facts=facts, lead=lead)
