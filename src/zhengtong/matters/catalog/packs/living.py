"""Following the life of a matter through its process: can every action be done where it stands, and is it closed?

Each way through the process is walked with the states in which the matter may be. Where one thing is done after
another this is exact but for what conditions exclude; where things are done side by side, only what can never go right
is blamed. What cannot be followed (ad-hoc work, compensation, called processes) is said.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhengtong.engines.bpmn import Graph, Kind, Node
from zhengtong.engines.bpmn.graph import Repeat
from zhengtong.matters.catalog.registry import Life

_UNFOLLOWED = frozenset({Kind.ADHOC, Kind.CALL, Kind.CANCEL})
_ENDS = frozenset({Kind.END, Kind.TERMINATE})


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not go together: `element` with the `states` in which the matter may be there; `what` is `action`
    (it fails there), `open` (the process ends and the matter is not closed) or `unfollowed`."""

    what: str
    element: str
    states: tuple[str, ...] = ()
    certain: bool = True


def misfits(graph: Graph, life: Life) -> tuple[Misfit, ...]:
    """Where process and life disagree, in the order of the process; an uncertain one need not happen."""
    unfollowed = [node for node in graph.nodes.values() if _is_unfollowed(node)]
    if unfollowed:
        return tuple(Misfit("unfollowed", node.id, certain=False) for node in unfollowed)
    return tuple(_Walk(graph, life).told())


def _is_unfollowed(node: Node) -> bool:
    return node.kind in _UNFOLLOWED or node.undoes or node.triggered or bool(node.undo or node.undo_inside)


@dataclass
class _Walk:
    """The states in which each element is reached, until no more are found."""

    graph: Graph
    life: Life
    reached: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def told(self) -> Iterator[Misfit]:
        self._walk()
        crowded = _is_crowded(self.graph)
        closed = False
        open_ends: list[Misfit] = []
        for node in self.graph.nodes.values():
            states, refused = self.reached[node.id], self.refused[node.id]
            if refused:
                yield Misfit("action", node.id, tuple(sorted(refused)), certain=not crowded or refused == states)
            if node.kind in _ENDS and not node.scope:
                closed = closed or self.life.closed in states
                left = tuple(sorted(states - {self.life.closed}))
                open_ends += [Misfit("open", node.id, left, certain=not crowded)] if left else []
        if crowded and not closed:  # no way at all leads to where the matter is closed
            open_ends = [Misfit(each.what, each.element, each.states) for each in open_ends]
        yield from open_ends

    def _walk(self) -> None:
        waiting = [(start, self.life.begun) for start in self.graph.starts]
        while waiting:
            name, state = waiting.pop()
            if state in self.reached[name]:
                continue
            self.reached[name].add(state)
            waiting += self._on(self.graph.nodes[name], state)

    def _on(self, node: Node, state: str) -> Iterator[tuple[str, str]]:
        """Where it goes on from an element that is entered in a state, and in which."""
        after = self._after(node, state)
        for name in self._around(node):
            yield from ((name, each) for each in {state, *after})
        if node.inner:
            yield node.inner, state
            return
        for each in after:
            yield from ((name, each) for name in self._next(node))
            if node.loop is not None:
                yield node.id, each

    def _after(self, node: Node, state: str) -> tuple[str, ...]:
        """The states that it leaves the matter in; none where it fails."""
        if node.action:
            moves = self.life.actions.get(node.action)
            if moves is not None and state not in moves:
                self.refused[node.id].add(state)
                return ()
            return (moves[state],) if moves else (state,)
        moved: Mapping[str, str] = self.life.roles.get(node.role, {}) if node.kind is Kind.TASK else {}
        return (moved.get(state, state),)

    def _around(self, node: Node) -> Iterator[str]:
        """The events that may happen meanwhile: of the element and of whatever it stands in."""
        yield from node.attached
        scope = node.scope
        while scope:
            yield from self.graph.nodes[scope].attached
            scope = self.graph.nodes[scope].scope

    def _next(self, node: Node) -> Iterator[str]:
        flows = (*node.outgoing, *([node.default] if node.default else []))
        yield from (flow.target for flow in flows)
        if not flows and node.scope:  # a way through a sub-process ends: it goes on behind it
            yield from self._next(self.graph.nodes[node.scope])


def _is_crowded(graph: Graph) -> bool:
    """Whether things are done side by side."""
    return bool(graph.handlers) or any(_forks(node) for node in graph.nodes.values())


def _forks(node: Node) -> bool:
    ways = len({flow.id for flow in (*node.outgoing, *([node.default] if node.default else []))})
    several = ways > 1 and node.kind is not Kind.EXCLUSIVE
    repeated = node.loop is not None and node.loop.repeat is Repeat.AT_ONCE and bool(node.inner)
    return several or repeated or not node.interrupting or bool(node.handlers)
