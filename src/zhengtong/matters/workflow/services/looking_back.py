"""What was done in a process: to where a task can go back, whether an act can be taken back, who gave which outcome."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhengtong.engines.bpmn import COLUMNS, Graph, History, SendBack, State, Wait, Withdraw, from_rows, history_of, step
from zhengtong.engines.bpmn.graph import Repeat
from zhengtong.engines.bpmn.verbs.asking import names_in
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.statements import Select, Through
from zhengtong.matters.workflow.choices import End, TaskState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Process, Task, Token
from zhengtong.matters.workflow.services.following import person_of

_STANDING = ("number", *COLUMNS[1:])
_given = Select(Task, ("outcome",), where=(Through("process_id", Task, "process_id"), "assignee_id", "state"))


@dataclass(frozen=True, slots=True)
class Target:
    """An activity done before: who did it last and when, and whether it can come straight back from there (直达)."""

    element: str
    name: str
    name_en: str
    stage: str
    by: str
    at: dt.datetime | None
    direct: bool


def targets(task: Task) -> list[Target]:
    """The activities to which the holder of an open task can send it back, the latest done first.

    The engine is asked of each that was done, on a copy of the rows; reads three times whatever their number.
    """
    done = Task.objects.filter(process_id=task.process_id, state=TaskState.DONE, who_id=None).order_by("-id")
    latest: dict[str, Task] = {}
    for each in done:
        latest.setdefault(each.element, each)
    process = Process.objects.get(id=task.process_id)
    graph, (state, history) = graph_of(process.definition_id), _standing(process)
    found = []
    for each in latest.values():
        if _can(graph, state, task, each.element, history, direct=False):
            direct = _can(graph, state, task, each.element, history, direct=True)
            names = (each.element, each.name, each.name_en, each.stage, each.holder)
            found.append(Target(*names, each.completed_at, direct))
    return found


def why_not_withdrawn(task: Task) -> EngineError | None:
    """Why a completed task cannot be taken back now, None where it can; reads three times."""
    process = Process.objects.get(id=task.process_id)
    state, history = _standing(process)
    try:
        step(graph_of(process.definition_id), state, Withdraw(task.number, history), process.data, task.created_at)
    except EngineError as refusal:
        return refusal
    return None


def ask_outcomes(task_id: int, account_id: int) -> Callable[[], set[str]]:
    """Ask which outcomes somebody has given so far in the process of a task; what is answered fetches them."""
    rows = _given.ask((task_id, account_id, TaskState.DONE.value))
    return lambda: {outcome for (outcome,) in rows()}


def followers(task: Task) -> dict[int, list[str]]:
    """Who is named to sign after an open task, in order, by the number of each note that says so; reads once."""
    rows = Token.objects.filter(process_id=task.process_id, host=task.number, wait=Wait.SIGNERS, ended_at=None)
    notes = history_of({**row, "id": row["number"]} for row in rows.order_by("-number").values(*_STANDING)).completed
    return {note.id: [person[1] for who in names_in(note) if (person := person_of(who))] for note in notes}


def is_several(task: Task) -> bool:
    """Whether a task is one of several who sign (会签), so that more can sign along; `task.process` is read."""
    node = graph_of(task.process.definition_id).nodes.get(task.element)
    return node is not None and node.loop is not None and node.loop.repeat is not Repeat.LOOP


def stage_of(task: Task, element: str) -> str:
    """The stage of an activity of the task's process, empty where it has none."""
    node = graph_of(Process.objects.get(id=task.process_id).definition_id).nodes.get(element)
    return node.stage if node is not None else ""


def _standing(process: Process) -> tuple[State, History]:
    found = [
        {**row, "id": row["number"]}
        for row in Token.objects.filter(process_id=process.id).values(*_STANDING, "end", "ended_at")
    ]
    live = [row for row in found if row["ended_at"] is None]
    over = [row for row in found if row["ended_at"] is not None]
    return from_rows(live, process.next_token, suspended=process.suspended), history_of(
        _ended(over, cancelled=False), _ended(over, cancelled=True)
    )


def _ended(rows: Iterable[dict[str, object]], *, cancelled: bool) -> list[dict[str, object]]:
    return [row for row in rows if (row["end"] == End.CANCELLED) is cancelled]


def _can(graph: Graph, state: State, task: Task, element: str, history: History, *, direct: bool) -> bool:
    try:
        step(graph, state, SendBack(task.number, element, history, "?", direct), {}, task.created_at)
    except EngineError:
        return False
    return True
