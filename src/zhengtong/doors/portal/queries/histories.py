"""What happened to a case, newest first: offices instead of people, papers beside their event."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.portal.queries.following import Following, Shown, kind_words, when
from zhengtong.matters.cases.choices import ProcedureKind, State

PAPERS = {
    "receive": "receipt",
    "accept": "acceptance",
    "deem_accepted": "acceptance",
    "refuse_acceptance": "non_acceptance",
    "request_correction": "correction",
    "suspend": "special_procedure",
    "extend": "extension",
    "approve": "approval",
    "refuse": "refusal",
    "deliver": "delivery",
}
# What the applicant is told of; the rest (refused attempts, looks at his data, the office's own steps) is not for him.
TOLD = frozenset(
    {
        *("submit", "receive", "request_correction", "resubmit", "correction_timeout", "accept", "deem_accepted"),
        *("refuse_acceptance", "return", "suspend", "resume", "propose", "send_back", "approve", "refuse", "extend"),
        *("deliver", "withdraw", "terminate", "evaluated", "urged"),
    }
)


def history(seen: Following, *, public: bool) -> list[Shown]:
    """Newest first; offices instead of people, papers beside their event."""
    kept = [event for event in seen.events if event.type.startswith("case.") and event.type[5:] in TOLD]
    rows = [_event(seen, event, public=public) for event in kept]
    doing = {
        State.RECEIVED: _("Examination"),
        State.ACCEPTED: _("Review"),
        State.REVIEWING: _("Review"),
        State.DECIDING: _("Decision"),
        State.APPROVED: pgettext("flow", "Licence"),
    }
    if rows and seen.state in doing:
        rows.insert(
            0,
            {
                "title": doing[seen.state],
                "note": _("in hand"),
                "at": when(kept[0]),
                "state": "now",
                "office": seen.agency,
            },
        )
    return rows


def _event(seen: Following, event: Any, *, public: bool) -> Shown:
    name = event.type.partition(".")[2]
    title, note = _event_words(seen, name, event.payload or {})
    note = seen.counts_later(event) or note
    own = name in ("submit", "resubmit", "withdraw", "evaluated", "urged")
    words, url = _paper(seen, name) if not public else ("", "")
    return {
        "title": title,
        "note": note,
        "at": when(event),
        "state": "paused" if name == "suspend" else "done",
        "office": "" if own else seen.agency,
        "paper": words,
        "paper_url": url,
    }


def _paper(seen: Following, name: str) -> tuple[str, str]:
    """What can be read beside an event: the paper it brought, or what the applicant gave."""
    if name in ("submit", "resubmit"):
        return _("See the materials"), reverse("portal:given", args=[seen.case.token])
    paper = next((one for one in seen.papers if one.kind == PAPERS.get(name)), None)
    return (seen.title_of(paper), reverse("portal:paper", args=[seen.case.token, paper.token])) if paper else ("", "")


def _event_words(seen: Following, name: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    kind = kind_words(str(payload["procedure"])) if payload.get("procedure") in ProcedureKind.values else ""
    done = next((each for each in seen.procedures if each.result), None)
    words = {
        "submit": (_("You applied"), ""),
        "receive": (_("Received"), _("examined within 5 working days")),
        "request_correction": (_("Told at once what is missing"), ""),
        "resubmit": (_("You handed in the correction"), ""),
        "correction_timeout": (_("The time for correction ran out"), ""),
        "accept": (_("Accepted"), _("the clock starts")),
        "deem_accepted": (_("Accepted by law"), _("nobody answered within 5 working days")),
        "refuse_acceptance": (_("Not accepted"), ""),
        "return": (_("Handed back"), ""),
        "suspend": (kind or _("Special procedure"), _("the clock stands still")),
        "resume": (done.result if done else _("Special procedure ended"), _("the clock runs again")),
        "propose": (_("Review done"), ""),
        "send_back": (_("Back to review"), ""),
        "approve": (_("Approved") if seen.matter == "licence" else _("Granted"), ""),
        "refuse": (_("Refused") if seen.matter == "licence" else _("Not granted"), ""),
        "extend": (_("Time extended"), _("the notice says why")),
        "deliver": (_("Delivered"), ""),
        "redated": (_("The last day was counted anew"), _("by the yearly notice of days off")),
        "withdraw": (_("You withdrew the application"), ""),
        "terminate": (_("Ended"), ""),
        "evaluated": (_("You evaluated the handling"), ""),
        "urged": (_("You pressed for an answer"), _("whoever has it was told")),
    }
    return words[name]
