"""Open scopes anew in which everything had ended, with whatever waited beside."""

from collections.abc import Iterable

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.counting import COUNT, ITEMS
from zhengtong.engines.bpmn.steps.crowd import keeps_open
from zhengtong.engines.bpmn.steps.improvising import offer
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.knowing import OWN
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.waiting import watch
from zhengtong.engines.bpmn.verbs.past import AGAIN, Past, awaits_handler


def closed_around(past: Past, done: Token, undone: set[int], *, several: bool = False) -> list[Token]:
    """The scopes around a completed activity that have ended, outermost first; each must be one to open again.

    With `several` the innermost may be the body of a repeated activity, of which it was one time.
    """
    around: list[Token] = []
    scope = past.latest(done.scope)
    while scope and scope not in past.run.live:
        around.append(past.rows[scope])
        scope = past.latest(around[-1].scope)
    around.reverse()
    plain = around[:-1] if several else around
    for token in around:
        if token.id not in past.done:
            raise _refused("bpmn.back_closed", token)
    for token in plain:
        if token.wait is Wait.MANY or token.turn:
            raise _refused("bpmn.back_several", token)
    for token in plain:
        _check_cut(past, token, undone, {other.id for other in around})
    return around


def _check_cut(past: Past, scope: Token, undone: set[int], around: set[int]) -> None:
    """What was cut off in a scope, without coming of what is undone, would be lost."""
    inside = past.inside(scope.id)
    handlers = [other for other in inside if _replaces(past, other)]
    if any(past.latest(handler.id) not in around for handler in handlers):
        raise _refused("bpmn.back_cut_off", scope)
    for other in inside:
        over = other.id in past.done or other.id in past.run.live or other.id in undone
        if not (handlers or over) and keeps_open(other) and not past.succeeded(other):
            raise _refused("bpmn.back_cut_off", scope)


def _replaces(past: Past, token: Token) -> bool:
    """Whether it is an event sub-process that ran in place of all else."""
    if token.wait is not Wait.SCOPE:
        return False
    node = past.node(token)
    return node.triggered and past.graph_of(token.scope).nodes[node.inner].interrupting


def reopen(run: Run, past: Past, around: Iterable[Token]) -> dict[int, int]:
    """Open scopes anew, outermost first; the new number of each by its old one."""
    opened: dict[int, int] = {}
    for token in around:
        outer = past.latest(token.scope)
        kept = {name: value for name, value in unpack(token).items() if name in (OWN, ITEMS, COUNT)}
        data = pack({**kept, AGAIN: token.id})
        scope = opened.get(outer, outer)
        new = run.put(token._replace(id=run.next_id, scope=scope, origins=(token.id,), data=data))
        opened[token.id] = new.id
        node = run.node_of(new)
        _watch_again(run, past, new, node.watched, past.hanging(token.id), new.scope, new.id)
        inside = past.inside(token.id)
        if not any(_replaces(past, other) for other in inside):
            waits = [other for other in inside if awaits_handler(other)]
            _watch_again(run, past, new, run.handlers(new.id), waits, new.id, 0)
        if new.wait is Wait.ADHOC:
            offer(run, new)
        for note in [other for other in inside if other.wait is Wait.DATA][-1:]:
            run.put(note._replace(id=run.next_id, scope=new.id, origins=(note.id,)))
    return opened


def bring_notes(run: Run, past: Past, closed: Token, scope: int, undone: set[int]) -> None:
    """Give a scope that was opened anew the notes of what was done in it and still counts, for it can be undone."""
    holders = [token.id for token in past.rows.values() if token.wait is Wait.DONE and token.origins == (closed.id,)]
    for holder in holders[-1:]:
        _copy_notes(run, past, holder, scope, undone)


def _copy_notes(run: Run, past: Past, holder: int, scope: int, undone: set[int]) -> None:
    for note in past.inside(holder):
        if note.wait is Wait.DONE and not undone.intersection(note.origins):
            copied = run.put(note._replace(id=run.next_id, scope=scope))
            _copy_notes(run, past, note.id, copied.id, undone)


def _watch_again(
    run: Run, past: Past, opened: Token, elements: Iterable[str], before: Iterable[Token], scope: int, host: int
) -> None:
    """Wait again for the events that were still awaited when the scope ended."""
    last = {token.element: token for token in before}
    for element in elements:
        token = last.get(element)
        if token is not None and token.id not in past.done:
            watch(run, run.node(element, scope), Move("", element, scope, (opened.id,)), host)


def _refused(code: str, token: Token) -> BpmnError:
    return BpmnError(code, position=token.element, element=token.element)
