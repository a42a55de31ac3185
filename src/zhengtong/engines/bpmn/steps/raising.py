"""Errors and escalations: they rise from level to level until something catches them."""

from collections.abc import Mapping
from typing import NamedTuple

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.catching import begin_handler
from zhengtong.engines.bpmn.steps.knowing import bring, store
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.passing import carry_in, carry_out
from zhengtong.engines.bpmn.steps.running import Move, Run


class Catcher(NamedTuple):
    """The event that catches, the scope it stands in, and the activity it hangs on; none for an event sub-process."""

    event: Node
    scope: int
    host: Token | None


def end_by_error(run: Run, node: Node, move: Move) -> None:
    """An error end event: nothing else of its level goes on; what nothing catches ends the whole instance."""
    catcher = find_catcher(run, "error", node.code, move.scope)
    if catcher is not None:
        caught(run, catcher, move.origins, carry_in(run, node, move.scope))
        return
    run.cancel(tuple(run.live))
    run.forget(lambda _other: True)
    run.stopped = True
    run.commands.append(do.ProcessEnded(error=node.code))


def escalate(run: Run, node: Node, move: Move, data: Mapping[str, object]) -> None:
    """Tell the levels above; whoever escalates goes on unless that interrupts him."""
    catcher = find_catcher(run, "escalation", node.code, move.scope)
    run.commands.append(do.Escalated(node.id, node.code, data, catcher is not None))
    if catcher is not None:
        caught(run, catcher, move.origins, data)


def find_catcher(run: Run, trigger: str, code: str, scope: int, raiser: Token | None = None) -> Catcher | None:
    """The nearest event that catches `code`, from the activity that raises it, or the level it is thrown in, upwards.

    Of two at one place the one that names the code is nearer than the one that names none. The events at a repeated
    activity hang on the whole, so that what one of several times throws ends, or tells, the whole.
    """
    if raiser is not None and not _one_of_several(run, raiser):
        found = _match(run.graph_of(scope), run.node_of(raiser).caught, trigger, code)
        if found is not None:
            return Catcher(found, scope, raiser)
    handled = False
    while True:
        # What an event sub-process throws is not for the event sub-processes beside it.
        found = None if handled else _match(run.graph_of(scope), run.handlers(scope), trigger, code)
        if found is not None:
            return Catcher(found, scope, None)
        if not scope:
            return None
        token = run.token(scope)
        node, scope = run.node_of(token), token.scope
        caught_here = () if token.wait is Wait.UNDO or _one_of_several(run, token) else node.caught
        found = _match(run.graph_of(scope), caught_here, trigger, code)
        if found is not None:
            return Catcher(found, scope, token)
        handled = node.triggered


def _one_of_several(run: Run, token: Token) -> bool:
    return token.turn > 0 and run.node_of(token).loop is not None


def _match(graph: Graph, names: tuple[str, ...], trigger: str, code: str) -> Node | None:
    events = [graph.nodes[name] for name in names]
    matching = [event for event in events if event.trigger == trigger and event.code in ("", code)]
    return next((event for event in matching if event.code), matching[0] if matching else None)


def caught(run: Run, catcher: Catcher, origins: tuple[int, ...], data: Mapping[str, object] = NOTHING) -> None:
    """Go on from the event that caught, with the data that were thrown."""
    event, scope, host = catcher
    if data and not bring(run, scope, data):
        run.extra = {**run.extra, **data}
    store(run, scope, carry_out(run, event, scope, data))
    if host is None:
        begin_handler(run, event, scope, origins)
        return
    if event.interrupting:
        run.cancel((host.id,))
    leave(run, event, scope, run.trace(host))
