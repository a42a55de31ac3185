"""A case as its applicant follows it: where it stands, what is asked, the clock day by day, what happened."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.portal.choices import DELIVERY_WORDS
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.queries.receipts import evidence
from zhengtong.doors.portal.queries.rulers import ruler
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType, ProcedureKind, State
from zhengtong.matters.cases.rules import allowed_events
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.licences import queries as licences
from zhengtong.people.identity import queries as identity

Shown = dict[str, Any]
HANDLING = (State.ACCEPTED, State.REVIEWING, State.SUSPENDED, State.DECIDING)
OWN_CLOCK = {State.RECEIVED: ClockName.CORRECTION_NOTICE, State.CORRECTION: ClockName.CORRECTION_DUE}
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
UNSEEN = ("case.start_review", "case.close", "case.archive", "case.delivery_chosen")


class Following:
    """Everything read once for a progress page; each part of the page is made from it."""

    def __init__(self, case: Any, locale: str) -> None:
        self.case, self.locale = case, locale
        self.state = State(case.state)
        self.english = locale == "en"
        self.subject = ("case", case.id)
        self.events = ledger.timeline(self.subject)
        self.papers = list(cases.notices_of(case))
        self.procedures = list(cases.procedures_of(case))
        self.clocks = deadlines.clocks_of(self.subject)
        self.pauses = list(deadlines.suspensions_of(self.subject))
        self.calendar = deadlines.calendar()
        agency = identity.organisation(case.agency_id)
        self.agency = agency.name if agency is not None else ""

    def counting(self) -> Any:
        """The clock that counts now, as the engine knows it; None before receipt or where none was started."""
        name = OWN_CLOCK.get(self.state, ClockName.PROMISE)
        row = self.clocks.get(name)
        return None if row is None else deadlines.engine_clock(row, self.pauses, self.calendar)

    def said(self, day: dt.date | None, style: str = "text") -> str:
        """A date in the reader's words."""
        if day is None:
            return "—"
        return writing.day(day, this_year=clock.today().year, language=self.locale, style=style)


def name_of(case: Any, locale: str) -> str:
    """What was applied for."""
    return (case.item_name_en or case.item_name) if locale == "en" else str(case.item_name)


def progress_page(case: Any, locale: str, *, public: bool = False) -> Shown:
    """The page; `public` leaves out what only the applicant may read and do."""
    seen = Following(case, locale)
    spec = catalog.item_spec(case.item_id)
    counting = seen.counting()
    page: Shown = {
        "case": case,
        "title": spec.say("item", locale) or name_of(case, locale),
        "short": name_of(case, locale),
        "crumbs": home_crumbs((_("My cases"), reverse("portal:mine"))),
        "status": seen.state.label,
        **_standing(seen),
        "stops": _stops(seen),
        "clock": _clock(seen, counting),
        "ruler": ruler(counting, seen, locale) if counting is not None else None,
        "public": public,
        "timeline": _timeline(seen, public=public),
    }
    if not public:
        page |= {
            "asked": _asked(seen),
            "evidence": evidence(seen.events, locale),
            "actions": _actions(seen),
            "licence": licences.of_case(case.id) if case.close_type == CloseType.APPROVED else None,
        }
    return page


def _standing(seen: Following) -> Shown:
    """Title and sentence of where it stands."""
    case, agency = seen.case, seen.agency
    if seen.state in (State.CLOSED, State.ARCHIVED):
        return _ended(seen)
    tested = next((done for done in reversed(seen.procedures) if done.ended_on), None)
    running = next((now for now in seen.procedures if not now.ended_on), None)
    words: Mapping[State, tuple[str, str]] = {
        State.SUBMITTED: (_("Handed in"), _("%s takes it in next.") % agency),
        State.RECEIVED: (_("Handed in, being examined"), _("%s checks whether everything is there, and tells you all gaps at once.") % agency),
        State.CORRECTION: (_("Something is missing"), _("Correct what is listed below; your time does not run out meanwhile.")),
        State.ACCEPTED: (_("Accepted, waiting for review"), _("%s reviews it next.") % agency),
        State.REVIEWING: (
            _("%s done, now under review") % _kind(tested.kind) if tested else _("Under review"),
            _("%s checks the papers. The next step is the decision.") % agency,
        ),
        State.SUSPENDED: (
            _("%s under way, the clock stands still") % (_kind(running.kind) if running else ""),
            _("Planned: %d working days. You were told in writing; the time does not count.") % (running.planned_days if running else 0),
        ),
        State.DECIDING: (_("Waiting for the decision"), _("The review is done; another person of %s decides.") % agency),
        State.APPROVED: (_("Approved"), _("Your licence is being made.")),
        State.REFUSED: (_("Refused"), _("The reasons, and what you can do, stand in the decision.")),
        State.DELIVERED: (_("Delivered"), _("The result has reached you.")),
    }
    title, said = words.get(seen.state, (seen.state.label, ""))
    return {"heading": title, "words": said, "number": case.short_no}


