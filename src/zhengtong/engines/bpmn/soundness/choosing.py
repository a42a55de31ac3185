"""Which flows a node may choose together, and whether it may find none."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhengtong.engines.bpmn.graph import Flow, Graph, Kind, Node
from zhengtong.engines.bpmn.soundness.comparing import Value, cases
from zhengtong.engines.bpmn.soundness.outcomes import NAME, Arriving, holds

MOST_FLOWS = 10
"""A node that may choose several of more flows than this is not looked into."""

Ways = list[tuple[str, ...]]


class TooManyFlowsError(Exception):
    """More combinations of flows than can be looked into."""

    def __init__(self, node: Node) -> None:
        self.node = node
        super().__init__(node.id)


@dataclass(frozen=True, slots=True)
class Gap:
    """Values for which no condition of a node without default is true; None where that could not be told."""

    values: Mapping[str, object] | None


class Choices:
    """The free choices of every node, with what data rules out at one node taken into account."""

    def __init__(self, graph: Graph) -> None:
        self._arriving = Arriving(graph)
        self._seen: dict[str, tuple[Ways, Gap | None]] = {}

    def ways(self, node: Node) -> Ways:
        """The sets of flows that a token may leave by, each in document order. Raises TooManyFlowsError."""
        return self._look(node)[0]

    def gap(self, node: Node) -> Gap | None:
        """What keeps the conditions of a node without default from covering everything."""
        return self._look(node)[1]

    def _look(self, node: Node) -> tuple[Ways, Gap | None]:
        if node.id not in self._seen:
            self._seen[node.id] = self._decide(node)
        return self._seen[node.id]

    def _decide(self, node: Node) -> tuple[Ways, Gap | None]:
        if not node.conditional:
            if node.kind is Kind.CHOICE:
                return [(flow.id,) for flow in node.outgoing], None
            return [tuple(flow.id for flow in node.outgoing)], None
        asked = [flow for flow in node.outgoing if flow is not node.default]
        found = self._answers(node, asked)
        if found is None:
            return _all_ways(node, asked), None if node.default else Gap(None)
        ways = {way for way, _ in found if way}
        missing = next((context for way, context in found if not way), None)
        if node.default:
            ways.add((node.default.id,))
        rank = {flow.id: place for place, flow in enumerate(node.outgoing)}
        ordered = sorted(ways, key=lambda way: [rank[flow] for flow in way])
        return ordered, Gap(missing) if missing is not None and not node.default else None

    def _answers(self, node: Node, asked: Sequence[Flow]) -> list[tuple[tuple[str, ...], Mapping[str, object]]] | None:
        """The flows chosen in each case, none where no condition is true; None where that cannot be told."""
        known: dict[tuple[str, ...], Sequence[Value]] = {}
        given = self._arriving.at(node)
        if given is not None:
            known[(NAME,)] = given
        contexts = cases([flow.condition.text for flow in asked if flow.condition], known)
        if contexts is None:
            return None
        return [(self._chosen(node, asked, context), context) for context in contexts]

    @staticmethod
    def _chosen(node: Node, asked: Sequence[Flow], context: dict[str, object]) -> tuple[str, ...]:
        true = [f.id for f in asked if f.condition is None or holds(f.condition.evaluate, context)]
        return tuple(true[:1] if node.kind is Kind.EXCLUSIVE else true)


def _all_ways(node: Node, asked: Sequence[Flow]) -> Ways:
    """Every choice, whatever the data."""
    if node.kind is Kind.EXCLUSIVE:
        return [(flow.id,) for flow in node.outgoing]
    if len(asked) > MOST_FLOWS:
        raise TooManyFlowsError(node)
    default = [(node.default.id,)] if node.default else []
    always = {flow.id for flow in asked if flow.condition is None}
    return [way for way in _subsets([flow.id for flow in asked]) if always <= set(way)] + default


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, len(names) + 1):
        yield from itertools.combinations(names, size)
