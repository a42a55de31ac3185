"""Turn what is reached from one entry of a process, within its level, into a net."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

from zhengtong.engines.bpmn.graph import Graph, Kind, Node
from zhengtong.engines.bpmn.soundness.choosing import Choices
from zhengtong.engines.bpmn.soundness.nets import DONE, ENTRY, NOWHERE, SINK, THROWN, Join, Net, Outcome, Vertex
from zhengtong.engines.bpmn.soundness.throwing import ANY, Inside, Thrown, caught_by, thrown_by


class UnknownKindError(Exception):
    """A node behaves in a way that is not modelled here."""

    def __init__(self, node: Node) -> None:
        self.node = node
        super().__init__(node.id)


@dataclass(slots=True)
class Level:
    """The net from one entry, the elements in it, and events whose paths run beside it and never join it.

    `thrown` is what each element throws to the levels above.
    """

    net: Net
    elements: set[str]
    beside: list[str] = field(default_factory=list)
    thrown: dict[str, frozenset[Thrown]] = field(default_factory=dict)


Look = Callable[[Node], Inside]


def build(graph: Graph, entry: str, choices: Choices, look: Look) -> Level:
    """The level entered at `entry`. `look` tells what can come out of a sub-process.

    Raises UnknownKindError for whatever this check has not been taught, so that nothing unknown is called sound.
    """
    return _Builder(graph, entry, choices, look).level()


class _Builder:
    def __init__(self, graph: Graph, entry: str, choices: Choices, look: Look) -> None:
        self.graph = graph
        self.entry = entry
        self.choices = choices
        self.look = look
        self.net = Net()
        self.made: dict[tuple[str, str], int] = {}
        self.around: dict[str, _Around] = {}
        self.elements, self.joining, self.beside = self._regions()

    def level(self) -> Level:
        vertices = self.net.vertices
        vertices[ENTRY] = Vertex("", Join.ALL)
        nodes = [node for node in self.graph.nodes.values() if node.id in self.elements and not self._inlined(node)]
        for node in nodes:
            join = _JOINS.get(node.kind, Join.EACH)
            vertices[node.id] = Vertex(node.id, join, covers={node.id})
        for node in nodes:
            self._fill(node)
        self._begin()
        self._await_the_absent()
        thrown = {name: self._around(self.graph.nodes[name]).passing for name in self.elements}
        return Level(self.net, self.elements, self.beside, thrown)

    def _inlined(self, node: Node) -> bool:
        """Plain ends are the sink; a boundary event is one outcome of its activity."""
        return node.kind is Kind.END or is_boundary(node)

    def _begin(self) -> None:
        entry = self.graph.nodes[self.entry]
        start = self.net.vertices[ENTRY]
        start.covers.add(entry.id)
        if self._inlined(entry):
            start.outcomes = [Outcome(self._edges(ENTRY, (flow.id for flow in entry.outgoing), entry), (entry.id,))]
        else:
            start.outcomes = [Outcome(frozenset({self.net.connect(ENTRY, entry.id)}))]

    def _fill(self, node: Node) -> None:
        vertex = self.net.vertices[node.id]
        if any(getattr(node, name) != usual for name, usual in _UNTAUGHT.items()):
            raise UnknownKindError(node)
        if node.kind is Kind.TERMINATE:
            vertex.outcomes = [Outcome(leaving=DONE)]
        elif node.kind is Kind.ERROR:
            vertex.outcomes = [Outcome(leaving=THROWN)]
        elif node.kind in _GATEWAYS:
            vertex.outcomes = self._normal(node.id, node)
        elif node.kind in _ACTIVITIES:
            self._activity(node, vertex)
        else:
            raise UnknownKindError(node)

    def _normal(self, name: str, node: Node) -> list[Outcome]:
        return [Outcome(self._edges(name, flows, node)) for flows in self.choices.ways(node)]

    def _activity(self, node: Node, vertex: Vertex) -> None:
        inside = self.look(node) if node.inner else Inside()
        around = self._around(node)
        events, cut = around.events, around.passes_error
        beside = [event for event in events if event.id in self.joining for _ in range(_times(event))]
        stopping = [event for event in events if event.interrupting]
        if beside:
            self._stages(node, vertex, _Ways(inside.completes, stopping, beside, cut=cut))
            return
        if inside.completes:
            vertex.outcomes = self._normal(node.id, node)
        for event in stopping:
            vertex.outcomes.append(self._event(node.id, event))
            vertex.covers.add(event.id)
        if cut:
            vertex.outcomes.append(Outcome(leaving=THROWN))

    def _around(self, node: Node) -> "_Around":
        """What can happen at the border of an activity: what is caught there must be thrown inside."""
        if node.id not in self.around:
            watched = [self.graph.nodes[name] for name in node.watched if is_boundary(self.graph.nodes[name])]
            thrown = self.look(node).thrown if node.inner else thrown_by(node)
            catching, passing = caught_by((self.graph.nodes[name] for name in node.caught), thrown)
            self.around[node.id] = _Around(watched + catching, passing)
        return self.around[node.id]

    def _event(self, name: str, event: Node) -> Outcome:
        return Outcome(self._edges(name, (flow.id for flow in event.outgoing), event), (event.id,))

    def _stages(self, node: Node, vertex: Vertex, ways: "_Ways") -> None:
        """The activity ends, is stopped, or sends a token beside itself and runs on as its next stage."""
        after = Vertex("", covers={node.id})
        self.net.vertices[f"{node.id}>"] = after
        after.outcomes = self._normal(f"{node.id}>", node)
        for event in {event.id: event for event in (*ways.stopping, *ways.beside)}.values():
            happening = self.net.vertices[event.id] = Vertex(event.id, covers={event.id})
            happening.outcomes = [Outcome(self._edges(event.id, (flow.id for flow in event.outgoing), event))]
        self._stage(node, node.id, vertex, ways)

    def _stage(self, node: Node, name: str, vertex: Vertex, ways: "_Ways") -> None:
        if ways.completes:
            vertex.outcomes.append(Outcome(frozenset({self._reuse(name, f"{node.id}>")})))
        if ways.cut:
            vertex.outcomes.append(Outcome(leaving=THROWN))
        vertex.outcomes += [Outcome(frozenset({self._reuse(name, event.id)})) for event in ways.stopping]
        for place, event in enumerate(ways.beside):
            if event in ways.beside[:place]:
                continue
            later = ways.without(place)
            following = f"{node.id}+{'+'.join(later.happened)}"
            if following not in self.net.vertices:
                stage = self.net.vertices[following] = Vertex(node.id, covers={node.id})
                self._stage(node, following, stage, later)
            vertex.outcomes.append(Outcome(frozenset({self._reuse(name, event.id), self._reuse(name, following)})))

    def _reuse(self, name: str, target: str) -> int:
        """The one edge between two vertices that no flow stands for."""
        if (name, f"@{target}") not in self.made:
            self.made[name, f"@{target}"] = self.net.connect(name, target)
        return self.made[name, f"@{target}"]

    def _edges(self, name: str, flows: Iterable[str], node: Node) -> frozenset[int]:
        """Edges for the flows that a token leaves by; one to the sink where none leaves."""
        targets = {flow.id: flow.target for flow in node.outgoing}
        made = [self._edge(name, flow, targets[flow]) for flow in flows]
        return frozenset(made) if made else frozenset({self.net.connect(name, SINK)})

    def _edge(self, name: str, flow: str, target: str) -> int:
        number = self.made.get((name, flow))
        if number is None:
            if self.graph.nodes[target].kind is Kind.END:
                self.net.vertices[name].covers.add(target)
                number = self.net.connect(name, SINK, flow, (target,))
            else:
                number = self.net.connect(name, target, flow)
            self.made[name, flow] = number
        return number

    def _await_the_absent(self) -> None:
        """A join waits for flows that no token of this level can come by as well."""
        present = {edge.flow for edge in self.net.edges.values()}
        for node in self.graph.nodes.values():
            for flow in node.outgoing:
                target = self.net.vertices.get(flow.target)
                if target is not None and target.join is Join.ALL and flow.id not in present:
                    self.net.connect(NOWHERE, flow.target, flow.id)

    # Which elements belong to the level

    def _regions(self) -> tuple[set[str], set[str], list[str]]:
        """Its elements, the events that do not interrupt yet join it, and those whose paths stay apart."""
        joining: set[str] = set()
        while True:
            main = self._closure(self.entry, joining)
            apart = []
            for name in sorted(self._beginning(main) - joining):
                if self._common(main, name):
                    joining.add(name)
                    break
                apart.append(name)
            else:
                return main, joining, apart

    def _beginning(self, main: set[str]) -> set[str]:
        nodes = (self.graph.nodes[name] for name in main)
        return {event.id for node in nodes for event in self._around(node).events if not event.interrupting}

    def _common(self, main: set[str], event: str) -> set[str]:
        """What a path beside the level shares with it; ends that only use tokens up may be shared."""
        path = self._closure(event, None)
        return {name for name in path & main if self.graph.nodes[name].tag != "endEvent"}

    def _closure(self, entry: str, joining: set[str] | None) -> set[str]:
        """What is reached from `entry`, by events that do not interrupt as well where they join (None: all do)."""
        seen, stack = {entry}, [entry]
        while stack:
            node = self.graph.nodes[stack.pop()]
            following = {flow.target for flow in node.outgoing}
            for event in self._around(node).events:
                if event.interrupting or joining is None or event.id in joining:
                    following.add(event.id)
            stack += following - seen
            seen |= following
        return seen


@dataclass(frozen=True, slots=True)
class _Around:
    """The boundary events of an activity that can happen, and what is thrown inside and passes them."""

    events: list[Node]
    passing: frozenset[Thrown]

    @property
    def passes_error(self) -> bool:
        """Whether an error with a code of its own goes on to the levels above."""
        return any(each.trigger == "error" and each.code != ANY for each in self.passing)


@dataclass(slots=True)
class _Ways:
    """How an activity may go on from here: by its end, by events that stop it, by events beside it still to come.

    `cut` says that an error from inside may end the whole level.
    """

    completes: bool
    stopping: list[Node]
    beside: list[Node]
    happened: tuple[str, ...] = ()
    cut: bool = False

    def without(self, place: int) -> "_Ways":
        """The ways that are left once one event has happened."""
        happened = tuple(sorted((*self.happened, self.beside[place].id)))
        return _Ways(self.completes, self.stopping, self.beside[:place] + self.beside[place + 1 :], happened, self.cut)


def is_boundary(node: Node) -> bool:
    """Whether the node is an event at the border of an activity."""
    return node.tag == "boundaryEvent"


def _times(event: Node) -> int:
    """A timer fires once; whatever else does not interrupt may come again, and twice shows all that more can do."""
    return 1 if event.kind is Kind.TIMER else 2


_TAUGHT = frozenset(
    {
        *("id", "tag", "kind", "name", "name_en", "stage", "scope", "outgoing", "conditional", "default", "incoming"),
        *("attached", "watched", "caught", "handlers", "triggered", "host", "interrupting", "inner", "trigger", "code"),
        *("role", "outcomes", "form", "action", "decision", "message", "timer", "condition", "to", "script", "result"),
    }
)
_UNTAUGHT = {each.name: each.default for each in fields(Node) if each.name not in _TAUGHT}
"""What a node may come to say that this check does not know of, with the value that says nothing."""

_JOINS = {Kind.PARALLEL: Join.ALL}
_GATEWAYS = frozenset({Kind.START, Kind.PASS, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.CHOICE})
_ACTIVITIES = frozenset(
    {
        *(Kind.TASK, Kind.ACTION, Kind.DECISION, Kind.SCRIPT, Kind.SCOPE),
        *(Kind.TIMER, Kind.MESSAGE, Kind.SIGNAL, Kind.CONDITION, Kind.THROW),
    }
)
