"""Move a process instance: one event in, the next state and the commands out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import Change, State, Token, Wait
from zhengtong.engines.bpmn.steps.arriving import ARRIVALS, call
from zhengtong.engines.bpmn.steps.beginning import entry
from zhengtong.engines.bpmn.steps.catching import catch, catch_conditions, catch_signal
from zhengtong.engines.bpmn.steps.finishing import finish
from zhengtong.engines.bpmn.steps.improvising import concluded, end_by_hand, offer, start_activity
from zhengtong.engines.bpmn.steps.joining import join_inclusive
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.looping import begin, body_over
from zhengtong.engines.bpmn.steps.raising import caught, find_catcher
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.throwing import perform
from zhengtong.engines.bpmn.steps.undoing import go_on_undoing
from zhengtong.engines.bpmn.steps.waiting import attend, watch
from zhengtong.engines.bpmn.verbs.asking import add_signers, complete_task, delegate
from zhengtong.engines.bpmn.verbs.cosigning import add_instances, remove_signer
from zhengtong.engines.bpmn.verbs.returning import send_back
from zhengtong.engines.bpmn.verbs.withdrawing import withdraw


class Outcome(NamedTuple):
    """The state after a step, what the world must do now, and which rows came and went."""

    state: State
    commands: tuple[do.Command, ...]
    change: Change


def start(graph: Graph, data: Mapping[str, object], now: datetime, at: str = "") -> Outcome:
    """Begin an instance at `at`, one of `graph.starts`, by default the one without a trigger (or the only one).

    What triggers that start has happened already. `now` is an aware instant. Raises `BpmnError` where that start does
    not exist, and as `step` does.
    """
    run = Run(graph, State(), data, now)
    attend(run, 0, ())
    _begin(run, run.node(entry(graph, at), 0))
    return settle(run)


def step(graph: Graph, state: State, event: on.Event, data: Mapping[str, object], now: datetime) -> Outcome:
    """Take `event` and move until every token rests again. Pure: the same arguments give the same outcome.

    Conditions see `data` with the event's own data laid over it; keeping that data is the caller's part.
    `now` is an aware instant and only dates timers. Raises `BpmnError` and then nothing has happened: an event
    nobody waits for, no true condition at a gateway, a loop that never waits, a damaged state.
    """
    if not state.tokens:
        raise BpmnError("bpmn.process_ended")
    handler = _HANDLERS.get(type(event))
    if handler is None:
        raise BpmnError("bpmn.event_unknown", event=type(event).__name__)
    if state.suspended and type(event) not in _EVEN_SUSPENDED:
        raise BpmnError("bpmn.suspended")
    run = Run(graph, state, data, now)
    handler(run, event)
    return settle(run)


def _begin(run: Run, entry: Node) -> None:
    """Go on from where the instance begins; of several events that belong together the others are awaited."""
    gateway = run.graph.nodes.get(entry.host)
    if gateway is not None and gateway.together:
        for flow in gateway.outgoing:
            if flow.target != entry.id:
                watch(run, run.node(flow.target, 0), Move(flow.id, flow.target, 0, ()))
    run.count(entry)
    leave(run, entry, 0, ())


def settle(run: Run) -> Outcome:
    """Move until nothing moves, closing sub-processes that have run empty, innermost first."""
    while True:
        while run.moves:
            move = run.moves.popleft()
            node = run.node(move.target, move.scope)
            run.count(node)
            if node.loop is None or move.turn:
                ARRIVALS[node.kind](run, node, move)
            else:
                begin(run, node, node.loop, move)
        if run.thrown:
            perform(run)
            continue
        scope = run.next_empty()
        if scope is not None:
            _close(run, scope)
        elif not _react(run):
            break
    if not run.live and not run.stopped:
        run.commands.append(do.ProcessEnded())
    return Outcome(*run.result())


def _react(run: Run) -> bool:
    """Once nothing moves: a join that waits in vain, or a condition that has become true."""
    called = bool(run.graph.library)
    if (called or run.graph.reach) and join_inclusive(run):
        return True
    return (called or run.graph.conditional) and catch_conditions(run)


def _close(run: Run, scope: int) -> None:
    """End a sub-process in which nothing is left to do; at last, what still waited beside the process."""
    if not scope:
        if run.live and not run.crowd.busy[0]:
            run.cancel(tuple(run.live))
        return
    token = run.live.get(scope)
    if token is None or run.crowd.busy[scope]:
        return
    node = run.node_of(token)
    if token.wait is Wait.MANY and node.loop is not None:
        body_over(run, node, node.loop, token)
    elif token.wait is Wait.UNDO:
        go_on_undoing(run, token)
    elif token.wait is Wait.ADHOC and not concluded(run, token):
        offer(run, token)
    else:
        finish(run, token)


def _open_call(run: Run, number: int) -> Token:
    token = run.live.get(number)
    if token is None or token.wait not in (Wait.ACTION, Wait.DECISION):
        raise BpmnError("bpmn.call_not_open", position=f"token {number}", token=number)
    return token


def _answer_call(run: Run, event: on.ActionDone) -> None:
    finish(run, _open_call(run, event.token), event.data)


def _fail_call(run: Run, event: on.ActionFailed) -> None:
    token = _open_call(run, event.token)
    run.commands.append(do.Stalled(token.id, token.element, event.reason))


def _raise_error(run: Run, event: on.ErrorRaised) -> None:
    token = run.live.get(event.token)
    if token is None or token.wait not in (Wait.TASK, Wait.ACTION, Wait.DECISION):
        raise BpmnError("bpmn.task_not_open", position=f"token {event.token}", token=event.token)
    if token.wait is Wait.TASK and token.host:
        raise BpmnError("bpmn.task_helper", position=token.element, element=token.element, token=token.id)
    catcher = find_catcher(run, "error", event.error, token.scope, token)
    if catcher is None:
        run.commands.append(do.Stalled(token.id, token.element, event.error))
    else:
        caught(run, catcher, (token.id,), event.data)


def _retry_call(run: Run, event: on.Retry) -> None:
    token = _open_call(run, event.token)
    call(run, run.node_of(token), token)


def _fire_timer(run: Run, event: on.TimerFired) -> None:
    token = run.live.get(event.token)
    if token is None or token.wait != Wait.TIMER:
        raise BpmnError("bpmn.timer_not_running", position=f"token {event.token}", token=event.token)
    catch(run, token)


def _receive_message(run: Run, event: on.MessageReceived) -> None:
    for token in run.live.values():
        if token.wait == Wait.MESSAGE and token.name == event.name and event.token in (0, token.id):
            catch(run, token, event.data)
            return
    raise BpmnError("bpmn.message_not_awaited", name=event.name[:200])


def _receive_signal(run: Run, event: on.SignalReceived) -> None:
    if not catch_signal(run, event.name, event.data):
        raise BpmnError("bpmn.signal_not_awaited", name=event.name[:200])


def _change_data(run: Run, event: on.DataChanged) -> None:
    run.extra = event.data


def _cancel_all(run: Run, _event: on.Cancel) -> None:
    run.cancel(tuple(run.live))
    run.stopped, run.suspended = True, False
    run.commands.append(do.ProcessEnded(cancelled=True))


def _suspend(run: Run, _event: on.Suspend) -> None:
    run.suspended = True
    run.commands.append(do.Suspended())


def _resume(run: Run, _event: on.Resume) -> None:
    if not run.suspended:
        raise BpmnError("bpmn.not_suspended")
    run.suspended = False
    run.commands.append(do.Resumed())


_EVEN_SUSPENDED = frozenset({on.Resume, on.Cancel})
_HANDLERS: Mapping[type, Callable[..., None]] = {
    on.TaskCompleted: complete_task,
    on.ActivityStarted: start_activity,
    on.AdHocEnded: end_by_hand,
    on.ActionDone: _answer_call,
    on.ActionFailed: _fail_call,
    on.ErrorRaised: _raise_error,
    on.Retry: _retry_call,
    on.TimerFired: _fire_timer,
    on.MessageReceived: _receive_message,
    on.SignalReceived: _receive_signal,
    on.DataChanged: _change_data,
    on.Cancel: _cancel_all,
    on.SendBack: send_back,
    on.Withdraw: withdraw,
    on.AddSigners: add_signers,
    on.Delegate: delegate,
    on.AddInstances: add_instances,
    on.RemoveSigner: remove_signer,
    on.Suspend: _suspend,
    on.Resume: _resume,
}
