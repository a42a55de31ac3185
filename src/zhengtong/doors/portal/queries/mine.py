"""One's own page: drafts, cases, messages, licences, and who asked for one's data."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.queries.progress import name_of
from zhengtong.foundation.core import clock
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.messages.registry import templates
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType, State
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences.choices import LicenceState
from zhengtong.records.exchange.registry import facts

FEW, PAGE = 5, 20
Shown = dict[str, Any]
LIGHTS = {
    "gold": (State.CORRECTION,),
    "azure": (State.SUBMITTED, State.RECEIVED, State.ACCEPTED, State.REVIEWING, State.SUSPENDED, State.DECIDING),
}


def mine(actor: Actor, locale: str) -> Shown:
    """The few newest of each."""
    drafts = _drafts(actor)
    return {
        "acting_for": actor.capacity or actor.name,
        "drafts": [draft_row(draft, locale) for draft in drafts[:FEW]],
        "more_drafts": len(drafts) > FEW,
        "cases": [case_row(case, locale) for case in _cases(actor)],
        "messages": message_rows(messages.visible_to(actor)[:FEW], locale),
        "licences": [licence_row(licence, locale) for licence in licences.wallet(actor)[:FEW]],
        "crumbs": home_crumbs(),
        "others": [
            *([{"label": _("Begun, not handed in"), "url": reverse("portal:drafts")}] if len(drafts) > 1 else []),
            {"label": _("My licences"), "url": reverse("portal:licences")},
            {"label": _("Messages"), "url": reverse("portal:messages")},
            {"label": _("All cases"), "url": reverse("portal:cases")},
        ],
    }


def _drafts(actor: Actor) -> list[Any]:
    """A correction first: it has a last day."""
    return sorted(cases.drafts_of(actor)[:PAGE], key=lambda draft: draft.case_id is None)


def _cases(actor: Actor) -> list[Any]:
    """Those that wait for the applicant first, however many came after them."""
    own = cases.own_cases(actor)
    waiting = list(own.filter(state=State.CORRECTION)[:FEW])
    return [*waiting, *(case for case in own[: 2 * FEW] if case not in waiting)][:FEW]


def wanted(rows: Any, show: str, number: str) -> Any:
    """Of one's cases those of a kind, and those whose number holds what was typed, its gaps left out."""
    if number:
        rows = rows.filter(short_no__contains="".join(number.split()))
    if show == "waiting":
        return rows.filter(state=State.CORRECTION)
    if show in ("running", "ended"):
        return rows.filter(closed_at__isnull=show == "running")
    return rows


def filters(show: str, number: str) -> list[Shown]:
    """The kinds of cases to choose from, the chosen one among them marked."""
    words = {"": _("All"), "waiting": _("Waiting for you"), "running": _("In hand"), "ended": _("Ended")}
    chosen = show if show in words else ""
    kept = {"number": number} if number else {}
    return [
        {
            "label": label,
            "url": f"{reverse('portal:cases')}?{urlencode({'show': kind} | kept)}",
            "current": kind == chosen,
        }
        for kind, label in words.items()
    ]


def draft_row(draft: Any, locale: str) -> Shown:
    """An application begun and not handed in."""
    spec = catalog.item_spec(draft.item_id)
    return {
        "name": spec.name_en if locale == "en" else spec.name,
        "at": draft.saved_at,
        "correcting": draft.case_id is not None,
        "url": reverse("portal:apply", args=[draft.token]),
        "discard_url": reverse("portal:discard", args=[draft.token]),
    }


def case_row(case: Any, locale: str) -> Shown:
    """A case in a list."""
    state = State(case.state)
    tag = next((name for name, states in LIGHTS.items() if state in states), "")
    if case.close_type == CloseType.APPROVED:
        tag = "jade"
    return {
        "name": name_of(case, locale),
        "number": case.short_no,
        "applicant": case.applicant_label,
        "at": case.submitted_at,
        "status": CloseType(case.close_type).label if case.close_type else state.label,
        "tag": tag,
        "due": case.promise_due if not case.closed_at else None,
        "url": reverse("portal:case", args=[case.token]),
    }


def message_rows(found: Iterable[Any], locale: str) -> list[Shown]:
    """Messages in the reader's language; one that can no longer be drawn shows its name."""
    rows = []
    for message in found:
        try:
            subject, text = templates.get(message.template).draw(locale, message.params)
        except (LookupError, KeyError):
            subject, text = message.template, ""
        rows.append(
            {
                "subject": subject,
                "text": text,
                "at": message.created_at,
                "unread": message.read_at is None,
                "address": message.address,
                "url": reverse("portal:message", args=[message.id]),
            }
        )
    return rows


def licence_row(licence: Any, locale: str) -> Shown:
    """A licence in a list."""
    state = licences.state_on(licence, clock.today())
    return {
        "name": (licence.name_en or licence.name) if locale == "en" else licence.name,
        "number": licence.number,
        "holder": licence.holder_name,
        "until": licence.valid_to,
        "state": "jade" if state is LicenceState.VALID else "red",
        "state_words": state.label,
        "url": reverse("portal:licence", args=[licence.token]),
    }


def asked_rows(found: Iterable[Any], locale: str) -> list[Shown]:
    """Questions to other authorities about somebody: which authority was asked, why, and what came back."""
    said = {"found": _("answered"), "absent": _("nothing known"), "unreachable": _("could not be reached")}
    return [
        {
            "what": _source(answer, locale),
            "at": answer.asked_at,
            "why": _("for your application"),
            "outcome": said.get(answer.status, ""),
        }
        for answer in found
    ]


def _source(answer: Any, locale: str) -> str:
    """The source as it was called when it was asked, in English as it is called now."""
    known = facts.all().get(answer.fact)
    return known.source_en if known is not None and locale == "en" else str(answer.source)


def older(rows: Any, before: str, size: int) -> tuple[list[Any], str]:
    """A page of rows by falling id, and the cursor of the next; a cursor that is none begins at the newest."""
    chosen = rows.filter(id__lt=int(before)) if before.isdecimal() and len(before) < 20 else rows
    found = list(chosen[: size + 1])
    return found[:size], str(found[size - 1].id) if len(found) > size else ""
