"""Where a process instance stands: tokens, each of them one row that never changes, only comes and goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any, NamedTuple

from zhengtong.engines.bpmn.errors import BpmnError


class Wait(StrEnum):
    """What a token waits for, or, for a note, what it says."""

    TASK = "task"
    ACTION = "action"
    DECISION = "decision"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"
    CHOICE = "choice"
    JOIN = "join"
    SCOPE = "scope"
    ADHOC = "adhoc"
    CALL = "call"
    UNDO = "undo"
    MANY = "many"
    DATA = "data"
    RESULT = "result"
    OVER = "over"
    DONE = "done"
    SIGNERS = "signers"


SCOPES = frozenset({Wait.SCOPE, Wait.ADHOC, Wait.CALL, Wait.MANY, Wait.UNDO})
"""Tokens in which others run."""
HOLDERS = SCOPES | {Wait.DONE}
"""Tokens in which others run, and notes that hold others."""
NOTES = frozenset({Wait.DATA, Wait.RESULT, Wait.OVER, Wait.DONE, Wait.SIGNERS})
"""Rows that say something and wait for nothing; they go with what they are about."""
EVENTS = frozenset({Wait.TIMER, Wait.MESSAGE, Wait.SIGNAL, Wait.CONDITION})
"""Tokens that wait for something to happen."""


class Token(NamedTuple):
    """One token at rest; `id` counts from 1 within the instance and is never used again.

    `scope` is the id of the token of the sub-process it runs in, `host` that of the activity or event gateway
    it is attached to (0 for none). `flow` is the sequence flow it came by, `name` the message or clock it waits
    for, `due` the instant of a timer without a clock. `origins` are the tokens it descends from directly; who
    keeps the rows of ended tokens has the whole line of descent. `turn` counts repetitions, from 1; `data` is what
    the token keeps, one line of JSON.
    """

    id: int
    element: str
    wait: Wait
    scope: int = 0
    host: int = 0
    flow: str = ""
    name: str = ""
    due: datetime | None = None
    origins: tuple[int, ...] = ()
    turn: int = 0
    data: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A process instance between two steps: its tokens by id, the id the next one gets, and whether it is suspended."""

    tokens: tuple[Token, ...] = ()
    next_id: int = 1
    suspended: bool = False

    @property
    def ended(self) -> bool:
        """True once no token is left; then no event is taken any more."""
        return not self.tokens

    def find(self, token: int) -> Token | None:
        """The live token with that id."""
        return next((live for live in self.tokens if live.id == token), None)


class Change(NamedTuple):
    """What a step did to the rows: `added` came, `completed` were used up, `cancelled` were taken away.

    `passed` were never rows: they reached a join and went on in the same step. Who keeps the line of descent keeps
    them with the ended ones. `done` is everything that was finished, in order, rows or not: with id 0 where a script or
    a send was passed without rest.
    """

    added: tuple[Token, ...] = ()
    completed: tuple[Token, ...] = ()
    cancelled: tuple[Token, ...] = ()
    passed: tuple[Token, ...] = ()
    done: tuple[Token, ...] = ()

    @property
    def removed(self) -> tuple[Token, ...]:
        """Every token that is no longer live."""
        return self.completed + self.cancelled


class History(NamedTuple):
    """Every ended token of an instance, for the verbs that look back; in any order.

    `completed` has what `Change` gave as completed, as passed, and as done with id 0; `cancelled` the cancelled.
    """

    completed: tuple[Token, ...] = ()
    cancelled: tuple[Token, ...] = ()


NO_HISTORY = History()

Row = Mapping[str, object]

COLUMNS = Token._fields


def to_rows(state: State) -> list[dict[str, object]]:
    """One mapping a token with the keys of `COLUMNS`: int, str, aware datetime or None; `origins` is "3 5"."""
    return [row_of(token) for token in state.tokens]


def row_of(token: Token) -> dict[str, object]:
    """The row of one token, for writing only what a `Change` lists."""
    row = token._asdict()
    row["wait"] = token.wait.value
    row["origins"] = " ".join(map(str, token.origins))
    return row


def from_rows(rows: Iterable[Row], next_id: int, *, suspended: bool = False) -> State:
    """The state that `to_rows` gave, from rows in any order. Raises `bpmn.state_damaged` for anything else.

    A row may lack `turn` and `data`, which it had not always.
    """
    tokens = sorted((_token(row) for row in rows), key=_by_id)
    state = State(tuple(tokens), next_id, suspended)
    check_ids(state)
    return state


def history_of(completed: Iterable[Row], cancelled: Iterable[Row] = ()) -> History:
    """The history that rows tell, in any order. Raises `bpmn.state_damaged` for what is no row."""
    return History(tuple(map(_token, completed)), tuple(map(_token, cancelled)))


def _by_id(token: Token) -> int:
    return token.id


def _token(row: Row) -> Token:
    try:
        id_, element, wait, scope, host, flow, name, due, origins = _ALWAYS(row)
        turn: Any = row.get("turn", 0)
        data: Any = row.get("data", "")
        _require(int, id_, scope, host, turn)
        _require(str, element, wait, flow, name, origins, data)
        if due is not None and (not isinstance(due, datetime) or due.tzinfo is None):
            raise TypeError("due is not an instant")
        came = tuple(map(int, origins.split()))
        token = Token(id_, element, _WAITS.get(wait) or Wait(wait), scope, host, flow, name, due, came, turn, data)
    except (KeyError, TypeError, ValueError) as fault:
        raise damaged(f"row: {fault}", _label(row)) from None
    return token


def _label(row: object) -> object:
    return str(row.get("id"))[:40] if isinstance(row, Mapping) else "?"


def _require(wanted: type, *values: object) -> None:
    """TypeError where one of the values is of another type; true and false are no numbers."""
    for value in values:
        if type(value) is not wanted and (isinstance(value, bool) or not isinstance(value, wanted)):
            raise TypeError(f"what should be {_NAMES[wanted]} is none")


_ALWAYS = itemgetter("id", "element", "wait", "scope", "host", "flow", "name", "due", "origins")
_WAITS = {wait.value: wait for wait in Wait}
_NAMES = {int: "an integer", str: "a text"}


def check_ids(state: State) -> None:
    last = 0
    for token in state.tokens:
        if not last < token.id < state.next_id:
            raise damaged("id out of order", token.id)
        if not (0 <= token.scope < token.id and 0 <= token.host < token.id):
            raise damaged("scope or host out of order", token.id)
        if token.turn < 0:
            raise damaged("negative turn", token.id)
        last = token.id


def damaged(reason: str, token: object) -> BpmnError:
    """The error of a state that no step could have left behind."""
    return BpmnError("bpmn.state_damaged", position=f"token {token}", reason=reason[:200], token=token)
