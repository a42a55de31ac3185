"""Compensation: what was completed is undone, the last first, each by what the model has for that."""

from zhengtong.engines.bpmn.graph import Node
from zhengtong.engines.bpmn.state import NOTES, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.catching import enter
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.raising import caught, find_catcher
from zhengtong.engines.bpmn.steps.remembering import noted_in
from zhengtong.engines.bpmn.steps.running import Move, Run

CANCEL = "cancel"


def undo(run: Run, node: Node, move: Move) -> bool:
    """Begin to undo what `node` throws compensation for; answers whether there is anything.

    That is what was completed so far in the level of `node`, or, from an event sub-process, in that around it. Its
    token rests until all is undone.
    """
    token = run.rest(node, Wait.UNDO, move)
    if _next(run, token):
        return True
    run.cancel((token.id,))
    return False


def cancel_transaction(run: Run, node: Node, move: Move) -> None:
    """Nothing in the transaction goes on; what was completed in it is undone, then it is left by its cancel event."""
    run.cancel([token.id for token in run.inside(move.scope) if token.wait not in NOTES])
    run.forget(lambda other: other.scope == move.scope)
    token = run.rest(node, Wait.UNDO, move)
    if not _next(run, token):
        _over(run, node, token)


def go_on_undoing(run: Run, token: Token) -> None:
    """One of several is undone: take the next, or end."""
    if not _next(run, token):
        _over(run, run.node_of(token), token)


def _over(run: Run, node: Node, token: Token) -> None:
    if token.host:  # the note goes, and with it what undid it
        run.cancel((token.host,))
        run.used_up(token.scope)
    elif node.trigger == CANCEL:
        catcher = find_catcher(run, CANCEL, "", token.scope)
        if catcher is None:
            raise damaged(f"nothing catches {node.id}", token.id)
        caught(run, catcher, run.trace(token))
    else:
        run.complete(token)
        leave(run, node, token.scope, run.trace(token))


def _next(run: Run, token: Token) -> bool:
    """Begin to undo what was completed last; answers whether there was anything."""
    left = _left(run, token)
    if not left:
        return False
    note = left[-1]
    node = run.node_of(note)
    if node.undo:
        run.cancel((note.id,))
        run.moves.append(Move(node.id, node.undo, token.id, run.trace(token), data=note.data))
        return True
    origins = run.trace(token)
    inner = run.put(Token(run.next_id, node.id, Wait.UNDO, token.id, note.id, node.id, origins=origins, data=note.data))
    if node.undo_inside:
        start = run.node(node.undo_inside, token.id)
        handler = run.node(start.scope, token.id)
        enter(run, run.rest(handler, Wait.SCOPE, Move(node.id, handler.id, inner.id, origins)), start.id)
    elif not _next(run, inner):
        run.used_up(inner.id)
    return True


def _left(run: Run, token: Token) -> list[Token]:
    """What is still to be undone, in the order of completion."""
    if token.host:
        by_itself = run.node_of(token).undo_inside
        return [] if by_itself else noted_in(run, token.host)
    code, scope = run.node_of(token).code, _around(run, token.scope)
    return [note for note in noted_in(run, scope) if note.id < token.id and code in ("", note.element)]


def _around(run: Run, scope: int) -> int:
    """Where the notes are of what is undone: an event sub-process undoes what it stands in."""
    while scope:
        token = run.token(scope)
        if token.wait is Wait.UNDO:
            return token.host or scope
        if token.wait is not Wait.SCOPE or not run.node_of(token).triggered:
            break
        scope = token.scope
    return scope
