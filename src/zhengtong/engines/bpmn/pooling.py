"""Several pools of one document: each is executed by itself, and messages find their way from one to another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from zhengtong.engines.bpmn.commands import SendMessage
from zhengtong.engines.bpmn.compilation.compiling import Made, compile_process
from zhengtong.engines.bpmn.compilation.reading import Model
from zhengtong.engines.bpmn.compilation.wiring import bare, qualified
from zhengtong.engines.bpmn.errors import Finding, ModelRefused
from zhengtong.engines.bpmn.events import NOTHING, MessageReceived
from zhengtong.engines.bpmn.graph import Graph
from zhengtong.engines.bpmn.state import State, Wait


class Route(NamedTuple):
    """Where a message goes: to what waits at `element` of a process, or, where that is "", for `message` by its name.

    Where nothing waits for it, an instance begins at `start`; where that is "", the message is kept until something
    does.
    """

    process: str
    element: str
    message: str
    start: str = ""


@dataclass(frozen=True, slots=True)
class Pools:
    """The executable pools of a document: `graphs` by process, in the order of the participants.

    `places` has the process of each element, and of each participant, to which a message flow leads; `fed` the
    elements to which one leads out of another of these pools.
    """

    graphs: Mapping[str, Graph] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    fed: frozenset[str] = frozenset()

    def routes(self, sent: SendMessage) -> tuple[Route, ...]:
        """Where a message goes within these pools, one route a message flow; none where it leaves them."""
        return tuple(self._route(end, sent.message) for end in sent.to if end in self.places)

    def _route(self, end: str, message: str) -> Route:
        process = self.places[end]
        graph = self.graphs[process]
        if end in graph.nodes:
            return Route(process, end, message, end if end in graph.starts else "")
        named = (name for name in graph.starts if graph.nodes[name].message == message)
        return Route(process, "", message, next(named, ""))


def compile_pools(model: Model, library: Mapping[str, Graph] | None = None) -> Pools:
    """The pools of `model` that have a process, compiled; none where there is no collaboration.

    `library` as in `compile_process`. Raises `ModelRefused` with the findings of all of them, and `BpmnError` where a
    participant names a process that is not there.
    """
    root = model.tree.getroot()
    pools = {p.get("id") or "": bare(p.get("processRef")) for p in root.iter(qualified("participant"))}
    graphs: dict[str, Graph] = {}
    findings: list[Finding] = []
    made = Made(model)
    for process in dict.fromkeys(name for name in pools.values() if name):
        try:
            graphs[process] = compile_process(model, process, library, made)
        except ModelRefused as refusal:
            findings += refusal.findings
    if any(finding.blocking for finding in findings):
        raise ModelRefused(", ".join(dict.fromkeys(name for name in pools.values() if name))[:200], findings)
    places = {name: process for name, process in pools.items() if process}
    places |= {name: process for process, graph in graphs.items() for name in graph.nodes if _receives(graph, name)}
    fed = {end for graph in graphs.values() for node in graph.nodes.values() for end in node.to}
    return Pools(graphs, places, frozenset(fed & set(places)))


def hand_over(route: Route, state: State, data: Mapping[str, object] = NOTHING) -> MessageReceived | None:
    """The event by which a message reaches what waits for it, the longest first; None where nothing does yet."""
    for token in state.tokens:
        meant = token.element == route.element if route.element else token.name == route.message
        if token.wait is Wait.MESSAGE and meant:
            return MessageReceived(token.name, data, token.id)
    return None


def _receives(graph: Graph, name: str) -> bool:
    node = graph.nodes[name]
    return bool(node.message) and node.tag in ("receiveTask", "intermediateCatchEvent", "startEvent", "boundaryEvent")
