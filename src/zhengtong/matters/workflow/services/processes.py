"""Verbs of running work: begin, complete, deliver, fire, cancel; and the only loop that advances a process."""

import datetime as dt
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn import start, step
from zhengtong.engines.bpmn.graph import Graph
from zhengtong.engines.bpmn.state import Change, State
from zhengtong.engines.bpmn.state import Token as Standing
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.choices import ProcessState, TaskState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Task, Timer
from zhengtong.matters.workflow.registry import Call, Subject, actions
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.rows import Running

Data = Mapping[str, object]
MOST_CALLS = 100


@dataclass
class Run:
    """A process in hand during one step."""

    process: Running
    graph: Graph
    state: State
    subject: Subject
    by: Actor
    now: dt.datetime
    added: dict[int, Standing] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    orders: list[do.Command] = field(default_factory=list)


def begin(*, by: Actor, process_id: int, definition_id: int, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Start a process for a subject; call within a write. The subject already knows `process_id`, a fresh one."""
    graph = graph_of(definition_id)
    run = Run(Running(process_id, definition_id, dict(data), fresh=True), graph, State(), subject, by, now)
    _settle(run, start(graph, data, now))


class Hold:
    """A task with its process and tokens, all asked for at once (one round trip); fetched when first looked at.

    Whoever writes has taken the subject before, so that nobody moves the process meanwhile.
    """

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        self._task = rows.task.ask((task_id,))
        self._process = rows.ask_by_task(task_id)

    @cached_property
    def task(self) -> Task:
        """The task; NotFound for an unknown one."""
        return rows.the_task(self._task)

    def process(self) -> tuple[Running, State]:
        """The process and where it stands."""
        return rows.read(self._process)


def complete_task(
    *, by: Actor, task: Task, subject: Subject, data: Data, now: dt.datetime, held: Hold | None = None
) -> None:
    """Complete an open task and move on; call within a write, with the subject taken.

    `held` is what was read of the process together with the task. Raises `Conflict` naming who was first when the
    task is no longer open.
    """
    require_task(by, task)
    run = _run(held.process() if held else rows.take(task.process_id), subject, by, now)
    _finish_task(task, by, str(data.get("outcome", "")), now)
    _advance(run, on.TaskCompleted(task.number, data))


def deliver(*, by: Actor, process_id: int, message: str, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Hand a message to a process that awaits it; call within a write."""
    _advance(_run(rows.take(process_id), subject, by, now), on.MessageReceived(message, data))


def fire(*, by: Actor, timer: Timer, subject: Subject, now: dt.datetime) -> None:
    """Fire one due timer once; call within a write."""
    fired = Timer.objects.filter(id=timer.id, fired_at__isnull=True, cancelled_at__isnull=True).update(fired_at=now)
    if fired:
        _advance(_run(rows.take(timer.process_id), subject, by, now), on.TimerFired(timer.number))


def cancel(*, by: Actor, process_id: int, subject: Subject, reason: str, now: dt.datetime) -> None:
    """End a process here and take its open tasks away; call within a write."""
    _advance(_run(rows.take(process_id), subject, by, now), on.Cancel(reason))


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
    """Put a task in one's hand back into the queue."""
    put_back = Task.objects.filter(id=task.id, state=TaskState.CLAIMED, assignee_id=by.account_id).update(
        state=TaskState.OPEN, assignee_id=None, assignee_name="", absent_name="", claimed_at=None
    )
    if not put_back:
        raise taken_by(Task.objects.get(id=task.id))


def show_anew(*, subject: Subject) -> None:
    """Carry a changed face (dates, pause) to the subject's waiting tasks."""
    face = subject.face()
    Task.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, state__in=(TaskState.OPEN, TaskState.CLAIMED)
    ).update(yellow_on=face.yellow_on, red_on=face.red_on, paused=face.paused)


def require_task(by: Actor, task: Task) -> None:
    """NotAllowed unless the actor holds the task's role where the task lies."""
    if not may(by, f"task.{task.role}", task):
        raise NotAllowed("workflow.not_yours", _("This task belongs to another post."), role=task.role)


