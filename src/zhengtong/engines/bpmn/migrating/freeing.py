"""A process of which nothing is known but its drawing: every choice is open, every event may happen at any time."""

from collections.abc import Callable
from dataclasses import replace

from zhengtong.engines.bpmn.graph import AdHoc, Flow, Graph, Kind, Loop, Node, Repeat
from zhengtong.engines.bpmn.state import State, Token, Wait
from zhengtong.engines.feel import Expression, compile_expression

_TIMES = compile_expression("2")
"""How often an activity is done that is done once for each of several: enough for them to overtake one another."""


def free(graph: Graph, either: Callable[[], bool]) -> Graph:
    """The same drawing, in which `either` answers every condition that asks anything.

    Events that wait for a time or a condition wait for messages. Data, scripts and mappings are left out. A state of
    `graph` is one of it as `free_state` gives it.
    """
    choice = replace(compile_expression("either"), closure=lambda _env: either(), holds=lambda _scope: either())
    library = {key: _freed(called, choice) for key, called in graph.library.items()}
    library = {key: replace(called, library=library) if called.library else called for key, called in library.items()}
    return replace(_freed(graph, choice), library=library)


def free_state(state: State) -> State:
    """The state with what waits for a time or a condition waiting for a message named as the element."""
    return State(tuple(_freed_token(token) for token in state.tokens), state.next_id)


def _freed_token(token: Token) -> Token:
    if token.wait in (Wait.TIMER, Wait.CONDITION):
        return token._replace(wait=Wait.MESSAGE, name=token.element, due=None, turn=0)
    return token


def _freed(graph: Graph, choice: Expression) -> Graph:
    nodes = {name: _freed_node(node, choice) for name, node in graph.nodes.items()}
    return replace(graph, nodes=nodes, conditional=False)


def _freed_node(node: Node, choice: Expression) -> Node:
    flows = {flow.id: _freed_flow(flow, choice) for flow in node.outgoing}
    freed = replace(
        node,
        outgoing=tuple(flows.values()),
        default=flows[node.default.id] if node.default is not None else None,
        inputs=(),
        outputs=(),
        loop=_freed_loop(node.loop, choice),
        adhoc=_freed_adhoc(node.adhoc, choice),
    )
    if node.kind is Kind.SCRIPT:
        return replace(freed, script=None, result=node.result or "result")
    if node.timer is None and node.condition is None:
        return freed
    kind = Kind.MESSAGE if node.kind in (Kind.TIMER, Kind.CONDITION) else node.kind
    return replace(freed, kind=kind, trigger="message", message=node.id, timer=None, condition=None)


def _freed_flow(flow: Flow, choice: Expression) -> Flow:
    return flow if flow.condition is None or flow.condition.constant else replace(flow, condition=choice)


def _freed_loop(loop: Loop | None, choice: Expression) -> Loop | None:
    if loop is None:
        return None
    if loop.repeat is Repeat.LOOP:
        endless = loop.most is None and loop.condition is not None and loop.condition.constant
        return loop if endless else replace(loop, condition=choice, most=None)
    until = loop.until if loop.until is None or loop.until.constant else choice
    return replace(loop, cardinality=_TIMES, collection="", item="", output="", output_item="", until=until)


def _freed_adhoc(adhoc: AdHoc | None, choice: Expression) -> AdHoc | None:
    if adhoc is None or adhoc.until is None or adhoc.until.constant:
        return adhoc
    return replace(adhoc, until=choice)
