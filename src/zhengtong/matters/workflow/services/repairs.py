"""Mending what is stuck: try again, skip with a reason, take note, or end the process; each act is kept in the ledger.

The step itself is the system's: whoever mends a process does not do the work of its officials.
"""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import events as on
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM, Actor, require
from zhengtong.matters.workflow.choices import MessageKind, ProcessState, TroubleKind
from zhengtong.matters.workflow.models import Message, Process, Timer, Token, Trouble
from zhengtong.matters.workflow.queries import in_trouble, stuck_timers
from zhengtong.matters.workflow.registry import REPAIR, Subject, subjects
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.delivering import deliver_message
from zhengtong.matters.workflow.services.processes import cancel, fire
from zhengtong.matters.workflow.services.stepping import Stalls, advance, in_background, kind_of, run_of
from zhengtong.matters.workflow.services.troubles import check_reason, later, note_trouble


def retry_timers(*, by: Actor) -> int:
    """Fire the timers that failed as soon as may be; answers how many. Raises NotAllowed."""
    require(by, REPAIR)

    def job() -> int:
        rows = list(stuck_timers())
        Timer.objects.filter(id__in=[row.id for row in rows]).update(due_at=clock.now())
        for row in rows:
            payload = {"element": row.element, "attempts": row.attempts}
            ledger.record(by=by, type="workflow.timer_retried", subject=("process", row.process_id), payload=payload)
        return len(rows)

    return write(job)


def retry_action(*, trouble_id: int) -> bool:
    """Ask once more, in the background, for an action that failed; answers whether it was done now."""
    return _tried_again(trouble_id, lambda trouble, now: settle_trouble(trouble, SYSTEM, "passed", now)) is None


def retry(*, by: Actor, trouble_id: int) -> None:
    """Try at once what failed.

    Raises NotAllowed, NotFound (it is over meanwhile), Conflict where it cannot be tried or failed once more; then
    the attempt is counted and the reason renewed.
    """
    require(by, REPAIR)

    def settle(trouble: Trouble, now: dt.datetime) -> None:
        settle_trouble(trouble, by, "retried", now)
        _record(by, trouble.process_id, "workflow.retried", trouble)

    failed = _tried_again(trouble_id, settle)
    if failed is not None:
        sentence = _("It failed once more: %(reason)s. It is tried again by itself later.")
        raise Conflict("workflow.failed_again", sentence % {"reason": failed}, reason=failed)


def skip(*, by: Actor, trouble_id: int, reason: str) -> None:
    """Go on from an action as if it had been done, bringing nothing.

    Raises NotAllowed, Invalid (no reason), NotFound, Conflict (it is no action, or the process cannot go on so). An
    action behind it that fails is as stuck as one that fails in the background.
    """
    require(by, REPAIR)
    check_reason(reason)

    def job(stalls: Stalls) -> None:
        now = clock.now()
        trouble = open_trouble(trouble_id)
        if trouble.kind != TroubleKind.ACTION:
            raise Conflict("workflow.not_skippable", _("Only an action can be skipped."))
        _record(by, trouble.process_id, "workflow.skipped", trouble, reason)
        settle_trouble(trouble, by, "skipped", now)
        subject = subject_of(trouble.process, now)
        run = run_of(rows.take(trouble.process_id), subject, SYSTEM, now, stalls)
        advance(run, on.ActionDone(trouble.number))

    in_background(job)


def take_note(*, by: Actor, trouble_id: int, reason: str) -> None:
    """Close what needs no step of the process: an escalation that was seen to, an error that ended it.

    Raises NotAllowed, Invalid (no reason), NotFound, Conflict (it stands still and needs mending).
    """
    require(by, REPAIR)
    check_reason(reason)

    def job() -> None:
        trouble = open_trouble(trouble_id)
        if trouble.number:
            raise Conflict("workflow.still_stuck", _("This process still stands still: mend it."))
        _record(by, trouble.process_id, "workflow.noted", trouble, reason)
        settle_trouble(trouble, by, "noted", clock.now())

    write(job)


def end_process(*, by: Actor, process_id: int, reason: str) -> None:
    """End a stuck process where it stands: its open tasks and timers are taken away, its matter stays as it is.

    Raises NotAllowed, Invalid (no reason), NotFound, Conflict (it has no trouble, or has ended).
    """
    require(by, REPAIR)
    check_reason(reason)

    def job() -> None:
        now = clock.now()
        process = Process.objects.filter(id=process_id).first()
        if process is None:
            raise NotFound("workflow.no_process", _("There is no such process"))
        troubles = list(in_trouble().filter(process_id=process_id))
        if process.state != ProcessState.RUNNING or not troubles:
            raise Conflict("workflow.not_stuck", _("This process is not stuck."))
        for trouble in troubles:
            settle_trouble(trouble, by, "ended", now)
        told = {"troubles": [[trouble.element, trouble.kind, trouble.reason] for trouble in troubles]}
        ledger.record(
            by=by, type="workflow.ended", subject=("process", process_id), payload=told, reason=reason.strip()
        )
        cancel(by=SYSTEM, process_id=process_id, subject=subject_of(process, now), reason=reason.strip(), now=now)

    write(job)


