"""Gateways that wait: for a token on every flow, or for every token that can still come."""

from collections.abc import Iterable, Mapping

from zhengtong.engines.bpmn.graph import Kind, Node
from zhengtong.engines.bpmn.state import NOTES, Token, Wait
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.running import Move, Run


def parallel(run: Run, node: Node, move: Move) -> None:
    """Wait for one token on every incoming flow; take exactly one of each, the oldest, and go on."""
    if node.incoming < 2:
        leave(run, node, move.scope, move.origins)
        return
    last = run.rest(node, Wait.JOIN, move)
    oldest = _oldest(run.crowd.joins[node.id, move.scope].values())
    if oldest[move.flow] is last and len(oldest) == node.incoming:
        _merge(run, node, oldest.values())


def join_again(run: Run, node: Node, scope: int) -> None:
    """Let a join to which tokens were given back go on as often as it is complete."""
    while node.kind is Kind.PARALLEL:
        oldest = _oldest(run.crowd.joins[node.id, scope].values())
        if len(oldest) < node.incoming:
            return
        _merge(run, node, oldest.values())


def inclusive(run: Run, node: Node, move: Move) -> None:
    """Wait until no token can come by a flow that has none yet; looked at once nothing moves any more."""
    if node.incoming < 2:
        leave(run, node, move.scope, move.origins)
    else:
        run.rest(node, Wait.JOIN, move)


def join_inclusive(run: Run) -> bool:
    """Let one inclusive join that waits in vain go on; answers whether one did.

    Costs the joins that wait times the places where tokens stand in their scope, both bounded by the drawing.
    """
    for (element, scope), waiting in run.crowd.joins.items():
        if not waiting:
            continue
        node = run.node(element, scope)
        if node.kind is Kind.INCLUSIVE:
            oldest = _oldest(waiting.values())
            if not _awaits(run, node, scope, oldest):
                _merge(run, node, oldest.values())
                return True
    return False


def _awaits(run: Run, node: Node, scope: int, met: Mapping[str, Token]) -> bool:
    """Whether some token elsewhere can reach a flow that has none, and none of those that have one."""
    bits, masks = run.graph_of(scope).reach[node.id]
    here = 0
    for flow in met:
        here |= bits.get(flow, 0)
    for element in {token.element for token in run.inside(scope) if counts(token) and token.element != node.id}:
        mask = masks.get(element, 0)
        if mask & ~here and not mask & here:
            return True
    return False


def counts(token: Token) -> bool:
    """Whether a token goes on from where it stands by the flows that are drawn."""
    return not token.host and token.wait not in NOTES


def _oldest(tokens: Iterable[Token]) -> dict[str, Token]:
    """The oldest token of each flow."""
    oldest: dict[str, Token] = {}
    for token in tokens:
        oldest.setdefault(token.flow, token)
    return oldest


def _merge(run: Run, node: Node, met: Iterable[Token]) -> None:
    """Use up the tokens that met at a join and go on as one that descends from them all."""
    origins: set[int] = set()
    scope = 0
    for token in tuple(met):
        scope = token.scope
        run.complete(token)
        origins.update(run.trace(token))
    leave(run, node, scope, tuple(sorted(origins)))
