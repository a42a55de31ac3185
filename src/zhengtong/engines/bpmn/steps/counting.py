"""How many of several there are, who was added and taken away meanwhile, and how a vote of theirs stands."""

from math import ceil
from typing import Any

from zhengtong.engines.bpmn.graph import Loop, Repeat
from zhengtong.engines.bpmn.state import Token, Wait, damaged
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.running import Run

ITEMS, COUNT = "items", "count"
"""What the body of several keeps: what each in turn is done for, or how many began at once."""
ADDED, REMOVED = "added", "removed"
OUTCOME = "outcome"


def note_change(run: Run, body: Token, values: dict[str, object]) -> None:
    """Note who was added to several, or taken from them."""
    data = pack(values)
    run.put(Token(run.next_id, body.element, Wait.SIGNERS, body.id, origins=run.trace(body), data=data))


def items_of(run: Run, body: Token) -> list[Any]:
    """What each in turn is done for, those added since at the end."""
    return [*_list(body, unpack(body).get(ITEMS)), *_added(run, body)]


def planned(run: Run, loop: Loop, body: Token) -> int:
    """How many have begun or will, taken away or not."""
    if loop.repeat is Repeat.IN_TURN:
        return len(items_of(run, body))
    count = unpack(body).get(COUNT)
    if count is None:  # a body of earlier days, before anybody could be added
        count = run.crowd.busy[body.id] + run.crowd.results[body.id] + _moving(run, body)
    if isinstance(count, bool) or not isinstance(count, int):
        raise damaged("how many there are is no number", body.id)
    return count + len(_added(run, body))


def remaining(run: Run, loop: Loop, body: Token) -> int:
    """How many there are, done or not, without those taken away."""
    return planned(run, loop, body) - sum(REMOVED in unpack(note) for note in _notes(run, body))


def active(run: Run, body: Token) -> int:
    """How many are being done."""
    return run.crowd.busy[body.id] + _moving(run, body)


def verdict(run: Run, loop: Loop, body: Token) -> str:
    """The outcome of a vote once it is certain, else "".

    The agreeing one as soon as enough agree; where enough cannot agree any more, the first other one, by turn.
    """
    notes = sorted((note for note in run.inside(body.id) if note.wait is Wait.RESULT), key=_by_turn)
    outcomes = [unpack(note).get(OUTCOME) for note in notes]
    total = remaining(run, loop, body)
    needed = max(1, ceil((loop.share or 0) * total))
    agreed = outcomes.count(loop.agree)
    if agreed >= needed:
        return loop.agree
    if agreed + total - len(outcomes) >= needed:
        return ""
    return next((outcome for outcome in outcomes if isinstance(outcome, str) and outcome != loop.agree), "")


def _moving(run: Run, body: Token) -> int:
    return sum(move.scope == body.id for move in run.moves)


def _notes(run: Run, body: Token) -> list[Token]:
    return sorted(note for note in run.inside(body.id) if note.wait is Wait.SIGNERS and not note.host)


def _added(run: Run, body: Token) -> list[Any]:
    return [item for note in _notes(run, body) for item in _list(note, unpack(note).get(ADDED, []))]


def _list(token: Token, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise damaged("no items to go through", token.id)
    return value


def _by_turn(token: Token) -> int:
    return token.turn
