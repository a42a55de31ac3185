"""Who reads an errand, who urges it on, and what moves it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.policy import Actor, may, visible
from zhengtong.matters.workflow.choices import ProcessState
from zhengtong.matters.workflow.models import Errand, Process, Task
from zhengtong.matters.workflow.queries import acted_on, tasks_of
from zhengtong.matters.workflow.queries.copies import may_read
from zhengtong.matters.workflow.registry import READ_ERRANDS, URGE_ERRANDS

KIND = "errand"


def reads(actor: Actor, errand: Errand) -> bool:
    """Whether the actor, an official, reads an errand by what he holds: its agency's errands, or a task of it that is
    or was for his role or for him.
    """
    if actor.kind == "system":
        return True
    if actor.kind != "staff" or actor.account_id is None:
        return False
    if may(actor, READ_ERRANDS, errand):
        return True
    return visible(actor, Task).filter(subject_kind=KIND, subject_id=errand.id).exists()


def errand_for(actor: Actor, number: int) -> Errand:
    """One errand that the actor reads by what he holds, or while a copy lets him; NotFound else."""
    found = Errand.objects.filter(id=number).first()
    if found is None or not (reads(actor, found) or may_read(actor, KIND, found.id)):
        raise NotFound("workflow.no_errand", _("There is no such errand."))
    return found


def errand_task(actor: Actor, task_id: int) -> tuple[Errand, Task]:
    """A task of an errand that the actor reads, with that errand; NotFound else."""
    task = Task.objects.filter(id=task_id, subject_kind=KIND).select_related("process").first()
    if task is None:
        raise NotFound("workflow.no_task", _("There is no such task"))
    return errand_for(actor, task.subject_id), task


def may_urge(actor: Actor, errand: Errand, *, acted: bool | None = None) -> bool:
    """Whether the actor, an official, may urge on who has it: he has acted on it, or supervises by permission.

    `acted` says whether he has, where the reader knows it already.
    """
    if actor.kind != "staff" or actor.account_id is None:
        return False
    return may(actor, URGE_ERRANDS, errand) or (acted_on(actor, KIND, errand.id) if acted is None else acted)


def processes_of(number: int) -> QuerySet[Process]:
    """Every process that moved an errand, in the order in which they began."""
    return Process.objects.filter(subject_kind=KIND, subject_id=number).order_by("id")


def running(number: int) -> list[int]:
    """Those that move it now."""
    return list(processes_of(number).filter(state=ProcessState.RUNNING).values_list("id", flat=True))


def latest_task(number: int) -> Task | None:
    """The task by which an errand is shown: the first that waits, else the last there was."""
    found = list(tasks_of(KIND, number))
    waiting = (task for task in found if task.state in ("open", "claimed"))
    return next(waiting, found[-1] if found else None)
