"""撤回 and 减签: one's own act is taken back while nobody has acted after it; who was asked is asked no longer."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import events as on
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import WAITING
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.looking_back import followers
from zhengtong.matters.workflow.services.processes import require_task, taken_by
from zhengtong.matters.workflow.services.sending_back import require_reason
from zhengtong.matters.workflow.services.stepping import advance, run_of


def withdraw(*, by: Actor, task: Task, reason: str, subject: Subject, now: dt.datetime) -> Task:
    """Take back one's own completion of a task, as long as nothing was done after it; call within a write, with the
    subject taken. The task stays done; a new one in its place is in the actor's hand.

    Raises NotAllowed (another did it), Invalid (no reason), EngineError (`bpmn.withdraw_late` and the like).
    """
    if task.state != TaskState.DONE or task.assignee_id is None or task.assignee_id != by.account_id:
        raise NotAllowed("workflow.not_your_act", _("Only who did a task takes that back."))
    require_reason(reason, _("Say why you take it back, in 2 to 500 characters."))
    run = run_of(rows.take(task.process_id), subject, by, now)
    run.asker = task.id
    advance(run, on.Withdraw(task.number, rows.past_of(task.process_id)))
    new = Task.objects.filter(process_id=task.process_id, asker_id=task.id, element=task.element).latest("id")
    new.state, new.assignee_id, new.assignee_name, new.claimed_at = TaskState.CLAIMED, by.account_id, by.name, now
    new.who_id, new.asker_id = task.who_id, task.asker_id if task.who_id is not None else task.id
    new.absent_id, new.absent_name = task.absent_id, task.absent_name
    columns = ["state", "assignee_id", "assignee_name", "claimed_at", "who_id", "asker_id", "absent_id", "absent_name"]
    new.save(update_fields=columns)
    told = {"task": task.id, "element": task.element, "from": by.name, "new_task": new.id}
    subject_of = ("process", task.process_id)
    ledger.record(by=by, type="workflow.act_withdrawn", subject=subject_of, payload=told, reason=reason.strip())
    return new


def asker_of(by: Actor, task: Task) -> Task | None:
    """The actor's own task about which a colleague was asked this one; None where another asked, or nobody."""
    if task.who_id is None or by.account_id is None:
        return None
    return Task.objects.filter(id=task.asker_id or 0, assignee_id=by.account_id).first()


def ask_no_longer(*, by: Actor, task: Task, subject: Subject, now: dt.datetime) -> None:
    """Take a question back that nobody has answered (减签): the last one taken back, one's task is one's own again.

    Call within a write, with the subject taken. Raises NotAllowed (another asked), Conflict (answered meanwhile).
    """
    asker = asker_of(by, task)
    if asker is None:
        raise NotAllowed("workflow.not_your_question", _("Only who asked takes the question back."))
    require_task(by, asker)
    if task.state not in WAITING:
        raise taken_by(task) if task.state == TaskState.DONE else _gone()
    advance(run_of(rows.take(task.process_id), subject, by, now), on.RemoveSigner(task.number))
    told = {"task": task.id, "element": task.element, "from": by.name, "to": task.assignee_name}
    told |= {"account": task.who_id}
    ledger.record(by=by, type="workflow.signer_removed", subject=("process", task.process_id), payload=told)


def name_no_longer(*, by: Actor, task: Task, subject: Subject, now: dt.datetime) -> None:
    """Have nobody sign after the actor's own task whom he named to (减签), before their turn has come.

    Call within a write, with the subject taken. Raises NotAllowed, Conflict (not in his hand, nobody named).
    """
    require_task(by, task)
    if task.state != TaskState.CLAIMED or task.assignee_id != by.account_id:
        raise taken_by(task)
    named = followers(task)
    if not named:
        raise Conflict("workflow.nobody_named", _("Nobody is named to sign after this task."))
    for number in named:
        advance(run_of(rows.take(task.process_id), subject, by, now), on.RemoveSigner(number))
    told = {"task": task.id, "element": task.element, "from": by.name, "to": "、".join(sum(named.values(), []))}
    ledger.record(by=by, type="workflow.signer_removed", subject=("process", task.process_id), payload=told)


def _gone() -> Conflict:
    return Conflict("workflow.task_gone", _("This task was taken back; the case has moved on."))
