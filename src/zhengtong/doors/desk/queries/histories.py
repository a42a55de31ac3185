"""What happened to a case or an errand as officials read it: the law's events, their own acts, copies sent."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries.matters import Matter
from zhengtong.doors.desk.queries.saying import locale, named
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.registry import event_name
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.events import TYPE_PREFIX, Event
from zhengtong.matters.workflow.events import OWN_ACTS
from zhengtong.matters.workflow.queries.copies import copies_of

Row = dict[str, Any]
TRANSFERRED = "workflow.task_transferred"
DONE = "workflow.errand_task_done"


def events(subject: tuple[str, int], process_ids: Iterable[int]) -> list[Row]:
    """What happened, newest first; refused attempts, looks at personal data and acts on tasks stand among it."""
    found = [*ledger.timeline(subject), *ledger.timelines("process", process_ids, OWN_ACTS)]
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


def copies_sent(actor: Actor, matter: Matter) -> list[Row]:
    """The copies of a matter: by whom to whom, whether read; the actor's own can be taken back."""
    return [
        {
            "words": _("%(giver)s → %(taker)s") % {"giver": each.giver_name, "taker": each.name},
            "given_at": each.given_at,
            "read_at": each.read_at,
            "taken_back_at": each.taken_back_at,
            "take_back_url": matter.url("copy_take_back", each.id)
            if each.giver_id == actor.account_id and each.taken_back_at is None
            else "",
        }
        for each in copies_of(matter.kind, matter.id)
    ]


def _note(entry: Any) -> str:
    if entry.type in OWN_ACTS:
        told = entry.payload or {}
        given = (
            _("%(giver)s → %(taker)s") % {"giver": told.get("from", ""), "taker": told["to"]} if told.get("to") else ""
        )
        return ("：" if locale() != "en" else ": ").join(part for part in (given, entry.reason) if part)
    if entry.type == DONE:
        return _done(entry)
    return str(entry.reason) if entry.type in ("case.viewed", "workflow.errand_terminated") else ""


def _done(entry: Any) -> str:
    """Which step of an errand was done, what came of it, and what was said."""
    told = entry.payload or {}
    step = named(told.get("step", ""), told.get("step_en", ""))
    outcome = OUTCOMES.get(told.get("outcome", ""))
    came = str(outcome.label) if outcome else told.get("outcome", "")
    return " · ".join(part for part in (step, came, entry.reason) if part)


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
