"""What a process may ask of a case: each action lets one event of the life cycle happen, with all it entails.

What an official entered for the step lies in `work.entry`; outcomes and flags alone go back into the process.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from zhengtong.engines import calendars
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.sequences import ask_number
from zhengtong.foundation.core.statements import Insert, Select
from zhengtong.matters.cases.choices import CloseResult, CloseType, NoticeKind, Outcome
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Decision, Delivery, Opinion, SpecialProcedure
from zhengtong.matters.cases.services.closing import close_case
from zhengtong.matters.cases.services.notices import Serial, ask_serial, issue_notice
from zhengtong.matters.cases.services.numbering import ask_exchange_number
from zhengtong.matters.cases.services.work import KIND, Work, take
from zhengtong.matters.catalog.packs.rules import letter_of, undecided
from zhengtong.matters.deadlines import services as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.workflow.registry import Call, action, subjects

ARTICLE_32 = "行政许可法 第32条"
ARTICLE_42 = "行政许可法 第42条"
ARTICLE_44 = "行政许可法 第44条"
ARTICLE_45 = "行政许可法 第45条"


def _work(call: Call) -> Work:
    return cast(Work, call.subject)


@action("cases.receive@1")
def receive(call: Call) -> None:
    """Take the application in: day of receipt, exchange number, receipt, and five working days to examine it."""
    work = _work(call)
    day = work.today if work.spec.instant else calendars.received_on(work.calendar, work.now)
    later = day > work.today
    case_no = ask_exchange_number(work.spec.implement_code, work.today)
    serial = ask_serial(work, NoticeKind.RECEIPT, day)
    work.change(received_on=day, case_no=case_no())
    work.happen(
        Event.RECEIVE,
        {"case_no": work.case.case_no, "received_on": day.isoformat()},
        effective_at=_opening(day) if later else None,
        reason="received outside working hours" if later else "",
    )
    dates = work.clocks.start(ClockName.CORRECTION_NOTICE, day, calendars.Limit(5), article=ARTICLE_32)
    work.urgency(dates)
    told = {"received_on": day.isoformat(), "notice_due": _iso(dates.due_on)}
    issue_notice(work, NoticeKind.RECEIPT, told, on=day, serial=serial)


def _opening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), clock.LOCAL_ZONE)


@action("cases.request_correction@1")
def request_correction(call: Call) -> None:
    """Ask once for everything that is missing (一次性告知, 行政许可法 第32条)."""
    work = _work(call)
    if work.case.correction_requested_at is not None:
        raise Conflict(
            "cases.second_correction",
            _("Correction was already requested once; everything had to be listed then (Article 32)."),
        )
    _taken_up(work)
    gaps = [str(gap).strip() for gap in work.entry.get("gaps", []) if str(gap).strip()]
    work.clocks.stop(ClockName.CORRECTION_NOTICE, work.today)
    dates = work.clocks.start(ClockName.CORRECTION_DUE, work.today, calendars.Limit(work.spec.correction_days))
    due = cast(dt.date, dates.due_on)
    work.change(correction_requested_at=work.now)
    work.happen(Event.REQUEST_CORRECTION, {"gaps": len(gaps), "due_on": due.isoformat()})
    listed = [{"text": gap} for gap in gaps]
    issue_notice(work, NoticeKind.CORRECTION, {"gaps": listed, "due_on": due.isoformat()})


@action("cases.resubmit@1")
def resubmit(call: Call) -> None:
    """The complete papers are in: the day of receipt is now that day (services.md §5.2)."""
    work = _work(call)
    day = calendars.received_on(work.calendar, work.now)
    work.change(received_on=day)
    work.happen(Event.RESUBMIT, {"received_on": day.isoformat(), "submission": work.entry.get("submission")})
    work.clocks.stop(ClockName.CORRECTION_DUE, work.today)
    work.settle()
    work.urgency(deadlines.restart_clock(subject=work.subject, name=ClockName.CORRECTION_NOTICE, start_on=day))


@action("cases.correction_timeout@1")
def correction_timeout(call: Call) -> None:
    """The applicant let the time for correction pass: the application is handed back."""
    work = _work(call)
    work.happen(Event.CORRECTION_TIMEOUT)
    close_case(work, CloseType.RETURNED, CloseResult.OTHER)


def _taken_up(work: Work) -> None:
    """An office that handles an application before the day it would count as received has received it today."""
    if work.case.received_on is not None and work.case.received_on > work.today:
        work.change(received_on=work.today)


@action("cases.accept@1")
def accept(call: Call) -> None:
    """Accept: the handling clocks start on this day (行政许可法 第32, 42条)."""
    work = _work(call)
    _taken_up(work)
    _accept(work, Event.ACCEPT, work.today)


@action("cases.deem_accepted@1")
def deem_accepted(call: Call) -> None:
    """Five working days passed without a word: accepted from the day of receipt (行政许可法 第32条)."""
    work = _work(call)
    _accept(work, Event.DEEM_ACCEPTED, cast(dt.date, work.case.received_on))


def _accept(work: Work, event: Event, day: dt.date) -> None:
    work.clocks.stop(ClockName.CORRECTION_NOTICE, work.today)
    promise = work.clocks.start(ClockName.PROMISE, day, work.spec.promise)
    article = ARTICLE_42 if work.spec.licence else ""
    legal = work.clocks.start(ClockName.LEGAL, day, work.spec.legal, article=article)
    work.change(accepted_on=day, promise_due=promise.due_on, legal_due=legal.due_on)
    work.urgency(promise)
    work.happen(
        event,
        {
            "accepted_on": day.isoformat(),
            "promise_due": _iso(promise.due_on),
            "legal_due": _iso(legal.due_on),
        },
        effective_at=_opening(day) if day != work.today else None,
        reason=f"deemed accepted ({ARTICLE_32})" if day != work.today else "",
    )
    issue_notice(
        work,
        NoticeKind.ACCEPTANCE,
        {
            "manner": "deemed" if event is Event.DEEM_ACCEPTED else "accepted",
            "promise_limit": _limit(work.spec.promise),
            "promise_due": _iso(promise.due_on),
            "legal_limit": _limit(work.spec.legal),
            "legal_due": _iso(legal.due_on),
        },
    )


def _limit(limit: calendars.Limit) -> dict[str, object]:
    return {"number": limit.number, "unit": limit.unit.value}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@action("cases.refuse_acceptance@1")
def refuse_acceptance(call: Call) -> None:
    """Do not accept: say why, and which organ is competent (行政许可法 第32条)."""
    work = _work(call)
    work.happen(Event.REFUSE_ACCEPTANCE, {"reason_code": work.entry["reason_code"]})
    issue_notice(
        work,
        NoticeKind.NON_ACCEPTANCE,
        {
            "reason_code": work.entry["reason_code"],
            "reason": work.entry["reasons"],
            "right_organ": work.entry.get("right_organ", ""),
            "remedies": dict(work.spec.remedies),
        },
    )
    close_case(work, CloseType.NOT_ACCEPTED, CloseResult.NOT_PASSED)


@action("cases.return@1")
def return_case(call: Call) -> None:
    """Hand the application back: a duplicate, or the wrong service was chosen."""
    work = _work(call)
    work.happen(Event.RETURN, {"reasons": str(work.entry["reasons"])[:200]})
    close_case(work, CloseType.RETURNED, CloseResult.OTHER)


@action("cases.suspend@1")
def suspend(call: Call) -> None:
    """Start a special procedure: both handling clocks stop, the applicant is told in writing (第45条)."""
    work = _work(call)
    kind, days = str(work.entry["procedure"]), int(work.entry["planned_days"])
    procedure = SpecialProcedure(
        id=new_id(),
        case_id=work.case.id,
        number=SpecialProcedure.objects.filter(case_id=work.case.id).count() + 1,
        kind=kind,
        planned_days=days,
        basis=str(work.entry.get("basis") or ARTICLE_45),
        approver_id=work.by.account_id,
        started_on=work.today,
    )
    procedure.save(force_insert=True)
    work.settle()
    deadlines.suspend_clocks(
        subject=work.subject,
        on=work.today,
        kind=kind,
        article=ARTICLE_45,
        planned_days=days,
        reason=procedure.get_kind_display(),
    )
    work.change(promise_due=None, legal_due=None)
    work.pause()
    work.happen(Event.SUSPEND, {"procedure": kind, "planned_days": days})
    planned = {"number": days, "unit": "working_day"}
    issue_notice(
        work,
        NoticeKind.SPECIAL_PROCEDURE,
        {"procedure": kind, "started_on": work.today.isoformat(), "planned": planned},
    )


@action("cases.resume@1")
def resume(call: Call) -> None:
    """End the special procedure: the clocks run again from the next day."""
    work = _work(call)
    procedure = SpecialProcedure.objects.filter(case_id=work.case.id, ended_on__isnull=True).latest("number")
    procedure.ended_on = work.today
    procedure.result = str(work.entry["result"])[:500]
    procedure.save(update_fields=["ended_on", "result"])
    work.settle()
    dates = deadlines.resume_clocks(subject=work.subject, on=work.today)
    promise, legal = dates[ClockName.PROMISE], dates[ClockName.LEGAL]
    work.change(promise_due=promise.due_on, legal_due=legal.due_on)
    work.urgency(promise)
    work.happen(
        Event.RESUME,
        {"procedure": procedure.kind, "promise_due": _iso(promise.due_on), "legal_due": _iso(legal.due_on)},
    )


@action("cases.site_check@1")
def site_check(call: Call) -> None:
    """Note what was found on the premises, and who went along: two officials or more (行政许可法 第34条)."""
    work = _work(call)
    went = "、".join(part.strip() for part in str(work.entry["companions"]).split("、") if part.strip())
    _opinion(work, "site_check", "checked", f"{str(work.entry['result']).strip()}\n同去核查：{went}")


@action("cases.propose@1")
def propose(call: Call) -> None:
    """Give an opinion; the decision is another person's (审核分离)."""
    work = _work(call)
    recommendation = "approve" if work.outcome == "propose_approve" else "refuse"
    _opinion(work, "review", recommendation, str(work.entry["opinion"]))
    work.change(reviewer_id=work.by.account_id)
    work.happen(Event.PROPOSE, {"recommendation": recommendation})


