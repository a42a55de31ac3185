"""Find the node at which a token stands, in whichever process runs there."""

from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import State, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.running import called_by


def locate(graph: Graph, state: State, number: int) -> Node:
    """The node of a live token: of `graph`, or of the process that the nearest call activity around it calls."""
    live = {token.id: token for token in state.tokens}
    token = live.get(number)
    around: list[Token] = []
    scope = token.scope if token is not None else 0
    while scope:
        found = live.get(scope)
        if found is None:
            raise damaged("what it runs in is gone", number)
        around.append(found)
        scope = found.scope
    for scoped in reversed(around):
        if scoped.wait is Wait.CALL:
            graph = called_by(graph, scoped)
    node = graph.nodes.get(token.element) if token is not None else None
    if node is None:
        raise damaged("it stands nowhere", number)
    return node
