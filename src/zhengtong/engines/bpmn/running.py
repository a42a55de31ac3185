"""One step while it runs: the live tokens, the moves still to make, and what has come and gone."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import Change, State, Token, Wait, damaged


class Move(NamedTuple):
    """A token on its way: by which flow, to which node, in which sub-process, descending from which tokens."""

    flow: str
    target: str
    scope: int
    origins: tuple[int, ...]


_CANCELLATIONS: Mapping[Wait, Callable[[Token], do.Command]] = {
    Wait.TASK: lambda token: do.CancelTask(token.id, token.element),
    Wait.ACTION: lambda token: do.CancelCall(token.id, token.element),
    Wait.DECISION: lambda token: do.CancelCall(token.id, token.element),
    Wait.TIMER: lambda token: do.CancelTimer(token.id, token.element),
    Wait.MESSAGE: lambda token: do.CancelMessage(token.id, token.element, token.name),
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
        "live",
        "first_id",
        "next_id",
        "moves",
        "moved",
        "emptied",
        "commands",
        "added",
        "completed",
        "cancelled",
        "stopped",
    )

    def __init__(self, graph: Graph, state: State, data: Mapping[str, object], now: datetime) -> None:
        if now.tzinfo is None:
            raise BpmnError("bpmn.clock_naive", now=now.isoformat())
        self.graph = graph
        self.data = data
        self.now = now
        self.extra: Mapping[str, object] = NOTHING
        self.live: dict[int, Token] = {token.id: token for token in state.tokens}
        self.first_id = self.next_id = state.next_id
        self.moves: deque[Move] = deque()
        self.moved = 0
        self.emptied: set[int] = set()
        self.commands: list[do.Command] = []
        self.added: list[Token] = []
        self.completed: list[Token] = []
        self.cancelled: list[Token] = []
        self.stopped = False

    def node(self, element: str) -> Node:
        """The node of a token; a state from another process is refused here."""
        node = self.graph.nodes.get(element)
        if node is None:
            raise damaged(f"unknown element {element}", element)
        return node

    def facts(self) -> Mapping[str, object]:
        """What conditions may read."""
        return {**self.data, **self.extra} if self.extra else self.data

    def count(self, node: Node) -> None:
        """Stop a process that moves without ever waiting."""
        self.moved += 1
        if self.moved > self.graph.move_limit:
            raise BpmnError("bpmn.endless", position=node.id, element=node.id, limit=self.graph.move_limit)

    def rest(
        self, node: Node, wait: Wait, move: Move, host: int = 0, name: str = "", due: datetime | None = None
    ) -> Token:
        """Let a token stand at `node`."""
        token = Token(self.next_id, node.id, wait, move.scope, host, move.flow, name, due, move.origins)
        self.next_id += 1
        self.live[token.id] = token
        self.added.append(token)
        return token

    def trace(self, token: Token) -> tuple[int, ...]:
        """What a successor of `token` descends from; a token born in this very step never becomes a row."""
        return (token.id,) if token.id < self.first_id else token.origins

    def occupied(self, scope: int) -> bool:
        """Whether any token still runs in that sub-process."""
        return any(token.scope == scope for token in self.live.values())

    def complete(self, token: Token) -> None:
        """Use a token up; events attached to it are no longer awaited."""
        del self.live[token.id]
        self.completed.append(token)
        if self.node(token.element).attached:
            self.cancel({other.id for other in self.live.values() if other.host == token.id})

    def cancel(self, doomed: set[int]) -> None:
        """Take tokens away, with all that runs inside them or is attached to them, and drop their moves."""
        if not doomed:
            return
        # Ids grow: whatever runs inside or hangs on a token is younger, so one pass in order finds all.
        for token in tuple(self.live.values()):
            if token.id in doomed or token.scope in doomed or token.host in doomed:
                doomed.add(token.id)
                del self.live[token.id]
                self.cancelled.append(token)
                command = _CANCELLATIONS.get(token.wait)
                if command is not None:
                    self.commands.append(command(token))
        if self.moves:
            self.moves = deque(move for move in self.moves if move.scope not in doomed)

    def result(self) -> tuple[State, tuple[do.Command, ...], Change]:
        """The outcome; tokens that came and went within the step leave no trace in it."""
        state = State(tuple(self.live.values()), self.next_id)
        brief = {t.id for t in self.completed + self.cancelled if t.id >= self.first_id}
        if not brief:
            change = Change(tuple(self.added), tuple(self.completed), tuple(self.cancelled))
            return state, tuple(self.commands), change
        kept = [tuple(t for t in group if t.id not in brief) for group in self._groups()]
        told = tuple(command for command in self.commands if getattr(command, "token", 0) not in brief)
        return state, told, Change(*kept)

    def _groups(self) -> tuple[list[Token], list[Token], list[Token]]:
        return self.added, self.completed, self.cancelled
