"""Ad-hoc sub-processes: what may be started there now, starting it, and saying that it is over."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import COLUMNS, State, Wait, from_rows, locate, step
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Process, Task, Token
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.stepping import Run, advance, run_of

_STANDING = ("number", *COLUMNS[1:])


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that may be started, as often as people like."""

    element: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One ad-hoc sub-process that runs: by the number of its token, who may start there, what, and whether whoever may
    start can also say that it is over.
    """

    number: int
    name: str
    name_en: str
    role: str
    activities: tuple[Activity, ...]
    may_end: bool


def improvises(definition_id: int) -> bool:
    """Whether a process, or one that it calls, has an ad-hoc sub-process at all; nothing is read."""
    return any(node.adhoc is not None for graph in _graphs(graph_of(definition_id)) for node in graph.nodes.values())


def offers(process_id: int) -> list[Offer]:
    """What is on offer in a process now; the engine is asked of each activity, on a copy of the rows. Reads twice."""
    return offers_of([Process.objects.get(id=process_id)])[process_id]


def offers_of(processes: Iterable[Process]) -> dict[int, list[Offer]]:
    """The same for several processes; reads once, and not at all where none of them has anything to offer ever."""
    found = list(processes)
    live: dict[int, list[dict[str, Any]]] = {process.id: [] for process in found}
    wanted = [process.id for process in found if improvises(process.definition_id)]
    if wanted:
        standing = Token.objects.filter(process_id__in=wanted, ended_at__isnull=True)
        for row in standing.values("process_id", *_STANDING):
            live[row.pop("process_id")].append({**row, "id": row["number"]})
    return {process.id: _on_offer(process, live[process.id]) for process in found}


def _on_offer(process: Process, live: list[dict[str, Any]]) -> list[Offer]:
    graph = graph_of(process.definition_id)
    state = from_rows(live, process.next_token, suspended=process.suspended)
    found = (_offer(graph, state, token.id, process) for token in state.tokens if token.wait is Wait.ADHOC)
    return [each for each in found if each.activities or each.may_end]


def offer_at(task: Task) -> Offer | None:
    """What is on offer at a task on offer; None where nothing is any more."""
    return next((each for each in offers(task.process_id) if each.number == task.number), None)


def gone() -> Conflict:
    """The refusal where nothing is on offer."""
    return Conflict("workflow.offer_gone", _("Nothing is on offer there any more; the work has moved on."))


def start_activity(
    *, by: Actor, process_id: int, number: int, element: str, subject: Subject, now: dt.datetime
) -> None:
    """Start what the ad-hoc sub-process at the token `number` offers; call within a write, with the subject taken.

    Raises NotAllowed (who may start there is another post), Conflict (it is over), EngineError (not on offer now).
    """
    run = run_of(rows.take(process_id), subject, by, now)
    _require(run, number)
    advance(run, on.ActivityStarted(number, element))
    _record(run, "workflow.activity_started", number, element)


def end_activities(*, by: Actor, process_id: int, number: int, subject: Subject, now: dt.datetime) -> None:
    """Say that an ad-hoc sub-process without a condition is over; call and errors as `start_activity`."""
    run = run_of(rows.take(process_id), subject, by, now)
    element = _require(run, number).id
    advance(run, on.AdHocEnded(number))
    _record(run, "workflow.activities_ended", number, element)


def _offer(graph: Graph, state: State, number: int, process: Process) -> Offer:
    node = locate(graph, state, number)
    offered = node.adhoc.offers if node.adhoc is not None else ()
    inner = [
        found for element in offered if _can(graph, state, on.ActivityStarted(number, element), process)
        for found in [_named(graph, element)]
    ]  # fmt: skip
    activities = tuple(Activity(each.id, each.name or each.id, each.name_en) for each in inner)
    may_end = _can(graph, state, on.AdHocEnded(number), process)
    return Offer(number, node.name or node.id, node.name_en, node.role, activities, may_end)


def _can(graph: Graph, state: State, event: on.Event, process: Process) -> bool:
    try:
        step(graph, state, event, process.data, process.started_at)
    except EngineError:
        return False
    return True


def _named(graph: Graph, element: str) -> Node:
    return next(each.nodes[element] for each in _graphs(graph) if element in each.nodes)


def _graphs(graph: Graph) -> Iterator[Graph]:
    yield graph
    for called in graph.library.values():
        yield from _graphs(called)


def _require(run: Run, number: int) -> Node:
    token = run.state.find(number)
    if token is None or token.wait is not Wait.ADHOC:
        raise gone()
    node = locate(run.graph, run.state, number)
    place = Task(agency_id=run.subject.face().agency_id, role=node.role)
    if not node.role or not may(run.by, f"task.{node.role}", place):
        raise NotAllowed("workflow.not_yours", _("This task belongs to another post."), role=node.role)
    return node


def _record(run: Run, kind: str, number: int, element: str) -> None:
    told = {"number": number, "element": element, "from": run.by.name}
    ledger.record(by=run.by, type=kind, subject=("process", run.process.id), payload=told)
