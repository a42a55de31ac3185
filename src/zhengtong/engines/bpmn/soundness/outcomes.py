"""Which outcome of a task a decision can be looking at, told by the ways that lead there at once.

A task that is done once for each of several keeps its outcomes to itself unless they vote, and what runs in a
sub-process that has data of its own does as well.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from zhengtong.engines.bpmn.graph import Flow, Graph, Kind, Node, Repeat
from zhengtong.engines.errors import EngineError

NAME = "outcome"


_AT_ONCE = frozenset({Kind.START, Kind.PASS, Kind.THROW, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.CHOICE})


def _lets_on(node: Node) -> bool:
    """Whether a token goes on from it at once, except to wait for others, and the outcome stays what it was."""
    at_once = node.kind in _AT_ONCE or (node.kind is Kind.SCRIPT and node.result not in ("", NAME))
    return at_once and node.loop is None and not _gives(node)


def _gives(node: Node) -> bool:
    """Whether data that come out of it are called an outcome."""
    return any(transfer.target == NAME for transfer in node.outputs)


def _tells(node: Node) -> bool:
    """Whether the outcome that it was done with, or that a vote gave, is what is known next."""
    loop = node.loop
    if loop is None:
        certain = True
    elif loop.repeat is Repeat.LOOP:
        certain = not loop.before
    else:
        certain = loop.share is not None and loop.until is None
    return node.kind is Kind.TASK and bool(node.outcomes) and certain and not _gives(node)


def _lets_out(node: Node) -> bool:
    """Whether after a sub-process the outcome is known that was known where it ended."""
    return node.loop is None and not node.inputs and not _gives(node)


class Arriving:
    """The outcomes that may have just been given when a node decides; `open` where it may be something else."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._given: dict[str, set[str]] = defaultdict(set)
        self._open: set[str] = set()
        for node in graph.nodes.values():
            if _tells(node):
                for outcome in node.outcomes:
                    self._walk(node, outcome)
            elif node.inner:
                if not _lets_out(node):
                    self._walk(node, None)
            elif not _lets_on(node) or not node.incoming:
                self._walk(node, None)
        for join, (_, ahead) in graph.reach.items():
            self._released(graph.nodes[join], [graph.nodes[name] for name in ahead])

    def _released(self, join: Node, before: list[Node]) -> None:
        """An inclusive join may go on because a token that it waited for went another way."""
        for node in before:
            for outcome in node.outcomes if _tells(node) else ():
                self._walk(join, outcome)
            if node.attached or not (_tells(node) or _lets_on(node)):
                self._walk(join, None)

    def at(self, node: Node) -> list[str] | None:
        """The outcomes in alphabetical order; None where nothing is known."""
        return None if node.id in self._open else sorted(self._given[node.id]) or None

    def _walk(self, source: Node, outcome: str | None) -> None:
        stack, seen = [source], {source.id}
        while stack:
            node = stack.pop()
            if outcome is None:
                self._open.add(node.id)
            else:
                self._given[node.id].add(outcome)
            for target in self._following(node, outcome):
                if target not in seen:
                    seen.add(target)
                    stack += self._deciding(target)

    def _deciding(self, name: str) -> list[Node]:
        """The nodes that let a token on at once when it reaches one: the end of a sub-process ends that."""
        node = self._graph.nodes[name]
        if _lets_on(node):
            return [node]
        if node.tag == "endEvent" and node.scope:
            around = self._graph.nodes[node.scope]
            while around.triggered and around.scope:  # the end of an event sub-process may end what it stands in
                around = self._graph.nodes[around.scope]
            return [around] if _lets_out(around) else []
        return [self._graph.nodes[node.inner]] if node.inner else []

    @staticmethod
    def _following(node: Node, outcome: str | None) -> list[str]:
        flows: Iterable[Flow] = node.outgoing
        if outcome is not None and node.kind is Kind.EXCLUSIVE and node.conditional:
            flows = _chosen(node, outcome)
        return [flow.target for flow in flows]


def _chosen(node: Node, outcome: str) -> Iterable[Flow]:
    """The flow that the outcome alone decides for, or all of them."""
    chosen: list[Flow] = []
    for flow in node.outgoing:
        if flow is node.default:
            continue
        if flow.condition is None or flow.condition.names - {NAME}:
            return node.outgoing
        if not chosen and holds(flow.condition.evaluate, {NAME: outcome}):
            chosen = [flow]
    return chosen or ([node.default] if node.default else [])


def holds(evaluate: Callable[[dict[str, object]], object], context: dict[str, object]) -> bool:
    """Whether a condition is true of `context`; one that cannot be evaluated is not."""
    try:
        return evaluate(context) is True
    except EngineError:
        return False
