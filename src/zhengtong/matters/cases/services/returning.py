"""退回, 挂起 and 恢复 of a case: what its process may do, held against the law's state machine."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.cases import rules
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.registry import HALT
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.opinions import discard_opinion_drafts, keep_opinion
from zhengtong.matters.cases.services.work import Work, take, take_by_task
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.services.looking_back import stage_of


def send_back_task(*, by: Actor, task_id: int, to: str, reason: str, direct: bool = False) -> None:
    """Send a case's open task back to an activity done before; with `direct` it comes straight back afterwards.

    The state of the case goes along, as far as the law knows a way back (`rules.back_to`): what was accepted stays
    accepted, what was decided is decided. Raises as `workflow.send_back`, and Conflict where the law forbids it.
    """

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        workflow.require_task(by, held.task)
        workflow.stand_in(by=by, task=held.task, now=work.now)
        stage = held.task.stage
        if not direct:
            _go_back(work, stage_of(held.task, to))
            discard_opinion_drafts(task_id=task_id)
        workflow.send_back(by=by, task=held.task, to=to, reason=reason, subject=work, now=work.now, direct=direct)
        keep_opinion(work, stage, "send_back", reason.strip())
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def _go_back(work: Work, stage: str) -> None:
    allowed, event = rules.back_to(work.case.state, stage)
    if not allowed:
        sentence = _("While the case is in the state “%(state)s” the law knows no way back there.")
        raise Conflict("cases.no_way_back", sentence % {"state": State(work.case.state).label}, state=work.case.state)
    if event is not None:
        work.happen(event)


def halt_case(*, by: Actor, case_id: int, reason: str) -> None:
    """Have nothing be done on a case until it goes on (挂起); its clocks run on, for only the law stops them.

    Raises NotAllowed, Invalid (no reason), Conflict (nothing runs), EngineError (halted already).
    """

    def job() -> None:
        work = take(case_id, by=by)
        require(by, HALT, work.case)
        workflow.require_reason(reason, _("Say why nothing is to be done meanwhile, in 2 to 500 characters."))
        process_id = running_process(work)
        workflow.suspend(by=by, process_id=process_id, subject=work, reason=reason.strip(), now=work.now)
        _record(by, "workflow.process_suspended", process_id, reason.strip())

    with recorded_refusals(by, case_id):
        write(job)


def continue_case(*, by: Actor, case_id: int) -> None:
    """Have a halted case go on (恢复). Raises NotAllowed, Conflict (nothing runs), EngineError (not halted)."""

    def job() -> None:
        work = take(case_id, by=by)
        require(by, HALT, work.case)
        process_id = running_process(work)
        workflow.resume(by=by, process_id=process_id, subject=work, now=work.now)
        _record(by, "workflow.process_resumed", process_id, "")

    with recorded_refusals(by, case_id):
        write(job)


def running_process(work: Work) -> int:
    """The process of a case that is not closed; Conflict for a closed one."""
    if work.case.process_id is None or work.case.closed_at is not None:
        raise Conflict("cases.over", _("This case is closed; nothing of it runs."))
    return work.case.process_id


def _record(by: Actor, kind: str, process_id: int, reason: str) -> None:
    ledger.record(by=by, type=kind, subject=("process", process_id), payload={"from": by.name}, reason=reason)
