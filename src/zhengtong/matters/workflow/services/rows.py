"""The few statements a step of a process is made of: what it reads in one round trip, and the rows it changes."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.graph import Node
from zhengtong.engines.bpmn.state import State, from_rows
from zhengtong.engines.bpmn.state import Token as Standing
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Delete, Insert, Load, Outgoing, Select, Through, Update
from zhengtong.matters.workflow.choices import ProcessState
from zhengtong.matters.workflow.models import Process, Task, Timer, Token
from zhengtong.matters.workflow.registry import Subject, TaskFace

_READ = ("id", "definition_id", "state", "version", "next_token", "data")
_STANDING = ("number", "element", "wait", "scope", "host", "flow", "name", "due", "origins", "turn", "data")
_KEYS = ("id", *_STANDING[1:])

task = Load(Task, where=("id",))
_process = Select(Process, _READ, where=("id",), lock=True)
_tokens = Select(Token, _STANDING, where=("process_id",))
_process_of = Select(Process, _READ, where=(Through("id", Task, "process_id"),), lock=True)
_tokens_of = Select(Token, _STANDING, where=(Through("process_id", Task, "process_id"),))


@dataclass
class Running:
    """The row of a process while it is in hand; `data` is new where it `changed`."""

    id: int
    definition_id: int
    data: dict[str, Any]
    version: int = 1
    next_token: int = 1
    fresh: bool = False
    changed: bool = False
    ended: ProcessState | None = None


class Answers(NamedTuple):
    """A process and its tokens, asked for and not yet fetched."""

    process: Callable[[], list[tuple[Any, ...]]]
    tokens: Callable[[], list[tuple[Any, ...]]]


def by_task(name: str) -> Through:
    """Finds, by a task's id, the rows whose column `name` is the identifier of the task's subject."""
    return Through(name, Task, "subject_id")


def ask_by_task(task_id: int) -> Answers:
    """Ask for the process of a task and its tokens."""
    return Answers(_process_of.ask((task_id,)), _tokens_of.ask((task_id,)))


def take(process_id: int) -> tuple[Running, State]:
    """A process and where it stands, locked where the database locks rows."""
    return read(Answers(_process.ask((process_id,)), _tokens.ask((process_id,))))


def read(answers: Answers) -> tuple[Running, State]:
    """What `ask_by_task` asked for; NotFound where there is no such process."""
    found = answers.process()
    if not found:
        raise NotFound("workflow.no_process", _("There is no such process"))
    number, definition, _state, version, next_token, data = found[0]
    state = from_rows((dict(zip(_KEYS, row, strict=True)) for row in answers.tokens()), next_token)
    return Running(number, definition, data, version, next_token), state


def the_task(answer: Callable[[], list[Task]]) -> Task:
    """The task asked for; NotFound for an unknown one."""
    found = answer()
    if not found:
        raise NotFound("workflow.no_task", _("There is no such task"))
    return found[0]


def put_process(out: Outgoing, process: Running, subject: Subject, now: dt.datetime) -> None:
    """Insert a fresh process, or write what changed of one provided nobody moved it meanwhile (Conflict)."""
    state = (process.ended or ProcessState.RUNNING).value
    ended_at = now if process.ended else None
    if process.fresh:
        row = (process.id, process.definition_id, subject.kind, subject.id, state, process.next_token, process.data)
        out.add(_new_process, (*row, now, ended_at))
        return
    key = (process.id, process.version)
    if process.ended is not None:
        _end.one((process.next_token, process.data, state, ended_at), key)
    elif process.changed:
        _move_with_data.one((process.next_token, process.data), key)
    else:
        _move.one((process.next_token,), key)


def move_tokens(out: Outgoing, process_id: int, added: Iterable[Standing], removed: Iterable[int]) -> None:
    """Take tokens away and add others."""
    for number in removed:
        _token_gone.all((process_id, number))
    for token in added:
        origins = " ".join(map(str, token.origins))
        where = (token.element, token.wait.value, token.scope, token.host, token.flow, token.name, token.due, origins)
        out.add(_new_token, (new_id(), process_id, token.id, *where, token.turn, token.data))


def put_task(
    out: Outgoing,
    process_id: int,
    order: do.CreateTask,
    node: Node,
    subject: Subject,
    face: TaskFace,
    queue: str,
    now: dt.datetime,
) -> None:
    """Put a task before the people of a queue."""
    work = (order.element, node.name, node.name_en, node.stage, order.role, list(order.outcomes))
    shown = (face.title, face.title_en, face.label, face.reference, face.yellow_on, face.red_on, face.paused)
    place = (face.agency_id, queue, subject.kind, subject.id)
    out.add(_new_task, (new_id(), process_id, order.token, *work, *place, *shown, now))


def put_timer(out: Outgoing, process_id: int, order: do.StartTimer, due: dt.datetime) -> None:
    """Have the process woken at an instant."""
    out.add(_new_timer, (new_id(), process_id, order.token, order.element, due))


done = Update(Task, set=("state", "assignee_id", "assignee_name", "completed_at", "outcome"), where=("id", "state"))
task_gone = Update(Task, set=("state",), where=("process_id", "number"))
timer_gone = Update(Timer, set=("cancelled_at",), where=("process_id", "number"))
_new_process = Insert(
    Process,
    *("id", "definition_id", "subject_kind", "subject_id", "state", "next_token", "data", "started_at", "ended_at"),
)
_GUARD = ("id", "version")
_move = Update(Process, set=("next_token",), add=("version",), where=_GUARD)
_move_with_data = Update(Process, set=("next_token", "data"), add=("version",), where=_GUARD)
_end = Update(Process, set=("next_token", "data", "state", "ended_at"), add=("version",), where=_GUARD)
_new_token = Insert(
    Token,
    *("id", "process_id", "number", "element", "wait", "scope", "host", "flow", "name", "due", "origins"),
    *("turn", "data"),
)
_token_gone = Delete(Token, where=("process_id", "number"))
_new_task = Insert(
    Task,
    *("id", "process_id", "number", "element", "name", "name_en", "stage", "role", "outcomes"),
    *("agency_id", "queue", "subject_kind", "subject_id"),
    *("title", "title_en", "label", "reference", "yellow_on", "red_on", "paused", "created_at"),
)
_new_timer = Insert(Timer, "id", "process_id", "number", "element", "due_at")
