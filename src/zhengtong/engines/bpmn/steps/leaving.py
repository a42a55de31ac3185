"""How a token leaves a node: along every flow that applies."""

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Flow, Node
from zhengtong.engines.bpmn.steps.improvising import is_over
from zhengtong.engines.bpmn.steps.knowing import evaluate, truth
from zhengtong.engines.bpmn.steps.running import Move, Run


def leave(run: Run, node: Node, scope: int, origins: tuple[int, ...]) -> None:
    """Send a token along every flow that applies; a node without flows uses it up, as does an end of improvising."""
    if node.improvised and is_over(run, scope):
        run.used_up(scope)
        return
    if node.conditional:
        flows = tuple(flow for flow in node.outgoing if flow is not node.default and holds(run, flow, scope))
        flows = flows or (otherwise(node),)
    else:
        flows = node.outgoing
    if not flows:
        run.used_up(scope)
    for flow in flows:
        run.moves.append(Move(flow.id, flow.target, scope, origins))


def otherwise(node: Node) -> Flow:
    """The default flow; BpmnError where there is none."""
    if node.default is None:
        raise BpmnError("bpmn.no_true_condition", position=node.id, element=node.id)
    return node.default


def holds(run: Run, flow: Flow, scope: int) -> bool:
    """Whether the condition of a flow is true; unknown is not."""
    return flow.condition is None or truth(flow.id, evaluate(run, flow.condition, scope))
