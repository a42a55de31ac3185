"""Who reads an errand, who urges it on, and what moves it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor, may, visible
from zhengtong.matters.workflow.choices import ProcessState, TaskState
from zhengtong.matters.workflow.events import OWN_ACTS
from zhengtong.matters.workflow.models import Errand, Process, Task
from zhengtong.matters.workflow.queries import WAITING, acted_on, tasks_of
from zhengtong.matters.workflow.queries.copies import copies_for, may_read
from zhengtong.matters.workflow.registry import READ_ERRANDS, URGE_ERRANDS

KIND = "errand"


def reads(actor: Actor, errand: Errand) -> bool:
    """Whether the actor, an official, reads an errand by what he holds: as `handles`, or because he was asked about it
    in person, until the question is taken back.
    """
    return handles(actor, errand) or _tasks(actor, errand).exclude(state=TaskState.CANCELLED).exists()


def handles(actor: Actor, errand: Errand) -> bool:
    """Whether an errand is his by his post: he may read those of its agency, or holds the role of one of its tasks."""
    if actor.kind != "staff" or actor.account_id is None:
        return False
    return may(actor, READ_ERRANDS, errand) or _tasks(actor, errand).filter(who_id=None).exists()


def _tasks(actor: Actor, errand: Errand) -> QuerySet[Task]:
    found = visible(actor, Task) if actor.kind == "staff" else Task.objects.none()
    return found.filter(subject_kind=KIND, subject_id=errand.id)


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


def happened(errand: Errand) -> list[Any]:
    """Its history, newest first: its own events, and what officials did among themselves on its processes."""
    inside = [each for process in processes_of(errand.id) for each in ledger.timeline(("process", process.id))]
    found = [*ledger.timeline((KIND, errand.id)), *(each for each in inside if each.type in OWN_ACTS)]
    return sorted(found, key=lambda each: each.event_id, reverse=True)


def offered(number: int) -> list[Task]:
    """Where something of an errand may be started as needed, in the order in which it began."""
    return list(tasks_of(KIND, number).filter(state=TaskState.OFFERED))


def latest_task(number: int) -> Task | None:
    """The task by which an errand is shown: the first that waits, else the last there was."""
    return _leading(list(tasks_of(KIND, number)))


def leading_tasks(actor: Actor, numbers: Iterable[int]) -> dict[int, int]:
    """The tasks by which errands are shown that copies let the actor read, by errand; reads once, nothing for none."""
    wanted = list(numbers)
    if not wanted:
        return {}
    brought = copies_for(actor).filter(subject_kind=KIND, subject_id__in=wanted).values("subject_id")
    found: dict[int, list[Task]] = {}
    for task in Task.objects.filter(subject_kind=KIND, subject_id__in=brought).order_by("id"):
        found.setdefault(task.subject_id, []).append(task)
    leading = {number: _leading(tasks) for number, tasks in found.items()}
    return {number: task.id for number, task in leading.items() if task is not None}


def _leading(tasks: list[Task]) -> Task | None:
    return next((task for task in tasks if task.state in WAITING), tasks[-1] if tasks else None)
