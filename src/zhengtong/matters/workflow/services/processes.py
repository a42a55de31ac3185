"""Verbs of running work: begin, complete, deliver, fire, cancel; claim, release, show anew."""

import datetime as dt

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.state import State
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.policy import Actor, may
from zhengtong.foundation.ui import writing
from zhengtong.matters.workflow.choices import ProcessState, TaskState
from zhengtong.matters.workflow.models import Process, Task, Timer
from zhengtong.matters.workflow.queries import is_own
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.rows import Running
from zhengtong.matters.workflow.services.stepping import Data, Run, Stalls, advance, enter, keep, run_of
from zhengtong.matters.workflow.services.voting import forbid_second_vote

CLOCK_PAUSE = dt.timedelta(hours=1)
"""How long a timer waits for a clock that stands still before it asks again."""


def begin(*, by: Actor, process_id: int, definition_id: int, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Start a process for a subject; call within a write. The subject already knows `process_id`, a fresh one."""
    enter(run_of((Running(process_id, definition_id, dict(data), fresh=True), State()), subject, by, now), data)


class Hold:
    """A task with its process and tokens, all asked for at once (one round trip); fetched when first looked at.

    Whoever writes has taken the subject before, so that nobody moves the process meanwhile.
    """

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        self._task = rows.task.ask((task_id,))
        self._process = rows.ask_by_task(task_id)
        self._allowed: Actor | None = None

    @cached_property
    def task(self) -> Task:
        """The task; NotFound for an unknown one."""
        return rows.the_task(self._task)

    def process(self) -> tuple[Running, State]:
        """The process and where it stands."""
        return rows.read(self._process)

    def require(self, by: Actor) -> None:
        """As `require_task`, looked into once for one who acts."""
        if self._allowed is not by:
            require_task(by, self.task)
            self._allowed = by


def complete_task(
    *, by: Actor, task: Task, subject: Subject, data: Data, now: dt.datetime, held: Hold | None = None
) -> None:
    """Complete an open task and move on; call within a write, with the subject taken.

    `held` is what was read of the process together with the task. Raises `Conflict` naming who was first when the
    task is no longer open.
    """
    if held is None or held.task is not task:
        require_task(by, task)
    else:
        held.require(by)
    run = run_of(held.process() if held else rows.take(task.process_id), subject, by, now)
    run.asker = task.id
    forbid_second_vote(by, task, run)
    _finish_task(task, by, str(data.get("outcome", "")), now)
    advance(run, on.TaskCompleted(task.number, data))


def deliver(*, by: Actor, process_id: int, message: str, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Hand a message to a process that awaits it; call within a write."""
    advance(run_of(rows.take(process_id), subject, by, now), on.MessageReceived(message, data))


def change_data(*, by: Actor, process_id: int, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Lay values over the data of a process from outside, and let what they make true happen; call within a write."""
    run = run_of(rows.take(process_id), subject, by, now)
    keep(run, data)
    advance(run, on.DataChanged())


def fire(*, by: Actor, timer: Timer, subject: Subject, now: dt.datetime, stalls: Stalls | None = None) -> None:
    """Fire one due timer once; call within a write. With `stalls` an action that raises is `ActionRaised`.

    The process is locked before the timer is looked at, so that of several who fire it one does.
    """
    asked, waits = rows.ask_by_timer(timer.id, timer.process_id)
    found = rows.read(asked)
    if not waits():
        return
    run = run_of(found, subject, by, now, stalls)
    later = _later_on(run, timer, now)
    if later is not None:
        Timer.objects.filter(id=timer.id, fired_at=None).update(due_at=later, attempts=0, last_error="")
        return
    rows.timer_fired.one((now,), (timer.id,))
    advance(run, on.TimerFired(timer.number))


def _later_on(run: Run, timer: Timer, now: dt.datetime) -> dt.datetime | None:
    """When a timer of a clock is to be looked at again, which meanwhile was extended or stands still; None: it is due.

    A clock that stands still (特别程序) has no last day: it is asked again every hour.
    """
    token = run.state.find(timer.number)
    if token is None or not token.name:
        return None
    try:
        due = run.subject.timer_due(token.name)
    except Conflict:
        return now + CLOCK_PAUSE
    return due if due > now else None


def cancel(*, by: Actor, process_id: int, subject: Subject, reason: str, now: dt.datetime) -> None:
    """End a process here and take its open tasks away; call within a write."""
    advance(run_of(rows.take(process_id), subject, by, now), on.Cancel(reason))


def cancel_beside(*, by: Actor, process_id: int | None, subject: Subject, reason: str, now: dt.datetime) -> None:
    """End whatever else moves the subject, such as what its messages began; call within a write."""
    beside = Process.objects.filter(subject_kind=subject.kind, subject_id=subject.id, state=ProcessState.RUNNING)
    for number in list(beside.exclude(id=process_id or 0).order_by("id").values_list("id", flat=True)):
        cancel(by=by, process_id=number, subject=subject, reason=reason, now=now)


def suspend(*, by: Actor, process_id: int, subject: Subject, reason: str, now: dt.datetime) -> None:
    """Have a process take nothing, its timers included, until it is resumed (挂起); call within a write."""
    advance(run_of(rows.take(process_id), subject, by, now), on.Suspend(reason))


def resume(*, by: Actor, process_id: int, subject: Subject, now: dt.datetime) -> None:
    """Go on after `suspend`: what fell due meanwhile happens soon (恢复); call within a write."""
    advance(run_of(rows.take(process_id), subject, by, now), on.Resume())


def claim(*, by: Actor, task: Task, now: dt.datetime | None = None) -> None:
    """Take a waiting task in hand; `Conflict` says who has it when somebody was faster."""
    require_task(by, task)
    taken = Task.objects.filter(id=task.id, state=TaskState.OPEN).update(
        state=TaskState.CLAIMED, assignee_id=by.account_id, assignee_name=by.name, claimed_at=now or clock.now()
    )
    if not taken:
        fresh = Task.objects.get(id=task.id)
        if fresh.state == TaskState.CLAIMED and fresh.assignee_id == by.account_id:
            return
        raise taken_by(fresh)


def release(*, by: Actor, task: Task) -> None:
    """Put a task in one's hand back into the queue; Conflict for one that was asked of him in person."""
    require_shared(task)
    put_back = Task.objects.filter(id=task.id, state=TaskState.CLAIMED, assignee_id=by.account_id).update(
        state=TaskState.OPEN, assignee_id=None, assignee_name="", absent_name="", absent_id=None, claimed_at=None
    )
    if not put_back:
        raise taken_by(Task.objects.get(id=task.id))


def require_shared(task: Task) -> None:
    """Conflict for a task that is somebody's in person: nobody else does it for him."""
    if task.who_id is not None:
        raise Conflict("workflow.in_person", _("This was asked of %s in person.") % task.assignee_name)


def show_anew(*, subject: Subject) -> None:
    """Carry a changed face (dates, pause) to the subject's waiting tasks, whichever process they belong to.

    Those that were taken away follow too: nobody sees them, and nobody waits to hear how many there are.
    """
    face = subject.face()
    rows.shown.all((face.yellow_on, face.red_on, face.paused), (subject.kind, subject.id))


def require_task(by: Actor, task: Task) -> None:
    """NotAllowed unless the actor holds the task's role where the task lies, or was asked for it in person (or stands
    in for who was).
    """
    if not is_own(by, task) and not may(by, f"task.{task.role}", task):
        raise NotAllowed("workflow.not_yours", _("This task belongs to another post."), role=task.role)


def taken_by(task: Task) -> Conflict:
    """The refusal that names who was first and when."""
    if task.state == TaskState.OFFERED:
        sentence = _("Here nothing is taken in hand: open the case, start what is needed, or say that nothing is.")
        return Conflict("workflow.on_offer", sentence)
    at = task.completed_at or task.claimed_at
    if task.state == TaskState.CANCELLED:
        return Conflict("workflow.task_gone", _("This task was taken back; the case has moved on."))
    return Conflict(
        "workflow.already_handled",
        _("Already handled by %(name)s at %(when)s.") % {"name": task.assignee_name, "when": _told(at) if at else ""},
        by=task.assignee_name,
        at=clock.local(at).strftime("%Y-%m-%d %H:%M") if at else "",
    )


def _told(instant: dt.datetime) -> str:
    """3 月 13 日 14:20, in the reader's language."""
    local = clock.local(instant)
    return writing.moment(local, this_year=clock.today().year, language=get_language() or "zh-hans", style="text")


def _finish_task(task: Task, by: Actor, outcome: str, now: dt.datetime) -> None:
    """Note who did the task, provided it still is as it was read."""
    mine = task.state == TaskState.OPEN or (task.state == TaskState.CLAIMED and task.assignee_id == by.account_id)
    if not mine:
        raise taken_by(task)
    try:
        rows.done.one((TaskState.DONE, by.account_id, by.name, now, outcome), (task.id, task.state))
    except Conflict:
        raise taken_by(Task.objects.get(id=task.id)) from None
