"""The few statements a step of a process is made of: what it reads in one round trip, and the rows it changes."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.graph import Node
from zhengtong.engines.bpmn.state import History, State, from_rows, history_of
from zhengtong.engines.bpmn.state import Token as Standing
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Insert, Load, Outgoing, Select, Through, Update
from zhengtong.matters.workflow.choices import End, MessageKind, ProcessState, TaskState, TroubleKind
from zhengtong.matters.workflow.models import Message, Process, Task, Timer, Token, Trouble
from zhengtong.matters.workflow.registry import Subject, TaskFace

FIRST_PAUSE = dt.timedelta(minutes=1)
"""After which an action that failed is tried again by itself."""
_READ = ("id", "definition_id", "version", "next_token", "data", "suspended")
_STANDING = ("number", "element", "wait", "scope", "host", "flow", "name", "due", "origins", "turn", "data")
_KEYS = ("id", *_STANDING[1:])

task = Load(Task, where=("id",))
_process = Select(Process, _READ, where=("id",), lock=True)
_tokens = Select(Token, _STANDING, where=("process_id",), empty=("ended_at",))
_process_of = Select(Process, _READ, where=(Through("id", Task, "process_id"),), lock=True)
_tokens_of = Select(Token, _STANDING, where=(Through("process_id", Task, "process_id"),), empty=("ended_at",))


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
    error: str = ""


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


def ask_by_timer(timer_id: int, process_id: int) -> tuple[Answers, Callable[[], bool]]:
    """Ask for a process and its tokens, and then, once it is locked, whether one of its timers still waits."""
    answers = Answers(_process.ask((process_id,)), _tokens.ask((process_id,)))
    waiting = _timer_waiting.ask((timer_id,))
    return answers, lambda: bool(waiting())


def read(answers: Answers) -> tuple[Running, State]:
    """What `ask_by_task` asked for; NotFound where there is no such process."""
    found = answers.process()
    if not found:
        raise NotFound("workflow.no_process", _("There is no such process"))
    number, definition, version, next_token, data, suspended = found[0]
    state = from_rows((dict(zip(_KEYS, row, strict=True)) for row in answers.tokens()), next_token, suspended=suspended)
    return Running(number, definition, data, version, next_token), state


def past_of(process_id: int) -> History:
    """Every token of a process that has ended, for the verbs that look back."""
    rows = Token.objects.filter(process_id=process_id, ended_at__isnull=False).values(*_STANDING, "end")
    found = [{**row, "id": row["number"]} for row in rows]
    over = [row for row in found if row["end"] != End.CANCELLED]
    return history_of(over, [row for row in found if row["end"] == End.CANCELLED])


def the_task(answer: Callable[[], list[Task]]) -> Task:
    """The task asked for; NotFound for an unknown one."""
    found = answer()
    if not found:
        raise NotFound("workflow.no_task", _("There is no such task"))
    return found[0]


def put_process(out: Outgoing, process: Running, subject: Subject, now: dt.datetime) -> None:
    """Insert a fresh process, or write what changed of one provided nobody moved it meanwhile (Conflict)."""
    state = process.ended or ProcessState.RUNNING
    ended_at = now if process.ended else None
    if process.fresh:
        row = (process.id, process.definition_id, subject.kind, subject.id, state, process.next_token, process.data)
        out.add(_new_process, (*row, now, ended_at, process.error))
        return
    key = (process.id, process.version)
    if process.ended is not None:
        _end.one((process.next_token, process.data, state, ended_at, process.error), key)
    elif process.changed:
        _move_with_data.one((process.next_token, process.data), key)
    else:
        _move.one((process.next_token,), key)


def end_tokens(process_id: int, ended: Mapping[int, End], now: dt.datetime) -> None:
    """Mark tokens as ended, each as it ended."""
    for number, end in ended.items():
        _token_ended.all((end, now), (process_id, number))


def put_tokens(
    out: Outgoing,
    process_id: int,
    live: Iterable[Standing],
    brief: Sequence[tuple[Standing, End]],
    now: dt.datetime,
) -> None:
    """Add tokens that wait, and those that came and went meanwhile, so that no line of descent is broken.

    In the order in which they came.
    """
    found: list[tuple[Standing, str, dt.datetime | None]] = [(token, "", None) for token in live]
    if brief:
        found += [(token, end, now) for token, end in brief]
        found.sort(key=_came)
    for token, end, ended_at in found:
        out.add(_new_token, _row_of(process_id, token, end, ended_at))


def _came(found: tuple[Standing, str, dt.datetime | None]) -> int:
    """By number; what has none, after what it descends from."""
    token = found[0]
    return token.id or max(token.origins, default=0)


def _row_of(process_id: int, token: Standing, end: str, ended_at: dt.datetime | None) -> tuple[Any, ...]:
    number, element, wait, scope, host, flow, name, due, origins, turn, data = token
    where = (element, wait, scope, host, flow, name, due, " ".join(map(str, origins)))
    return (new_id(), process_id, number, *where, turn, data, end, ended_at)


def put_task(
    out: Outgoing,
    process_id: int,
    order: do.CreateTask,
    node: Node,
    subject: Subject,
    face: TaskFace,
    queue: str,
    now: dt.datetime,
    asker: int | None = None,
    who: tuple[int, str] | None = None,
    offered: bool = False,
) -> None:
    """Put a task before the people of a queue, or in the hand of the one it is for: `who`, account and name.

    `asker` is the task from which it was asked or sent back; what is `offered` is no work, but lies where work lies.
    """
    work = (order.element, node.name, node.name_en, node.stage, order.role, list(order.outcomes))
    shown = (face.title, face.title_en, face.label, face.reference, face.yellow_on, face.red_on, face.paused)
    place = (face.agency_id, queue, subject.kind, subject.id)
    state = TaskState.OFFERED if offered else TaskState.OPEN if who is None else TaskState.CLAIMED
    account_id, name = who or (None, "")
    why = (order.asked, asker if order.asked else None, account_id, state, account_id, name)
    out.add(_new_task, (new_id(), process_id, order.token, *work, *place, *shown, now, *why, now if who else None))


def put_timer(out: Outgoing, process_id: int, order: do.StartTimer, due: dt.datetime) -> None:
    """Have the process woken at an instant."""
    out.add(_new_timer, (new_id(), process_id, order.token, order.element, due))


def put_message(
    out: Outgoing,
    kind: MessageKind,
    name: str,
    data: Mapping[str, object],
    subject: Subject,
    *,
    sender: int,
    now: dt.datetime,
) -> None:
    """Have others hear of something once the step is safe."""
    out.add(_new_message, (new_id(), kind, name, dict(data), subject.kind, subject.id, sender, now, now))


def put_trouble(out: Outgoing, place: tuple[int, int, str], kind: TroubleKind, reason: str, now: dt.datetime) -> None:
    """Have it seen that a process (first of `place`) stands still at a token's number and element."""
    due = now + FIRST_PAUSE if kind is TroubleKind.ACTION else None
    out.add(_new_trouble, (new_id(), *place, kind, reason[:200], now, now, due))


