"""退回: the work goes back to an earlier activity, or is asked for there once more and comes straight back (直达)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import events as on
from zhengtong.foundation.core.errors import Invalid, NotAllowed
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.choices import Asked, TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.processes import require_task, taken_by
from zhengtong.matters.workflow.services.stepping import advance, run_of
from zhengtong.people.identity import queries as identity

LEAST_REASON, LONGEST_REASON = 2, 500
SENT_BACK = "sent_back"


def send_back(
    *, by: Actor, task: Task, to: str, reason: str, subject: Subject, now: dt.datetime, direct: bool = False
) -> None:
    """Send the work back to the activity `to`, empty for the applicant; call within a write, with the subject taken.

    What came of that activity is undone, and it is done anew, by who did it where he still may; tasks that were done
    stay done. With `direct` nothing is undone: the actor's task is held until the other is done again. Raises
    NotAllowed, Invalid (no reason), Conflict (somebody was faster, and who), EngineError (nobody can be sent there).
    """
    require_task(by, task)
    require_reason(reason, _("Say why you send it back, in 2 to 500 characters."))
    run = run_of(rows.take(task.process_id), subject, by, now)
    run.asker = task.id
    take_in_hand(by, task, now, outcome="" if direct else SENT_BACK)
    advance(run, on.SendBack(task.number, to, rows.past_of(task.process_id), reason.strip(), direct))
    anew = _anew(task, reason.strip(), now)
    told = {"task": task.id, "element": task.element, "to_element": to, "direct": direct, "from": by.name}
    if anew is not None:
        told |= {"new_task": anew.id, "step": anew.name, "step_en": anew.name_en, "to": anew.assignee_name}
        told |= {"account": anew.assignee_id}
    subject_of = ("process", task.process_id)
    ledger.record(by=by, type="workflow.task_sent_back", subject=subject_of, payload=told, reason=reason.strip())


def require_reason(reason: str, sentence: object) -> None:
    """Invalid unless a reason was given."""
    if not LEAST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        faults = [("reason", "required", str(sentence))]
        raise Invalid("workflow.reason", _("Please complete what is marked."), faults)


def take_in_hand(by: Actor, task: Task, now: dt.datetime, *, outcome: str = "") -> None:
    """Have the task in the actor's hand, provided it still is as it was read; Conflict names who was faster."""
    mine = task.state == TaskState.OPEN or (task.state == TaskState.CLAIMED and task.assignee_id == by.account_id)
    held: dict[str, object] = {
        "state": TaskState.CLAIMED,
        "assignee_id": by.account_id,
        "assignee_name": by.name,
        "outcome": outcome,
    }
    held["completed_at" if outcome else "claimed_at"] = now
    as_read = Task.objects.filter(id=task.id, state=task.state, assignee_id=task.assignee_id)
    if not mine or not as_read.update(**held):
        raise taken_by(Task.objects.get(id=task.id))


def _anew(task: Task, reason: str, now: dt.datetime) -> Task | None:
    """The task that is now to be done again, with the reason, in the hand of who did it where he still may."""
    new = (
        Task.objects.filter(process_id=task.process_id, asker_id=task.id, asked=Asked.RETURNED).order_by("-id").first()
    )
    if new is None:
        return None
    new.words = reason
    done = Task.objects.filter(process_id=task.process_id, element=new.element, state=TaskState.DONE)
    before = done.exclude(assignee_id=None).order_by("-id").first()
    if before is not None and before.assignee_id is not None and _still_may(before.assignee_id, new):
        new.state, new.assignee_id, new.assignee_name = TaskState.CLAIMED, before.assignee_id, before.assignee_name
        new.claimed_at = now
    new.save(update_fields=["words", "state", "assignee_id", "assignee_name", "claimed_at"])
    return new


def _still_may(account_id: int, task: Task) -> bool:
    account = identity.account(account_id)
    try:
        return account is not None and may(identity.actor_for(account), f"task.{task.role}", task)
    except NotAllowed:
        return False