@action("cases.send_back@1")
def send_back(call: Call) -> None:
    """Back to review, with the reason."""
    work = _work(call)
    _opinion(work, "decide", "send_back", str(work.entry["reasons"]))
    work.happen(Event.SEND_BACK)


@action("cases.approve@1")
def approve(call: Call) -> None:
    """Approve: number and day of the decision; a licence is issued and served within ten working days (第44条)."""
    work = _work(call)
    reasons = str(work.entry.get("reasons") or work.spec.approval_reasons)
    told = _told(work, reasons)
    number, serial = _decide(work, Outcome.APPROVE, told.reasons, NoticeKind.APPROVAL)
    work.happen(Event.APPROVE, {"decision_no": number})
    said = dict(told.letter)
    if work.spec.licence:
        dates = work.clocks.start(ClockName.SERVE, work.today, calendars.Limit(10), article=ARTICLE_44)
        work.urgency(dates)
        said |= {"licence": work.spec.result_name, "licence_due": _iso(dates.due_on)}
    issue_notice(work, NoticeKind.APPROVAL, said, serial=serial)


@action("cases.refuse@1")
def refuse(call: Call) -> None:
    """Refuse: reasons and remedies are mandatory (行政许可法 第38条)."""
    work = _work(call)
    told = _told(work, str(work.entry.get("reasons") or "").strip())
    if not told.reasons or not work.spec.remedies:
        raise Invalid(
            "cases.refusal_without_reason",
            _("A refusal must state its reasons and the remedies (Article 38)."),
            [("reasons", "required", str(_("Write the reasons.")))],
        )
    number, serial = _decide(work, Outcome.REFUSE, told.reasons, NoticeKind.REFUSAL)
    work.happen(Event.REFUSE, {"decision_no": number})
    listed = told.letter.get("reasons") or _lines(told.reasons)
    said = {**told.letter, "reasons": listed, "remedies": dict(work.spec.remedies)}
    said.pop("content", None)
    issue_notice(work, NoticeKind.REFUSAL, said, serial=serial)


