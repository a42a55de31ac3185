"""What an inclusive join waits for, as the engine sees it: which of its flows can still be reached from where.

BPMN 2.0.2 §13.4.3, table 13.3. A flow and an element have a bit for each flow into a join, as in `Graph.reach`.
"""

from collections.abc import Mapping

Masks = Mapping[str, int]


class Outlook:
    """The inclusive joins with several flows into them, by the element of each."""

    __slots__ = ("_joins", "_seen")

    def __init__(self, joins: Mapping[str, tuple[Masks, Masks]]) -> None:
        self._joins = joins
        self._seen: dict[tuple[str, str], tuple[int, ...]] = {}

    def __contains__(self, element: str) -> bool:
        return element in self._joins

    def bit(self, join: str, flow: str) -> int:
        """The bit of one flow into a join."""
        return self._joins[join][0].get(flow, 0)

    def ahead(self, join: str, element: str) -> int:
        """The flows into a join that a token at `element` can reach; none where it already waits there."""
        return 0 if element == join else self._joins[join][1].get(element, 0)

    def view(self, element: str, but: str = "") -> tuple[int, ...]:
        """The same for every join `but` one."""
        if (element, but) not in self._seen:
            self._seen[element, but] = tuple(self.ahead(join, element) for join in self._joins if join != but)
        return self._seen[element, but]


NOTHING_AWAITED = Outlook({})


def awaits(elsewhere: int, here: int) -> bool:
    """Whether a join that has tokens on the flows `here` waits for one that can reach the flows `elsewhere`."""
    return bool(elsewhere & ~here) and not elsewhere & here
