"""What can stand in a column, cut into pieces on which no rule changes its mind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhengtong.engines.dmn.cells import Cell, Span, read_cell
from zhengtong.engines.dmn.columns import Column, Index, make_index
from zhengtong.engines.dmn.frames import Session, Value
from zhengtong.engines.dmn.types import CLASSES
from zhengtong.engines.feel.temporal.days import day_of
from zhengtong.engines.feel.temporal.values import DAY, Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.temporal.zones import from_local


@dataclass(frozen=True, slots=True)
class Other:
    """Any value that no rule names."""


OTHER = Other()


@dataclass(frozen=True, slots=True)
class Piece:
    """Values that pass the same rules: one of them, and the bits of those rules."""

    sample: Value
    rules: int


@dataclass(frozen=True, slots=True)
class Axis:
    """What one expression may give; `open_rules` have a condition on it that only FEEL can tell, and pass everywhere.

    `certain`: every piece is known to be possible.
    """

    title: str
    text: str
    names: frozenset[str]
    pieces: tuple[Piece, ...]
    open_rules: int
    certain: bool


def make_axis(columns: Sequence[Column], allowed: Sequence[str], every: int) -> Axis:
    """The axis of all columns that ask the same; `allowed` are the texts of the values they may have."""
    first = columns[0]
    domains = [_domain(text) for text in allowed if text and text != "-"]
    readable = [domain for domain in domains if domain is not None]
    kind = _kind(columns, readable)
    parts = [_part(column, kind) for column in columns]
    open_rules = 0
    for part in parts:
        open_rules |= part.open_rules
    samples = list(_samples(kind, parts, readable))
    pieces: dict[int, Piece] = {}
    for sample in samples:
        rules = every
        for part in parts:
            rules &= part.rules(sample)
        pieces.setdefault(rules, Piece(sample, rules))
    if any(domain.null for domain in readable):
        rules = every
        for column, part in zip(columns, parts, strict=True):
            rules &= part.open_rules | column.rules(None, {}, Session(None), every)
        pieces.setdefault(rules, Piece(None, rules))
    certain = len(readable) == len(domains) and kind is not None
    return Axis(first.title, first.text, first.names, tuple(pieces.values()), open_rules, certain)


@dataclass(frozen=True, slots=True)
class _Part:
    """One column: rules that pass anywhere, the index of those that are understood, the rules of each string."""

    always: int
    index: Index
    open_rules: int
    cells: tuple[Cell, ...]

    def rules(self, sample: Value) -> int:
        passed = self.always | self.open_rules
        return passed | (self.index.masks[0] if sample is OTHER else self.index.rules(sample))


def _part(column: Column, kind: type | None) -> _Part:
    cells: dict[int, Cell] = {}
    open_rules = 0
    for test in column.tests:
        if test.cell is not None and test.cell.kind in (kind, None) and not _ordered_text(test.cell):
            cells[test.rules] = test.cell
        else:
            open_rules |= test.rules
    return _Part(column.always, make_index(cells), open_rules, tuple(cells.values()))


def _ordered_text(cell: Cell) -> bool:
    """Whether a cell compares texts by order: what lies between two texts cannot be shown."""
    return cell.kind is str and not all(span.single for span in cell.spans)


def _kind(columns: Sequence[Column], domains: Iterable[Cell]) -> type | None:
    """The class of the values: as declared, else the only one that cells and domains have."""
    for column in columns:
        if column.declared.kind.kind in CLASSES:
            return CLASSES[column.declared.kind.kind]
    kinds = {test.cell.kind for column in columns for test in column.tests if test.cell is not None}
    kinds |= {domain.kind for domain in domains}
    kinds.discard(None)
    return kinds.pop() if len(kinds) == 1 else None


def _domain(text: str) -> Cell | None:
    cell = read_cell(text)
    return None if cell is None or cell.negated or _ordered_text(cell) else cell


def _samples(kind: type | None, parts: Sequence[_Part], domains: Sequence[Cell]) -> Iterator[Value]:
    """A value of each piece, from the least to the greatest."""
    if kind is bool:
        yield from (True, False)
        return
    bounds = {point for part in parts for point in part.index.points}
    bounds |= {b for cell in domains for s in cell.spans for b in (s.low, s.high) if b is not None and type(b) is kind}
    points = sorted(bounds)
    if kind is str or kind is None:
        candidates: Iterable[Value] = (*points, OTHER)
    else:
        candidates = _between(points, kind)
    limits = [domain for domain in domains if domain.kind is kind]
    for sample in candidates:
        if all(_inside(sample, domain.spans) for domain in limits):
            yield sample


def _inside(value: Value, spans: Iterable[Span]) -> bool:
    if value is OTHER:
        return False
    return any(span.holds(value) for span in spans)


def _between(points: Sequence[Any], kind: type) -> Iterator[Value]:
    """Every point, and a value below, between and above them where there is one."""
    if not points:
        yield _from_number(kind, Decimal(0))
        return
    numbers = [_number(point) for point in points]
    below, above = numbers[0] - 1, numbers[-1] + 1
    if kind is not Time or below >= 0:
        yield _from_number(kind, below)
    for place, point in enumerate(points):
        yield point
        if place + 1 < len(points):
            middle = _middle(numbers[place], numbers[place + 1], whole=kind in _WHOLE)
            if middle is not None:
                yield _from_number(kind, middle)
    if kind is not Time or above < DAY:
        yield _from_number(kind, above)


def _middle(low: Decimal, high: Decimal, *, whole: bool) -> Decimal | None:
    """A value between two, a whole one where there is one; None where there is none."""
    next_whole = low.to_integral_value(rounding="ROUND_FLOOR") + 1
    if next_whole < high:
        return next_whole
    return None if whole else (low + high) / 2


# Days, months and nanoseconds: between two neighbours lies nothing.
_WHOLE = frozenset({Date, MonthsDuration, DaysDuration, DateTime, Time})


def _number(value: Any) -> Decimal:
    """Where a value stands on its scale."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Date):
        return Decimal(value.number)
    if isinstance(value, DateTime):
        return Decimal(value.local)
    return Decimal(value.nanoseconds if isinstance(value, Time | DaysDuration) else value.months)


def _from_number(kind: type, number: Decimal) -> Value:
    """The value that stands there."""
    whole = int(number)
    if kind is Date:
        return Date(*day_of(whole))
    if kind is DateTime:
        return from_local(whole, None, None)
    if kind is Time:
        return from_local(whole, None, None).time
    return number if kind is Decimal else kind(whole)