def _ended(seen: Following) -> Shown:
    case = seen.case
    promise = seen.clocks.get(ClockName.PROMISE)
    used = ""
    if promise is not None and case.decided_on is not None:
        days = deadlines.engine_clock(promise, seen.pauses, seen.calendar).used(case.decided_on)
        used = ngettext("It took %d working day.", "It took %d working days.", days) % days
    words = {
        CloseType.APPROVED: (_("Approved, your licence is ready"), used),
        CloseType.REFUSED: (_("Refused"), _("The reasons, and what you can do, stand in the decision.")),
        CloseType.NOT_ACCEPTED: (_("Not accepted"), _("The notice says why, and which authority is competent.")),
        CloseType.RETURNED: (_("Handed back"), _("You can apply again at any time; what you wrote is still known.")),
        CloseType.WITHDRAWN: (_("Withdrawn by you"), _("You can apply again at any time.")),
        CloseType.TERMINATED: (_("Ended"), _("The notice says why.")),
    }
    title, said = words.get(CloseType(case.close_type), (State(case.state).label, "")) if case.close_type else ("", "")
    return {"heading": title, "words": said, "number": case.short_no}


def _kind(kind: str) -> str:
    return str(ProcedureKind(kind).label)


def _stops(seen: Following) -> list[Shown]:
    """提交 补正 受理 检测 审查 决定 发证: what did not happen does not stand there."""
    case = seen.case
    days = {event.type.partition(".")[2]: clock.local(event.recorded_at).date() for event in reversed(seen.events)}
    stops = [(_("Submitted"), clock.local(case.submitted_at).date(), (State.SUBMITTED,))]
    if case.correction_requested_at is not None:
        stops.append((_("Correction"), days.get("resubmit"), (State.CORRECTION,)))
    if case.close_type in (CloseType.NOT_ACCEPTED, CloseType.RETURNED, CloseType.WITHDRAWN, CloseType.TERMINATED):
        if case.accepted_on:
            stops.append((_("Acceptance"), case.accepted_on, ()))
        stops.append((str(CloseType(case.close_type).label), clock.local(case.closed_at).date() if case.closed_at else None, ()))
        return _drawn(stops, seen.state)
    stops.append((_("Acceptance"), case.accepted_on, (State.RECEIVED,)))
    stops += [(_kind(each.kind), each.ended_on, (State.SUSPENDED,)) for each in seen.procedures]
    issue = _("Licence") if case.close_type != CloseType.REFUSED else _("Delivery")
    served = clock.local(case.closed_at).date() if case.closed_at else None
    stops += [
        (_("Review"), days.get("propose") if seen.state not in HANDLING[:3] else None, (State.ACCEPTED, State.REVIEWING)),
        (_("Decision"), case.decided_on, (State.DECIDING,)),
        (issue, served, (State.APPROVED, State.REFUSED, State.DELIVERED)),
    ]
    return _drawn(stops, seen.state)


def _drawn(stops: Sequence[tuple[str, dt.date | None, Sequence[State]]], state: State) -> list[Shown]:
    drawn: list[Shown] = []
    for label, day, states in stops:
        if day is not None:
            drawn.append({"label": label, "state": "done", "date": day})
        elif state in states:
            drawn.append({"label": label, "state": "now", "note": _("in hand")})
        else:
            drawn.append({"label": label, "state": "next"})
    return drawn


def _clock(seen: Following, counting: Any) -> Shown | None:
    """The panel with the big number; absent once the case is done."""
    if counting is None or seen.state not in (*HANDLING, State.RECEIVED, State.CORRECTION):
        return None
    today = clock.today()
    before = {
        State.RECEIVED: _("Until we tell you whether it is accepted"),
        State.CORRECTION: _("Time left to correct"),
    }.get(seen.state, _("Until the promised day"))
    legal = seen.case.legal_due
    note = _("Legal last day %s. Overdue cases are reported.") % seen.said(legal) if legal else ""
    left = counting.remaining(today)
    unit = ngettext("working day", "working days", abs(left))
    if counting.deadline is None:
        return {
            "before": _("The clock stands still. Left after it:"),
            "days": left,
            "unit": unit,
            "last_day": _("The last day is known again when the %s ends") % (_kind(seen.procedures[-1].kind) if seen.procedures else _("procedure")),
            "legal": _("Administrative Licensing Law, article 45"),
            "state": "paused",
        }
    if left < 0 or today > counting.deadline:
        return {"before": _("Beyond the promised day"), "days": abs(left), "unit": unit, "last_day": _("It was to be done by %s") % seen.said(counting.deadline, "weekday"), "legal": note, "state": "over"}
    return {"before": before, "days": left, "unit": unit, "last_day": _("By %s") % seen.said(counting.deadline, "weekday"), "legal": note}


