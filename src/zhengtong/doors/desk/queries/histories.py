"""What happened to a case as officials read it: the law's events, their own acts on its tasks, copies sent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.saying import locale
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.registry import event_name
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.events import TYPE_PREFIX, Event
from zhengtong.matters.workflow.queries.copies import copies_of

Row = dict[str, Any]
TRANSFERRED, URGED = "workflow.task_transferred", "workflow.task_urged"
STOOD_IN = "workflow.task_stood_in"
APPROVAL = (
    *("workflow.task_sent_back", "workflow.signers_added", "workflow.task_delegated", "workflow.asked_answered"),
    *("workflow.signers_named", "workflow.signers_joined", "workflow.signer_removed", "workflow.act_withdrawn"),
    *("workflow.process_suspended", "workflow.process_resumed"),
    *("workflow.activity_started", "workflow.activities_ended"),
)
OWN_ACTS = frozenset({TRANSFERRED, URGED, STOOD_IN, *APPROVAL})
"""What officials do with tasks among themselves: on the process, where its applicant does not read it."""


def events(case: Any) -> list[Row]:
    """What happened, newest first; refused attempts, looks at personal data and acts on tasks stand among it."""
    inside = ledger.timeline(("process", case.process_id)) if case.process_id else ()
    found = [*ledger.timeline(("case", case.id)), *(entry for entry in inside if entry.type in OWN_ACTS)]
    return [
        {
            "title": _title(entry.type),
            "note": _note(entry),
            "at": entry.effective_at if entry.imported else entry.recorded_at,
            "office": entry.actor_name,
            "state": _state(entry.type, first=place == 0),
        }
        for place, entry in enumerate(sorted(found, key=lambda entry: entry.event_id, reverse=True))
    ]


def copies_sent(actor: Actor, case: Any) -> list[Row]:
    """The copies of a case: by whom to whom, whether read; the actor's own can be taken back."""
    return [
        {
            "words": _("%(giver)s → %(taker)s") % {"giver": each.giver_name, "taker": each.name},
            "given_at": each.given_at,
            "read_at": each.read_at,
            "taken_back_at": each.taken_back_at,
            "take_back_url": reverse("desk:copy_take_back", args=[case.token, each.id])
            if each.giver_id == actor.account_id and each.taken_back_at is None
            else "",
        }
        for each in copies_of("case", case.id)
    ]


def _note(entry: Any) -> str:
    if entry.type in OWN_ACTS:
        told = entry.payload or {}
        given = (
            _("%(giver)s → %(taker)s") % {"giver": told.get("from", ""), "taker": told["to"]} if told.get("to") else ""
        )
        return ("：" if locale() != "en" else ": ").join(part for part in (given, entry.reason) if part)
    return str(entry.reason) if entry.type == "case.viewed" else ""


def _title(kind: str) -> object:
    name = kind.removeprefix(TYPE_PREFIX)
    if name in Event.values:
        return Event(name).label
    if kind == TRANSFERRED:
        return _("Handed on to a colleague")
    if kind.endswith(".refused"):
        return _("An act was refused")
    known = {"viewed": _("Personal data were shown"), "evaluated": _("The applicant evaluated")}
    return known.get(name) or event_name(kind)


def _state(kind: str, *, first: bool) -> str:
    if kind == "case.suspend":
        return "paused"
    return "now" if first else "done"