def _tried_again(trouble_id: int, settle: Callable[[Trouble, dt.datetime], None]) -> str | None:
    """Try it in one write with what `settle` notes; why it failed again, or None where it went well."""

    def job() -> None:
        now = clock.now()
        trouble = open_trouble(trouble_id)
        settle(trouble, now)
        _AGAIN.get(trouble.kind, _not_again)(trouble, now)

    try:
        write(job)
    except (NotFound, _NotAgain):
        raise
    except Exception as error:  # noqa: BLE001 whatever an action raises is noted, and said to whoever tried
        reason = kind_of(error)
        write(lambda: _failed_again(trouble_id, reason))
        return reason
    return None


def _failed_again(trouble_id: int, reason: str) -> None:
    trouble = in_trouble().filter(id=trouble_id).first()
    if trouble is None:
        return
    now = clock.now()
    due = later(now, trouble.attempts)
    place = (trouble.process_id, trouble.number, trouble.element)
    if trouble.kind == TroubleKind.TIMER:
        waiting = Timer.objects.filter(process_id=trouble.process_id, number=trouble.number, fired_at=None)
        waiting.update(due_at=due, attempts=trouble.attempts + 1, last_error=reason)
    note_trouble(place, TroubleKind(trouble.kind), reason, now=now, due=due)


class _NotAgain(Conflict):
    pass


def _not_again(_trouble: Trouble, _now: dt.datetime) -> None:
    raise _NotAgain("workflow.not_retriable", _("There is nothing to try again: take note of it, or end the process."))


def _ask_again(trouble: Trouble, now: dt.datetime) -> None:
    subject = subject_of(trouble.process, now)
    advance(run_of(rows.take(trouble.process_id), subject, SYSTEM, now), on.Retry(trouble.number))


def _fire_again(trouble: Trouble, now: dt.datetime) -> None:
    timer = Timer.objects.get(process_id=trouble.process_id, number=trouble.number)
    fire(by=SYSTEM, timer=timer, subject=subject_of(trouble.process, now), now=now)


def _bring_again(trouble: Trouble, now: dt.datetime) -> None:
    """The very message that could not be taken in by this token."""
    token = Token.objects.get(process_id=trouble.process_id, number=trouble.number, ended_at=None)
    waiting = Message.objects.filter(name=token.name, kind=token.wait, delivered_at=None, attempts__gt=0)
    if token.wait == MessageKind.SIGNAL:
        waiting = waiting.filter(process_id=trouble.process_id)
    else:
        process = trouble.process
        waiting = waiting.filter(subject_kind=process.subject_kind, subject_id=process.subject_id)
    for message in waiting.order_by("id")[:1]:
        deliver_message(message_id=message.id, now=now)


_AGAIN: dict[str, Callable[[Trouble, dt.datetime], None]] = {
    TroubleKind.ACTION: _ask_again,
    TroubleKind.TIMER: _fire_again,
    TroubleKind.MESSAGE: _bring_again,
}


def open_trouble(trouble_id: int) -> Trouble:
    """The trouble while it is one, locked so that two who mend it do not both."""
    found = in_trouble().select_related("process").select_for_update(of=("self",)).filter(id=trouble_id).first()
    if found is None:
        raise NotFound("workflow.no_trouble", _("This is over already, or never was."))
    return found


def subject_of(process: Process, now: dt.datetime) -> Subject:
    """What the process moves, taken by the system."""
    return subjects.get(process.subject_kind)(process.subject_id, SYSTEM, now)


def settle_trouble(trouble: Trouble, by: Actor, how: str, now: dt.datetime) -> None:
    """Note who closed it and how."""
    Trouble.objects.filter(id=trouble.id).update(settled_at=now, settled_by_id=by.account_id, settled_how=how)


def _record(by: Actor, process_id: int, kind: str, trouble: Trouble, reason: str = "") -> None:
    told = {"element": trouble.element, "kind": trouble.kind, "why": trouble.reason, "attempts": trouble.attempts}
    ledger.record(by=by, type=kind, subject=("process", process_id), payload=told, reason=reason.strip())
