"""Arithmetic, comparisons, logic and choice. Numbers, texts and dates of one kind take a short way."""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.arithmetic import calculate, negative
from zhengtong.engines.feel.closures.code import Code, Compiler, always, handles
from zhengtong.engines.feel.comparing import PLAIN, conjunction, satisfies
from zhengtong.engines.feel.conforming import is_instance
from zhengtong.engines.feel.frames import Closure, Frame
from zhengtong.engines.feel.invoking import kind_of
from zhengtong.engines.feel.numbers import COUNTING
from zhengtong.engines.feel.running import Place, Run
from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.types import Value

_COUNTED: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": COUNTING.add,
    "-": COUNTING.subtract,
    "*": COUNTING.multiply,
    "/": COUNTING.divide,
}
COMPARED: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EQUALITY = frozenset({"=", "!="})


@handles(t.Negative)
def _negative(compiler: Compiler, node: t.Negative, frame: Frame | None) -> Code:
    inner, place = compiler.compile(node.operand, frame), compiler.place(node.at)
    if inner.constant and negative(inner.value) is not None:
        return always(negative(inner.value))
    operand = inner.run

    def run(env: Environment) -> Value:
        value = operand(env)
        found = negative(value)
        return env.run.note("feel.operand", place, kind=kind_of(value)) if found is None else found

    return Code(run)


@handles(t.Chain)
def _chain(compiler: Compiler, node: t.Chain, frame: Frame | None) -> Code:
    first = compiler.closure(node.first, frame)
    rest = [(sign, compiler.place(at), compiler.closure(part, frame)) for sign, at, part in node.rest]
    if len(rest) == 1:
        return Code(_binary(first, *rest[0]))
    steps = [(_applied(sign, place), part) for sign, place, part in rest]

    def run(env: Environment) -> Value:
        value = first(env)
        for apply, part in steps:
            value = apply(value, part(env), env.run)
        return value

    return Code(run)


def _applied(sign: str, place: Place) -> Callable[[Value, Value, Run], Value]:
    """An operator between two values."""
    counted = _COUNTED.get(sign)

    def apply(left: Value, right: Value, run: Run) -> Value:
        if counted is not None and type(left) is Decimal and type(right) is Decimal:
            try:
                return counted(left, right)
            except DecimalException:
                return run.note("feel.too_large", place)
        return calculated(sign, left, right, run, place)

    return apply


def _binary(left: Closure, sign: str, place: Place, right: Closure) -> Closure:
    """The same between two parts, without a call between."""
    counted = _COUNTED.get(sign)
    if counted is None:
        return lambda env: calculated(sign, left(env), right(env), env.run, place)

    def run(env: Environment) -> Value:
        one, other = left(env), right(env)
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return counted(one, other)
            except DecimalException:
                return env.run.note("feel.too_large", place)
        return calculated(sign, one, other, env.run, place)

    return run


def calculated(sign: str, left: Value, right: Value, run: Run, place: Place) -> Value:
    """Any operator between any values, with a note where it has no value."""
    value = calculate(sign, left, right, run)
    if value is None:
        if type(left) is Decimal and type(right) is Decimal:
            run.note("feel.too_large", place)
        else:
            run.note("feel.operands", place, sign=sign, left=kind_of(left), right=kind_of(right))
    return value


@handles(t.Comparison)
def _comparison(compiler: Compiler, node: t.Comparison, frame: Frame | None) -> Code:
    left, right = compiler.closure(node.left, frame), compiler.compile(node.right, frame)
    sign, place, compared = node.sign, compiler.place(node.at), COMPARED[node.sign]
    if right.constant and sign in _EQUALITY and right.value is None:
        return Code(_with_null(left, given=sign == "!="))
    if right.constant and (type(right.value) in PLAIN or (sign in _EQUALITY and type(right.value) is bool)):
        return Code(_with_constant(left, sign, right.value, place))
    other = right.run

    def run(env: Environment) -> bool | None:
        one, two = left(env), other(env)
        kind = type(one)
        if kind is type(two) and kind in PLAIN:
            return compared(one, two)
        return answered(sign, one, two, env.run, place)

    return Code(run)


def _with_constant(left: Closure, sign: str, constant: Value, place: Place) -> Closure:
    kind, compared, equality, differs = type(constant), COMPARED[sign], sign in _EQUALITY, sign == "!="

    def run(env: Environment) -> bool | None:
        value = left(env)
        if type(value) is kind:
            return compared(value, constant)
        if value is None:
            if equality:
                return differs
            env.run.note("feel.operands", place, sign=sign, left=kind_of(None), right=kind_of(constant))
            return None
        return answered(sign, value, constant, env.run, place)

    return run


def _with_null(left: Closure, *, given: bool) -> Closure:
    """Whether a value is null, or is not: null equals null alone."""
    if given:
        return lambda env: left(env) is not None
    return lambda env: left(env) is None


def answered(sign: str, left: Value, right: Value, run: Run, place: Place) -> bool | None:
    """Any comparison of any values, with a note where it has no answer."""
    found = satisfies(sign, left, right, run)
    if found is None:
        run.note("feel.operands", place, sign=sign, left=kind_of(left), right=kind_of(right))
    return found


@handles(t.Between)
def _between(compiler: Compiler, node: t.Between, frame: Frame | None) -> Code:
    value, low, high = (compiler.closure(part, frame) for part in (node.value, node.low, node.high))
    place = compiler.place(node.at)

    def run(env: Environment) -> bool | None:
        found, least, most = value(env), low(env), high(env)
        above = answered(">=", found, least, env.run, place)
        return False if above is False else conjunction(above, answered("<=", found, most, env.run, place))

    return Code(run)


@handles(t.Logic)
def _logic(compiler: Compiler, node: t.Logic, frame: Frame | None) -> Code:
    parts = [compiler.closure(part, frame) for part in node.parts]
    deciding = node.sign == "or"

    def run(env: Environment) -> Value:
        known = True
        for part in parts:
            value = part(env)
            if value is deciding:
                return deciding
            if type(value) is not bool:
                known = False
        return not deciding if known else None

    return Code(run)


@handles(t.InstanceOf)
def _instance(compiler: Compiler, node: t.InstanceOf, frame: Frame | None) -> Code:
    value, kind, place = compiler.closure(node.value, frame), node.type, compiler.place(node.at)
    if kind is None:
        compiler.fault("feel.type_unknown", node.at)
        return Code(lambda env: env.run.note("feel.type_unknown", place))
    return Code(lambda env: is_instance(value(env), kind, env.run))


@handles(t.Conditional)
def _conditional(compiler: Compiler, node: t.Conditional, frame: Frame | None) -> Code:
    otherwise = compiler.closure(node.otherwise, frame)
    cases = [
        (compiler.closure(condition, frame), compiler.closure(value, frame))
        for condition, value in reversed(node.cases)
    ]

    def run(env: Environment) -> Value:
        for condition, value in cases:
            if condition(env) is True:
                return value(env)
        return otherwise(env)

    return Code(run)
