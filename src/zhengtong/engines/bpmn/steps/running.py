"""One step while it runs: the live tokens, the moves still to make, and what has come and gone."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from heapq import heappop, heappush
from typing import NamedTuple

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import Change, State, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.crowd import Crowd
from zhengtong.engines.feel import Run as FeelRun


class Move(NamedTuple):
    """A token on its way: by which flow, to which node, in which scope, descending from which tokens.

    `turn` and `data` are what it keeps when it comes to rest.
    """

    flow: str
    target: str
    scope: int
    origins: tuple[int, ...]
    turn: int = 0
    data: str = ""


_CANCELLATIONS: Mapping[Wait, Callable[[Token], do.Command]] = {
    Wait.TASK: lambda token: do.CancelTask(token.id, token.element),
    Wait.ADHOC: lambda token: do.CancelOffer(token.id, token.element),
    Wait.ACTION: lambda token: do.CancelCall(token.id, token.element),
    Wait.DECISION: lambda token: do.CancelCall(token.id, token.element),
    Wait.TIMER: lambda token: do.CancelTimer(token.id, token.element),
    Wait.MESSAGE: lambda token: do.CancelMessage(token.id, token.element, token.name),
    Wait.SIGNAL: lambda token: do.CancelSignal(token.id, token.element, token.name),
    Wait.CONDITION: lambda token: do.CancelCondition(token.id, token.element),
}


class Run:
    """The only mutable thing in the engine; it lives for one call of `start` or `step`.

    Work done is proportional to the tokens that are live and move, never to the graph.
    """

    __slots__ = (
        "graph",
        "data",
        "now",
        "extra",
        "feel",
        "live",
        "first_id",
        "next_id",
        "moves",
        "moved",
        "limit",
        "thrown",
        "commands",
        "added",
        "completed",
        "cancelled",
        "done",
        "stopped",
        "suspended",
        "_crowd",
        "_emptied",
        "_graphs",
    )

    def __init__(self, graph: Graph, state: State, data: Mapping[str, object], now: datetime) -> None:
        if now.tzinfo is None:
            raise BpmnError("bpmn.clock_naive", now=now.isoformat())
        self.graph = graph
        self.data = data
        self.now = now
        self.extra: Mapping[str, object] = NOTHING
        self.feel: FeelRun | None = None
        self.live: dict[int, Token] = {token.id: token for token in state.tokens}
        self.first_id = self.next_id = state.next_id
        self.moves: deque[Move] = deque()
        self.moved = 0
        self.limit = graph.move_limit
        self.thrown: deque[tuple[Node, Move]] = deque()
        self.commands: list[do.Command] = []
        self.added: list[Token] = []
        self.completed: list[Token] = []
        self.cancelled: list[Token] = []
        self.done: list[Token] = []
        self.stopped = False
        self.suspended = state.suspended
        self._crowd: Crowd | None = None
        self._emptied: list[int] = []
        self._graphs: dict[int, Graph] = {}

    # Looking up

    @property
    def crowd(self) -> Crowd:
        """The live tokens by scope, host and join."""
        if self._crowd is None:
            self._crowd = Crowd(self.live.values())
        return self._crowd

    def graph_of(self, scope: int) -> Graph:
        """The process that runs in a scope: the one that the nearest call activity around it calls."""
        if not scope or not self.graph.library:
            return self.graph
        around: list[Token] = []
        while scope and scope not in self._graphs:
            around.append(self.token(scope))
            scope = around[-1].scope
        graph = self._graphs.get(scope, self.graph)
        for token in reversed(around):
            if token.wait is Wait.CALL:
                graph = called_by(graph, token)
            self._graphs[token.id] = graph
        return graph

    def node(self, element: str, scope: int) -> Node:
        """The node of that id in a scope; a state from another process is refused here."""
        graph = self.graph_of(scope) if self.graph.library else self.graph
        try:
            return graph.nodes[element]
        except KeyError:
            raise damaged(f"unknown element {element}", element) from None

    def node_of(self, token: Token) -> Node:
        """Where a token stands."""
        return self.node(token.element, token.scope)

    def token(self, number: int) -> Token:
        """A token that must be live for another to be where it is."""
        try:
            return self.live[number]
        except KeyError:
            raise damaged("what it runs in or hangs on is gone", number) from None

    def handlers(self, scope: int) -> tuple[str, ...]:
        """The start events of the event sub-processes of a scope."""
        if not scope:
            return self.graph.handlers
        token = self.token(scope)
        if token.wait in (Wait.MANY, Wait.UNDO):
            return ()  # each time has its own, and what is undone has ended
        return self.graph_of(scope).handlers if token.wait is Wait.CALL else self.node_of(token).handlers

    def inside(self, scope: int) -> list[Token]:
        """The live tokens and notes of a scope; what hangs on the scope itself is not in it."""
        found = (self.live.get(number) for number in self.crowd.below.get(scope, ()))
        return [token for token in found if token is not None and token.scope == scope]

    def trace(self, token: Token) -> tuple[int, ...]:
        """What a successor of `token` descends from.

        A token born in this very step never becomes a row, so its own origins speak for it; only at a join they would
        not tell what met there, so that one is kept in `passed`.
        """
        if token.id < self.first_id or (token.wait is Wait.JOIN and token.origins):
            return (token.id,)
        if not token.origins or token.origins[-1] < self.first_id:
            return token.origins
        found: set[int] = set()
        for number in token.origins:
            found.update(self.trace(self.added[number - self.first_id]) if number >= self.first_id else (number,))
        return tuple(sorted(found))

    # Coming and going

    def count(self, node: Node) -> None:
        """Stop a process that moves without ever waiting."""
        self.moved += 1
        if self.moved > self.limit:
            raise BpmnError("bpmn.endless", position=node.id, element=node.id, limit=self.limit)

    def rest(
        self, node: Node, wait: Wait, move: Move, host: int = 0, name: str = "", due: datetime | None = None
    ) -> Token:
        """Let a token stand at `node`."""
        flow, _target, scope, origins, turn, data = move
        return self.put(Token(self.next_id, node.id, wait, scope, host, flow, name, due, origins, turn, data))

    def put(self, token: Token) -> Token:
        """Add a token made with `next_id`."""
        self.next_id += 1
        self.live[token.id] = token
        self.added.append(token)
        if self._crowd is not None:
            self._crowd.add(token)
        return token

    def complete(self, token: Token) -> None:
        """Use a token up; what hangs on it is no longer awaited."""
        if self.live.pop(token.id, None) is None:
            raise damaged("it hangs on what it met", token.id)
        self.completed.append(token)
        self.done.append(token)
        if self._crowd is not None:
            self._crowd.remove(token)
        if self.live:
            below = self.crowd.below.get(token.id)
            if below:
                self.cancel(below)

    def finish(self, node: Node, move: Move) -> None:
        """Note an activity that is done without a token ever resting there."""
        flow, _target, scope, origins, turn, data = move
        self.done.append(Token(0, node.id, Wait.ACTION, scope, 0, flow, "", None, origins, turn, data))

    def cancel(self, doomed: Iterable[int]) -> None:
        """Take tokens away, with all that runs inside them or hangs on them, and drop their moves."""
        crowd, stack, gone = self.crowd, list(doomed), []
        while stack:
            token = self.live.pop(stack.pop(), None)
            if token is not None:
                gone.append(token)
                crowd.remove(token)
                stack += crowd.below.get(token.id, ())
        for token in sorted(gone):
            self.cancelled.append(token)
            command = _CANCELLATIONS.get(token.wait)
            if command is not None:
                self.commands.append(command(token))
        if gone and (self.moves or self.thrown):
            scopes = {token.id for token in gone}
            self.forget(lambda move: move.scope in scopes)

    def forget(self, doomed: Callable[[Move], bool]) -> None:
        """Drop moves not yet made and throws not yet heard."""
        self.moves = deque(move for move in self.moves if not doomed(move))
        self.thrown = deque(thrown for thrown in self.thrown if not doomed(thrown[1]))

    # Scopes that may have ended

    def used_up(self, scope: int) -> None:
        """A token ended in that scope without a successor."""
        heappush(self._emptied, -scope)

    def next_empty(self) -> int | None:
        """A scope in which a token ended, the innermost first."""
        return -heappop(self._emptied) if self._emptied else None

    # The outcome

    def result(self) -> tuple[State, tuple[do.Command, ...], Change]:
        """The outcome; tokens that came and went within the step leave no trace in it but `passed`."""
        state = State(tuple(self.live.values()), self.next_id, self.suspended)
        brief = {t.id for t in self.completed + self.cancelled if t.id >= self.first_id}
        if not brief:
            change = Change(tuple(self.added), tuple(self.completed), tuple(self.cancelled), (), tuple(self.done))
            return state, tuple(self.commands), change
        added, completed, cancelled = (
            tuple(t for t in group if t.id not in brief) for group in (self.added, self.completed, self.cancelled)
        )
        passed = tuple(t for t in self.completed if t.id in brief and t.wait is Wait.JOIN and t.origins)
        told = tuple(command for command in self.commands if getattr(command, "token", 0) not in brief)
        return state, told, Change(added, completed, cancelled, passed, tuple(self.done))


def called_by(graph: Graph, token: Token) -> Graph:
    """The process that a call activity of `graph` calls."""
    node = graph.nodes.get(token.element)
    called = graph.library.get(node.called) if node is not None else None
    if called is None:
        raise damaged(f"{token.element} calls nothing known", token.id)
    return called
