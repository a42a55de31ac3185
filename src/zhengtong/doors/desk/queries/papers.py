"""Papers of a case, what happened to it and to others like it: letters, opinions, precedents, events."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries.saying import day_words, grouped, locale
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.registry import event_name
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import NoticeKind, Outcome
from zhengtong.matters.cases.events import TYPE_PREFIX, Event
from zhengtong.matters.cases.queries import precedents as like

Row = dict[str, Any]
TRANSFERRED = "workflow.task_transferred"
RECOMMENDED = {
    "approve": "propose_approve",
    "refuse": "propose_refuse",
    "send_back": "send_back",
    "checked": "checked",
}


def letters(case: Any) -> list[Row]:
    """The letters, newest first; one without a file is being drawn."""
    return [
        {
            "title": NoticeKind(each.kind).label,
            "number": each.number,
            "issued_on": each.issued_on,
            "url": reverse("desk:paper", args=[case.token, each.token]) if each.file_id else "",
        }
        for each in reversed(cases.notices_of(case))
    ]


def opinions(case: Any) -> list[Row]:
    """What officials found, newest first."""
    return [
        {
            "name": each.name,
            "given_at": each.given_at,
            "label": OUTCOMES[RECOMMENDED.get(each.recommendation, "send_back")].label,
            "text": each.text,
        }
        for each in reversed(cases.opinions_of(case))
    ]


def precedents(actor: Actor, case: Any) -> list[Row]:
    """How the last cases of the same item ended, those of the same situation first."""
    return [
        {
            "url": reverse("desk:case", args=[each.token]),
            "number": grouped(each.short_no),
            "applicant": each.applicant,
            "outcome": Outcome(each.outcome).label if each.outcome else "",
            "refused": each.outcome == Outcome.REFUSE,
            "alike": each.alike,
            "facts": _took(each),
            "reviewer": each.reviewer,
            "opinion": each.opinion,
        }
        for each in like.precedents(actor, case)
    ]


def _took(each: like.Precedent) -> str:
    facts = [_("decided %s") % day_words(each.decided_on)]
    if each.days is not None:
        words = ngettext("%(count)s working day", "%(count)s working days", each.days)
        facts.append(words % {"count": each.days} + ("" if each.kept else _(", over the promise")))
    return " · ".join(facts)


def events(case: Any) -> list[Row]:
    """What happened, newest first; refused attempts, looks at personal data and handing on stand among it."""
    inside = ledger.timeline(("process", case.process_id)) if case.process_id else ()
    found = [*ledger.timeline(("case", case.id)), *(entry for entry in inside if entry.type == TRANSFERRED)]
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


def _note(entry: Any) -> str:
    if entry.type == TRANSFERRED:
        told = entry.payload or {}
        given = _("%(giver)s → %(taker)s") % {"giver": told.get("from", ""), "taker": told.get("to", "")}
        return f"{given}：{entry.reason}" if locale() != "en" else f"{given}: {entry.reason}"
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
