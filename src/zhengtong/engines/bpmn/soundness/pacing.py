"""When what does not rest is done within a step, beside what else moves in it."""

from collections.abc import Callable

from zhengtong.engines.bpmn.graph import Graph, Kind, Node
from zhengtong.engines.bpmn.soundness.nets import Pace
from zhengtong.engines.bpmn.soundness.throwing import ANY, COMPENSATE, Inside

AT_ONCE = frozenset({Kind.SCRIPT, Kind.THROW})
"""Activities at which no token rests."""


def has_inside(node: Node) -> bool:
    """Whether something else runs inside it."""
    return bool(node.inner or node.called or node.adhoc)


def pace_of(node: Node, look: Callable[[Node], Inside], *, ending: bool = False) -> Pace:
    """A sub-process that has run empty is left, and what is thrown is heard, once nothing else moves.

    What is raised in a sub-process may come before, unless it is known to be `ending`.
    """
    if node.loop is not None or node.trigger == COMPENSATE:
        return Pace.LOOSE
    if has_inside(node):
        raising = not ending and any(each.code != ANY for each in look(node).thrown)
        return Pace.LOOSE if raising else Pace.LATE
    return Pace.PUT_BY if node.kind in (Kind.THROW, Kind.CANCEL) else Pace.PROMPT


def is_busy(graph: Graph, node: Node) -> bool:
    """Whether something inside that does not rest may be done as soon as a token comes."""
    if node.called:
        inside = graph.library[node.called].nodes.values()
        return any(other.kind in AT_ONCE or other.called for other in inside)
    return bool(node.inner) and any(
        (other.kind in AT_ONCE or other.called) and _stands_in(graph, other, node) for other in graph.nodes.values()
    )


def _stands_in(graph: Graph, node: Node, around: Node) -> bool:
    scope = node.scope
    while scope and scope != around.id:
        scope = graph.nodes[scope].scope
    return bool(scope)
