"""One round of several who sign (会签): whose signatures stand in it, and who is named for those still to come."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Graph, Kind, Repeat
from zhengtong.engines.bpmn.state import History, State, Token, Wait
from zhengtong.engines.bpmn.steps.counting import items_of
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.verbs.asked import asked_of, hanging
from zhengtong.engines.bpmn.verbs.asking import names_in
from zhengtong.engines.bpmn.verbs.past import Past

_ANY_TIME = datetime.max.replace(tzinfo=UTC)
"""Nothing is dated by looking."""


class Poll(NamedTuple):
    """A round as it stands; it begins with the activity and ends with it, and what was sent back begins another.

    `counted` tells whether a vote is taken (`zt:sign`). `signed` are the ids of completed tasks whose signature
    stands: not those taken back, nor any of a round that was undone. `named` are the names of those who are to sign
    yet: with the id of the task that is put to them, or with 0 where their turn has still to come.
    """

    counted: bool
    signed: frozenset[int]
    named: tuple[tuple[int, str], ...]


def poll_of(graph: Graph, state: State, number: int, past: Callable[[], History]) -> Poll | None:
    """The round to which a live task belongs; None where it is none of several. `past` is asked for such only.

    Time proportional to the rows. Raises `bpmn.state_damaged`.
    """
    run = Run(graph, state, NOTHING, _ANY_TIME)
    token = run.live.get(number)
    body = run.live.get(token.scope) if token is not None and token.turn and token.wait is Wait.TASK else None
    if body is None or body.wait is not Wait.MANY:
        return None
    node = run.node_of(body)
    if node.loop is None or node.loop.repeat is Repeat.LOOP or node.kind is not Kind.TASK:
        return None
    seats = [each for each in run.inside(body.id) if each.wait is Wait.TASK and not each.host]
    named = [found for seat in seats for found in _named_at(run, seat)]
    if node.loop.repeat is Repeat.IN_TURN:
        turn = max((seat.turn for seat in seats), default=0)
        named += [(0, item) for item in items_of(run, body)[turn:] if isinstance(item, str)]
    return Poll(node.loop.share is not None, _signed(Past(run, past()), body), tuple(named))


def _named_at(run: Run, seat: Token) -> Iterator[tuple[int, str]]:
    """For whom an open task is, and who is to sign after it."""
    who = asked_of(seat)[0]
    if who:
        yield seat.id, who
    notes = [note for note in hanging(run, seat) if note.wait is Wait.SIGNERS]
    for token in (*notes, *([seat] if seat.data else [])):
        yield from ((0, name) for name in names_in(token))


def _signed(past: Past, body: Token) -> frozenset[int]:
    standing = past.done - past.undone - past.replaced
    rows = (past.rows[number] for number in standing)
    return frozenset(
        row.id for row in rows
        if row.wait is Wait.TASK and row.turn and not row.host and past.latest(row.scope) == body.id
    )  # fmt: skip
