"""Soundness of a compiled process, level by level: the process itself, its sub-processes, and paths beside them.

A process is sound when from every state it can reach an end can be reached (deadlock, endless), no step is done more
often than drawn (lack of synchronisation, unbounded growth), every step can be done (unreachable), and some flow can
always be chosen (missing default, dead end). W. van der Aalst, The Application of Petri Nets to Workflow Management
(1998) §3; levels are checked apart as in J. Vanhatalo et al., Faster and More Focused Control-Flow Analysis (2007).
Conditions of one node are taken together; those of different nodes as independent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhengtong.engines.bpmn.graph import AdHoc, Graph, Kind, Node
from zhengtong.engines.bpmn.soundness.building import Around, Level, UnknownKindError, build
from zhengtong.engines.bpmn.soundness.choosing import Choices, Gap, TooManyFlowsError
from zhengtong.engines.bpmn.soundness.exploring import Space, States
from zhengtong.engines.bpmn.soundness.faults import Fault, Soundness, Verdict
from zhengtong.engines.bpmn.soundness.judging import judge
from zhengtong.engines.bpmn.soundness.nets import DONE
from zhengtong.engines.bpmn.soundness.pacing import has_inside
from zhengtong.engines.bpmn.soundness.reducing import reduce
from zhengtong.engines.bpmn.soundness.rounds import may_be_true
from zhengtong.engines.bpmn.soundness.throwing import (
    COMPENSATE,
    Inside,
    Thrown,
    caught_by,
    cuts_off,
    is_boundary,
    throws_of,
)
from zhengtong.engines.bpmn.steps.calling import MOST_DEEP

STATE_LIMIT = 20_000
"""States looked at for one level before the check gives up and says undecided: some seconds at worst."""


def examine(graph: Graph, limit: int = STATE_LIMIT, calls: "Calls | None" = None) -> Soundness:
    """Whether `graph` is sound, with every fault. At most `limit` states a level are looked at.

    A process that it calls counts as one activity: it must be sound where it begins without a trigger, and what is
    wrong with it is told of itself. `calls` is kept by who examines many that call one another, those called first, so
    that each is looked at once.
    """
    calls = calls or Calls(limit)
    examination = _Examination(graph, limit, calls)
    for start in graph.starts:
        examination.enter(start)
    calls.forget()
    return examination.result()


@dataclass(slots=True)
class _Seen:
    """What came of one level."""

    inside: Inside
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Look:
    """What can come out of a process, whether what it does until then is sound, and how deep it calls others.

    `cut` says that something in it was not looked at for what is under way around it, so that elsewhere it may differ.
    """

    inside: Inside
    verdict: Verdict
    height: int
    cut: bool


@dataclass(slots=True)
class Calls:
    """The processes that are called, each examined once for what is cut off around it, and those under way."""

    limit: int = STATE_LIMIT
    under_way: list[str] = field(default_factory=list)
    cuts: int = 0
    found: dict[tuple[str, frozenset[Thrown]], _Look] = field(default_factory=dict)

    def look(self, graph: Graph, cut: frozenset[Thrown]) -> _Look:
        """What comes of calling a process."""
        key = (graph.process, cut)
        if key not in self.found:
            before = self.cuts
            examination = _Examination(graph, self.limit, self, cut)
            (start,) = [name for name in graph.starts if not graph.nodes[name].trigger]
            inside = examination.enter(start)
            self.found[key] = _Look(inside, examination.running(), examination.height, self.cuts > before)
        elif self.found[key].cut:
            self.cuts += 1
        return self.found[key]

    def forget(self) -> None:
        """Keep only what is the same wherever it is called."""
        self.found = {key: look for key, look in self.found.items() if not look.cut}


class _Examination:
    def __init__(self, graph: Graph, limit: int, calls: Calls, cut: frozenset[Thrown] = frozenset()) -> None:
        self.graph = graph
        self.limit = limit
        self.calls = calls
        self.cut = cut
        self.choices = Choices(graph)
        self.seen: dict[str, _Seen] = {}
        self.scopes: dict[str, Inside] = {}
        self.called: dict[str, Fault] = {}
        self.reached: set[str] = set()
        self.states = 0
        self.height = 0  # of the processes that it calls, and those that they call

    def enter(self, start: str) -> Inside:
        """Examine what follows from one start event."""
        self.calls.under_way.append(self.graph.process)
        try:
            inside = self._scope(start, self.graph.handlers, ())
            self._undo()
            return inside
        finally:
            self.calls.under_way.pop()

    def result(self) -> Soundness:
        """Every fault, with what is wrong with the drawing alone."""
        found = [*self._found(), *self._dead_ends(), *self._unreachable()]
        distinct = list({(fault.code, fault.elements): fault for fault in reversed(found)}.values())[::-1]
        return Soundness(_verdict(distinct), tuple(distinct), self.states)

    def running(self) -> Verdict:
        """Whether it always runs to its end, whoever begins it."""
        return _verdict(self._found())

    def _found(self) -> list[Fault]:
        """What is wrong with whatever can be reached."""
        found = [fault for entry, seen in self.seen.items() if self._opens(entry) for fault in seen.faults]
        found += [fault for name, fault in self.called.items() if self._is_reached(name)]
        return [*found, *self._choices()]

    def _opens(self, entry: str) -> bool:
        """Whether the level that begins at an element can be reached."""
        node = self.graph.nodes[entry]
        around = node.host if is_boundary(node) else node.scope
        return not around or self._is_reached(around)

    def _is_reached(self, name: str) -> bool:
        scope = self.graph.nodes[name].scope
        return name in self.reached and (not scope or self._is_reached(scope))

    # Levels

    def _look(self, node: Node, before: tuple[str, ...]) -> Inside:
        """What can come out of a sub-process."""
        if node.called:
            return self._call(node)
        if node.id not in self.scopes:
            self.scopes[node.id] = Inside()
            self.scopes[node.id] = (
                self._improvise(node, node.adhoc, (*before, node.id))
                if node.adhoc
                else self._scope(node.inner, node.handlers, (*before, node.id))
            )
        return self.scopes[node.id]

    def _improvise(self, node: Node, adhoc: AdHoc, before: tuple[str, ...]) -> Inside:
        """What can come out of an ad-hoc sub-process: whatever is on offer may be started at any time."""
        inside = [other for other in self.graph.nodes.values() if other.scope == node.id]
        if node.handlers or any(other.kind in _JOINING and other.incoming > 1 for other in inside):
            self._unknown(node)
            self.reached |= {other.id for other in inside}
            return Inside()
        thrown = [self._level(offer, before).thrown for offer in adhoc.offers]
        return Inside(adhoc.until is None or may_be_true(adhoc.until), frozenset().union(*thrown))

    def _unknown(self, node: Node) -> None:
        params = {"kind": node.tag}
        self.called[node.id] = Fault("soundness.kind_unknown", (node.id,), params=params, blocking=False)

    def _undo(self) -> None:
        """What undoes something that can be done can be done as well."""
        undone: set[str] = set()
        events = {
            name: node.host for name, node in self.graph.nodes.items() if node.trigger == COMPENSATE and node.host
        }
        while True:
            found = [node for name, node in self.graph.nodes.items() if name not in undone and self._is_reached(name)]
            found = [node for node in found if node.undo or node.undo_inside]
            if not found:
                return
            for node in found:
                undone.add(node.id)
                self.reached |= {event for event, host in events.items() if host == node.id}
                for name in (node.undo, self.graph.nodes[node.undo_inside].scope if node.undo_inside else ""):
                    if name:
                        self._undoing(self.graph.nodes[name])

    def _undoing(self, node: Node) -> None:
        self.reached.add(node.id)
        if node.attached:
            self._unknown(node)
            self.reached |= set(node.attached)
        if has_inside(node):
            self._look(node, (node.id,))

    def _call(self, node: Node) -> Inside:
        """What can come out of a process that is called, and whether that can be relied upon."""
        if node.id not in self.scopes:
            called = self.graph.library[node.called]
            again, deep = called.process in self.calls.under_way, len(self.calls.under_way) > MOST_DEEP
            if again or deep:
                self.calls.cuts += 1
                self.height = max(self.height, int(deep))
                code = "soundness.calls_itself" if again else "soundness.calls_too_deep"
                self.called[node.id] = Fault(code, (node.id,), params={"limit": MOST_DEEP}, blocking=False)
                self.scopes[node.id] = Inside()
                return self.scopes[node.id]
            cut = frozenset(each for each in throws_of(called) if self._cut(node.scope, each, node.attached))
            look = self.calls.look(called, cut)
            self.scopes[node.id], verdict = look.inside, look.verdict
            self.height = max(self.height, look.height + 1)
            params = {"process": called.name or called.process}
            if verdict is Verdict.UNSOUND:
                self.called[node.id] = Fault("soundness.called_unsound", (node.id,), params=params)
            elif len(self.calls.under_way) == 1 and look.height >= MOST_DEEP:  # told of who begins, for all below
                deepest = {"limit": MOST_DEEP}
                self.called[node.id] = Fault("soundness.calls_too_deep", (node.id,), params=deepest, blocking=False)
            elif verdict is Verdict.UNDECIDED:
                self.called[node.id] = Fault("soundness.called_undecided", (node.id,), params=params, blocking=False)
        return self.scopes[node.id]

    def _cut_off(self, node: Node) -> bool:
        """Whether what a node throws ends the level in which it stands."""
        return node.trigger in ("escalation", "signal") and self._cut(node.scope, Thrown(node.trigger, node.code))

    def _cut(self, scope: str, thrown: Thrown, first: tuple[str, ...] = ()) -> bool:
        within = cuts_off(self.graph, scope, thrown, first)
        if within is None or (not within and thrown.trigger == "signal"):
            return thrown in self.cut
        return within

    def _scope(self, entry: str, handlers: tuple[str, ...], before: tuple[str, ...]) -> Inside:
        """A level with the event sub-processes in it, which run in its place or beside it."""
        main = self._level(entry, before)
        starts = [self.graph.nodes[start] for start in handlers]
        waiting = [start for start in starts if start.trigger not in ("error", "escalation")]
        catching, passing = caught_by((start for start in starts if start not in waiting), main.thrown)
        if not main.rests:  # the level is over before anything can happen but what is heard in the same step
            waiting = [start for start in waiting if start.trigger == "signal"]
        completes, thrown = main.completes, set(passing)
        passes, rests = main.passes, main.rests
        for start in (*waiting, *catching):
            self.reached.add(start.scope)
            handler = self.graph.nodes[start.scope]
            inside = self._scope(start.id, handler.handlers, (*before, handler.id))
            completes = completes or (start.interrupting and inside.completes)
            thrown |= inside.thrown
            passes = passes or (start in catching and start.interrupting and inside.passes)
            rests = rests or inside.rests
        return Inside(completes, frozenset(thrown), passes, rests)

    def _level(self, entry: str, before: tuple[str, ...]) -> Inside:
        if entry in self.seen:
            return self.seen[entry].inside
        seen = self.seen[entry] = _Seen(Inside())
        try:
            around = Around(lambda node: self._look(node, before), self._cut_off)
            level = build(self.graph, entry, self.choices, around)
        except UnknownKindError as unknown:
            params = {"kind": unknown.node.tag}
            seen.faults.append(Fault("soundness.kind_unknown", (unknown.node.id,), params=params, blocking=False))
            self.reached |= set(self.graph.nodes)
            return seen.inside
        except TooManyFlowsError as many:
            seen.faults.append(Fault("soundness.too_many_ways", (many.node.id,), blocking=False))
            self.reached |= set(self.graph.nodes)
            return seen.inside
        states = self._explore(level, entry, before, seen)
        reached = self._reached(level, states)
        self.reached |= reached
        thrown = frozenset().union(*(level.thrown[name] for name in reached & level.elements))
        for event in (name for name in level.beside if self.graph.nodes[name].host in reached):
            thrown |= self._level(event, (*before, self.graph.nodes[event].host)).thrown
        # A level with a fault of its own counts as one that completes, so that one fault is told once.
        completes = bool(seen.faults) or not states.complete or DONE in states.leaving
        seen.inside = Inside(completes, thrown, level.passes, level.rests and states.may_rest)
        return seen.inside

    def _explore(self, level: Level, entry: str, before: tuple[str, ...], seen: _Seen) -> States:
        reduce(level.net)
        space = Space(level.net)
        states = space.explore(self.limit)
        seen.faults += judge(space, states, before)
        if not states.complete and not seen.faults:
            states = space.explore(self.limit, deep=True)
            seen.faults += judge(space, states, before)
        self.states += len(states.markings)
        if not states.complete and not seen.faults:
            params = {"limit": self.limit}
            seen.faults.append(Fault("soundness.too_many_states", (entry,), params=params, blocking=False))
        if level.uncounted and seen.faults:
            seen.faults = [Fault("soundness.times_unknown", tuple(level.uncounted), blocking=False)]
        return states

    @staticmethod
    def _reached(level: Level, states: States) -> set[str]:
        if not states.complete:
            return level.elements
        return states.entered.union(*(level.net.vertices[name].covers for name in states.fired))

    # What needs no states

    def _choices(self) -> Iterator[Fault]:
        for node in self.graph.nodes.values():
            if not node.conditional or not self._is_reached(node.id):
                continue
            try:
                gap = self.choices.gap(node)
            except TooManyFlowsError:
                continue
            if gap is not None:
                yield _gap(node, gap)

    def _dead_ends(self) -> Iterator[Fault]:
        """BPMN 2.0.2 §10.5.3: once a level has end events, its paths end in them."""
        ending = {node.scope for node in self.graph.nodes.values() if node.tag == "endEvent"}
        for node in self.graph.nodes.values():
            undoing = node.undoes or node.trigger == "compensate"
            if not (node.outgoing or node.tag == "endEvent" or node.triggered or undoing) and node.scope in ending:
                yield Fault("soundness.dead_end", (node.id,))

    def _unreachable(self) -> Iterator[Fault]:
        """Regions that are never entered, each told once; what stands inside an unreached sub-process is not."""
        left = {
            name: node
            for name, node in self.graph.nodes.items()
            if name not in self.reached and (not node.scope or self._is_reached(node.scope))
        }
        beside: dict[str, set[str]] = {name: set() for name in left}
        for name, node in left.items():
            for other in (*(flow.target for flow in node.outgoing), *node.attached):
                if other in left:
                    beside[name].add(other)
                    beside[other].add(name)
        places = {name: place for place, name in enumerate(left)}
        for first in left:
            if first in places:
                region = sorted(_connected(first, beside), key=places.__getitem__)
                for name in region:
                    del places[name]
                yield Fault("soundness.unreachable", tuple(region))


def _connected(first: str, beside: Mapping[str, set[str]]) -> set[str]:
    found, stack = {first}, [first]
    while stack:
        fresh = beside[stack.pop()] - found
        found |= fresh
        stack += fresh
    return found


_JOINING = frozenset({Kind.PARALLEL, Kind.INCLUSIVE})


def _verdict(faults: list[Fault]) -> Verdict:
    if any(fault.blocking for fault in faults):
        return Verdict.UNSOUND
    return Verdict.UNDECIDED if faults else Verdict.SOUND


def _gap(node: Node, gap: Gap) -> Fault:
    if gap.values is None:
        return Fault("soundness.default_unproven", (node.id,), blocking=False)
    values = ", ".join(f"{name} = {_written(value)}" for name, value in sorted(gap.values.items()))
    return Fault("soundness.missing_default", (node.id,), params={"values": values, "example": dict(gap.values)})


def _written(value: object) -> str:
    """A value as FEEL writes it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_written(inner)}" for name, inner in value.items()) + "}"
    return f'"{value}"' if isinstance(value, str) else str(value)