class Told(NamedTuple):
    """Why a case is decided so: as the decision keeps it, and what its letter says besides."""

    reasons: str
    letter: Mapping[str, Any]


def _told(work: Work, written: str) -> Told:
    """As the rules of this very step told it; else as the official wrote it.

    What an applicant's act has set to work is decided by the rules or by nobody.
    """
    if work.ruled is not None and not undecided(work.ruled.value):
        said = letter_of(work.ruled, work.spec.wordings)
        reasons = "\n".join(entry["text"] for entry in (*said["content"], *said["reasons"]))
        return Told(reasons, {**said, "by_rule": True, "remedies": dict(work.spec.remedies)})
    if work.official.kind == "system":
        raise Conflict("cases.nobody_decides", _("The rules have not decided this case, so an official must."))
    if work.spec.matter == "licence":
        return Told(written, {})
    part = "content" if work.spec.matter == "benefit" else "reasons"
    return Told(written, {part: _lines(written), "remedies": dict(work.spec.remedies)})


def _lines(text: str) -> list[dict[str, str]]:
    return [{"text": line} for line in text.splitlines() if line.strip()]


def _decide(work: Work, outcome: Outcome, reasons: str, paper: NoticeKind) -> tuple[str, Serial]:
    """Write the decision and stop the handling clocks; answers its number and the serial of the `paper` about it."""
    decider = work.official.account_id
    if work.case.reviewer_id is not None and work.case.reviewer_id == decider:
        raise NotAllowed("cases.same_person", _("Whoever reviewed a case may not decide it."))
    asked = ask_number(f"decision:{work.case.agency_id}:{work.today.year}")
    serial = ask_serial(work, paper, work.today)
    number = f"{work.spec.mark}决〔{work.today.year}〕{asked():04d}号"
    remedies, ruling_id = dict(work.spec.remedies), work.ruling_id
    row = (new_id(), work.case.id, number, outcome.value, reasons, remedies, work.today, decider or 0, ruling_id)
    work.rows.add(_decision, row)
    work.decided = (outcome.value, number)
    # The promise is met or missed with the decision: that day's light is the one the case keeps (services.md §4.5).
    # Whatever is decided on the day of its acceptance is in time, though a promise of one day starts out yellow.
    light = "green" if work.case.accepted_on == work.today else work.light()
    work.change(decided_on=work.today, decider_id=decider, light_at_close=light)
    for name in (ClockName.PROMISE, ClockName.LEGAL):
        work.clocks.stop(name, work.today)
    return number, serial