def _asked(seen: Following) -> list[Shown]:
    """What is needed from the applicant now, most urgent first."""
    token, asked = seen.case.token, []
    if seen.state is State.CORRECTION:
        due = seen.clocks.get(ClockName.CORRECTION_DUE)
        notice = next((paper for paper in reversed(seen.papers) if paper.kind == "correction"), None)
        gaps = [gap["text"] for gap in notice.data.get("gaps", ())] if notice else []
        until = seen.said(due.due_on if due else None, "weekday")
        asked.append(
            {
                "title": ngettext("Correct %d thing", "Correct %d things", len(gaps)) % len(gaps),
                "words": _("By %s. If nothing comes, the application is handed back.") % until,
                "list": gaps,
                "url": reverse("portal:correct", args=[token]),
                "link": _("Correct now"),
                "post": True,
            }
        )
    if seen.state in HANDLING and not seen.case.delivery_mode:
        asked.append(
            {
                "title": _("Choose how to get your licence"),
                "words": _("Choose before the decision. If you do not, the electronic licence goes to your wallet."),
                "url": reverse("portal:delivery", args=[token]),
                "link": _("Choose"),
            }
        )
    if seen.state in (State.CLOSED, State.ARCHIVED) and not cases.evaluations_of(seen.case).exists():
        asked.append(
            {
                "title": _("How did we do?"),
                "words": _("One minute, five grades. What you say cannot be changed by anybody."),
                "url": reverse("portal:evaluate", args=[token]),
                "link": _("Evaluate"),
            }
        )
    return asked


def _timeline(seen: Following, *, public: bool) -> list[Shown]:
    """Newest first; offices instead of people, papers beside their event."""
    kept = [event for event in seen.events if event.type not in UNSEEN and event.type.startswith("case.")]
    rows = [_event(seen, event, public=public) for event in kept]
    if rows and seen.state in (State.REVIEWING, State.DECIDING, State.RECEIVED, State.ACCEPTED):
        doing = {State.REVIEWING: _("Review"), State.DECIDING: _("Decision"), State.RECEIVED: _("Examination"), State.ACCEPTED: _("Review")}
        rows.insert(0, {"title": doing[seen.state], "note": _("in hand"), "at": kept[0].recorded_at, "state": "now", "office": seen.agency})
    return rows


def _event(seen: Following, event: Any, *, public: bool) -> Shown:
    name = event.type.partition(".")[2]
    title, note = _event_words(seen, name, event.payload or {})
    paper = next((one for one in seen.papers if one.kind == PAPERS.get(name)), None)
    own = name in ("submit", "resubmit", "withdraw", "evaluated")
    return {
        "title": title,
        "note": note,
        "at": event.effective_at if event.imported else event.recorded_at,
        "state": "paused" if name == "suspend" else "done",
        "office": "" if own else seen.agency,
        "paper": paper.get_kind_display() if paper and not public else "",
        "paper_url": reverse("portal:paper", args=[seen.case.token, paper.token]) if paper and not public else "",
    }


def _event_words(seen: Following, name: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    kind = _kind(str(payload["procedure"])) if payload.get("procedure") in ProcedureKind.values else ""
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
        "approve": (_("Approved"), ""),
        "refuse": (_("Refused"), ""),
        "extend": (_("Time extended"), _("the notice says why")),
        "deliver": (_("Delivered"), ""),
        "withdraw": (_("You withdrew the application"), ""),
        "terminate": (_("Ended"), ""),
        "evaluated": (_("You evaluated the handling"), ""),
    }
    return words.get(name, (name, ""))


def _actions(seen: Following) -> list[Shown]:
    token, actions = seen.case.token, []
    if "withdraw" in allowed_events(seen.case.state):
        actions.append({"label": _("Withdraw the application"), "url": reverse("portal:withdraw", args=[token])})
    actions.append({"label": _("Complain: call 12345"), "url": "tel:12345"})
    return actions


def delivery_options(case: Any, locale: str) -> list[Shown]:
    """The ways in which the result may reach the applicant."""
    modes = catalog.item_spec(case.item_id).stated.get("delivery_modes") or ("electronic",)
    return [
        {"value": mode, "label": DELIVERY_WORDS[mode][0], "hint": DELIVERY_WORDS[mode][1]} for mode in modes if mode in DELIVERY_WORDS
    ]
