"""How long the texts of a process may be that a caller keeps in columns; the engine itself takes them at any length."""

from collections.abc import Iterator

from zhengtong.engines.bpmn.errors import Finding
from zhengtong.engines.bpmn.graph import Graph, Kind, Node

ELEMENT = 80
"""Ids of elements and flows."""
TASK_NAME = 120
STAGE = 40
ROLE = 24
OUTCOME = 32
AWAITED = 120
"""Names of messages, signals and clocks that are waited for."""
SENT = 200
"""Names of messages and signals that are sent."""
PROCESS = 200
"""Id and name of a process."""

_WORDS = {
    "id": ("标识", "id"),
    "flow": ("连线标识", "flow id"),
    "name": ("名称", "name"),
    "name_en": ("英文名称", "English name"),
    "stage": ("阶段", "stage"),
    "role": ("角色", "role"),
    "outcome": ("结果", "outcome"),
    "awaited": ("所等的名称", "name of what is waited for"),
    "sent": ("发出的名称", "name of what is sent"),
}
_WORKED_ON = frozenset({Kind.TASK, Kind.START})
_SHOWN = 40


def too_long(graph: Graph, *, called: bool = True) -> list[Finding]:
    """Every text of a process, and of those it calls, that is longer than is kept, with the element it belongs to.

    Who looks at every process of a document leaves out those that are `called`: they are looked at themselves.
    """
    others = (each for key, each in graph.library.items() if called and key != graph.process)
    return [finding for each in (graph, *others) for finding in _in_process(each)]


def _in_process(graph: Graph) -> Iterator[Finding]:
    for what, text in (("id", graph.process), ("name", graph.name), ("name_en", graph.name_en)):
        if len(text) > PROCESS:
            yield _finding(graph.process, what, text, PROCESS)
    for node in graph.nodes.values():
        for what, text, limit in _texts(node):
            if len(text) > limit:
                yield _finding(node.id, what, text, limit)


def _texts(node: Node) -> Iterator[tuple[str, str, int]]:
    yield "id", node.id, ELEMENT
    yield from (("flow", flow.id, ELEMENT) for flow in node.outgoing)
    if node.kind in _WORKED_ON:
        yield "name", node.name, TASK_NAME
        yield "name_en", node.name_en, TASK_NAME
        yield "stage", node.stage, STAGE
    yield "role", node.role, ROLE
    yield from (("outcome", outcome, OUTCOME) for outcome in node.outcomes)
    thrown = node.kind in (Kind.THROW, Kind.END) or node.tag == "sendTask"
    for text in (node.message, node.code if node.trigger == "signal" else "", node.timer.clock if node.timer else ""):
        yield ("sent", text, SENT) if thrown else ("awaited", text, AWAITED)


def _finding(element: str, what: str, text: str, limit: int) -> Finding:
    chinese, english = _WORDS[what]
    params = {"shown": element[:_SHOWN], "text": text[:_SHOWN], "length": len(text), "limit": limit}
    return Finding("bpmn.too_long", element, None, {**params, "what_zh": chinese, "what_en": english})
