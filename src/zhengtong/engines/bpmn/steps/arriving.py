"""What a token does when it reaches a node."""

from collections.abc import Callable, Mapping

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Kind, Node
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.calling import call_process
from zhengtong.engines.bpmn.steps.catching import enter
from zhengtong.engines.bpmn.steps.finishing import pass_by
from zhengtong.engines.bpmn.steps.improvising import offer
from zhengtong.engines.bpmn.steps.joining import inclusive, parallel
from zhengtong.engines.bpmn.steps.keeping import pack
from zhengtong.engines.bpmn.steps.knowing import OWN, evaluate, own
from zhengtong.engines.bpmn.steps.leaving import holds, leave, otherwise
from zhengtong.engines.bpmn.steps.looping import carried, kept
from zhengtong.engines.bpmn.steps.passing import carry_in
from zhengtong.engines.bpmn.steps.raising import end_by_error
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.throwing import throw
from zhengtong.engines.bpmn.steps.waiting import attach, attend, watch
from zhengtong.engines.bpmn.verbs.asked import announce
from zhengtong.engines.feel import from_feel


def _pass(run: Run, node: Node, move: Move) -> None:
    leave(run, node, move.scope, move.origins)


def _end(run: Run, _node: Node, move: Move) -> None:
    run.used_up(move.scope)


def _terminate(run: Run, _node: Node, move: Move) -> None:
    run.cancel([token.id for token in run.inside(move.scope)])
    run.forget(lambda other: other.scope == move.scope)
    run.used_up(move.scope)


def _exclusive(run: Run, node: Node, move: Move) -> None:
    if node.conditional:
        true = (flow for flow in node.outgoing if flow is not node.default and holds(run, flow, move.scope))
        flow = next(true, None) or otherwise(node)
    else:
        flow = node.outgoing[0]
    run.moves.append(Move(flow.id, flow.target, move.scope, move.origins))


def _task(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.TASK, move)
    announce(run, token)
    attach(run, node, token)


def _action(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.ACTION, move)
    call(run, node, token)
    attach(run, node, token)


def _decision(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.DECISION, move)
    call(run, node, token)
    attach(run, node, token)


def call(run: Run, node: Node, token: Token) -> None:
    """Ask for the action or decision of a service or business-rule task."""
    data = carry_in(run, node, token.scope, own(token)) if node.inputs else NOTHING
    if node.decision:
        run.commands.append(do.Decide(token.id, node.id, node.decision, data))
    else:
        run.commands.append(do.CallAction(token.id, node.id, node.action, data))


def _wait(run: Run, node: Node, move: Move) -> None:
    attach(run, node, watch(run, node, move))


def _choice(run: Run, node: Node, move: Move) -> None:
    attach(run, node, run.rest(node, Wait.CHOICE, move))


def _scope(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.SCOPE, _with_own(run, node, move))
    attach(run, node, token)
    enter(run, token, node.inner)


def _adhoc(run: Run, node: Node, move: Move) -> None:
    token = run.rest(node, Wait.ADHOC, _with_own(run, node, move))
    attach(run, node, token)
    attend(run, token.id, run.trace(token))
    offer(run, token)


def _with_own(run: Run, node: Node, move: Move) -> Move:
    """A sub-process with inputs keeps data of its own, as one of several times does."""
    if not node.inputs:
        return move
    came = kept(move)
    known = came.get(OWN) or {}
    return move._replace(data=pack({**came, OWN: {**known, **carry_in(run, node, move.scope, known)}}))


def _script(run: Run, node: Node, move: Move) -> None:
    known = carried(move) if move.turn else NOTHING
    known = {**known, **carry_in(run, node, move.scope, known)} if node.inputs else known
    value = None if node.script is None else from_feel(evaluate(run, node.script, move.scope, known))
    values = {node.result: value} if node.result else value
    if not isinstance(values, dict):
        raise BpmnError("bpmn.script_failed", position=node.id, element=node.id, value=str(value)[:100])
    pass_by(run, node, move, values)


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
    Kind.SIGNAL: _wait,
    Kind.CONDITION: _wait,
    Kind.SCRIPT: _script,
    Kind.THROW: throw,
    Kind.CANCEL: throw,
    Kind.ERROR: end_by_error,
    Kind.EXCLUSIVE: _exclusive,
    Kind.PARALLEL: parallel,
    Kind.INCLUSIVE: inclusive,
    Kind.CHOICE: _choice,
    Kind.SCOPE: _scope,
    Kind.ADHOC: _adhoc,
    Kind.CALL: call_process,
}
