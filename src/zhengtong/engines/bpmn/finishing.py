"""An activity is over: carry on from it, or count it as one time of several."""

from collections.abc import Mapping

from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Node, Repeat
from zhengtong.engines.bpmn.knowing import OWN, bring, facts, own, store
from zhengtong.engines.bpmn.leaving import leave
from zhengtong.engines.bpmn.looping import instance_over, kept
from zhengtong.engines.bpmn.running import Move, Run
from zhengtong.engines.bpmn.state import SCOPES, Token


def finish(run: Run, token: Token, brought: Mapping[str, object] = NOTHING) -> None:
    """The activity or event at which `token` rests is over; `brought` is what the event that ends it brings."""
    node = run.node_of(token)
    if node.loop is None or not token.turn:
        if brought and not (token.scope and bring(run, token.scope, brought)):
            run.extra = brought
        run.complete(token)
        leave(run, node, token.scope, run.trace(token))
        return
    inside = facts(run, token.id) if token.wait in SCOPES else NOTHING
    given = {**inside, **own(token), **brought}
    if node.loop.repeat is Repeat.LOOP:  # which has no data of its own
        run.extra = {**run.extra, **brought}
    run.complete(token)
    instance_over(run, node, node.loop, run.token(token.scope), token.turn, given)


def pass_by(run: Run, node: Node, move: Move, values: Mapping[str, object] = NOTHING) -> None:
    """An activity that does not rest is over; `values` are to be stored, or are what one of several times gave."""
    run.finish(node, move)
    if node.loop is None or not move.turn:
        store(run, move.scope, values)
        leave(run, node, move.scope, move.origins)
        return
    came = kept(move).get(OWN) or {}
    if node.loop.repeat is Repeat.LOOP:
        store(run, move.scope, values)
    instance_over(run, node, node.loop, run.token(move.scope), move.turn, {**came, **values})
