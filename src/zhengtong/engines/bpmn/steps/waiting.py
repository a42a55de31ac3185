"""How a token waits for something to happen."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Node, Timer
from zhengtong.engines.bpmn.instants import Cycle, Duration, parse_cycle, parse_duration, parse_instant
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.knowing import evaluate
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.feel import from_feel

T = TypeVar("T")
HELD = "held"
"""The name of a condition that was true already; it must be false before it can become true again."""


def watch(run: Run, node: Node, move: Move, host: int = 0) -> Token:
    """Wait at an event, or a receive task, for what triggers it; `host` is what it hangs on."""
    if node.timer is not None:
        return _start_timer(run, node, node.timer, move, host)
    if node.condition is not None:
        token = run.rest(node, Wait.CONDITION, move, host)
        run.commands.append(do.AwaitCondition(token.id, node.id, tuple(sorted(node.condition.names))))
    elif node.trigger == "signal":
        token = run.rest(node, Wait.SIGNAL, move, host, node.code)
        run.commands.append(do.AwaitSignal(token.id, node.id, node.code))
    else:
        token = run.rest(node, Wait.MESSAGE, move, host, node.message)
        run.commands.append(do.AwaitMessage(token.id, node.id, node.message))
    return token


def _start_timer(run: Run, node: Node, timer: Timer, move: Move, host: int) -> Token:
    due, cycle = first_due(run, node, timer, move.scope)
    token = run.rest(node, Wait.TIMER, move._replace(turn=1) if cycle else move, host, timer.clock, due)
    run.commands.append(do.StartTimer(token.id, node.id, due, timer.clock))
    return token


def watch_again(run: Run, node: Node, token: Token) -> None:
    """What does not interrupt may happen again: the next turn of a repetition, a condition once it was false."""
    if token.wait is Wait.CONDITION:
        run.put(token._replace(id=run.next_id, name=HELD))
    elif token.wait is Wait.TIMER and node.timer is not None and token.due is not None:
        cycle = first_due(run, node, node.timer, token.scope)[1]
        if cycle is not None and (cycle.times is None or token.turn < cycle.times):
            due = _after(node, cycle.period, token.due)
            again = run.put(token._replace(id=run.next_id, due=due, turn=token.turn + 1))
            run.commands.append(do.StartTimer(again.id, node.id, due, ""))


def hang_over(run: Run, token: Token, host: Token) -> None:
    """Await at another host what was awaited at one that is over: the same instant, message, signal or condition."""
    again = run.put(token._replace(id=run.next_id, host=host.id, origins=(host.id,)))
    if token.wait is Wait.TIMER:
        run.commands.append(do.StartTimer(again.id, again.element, again.due, again.name))
    elif token.wait is Wait.MESSAGE:
        run.commands.append(do.AwaitMessage(again.id, again.element, again.name))
    elif token.wait is Wait.SIGNAL:
        run.commands.append(do.AwaitSignal(again.id, again.element, again.name))
    else:
        condition = run.node_of(again).condition
        names = tuple(sorted(condition.names)) if condition is not None else ()
        run.commands.append(do.AwaitCondition(again.id, again.element, names))


def attach(run: Run, node: Node, token: Token) -> None:
    """Begin to wait for the boundary events of an activity, or the events of an event gateway.

    Those of a repeated activity hang on its body, not on each time it is done.
    """
    for element in () if token.turn else node.watched:
        watch(run, run.node(element, token.scope), Move("", element, token.scope, (token.id,)), token.id)


def attend(run: Run, scope: int, origins: tuple[int, ...]) -> None:
    """Begin to wait for what triggers the event sub-processes of a scope that opens."""
    for element in run.handlers(scope):
        start = run.node(element, scope)
        if start.trigger not in ("error", "escalation"):
            watch(run, start, Move("", element, scope, origins))


def first_due(run: Run, node: Node, timer: Timer, scope: int) -> tuple[datetime | None, Cycle | None]:
    """When a timer that starts now is due (None where a clock outside says), and its repetition if it has one."""
    if timer.expression is not None:
        timer = _computed(run, node, timer, from_feel(evaluate(run, timer.expression, scope)))
    if timer.duration is not None:
        return _after(node, timer.duration, run.now), None
    cycle = timer.cycle
    if cycle is None:
        return timer.instant, None
    return cycle.first or _after(node, cycle.period, run.now), cycle


def _after(node: Node, span: Duration, since: datetime) -> datetime:
    try:
        return span.after(since)
    except OverflowError:
        raise BpmnError("bpmn.timer_failed", position=node.id, element=node.id, value=str(span)) from None


def _computed(run: Run, node: Node, timer: Timer, value: Any) -> Timer:
    """The timer that an expression stands for."""
    if timer.unit == "duration":
        span = Duration(0, value) if isinstance(value, timedelta) else _parsed(parse_duration, value)
        found = Timer(duration=span)
    elif timer.unit == "date":
        found = Timer(instant=_instant(run, value))
    else:
        found = Timer(cycle=_parsed(parse_cycle, value))
    if found == Timer():
        raise BpmnError("bpmn.timer_failed", position=node.id, element=node.id, value=str(value)[:100])
    return found


def _instant(run: Run, value: Any) -> datetime | None:
    """Dates, and dates and times without a zone, are those of the zone of `now`."""
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=run.now.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time(), run.now.tzinfo)
    return _parsed(parse_instant, value)


def _parsed(parse: Callable[[str], T | None], value: Any) -> T | None:
    return parse(value) if isinstance(value, str) else None
