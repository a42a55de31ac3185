"""What follows when an event happens that a token waited for."""

from zhengtong.engines.bpmn.leaving import leave
from zhengtong.engines.bpmn.running import Run
from zhengtong.engines.bpmn.state import Token, Wait, damaged


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
    elif not token.host or token.wait is Wait.TIMER:
        run.complete(token)
    leave(run, node, token.scope, (token.id,))


def catch_signal(run: Run, name: str) -> bool:
    """Let everything that awaits a signal have it; answers whether anything did."""
    waiting = [token for token in run.live.values() if token.wait is Wait.SIGNAL and token.name == name]
    for token in waiting:
        if token.id in run.live:  # one of them may have interrupted another
            catch(run, token)
    return bool(waiting)
