"""What happened in one call of `decide`, noted as it happens and worked out only when somebody asks."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhengtong.engines.dmn.frames import Logic, Scope, Session, Value

if TYPE_CHECKING:
    from zhengtong.engines.dmn.nodes import DecisionNode
    from zhengtong.engines.dmn.tables import CompiledTable


# A loop that asks a table a hundred thousand times is not told turn by turn.
MOST_NOTES = 5000


@dataclass(slots=True)
class TableNote:
    """A table that was asked: the values of its columns, the bits of its matching rules, those that counted.

    `refused` is the column whose value was not allowed, "" where none was.
    """

    table: "CompiledTable"
    scope: Scope
    values: list[Value]
    mask: int
    chosen: list[int] | None
    answer: Value
    refused: str


@dataclass(slots=True)
class CallNote:
    """A function of the model that was called, and what was asked on the way."""

    name: str
    arguments: dict[str, Value]
    answer: Value = None
    notes: list["Note"] = field(default_factory=list)


@dataclass(slots=True)
class DecisionNote:
    """A decision that was made, in the scope of what it required."""

    node: "DecisionNode"
    scope: Scope
    answer: Value = None
    notes: list["Note"] = field(default_factory=list)


Note = TableNote | CallNote | DecisionNote


class Recorder:
    """Collects notes, each under what is at work; `count` is how many there were, of which the first are kept."""

    __slots__ = ("_open", "count", "notes")

    def __init__(self) -> None:
        self.count = 0
        self.notes: list[Note] = []
        self._open = self.notes

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return self.count <= MOST_NOTES

    def add(self, note: Note) -> None:
        """Keep a note under what is at work."""
        self.count += 1
        if self.count <= MOST_NOTES:
            self._open.append(note)

    def call(self, name: str, logic: Logic, scope: Scope, session: Session, parameters: tuple[str, ...]) -> Value:
        """Run the body of a function and note it."""
        note = CallNote(name, {parameter: scope[parameter] for parameter in parameters})
        note.answer = self._within(note, logic, scope, session)
        return note.answer

    def decision(self, node: "DecisionNode", scope: Scope, session: Session) -> Value:
        """Run the logic of a decision and note it."""
        note = DecisionNote(node, scope)
        note.answer = self._within(note, node.logic, scope, session)
        return note.answer

    def _within(self, note: CallNote | DecisionNote, logic: Logic, scope: Scope, session: Session) -> Value:
        outer = self._open
        self.add(note)
        self._open = note.notes
        try:
            return logic(scope, session)
        finally:
            self._open = outer
