"""What was done and could be undone leaves a note, in models that say how it is undone."""

from collections.abc import Iterable

from zhengtong.engines.bpmn.graph import Node, Repeat
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.keeping import pack
from zhengtong.engines.bpmn.steps.knowing import OWN, snapshot
from zhengtong.engines.bpmn.steps.looping import carried
from zhengtong.engines.bpmn.steps.running import Move, Run


def remember(run: Run, node: Node, token: Token, scope: int) -> None:
    """Note that what rests at `token` is completed, with its data; notes of what was done inside go with it.

    To be called before the token is used up.
    """
    inside = [] if node.undo else noted_in(run, token.id)
    if node.undo or node.undo_inside or inside:
        data = snapshot(run, token)
        note = run.put(Token(run.next_id, node.id, Wait.DONE, scope, origins=run.trace(token), data=data))
        _move(run, inside, note.id)


def remember_passing(run: Run, node: Node, move: Move) -> None:
    """The same for an activity at which no token rests."""
    scope, data = move.scope, ""
    if node.loop is not None and move.turn:
        scope = run.token(scope).scope
        data = "" if node.loop.repeat is Repeat.LOOP else pack({OWN: dict(carried(move))})
    run.put(Token(run.next_id, node.id, Wait.DONE, scope, origins=move.origins, data=data))


def noted_in(run: Run, scope: int) -> list[Token]:
    """What was done in a scope, in the order of completion."""
    return sorted((note for note in run.inside(scope) if note.wait is Wait.DONE), key=_by_id)


def _by_id(token: Token) -> int:
    return token.id


def _move(run: Run, notes: Iterable[Token], scope: int) -> None:
    """Write notes anew in another scope, for what they stand in ends."""
    for note in notes:
        moved = run.put(note._replace(id=run.next_id, scope=scope))
        _move(run, noted_in(run, note.id), moved.id)
