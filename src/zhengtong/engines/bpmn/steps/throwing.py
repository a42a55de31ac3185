"""What is thrown: heard once everything else that moved has come to rest, so that no order of branches decides."""

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Node
from zhengtong.engines.bpmn.steps.catching import catch_signal
from zhengtong.engines.bpmn.steps.finishing import pass_by
from zhengtong.engines.bpmn.steps.looping import carried
from zhengtong.engines.bpmn.steps.passing import carry_in
from zhengtong.engines.bpmn.steps.raising import escalate
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.undoing import CANCEL, cancel_transaction, undo


def throw(run: Run, node: Node, move: Move) -> None:
    """Have it thrown later in this step; whoever throws goes on only then."""
    run.thrown.append((node, move))


def perform(run: Run) -> None:
    """Throw what was put by first; its token goes on unless that has swept it away."""
    node, move = thrown = run.thrown[0]
    if node.trigger in ("compensate", CANCEL):
        run.thrown.popleft()
        if node.trigger == CANCEL:
            cancel_transaction(run, node, move)
        elif not undo(run, node, move):
            pass_by(run, node, move)
        return
    data = carry_in(run, node, move.scope, carried(move) if move.turn else NOTHING) if node.inputs else NOTHING
    if node.trigger == "signal":
        run.commands.append(do.BroadcastSignal(node.id, node.code, data))
        catch_signal(run, node.code, data)
    elif node.trigger == "escalation":
        escalate(run, node, move, data)
    else:
        run.commands.append(do.SendMessage(node.id, node.message, data, node.to))
    if run.thrown and run.thrown[0] is thrown:
        run.thrown.popleft()
        pass_by(run, node, move)
