"""退回: undo what came of an activity, and nothing else, and have it done anew."""

from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Kind, Node
from zhengtong.engines.bpmn.state import SCOPES, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.beginning import entry
from zhengtong.engines.bpmn.steps.joining import join_again
from zhengtong.engines.bpmn.steps.keeping import pack
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.verbs.asked import ASKED, RETURNED, announce, free_task
from zhengtong.engines.bpmn.verbs.asking import ask
from zhengtong.engines.bpmn.verbs.past import INSTEAD, START, Past
from zhengtong.engines.bpmn.verbs.reopening import bring_notes, closed_around, reopen

_ACTIVITIES = SCOPES | {Wait.TASK, Wait.ACTION, Wait.DECISION, Wait.MESSAGE}


def send_back(run: Run, event: on.SendBack) -> None:
    """Rewind to the latest time `event.to` was done before the sender's task, or to the start."""
    sender = free_task(run, event.token)
    if sender.host:
        raise BpmnError("bpmn.task_helper", position=sender.element, element=sender.element, token=sender.id)
    past = Past(run, event.history)
    start = _start(run, event.to)
    target = find_target(past, sender, event.to if start is None else start.id, begun=start is not None)
    if event.direct:
        _hold_meanwhile(run, past, sender, target, start)
        return
    opened = undo(run, past, target)
    data = {INSTEAD: target, ASKED: RETURNED}
    if start is None:
        done = past.rows[target]
        around = past.latest(done.scope)
        scope = opened.get(around, around)
        run.moves.append(Move(done.flow, done.element, scope, (sender.id,), 0, pack(data)))
    else:
        announce(run, run.rest(start, Wait.TASK, Move("", start.id, 0, (sender.id,), 0, pack(data))))


def _hold_meanwhile(run: Run, past: Past, sender: Token, target: int, start: Node | None) -> None:
    """退回后直达: nothing is undone; the sender has his task back as soon as the activity was done again."""
    node = start or past.node(past.rows[target])
    if node.kind not in (Kind.TASK, Kind.START) or node.loop is not None:
        raise BpmnError("bpmn.direct_unsupported", position=node.id, element=node.id)
    if run.graph_of(sender.scope).nodes.get(node.id) is not node:
        raise BpmnError("bpmn.direct_unsupported", position=node.id, element=node.id)
    ask(run, sender, RETURNED, ("",), node.id)


def _start(run: Run, to: str) -> Node | None:
    """The start event that is meant, if one is."""
    if to and to not in run.graph.starts:
        return None
    start = run.node(entry(run.graph, to), 0)
    if start.kind is not Kind.START:  # a message or an event began the instance; nobody can be sent back to that
        raise BpmnError("bpmn.back_not_done", position=start.id, element=start.id)
    return start


def find_target(past: Past, sender: Token, element: str, *, begun: bool) -> int:
    """The latest completion of an activity from which the sender's task descends."""
    found = [n for n in past.done - past.undone - past.replaced if _is_activity(past, past.rows[n], element)]
    earlier = past.before(sender.id)
    target = max((number for number in found if number in earlier), default=START)
    if target == START and not begun:
        code = "bpmn.back_not_before" if found else "bpmn.back_not_done"
        raise BpmnError(code, position=element, element=element)
    if sender.id not in past.after(target):
        raise BpmnError("bpmn.back_not_before", position=element, element=element)
    return target


def _is_activity(past: Past, token: Token, element: str) -> bool:
    """Whether it stood for the whole of that activity: not an event, a helper, nor one of several times."""
    if token.element != element or token.wait not in _ACTIVITIES or token.host:
        return False
    node = past.node(token)
    if token.wait is Wait.MESSAGE and node.tag != "receiveTask":
        return False
    return node.loop is None or not token.turn


def undo(run: Run, past: Past, target: int, *, several: bool = False) -> dict[int, int]:
    """Take away what came of a completion, open what had ended around it, and give back what met it at joins.

    Answers the new number of each scope that was opened anew; `several` as in `closed_around`.
    """
    undone = past.after(target)
    done = past.rows.get(target)
    around = closed_around(past, done, undone, several=several) if done is not None else []
    met = past.met(undone, target)
    run.cancel(sorted(undone & run.live.keys()))
    opened = reopen(run, past, around)
    for closed, scope in opened.items():
        bring_notes(run, past, past.rows[closed], scope, undone | {target})
    joins: dict[tuple[str, int], Node] = {}
    for token in met:
        around_it = past.latest(token.scope)
        scope = opened.get(around_it, around_it)
        if scope and scope not in run.live:
            raise damaged("what waited at a join ran in a scope that is gone", token.id)
        node = run.node(token.element, scope)
        run.put(token._replace(id=run.next_id, scope=scope, origins=(token.id,)))
        joins[node.id, scope] = node
    for (_element, scope), node in joins.items():
        join_again(run, node, scope)
    return opened
