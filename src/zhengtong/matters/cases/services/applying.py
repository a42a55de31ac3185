"""What an applicant does with a running case: correct it, withdraw it, choose how to receive, evaluate."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import CloseResult, CloseType, State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Case, Draft, Evaluation, Submission
from zhengtong.matters.cases.queries import drafts_of, latest_submission
from zhengtong.matters.cases.rules import MOST_ROUNDS
from zhengtong.matters.cases.services.closing import close_case
from zhengtong.matters.cases.services.drafting import start_draft
from zhengtong.matters.cases.services.entries import too_long
from zhengtong.matters.cases.services.handling import end_process, recorded_refusals
from zhengtong.matters.cases.services.materials import Obtained, ask_files, gather
from zhengtong.matters.cases.services.ruling import Facts, HandedIn, materials_there
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.cases.services.submission import (
    Answers,
    checked_answers,
    facts_for,
    packed,
    store_submission,
)
from zhengtong.matters.cases.services.work import Work, take
from zhengtong.matters.workflow import services as workflow

CORRECTED = "correction.submitted"
LONGEST_REMARK = 1000


def submit_correction(
    *,
    by: Actor,
    case_id: int,
    answers: Answers,
    sources: Mapping[str, Any] | None = None,
    obtained: Mapping[str, Obtained] | None = None,
    facts: Facts | None = None,
) -> int:
    """Hand in the corrected papers; answers the number of the new submission. Earlier ones stay as they were.

    `facts` as for an application (`submit_application`).
    """
    spec = spec_of(own_case(by, case_id).item_id)
    clean = checked_answers(by, spec, answers)
    rows = gather(spec, clean, ask_files(by, spec, clean), obtained or {})
    if facts is None:
        facts = facts_for(by=by, item_id=spec.item_id, purpose=("case", case_id))
    papers, there = packed(clean, sources or {}, facts), materials_there(rows)

    def job() -> int:
        work = own_work(by, case_id)
        number = Submission.objects.filter(case_id=case_id).count() + 1
        work.entry, work.handed_in = {"submission": number}, HandedIn(number, clean, there, facts)
        if work.case.state != State.CORRECTION or work.case.process_id is None:
            raise Conflict("cases.no_correction", _("No correction is being waited for."))
        store_submission(work, number, papers, rows)
        workflow.deliver(by=by, process_id=work.case.process_id, message=CORRECTED, subject=work, data={}, now=work.now)
        work.flush()
        return number

    with recorded_refusals(by, case_id):
        return write(job)


def withdraw_case(*, by: Actor, case_id: int, reason: str = "") -> None:
    """Take the application back; only before a decision (services.md §5.2)."""

    def job() -> None:
        work = own_work(by, case_id)
        work.happen(Event.WITHDRAW, {"reason": reason})
        end_process(work, "withdrawn")
        close_case(work, CloseType.WITHDRAWN, CloseResult.OTHER)
        work.flush()

    with recorded_refusals(by, case_id):
        write(job)


def start_correction(*, by: Actor, case_id: int) -> Draft:
    """The draft in which a case is corrected: that already begun, or a new one with what was handed in before."""
    case = own_case(by, case_id)
    begun = drafts_of(by).filter(case_id=case_id).first()
    if begun is not None:
        return begun
    if case.state != State.CORRECTION:
        raise Conflict("cases.no_correction", _("No correction is being waited for."))
    before = latest_submission(case)
    return start_draft(by=by, item_id=case.item_id, answers=before.answers, sources=before.sources, case_id=case_id)


def choose_delivery(*, by: Actor, case_id: int, mode: str) -> None:
    """Choose how the result is to reach the applicant, among the item's ways, until it is on its way."""

    def job() -> None:
        work = own_work(by, case_id)
        if mode not in work.spec.delivery_modes:
            raise Invalid(
                "cases.delivery", _("Choose one of the ways offered."), [("mode", "required", str(_("Choose a way.")))]
            )
        if work.case.state in (State.DELIVERED, State.CLOSED, State.ARCHIVED):
            raise Conflict("cases.delivered", _("The result has been delivered already."))
        work.change(delivery_mode=mode)
        ledger.record(by=by, type="case.delivery_chosen", subject=work.subject, payload={"mode": mode})
        work.flush()

    with recorded_refusals(by, case_id):
        write(job)


def evaluate_case(*, by: Actor, case_id: int, grade: int, tags: tuple[str, ...] = (), remark: str = "") -> Evaluation:
    """Grade the handling, 1 to 5; unchangeable once given, one supplement allowed (services.md §7)."""
    if grade not in range(1, 6):
        raise Invalid(
            "cases.grade", _("Choose one of the five grades."), [("grade", "required", str(_("Choose a grade.")))]
        )

    if faults := too_long("remark", remark, LONGEST_REMARK):
        raise Invalid("cases.remark", _("Please complete what is marked."), faults)

    def job() -> Evaluation:
        work = own_work(by, case_id)
        if work.case.state not in (State.CLOSED, State.ARCHIVED):
            raise Conflict("cases.not_closed", _("A case can be evaluated once it is closed."))
        rounds = Evaluation.objects.filter(case_id=case_id).count()
        if rounds >= MOST_ROUNDS:
            raise Conflict("cases.evaluated", _("You have evaluated this case; an evaluation cannot be changed."))
        evaluation = Evaluation(
            id=new_id(),
            case_id=case_id,
            round=rounds + 1,
            grade=grade,
            tags=list(tags),
            remark=remark,
            given_at=work.now,
        )
        evaluation.save(force_insert=True)
        ledger.record(by=by, type="case.evaluated", subject=work.subject, payload={"grade": grade, "round": rounds + 1})
        return evaluation

    with recorded_refusals(by, case_id):
        return write(job)


def own_case(by: Actor, case_id: int) -> Case:
    """The actor's own case; what is another's looks absent."""
    case = Case.objects.filter(id=case_id).first()
    if case is None or not owns(by, case):
        raise NotFound("cases.unknown", _("There is no such case"))
    return case


def owns(by: Actor, case: Case) -> bool:
    """Whether the case is that of the one the actor acts for."""
    if case.applicant_kind == "organisation":
        return by.on_behalf_of == f"org:{case.applicant_organisation_id}"
    return by.principal == f"person:{case.applicant_person_id}"


def own_work(by: Actor, case_id: int) -> Work:
    """The actor's own case, taken for an act; what is another's looks absent."""
    work = take(case_id, by=by)
    if not owns(by, work.case):
        raise NotFound("cases.unknown", _("There is no such case"))
    return work
