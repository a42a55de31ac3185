"""Doing the tasks of an absent colleague (代理): what he holds passes over, and the task says so."""

import datetime as dt

from django.db.models import Q

from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import WAITING, is_own
from zhengtong.people.access.queries.absences import name_of_absent


def stand_in(*, by: Actor, task: Task, now: dt.datetime | None = None) -> None:
    """Before an act on an open task: take it over where it lies with a colleague for whom the actor stands in, and
    note on it whom he acts for; or back, where it was put to the actor and lies with who stood in for him. Nothing
    where he acts for himself. Call within a write, with the subject taken.

    `task` is as it was read, and is afterwards as it is.
    """
    if task.who_id == by.account_id is not None and task.assignee_id not in (None, by.account_id):
        _take(by, task, "", now)
        return
    absent = _absent(by, task)
    if absent is None:
        return
    name = name_of_absent(absent)
    if _take(by, task, name, now, absent):
        told = {"task": task.id, "element": task.element, "from": name, "to": by.name, "account": by.account_id}
        ledger.record(by=by, type="workflow.task_stood_in", subject=("process", task.process_id), payload=told)


def _take(by: Actor, task: Task, absent_name: str, now: dt.datetime | None, absent: int | None = None) -> bool:
    """Put the task into the actor's hand, provided it still is as it was read."""
    as_read = Q(id=task.id, state=task.state, assignee_id=task.assignee_id)
    held: dict[str, object] = {
        "state": TaskState.CLAIMED.value,
        "assignee_id": by.account_id,
        "assignee_name": by.name,
        "absent_name": absent_name,
        "absent_id": absent,
    }
    if not Task.objects.filter(as_read, state__in=WAITING).update(**held, claimed_at=now or clock.now()):
        return False
    for column, value in held.items():
        setattr(task, column, value)
    return True


def _absent(by: Actor, task: Task) -> int | None:
    """The account of the colleague for whom the actor would act on the task."""
    away = by.stands_in_for()
    if task.who_id is not None and not is_own(by, task):
        return None
    if not away or task.state not in (TaskState.OPEN, TaskState.CLAIMED):
        return None
    if task.state == TaskState.CLAIMED and task.assignee_id != by.account_id:
        return task.assignee_id if task.assignee_id in away else None
    permission = f"task.{task.role}"
    if task.state == TaskState.CLAIMED or may(by.by_himself(), permission, task):
        return None
    return min(each.lent_by for each in by.grants if each.lent_by in away and each.permission == permission)
