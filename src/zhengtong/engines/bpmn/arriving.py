"""What a token does when it reaches a node, and how it leaves one."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Flow, Kind, Node, Timer
from zhengtong.engines.bpmn.running import Move, Run
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.errors import EngineError


def leave(run: Run, node: Node, scope: int, origins: tuple[int, ...]) -> None:
    """Send a token along every flow that applies; a node without flows uses it up."""
    if node.conditional:
        flows = tuple(flow for flow in node.outgoing if flow is not node.default and _true(run, flow))
        flows = flows or _default(node)
    else:
        flows = node.outgoing
    if not flows:
        run.used_up(scope)
    for flow in flows:
        run.moves.append(Move(flow.id, flow.target, scope, origins))


def _default(node: Node) -> tuple[Flow]:
    if node.default is None:
        raise BpmnError("bpmn.no_true_condition", position=node.id, element=node.id)
    return (node.default,)


def _true(run: Run, flow: Flow) -> bool:
    if flow.condition is None:
        return True
    try:
        value = flow.condition.evaluate(run.facts())
    except EngineError as fault:
        raise BpmnError(
            "bpmn.condition_failed",
            position=flow.id,
            element=flow.id,
            reason_zh=fault.text("zh-hans"),
            reason_en=fault.text("en"),
        ) from None
    if value is None or isinstance(value, bool):
        return value is True
    raise BpmnError("bpmn.condition_not_boolean", position=flow.id, element=flow.id, value=str(value)[:100])


def _pass(run: Run, node: Node, move: Move) -> None:
    leave(run, node, move.scope, move.origins)


def _end(run: Run, _node: Node, move: Move) -> None:
    run.used_up(move.scope)


def _terminate(run: Run, _node: Node, move: Move) -> None:
    run.cancel([token.id for token in run.inside(move.scope)])
    run.moves = deque(other for other in run.moves if other.scope != move.scope)
    run.used_up(move.scope)


def _exclusive(run: Run, node: Node, move: Move) -> None:
    flow: Flow | None = None
    if node.conditional:
        flow = next((f for f in node.outgoing if f is not node.default and _true(run, f)), None)
        flow = flow or _default(node)[0]
    else:
        flow = node.outgoing[0]
    run.moves.append(Move(flow.id, flow.target, move.scope, move.origins))


def _parallel(run: Run, node: Node, move: Move) -> None:
    """Wait for one token on every incoming flow; take exactly one of each, the oldest, and go on."""
    if node.incoming < 2:
        leave(run, node, move.scope, move.origins)
        return
    last = run.rest(node, Wait.JOIN, move)
    oldest: dict[str, Token] = {}
    for token in run.crowd.joins[node.id, move.scope].values():
        oldest.setdefault(token.flow, token)
    if oldest[move.flow] is last and len(oldest) == node.incoming:
        merge(run, node, oldest.values())


def merge(run: Run, node: Node, met: Iterable[Token]) -> None:
    """Use up the tokens that met at a join and go on as one that descends from them all."""
    origins: set[int] = set()
    scope = 0
    for token in met:
        scope = token.scope
        run.complete(token)
        origins.update(run.trace(token))
    leave(run, node, scope, tuple(sorted(origins)))


def _task(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.TASK, move)
    run.commands.append(do.CreateTask(token.id, node.id, node.role, node.outcomes))
    _attach(run, node, token)


def _action(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.ACTION, move)
    call(run, node, token)
    _attach(run, node, token)


def _decision(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.DECISION, move)
    call(run, node, token)
    _attach(run, node, token)


def call(run: Run, node: Node, token: Token) -> None:
    """Ask for the action or decision of a service or business-rule task."""
    if node.decision:
        run.commands.append(do.Decide(token.id, node.id, node.decision))
    else:
        run.commands.append(do.CallAction(token.id, node.id, node.action))


def _wait(run: Run, node: Node, move: Move) -> None:
    _attach(run, node, _watch(run, node, move))


def _choice(run: Run, node: Node, move: Move) -> None:
    _attach(run, node, run.rest(node, Wait.CHOICE, move))


def _scope(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.SCOPE, move)
    _attach(run, node, token)
    run.moves.append(Move("", node.inner, token.id, run.trace(token)))


def _attach(run: Run, node: Node, token: Token) -> None:
    for element in node.attached:
        _watch(run, run.node(element), Move("", element, token.scope, (token.id,)), token.id)


def _watch(run: Run, node: Node, move: Move, host: int = 0) -> Token:
    if node.timer is None:
        token = run.rest(node, Wait.MESSAGE, move, host, node.message)
        run.commands.append(do.AwaitMessage(token.id, node.id, node.message))
        return token
    due = _due(run, node, node.timer)
    token = run.rest(node, Wait.TIMER, move, host, node.timer.clock, due)
    run.commands.append(do.StartTimer(token.id, node.id, due, node.timer.clock))
    return token


def _due(run: Run, node: Node, timer: Timer) -> datetime | None:
    if timer.duration is None:
        return timer.instant
    try:
        return timer.duration.after(run.now)
    except OverflowError:
        raise BpmnError("bpmn.timer_failed", position=node.id, element=node.id, value=str(timer.duration)) from None


ARRIVALS: Mapping[Kind, Callable[[Run, Node, Move], None]] = {
    Kind.START: _pass,
    Kind.PASS: _pass,
    Kind.END: _end,
    Kind.TERMINATE: _terminate,
    Kind.TASK: _task,
    Kind.ACTION: _action,
    Kind.DECISION: _decision,
    Kind.TIMER: _wait,
    Kind.MESSAGE: _wait,
    Kind.EXCLUSIVE: _exclusive,
    Kind.PARALLEL: _parallel,
    Kind.CHOICE: _choice,
    Kind.SCOPE: _scope,
}
