"""A column of conditions: which rules let a value pass, as the bits of one number, found without trying each."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines import feel
from zhengtong.engines.dmn.cells import INDEXED, SIMPLE, Cell, read_cell
from zhengtong.engines.dmn.frames import Frame, Logic, Scope, Session, Value, faulty, reading, typed
from zhengtong.engines.dmn.model import Input, Literal
from zhengtong.engines.dmn.types import Declared, Guard

# Past this many rules an index would take more room than it saves time: cells are then tried one by one.
MOST_INDEXED = 2000


@dataclass(slots=True)
class Test:
    """One text that stands in a column, compiled when first asked; `rules` are the bits of those it stands for."""

    text: str
    cell: Cell | None
    rules: int
    compile: Callable[[], feel.UnaryTests | None]
    _tests: feel.UnaryTests | None = field(default=None, init=False)
    _tried: bool = field(default=False, init=False)

    def matches(self, value: Value, scope: Scope, run: feel.Run) -> bool | None:
        """Whether `value` passes, as FEEL says; None where it cannot be said."""
        if self.cell is not None and self.cell.simple and type(value) in SIMPLE:
            return self.cell.passes(value)
        if not self._tried:
            self._tests, self._tried = self.compile(), True
        return None if self._tests is None else self._tests.matches(value, scope, run)


@dataclass(frozen=True, slots=True)
class Index:
    """Rules by value, for values of one class: at a point, or between two neighbouring points."""

    points: Sequence[Any]
    masks: Sequence[int]

    def rules(self, value: Any) -> int:
        """The bits of the rules that let `value` pass."""
        points = self.points
        place = bisect_left(points, value)
        if place < len(points) and points[place] == value:
            return self.masks[2 * place + 1]
        return self.masks[2 * place]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a table asks. `always` are the rules with a dash; `tests` cover the others.

    `index` answers for values of class `kind`, together with `rest`, the tests it does not cover. Where only single
    values of that class are listed, `points` has all the rules of each, and `others` those of any other value; `nulls`
    are the rules of null where cells can tell. `cells` holds the test of each rule, None for a dash; `names` what the
    expression uses, `declared` the type of its value.
    """

    title: str
    text: str
    names: frozenset[str]
    declared: Declared
    read: Logic
    guard: Guard | None
    always: int
    tests: tuple[Test, ...]
    rest: tuple[Test, ...]
    kind: type | None
    index: Index | None
    points: Mapping[Value, int] | None
    others: int
    nulls: int | None
    cells: tuple[Test | None, ...]

    def rules(self, value: Value, scope: Scope, session: Session, candidates: int) -> int:
        """The bits of the candidates that let `value` pass."""
        if self.points is not None and type(value) is self.kind:
            return self.points.get(value, self.others) & candidates
        if value is None and self.nulls is not None:
            return self.nulls & candidates
        found = self.always
        if self.index is not None and type(value) is self.kind:
            found |= self.index.rules(value)
            tests = self.rest
        else:
            tests = self.tests
        for test in tests:
            if test.rules & candidates & ~found and test.matches(value, scope, session) is True:
                found |= test.rules
        return found & candidates


