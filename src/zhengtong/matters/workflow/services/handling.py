"""What officials do with the tasks of errands: take them in hand, complete them, start what is on offer."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.registry import subjects
from zhengtong.matters.workflow.services.errands import KIND
from zhengtong.matters.workflow.services.improvising import end_activities, start_activity
from zhengtong.matters.workflow.services.processes import Hold, claim, complete_task, require_task
from zhengtong.matters.workflow.services.standing_in import stand_in


def take_errand_task(*, by: Actor, task_id: int) -> None:
    """Take a task of an errand in hand. Raises NotFound, NotAllowed, Conflict: a colleague was faster."""

    def job() -> None:
        task = _task(task_id)
        require_task(by, task)
        stand_in(by=by, task=task)
        claim(by=by, task=task)

    write(job)


def complete_errand_task(*, by: Actor, task_id: int, outcome: str) -> None:
    """Complete a task of an errand; what comes next begins at once.

    Raises NotFound, NotAllowed, Invalid (none of its outcomes), Conflict: it is no longer open, or what comes next
    cannot be done.
    """

    def job() -> None:
        now, task = clock.now(), _task(task_id)
        require_task(by, task)
        if outcome not in (task.outcomes or [""]):
            said = str(_("Choose what came of it."))
            raise Invalid("workflow.outcome", _("Please complete what is marked."), [("outcome", "required", said)])
        stand_in(by=by, task=task, now=now)
        if task.held:
            raise Conflict("workflow.held", _("Others were asked; it can be completed once they answered."))
        subject = subjects.get(KIND)(task.subject_id, by, now)
        data = {"outcome": outcome} if outcome else {}
        complete_task(by=by, task=task, subject=subject, data=data, now=now, held=Hold(task.id))
        told = {"task": task.id, "element": task.element, "outcome": outcome, "process": task.process_id}
        ledger.record(by=by, type="workflow.errand_task_done", subject=(KIND, task.subject_id), payload=told)

    write(job)


def improvise_errand(*, by: Actor, task_id: int, element: str) -> None:
    """Start `element` of what an errand offers at a task on offer, or, where it is empty, say that nothing more is
    needed. Raises NotFound, and as `start_activity`.
    """

    def job() -> None:
        now, task = clock.now(), _task(task_id)
        where = {"process_id": task.process_id, "number": task.number}
        subject = subjects.get(KIND)(task.subject_id, by, now)
        if element:
            start_activity(by=by, **where, element=element, subject=subject, now=now)
        else:
            end_activities(by=by, **where, subject=subject, now=now)

    write(job)


def _task(task_id: int) -> Task:
    task = Task.objects.filter(id=task_id, subject_kind=KIND).first()
    if task is None:
        raise NotFound("workflow.no_task", _("There is no such task"))
    return task
