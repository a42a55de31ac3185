"""How points and ranges lie to one another (DMN 1.5 §10.3.4.7, table 78): Allen's relations.

Null where ends cannot be compared, as where a range is open to one side.
"""

from collections.abc import Callable
from typing import Any

from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.comparing import equal, precedes
from zhengtong.engines.feel.composite import Range
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.types import Value

_POINT = "number | string | date | time | date and time | days and time duration | years and months duration"


class _IncomparableError(Exception):
    """Two ends have no order."""


def _less(one: Value, other: Value) -> bool:
    found = precedes(one, other)
    if found is None:
        raise _IncomparableError
    return found


def _same(one: Value, other: Value, run: Run) -> bool:
    found = equal(one, other, run)
    if found is None or one is None or other is None:
        raise _IncomparableError
    return found


Relation = Callable[[Run, Any, Any], bool]


def _relation(*names: str) -> Callable[[Relation], Relation]:
    """Register a relation: `name(parameter, parameter)`, where `range` in a parameter's name tells what it takes."""

    def register(relation: Relation) -> Relation:
        def body(run: Run, one: Value, other: Value) -> Value:
            try:
                return relation(run, one, other)
            except _IncomparableError:
                return run.note("feel.not_comparable", run.place)

        for name in names:
            function, _bracket, inside = name.removesuffix(")").partition("(")
            kinds = [f"{one}: {'range' if 'range' in one else _POINT}" for one in inside.split(", ")]
            builtin(f"{function}({', '.join(kinds)}) -> boolean")(body)
        return relation

    return register


@_relation("before(point1, point2)")
def before_points(_run: Run, one: Value, other: Value) -> bool:
    """The first is less."""
    return _less(one, other)


@_relation("before(point, range)")
def before_range(run: Run, point: Value, of: Range) -> bool:
    """A point before every point of a range."""
    return _less(point, of.start) or (not of.start_included and _same(point, of.start, run))


@_relation("before(range, point)")
def range_before(run: Run, of: Range, point: Value) -> bool:
    """Every point of a range before a point."""
    return _less(of.end, point) or (not of.end_included and _same(of.end, point, run))


@_relation("before(range1, range2)")
def ranges_before(run: Run, one: Range, other: Range) -> bool:
    """Every point of one before every point of the other."""
    apart = not (one.end_included and other.start_included)
    return _less(one.end, other.start) or (apart and _same(one.end, other.start, run))


def _turned(relation: Relation) -> Relation:
    return lambda run, one, other: relation(run, other, one)


_relation("after(point1, point2)")(_turned(before_points))
_relation("after(point, range)")(_turned(range_before))
_relation("after(range, point)")(_turned(before_range))
_relation("after(range1, range2)")(_turned(ranges_before))


@_relation("meets(range1, range2)")
def meets(run: Run, one: Range, other: Range) -> bool:
    """One ends in the point where the other starts."""
    return one.end_included and other.start_included and _same(one.end, other.start, run)


_relation("met by(range1, range2)")(_turned(meets))


@_relation("overlaps(range1, range2)")
def overlaps(run: Run, one: Range, other: Range) -> bool:
    """They have a point in common."""
    return _reaches(run, one, other) and _reaches(run, other, one)


def _reaches(run: Run, one: Range, other: Range) -> bool:
    """One does not end before the other starts."""
    touching = one.end_included and other.start_included
    return _less(other.start, one.end) or (touching and _same(one.end, other.start, run))


@_relation("overlaps before(range1, range2)")
def overlaps_before(run: Run, one: Range, other: Range) -> bool:
    """One starts first, reaches into the other and ends no later."""
    starts = _less(one.start, other.start) or (
        one.start_included and not other.start_included and _same(one.start, other.start, run)
    )
    ends = _less(one.end, other.end) or (
        (not one.end_included or other.end_included) and _same(one.end, other.end, run)
    )
    return starts and _reaches(run, one, other) and ends


_relation("overlaps after(range1, range2)")(_turned(overlaps_before))


@_relation("finishes(point, range)")
def finishes_point(run: Run, point: Value, of: Range) -> bool:
    """The point is the end of the range."""
    return of.end_included and _same(of.end, point, run)


@_relation("finishes(range1, range2)")
def finishes(run: Run, one: Range, other: Range) -> bool:
    """They end together, and the first starts no earlier."""
    if one.end_included is not other.end_included or not _same(one.end, other.end, run):
        return False
    return _less(other.start, one.start) or (
        (not one.start_included or other.start_included) and _same(one.start, other.start, run)
    )


_relation("finished by(range, point)")(_turned(finishes_point))
_relation("finished by(range1, range2)")(_turned(finishes))


@_relation("includes(range, point)")
def includes_point(run: Run, of: Range, point: Value) -> bool:
    """The point lies in the range."""
    if _less(of.start, point) and _less(point, of.end):
        return True
    return (of.start_included and _same(of.start, point, run)) or (of.end_included and _same(of.end, point, run))


@_relation("includes(range1, range2)")
def includes(run: Run, one: Range, other: Range) -> bool:
    """Every point of the second lies in the first."""
    starts = _less(one.start, other.start) or (
        (one.start_included or not other.start_included) and _same(one.start, other.start, run)
    )
    return starts and (
        _less(other.end, one.end) or ((one.end_included or not other.end_included) and _same(one.end, other.end, run))
    )


_relation("during(point, range)")(_turned(includes_point))
_relation("during(range1, range2)")(_turned(includes))


@_relation("starts(point, range)")
def starts_point(run: Run, point: Value, of: Range) -> bool:
    """The point is the start of the range."""
    return of.start_included and _same(of.start, point, run)


@_relation("starts(range1, range2)")
def starts(run: Run, one: Range, other: Range) -> bool:
    """They start together, and the first ends no later."""
    if one.start_included is not other.start_included or not _same(one.start, other.start, run):
        return False
    return _less(one.end, other.end) or (
        (not one.end_included or other.end_included) and _same(one.end, other.end, run)
    )


_relation("started by(range, point)")(_turned(starts_point))
_relation("started by(range1, range2)")(_turned(starts))


@_relation("coincides(point1, point2)")
def coincides_points(run: Run, one: Value, other: Value) -> bool:
    """They are the same."""
    return _same(one, other, run)


@_relation("coincides(range1, range2)")
def coincides(run: Run, one: Range, other: Range) -> bool:
    """They start and end together."""
    marks = (one.start_included, one.end_included) == (other.start_included, other.end_included)
    return marks and _same(one.start, other.start, run) and _same(one.end, other.end, run)
