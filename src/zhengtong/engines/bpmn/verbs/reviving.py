"""One of several takes back what he completed: the others stand as they stood before."""

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Kind, Repeat
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.counting import REMOVED
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.verbs.asked import announce, hanging
from zhengtong.engines.bpmn.verbs.past import INSTEAD, Past


def check_several(run: Run, past: Past, done: Token, body: Token) -> None:
    """Refuse where the next in turn has signed; take the next one's task and what the first had given away."""
    node = past.node(done)
    if node.loop is None or node.loop.repeat is Repeat.LOOP or node.kind is not Kind.TASK:
        raise BpmnError("bpmn.withdraw_several", position=done.element, element=done.element)
    in_turn = node.loop.repeat is Repeat.IN_TURN
    for other in past.inside(body.id):
        if in_turn and other.wait is Wait.TASK and other.turn > done.turn and other.scope == body.id:
            if other.id in past.done or (other.id in run.live and hanging(run, other)):
                raise late(done)
            run.cancel((other.id,))
    if body.id in run.live:
        run.cancel([n.id for n in run.inside(body.id) if n.wait is Wait.RESULT and n.turn == done.turn])


def revive(run: Run, past: Past, closed: Token, body: int, withdrawn: int) -> None:
    """Give an activity that several had completed its notes again, and those their tasks who were not needed any more.

    For each turn the last row tells how it stood: a result stands again, a task that was cut off is put anew.
    """
    rows = [row for row in past.inside(closed.id) if row.scope == closed.id]
    notes = [row for row in rows if row.wait is Wait.SIGNERS and not row.host]
    gone = {unpack(note).get(REMOVED) for note in notes} | {withdrawn}
    last = {row.turn: row for row in rows if row.wait is Wait.RESULT or (row.wait is Wait.TASK and not row.host)}
    for row in [*notes, *(row for turn, row in sorted(last.items()) if turn not in gone)]:
        if row.id in past.done:
            continue
        values = {name: value for name, value in unpack(row).items() if name != INSTEAD}
        new = run.put(row._replace(id=run.next_id, scope=body, origins=(row.id,), data=pack(values)))
        if row.wait is Wait.TASK:
            announce(run, new)


def late(done: Token) -> BpmnError:
    """Somebody acted on what came of a completion."""
    return BpmnError("bpmn.withdraw_late", position=done.element, element=done.element)
