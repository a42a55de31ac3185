"""What lies in the hand of somebody who no longer serves there comes back to whoever holds the work now."""

import datetime as dt
import logging
from collections.abc import Iterator
from typing import NamedTuple

from zhengtong.engines.bpmn import events as on
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow.choices import Asked, ProcessState, TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import leaving
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.repairs import subject_of
from zhengtong.matters.workflow.services.stepping import Stalls, advance, in_background, run_of

_log = logging.getLogger(__name__)
_ASKED = (Asked.BEFORE, Asked.DELEGATED)
"""What a colleague asked, who decides anew whom to ask once he has the question back."""


class Hand(NamedTuple):
    """Who has tasks of a role at an agency, and for whom in person (None: they are the post's)."""

    assignee_id: int
    agency_id: int
    role: str
    who_id: int | None


def bring_back(*, at_most: int = 200) -> int:
    """Have up to `at_most` tasks come back whose holder left (the post, the authority, his account); answers how many.

    A question goes back to who asked it; a task taken over for an absent colleague to him; any other to its post, in
    whose queue it lies again. Each in a write of its own, so that one that fails keeps none of the others back.
    """
    brought = 0
    for hand in _left():
        found = Task.objects.filter(**hand._asdict(), state=TaskState.CLAIMED, process__state=ProcessState.RUNNING)
        held = found.filter(process__suspended=False).select_related("process").order_by("id")
        for task in held[: at_most - brought]:
            brought += _bring_back(task)
    return brought


def _left() -> Iterator[Hand]:
    """The hands of those who left; who serves is told for all of a queue at once."""
    held = Task.objects.filter(state=TaskState.CLAIMED).exclude(assignee_id=None)
    hands = [Hand(*each) for each in held.values_list(*Hand._fields).distinct()]
    places = {(hand.agency_id, hand.role) for hand in hands}
    doing = {place: leaving.who_does(*place) for place in places}
    serving = {agency: leaving.who_serves(agency) for agency, _role in places}
    for hand in sorted(hands, key=lambda each: (each.agency_id, each.role, each.assignee_id, each.who_id or 0)):
        if hand.who_id is not None:
            if hand.who_id not in serving[hand.agency_id] and leaving.has_left(hand.who_id, hand.agency_id):
                yield hand
        elif hand.assignee_id not in doing[hand.agency_id, hand.role] and leaving.may_no_longer(*hand[:3]):
            yield hand


def _bring_back(task: Task) -> bool:
    back: list[bool] = []

    def job(stalls: Stalls) -> None:
        now = clock.now()
        subject, found = subject_of(task.process, now), rows.take(task.process_id)
        as_read = Task.objects.filter(id=task.id, state=TaskState.CLAIMED, assignee_id=task.assignee_id)
        asker = Task.objects.filter(id=task.asker_id or 0).first()
        if not as_read.exists():
            return  # he, or a colleague, was faster
        if task.who_id is not None and asker is not None and task.asked in _ASKED:
            advance(run_of(found, subject, SYSTEM, now, stalls), on.RemoveSigner(task.number))
            to = (asker.assignee_name, asker.assignee_id)
        else:
            to = _put_back(task, as_read, now)
        told = {"task": task.id, "element": task.element, "from": task.assignee_name, "to": to[0]}
        if to[1] is not None:
            told |= {"account": to[1]}
        if asker is not None and task.asked in _ASKED:
            told |= {"asker": asker.id}
        ledger.record(by=SYSTEM, type="workflow.task_came_back", subject=("process", task.process_id), payload=told)
        back.append(True)

    try:
        in_background(job)
    except Exception:  # noqa: BLE001 whatever one matter raises keeps no other back; it is tried again
        _log.exception("task %s could not come back from who left", task.id)
        return False
    return bool(back)


def _put_back(task: Task, as_read: "leaving.Tasks", now: dt.datetime) -> tuple[str, int | None]:
    """Into the hand of the colleague for whom it was taken over, where he serves still, else into the queue."""
    absent = task.absent_id if task.who_id is None else None
    if absent is not None and not leaving.may_no_longer(absent, task.agency_id, task.role):
        as_read.update(
            assignee_id=absent, assignee_name=task.absent_name, absent_id=None, absent_name="", claimed_at=now
        )
        return task.absent_name, absent
    free: dict[str, object] = {"who_id": None, "assignee_id": None, "assignee_name": "", "claimed_at": None}
    as_read.update(**free, state=TaskState.OPEN, absent_id=None, absent_name="")
    return "", None
