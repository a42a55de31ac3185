"""What follows when an event happens that a token waited for."""

from collections.abc import Mapping

from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Kind, Node
from zhengtong.engines.bpmn.state import NOTES, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.finishing import finish
from zhengtong.engines.bpmn.steps.improvising import conclude, concluded
from zhengtong.engines.bpmn.steps.knowing import bring, evaluate, store, truth
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.passing import carry_out
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.waiting import attend, watch_again


def catch(run: Run, token: Token, data: Mapping[str, object] = NOTHING) -> None:
    """An event happened: alone, at a boundary, or as the choice of an event gateway. `data` comes with it."""
    node = run.node_of(token)
    if node.kind is not Kind.START and not token.host:
        finish(run, token, data)
        return
    if data and not bring(run, token.scope, data):
        run.extra = data
    store(run, token.scope, carry_out(run, node, token.scope, data))
    if node.kind is Kind.START:
        _trigger(run, node, token)
        return
    if node.interrupting:
        host = run.token(token.host)
        run.complete(token)
        if host.wait is Wait.CHOICE:
            run.complete(host)
        else:
            run.cancel((host.id,))
    elif token.wait in (Wait.TIMER, Wait.CONDITION):
        run.complete(token)
        watch_again(run, node, token)
    leave(run, node, token.scope, run.trace(token))


def _trigger(run: Run, start: Node, token: Token) -> None:
    """What an event sub-process waited for happened; where it does not interrupt it may happen again."""
    if start.interrupting or token.wait in (Wait.TIMER, Wait.CONDITION):
        run.complete(token)
        if not start.interrupting:
            watch_again(run, start, token)
    begin_handler(run, start, token.scope, run.trace(token))


def begin_handler(run: Run, start: Node, scope: int, origins: tuple[int, ...]) -> None:
    """Run an event sub-process, in place of whatever runs in its scope or beside it."""
    if start.interrupting:
        run.cancel([token.id for token in run.inside(scope) if token.wait not in NOTES])
        run.forget(lambda move: move.scope == scope)
        if scope and run.token(scope).wait is Wait.ADHOC and not concluded(run, run.token(scope)):
            conclude(run, run.token(scope))
    handler = run.node(start.scope, scope)
    enter(run, run.rest(handler, Wait.SCOPE, Move("", handler.id, scope, origins)), start.id)


def enter(run: Run, token: Token, start: str) -> None:
    """Open the inside of a sub-process at its start event."""
    attend(run, token.id, run.trace(token))
    run.moves.append(Move("", start, token.id, run.trace(token)))


def catch_signal(run: Run, name: str, data: Mapping[str, object] = NOTHING) -> bool:
    """Let everything that awaits a signal have it; answers whether anything did."""
    waiting = [token for token in run.live.values() if token.wait is Wait.SIGNAL and token.name == name]
    for token in waiting:
        if token.id in run.live:  # one of them may have interrupted another
            catch(run, token, data)
    return bool(waiting)


def catch_conditions(run: Run) -> bool:
    """Let one condition that has become true happen; answers whether one had."""
    for token in [token for token in run.live.values() if token.wait is Wait.CONDITION]:
        node = run.node_of(token)
        if node.condition is None:
            raise damaged("no condition to wait for", token.id)
        true = truth(node.id, evaluate(run, node.condition, token.scope))
        if true and not token.name:
            catch(run, token)
            return True
        if not true and token.name:
            run.complete(token)
            run.put(token._replace(id=run.next_id, name=""))
    return False
