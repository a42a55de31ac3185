"""Why an answer is what it is: which decisions were made, which rules of which tables held, cell by cell."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from zhengtong.engines import feel
from zhengtong.engines.dmn.cells import DASH
from zhengtong.engines.dmn.errors import Diagnostic
from zhengtong.engines.dmn.frames import Session, Value
from zhengtong.engines.dmn.hits import bits
from zhengtong.engines.dmn.model import Literal
from zhengtong.engines.dmn.plain import plain
from zhengtong.engines.dmn.recording import CallNote, DecisionNote, Note, Recorder, TableNote

if TYPE_CHECKING:
    from zhengtong.engines.dmn.nodes import Decisions

# A table of more rules than this is told by its matching rules alone.
MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a decision required: its value, and whether it was worked out by another decision."""

    name: str
    value: Value
    decided: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A column of a table as it was asked: its title, its expression and the value that had."""

    title: str
    expression: str
    value: Value


@dataclass(frozen=True, slots=True)
class CellStep:
    """A cell: its text and whether the column's value passes; None where that cannot be said."""

    text: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a rule says about itself under an annotation column; the column has no name in DMN 1.1."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleStep:
    """A rule, numbered from 1: whether it matched, whether it counted, and what it says."""

    number: int
    matched: bool
    counted: bool
    cells: tuple[CellStep, ...]
    results: tuple[str, ...]
    annotations: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class TableStep:
    """A decision table that was asked.

    `by_default`: no rule matched, and the answer is the table's default. `refused` is the column whose value is not
    among those allowed, so that no rule was tried; "" where there is none.
    """

    owner: str
    policy: str
    conditions: tuple[Condition, ...]
    outputs: tuple[str, ...]
    rules: tuple[RuleStep, ...]
    answer: Value
    by_default: bool
    refused: str


@dataclass(frozen=True, slots=True)
class ExpressionStep:
    """A decision whose logic is one expression: its text and value."""

    text: str
    answer: Value


@dataclass(frozen=True, slots=True)
class CallStep:
    """A function of the model that was called, and what was asked on the way."""

    name: str
    arguments: tuple[Fact, ...]
    answer: Value
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """A decision that was made."""

    id: str
    name: str
    label: str
    question: str
    facts: tuple[Fact, ...]
    answer: Value
    parts: tuple["Part", ...]
    problems: tuple[Diagnostic, ...]


Part: TypeAlias = TableStep | ExpressionStep | CallStep | DecisionStep


