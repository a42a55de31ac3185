"""`for`, `some` and `every`: iterations over lists and ranges, one inside the other."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.closures.code import Code, Compiler, handles
from zhengtong.engines.feel.closures.values import weight
from zhengtong.engines.feel.composite import Range
from zhengtong.engines.feel.frames import Closure, Frame
from zhengtong.engines.feel.numbers import whole
from zhengtong.engines.feel.running import Place, Run
from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.temporal.values import Date
from zhengtong.engines.feel.temporal.zones import shifted
from zhengtong.engines.feel.types import Value

PARTIAL = "partial"
Source = tuple[Closure, Closure | None, Place]


class _NoListError(Exception):
    """There is nothing to go through."""


@handles(t.Loop)
def _loop(compiler: Compiler, node: t.Loop, frame: Frame | None) -> Code:
    partial = node.kind == "for" and PARTIAL in compiler.text
    if partial:
        frame = Frame(frame, name=PARTIAL)
    sources: list[Source] = []
    for iterator in node.iterators:
        end = None if iterator.end is None else compiler.closure(iterator.end, frame)
        sources.append((compiler.closure(iterator.source, frame), end, compiler.place(iterator.at)))
        frame = Frame(frame, name=iterator.variable)
    body, cost = compiler.closure(node.body, frame), weight(node.body)
    if node.kind == "for":
        return Code(_for(sources, body, cost, partial=partial))
    return Code(_quantified(sources, body, cost, deciding=node.kind == "some"))


def _for(sources: Sequence[Source], body: Closure, cost: int, *, partial: bool) -> Closure:
    def run(env: Environment) -> Value:
        made: list[Value] = []
        most = env.run.limits.items
        if partial:
            env = Environment(env.scope, env.run, made, env)
        try:
            for inner in _environments(sources, env):
                inner.run.spend(cost)
                value = body(inner)
                if partial:
                    made = inner.run.bounded([*made, value])  # a new list, since the body may have kept the last
                    env.value = made
                    continue
                made.append(value)
                if len(made) > most:
                    inner.run.bounded(made)
        except _NoListError:
            return None
        return made

    return run


def _quantified(sources: Sequence[Source], body: Closure, cost: int, *, deciding: bool) -> Closure:
    def run(env: Environment) -> Value:
        known = True
        try:
            for inner in _environments(sources, env):
                inner.run.spend(cost)
                value = body(inner)
                if value is deciding:
                    return deciding
                if type(value) is not bool:
                    known = False
        except _NoListError:
            return None
        return not deciding if known else None

    return run


def _environments(sources: Sequence[Source], env: Environment) -> Iterator[Environment]:
    """One for each combination; the last iterator turns fastest, and sources may use the variables before them."""
    source, end, place = sources[0]
    scope, run = env.scope, env.run
    for item in _items(source(env), None if end is None else (end(env),), run, place):
        inner = Environment(scope, run, item, env)
        if len(sources) == 1:
            yield inner
        else:
            run.spend(1)
            yield from _environments(sources[1:], inner)


def _items(value: Value, end: tuple[Value] | None, run: Run, place: Place) -> "Iterator[Value] | list[Value]":
    """What an iteration goes through: a list, whole numbers or days from one to another, or a single value."""
    if end is not None:
        return _from_to(value, end[0], run, place)
    if type(value) is list:
        return value
    if value is None:
        run.note("feel.not_list", place)
        raise _NoListError
    if type(value) is Range and not value.operator:
        items = _from_to(value.start, value.end, run, place)
        return _without_ends(items, value)
    return [value]


def _from_to(start: Value, end: Value, run: Run, place: Place) -> Iterator[Value]:
    """Upwards or downwards, both ends included."""
    if type(start) is Date and type(end) is Date:
        days = end.number - start.number
        return (shifted(start, day) for day in _steps(days))
    first = whole(start) if type(start) is Decimal else None
    last = whole(end) if type(end) is Decimal else None
    if first is None or last is None:
        run.note("feel.not_whole", place)
        raise _NoListError
    return (Decimal(first + step) for step in _steps(last - first))


def _steps(distance: int) -> range:
    return range(distance + 1) if distance >= 0 else range(0, distance - 1, -1)


def _without_ends(items: Iterator[Value], of: Range) -> Iterator[Value]:
    for item in items:
        if (item == of.start and not of.start_included) or (item == of.end and not of.end_included):
            continue
        yield item
