"""Move one running process to another definition, in one write, and back again while nothing has happened since."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import (
    COLUMNS,
    AwaitMessage,
    CancelTimer,
    Kind,
    Node,
    StartTimer,
    State,
    Wait,
    from_rows,
    locate,
    row_of,
)
from zhengtong.engines.bpmn import Token as Standing
from zhengtong.engines.bpmn.migrating import Migration, Plan, Prospects, migrate, plan
from zhengtong.engines.bpmn.verbs.asked import OPINIONS, first_asked
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import End, ProcessState, TaskState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Process, Task, Timer, Token
from zhengtong.matters.workflow.queries import SHOWN
from zhengtong.matters.workflow.registry import Subject, subjects
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.following import queue_of
from zhengtong.people.access import queries as access

Columns = dict[str, Any]
_STANDING = tuple(name for name in COLUMNS if name != "id")
WORK = ("element", "name", "name_en", "stage", "role", "outcomes", "queue")
"""What a task has from its element."""
HOLDER = ("state", "assignee_id", "assignee_name", "claimed_at")
TIMING = ("element", "due_at", "attempts", "last_error", "cancelled_at")


@dataclass(frozen=True)
class Route:
    """From which definition to which, and how (`migrating.migrate`)."""

    source: int
    target: int
    mapping: Mapping[str, str] = field(default_factory=dict)
    retime: bool = False
    undecided: bool = False


@dataclass
class Before:
    """What a move changed, as it was: the inverse record. Kept as JSON; numbers are those of tokens."""

    tokens: list[Columns] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    tasks: dict[str, Columns] = field(default_factory=dict)
    timers: dict[str, Columns] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"tokens": self.tokens, "added": self.added, "tasks": self.tasks, "timers": self.timers}


def standing(process_ids: Iterable[int]) -> dict[int, State]:
    """Where processes stand, read without taking them.

    Work may go on between the two reads. So the tokens come first: whatever number the next one has by then, theirs are
    below it.
    """
    wanted = list(process_ids)
    found: defaultdict[int, list[Columns]] = defaultdict(list)
    for row in Token.objects.filter(process_id__in=wanted, ended_at__isnull=True).values(
        "process_id", "number", *_STANDING
    ):
        found[row["process_id"]].append({**row, "id": row["number"]})
    counts = Process.objects.filter(id__in=wanted).values_list("id", "next_token")
    return {number: from_rows(found[number], following) for number, following in counts}


def plan_of(state: State, route: Route, prospects: Prospects) -> Plan:
    """The dry run of one process that stands at `state`."""
    return plan(graph_of(route.source), graph_of(route.target), state, route.mapping, prospects)


def relocate(
    *, by: Actor, process_id: int, route: Route, prospects: Prospects, told: Mapping[str, object]
) -> tuple[int, Before]:
    """Move one process; call within a write. Answers the version it is left at, and how to undo it.

    Its open tasks stay in the hands they are in, unless another role does them from now on that the holder does not
    have: then they wait for whoever does. The ledger keeps it on the process, with `told`. Raises Conflict where the
    process has ended or runs another definition, and BpmnError where it cannot move.
    """
    process = Process.objects.get(id=process_id)
    now = clock.now()
    subject = subjects.get(process.subject_kind)(process.subject_id, by, now)
    running, state = rows.take(process_id)
    _require(process_id, route.source)
    planned = plan_of(state, route, prospects)
    done = migrate(planned, running.data, now, retime=route.retime, undecided=route.undecided)
    before = _move(process_id, route.target, state, done, subject, now)
    _leave(process_id, running.version, definition_id=route.target, next_token=done.state.next_id)
    payload = {"from": route.source, "to": route.target, "moves": [list(pair) for pair in planned.moves()], **told}
    ledger.record(by=by, type="workflow.relocated", subject=("process", process_id), payload=payload)
    subject.flush()
    return running.version + 1, before


def put_back(
    *, by: Actor, process_id: int, route: Route, version: int, before: Mapping[str, Any], told: Mapping[str, object]
) -> None:
    """Undo a move; call within a write. Raises Conflict unless the process stands as the move left it."""
    process = Process.objects.get(id=process_id)
    subject = subjects.get(process.subject_kind)(process.subject_id, by, clock.now())
    running, _state = rows.take(process_id)
    _require(process_id, route.target)
    if running.version != version:
        raise Conflict("workflow.acted_since", _("Work has gone on since the move; it is not undone."))
    Token.objects.filter(process_id=process_id, number__in=before["added"]).delete()
    Timer.objects.filter(process_id=process_id, number__in=before["added"]).delete()
    for row in before["tokens"]:
        was = {**_read(Token, row), "end": "", "ended_at": None}
        Token.objects.filter(id=_row_of(process_id, row)).update(**was)
    for number, work in before["tasks"].items():
        waiting = Task.objects.filter(process_id=process_id, number=int(number), state__in=SHOWN)
        holder = {name: work[name] for name in HOLDER if name in work}
        waiting.update(**{name: work[name] for name in WORK if name in work})
        if holder:
            waiting.filter(state=TaskState.OPEN).update(**_read(Task, holder))
    for number, timing in before["timers"].items():
        Timer.objects.filter(process_id=process_id, number=int(number)).update(**_read(Timer, timing))
    _leave(process_id, version, definition_id=route.source)
    payload = {"from": route.target, "to": route.source, **told}
    ledger.record(by=by, type="workflow.relocation_undone", subject=("process", process_id), payload=payload)
    subject.flush()


def _require(process_id: int, definition: int) -> None:
    found = Process.objects.filter(id=process_id, state=ProcessState.RUNNING, definition_id=definition).exists()
    if not found:
        raise Conflict("workflow.not_there", _("The process has ended, or runs another version by now."))


def _leave(process_id: int, version: int, **columns: int) -> None:
    """Write the process, provided nobody moved it meanwhile."""
    left = Process.objects.filter(id=process_id, version=version).update(version=version + 1, **columns)
    if not left:
        raise Conflict("workflow.moved_on", _("The process has moved on meanwhile."))


def _move(process_id: int, target: int, state: State, done: Migration, subject: Subject, now: dt.datetime) -> Before:
    before = Before(added=[token.id for token in done.added])
    kept = {token.id: token for token in state.tokens}
    for token in (*done.moved, *done.cancelled):
        before.tokens.append(_columns(kept[token.id]))
    _replace(process_id, done, subject, now)
    _rework(process_id, target, done.state, before)
    _rewire(process_id, done, before)
    _retime(process_id, done, subject, before, now)
    return before


def _row_of(process_id: int, row: Mapping[str, Any]) -> int:
    """The row in which a token that was moved, or is awaited no longer, stands: the last of its number."""
    found = Token.objects.filter(process_id=process_id, number=row["number"])
    return found.order_by("-id").values_list("id", flat=True)[0]


def _replace(process_id: int, done: Migration, subject: Subject, now: dt.datetime) -> None:
    """The rows of tokens: those that moved keep their numbers, and what came of what stays told."""
    for token in done.moved:
        live = Token.objects.filter(process_id=process_id, number=token.id, ended_at__isnull=True)
        live.update(**_read(Token, _columns(token)))
    rows.end_tokens(process_id, {token.id: End.CANCELLED for token in done.cancelled}, now)
    rows.put_tokens(subject.rows, process_id, done.added, (), now)


def _columns(token: Standing) -> Columns:
    """A token as plain values under the names of its columns."""
    row = row_of(token)
    row["number"] = row.pop("id")
    row["due"] = token.due.isoformat() if token.due is not None else None
    return row


def _rework(process_id: int, target: int, state: State, before: Before) -> None:
    """What open tasks say, and what is on offer: name, role, outcomes and queue are those of the new version."""
    graph = graph_of(target)
    standing = {token.id: token for token in state.tokens if token.wait in (Wait.TASK, Wait.ADHOC)}
    for task in Task.objects.filter(process_id=process_id, number__in=standing, state__in=SHOWN):
        node = locate(graph, state, task.number)
        people = node.kind is Kind.TASK or node.adhoc is not None
        role = node.role if people else task.role  # the applicant's task is nobody's role
        fresh: Columns = {
            "element": node.id,
            "name": node.name,
            "name_en": node.name_en,
            "stage": node.stage,
            "role": role,
            "outcomes": _outcomes(node, standing[task.number], task),
            "queue": queue_of(task.agency_id, role) if role != task.role else task.queue,
        }
        changed = {name: value for name, value in fresh.items() if value != getattr(task, name)}
        if not changed:
            continue
        was = {name: getattr(task, name) for name in changed}
        if "role" in changed and task.state == TaskState.CLAIMED and not _holds(task, role):
            was |= _plain(task, HOLDER)
            freed: Columns = {"state": TaskState.OPEN, "assignee_id": None, "assignee_name": "", "claimed_at": None}
            changed |= freed
        before.tasks[str(task.number)] = was
        Task.objects.filter(id=task.id).update(**changed)


def _outcomes(node: Node, token: Standing, task: Task) -> list[str]:
    """What can be chosen: who only says his opinion, and the applicant, choose nothing of the model's."""
    if node.kind is not Kind.TASK:
        return list(task.outcomes)
    return [] if first_asked(token) in OPINIONS else list(node.outcomes)


