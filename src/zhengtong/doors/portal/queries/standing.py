"""Where a case stands: title and sentence, the flow of its steps, the panel with the days left."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhengtong.doors.portal.queries.following import HANDLING, OWN_CLOCK, Following, Shown, kind_words, when
from zhengtong.foundation.core import clock
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases.choices import CloseType, State
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName

Stop = tuple[str, dt.date | None, Sequence[State]]


def standing(seen: Following, *, public: bool = False) -> Shown:
    """Title and sentence of where it stands; why it ended is told to its applicant alone."""
    case, agency = seen.case, seen.agency
    if seen.state in (State.CLOSED, State.ARCHIVED):
        return _ended(seen, "" if public else seen.why_ended())
    tested = next((done for done in reversed(seen.procedures) if done.ended_on), None)
    running = next((now for now in seen.procedures if not now.ended_on), None)
    words: Mapping[State, tuple[str, str]] = {
        State.SUBMITTED: (_("Handed in"), _("%s takes it in next.") % agency),
        State.RECEIVED: (
            _("Handed in, being examined"),
            _("%s checks whether everything is there, and tells you all gaps at once.") % agency,
        ),
        State.CORRECTION: (
            _("Something is missing"),
            _("Correct what is listed. The authority's time is not counted meanwhile."),
        ),
        State.ACCEPTED: (_("Accepted, waiting for review"), _("%s reviews it next.") % agency),
        State.REVIEWING: (
            _("%s done, now under review") % kind_words(tested.kind) if tested else _("Under review"),
            _("%s checks the papers. The next step is the decision.") % agency,
        ),
        State.SUSPENDED: (
            _("%s under way, the clock stands still") % (kind_words(running.kind) if running else ""),
            _("Planned: %d working days. You were told in writing; the time does not count.")
            % (running.planned_days if running else 0),
        ),
        State.DECIDING: (
            _("Waiting for the decision"),
            _("The review is done; another person of %s decides.") % agency,
        ),
        State.APPROVED: (_("Approved"), _("Your licence is being made.") if seen.matter == "licence" else ""),
        State.REFUSED: (_("Refused"), _("The reasons, and what you can do, stand in the decision.")),
        State.DELIVERED: (_("Delivered"), _("The result has reached you.")),
    }
    title, said = words.get(seen.state, (seen.state.label, ""))
    if seen.state is State.RECEIVED:
        said = writing.sentences(said, seen.later(), language=seen.locale)
    return {"heading": title, "words": said, "number": case.short_no}


def _ended(seen: Following, why: str) -> Shown:
    case = seen.case
    told = _("Why: %s") % why if why else ""
    again = _("You can apply again at any time.")
    promise = seen.clocks.get(ClockName.PROMISE)
    used = ""
    if promise is not None and case.decided_on is not None:
        days = deadlines.engine_clock(promise, seen.pauses, seen.calendar).used(case.decided_on)
        used = (
            _("Decided on the same day.")
            if case.decided_on == case.accepted_on
            else ngettext("It took %d working day.", "It took %d working days.", days) % days
        )
    words = {
        CloseType.APPROVED: (
            _("Approved, your licence is ready") if seen.matter == "licence" else _("Granted"),
            used,
        ),
        CloseType.REFUSED: (
            _("Refused") if seen.matter == "licence" else _("Not granted"),
            _("The reasons, and what you can do, stand in the decision."),
        ),
        CloseType.NOT_ACCEPTED: (_("Not accepted"), _("The notice says why, and which authority is competent.")),
        CloseType.RETURNED: (_("Handed back"), writing.sentences(told, again, language=seen.locale)),
        CloseType.WITHDRAWN: (_("Withdrawn by you"), again),
        CloseType.TERMINATED: (_("Ended"), told),
    }
    title, said = words.get(CloseType(case.close_type), (State(case.state).label, "")) if case.close_type else ("", "")
    return {"heading": title, "words": said, "number": case.short_no}


def stops(seen: Following) -> list[Shown]:
    """提交 补正 受理 检测 审查 决定 发证: what did not happen does not stand there."""
    case = seen.case
    days = {event.type.partition(".")[2]: clock.local(when(event)).date() for event in reversed(seen.events)}
    stops: list[Stop] = [(pgettext("flow", "Submitted"), clock.local(case.submitted_at).date(), (State.SUBMITTED,))]
    if case.correction_requested_at is not None:
        stops.append((_("Correction"), days.get("resubmit"), (State.CORRECTION,)))
    if case.close_type in (CloseType.NOT_ACCEPTED, CloseType.RETURNED, CloseType.WITHDRAWN, CloseType.TERMINATED):
        if case.accepted_on:
            stops.append((_("Acceptance"), case.accepted_on, ()))
        stops.append(
            (str(CloseType(case.close_type).label), clock.local(case.closed_at).date() if case.closed_at else None, ())
        )
        return _drawn(stops, seen.state)
    stops.append((_("Acceptance"), case.accepted_on, (State.RECEIVED,)))
    stops += [(kind_words(each.kind), each.ended_on, (State.SUSPENDED,)) for each in seen.procedures]
    licensed = seen.matter == "licence" and case.close_type != CloseType.REFUSED
    issue = pgettext("flow", "Licence") if licensed else pgettext("flow", "Delivery")
    reviewed = days.get("propose") if seen.state not in HANDLING[:3] else None
    served = clock.local(case.closed_at).date() if case.closed_at else None
    if not seen.instant or reviewed or seen.state in HANDLING:
        stops.append((_("Review"), reviewed, (State.ACCEPTED, State.REVIEWING)))
    stops += [
        (_("Decision"), case.decided_on, (State.DECIDING,)),
        (issue, served, (State.APPROVED, State.REFUSED, State.DELIVERED)),
    ]
    return _drawn(stops, seen.state)


def _drawn(stops: Sequence[Stop], state: State) -> list[Shown]:
    drawn: list[Shown] = []
    for label, day, states in stops:
        if day is not None:
            drawn.append({"label": label, "state": "done", "date": day})
        elif state in states:
            drawn.append({"label": label, "state": "now", "note": _("in hand")})
        else:
            drawn.append({"label": label, "state": "next"})
    return drawn


def clock_panel(seen: Following, counting: Any) -> Shown | None:
    """The panel with the big number; absent once the case is done."""
    if counting is None or seen.state not in (*HANDLING, *OWN_CLOCK):
        return None
    today = clock.today()
    before = {
        State.RECEIVED: _("Until we tell you whether it is accepted"),
        State.CORRECTION: _("Time left to correct"),
        State.APPROVED: _("Until your licence is issued"),
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
            "last_day": _("The last day is known again when the %s ends")
            % (kind_words(seen.procedures[-1].kind).lower() if seen.procedures else _("procedure")),
            "legal": _("Administrative Licensing Law, article 45"),
            "state": "paused",
        }
    if left < 0 or today > counting.deadline:
        return {
            "before": _("Beyond the promised day"),
            "days": abs(left),
            "unit": unit,
            "last_day": _("It was to be done by %s") % seen.said(counting.deadline, "weekday"),
            "legal": note,
            "state": "over",
        }
    return {
        "before": before,
        "days": left,
        "unit": unit,
        "last_day": _last_day(seen) % seen.said(counting.deadline, "weekday"),
        "legal": note,
    }


def _last_day(seen: Following) -> str:
    return {
        State.RECEIVED: _("You are told by %s"),
        State.CORRECTION: _("Correct it by %s"),
        State.APPROVED: _("Issued by %s"),
    }.get(seen.state, _("Done by %s"))
