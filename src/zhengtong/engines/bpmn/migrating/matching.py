"""Whether what waits at one node of the old version may wait at another of the new one."""

from collections.abc import Iterator, Mapping

from zhengtong.engines.bpmn.graph import Graph, Kind, Node, Timer
from zhengtong.engines.bpmn.migrating.remarks import Remark
from zhengtong.engines.bpmn.state import Token, Wait

Mapped = Mapping[str, str]
"""From elements and flows of the old version to those of the new; who is not in it keeps its id."""


def compare(token: Token, node: Node, fresh: Node) -> Iterator[Remark]:
    """What keeps `token` at `node` from standing at `fresh`, and what is different there."""
    if node.trigger != fresh.trigger and node.tag == fresh.tag:
        yield _differs("migration.wait_differs", node, fresh, node.trigger, fresh.trigger)
        return
    if node.kind is not fresh.kind:
        yield _differs("migration.kind_differs", node, fresh, node.tag, fresh.tag)
        return
    if _repeat(node) != _repeat(fresh):
        yield _differs("migration.repetition_differs", node, fresh, "", "")
    if awaited(node) != awaited(fresh) and token.wait in (Wait.MESSAGE, Wait.SIGNAL, Wait.CONDITION):
        yield _differs("migration.awaits_other", node, fresh, awaited(node), awaited(fresh))
    if token.wait is Wait.TASK:
        yield from _task(node, fresh)
    elif token.wait is Wait.TIMER and is_retimed(node, fresh):
        yield Remark("migration.timer_kept", node.id)
    elif token.wait is Wait.CALL and (node.called, node.isolated) != (fresh.called, fresh.isolated):
        yield _differs("migration.called_differs", node, fresh, node.called, fresh.called)


def is_retimed(node: Node, fresh: Node) -> bool:
    """Whether the new version says another time."""
    return _time(node.timer) != _time(fresh.timer)


def awaited(node: Node) -> str:
    """The message or signal that a node waits for, or the text of its condition."""
    if node.condition is not None:
        return node.condition.text
    return node.code if node.kind is Kind.SIGNAL or node.trigger == "signal" else node.message


def join_flow(old: Graph, new: Graph, token: Token, target: str, mapping: Mapped) -> str:
    """The flow by which a token that waits at a join came there, as the new version names it; "" where none is it."""
    into = {flow.id: node.id for node in new.nodes.values() for flow in node.outgoing if flow.target == target}
    named = mapping.get(token.flow, token.flow)
    if named in into:
        return named
    sources = {node.id for node in old.nodes.values() for flow in node.outgoing if flow.id == token.flow}
    meant = {mapping.get(source, source) for source in sources}
    found = [flow for flow, source in into.items() if source in meant]
    return found[0] if len(found) == 1 else ""


def _task(node: Node, fresh: Node) -> Iterator[Remark]:
    gone = [outcome for outcome in node.outcomes if outcome not in fresh.outcomes]
    if gone and len(gone) == len(node.outcomes):
        yield _differs("migration.outcomes_gone", node, fresh, ", ".join(gone), "")
    elif gone:
        yield Remark("migration.outcomes_fewer", node.id, {"gone": ", ".join(gone)})
    if node.role != fresh.role:
        yield _differs("migration.role_changed", node, fresh, node.role, fresh.role)


def _repeat(node: Node) -> tuple[object, ...]:
    """How it is repeated, and what of it is kept from the times that are over."""
    loop = node.loop
    return () if loop is None else (loop.repeat, loop.tallied, bool(loop.output))


def _time(timer: Timer | None) -> tuple[object, ...]:
    if timer is None:
        return ()
    expression = timer.expression.text if timer.expression is not None else ""
    return (timer.duration, timer.instant, timer.clock, timer.cycle, expression, timer.unit)


def _differs(code: str, node: Node, fresh: Node, old: str, new: str) -> Remark:
    return Remark(code, node.id, {"target": fresh.id, "old": old or "—", "new": new or "—"})
