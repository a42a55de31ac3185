"""Play a process, or several pools together, to the end, as if everybody did at once what waits for them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhengtong.engines.bpmn import (
    ActionDone,
    ActivityStarted,
    AdHocEnded,
    BpmnError,
    BroadcastSignal,
    Event,
    Graph,
    MessageReceived,
    Model,
    Node,
    OfferActivities,
    Outcome,
    Pools,
    Route,
    SendMessage,
    SignalReceived,
    State,
    StoreData,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    compile_pools,
    compile_process,
    hand_over,
    start,
    step,
)

OUTCOME = "outcome"
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Completed:
    """One activity that was completed; `number` counts them from 1, `after` are those it could not come before."""

    number: int
    process: str
    element: str
    tag: str
    name: str
    after: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        names = ("number", "process", "element", "tag", "name", "after")
        return {name: getattr(self, name) for name in names}


class _Descent:
    """Which completed activities each token comes after at once; `before` are those before the start."""

    def __init__(self, before: frozenset[int]) -> None:
        self._before = before
        self._after: dict[int, frozenset[int]] = {0: frozenset()}
        self._inside: dict[int, set[int]] = defaultdict(set)

    def came(self, token: Token) -> None:
        """A token came about: it comes after what its origins come after."""
        self._after[token.id] = self._of(token.origins)

    def completed(self, token: Token, number: int) -> tuple[int, ...]:
        """An activity is completed: what it comes after; what descends from it comes after it alone."""
        if not token.id:  # it never rested, and no token descends from it
            before = self._of(token.origins)
        else:
            before = (self._after.get(token.id) or self._of(token.origins)) | self._inside.pop(token.id, set())
            self._after[token.id] = frozenset({number})
        self._inside[token.scope].add(number)
        return tuple(sorted(before))

    def hears(self, token: int, numbers: frozenset[int]) -> None:
        """A token has had a message, and comes after what that came after."""
        self._after[token] = self._after.get(token, _NONE) | numbers

    def of(self, token: Token) -> frozenset[int]:
        """What a token that is over comes after, or, where it stood at an activity, that."""
        return self._after.get(token.id, _NONE) if token.id else self._of(token.origins)

    def _of(self, tokens: tuple[int, ...]) -> frozenset[int]:
        if not tokens:
            return self._before
        return _NONE.union(*(self._after.get(token, _NONE) for token in tokens))


def playable(model: Model, process: str | None) -> Graph | Pools:
    """What a document has to play: `process`, or all pools of a collaboration together where each can be executed.

    Else the first process that can be. Raises BpmnError where there is none.
    """
    if process is None:
        try:
            pools = compile_pools(model)
        except BpmnError:
            pools = Pools()
        if len(pools.graphs) > 1:
            return pools
    return executable_process(model, process)


def executable_process(model: Model, process: str | None) -> Graph:
    """The graph of `process`, or of the first that can be executed. Raises BpmnError where there is none."""
    if process is not None or len(model.process_ids) < 2:
        return compile_process(model, process)
    refusals: list[BpmnError] = []
    for name in model.process_ids:
        try:
            return compile_process(model, name)
        except BpmnError as refusal:
            refusals.append(refusal)
    raise refusals[0]


@dataclass
class Played:
    """One instance while it is played."""

    graph: Graph
    data: dict[str, object]
    state: State
    descent: _Descent
    offers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    started: Counter[tuple[int, str]] = field(default_factory=Counter)
    order: dict[int, int] = field(default_factory=dict)

    def node(self, element: str) -> Node:
        """The node of that id, here or in a process that is called."""
        graphs = (self.graph, *self.graph.library.values())
        return next(graph.nodes[element] for graph in graphs if element in graph.nodes)

    def rank(self, token: Token) -> int:
        """What comes first: tasks, what is on offer for the first time, events, the end of an offer, boundary events.

        The last would cut off or accompany something else that goes on.
        """
        if token.wait in _AT_HAND:
            return 0
        if token.wait is Wait.ADHOC:
            return 1 if any(not self.started[token.id, name] for name in self.offers[token.id]) else 3
        return 4 if self.node(token.element).tag in ("boundaryEvent", "startEvent") else 2

    def answer(self, token: Token) -> Event:
        """The event that lets a token go on."""
        return _ANSWERS[token.wait](self, token)

    def task(self, token: Token) -> Event:
        outcomes = self.node(token.element).outcomes
        if not outcomes:
            return TaskCompleted(token.id)
        given = self.data.get(OUTCOME)
        return TaskCompleted(token.id, {OUTCOME: given if given in outcomes else outcomes[0]})

    def improvise(self, token: Token) -> Event:
        adhoc, offered = self.node(token.element).adhoc, self.offers[token.id]
        chosen = min(offered, key=lambda name: self.started[token.id, name])
        if self.started[token.id, chosen] and adhoc is not None and adhoc.until is None:
            return AdHocEnded(token.id)
        self.started[token.id, chosen] += 1
        return ActivityStarted(token.id, chosen)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that is under way, and the activities it comes after."""

    route: Route
    message: str
    data: Mapping[str, object]
    after: frozenset[int]


