"""Turn what is reached from one entry of a process, within its level, into a net."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

from zhengtong.engines.bpmn.graph import Graph, Kind, Node
from zhengtong.engines.bpmn.soundness.choosing import Choices
from zhengtong.engines.bpmn.soundness.nets import DONE, ENTRY, NOWHERE, SINK, THROWN, Join, Net, Outcome, Pace, Vertex
from zhengtong.engines.bpmn.soundness.outlook import Outlook
from zhengtong.engines.bpmn.soundness.pacing import AT_ONCE, has_inside, is_busy, pace_of
from zhengtong.engines.bpmn.soundness.rounds import ONCE, Rounds, rounds_of
from zhengtong.engines.bpmn.soundness.throwing import ANY, COMPENSATE, Inside, Thrown, caught_by, is_boundary, thrown_by


class UnknownKindError(Exception):
    """A node behaves in a way that is not modelled here."""

    def __init__(self, node: Node) -> None:
        self.node = node
        super().__init__(node.id)


@dataclass(slots=True)
class Level:
    """The net from one entry, the elements in it, and events whose paths run beside it and never join it.

    `thrown` is what each element throws to the levels above. `uncounted` are events of which it is not known how often
    they happen, so that the net may do more than the process. `passes` says that the level may end without ever
    resting, `rests` that it may rest.
    """

    net: Net
    elements: set[str]
    beside: list[str] = field(default_factory=list)
    thrown: dict[str, frozenset[Thrown]] = field(default_factory=dict)
    uncounted: list[str] = field(default_factory=list)
    passes: bool = False
    rests: bool = True


@dataclass(frozen=True, slots=True)
class Around:
    """What a level asks of those around it: what can come out of an activity, and whether a throw ends who throws."""

    look: Callable[[Node], Inside]
    cut_off: Callable[[Node], bool]


def build(graph: Graph, entry: str, choices: Choices, around: Around) -> Level:
    """The level entered at `entry`.

    Raises UnknownKindError for whatever this check has not been taught, so that nothing unknown is called sound.
    """
    return _Builder(graph, entry, choices, around).level()


class _Builder:
    def __init__(self, graph: Graph, entry: str, choices: Choices, around: Around) -> None:
        self.graph = graph
        self.entry = entry
        self.choices = choices
        self.beyond = around
        self.net = Net()
        self.made: dict[tuple[str, str], int] = {}
        self.targets: dict[str, dict[str, str]] = {}
        self.around: dict[str, _Border] = {}
        self.elements, self.joining, self.beside = self._regions()

    def level(self) -> Level:
        nodes = [node for node in self.graph.nodes.values() if node.id in self.elements and not self._inlined(node)]
        self.net.outlook = Outlook({name: self.graph.reach[name] for name in self.graph.reach if name in self.elements})
        vertices = self.net.vertices
        vertices[ENTRY] = Vertex("", Join.ALL)
        for node in nodes:
            vertices[node.id] = Vertex(node.id, self._join(node), covers={node.id}, rests=self._stays(node))
            vertices[node.id].pace, vertices[node.id].busy = pace_of(node, self.beyond.look), is_busy(self.graph, node)
        for node in nodes:
            self._fill(node)
        self._begin()
        self._await_the_absent()
        thrown = {name: self._border(self.graph.nodes[name]).passing for name in self.elements}
        uncounted = sorted(name for name in self.joining if self.graph.nodes[name].kind is Kind.CAUGHT)
        passes, rests = self._pace()
        return Level(self.net, self.elements, self.beside, thrown, uncounted, passes, rests)

    def _inlined(self, node: Node) -> bool:
        """Plain ends are the sink; a boundary event is one outcome of its activity."""
        return node.kind is Kind.END or is_boundary(node)

    def _join(self, node: Node) -> Join:
        if node.incoming < 2:
            return Join.EACH
        return _JOINS.get(node.kind, Join.EACH)

    def _stays(self, node: Node) -> bool:
        """Whether a token always rests at a node; what need not is split in two."""
        return self._may_stay(node) and not self._may_pass(node)

    def _may_stay(self, node: Node) -> bool:
        if has_inside(node):
            return self.beyond.look(node).rests
        if node.host and self.graph.nodes[node.host].kind is Kind.CHOICE and node.incoming:
            return False  # the token rests at the gateway until this has happened
        return node.kind in _RESTING or node.trigger == COMPENSATE

    def _may_pass(self, node: Node) -> bool:
        """Whether a token may go on at once from where it may rest as well."""
        if node.kind not in _ACTIVITIES or not self._may_stay(node):
            return False
        nothing_to_undo = node.trigger == COMPENSATE
        return nothing_to_undo or _rounds(node).skipped or (has_inside(node) and self.beyond.look(node).passes)

    def _begin(self) -> None:
        entry = self.graph.nodes[self.entry]
        start = self.net.vertices[ENTRY]
        start.covers.add(entry.id)
        if self._inlined(entry):
            start.outcomes = [Outcome(self._edges(ENTRY, (flow.id for flow in entry.outgoing), entry), (entry.id,))]
        elif entry.kind is Kind.START or entry.id not in self.graph.starts:
            start.outcomes = [Outcome(frozenset({self.net.connect(ENTRY, entry.id)}))]
        else:  # what it waits for has happened already
            start.covers.add(entry.host)
            others = [self.net.connect(ENTRY, name) for name in self._awaited_too()]
            self._in_order(ENTRY, entry)
            for flows in self.choices.ways(entry):
                start.outcomes.append(Outcome(self._edges(ENTRY, flows, entry).union(others), (entry.id,)))

    def _awaited_too(self) -> list[str]:
        """The other events of a gateway that began the instance with one of several that belong together."""
        gateway = self.graph.nodes.get(self.graph.nodes[self.entry].host)
        if gateway is None or not gateway.together:
            return []
        return [name for name in gateway.watched if name != self.entry]

    def _fill(self, node: Node) -> None:
        vertex = self.net.vertices[node.id]
        if any(getattr(node, name) != usual for name, usual in _UNTAUGHT.items()):
            raise UnknownKindError(node)
        if node.kind is Kind.TERMINATE:
            vertex.outcomes = [Outcome(leaving=DONE)]
        elif node.kind in (Kind.ERROR, Kind.CANCEL) or (node.kind is Kind.THROW and self.beyond.cut_off(node)):
            vertex.outcomes = [Outcome(leaving=THROWN)]
        elif node.kind in _GATEWAYS:
            vertex.outcomes = self._normal(node.id, node)
        elif node.kind in _ACTIVITIES:
            self._activity(node)
        else:
            raise UnknownKindError(node)

    def _normal(self, name: str, node: Node) -> list[Outcome]:
        self._in_order(name, node)
        return [Outcome(self._edges(name, flows, node)) for flows in self.choices.ways(node)]

    def _in_order(self, name: str, node: Node) -> None:
        """Number the edges for the flows that may be chosen as they are drawn."""
        chosen = {flow for flows in self.choices.ways(node) for flow in flows}
        if chosen:
            self._edges(name, (flow.id for flow in node.outgoing if flow.id in chosen), node)

    def _activity(self, node: Node) -> None:
        vertex, times = self.net.vertices[node.id], _rounds(node)
        if not times.begins:
            vertex.covers.clear()
            vertex.outcomes = self._normal(node.id, node)
            return
        inside = self.beyond.look(node) if has_inside(node) else Inside()
        border = self._border(node)
        stopping = [event for event in border.events if event.interrupting]
        beside = [event for event in border.events if event.id in self.joining for _ in range(_times(event))]
        ways = _Ways(inside.completes and times.ends, stopping, beside, cut=border.passes_error)
        passes = self._may_pass(node)
        if passes or times.skipped or beside:
            self._stages(node, ways, passes=passes or times.skipped)
            return
        if ways.completes:
            vertex.outcomes = self._normal(node.id, node)
        for event in stopping:
            vertex.outcomes.append(self._event(node.id, event))
            vertex.covers.add(event.id)
        if ways.cut:
            vertex.outcomes.append(Outcome(leaving=THROWN))
        self._go_round(node.id, vertex)

    def _go_round(self, name: str, vertex: Vertex) -> None:
        """What nothing ever ends goes round."""
        if not vertex.outcomes:
            vertex.outcomes.append(Outcome(frozenset({self._reuse(name, name)})))

    def _border(self, node: Node) -> "_Border":
        """What can happen at the border of an activity: what is caught there must be thrown inside."""
        if node.id not in self.around:
            watched = [self.graph.nodes[name] for name in node.watched if is_boundary(self.graph.nodes[name])]
            if node.kind in AT_ONCE:  # nothing can happen meanwhile
                watched = []
            thrown = self.beyond.look(node).thrown if has_inside(node) else thrown_by(node)
            if not _rounds(node).begins:
                watched, thrown = [], frozenset()
            catching, passing = caught_by((self.graph.nodes[name] for name in node.caught), thrown)
            self.around[node.id] = _Border(watched + catching, passing)
        return self.around[node.id]

    def _event(self, name: str, event: Node) -> Outcome:
        return Outcome(self._edges(name, (flow.id for flow in event.outgoing), event), (event.id,))

    def _stages(self, node: Node, ways: "_Ways", *, passes: bool) -> None:
        """The activity ends, is stopped, or sends a token beside itself and runs on as its next stage.

        Where it `passes`, it is decided at once whether it is done at all.
        """
        after = Vertex("", covers={node.id}, pace=pace_of(node, self.beyond.look, ending=True))
        self.net.vertices[f"{node.id}>"] = after
        after.outcomes = self._normal(f"{node.id}>", node)
        for event in {event.id: event for event in (*ways.stopping, *ways.beside)}.values():
            happening = self.net.vertices[event.id] = Vertex(event.id, covers={event.id})
            happening.outcomes = [Outcome(self._edges(event.id, (flow.id for flow in event.outgoing), event))]
        name, vertex = node.id, self.net.vertices[node.id]
        if passes:
            name = f"{node.id}*"
            self.net.vertices[name] = Vertex(node.id, covers={node.id}, rests=self._may_stay(node))
            self.net.vertices[name].pace, self.net.vertices[name].busy = vertex.pace, vertex.busy
            vertex.pace = Pace.PROMPT
            vertex.covers.clear()
            over = Outcome(frozenset({self._reuse(node.id, f"{node.id}>")}))
            vertex.outcomes = [over, Outcome(frozenset({self._reuse(node.id, name)}))]
            vertex = self.net.vertices[name]
        self._stage(node, name, vertex, ways)

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
                stage = self.net.vertices[following] = Vertex(node.id, covers={node.id}, rests=self._may_stay(node))
                self._stage(node, following, stage, later)
            vertex.outcomes.append(Outcome(frozenset({self._reuse(name, event.id), self._reuse(name, following)})))
        self._go_round(name, vertex)

    def _reuse(self, name: str, target: str) -> int:
        """The one edge between two vertices that no flow stands for."""
        if (name, f"@{target}") not in self.made:
            self.made[name, f"@{target}"] = self.net.connect(name, target)
        return self.made[name, f"@{target}"]

    def _edges(self, name: str, flows: Iterable[str], node: Node) -> frozenset[int]:
        """Edges for the flows that a token leaves by; one to the sink where none leaves."""
        if node.id not in self.targets:
            self.targets[node.id] = {flow.id: flow.target for flow in node.outgoing}
        made = [self._edge(name, flow, self.targets[node.id][flow]) for flow in flows]
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

    def _pace(self) -> tuple[bool, bool]:
        """Whether a token may reach an end without resting anywhere, and whether it may rest anywhere."""
        vertices = self.net.vertices
        seen, stack, passes, rests = {ENTRY}, [ENTRY], False, False
        while stack:
            for outcome in vertices[stack.pop()].outcomes:
                passes = passes or outcome.leaving == DONE or not (outcome.leaving or outcome.edges)
                fresh = {self.net.edges[number].target for number in outcome.edges} - seen
                rests = rests or any(vertices[name].rests for name in fresh)
                passes = passes or SINK in fresh
                stack += [name for name in fresh if name != SINK and not vertices[name].rests]
                seen |= fresh
        return passes, rests

    # Which elements belong to the level

    def _regions(self) -> tuple[set[str], set[str], list[str]]:
        """Its elements, the events that do not interrupt yet join it, and those whose paths stay apart."""
        joining: set[str] = set()
        while True:
            main = self._closure([self.entry, *self._awaited_too()], joining)
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
        return {event.id for node in nodes for event in self._border(node).events if not event.interrupting}

    def _common(self, main: set[str], event: str) -> set[str]:
        """What a path beside the level shares with it; ends that only use tokens up may be shared."""
        path = self._closure([event], None)
        return {name for name in path & main if self.graph.nodes[name].tag != "endEvent"}

    def _closure(self, entries: list[str], joining: set[str] | None) -> set[str]:
        """What is reached from `entries`, by events that do not interrupt as well where they join (None: all do)."""
        seen, stack = set(entries), list(entries)
        while stack:
            node = self.graph.nodes[stack.pop()]
            following = {flow.target for flow in node.outgoing}
            for event in self._border(node).events:
                if event.interrupting or joining is None or event.id in joining:
                    following.add(event.id)
            stack += following - seen
            seen |= following
        return seen


@dataclass(frozen=True, slots=True)
class _Border:
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


def _times(event: Node) -> int:
    """A timer fires once; whatever else does not interrupt may come again, and twice shows all that more can do."""
    timer = event.timer
    if timer is None:
        return 2
    if timer.cycle is not None:
        return 2 if timer.cycle.times is None else min(timer.cycle.times, 2)
    return 2 if timer.unit == "cycle" else 1


def _rounds(node: Node) -> Rounds:
    return ONCE if node.loop is None else rounds_of(node.loop)


_TAUGHT = frozenset(
    {
        *("id", "tag", "kind", "name", "name_en", "stage", "scope", "outgoing", "conditional", "default", "incoming"),
        *("attached", "watched", "caught", "handlers", "triggered", "host", "interrupting", "inner", "trigger", "code"),
        *("role", "outcomes", "form", "action", "decision", "message", "timer", "condition", "to", "script", "result"),
        *("loop", "called", "isolated", "inputs", "outputs", "instantiates", "together", "adhoc", "improvised"),
        *("undo", "undo_inside", "noted", "undoes"),
    }
)
_UNTAUGHT = {each.name: each.default for each in fields(Node) if each.name not in _TAUGHT}
"""What a node may come to say that this check does not know of, with the value that says nothing."""

_JOINS = {Kind.PARALLEL: Join.ALL, Kind.INCLUSIVE: Join.INCLUSIVE}
_RESTING = frozenset(
    {
        *(Kind.TASK, Kind.ACTION, Kind.DECISION, Kind.CHOICE),
        *(Kind.TIMER, Kind.MESSAGE, Kind.SIGNAL, Kind.CONDITION),
    }
)
_GATEWAYS = frozenset({Kind.START, Kind.PASS, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.CHOICE})
_ACTIVITIES = (_RESTING - _GATEWAYS) | AT_ONCE | {Kind.SCOPE, Kind.CALL, Kind.ADHOC}
