"""How a token waits for something to happen."""

from datetime import datetime

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Kind, Node, Timer
from zhengtong.engines.bpmn.running import Move, Run
from zhengtong.engines.bpmn.state import Token, Wait


def watch(run: Run, node: Node, move: Move, host: int = 0) -> Token:
    """Wait at an event, or a receive task, for what triggers it; `host` is what it hangs on."""
    if node.kind is Kind.SIGNAL:
        token = run.rest(node, Wait.SIGNAL, move, host, node.code)
        run.commands.append(do.AwaitSignal(token.id, node.id, node.code))
        return token
    if node.timer is not None:
        due = _due(run, node, node.timer)
        token = run.rest(node, Wait.TIMER, move, host, node.timer.clock, due)
        run.commands.append(do.StartTimer(token.id, node.id, due, node.timer.clock))
        return token
    token = run.rest(node, Wait.MESSAGE, move, host, node.message)
    run.commands.append(do.AwaitMessage(token.id, node.id, node.message))
    return token


def attach(run: Run, node: Node, token: Token) -> None:
    """Begin to wait for the boundary events of an activity, or the events of an event gateway."""
    for element in node.attached:
        watch(run, run.node(element), Move("", element, token.scope, (token.id,)), token.id)


def _due(run: Run, node: Node, timer: Timer) -> datetime | None:
    if timer.duration is None:
        return timer.instant
    try:
        return timer.duration.after(run.now)
    except OverflowError:
        raise BpmnError("bpmn.timer_failed", position=node.id, element=node.id, value=str(timer.duration)) from None
