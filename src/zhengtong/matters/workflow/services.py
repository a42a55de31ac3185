"""Verbs of running work: begin, complete, deliver, fire, cancel; and the only loop that advances a process."""

import datetime as dt
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn import start, step
from zhengtong.engines.bpmn.graph import Graph
from zhengtong.engines.bpmn.state import Change, State, from_rows, row_of
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed, NotFound
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.choices import ProcessState, TaskState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Process, Task, Timer, Token
from zhengtong.matters.workflow.registry import Call, Subject, actions

Data = Mapping[str, object]
MOST_CALLS = 100


@dataclass
class Run:
    """A process in hand during one step."""

    process: Process
    graph: Graph
    state: State
    subject: Subject
    by: Actor
    now: dt.datetime
    fresh: bool = False
    added: dict[int, Token] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    orders: list[do.Command] = field(default_factory=list)


def begin(*, by: Actor, process_id: int, definition_id: int, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Start a process for a subject; call within a write. The subject already knows `process_id`, a fresh one."""
    graph = graph_of(definition_id)
    process = Process(
        id=process_id,
        definition_id=definition_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        data=dict(data),
        started_at=now,
    )
    run = Run(process, graph, State(), subject, by, now, fresh=True)
    _settle(run, start(graph, data, now))


def complete_task(*, by: Actor, task: Task, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Complete an open task and move on; call within a write, with the subject taken.

    Raises `Conflict` naming who was first when the task is no longer open.
    """
    require_task(by, task)
    run = _take(task.process_id, subject, by, now)
    _finish_task(task, by, str(data.get("outcome", "")), now)
    _advance(run, on.TaskCompleted(task.number, data))


def deliver(*, by: Actor, process_id: int, message: str, subject: Subject, data: Data, now: dt.datetime) -> None:
    """Hand a message to a process that awaits it; call within a write."""
    _advance(_take(process_id, subject, by, now), on.MessageReceived(message, data))


def fire(*, by: Actor, timer: Timer, subject: Subject, now: dt.datetime) -> None:
    """Fire one due timer once; call within a write."""
    fired = Timer.objects.filter(id=timer.id, fired_at__isnull=True, cancelled_at__isnull=True).update(fired_at=now)
    if fired:
        _advance(_take(timer.process_id, subject, by, now), on.TimerFired(timer.number))


def cancel(*, by: Actor, process_id: int, subject: Subject, reason: str, now: dt.datetime) -> None:
    """End a process here and take its open tasks away; call within a write."""
    _advance(_take(process_id, subject, by, now), on.Cancel(reason))


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
        state=TaskState.OPEN, assignee_id=None, assignee_name="", claimed_at=None
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
    mine = {"state": TaskState.CLAIMED, "assignee_id": by.account_id}
    done = {
        "state": TaskState.DONE,
        "assignee_id": by.account_id,
        "assignee_name": by.name,
        "completed_at": now,
        "outcome": outcome,
    }
    rows = Task.objects.filter(id=task.id)
    if not (rows.filter(state=TaskState.OPEN).update(**done) or rows.filter(**mine).update(**done)):
        raise taken_by(Task.objects.get(id=task.id))


def _take(process_id: int, subject: Subject, by: Actor, now: dt.datetime) -> Run:
    process = Process.objects.select_for_update().filter(id=process_id).first()
    if process is None:
        raise NotFound("workflow.no_process", _("There is no such process"))
    rows = Token.objects.filter(process_id=process_id).values(
        "number", "element", "wait", "scope", "host", "flow", "name", "due", "origins"
    )
    state = from_rows(({**row, "id": row["number"]} for row in rows), process.next_token)
    return Run(process, graph_of(process.definition_id), state, subject, by, now)


def _advance(run: Run, event: on.Event) -> None:
    _settle(run, step(run.graph, run.state, event, run.process.data, run.now))


def _settle(run: Run, outcome: tuple[State, tuple[do.Command, ...], Change]) -> None:
    """Follow every command, calling actions until none is left to call, then write what changed."""
    waiting = deque([outcome])
    calls = 0
    while waiting:
        run.state, commands, change = waiting.popleft()
        _note(run, change)
        for command in commands:
            if not isinstance(command, do.CallAction):
                run.orders.append(command)
                continue
            calls += 1
            if calls > MOST_CALLS:
                raise Conflict("workflow.endless", _("The process calls actions without end."))
            answer = on.ActionDone(command.token, _call(run, command))
            waiting.append(step(run.graph, run.state, answer, run.process.data, run.now))
            run.state = waiting[-1][0]
    _write(run)


def _call(run: Run, command: do.CallAction) -> Data:
    call = Call(run.by, run.subject, run.process.data, run.now, run.process.id)
    result = actions.get(command.action)(call)
    if result:
        run.process.data = {**run.process.data, **result}
    return result or {}


def _note(run: Run, change: Change) -> None:
    for token in change.added:
        row = row_of(token)
        number = row.pop("id")
        run.added[token.id] = Token(process_id=run.process.id, number=number, **row)
    for token in change.removed:
        if run.added.pop(token.id, None) is None:
            run.removed.add(token.id)


def _write(run: Run) -> None:
    process = run.process
    ended = next((order for order in run.orders if isinstance(order, do.ProcessEnded)), None)
    if ended is not None:
        process.state = ProcessState.CANCELLED if ended.cancelled else ProcessState.ENDED
        process.ended_at = run.now
    process.next_token = run.state.next_id
    if run.fresh:
        process.save(force_insert=True)
    else:
        process.version += 1
        process.save(update_fields=["state", "ended_at", "next_token", "version", "data"])
    if run.removed:
        Token.objects.filter(process_id=process.id, number__in=run.removed).delete()
    if run.added:
        Token.objects.bulk_create(run.added.values())
    _follow(run)
    run.subject.flush()


def _follow(run: Run) -> None:
    """Turn the engine's orders into rows, leaving out what came and went within this step."""
    tasks = {o.token: o for o in run.orders if isinstance(o, do.CreateTask) and o.token in run.added}
    timers = {o.token: o for o in run.orders if isinstance(o, do.StartTimer) and o.token in run.added}
    lost_tasks = [o.token for o in run.orders if isinstance(o, do.CancelTask) and o.token in run.removed]
    lost_timers = [o.token for o in run.orders if isinstance(o, do.CancelTimer) and o.token in run.removed]
    if tasks:
        face = run.subject.face()
        Task.objects.bulk_create(_task(run, order, face) for order in tasks.values())
    if timers:
        Timer.objects.bulk_create(_timer(run, order) for order in timers.values())
    if lost_tasks:
        Task.objects.filter(process_id=run.process.id, number__in=lost_tasks).update(state=TaskState.CANCELLED)
    if lost_timers:
        Timer.objects.filter(process_id=run.process.id, number__in=lost_timers).update(cancelled_at=run.now)


def _task(run: Run, order: do.CreateTask, face: object) -> Task:
    node = run.graph.nodes[order.element]
    return Task(
        process_id=run.process.id,
        number=order.token,
        element=order.element,
        name=node.name,
        name_en=node.name_en,
        stage=node.stage,
        role=order.role,
        outcomes=list(order.outcomes),
        agency_id=face.agency_id,
        queue=queue_of(face.agency_id, order.role),
        subject_kind=run.subject.kind,
        subject_id=run.subject.id,
        title=face.title,
        title_en=face.title_en,
        label=face.label,
        reference=face.reference,
        yellow_on=face.yellow_on,
        red_on=face.red_on,
        paused=face.paused,
        created_at=run.now,
    )


def _timer(run: Run, order: do.StartTimer) -> Timer:
    due = order.due or run.subject.timer_due(order.clock)
    return Timer(process_id=run.process.id, number=order.token, element=order.element, due_at=due)


def queue_of(agency_id: int, role: str) -> str:
    """The name of the queue in which tasks of a role lie at an agency."""
    return f"{agency_id}:{role}"
