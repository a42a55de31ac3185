"""An activity is over: carry on from it, or count it as one time of several."""

from collections.abc import Mapping

from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Loop, Node, Repeat
from zhengtong.engines.bpmn.state import SCOPES, Token
from zhengtong.engines.bpmn.steps.knowing import bring, facts, own, store
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.looping import carried, instance_over
from zhengtong.engines.bpmn.steps.passing import carry_out
from zhengtong.engines.bpmn.steps.remembering import remember, remember_passing
from zhengtong.engines.bpmn.steps.running import Move, Run


def finish(run: Run, token: Token, brought: Mapping[str, object] = NOTHING) -> None:
    """The activity or event at which `token` rests is over; `brought` is what the event that ends it brings."""
    node = run.node_of(token)
    if node.loop is not None and token.turn:
        _finish_one(run, node, node.loop, token, brought)
        return
    if brought and not (token.scope and bring(run, token.scope, brought)):
        run.extra = brought
    values = carry_out(run, node, token.id if token.wait in SCOPES else token.scope, brought)
    if node.noted:
        remember(run, node, token, token.scope)
    run.complete(token)
    store(run, token.scope, values)
    leave(run, node, token.scope, run.trace(token))


def _finish_one(run: Run, node: Node, loop: Loop, token: Token, brought: Mapping[str, object]) -> None:
    """One of several times is over: what it knew, was brought and gives stays with it until all are gathered."""
    scope = token.id if token.wait in SCOPES else token.scope
    given = {**(facts(run, scope) if token.wait in SCOPES else NOTHING), **own(token), **brought}
    values = carry_out(run, node, scope, given)
    if loop.repeat is Repeat.LOOP:  # which has no data of its own
        run.extra = {**run.extra, **brought}
    if node.noted:
        remember(run, node, token, run.token(token.scope).scope)
    run.complete(token)
    if loop.repeat is Repeat.LOOP:
        store(run, token.scope, values)
    instance_over(run, node, loop, run.token(token.scope), token.turn, {**given, **values})


def pass_by(run: Run, node: Node, move: Move, values: Mapping[str, object] = NOTHING) -> None:
    """An activity that does not rest is over; `values` are to be stored, or are what one of several times gave."""
    run.finish(node, move)
    values = {**values, **carry_out(run, node, move.scope, values)} if node.outputs else values
    if node.noted:
        remember_passing(run, node, move)
    if node.loop is None or not move.turn:
        store(run, move.scope, values)
        leave(run, node, move.scope, move.origins)
        return
    if node.loop.repeat is Repeat.LOOP:
        store(run, move.scope, values)
    instance_over(run, node, node.loop, run.token(move.scope), move.turn, {**carried(move), **values})