@dataclass(frozen=True, slots=True)
class Thrown:
    """A signal that other pools are to hear, who threw it, and the activities it comes after."""

    sender: Played
    signal: str
    data: Mapping[str, object]
    after: frozenset[int]


class Trace:
    """One instance, or those of several pools. Iterating gives each activity as it is completed.

    Waiting tasks, and actions and decisions, which here all succeed, are completed in the order in which they came
    about. Only where there is none does the event happen that was awaited first: a timer, a message, a signal; one at
    the border of an activity only where there is no other. A task that has outcomes gets the one in `data`, or else its
    first. What an ad-hoc sub-process offers is started in the order of the drawing, each once, and again only where it
    is not over by then. Pools begin at once unless a message from another begins them; a message is kept until it is
    awaited, and one that another pool should send never comes by itself. A signal is heard by what awaits it in the
    other pools when it is thrown, and begins those that begin by it; one that another throws comes by itself last.

    `ended` tells whether all ended, `kept` which messages nobody awaited, `taken` how many events happened.
    """

    def __init__(self, what: Graph | Pools, data: Mapping[str, object], now: datetime, most: int) -> None:
        self.pools = what if isinstance(what, Pools) else Pools({what.process: what})
        self.data = data
        self.now = now
        self.most = most
        self.number = self.taken = self.came = 0
        self.instances: list[Played] = []
        self.kept: list[Kept] = []
        self.thrown: list[Thrown] = []
        self._beside = {name: self._thrown_beside(graph) for name, graph in self.pools.graphs.items()}
        self.ended = False

    def __iter__(self) -> Iterator[Completed]:
        for graph, at in self._beginnings():
            yield from self._begin(graph, at, _NONE)
        while self.taken < self.most:
            yield from self._deliver()
            found = self._next()
            if found is None:
                break
            yield from self._step(*found)
        self.ended = all(instance.state.ended for instance in self.instances)

    def _beginnings(self) -> list[tuple[Graph, str]]:
        """The pools that begin by themselves, and where: at the plain start event, or the first that nobody feeds."""
        found = []
        for graph in self.pools.graphs.values():
            nodes = [graph.nodes[name] for name in graph.starts]
            plain = [node for node in nodes if not node.trigger]
            heard = self._beside[graph.process]
            free = plain or [n for n in nodes if n.id not in self.pools.fed and not (_is_signal(n) and n.code in heard)]
            if free or not nodes:
                found.append((graph, free[0].id if free else ""))
        if not found:
            graph = next(iter(self.pools.graphs.values()))
            found.append((graph, graph.starts[0]))
        return found

    def _thrown_beside(self, graph: Graph) -> set[str]:
        """The signals that other pools throw, or what they call."""
        pools = (pool for pool in self.pools.graphs.values() if pool is not graph)
        throwing = (each for pool in pools for each in (pool, *pool.library.values()))
        return {n.code for each in throwing for n in each.nodes.values() if n.tag in _THROWING and _is_signal(n)}

    def _begin(self, graph: Graph, at: str, after: frozenset[int]) -> Iterator[Completed]:
        instance = Played(graph, dict(self.data), State(), _Descent(after))
        outcome = start(graph, instance.data, self.now, at)
        self.instances.append(instance)
        yield from self._book(instance, outcome)

    def _step(self, instance: Played, event: Event) -> Iterator[Completed]:
        self.taken += 1
        if isinstance(event, TaskCompleted | MessageReceived | SignalReceived):
            instance.data |= event.data
        yield from self._book(instance, step(instance.graph, instance.state, event, instance.data, self.now))

    def _book(self, instance: Played, outcome: Outcome) -> Iterator[Completed]:
        instance.state = outcome.state
        thrown: dict[str, frozenset[int]] = {}
        for token in outcome.change.done:
            node = instance.node(token.element)
            if is_activity(node):
                self.number += 1
                after = instance.descent.completed(token, self.number)
                yield Completed(self.number, instance.graph.process, node.id, node.tag, node.name, after)
                thrown[node.id] = frozenset({self.number})
            else:
                thrown[node.id] = instance.descent.of(token)
        for token in (*outcome.change.passed, *outcome.change.added):
            instance.descent.came(token)
        for token in outcome.change.added:
            self.came += 1
            instance.order[token.id] = self.came
        for command in outcome.commands:
            if isinstance(command, OfferActivities):
                instance.offers[command.token] = command.activities
            elif isinstance(command, StoreData):
                instance.data |= command.data
            elif isinstance(command, SendMessage):
                after_it = thrown.get(command.element, _NONE)
                routes = self.pools.routes(command)
                self.kept += [Kept(route, command.message, command.data, after_it) for route in routes]
            elif isinstance(command, BroadcastSignal):
                after_it = thrown.get(command.element, _NONE)
                self.thrown.append(Thrown(instance, command.signal, command.data, after_it))

    def _deliver(self) -> Iterator[Completed]:
        """Hand over what is under way, the oldest first, as long as somebody awaits it; signals at once."""
        while self.taken < self.most:
            if self.thrown:
                yield from self._hear(self.thrown.pop(0))
                continue
            found = next((each for each in map(self._receiver, self.kept) if each is not None), None)
            if found is None:
                return
            kept, instance, event = found
            self.kept.remove(kept)
            if instance is not None and event is not None:
                instance.descent.hears(event.token, kept.after)
                yield from self._step(instance, event)
            else:
                self.taken += 1
                yield from self._begin(self.pools.graphs[kept.route.process], kept.route.start, kept.after)

    def _hear(self, thrown: Thrown) -> Iterator[Completed]:
        """Every other pool that awaits a signal has it, and those that begin by it begin."""
        graphs = [graph for graph in self.pools.graphs.values() if graph is not thrown.sender.graph]
        for instance in tuple(self.instances):
            awaiting = [t for t in instance.state.tokens if t.wait is Wait.SIGNAL and t.name == thrown.signal]
            if awaiting and instance is not thrown.sender:
                for token in awaiting:
                    instance.descent.hears(token.id, thrown.after)
                yield from self._step(instance, SignalReceived(thrown.signal, thrown.data))
        for graph in graphs:
            for name in graph.starts:
                if _is_signal(graph.nodes[name]) and graph.nodes[name].code == thrown.signal:
                    self.taken += 1
                    yield from self._begin(graph, name, thrown.after)

    def _receiver(self, kept: Kept) -> "tuple[Kept, Played | None, MessageReceived | None] | None":
        """The oldest instance that awaits a message; a new one where none does and one begins by it."""
        for instance in self.instances:
            event = hand_over(kept.route, instance.state, kept.data)
            if event is not None and instance.graph.process == kept.route.process:
                return kept, instance, event
        return (kept, None, None) if kept.route.start else None

    def _next(self) -> tuple[Played, Event] | None:
        ready = [
            (self._rank(instance, token), instance.order[token.id], instance, token)
            for instance in self.instances
            for token in instance.state.tokens
            if token.wait in _ANSWERS and self._answerable(instance, token)
        ]
        if not ready:
            return None
        _rank, _order, instance, token = min(ready, key=lambda each: each[:2])
        return instance, instance.answer(token)

    def _rank(self, instance: Played, token: Token) -> int:
        """As that of the instance; what another pool may throw comes last."""
        beside = token.wait is Wait.SIGNAL and token.name in self._beside[instance.graph.process]
        return _LAST if beside else instance.rank(token)

    def _answerable(self, instance: Played, token: Token) -> bool:
        """What offers nothing at present waits for something else, and another pool's message for that pool."""
        if token.wait is Wait.ADHOC:
            return bool(instance.offers.get(token.id))
        return token.wait is not Wait.MESSAGE or token.element not in self.pools.fed


def is_activity(node: Node) -> bool:
    """Tasks of every kind, sub-processes and calls; neither events nor gateways."""
    return node.tag.endswith(("Task", "Process", "Activity")) or node.tag in ("task", "transaction")


def _is_signal(node: Node) -> bool:
    return node.trigger == "signal"


def _call(_instance: Played, token: Token) -> Event:
    return ActionDone(token.id)


_ANSWERS: Mapping[Wait, Callable[[Played, Token], Event]] = {
    Wait.TASK: Played.task,
    Wait.ADHOC: Played.improvise,
    Wait.ACTION: _call,
    Wait.DECISION: _call,
    Wait.TIMER: lambda _instance, token: TimerFired(token.id),
    Wait.MESSAGE: lambda _instance, token: MessageReceived(token.name, token=token.id),
    Wait.SIGNAL: lambda _instance, token: SignalReceived(token.name),
}
_THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
_LAST = 5
_AT_HAND = frozenset({Wait.TASK, Wait.ACTION, Wait.DECISION})
