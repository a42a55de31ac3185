"""Play one instance of a process from its start to its end, as if everybody did at once what waits for them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from zhengtong.engines.bpmn import (
    ActionDone,
    ActivityStarted,
    AdHocEnded,
    BpmnError,
    Event,
    Graph,
    MessageReceived,
    Model,
    Node,
    OfferActivities,
    Outcome,
    SignalReceived,
    StoreData,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    compile_process,
    start,
    step,
)

OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Completed:
    """One activity that was completed; `number` counts them from 1, `after` are those it could not come before."""

    number: int
    element: str
    tag: str
    name: str
    after: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {"number": self.number, **{name: getattr(self, name) for name in ("element", "tag", "name", "after")}}


class _Descent:
    """Which completed activities each token comes after at once."""

    def __init__(self) -> None:
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

    def _of(self, tokens: Iterable[int]) -> frozenset[int]:
        return frozenset().union(*(self._after.get(token, frozenset()) for token in tokens))


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


class Trace:
    """One instance. Iterating gives each activity as it is completed; `ended` tells whether the process ended.

    Waiting tasks, and actions and decisions, which here all succeed, are completed in the order in which they came
    about. Only where there is none does the event happen that was awaited first: a timer, a message, a signal; one at
    the border of an activity only where there is no other. A task that has outcomes gets the one in `data`, or else its
    first. What an ad-hoc sub-process offers is started in the order of the drawing, each once, and again only where it
    is not over by then.
    """

    def __init__(self, graph: Graph, data: Mapping[str, object], now: datetime, most: int) -> None:
        self.graph = graph
        self.data = dict(data)
        self.now = now
        self.most = most
        self.number = self.taken = 0
        self.descent = _Descent()
        self.offers: dict[int, tuple[str, ...]] = {}
        self.started: Counter[tuple[int, str]] = Counter()
        self.ended = False

    def __iter__(self) -> Iterator[Completed]:
        outcome = start(self.graph, self.data, self.now, self._start())
        while True:
            yield from self._book(outcome)
            event = None if self.taken >= self.most else self._next(outcome)
            if event is None:
                self.ended = outcome.state.ended
                return
            self.taken += 1
            if isinstance(event, TaskCompleted):
                self.data |= event.data
            outcome = step(self.graph, outcome.state, event, self.data, self.now)

    def _book(self, outcome: Outcome) -> Iterator[Completed]:
        for command in outcome.commands:
            if isinstance(command, OfferActivities):
                self.offers[command.token] = command.activities
            elif isinstance(command, StoreData):
                self.data |= command.data
        for token in outcome.change.done:
            node = self._node(token.element)
            if is_activity(node):
                self.number += 1
                after = self.descent.completed(token, self.number)
                yield Completed(self.number, node.id, node.tag, node.name, after)
        for token in (*outcome.change.passed, *outcome.change.added):
            self.descent.came(token)

    def _start(self) -> str:
        """The plain start event, or the first of those that wait for something."""
        nodes = [self.graph.nodes[name] for name in self.graph.starts]
        plain = [node for node in nodes if not node.trigger]
        return (plain or nodes)[0].id if nodes else ""

    def _next(self, outcome: Outcome) -> Event | None:
        waiting = sorted(
            (token for token in outcome.state.tokens if token.wait in _ANSWERS and self._answerable(token)),
            key=lambda token: (self._rank(token), token.id),
        )
        return _ANSWERS[waiting[0].wait](self, waiting[0]) if waiting else None

    def _answerable(self, token: Token) -> bool:
        """What offers nothing at present waits for something else."""
        return token.wait is not Wait.ADHOC or bool(self.offers.get(token.id))

    def _rank(self, token: Token) -> int:
        """What comes first: tasks, what is on offer for the first time, events, the end of an offer, boundary events.

        The last would cut off or accompany something else that goes on.
        """
        if token.wait in _AT_HAND:
            return 0
        if token.wait is Wait.ADHOC:
            return 1 if any(not self.started[token.id, name] for name in self.offers[token.id]) else 3
        return 4 if self._node(token.element).tag in ("boundaryEvent", "startEvent") else 2

    def _node(self, element: str) -> Node:
        graphs = (self.graph, *self.graph.library.values())
        return next(graph.nodes[element] for graph in graphs if element in graph.nodes)

    def _improvise(self, token: Token) -> Event:
        adhoc, offered = self._node(token.element).adhoc, self.offers[token.id]
        chosen = min(offered, key=lambda name: self.started[token.id, name])
        if self.started[token.id, chosen] and adhoc is not None and adhoc.until is None:
            return AdHocEnded(token.id)
        self.started[token.id, chosen] += 1
        return ActivityStarted(token.id, chosen)

    def _task(self, token: Token) -> Event:
        outcomes = self._node(token.element).outcomes
        if not outcomes:
            return TaskCompleted(token.id)
        given = self.data.get(OUTCOME)
        return TaskCompleted(token.id, {OUTCOME: given if given in outcomes else outcomes[0]})

    def _call(self, token: Token) -> Event:
        return ActionDone(token.id)

    def _timer(self, token: Token) -> Event:
        return TimerFired(token.id)

    def _message(self, token: Token) -> Event:
        return MessageReceived(token.name, token=token.id)

    def _signal(self, token: Token) -> Event:
        return SignalReceived(token.name)


def is_activity(node: Node) -> bool:
    """Tasks of every kind, sub-processes and calls; neither events nor gateways."""
    return node.tag.endswith(("Task", "Process", "Activity")) or node.tag in ("task", "transaction")


_ANSWERS: Mapping[Wait, Callable[[Trace, Token], Event]] = {
    Wait.TASK: Trace._task,
    Wait.ADHOC: Trace._improvise,
    Wait.ACTION: Trace._call,
    Wait.DECISION: Trace._call,
    Wait.TIMER: Trace._timer,
    Wait.MESSAGE: Trace._message,
    Wait.SIGNAL: Trace._signal,
}
_AT_HAND = frozenset({Wait.TASK, Wait.ACTION, Wait.DECISION})
