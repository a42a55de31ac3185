"""Where an instance begins."""

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Graph


def entry(graph: Graph, at: str) -> str:
    """`at`, or where that is empty the start without a trigger, or the only one. Raises `bpmn.start_unknown`."""
    if at in graph.starts:
        return at
    plain = [name for name in graph.starts if not graph.nodes[name].trigger]
    usable = plain or list(graph.starts)
    if at or len(usable) != 1:
        raise BpmnError("bpmn.start_unknown", position=at or None, element=at, starts=", ".join(graph.starts))
    return usable[0]
