"""Equality, order, identity and membership (DMN 1.5 §10.3.2.15, tables 52 to 55), in three values."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengtong.engines.feel.composite import Function, Range
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.temporal.values import SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.types import Value

DEEPEST = 100
"""Levels of lists and contexts inside one another that are compared."""

PLAIN = frozenset({Decimal, str, Date, DaysDuration, MonthsDuration})
"""Kinds whose Python order and equality are FEEL's."""

ORDERED = PLAIN | {Time, DateTime}


def equal(left: Value, right: Value, run: Run, depth: int = 0) -> bool | None:
    """`left = right`: null equals null alone; values of different kinds give None."""
    kind = type(left)
    if kind is not type(right):
        return False if left is None or right is None else None
    if kind in PLAIN or kind is bool or left is None:
        return bool(left == right)
    same = _SAME.get(kind)
    if same is None or depth > DEEPEST:
        return None
    return same(left, right, run, depth + 1)


def identical(left: Value, right: Value, run: Run) -> bool:
    """`is(left, right)`: the same value of the same kind, time zone and offset as they were given."""
    kind = type(left)
    if kind is not type(right):
        return False
    if kind is Time or kind is DateTime:
        return bool(left == right)
    return equal(left, right, run) is True


def precedes(left: Value, right: Value) -> bool | None:
    """`left < right`; None between kinds that have no order, and between times of different zones."""
    kind = type(left)
    if kind is not type(right) or kind not in ORDERED:
        return None
    if kind in PLAIN:
        return bool(left < right)
    if kind is Time:
        times = _clocks(left, right)
        return None if times is None else times[0] < times[1]
    before, after = _instants(left, right)
    return before < after


def compare(sign: str, left: Value, right: Value, run: Run) -> bool | None:
    """`<`, `<=`, `>`, `>=`; `<=` is `<` or `=`."""
    if sign[0] == ">":
        left, right = right, left
    before = precedes(left, right)
    if before or before is None or len(sign) == 1:
        return before
    return equal(left, right, run)


def conjunction(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued and: false wins, then null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def within(value: Value, of: Range, run: Run) -> bool | None:
    """Whether a range holds a value; None where its ends cannot be compared with it."""
    if of.operator:
        return satisfies(of.operator, value, of.end if of.start is None else of.start, run)
    low = compare(">=" if of.start_included else ">", value, of.start, run)
    if low is False:
        return False
    return conjunction(low, compare("<=" if of.end_included else "<", value, of.end, run))


def satisfies(sign: str, value: Value, end: Value, run: Run) -> bool | None:
    """`value sign end` for every sign a unary test begins with."""
    if sign == "=":
        return equal(value, end, run)
    if sign == "!=":
        same = equal(value, end, run)
        return None if same is None else not same
    return compare(sign, value, end, run)


def member(value: Value, of: Value, run: Run) -> bool | None:
    """`value in of`: in a range, in a list (of values and ranges), or equal."""
    kind = type(of)
    if kind is Range:
        return within(value, of, run)
    if kind is list:
        run.spend(len(of))
        if any((within(value, item, run) if type(item) is Range else equal(value, item, run)) is True for item in of):
            return True
        return equal(value, of, run) is True if type(value) is list else False
    return equal(value, of, run)


def _lists(left: list[Value], right: list[Value], run: Run, depth: int) -> bool | None:
    if len(left) != len(right):
        return False
    run.spend(len(left))  # lists may share their parts, so that going through them takes longer than making them
    found: bool | None = True
    for one, other in zip(left, right, strict=True):
        same = equal(one, other, run, depth)
        if same is False:
            return False
        found = found and same
    return found


def _contexts(left: dict[str, Value], right: dict[str, Value], run: Run, depth: int) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _lists(list(left.values()), [right[name] for name in left], run, depth)


def _ranges(left: Range, right: Range, run: Run, depth: int) -> bool | None:
    marks = (left.operator, left.start_included, left.end_included)
    if marks != (right.operator, right.start_included, right.end_included):
        return False
    return conjunction(equal(left.start, right.start, run, depth), equal(left.end, right.end, run, depth))


def _times(left: Time, right: Time, _run: Run, _depth: int) -> bool:
    times = _clocks(left, right)
    return times is not None and times[0] // SECOND == times[1] // SECOND


def _moments(left: DateTime, right: DateTime, _run: Run, _depth: int) -> bool:
    before, after = _instants(left, right)
    return before // SECOND == after // SECOND


def _clocks(left: Time, right: Time) -> tuple[int, int] | None:
    """Both in nanoseconds of one place; a time without place is taken to be where the other is."""
    if left.offset is not None and right.offset is not None:
        return left.nanoseconds - left.offset * SECOND, right.nanoseconds - right.offset * SECOND
    if left.zone != right.zone and left.zone is not None and right.zone is not None:
        return None
    return left.nanoseconds, right.nanoseconds


def _instants(left: DateTime, right: DateTime) -> tuple[int, int]:
    before, after = left.time.offset, right.time.offset
    if before is None or after is None:
        return left.local, right.local
    return left.local - before * SECOND, right.local - after * SECOND


_SAME: Mapping[type, Callable[[Value, Value, Run, int], bool | None]] = {
    list: _lists,
    dict: _contexts,
    Range: _ranges,
    Time: _times,
    DateTime: _moments,
    Function: lambda left, right, _run, _depth: left is right,
}
