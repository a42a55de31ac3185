"""Which incoming flows of an inclusive join can still be reached from where: asked once, when compiling."""

from collections.abc import Mapping

from zhengtong.engines.bpmn.graph import Kind, Node

Masks = Mapping[str, int]


def reach(nodes: Mapping[str, Node]) -> dict[str, tuple[Masks, Masks]]:
    """For each inclusive join, the bit of each flow into it, and of each node the bits of the flows it can reach.

    A path never passes the join itself (BPMN 2.0.2 §13.4.3); from an activity it may lead by a boundary event.
    """
    joins = [node for node in nodes.values() if node.kind is Kind.INCLUSIVE and node.incoming > 1]
    if not joins:
        return {}
    before: dict[str, list[str]] = {}
    into: dict[str, list[tuple[str, str]]] = {}
    for node in nodes.values():
        for flow in node.outgoing:
            before.setdefault(flow.target, []).append(node.id)
            into.setdefault(flow.target, []).append((flow.id, node.id))
        for name in node.attached:
            before.setdefault(name, []).append(node.id)
    return {join.id: _of(join.id, into[join.id], before) for join in joins}


def _of(join: str, into: list[tuple[str, str]], before: Mapping[str, list[str]]) -> tuple[Masks, Masks]:
    bits = {flow: 1 << place for place, (flow, _source) in enumerate(into)}
    masks: dict[str, int] = {}
    for flow, source in into:
        bit, stack = bits[flow], [source]
        while stack:
            name = stack.pop()
            if name != join and not masks.get(name, 0) & bit:
                masks[name] = masks.get(name, 0) | bit
                stack += before.get(name, ())
    return bits, masks
