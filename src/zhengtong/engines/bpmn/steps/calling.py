"""Call activities: another process runs inside, with data of its own where the model says what goes in and out."""

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import Wait, damaged
from zhengtong.engines.bpmn.steps.catching import enter
from zhengtong.engines.bpmn.steps.keeping import pack
from zhengtong.engines.bpmn.steps.knowing import OWN
from zhengtong.engines.bpmn.steps.looping import kept
from zhengtong.engines.bpmn.steps.passing import carry_in
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.waiting import attach

MOST_DEEP = 40


def call_process(run: Run, node: Node, move: Move) -> None:
    """Open the called process at its plain start event."""
    called = run.graph_of(move.scope).library.get(node.called)
    if called is None:
        raise damaged(f"unknown process {node.called}", node.id)
    if _depth(run, move.scope) >= MOST_DEEP:
        raise BpmnError("bpmn.too_nested", position=node.id, element=node.id, limit=MOST_DEEP)
    if node.isolated:
        came = kept(move)
        move = move._replace(data=pack({**came, OWN: dict(carry_in(run, node, move.scope, came.get(OWN) or {}))}))
    token = run.rest(node, Wait.CALL, move)
    attach(run, node, token)
    enter(run, token, plain_start(called))


def plain_start(graph: Graph) -> str:
    """Where a called process begins."""
    plain = [name for name in graph.starts if not graph.nodes[name].trigger]
    if len(plain) != 1:
        raise damaged(f"process {graph.process} has no plain start", graph.process)
    return plain[0]


def _depth(run: Run, scope: int) -> int:
    """How many processes are called around."""
    depth = 0
    while scope:
        token = run.token(scope)
        depth += token.wait is Wait.CALL
        scope = token.scope
    return depth
