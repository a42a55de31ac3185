"""A case is decided, served and closed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from zhengtong.engines import calendars
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.sequences import ask_number
from zhengtong.foundation.core.statements import Insert, Select
from zhengtong.foundation.policy import require
from zhengtong.matters.cases.actions.sharing import (
    ARTICLE_44,
    iso,
    reasons_of,
    work_of,
)
from zhengtong.matters.cases.choices import CloseResult, CloseType, NoticeKind, Outcome
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Decision, Delivery
from zhengtong.matters.cases.registry import TERMINATE
from zhengtong.matters.cases.services.closing import close_case
from zhengtong.matters.cases.services.handling import PLAIN
from zhengtong.matters.cases.services.notices import Serial, ask_serial, issue_notice
from zhengtong.matters.cases.services.work import Work
from zhengtong.matters.catalog.packs.rules import letter_of, undecided
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.registry import Call, action


@action("cases.approve@1")
def approve(call: Call) -> None:
    """Approve: number and day of the decision; a licence is issued and served within ten working days (第44条)."""
    work = work_of(call)
    reasons = str(work.entry.get("reasons") or work.spec.approval_reasons)
    told = _told(work, reasons)
    number, serial = _decide(work, Outcome.APPROVE, told.reasons, NoticeKind.APPROVAL)
    work.happen(Event.APPROVE, {"decision_no": number})
    said = dict(told.letter)
    if work.spec.licence:
        dates = work.clocks.start(ClockName.SERVE, work.today, calendars.Limit(10), article=ARTICLE_44)
        work.urgency(dates)
        said |= {"licence": work.spec.result_name, "licence_due": iso(dates.due_on)}
    issue_notice(work, NoticeKind.APPROVAL, said, serial=serial)


@action("cases.refuse@1")
def refuse(call: Call) -> None:
    """Refuse: reasons and remedies are mandatory (行政许可法 第38条)."""
    work = work_of(call)
    told = _told(work, reasons_of(work))
    if not told.reasons or not work.spec.remedies:
        raise Invalid(
            "cases.refusal_without_reason",
            _("A refusal must state its reasons and the remedies (Article 38)."),
            [("opinion" if work.outcome in PLAIN else "reasons", "required", str(_("Write the reasons.")))],
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


@action("cases.deliver@1")
def deliver(call: Call) -> None:
    """Serve the result: electronically into the applicant's account, with proof of delivery."""
    work = work_of(call)
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
    work = work_of(call)
    approved = _decided(work)[0] is Outcome.APPROVE
    work.happen(Event.CLOSE)
    if approved:
        close_case(work, CloseType.APPROVED, CloseResult.PASSED)
    else:
        close_case(work, CloseType.REFUSED, CloseResult.NOT_PASSED)


LEAST_REASON = 5


@action("cases.terminate@1")
def terminate(call: Call) -> None:
    """Terminate with the reason that was given; whoever acts must be permitted to terminate cases."""
    work = work_of(call)
    require(work.official, TERMINATE, work.case)
    reason = reasons_of(work)
    if len(reason) < LEAST_REASON:
        sentence = _("Say why the case is terminated.")
        raise Invalid("cases.entry", _("Please complete what is marked."), [("opinion", "required", str(sentence))])
    work.happen(Event.TERMINATE, {"reason": reason})
    workflow.cancel_beside(by=work.by, process_id=call.process_id, subject=work, reason="terminated", now=work.now)
    close_case(work, CloseType.TERMINATED, CloseResult.OTHER)


_decision = Insert(
    Decision,
    *("id", "case_id", "number", "outcome", "reasons", "remedies", "decided_on", "decider_id", "ruling_id"),
)
_decision_of = Select(Decision, ("outcome", "number"), where=("case_id",))
_deliveries = Insert(Delivery, "id", "case_id", "mode", "recipient", "delivered_at")
