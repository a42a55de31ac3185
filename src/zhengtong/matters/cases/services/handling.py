"""What officials do with a case by its law: act on it, extend it, terminate it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.cases.choices import CloseResult, CloseType, NoticeKind
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.registry import EXTEND, TERMINATE
from zhengtong.matters.cases.services.closing import close_case
from zhengtong.matters.cases.services.entries import check_entry
from zhengtong.matters.cases.services.manners import PROPOSED, begin_review
from zhengtong.matters.cases.services.notices import issue_notice
from zhengtong.matters.cases.services.opinions import discard_opinion_drafts, keep_opinion
from zhengtong.matters.cases.services.ruling import RECHECK, Facts, ask_facts_again
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.cases.services.work import KIND, Work, take, take_by_task
from zhengtong.matters.deadlines import services as deadlines
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import task as task_of_id
from zhengtong.matters.workflow.queries import wants_words
from zhengtong.matters.workflow.services.looking_back import ask_outcomes
from zhengtong.matters.workflow.services.manners import RecordedRefusals

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

Entry = Mapping[str, Any]
_DECIDING = ("approve", "refuse", "send_back")
PLAIN = ("done", "agree", "disagree")
"""Outcomes of steps that call no action, whose words are kept as they are said."""


def act(*, by: Actor, task_id: int, outcome: str, entry: Entry) -> int:
    """Complete a task with one of its outcomes; answers the case's id.

    `entry` holds what the outcome asks for (`services/entries.py`). Raises `Invalid` when it lacks something,
    `NotAllowed` when the actor may not (also when who reviewed would decide), `Conflict` when somebody was faster
    or the life cycle forbids it; what the law forbids is recorded although nothing was done.
    """
    facts = _asked_again(by, task_id) if outcome == RECHECK else None

    def job() -> int:
        given = ask_outcomes(task_id, by.account_id or 0) if outcome in _DECIDING else set
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        task = held.task
        held.require(by)
        if wants_words(task):
            raise Conflict("cases.opinion_asked", _("You were asked for an opinion; give it, and who asked decides."))
        work.entry, work.outcome, work.facts_anew = entry, outcome, facts
        check_entry(outcome, entry, work.spec)
        _forbid_second_correction(work)
        _forbid_same_person(work, given())
        begin_review(work, task)
        workflow.stand_in(by=by, task=task, now=work.now)
        work.told = False
        _keep_plain_words(work)
        workflow.complete_task(by=by, task=task, subject=work, data={"outcome": outcome}, now=work.now, held=held)
        _keep_what_was_said(work, task)
        discard_opinion_drafts(task_id=task_id)
        work.flush()
        return work.case.id

    about: list[int] = []
    with recorded_refusals(by, about):
        return write(job, pipelined=True)


def _asked_again(by: Actor, task_id: int) -> Facts:
    """What the rules need, asked anew for whoever may do the task; before the write."""
    task = task_of_id(task_id)
    workflow.require_task(by, task)
    case = Case.objects.get(id=task.subject_id)
    return ask_facts_again(by=by, case=case, rulebook=spec_of(case.item_id).rulebook)


def extend_case(*, by: Actor, case_id: int, reason: str) -> None:
    """Extend the statutory limit once, as head of the authority; the applicant is told why (行政许可法 第42条).

    What waits for the statutory last day waits for the new one. Lights are those of the promise, which stays
    (services.md §4.3, §4.5): no task in an inbox changes its colour or its place.
    """

    def job() -> None:
        work = take(case_id, by=by)
        require(by, EXTEND, work.case)
        if len(reason.strip()) < 5:
            raise _lacks("reason", _("Say why more time is needed; the applicant is told."))
        dates = deadlines.extend_clock(
            subject=work.subject, number=work.spec.extension_days, on=work.today, article="行政许可法 第42条"
        )
        work.change(legal_due=dates.due_on)
        due = dates.due_on.isoformat() if dates.due_on else None
        work.happen(Event.EXTEND, {"legal_due": due, "days": work.spec.extension_days})
        issue_notice(work, NoticeKind.EXTENSION, {"legal_due": due, "reason": reason})
        work.flush()
        if work.case.process_id is not None:
            workflow.follow_dates(process_id=work.case.process_id, subject=work)

    with recorded_refusals(by, case_id):
        write(job)


def terminate_case(*, by: Actor, case_id: int, reason: str) -> None:
    """Terminate: the holder died, the entity dissolved, the object is gone."""

    def job() -> None:
        work = take(case_id, by=by)
        require(by, TERMINATE, work.case)
        if len(reason.strip()) < 5:
            raise _lacks("reason", _("Say why the case is terminated."))
        work.happen(Event.TERMINATE, {"reason": reason})
        end_process(work, "terminated")
        close_case(work, CloseType.TERMINATED, CloseResult.OTHER)
        work.flush()

    with recorded_refusals(by, case_id):
        write(job)


def end_process(work: Work, reason: str) -> None:
    """Take the open tasks and timers of a case away, those of the processes that its messages began included."""
    process_id = work.case.process_id
    if process_id is not None:
        workflow.cancel(by=work.by, process_id=process_id, subject=work, reason=reason, now=work.now)
    workflow.cancel_beside(by=work.by, process_id=process_id, subject=work, reason=reason, now=work.now)


def recorded_refusals(by: Actor, about: int | list[int]) -> RecordedRefusals:
    """What is forbidden on a case is recorded although nothing was done.

    `about` is the case, or a list into which the job lays it once it knows it.
    """
    return RecordedRefusals(by, lambda: (KIND, about if isinstance(about, int) else about[-1]))


def _keep_plain_words(work: Work) -> None:
    """What is said at a plain step, whatever follows it."""
    words = str(work.entry.get("opinion") or "").strip() if work.outcome in PLAIN else ""
    if words:
        keep_opinion(work, "step", work.outcome, words)


def _keep_what_was_said(work: Work, task: "Task") -> None:
    """What is done for a colleague who waits for it (退回后直达), by one of several, or before another signs after it,
    calls no action: its words are kept here."""
    if not work.told:
        words = str(work.entry.get("opinion") or work.entry.get("reasons") or work.entry.get("result") or "")
        if words:
            keep_opinion(work, task.stage, work.outcome.removeprefix("propose_"), words)


def _forbid_same_person(work: Work, given: set[str]) -> None:
    """Whoever reviewed is whoever had the review in hand last, and whoever signed it too (加签, 会签)."""
    if work.outcome in _DECIDING and (work.case.reviewer_id == work.by.account_id or given & PROPOSED):
        raise NotAllowed("cases.same_person", _("Whoever reviewed a case may not decide it."))


def _forbid_second_correction(work: Work) -> None:
    if work.outcome == "request_correction" and work.case.correction_requested_at is not None:
        when = clock.local(work.case.correction_requested_at).date().isoformat()
        raise Conflict(
            "cases.second_correction",
            _("Correction was already requested on %s; everything had to be listed then (Article 32).") % when,
        )


def _lacks(path: str, sentence: object) -> Invalid:
    return Invalid("cases.entry", _("Please complete what is marked."), [(path, "required", str(sentence))])