def _holds(task: Task, role: str) -> bool:
    return any(holder.account_id == task.assignee_id for holder in access.holders(f"task.{role}", task.agency_id))


def _rewire(process_id: int, done: Migration, before: Before) -> None:
    """Timers that run on bear the name of their element in the new version."""
    named = {token.id: token.element for token in done.moved if token.wait is Wait.TIMER}
    for timer in Timer.objects.filter(process_id=process_id, number__in=named):
        before.timers[str(timer.number)] = _plain(timer, TIMING)
        Timer.objects.filter(id=timer.id).update(element=named[timer.number])


def _retime(process_id: int, done: Migration, subject: Subject, before: Before, now: dt.datetime) -> None:
    """Timers that begin, begin anew, or are awaited no longer."""
    running = {timer.number: timer for timer in _timers(process_id, done)}
    begun = {token.id for token in done.added}
    for order in done.commands:
        if isinstance(order, StartTimer):
            due = order.due or subject.timer_due(order.clock)
            if order.token in begun:
                rows.put_timer(subject.rows, process_id, order, due)
            elif order.token in running:
                before.timers.setdefault(str(order.token), _plain(running[order.token], TIMING))
                anew = {"due_at": due, "attempts": 0, "last_error": ""}
                Timer.objects.filter(id=running[order.token].id).update(**anew)
        elif isinstance(order, AwaitMessage):  # what came too early is looked at again
            rows.message_awaited.all((True,), (subject.kind, subject.id, order.message))
        elif isinstance(order, CancelTimer) and order.token in running:
            before.timers[str(order.token)] = _plain(running[order.token], TIMING)
            Timer.objects.filter(id=running[order.token].id).update(cancelled_at=now)


def _timers(process_id: int, done: Migration) -> Iterable[Timer]:
    numbers = [order.token for order in done.commands if isinstance(order, StartTimer | CancelTimer)]
    return Timer.objects.filter(process_id=process_id, number__in=numbers)


def _plain(row: Task | Timer, names: Iterable[str]) -> Columns:
    """Columns as JSON holds them."""
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()}


def _read(model: type[Token | Task | Timer], columns: Columns) -> Columns:
    """The values that `_plain` or `_columns` made plain."""
    fields = {column.attname: column for column in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in columns.items()}
