"""Where one branch of a split may end its whole level in the very step that began the others.

A step of the engine moves tokens in the order in which they set out, until all rest. So what a branch comes to only
then, after another has ended everything, is never begun: there the order of the moves must be kept as it is drawn.
"""

from zhengtong.engines.bpmn.soundness.nets import Net


def hurried_edges(net: Net) -> frozenset[int]:
    """The edges that get tokens in a step in which some branch may end the level while others are under way."""
    ending = _ending_at_once(net)
    stack = [
        number
        for vertex in net.vertices.values()
        for outcome in vertex.outcomes
        if len(outcome.edges) > 1 and any(_moves_to(net, number, ending) for number in outcome.edges)
        for number in outcome.edges
    ]
    found = set(stack)
    while stack:
        edge = net.edges[stack.pop()]
        if not edge.rests:
            following = {number for outcome in net.vertices[edge.target].outcomes for number in outcome.edges} - found
            stack += following
            found |= following
    return frozenset(found)


def _moves_to(net: Net, number: int, vertices: set[str]) -> bool:
    return not net.edges[number].rests and net.edges[number].target in vertices


def _ending_at_once(net: Net) -> set[str]:
    """The vertices from which a token that does not rest there may end the level in the same step."""
    stack = [
        name
        for name, vertex in net.vertices.items()
        if not vertex.rests and any(outcome.leaving for outcome in vertex.outcomes)
    ]
    found = set(stack)
    while stack:
        before = {net.edges[number].source for number in net.vertices[stack.pop()].incoming}
        fresh = {name for name in before - found if name in net.vertices and not net.vertices[name].rests}
        stack += fresh
        found |= fresh
    return found
