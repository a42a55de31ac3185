"""Mend an instance that stands still: have it go on at another element, as it could stand there by itself."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Flow, Graph, Kind, Node
from zhengtong.engines.bpmn.locating import locate
from zhengtong.engines.bpmn.migrating.foreseeing import Ending, Prospects
from zhengtong.engines.bpmn.migrating.freeing import free_state
from zhengtong.engines.bpmn.state import NOTES, State, Token, Wait
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.stepping import Outcome, settle

STATE_LIMIT = 4000
"""States of the process looked at before it is “undecided” whether one is among them: about a second."""
_NEVER = frozenset({Kind.START, Kind.CAUGHT, Kind.ERROR, Kind.CANCEL})
_MEETING = frozenset({Kind.PARALLEL, Kind.INCLUSIVE})


class Standings:
    """The states that a process can come to by itself, gone through as far as is asked."""

    def __init__(self, graph: Graph, limit: int = STATE_LIMIT) -> None:
        self.prospects = Prospects(graph, limit, overtaken=True)
        self.looked = 0
        self._limit = limit
        self._known: set[object] = set()
        self._waiting: deque[State] = deque()
        self._complete = True
        for state in self.prospects.beginnings():
            self._note(state)

    def has(self, state: State) -> bool | None:
        """Whether an instance can come to stand so; None where that was not found within the bound."""
        wanted = self.prospects.key(free_state(state))
        while wanted not in self._known:
            if not self._waiting:
                return None if not self._complete else False
            if self.looked >= self._limit:
                return None
            self.looked += 1
            state = self._waiting.popleft()
            if self.prospects.is_open(state):
                self._complete = False
            for after in self.prospects.following(state):
                self._note(after)
        return True

    def _note(self, state: State | None) -> None:
        if state is None:
            self._complete = False
            return
        key = self.prospects.key(state)
        if key not in self._known and not state.ended:
            self._known.add(key)
            self._waiting.append(state)


def redirect(
    graph: Graph,
    state: State,
    token: int,
    to: str,
    data: Mapping[str, object],
    now: datetime,
    standings: Standings | None = None,
) -> Outcome:
    """Take a token away, with whatever runs in it and hangs on it, and go on at `to`, in the same level; pure.

    Only into a state that the process can come to by itself, so that nothing is lost or done twice, and from which it
    can end. `standings` are those of `graph`, kept by who asks about many. Raises `BpmnError`: `bpmn.redirect_token`
    (there is no such token, or it is part of another), `bpmn.redirect_target` (nobody can go on there),
    `bpmn.redirect_unsound`, `bpmn.redirect_undecided`, and what `step` raises on the way.
    """
    if state.suspended:
        raise BpmnError("bpmn.suspended")
    run = Run(graph, state, data, now)
    gone = _movable(run, token)
    flow = entries(graph_at(run, gone), level_of(run, gone)).get(to)
    if flow is None:
        raise BpmnError("bpmn.redirect_target", position=to[:100], element=to[:100])
    run.cancel((gone.id,))
    own = len(run.cancelled)
    run.moves.append(Move(flow.id, to, gone.scope, (gone.id,)))
    outcome = settle(run)
    if any(_works(graph, state, token) for token in run.cancelled[own:] if token.id < state.next_id):
        raise BpmnError("bpmn.redirect_unsound", position=to, element=to)
    _judge(outcome.state, to, standings or Standings(graph))
    return outcome


def _works(graph: Graph, state: State, token: Token) -> bool:
    """Whether it is work of its own that would be cut off, not a note or an event that waits beside what ends."""
    return token.wait not in NOTES and not token.host and locate(graph, state, token.id).kind is not Kind.START


def possible(graph: Graph, state: State, token: int, data: Mapping[str, object], now: datetime) -> list[str]:
    """The elements to which `redirect` would let a token go, in document order; none for one it would not move."""
    run = Run(graph, state, data, now)
    try:
        gone = _movable(run, token)
    except BpmnError:
        return []
    standings = Standings(graph)
    found: list[str] = []
    for name in entries(graph_at(run, gone), level_of(run, gone)):
        try:
            redirect(graph, state, token, name, data, now, standings)
        except BpmnError:
            continue
        found.append(name)
    return found


def graph_at(run: Run, token: Token) -> Graph:
    """The process in which a token stands."""
    return run.graph_of(token.scope)


def level_of(run: Run, token: Token) -> str:
    """The sub-process in which a token stands, "" for the process itself."""
    return run.node_of(token).scope


def entries(graph: Graph, level: str) -> dict[str, Flow]:
    """The elements of a level at which a token can go on alone, each with a flow that leads there."""
    return {name: flow for name, flow in _entries(graph, level)}


def _entries(graph: Graph, level: str) -> Iterator[tuple[str, Flow]]:
    into: dict[str, Flow] = {}
    for node in graph.nodes.values():
        for flow in node.outgoing:
            into.setdefault(flow.target, flow)
    for name, node in graph.nodes.items():
        if name in into and node.scope == level and _enterable(node):
            yield name, into[name]


def _enterable(node: Node) -> bool:
    meets = node.kind in _MEETING and node.incoming > 1
    return not (meets or node.host or node.undoes or node.triggered or node.kind in _NEVER)


def _movable(run: Run, number: int) -> Token:
    """The token, one that stands for itself: nothing beside, inside a repetition, asked, or undone."""
    token = run.live.get(number)
    if token is None or token.wait in NOTES or token.host or token.wait is Wait.UNDO:
        raise BpmnError("bpmn.redirect_token", position=f"token {number}", token=number)
    node, scope = run.node_of(token), run.live.get(token.scope)
    within = scope is not None and scope.wait in (Wait.MANY, Wait.UNDO, Wait.ADHOC)
    if within or node.kind is Kind.START:
        raise BpmnError("bpmn.redirect_token", position=f"token {number}", token=number)
    return token


def _judge(after: State, to: str, standings: Standings) -> None:
    if after.ended:
        return
    found = standings.has(after)
    if found is None:
        raise BpmnError("bpmn.redirect_undecided", position=to, element=to, states=standings.looked)
    if not found or standings.prospects.of(after).ending is Ending.CANNOT:
        raise BpmnError("bpmn.redirect_unsound", position=to, element=to)