def _decided(work: Work) -> tuple[Outcome, str]:
    """Outcome and number of the case's decision, made in this step or before."""
    if work.decided is None:
        found = _decision_of.one((work.case.id,))
        if found is None:
            raise Conflict("cases.undecided", _("The case has not been decided yet."))
        work.decided = (str(found[0]), str(found[1]))
    return Outcome(work.decided[0]), work.decided[1]


def _opinion(work: Work, stage: str, recommendation: str, text: str) -> None:
    by = (work.by.account_id or 0, work.by.name)
    work.rows.add(_opinions, (new_id(), work.case.id, *by, stage, recommendation, text, work.now))


@action("cases.deliver@1")
def deliver(call: Call) -> None:
    """Serve the result: electronically into the applicant's account, with proof of delivery."""
    work = _work(call)
    mode = work.case.delivery_mode or "electronic"
    work.rows.add(_deliveries, (new_id(), work.case.id, mode, work.case.applicant_label, work.now))
    work.clocks.stop(ClockName.SERVE, work.today)
    work.happen(Event.DELIVER, {"mode": mode})
    outcome, number = _decided(work)
    issue_notice(
        work,
        NoticeKind.DELIVERY,
        {
            "document": str(outcome.label),
            "document_number": number,
            "recipient": work.case.applicant_label,
            "mode": mode,
            "delivered_on": work.today.isoformat(),
        },
    )


@action("cases.close@1")
def close(call: Call) -> None:
    """Close after delivery, with the light of the closing day; the applicant is invited to evaluate."""
    work = _work(call)
    approved = _decided(work)[0] is Outcome.APPROVE
    work.happen(Event.CLOSE)
    if approved:
        close_case(work, CloseType.APPROVED, CloseResult.PASSED)
    else:
        close_case(work, CloseType.REFUSED, CloseResult.NOT_PASSED)


_decision = Insert(
    Decision,
    *("id", "case_id", "number", "outcome", "reasons", "remedies", "decided_on", "decider_id", "ruling_id"),
)
_decision_of = Select(Decision, ("outcome", "number"), where=("case_id",))
_opinions = Insert(Opinion, "id", "case_id", "account_id", "name", "stage", "recommendation", "text", "given_at")
_deliveries = Insert(Delivery, "id", "case_id", "mode", "recipient", "delivered_at")

subjects.add(KIND, lambda case_id, by, now: take(case_id, by=by, now=now))