class Trace:
    """The reasons of one answer, worked out when first looked at.

    `steps` are the decisions in the order they were made, the last is the one asked for; `missing` names facts that
    were needed and not given.
    """

    def __init__(
        self,
        decisions: "Decisions",
        recorder: Recorder,
        problems: tuple[Diagnostic, ...],
        missing: tuple[str, ...],
        run: feel.Run,
    ) -> None:
        self.missing = missing
        self.problems = problems
        self._decisions = decisions
        self._recorder = recorder
        self._run = run

    @cached_property
    def steps(self) -> tuple[DecisionStep, ...]:
        """Every decision made."""
        run = Session(self._run)
        made = [self._part(note, run) for note in self._recorder.notes]
        return tuple(step for step in made if isinstance(step, DecisionStep))

    @property
    def hits(self) -> dict[str, list[int]]:
        """The numbers of the rules that counted, by decision as made; nothing else is worked out for it."""
        decided = [note for note in self._recorder.notes if isinstance(note, DecisionNote)]
        asked = {
            note.node.element.name: [part for part in note.notes if isinstance(part, TableNote)] for note in decided
        }
        return {
            name: [place + 1 for table in tables for place in sorted(table.chosen or ())]
            for name, tables in asked.items()
            if tables
        }

    @property
    def complete(self) -> bool:
        """Whether everything is told; a loop of thousands of tables is not."""
        return self._recorder.complete

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; numbers, dates and durations as text where JSON has no word for them."""
        return {
            "missing": list(self.missing),
            "complete": self.complete,
            "problems": [each.as_dict() for each in self.problems],
            "steps": [_as_dict(step) for step in self.steps],
        }

    def _part(self, note: Note, run: feel.Run) -> Part:
        if isinstance(note, TableNote):
            return _table(note, run)
        parts = tuple(self._part(inner, run) for inner in note.notes)
        if isinstance(note, CallNote):
            arguments = tuple(Fact(name, value, True) for name, value in note.arguments.items())
            return CallStep(note.name, arguments, note.answer, parts)
        return self._decision(note, parts)

    def _decision(self, note: DecisionNote, parts: tuple[Part, ...]) -> DecisionStep:
        element = note.node.element
        if isinstance(element.logic, Literal):
            parts = (ExpressionStep(element.logic.text.strip(), note.answer), *parts)
        facts = []
        for path, key in note.node.needs:
            value = note.scope.get(path[0])
            if len(path) > 1:
                value = value.get(path[1]) if isinstance(value, Mapping) else None
            facts.append(Fact(".".join(path), value, self._decisions.is_decision(key)))
        problems = tuple(each for each in self.problems if each.decision == element.id)
        return DecisionStep(
            element.id, element.name, element.label, element.question, tuple(facts), note.answer, parts, problems
        )


def _table(note: TableNote, run: feel.Run) -> TableStep:
    compiled, table = note.table, note.table.table
    conditions = tuple(
        Condition(column.title, column.expression.text.strip(), value)
        for column, value in zip(table.inputs, note.values, strict=False)
    )
    counted = set(note.chosen or ())
    matched = set(bits(note.mask))
    few = len(table.rules) <= MOST_ROWS
    shown = range(len(table.rules)) if few else sorted(matched)
    passed: dict[int, bool | None] = {}
    rules = tuple(
        RuleStep(
            place + 1,
            place in matched,
            place in counted,
            tuple(_cell(note, place, column, run, passed) for column in range(len(table.inputs))),
            tuple(result.text.strip() for result in table.rules[place].results),
            tuple(
                Annotation(name, text)
                for name, text in zip(table.annotations, table.rules[place].annotations, strict=False)
                if text
            ),
        )
        for place in shown
    )
    sign = table.aggregation.sign if table.aggregation else ""
    outputs = tuple(output.label or output.name for output in table.outputs)
    by_default = not note.mask and compiled.defaults is not None
    return TableStep(
        compiled.owner, table.policy.letter + sign, conditions, outputs, rules, note.answer, by_default, note.refused
    )


def _cell(note: TableNote, place: int, column: int, run: feel.Run, known: dict[int, bool | None]) -> CellStep:
    """A cell with its verdict; cells of one text are tried once."""
    text = note.table.table.rules[place].tests[column] or "-"
    test = note.table.columns[column].cells[place]
    if test is None or test.cell is DASH:
        return CellStep(text, True)
    if note.mask >> place & 1:
        return CellStep(text, True)
    if column >= len(note.values):
        return CellStep(text, None)
    if id(test) not in known:
        known[id(test)] = test.matches(note.values[column], note.scope, run)
    return CellStep(text, known[id(test)])


def _as_dict(step: object) -> object:
    """Any part as plain values, with its kind."""
    if isinstance(step, tuple) and not hasattr(step, "_fields"):
        return [_as_dict(each) for each in step]
    if isinstance(step, Diagnostic):
        return step.as_dict()
    if not dataclasses.is_dataclass(step) or isinstance(step, type):
        return plain(step)
    found: dict[str, object] = {"kind": _KINDS[type(step)]} if type(step) in _KINDS else {}
    for field in dataclasses.fields(step):
        value = getattr(step, field.name)
        found[field.name] = plain(value) if field.name in ("value", "answer") else _as_dict(value)
    return found


_KINDS: Mapping[type, str] = {
    TableStep: "table",
    ExpressionStep: "expression",
    CallStep: "call",
    DecisionStep: "decision",
}
