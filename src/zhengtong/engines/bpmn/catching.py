"""What follows when an event happens that a token waited for."""

from zhengtong.engines.bpmn.leaving import leave, truth
from zhengtong.engines.bpmn.running import Run
from zhengtong.engines.bpmn.state import Token, Wait, damaged
from zhengtong.engines.bpmn.waiting import watch_again


def catch(run: Run, token: Token) -> None:
    """An event happened: alone, at a boundary, or as the choice of an event gateway."""
    node = run.node(token.element)
    if token.host and node.interrupting:
        host = run.live.get(token.host)
        if host is None:
            raise damaged("it is attached to nothing", token.id)
        run.complete(token)
        if host.wait is Wait.CHOICE:
            run.complete(host)
        else:
            run.cancel((host.id,))
    elif not token.host:
        run.complete(token)
    elif token.wait in (Wait.TIMER, Wait.CONDITION):
        run.complete(token)
        watch_again(run, node, token)
    leave(run, node, token.scope, run.trace(token))


def catch_signal(run: Run, name: str) -> bool:
    """Let everything that awaits a signal have it; answers whether anything did."""
    waiting = [token for token in run.live.values() if token.wait is Wait.SIGNAL and token.name == name]
    for token in waiting:
        if token.id in run.live:  # one of them may have interrupted another
            catch(run, token)
    return bool(waiting)


def catch_conditions(run: Run) -> bool:
    """Let one condition that has become true happen; answers whether one had."""
    for token in [token for token in run.live.values() if token.wait is Wait.CONDITION]:
        node = run.node(token.element)
        if node.condition is None:
            raise damaged("no condition to wait for", token.id)
        true = truth(node.id, run.evaluate(node.condition, token.scope))
        if true and not token.name:
            catch(run, token)
            return True
        if not true and token.name:
            run.complete(token)
            run.put(token._replace(id=run.next_id, name=""))
    return False
