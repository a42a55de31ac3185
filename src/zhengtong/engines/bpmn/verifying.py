"""Whether a state could be one of a process: for imports, repairs and new versions; no step pays for it."""

from collections.abc import Mapping, Sequence

from zhengtong.engines.bpmn.graph import Graph, Kind
from zhengtong.engines.bpmn.state import State, Token, Wait, check_ids, damaged


def verify(graph: Graph, state: State) -> None:
    """Raise `bpmn.state_damaged` unless every token could stand where it stands in `graph`.

    For imports, repairs and new versions of a process; `step` itself does not pay for it.
    """
    check_ids(state)
    live = {token.id: token for token in state.tokens}
    for token in state.tokens:
        _check_place(graph, token)
        _check_parents(graph, live, token)


_RESTS: Mapping[Kind, Sequence[Wait]] = {
    Kind.TASK: (Wait.TASK,),
    Kind.ACTION: (Wait.ACTION,),
    Kind.DECISION: (Wait.DECISION,),
    Kind.TIMER: (Wait.TIMER,),
    Kind.MESSAGE: (Wait.MESSAGE,),
    Kind.SIGNAL: (Wait.SIGNAL,),
    Kind.CONDITION: (Wait.CONDITION,),
    Kind.PARALLEL: (Wait.JOIN,),
    Kind.INCLUSIVE: (Wait.JOIN,),
    Kind.CHOICE: (Wait.CHOICE,),
    Kind.SCOPE: (Wait.SCOPE,),
}


_TRIGGERED: Mapping[str, Sequence[Wait]] = {
    "timer": (Wait.TIMER,),
    "message": (Wait.MESSAGE,),
    "signal": (Wait.SIGNAL,),
    "conditional": (Wait.CONDITION,),
}


def _check_place(graph: Graph, token: Token) -> None:
    node = graph.nodes.get(token.element)
    if node is None:
        raise damaged(f"unknown element {token.element}", token.id)
    waits = _TRIGGERED.get(node.trigger, ()) if node.kind is Kind.START else _RESTS.get(node.kind, ())
    if token.wait not in waits:
        raise damaged(f"{node.tag} {node.id} cannot wait for {token.wait}", token.id)
    if node.host and not token.host and not graph.nodes[node.host].together:
        raise damaged(f"{node.id} stands without its activity", token.id)


def _check_parents(graph: Graph, live: Mapping[int, Token], token: Token) -> None:
    scope, node = live.get(token.scope), graph.nodes[token.element]
    if node.kind is Kind.START and (not node.scope or not graph.nodes[node.scope].triggered):
        raise damaged(f"{node.id} begins what it stands in", token.id)
    level = graph.nodes[node.scope].scope if node.kind is Kind.START else node.scope
    if (scope.element if scope else "") != level:
        raise damaged("token runs in the wrong sub-process", token.id)
    if token.scope and (scope is None or scope.wait is not Wait.SCOPE):
        raise damaged("its sub-process is not open", token.id)
    if not token.host:
        return
    host = live.get(token.host)
    if host is None or host.scope != token.scope or token.element not in graph.nodes[host.element].attached:
        raise damaged("it is attached to nothing", token.id)