done = Update(Task, set=("state", "assignee_id", "assignee_name", "completed_at", "outcome"), where=("id", "state"))
task_gone = Update(Task, set=("state",), where=("process_id", "number"))
task_held = Update(Task, set=("held",), where=("process_id", "number"))
message_awaited = Update(Message, set=("ready",), where=("subject_kind", "subject_id", "name"), empty=("delivered_at",))
any_awaited = Update(Message, set=("ready",), where=("subject_kind", "subject_id"), empty=("delivered_at",))
shown = Update(
    Task, set=("yellow_on", "red_on", "paused"), where=("subject_kind", "subject_id"), empty=("completed_at",)
)
suspended = Update(Process, set=("suspended",), where=("id",))
timer_gone = Update(Timer, set=("cancelled_at",), where=("process_id", "number"))
timer_fired = Update(Timer, set=("fired_at",), where=("id",), empty=("fired_at", "cancelled_at"))
_timer_waiting = Select(Timer, ("id",), where=("id",), empty=("fired_at", "cancelled_at"))
_new_process = Insert(
    Process,
    *("id", "definition_id", "subject_kind", "subject_id", "state", "next_token", "data", "started_at", "ended_at"),
    "error",
)
_GUARD = ("id", "version")
_move = Update(Process, set=("next_token",), add=("version",), where=_GUARD)
_move_with_data = Update(Process, set=("next_token", "data"), add=("version",), where=_GUARD)
_end = Update(Process, set=("next_token", "data", "state", "ended_at", "error"), add=("version",), where=_GUARD)
_new_token = Insert(
    Token,
    *("id", "process_id", "number", "element", "wait", "scope", "host", "flow", "name", "due", "origins"),
    *("turn", "data", "end", "ended_at"),
)
_token_ended = Update(Token, set=("end", "ended_at"), where=("process_id", "number"), empty=("ended_at",))
_new_task = Insert(
    Task,
    *("id", "process_id", "number", "element", "name", "name_en", "stage", "role", "outcomes"),
    *("agency_id", "queue", "subject_kind", "subject_id"),
    *("title", "title_en", "label", "reference", "yellow_on", "red_on", "paused", "created_at"),
    *("asked", "asker_id", "who_id", "state", "assignee_id", "assignee_name", "claimed_at"),
)
_new_timer = Insert(Timer, "id", "process_id", "number", "element", "due_at")
_new_message = Insert(
    Message,
    *("id", "kind", "name", "data", "subject_kind", "subject_id", "sender_id", "sent_at", "due_at"),
)
_new_trouble = Insert(Trouble, "id", "process_id", "number", "element", "kind", "reason", "since", "last_at", "due_at")
