"""How far a process is: what was done and how long it took, what is done now, what comes next; and its drawing."""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from zhengtong.engines.bpmn import Graph, Kind, Node, Wait
from zhengtong.engines.bpmn.layout import with_diagram
from zhengtong.matters.workflow.choices import End, TaskState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Definition, Process, Task, Timer, Token

Row = TypeVar("Row", Token, Task, Timer)

DONE, NOW, NEXT, GONE = "done", "now", "next", "cancelled"
STATES = {
    DONE: gettext_lazy("Done"),
    NOW: pgettext_lazy("state of a step", "Now"),
    NEXT: pgettext_lazy("state of a step", "Next"),
    GONE: pgettext_lazy("process", "Cancelled"),
}
WAITS = {
    Wait.ACTION: gettext_lazy("The system is at work"),
    Wait.DECISION: gettext_lazy("The rules are asked"),
    Wait.TIMER: gettext_lazy("Waits for a time"),
    Wait.MESSAGE: gettext_lazy("Waits for a message"),
    Wait.SIGNAL: gettext_lazy("Waits for a signal"),
    Wait.CONDITION: gettext_lazy("Waits until a condition holds"),
    Wait.CHOICE: gettext_lazy("Waits for one of several events"),
    Wait.JOIN: gettext_lazy("Waits for the other branches"),
}
"""What a token waits for, in words."""
_BY_ITSELF = frozenset({Wait.ACTION, Wait.DECISION, Wait.TIMER, Wait.MESSAGE, Wait.SIGNAL, Wait.CONDITION})

_RESTING = frozenset({Kind.TASK, Kind.TIMER, Kind.MESSAGE, Kind.SIGNAL, Kind.CONDITION, Kind.CALL})


@dataclass(frozen=True, slots=True)
class Place:
    """One step of a running process and what became of it.

    `state` is done, now, next or cancelled (taken away before it was done); `wait` what a token waits for where it is
    no task (`timer`, `message`, …). What does not apply is empty or None.
    """

    element: str
    name: str
    name_en: str
    state: str
    wait: str = ""
    role: str = ""
    who: str = ""
    outcome: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    due: dt.datetime | None = None
    auto: bool = False  # done by the system
    task: int = 0  # the task it is or was

    @property
    def lasted(self) -> dt.timedelta | None:
        """How long it took from its beginning; None for what still runs, or has not begun."""
        return self.until - self.since if self.since and self.until else None


@dataclass(frozen=True, slots=True)
class Progress:
    """A process as it stands; `places` are done ones first, in order, then those of now, then what comes next."""

    process: Process
    definition: str
    places: tuple[Place, ...]


def progress_of(process_id: int) -> Progress | None:
    """How far a process is, in five reads; None where there is no such process."""
    return progress_of_each(Process.objects.filter(id=process_id)).get(process_id)


def progress_of_each(processes: Iterable[Process]) -> dict[int, Progress]:
    """How far each of these processes is, in three reads for all of them and what their graphs need once."""
    found = {process.id: process for process in processes}
    if not found:
        return {}
    tokens = _by_process(Token.objects.filter(process_id__in=found).order_by("id"))
    tasks = _by_process(Task.objects.filter(process_id__in=found).order_by("id"))
    waiting = Timer.objects.filter(process_id__in=found, fired_at__isnull=True, cancelled_at__isnull=True)
    timers = _by_process(waiting)
    return {key: _progress(each, tokens[key], tasks[key], timers[key]) for key, each in found.items()}


def _by_process(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.process_id].append(row)
    return found


def _progress(process: Process, kept: list[Token], all_tasks: list[Task], timers: list[Timer]) -> Progress:
    graph = graph_of(process.definition_id)
    offers = {token.number for token in kept if token.wait == Wait.ADHOC}  # their tokens tell of them
    tasks = [task for task in all_tasks if task.number not in offers]
    tokens = [token for token in kept if token.ended_at is None]
    due = {timer.number: timer.due_at for timer in timers}
    past = [_of_task(task) for task in tasks if task.state in (TaskState.DONE, TaskState.CANCELLED)]
    past += [_passed(graph, token) for token in kept if token.end == End.COMPLETED and token.wait in _BY_ITSELF]
    past.sort(key=lambda place: (place.until is None, place.until))
    now = [_of_task(task) for task in tasks if task.state in (TaskState.OPEN, TaskState.CLAIMED)]
    waiting = [_of_token(graph, token, due.get(token.number)) for token in tokens if token.wait in WAITS]
    standing = [each.element for each in tokens if each.wait == Wait.TASK or (each.wait in WAITS and not each.host)]
    following = [_of_node(node) for node in next_after(graph, standing)]
    return Progress(process, graph.name or graph.process, (*past, *now, *waiting, *following))


def lasting(span: dt.timedelta) -> str:
    """3 days 4 hours; 2 hours; 5 minutes: the two largest units at most, the smaller left out where it is none."""
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        told = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        return f"{told} {_hours(hours)}" if hours else told
    if hours:
        return _hours(hours)
    if minutes:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return pgettext("duration", "under a minute")


def _hours(hours: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


@functools.lru_cache(maxsize=64)
def drawing_of(definition_id: int) -> bytes:
    """The model with a drawing, ours where it came without; definitions never change, so it is drawn once."""
    return with_diagram(bytes(Definition.objects.values_list("xml", flat=True).get(id=definition_id)))


def next_after(graph: Graph, standing: Iterable[str]) -> Iterator[Node]:
    """The next steps of people and waits, whichever way is taken; what the system does between them is passed."""
    around = {name for name in standing if name in graph.nodes}
    seen, waiting = set(around), sorted(around)
    while waiting:
        for name in _ways(graph, graph.nodes[waiting.pop(0)]):
            if name in seen:
                continue
            seen.add(name)
            if graph.nodes[name].kind in _RESTING:
                yield graph.nodes[name]
            else:
                waiting.append(name)


def _ways(graph: Graph, node: Node) -> list[str]:
    """Where a token goes from a node: along its flows, into a sub-process, out of one that ends."""
    if node.kind is Kind.SCOPE and node.inner:
        return [node.inner]
    if node.kind is Kind.CHOICE:
        return list(node.attached)
    if node.kind is Kind.END and node.scope in graph.nodes:
        return [flow.target for flow in graph.nodes[node.scope].outgoing]
    return [flow.target for flow in node.outgoing]


def _of_task(task: Task) -> Place:
    state = {TaskState.DONE: DONE, TaskState.CANCELLED: GONE}.get(TaskState(task.state), NOW)
    return Place(
        element=task.element,
        name=task.name,
        name_en=task.name_en,
        state=state,
        role=task.role,
        who=task.assignee_name,
        outcome=task.outcome,
        since=task.created_at,
        until=task.completed_at,
        task=task.id,
    )


def _of_token(graph: Graph, token: Token, due: dt.datetime | None) -> Place:
    node = graph.nodes.get(token.element)
    names = (node.name, node.name_en) if node is not None else ("", "")
    return Place(token.element, *names, state=NOW, wait=token.wait, due=due)


def _passed(graph: Graph, token: Token) -> Place:
    """What was done without anybody; it is not told when that began."""
    node = graph.nodes.get(token.element)
    names = (node.name, node.name_en) if node is not None else ("", "")
    return Place(token.element, *names, state=DONE, until=token.ended_at, auto=True)


def _of_node(node: Node) -> Place:
    return Place(node.id, node.name, node.name_en, state=NEXT, role=node.role)