def make_column(
    column: Input,
    texts: Sequence[str],
    expression: feel.Expression | None,
    guard: Guard | None,
    frame: Frame,
) -> Column:
    """The column of `texts`, one a rule."""
    declared = frame.type(column.expression.type_ref, column.expression.line)
    always = 0
    bits: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        bits.setdefault(text, []).append(place)
    tests: dict[str, Test] = {}
    plain = not _MOMENTS & frame.names.keys()
    for text, places in bits.items():
        cell = read_cell(text) if plain or not any(name in text for name in _MOMENTS) else None
        if cell is not None and cell.dash:
            always |= _mask(places)
        else:
            tests[text] = _test(text, cell, _mask(places), column, frame)
    simple = [test for test in tests.values() if test.cell is not None and test.cell.kind is not None]
    kinds = {test.cell.kind for test in simple if test.cell is not None}
    kind = kinds.pop() if len(kinds) == 1 and len(texts) <= MOST_INDEXED else None
    if kind not in INDEXED:
        kind = None
    indexed = simple if kind is not None else []
    index = make_index({test.rules: test.cell for test in indexed if test.cell is not None}) if kind else None
    rest = tuple(test for test in tests.values() if test not in indexed)
    points = None if index is None or rest else _points(index, indexed, always)
    return Column(
        column.title,
        " ".join(column.expression.text.split()),
        frozenset() if expression is None else frozenset(expression.names),
        declared,
        _reader(column.expression, expression, declared, frame),
        guard,
        always,
        tuple(tests.values()),
        rest,
        kind,
        index,
        points,
        0 if points is None or index is None else always | index.masks[0],
        _nulls(tests.values(), always),
        tuple(tests.get(text) for text in texts),
    )


def _points(index: Index, tests: Sequence[Test], always: int) -> Mapping[Value, int] | None:
    """All the rules of each value that is listed, None where a range is."""
    if not all(span.single for test in tests if test.cell is not None for span in test.cell.spans):
        return None
    return {point: always | index.masks[2 * place + 1] for place, point in enumerate(index.points)}


def _nulls(tests: Iterable[Test], always: int) -> int | None:
    """All the rules that let null pass, None where FEEL must be asked."""
    found = always
    for test in tests:
        if test.cell is None or not test.cell.simple:
            return None
        if test.cell.passes(None) is True:
            found |= test.rules
    return found


def _reader(literal: Literal, expression: feel.Expression | None, declared: Declared, frame: Frame) -> Logic:
    """What finds the column's value; the value of a name is taken as it is where it is known to be of its type."""
    if expression is None:
        return faulty
    read, name = reading(literal, expression, frame), literal.text.strip()
    known = declared.guard is None and expression.names == {name} and frame.names.get(name) == declared.kind
    return read if known else typed(read, declared)


def make_index(cells: Mapping[int, Cell]) -> Index:
    """The index of cells of one kind, each with the bits of its rules; swept once from the least value to the greatest.

    Places are numbered 0 before the first point, 1 on it, 2 behind it, and so on.
    """
    bounds = {bound for cell in cells.values() for s in cell.spans for bound in (s.low, s.high) if bound is not None}
    points = sorted(bounds)
    where = {point: 2 * number + 1 for number, point in enumerate(points)}
    width = 2 * len(points) + 1
    changes = [0] * (width + 1)
    negated = 0
    for rules, cell in cells.items():
        covered = sorted(_reach(span, where, width) for span in cell.spans)
        reached = 0
        for begin, end in covered:
            begin = max(begin, reached)
            if begin < end:
                changes[begin] ^= rules
                changes[end] ^= rules
                reached = end
        if cell.negated:
            negated |= rules
    masks, mask = [], negated
    for change in changes[:-1]:
        mask ^= change
        masks.append(mask)
    return Index(points, masks)


def _reach(span: Any, where: Mapping[Any, int], width: int) -> tuple[int, int]:
    """The first place of a span and the one behind its last."""
    begin = 0 if span.low is None else where[span.low] + (0 if span.low_included else 1)
    end = width if span.high is None else where[span.high] + (1 if span.high_included else 0)
    return begin, end


def _test(text: str, cell: Cell | None, rules: int, column: Input, frame: Frame) -> Test:
    """A test; what FEEL must read is read now, so that its faults are found, the rest when first needed."""

    if cell is None:
        compiled = frame.tests(text, column.expression.line)
        return Test(text, cell, rules, lambda: compiled)
    return Test(text, cell, rules, lambda: feel.compile_unary_tests(text))


def _mask(places: Sequence[int]) -> int:
    """The number whose bits at these places are set."""
    if len(places) < 64:
        return sum(1 << place for place in places)
    bits = bytearray(places[-1] // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


_MOMENTS = frozenset({"date", "time", "date and time", "duration"})
