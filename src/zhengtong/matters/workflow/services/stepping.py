"""Take a process through one step: the engine's loop, the actions and rules it asks for, and then the writing."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn import start, step
from zhengtong.engines.bpmn.graph import Graph
from zhengtong.engines.bpmn.state import Change, State
from zhengtong.engines.bpmn.state import Token as Standing
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Refusal
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import End, ProcessState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.registry import Call, Subject, actions
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.following import follow
from zhengtong.matters.workflow.services.rows import Running

Data = Mapping[str, object]
Outcome = tuple[State, tuple[do.Command, ...], Change]
Stalls = dict[int, str]
"""Which calls of a step are known to fail, counted from 1, and why."""
MOST_CALLS = 100
LONGEST_REASON = 200


@dataclass
class Run:
    """A process in hand during one step.

    `added` are its new tokens by number, `removed` tells how those that were rows ended, and `brief` what came and
    went within the step.
    `asker` is the task from which others are asked in it, or after which they sign. Where `stalls` is None a failing
    action fails the step.
    """

    process: Running
    graph: Graph
    state: State
    subject: Subject
    by: Actor
    now: dt.datetime
    stalls: Stalls | None = None
    added: dict[int, Standing] = field(default_factory=dict)
    removed: dict[int, End] = field(default_factory=dict)
    brief: list[tuple[Standing, End]] = field(default_factory=list)
    orders: list[do.Command] = field(default_factory=list)
    asker: int | None = None


class ActionRaised(Exception):
    """An action of a step that nobody waits for raised something: which call of the step it was, and why."""

    def __init__(self, call: int, reason: str) -> None:
        super().__init__(reason)
        self.call, self.reason = call, reason


def in_background(job: Callable[[Stalls], None]) -> None:
    """Write a step that nobody waits for; an action that raises is undone with it and the step made without it.

    So what went before a failing action is kept, nothing is done by half, and the process stands at the action until
    it is tried again or skipped. Raises whatever else makes the step fail.
    """
    stalls: Stalls = {}
    while True:
        try:
            write(lambda: job(stalls), pipelined=True)
        except ActionRaised as raised:
            if raised.call in stalls or len(stalls) >= MOST_CALLS:
                raise
            stalls[raised.call] = raised.reason
        else:
            return


def kind_of(error: Exception) -> str:
    """What is kept of an error: its code or its kind; its words may be private."""
    named = error.code if isinstance(error, Refusal | EngineError) else type(error).__name__
    return named[:LONGEST_REASON]


def run_of(
    found: tuple[Running, State], subject: Subject, by: Actor, now: dt.datetime, stalls: Stalls | None = None
) -> Run:
    """The process that was read, in hand."""
    process, state = found
    return Run(process, graph_of(process.definition_id), state, subject, by, now, stalls)


def enter(run: Run, data: Data, at: str = "") -> None:
    """Begin a fresh process, `at` one of its starts or the one without a trigger, and write it."""
    _settle(run, start(run.graph, data, run.now, at))


def advance(run: Run, event: on.Event) -> None:
    """Let an event happen and write what changed; raises what the engine and the actions raise."""
    _settle(run, step(run.graph, run.state, event, run.process.data, run.now))


def take_up(run: Run, outcome: Outcome) -> None:
    """Write a step that the engine made by another way than an event."""
    _settle(run, outcome)


def keep(run: Run, data: Data) -> None:
    """Lay values over the data of the process."""
    if data:
        run.process.data = {**run.process.data, **data}
        run.process.changed = True


def _settle(run: Run, outcome: Outcome) -> None:
    """Follow every command, calling actions and rules until none is left to call, then write what changed."""
    waiting = deque(_taken(run, outcome))
    calls = 0
    while waiting:
        command = waiting.popleft()
        if not isinstance(command, do.CallAction | do.Decide):
            run.orders.append(command)
            continue
        if calls and run.state.find(command.token) is None:
            continue  # the answer to an earlier call has taken it away
        calls += 1
        if calls > MOST_CALLS:
            raise Conflict("workflow.endless", _("The process calls actions without end."))
        answer = _answer(run, command, calls)
        waiting.extend(_taken(run, step(run.graph, run.state, answer, run.process.data, run.now)))
    _write(run)


def _taken(run: Run, outcome: Outcome) -> tuple[do.Command, ...]:
    """Note what a step of the engine did; what it stores is known to everything that comes after."""
    run.state, commands, change = outcome
    for token in change.added:
        run.added[token.id] = token
    _note(run, change.completed, End.COMPLETED)
    _note(run, change.cancelled, End.CANCELLED)
    run.brief += [(token, End.PASSED) for token in change.passed]
    run.brief += [(token, End.COMPLETED) for token in change.done if not token.id]
    for command in commands:
        if isinstance(command, do.StoreData):
            keep(run, command.data)
    return commands


def _note(run: Run, ended: tuple[Standing, ...], end: End) -> None:
    for token in ended:
        if run.added.pop(token.id, None) is None:
            run.removed[token.id] = end
        else:
            run.brief.append((token, end))


def _answer(run: Run, command: do.CallAction | do.Decide, number: int) -> on.Event:
    if run.stalls is not None and number in run.stalls:
        return on.ActionFailed(command.token, run.stalls[number])
    try:
        return on.ActionDone(command.token, _call(run, command))
    except OperationalError:
        raise  # the database's trouble, not the action's
    except Exception as error:
        if run.stalls is None:
            raise
        raise ActionRaised(number, kind_of(error)) from error


def _call(run: Run, command: do.CallAction | do.Decide) -> Data:
    """Do what the process asks for; what comes back becomes data of the process."""
    call = Call(run.by, run.subject, run.process.data, run.now, run.process.id)
    if isinstance(command, do.Decide):
        result = run.subject.decide(command.decision, call)
    else:
        result = actions.get(command.action)(call) or {}
    keep(run, result)
    return result


def _write(run: Run) -> None:
    """Write the rows that changed: what is new goes out with the rows the subject has gathered, if it gathers any."""
    process = run.process
    process.next_token = run.state.next_id
    ended = next((order for order in run.orders if isinstance(order, do.ProcessEnded)), None)
    if ended is not None:
        process.error = ended.error[:LONGEST_REASON]
        usual = ProcessState.FAILED if ended.error else ProcessState.ENDED
        process.ended = ProcessState.CANCELLED if ended.cancelled else usual
    out = run.subject.rows
    rows.put_process(out, process, run.subject, run.now)
    rows.end_tokens(process.id, run.removed, run.now)
    rows.put_tokens(out, process.id, run.added.values(), run.brief, run.now)
    follow(run, out)
    run.subject.flush()
    out.send()
