"""Handing a task on to a named colleague (转办)."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import queues_of
from zhengtong.matters.workflow.services.processes import require_shared, require_task, taken_by

LEAST_REASON = 2
LONGEST_REASON = 500


def transfer_task(*, by: Actor, task: Task, to: Actor, reason: str, now: dt.datetime | None = None) -> None:
    """Put an open task into a colleague's hand; call within a write, with the subject taken.

    Whoever holds the task may, and whoever might take it while nobody does; the colleague must hold the role that the
    task asks for, where it lies. The ledger keeps who gave it to whom and why, on the process: it is no event of the
    matter itself, and not its applicant's to read. Raises NotAllowed (not the actor's task), Invalid (no reason, to
    oneself), Conflict (the colleague lacks the role; somebody was faster, and who).
    """
    require_task(by, task)
    require_shared(task)
    _check(by, to, reason)
    if not may(to, f"task.{task.role}", task) or task.queue not in queues_of(to, [task.role]):
        sentence = _("%(name)s does not hold the post that this task asks for. Choose somebody else.")
        raise Conflict("workflow.colleague_without_role", sentence % {"name": to.name}, role=task.role)
    mine = Q(state=TaskState.OPEN) | Q(state=TaskState.CLAIMED, assignee_id=by.account_id)
    given = Task.objects.filter(mine, id=task.id).update(
        state=TaskState.CLAIMED,
        assignee_id=to.account_id,
        assignee_name=to.name,
        absent_name="",
        absent_id=None,
        claimed_at=now or clock.now(),
    )
    if not given:
        raise taken_by(Task.objects.get(id=task.id))
    told = {"task": task.id, "element": task.element, "from": by.name, "to": to.name, "account": to.account_id}
    subject = ("process", task.process_id)
    ledger.record(by=by, type="workflow.task_transferred", subject=subject, payload=told, reason=reason.strip())


def _check(by: Actor, to: Actor, reason: str) -> None:
    faults = []
    if to.account_id == by.account_id:
        faults.append(("to", "oneself", str(_("That is you; choose a colleague."))))
    if not LEAST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        faults.append(("reason", "required", str(_("Say why you hand it on, in 2 to 500 characters."))))
    if faults:
        raise Invalid("workflow.transfer", _("Please complete what is marked."), faults)
