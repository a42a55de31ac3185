"""Whether another token can still come to an inclusive gateway (BPMN 2.0.2 §13.4.3, table 13.3)."""

from collections import defaultdict
from collections.abc import Mapping

from zhengtong.engines.bpmn.soundness.nets import Join, Net


class Upstream:
    """For each inclusive join, which of its edges a token on any other edge could reach without passing it."""

    def __init__(self, net: Net, places: Mapping[int, int]) -> None:
        self._reaching: dict[str, list[frozenset[int]]] = {}
        for name, vertex in net.vertices.items():
            if vertex.join is Join.INCLUSIVE and len(vertex.incoming) > 1:
                self._reaching[name] = self._measure(net, places, name)

    @staticmethod
    def _measure(net: Net, places: Mapping[int, int], join: str) -> list[frozenset[int]]:
        reached: list[set[int]] = [set() for _ in places]
        into: dict[str, list[int]] = defaultdict(list)
        for number, edge in net.edges.items():
            into[edge.target].append(number)
        for entering in net.vertices[join].incoming:
            stack, seen = [entering], {entering}
            while stack:
                number = stack.pop()
                reached[places[number]].add(places[entering])
                source = net.edges[number].source
                if source != join:
                    fresh = set(into[source]) - seen
                    seen |= fresh
                    stack += fresh
        return [frozenset(each) for each in reached]

    def may_come(self, join: str, marking: bytes, filled: tuple[int, ...]) -> bool:
        """Whether some token elsewhere may reach an edge of `join` still empty, and none of the filled ones."""
        if join not in self._reaching:
            return False
        own, waiting = self._reaching[join], set(filled)
        return any(
            tokens and place not in waiting and own[place] and not own[place] & waiting
            for place, tokens in enumerate(marking)
        )