def taken_by(task: Task) -> Conflict:
    """The refusal that names who was first and when."""
    at = task.completed_at or task.claimed_at
    when = clock.local(at).strftime("%Y-%m-%d %H:%M") if at else ""
    if task.state == TaskState.CANCELLED:
        return Conflict("workflow.task_gone", _("This task was taken back; the case has moved on."))
    return Conflict(
        "workflow.already_handled",
        _("Already handled by %(name)s at %(when)s.") % {"name": task.assignee_name, "when": when},
        by=task.assignee_name,
        at=when,
    )


def _finish_task(task: Task, by: Actor, outcome: str, now: dt.datetime) -> None:
    """Note who did the task, provided it still is as it was read."""
    mine = task.state == TaskState.OPEN or (task.state == TaskState.CLAIMED and task.assignee_id == by.account_id)
    if not mine:
        raise taken_by(task)
    try:
        rows.done.one((TaskState.DONE.value, by.account_id, by.name, now, outcome), (task.id, task.state))
    except Conflict:
        raise taken_by(Task.objects.get(id=task.id)) from None


def _run(found: tuple[Running, State], subject: Subject, by: Actor, now: dt.datetime) -> Run:
    process, state = found
    return Run(process, graph_of(process.definition_id), state, subject, by, now)


def _advance(run: Run, event: on.Event) -> None:
    _settle(run, step(run.graph, run.state, event, run.process.data, run.now))


def _settle(run: Run, outcome: tuple[State, tuple[do.Command, ...], Change]) -> None:
    """Follow every command, calling actions and rules until none is left to call, then write what changed."""
    waiting = deque([outcome])
    calls = 0
    while waiting:
        run.state, commands, change = waiting.popleft()
        _note(run, change)
        for command in commands:
            if not isinstance(command, do.CallAction | do.Decide):
                run.orders.append(command)
                continue
            calls += 1
            if calls > MOST_CALLS:
                raise Conflict("workflow.endless", _("The process calls actions without end."))
            answer = on.ActionDone(command.token, _call(run, command))
            waiting.append(step(run.graph, run.state, answer, run.process.data, run.now))
            run.state = waiting[-1][0]
    _write(run)


def _call(run: Run, command: do.CallAction | do.Decide) -> Data:
    """Do what the process asks for; what comes back becomes data of the process."""
    call = Call(run.by, run.subject, run.process.data, run.now, run.process.id)
    if isinstance(command, do.Decide):
        result = run.subject.decide(command.decision, call)
    else:
        result = actions.get(command.action)(call) or {}
    if result:
        run.process.data = {**run.process.data, **result}
        run.process.changed = True
    return result


def _note(run: Run, change: Change) -> None:
    for token in change.added:
        run.added[token.id] = token
    for token in change.removed:
        if run.added.pop(token.id, None) is None:
            run.removed.add(token.id)


def _write(run: Run) -> None:
    """Write the rows that changed: what is new goes out with the rows the subject has gathered, if it gathers any."""
    process = run.process
    process.next_token = run.state.next_id
    ended = next((order for order in run.orders if isinstance(order, do.ProcessEnded)), None)
    if ended is not None:
        process.ended = ProcessState.CANCELLED if ended.cancelled else ProcessState.ENDED
    out = run.subject.rows
    rows.put_process(out, process, run.subject, run.now)
    rows.move_tokens(out, process.id, run.added.values(), run.removed)
    _follow(run, out)
    run.subject.flush()
    out.send()


def _follow(run: Run, out: Outgoing) -> None:
    """Turn the engine's orders into rows, leaving out what came and went within this step."""
    face = None
    for order in run.orders:
        if isinstance(order, do.CreateTask) and order.token in run.added:
            face = face or run.subject.face()
            node = run.graph.nodes[order.element]
            queue = queue_of(face.agency_id, order.role)
            rows.put_task(out, run.process.id, order, node, run.subject, face, queue, run.now)
        elif isinstance(order, do.StartTimer) and order.token in run.added:
            due = order.due or run.subject.timer_due(order.clock)
            rows.put_timer(out, run.process.id, order, due)
        elif isinstance(order, do.CancelTask) and order.token in run.removed:
            rows.task_gone.all((TaskState.CANCELLED.value,), (run.process.id, order.token))
        elif isinstance(order, do.CancelTimer) and order.token in run.removed:
            rows.timer_gone.all((run.now,), (run.process.id, order.token))


def queue_of(agency_id: int, role: str) -> str:
    """The name of the queue in which tasks of a role lie at an agency."""
    return f"{agency_id}:{role}"
