"""Calling a function that is a value, with arguments in order or by name (DMN 1.5 §10.3.2.13.5)."""

from collections.abc import Sequence

from zhengtong.engines.feel.composite import Function
from zhengtong.engines.feel.conforming import coerce
from zhengtong.engines.feel.running import ExhaustedError, Place, Run
from zhengtong.engines.feel.types import Value


def invoke(function: Function, values: Sequence[Value], names: Sequence[str] | None, run: Run, place: Place) -> Value:
    """What the function gives; null with a note where the arguments are not those it has parameters for."""
    if function.builtin is not None:
        run.place = place
        result: Value = function.builtin.call(values, names, run)
        return result
    arranged = _arranged(function, values, names)
    if arranged is None:
        return run.note("feel.arguments", place, name=function.name, expected=", ".join(function.parameters))
    for number, (value, kind) in enumerate(zip(arranged, function.type.parameters, strict=False)):
        if value is None or kind.kind == "Any":
            continue
        arranged[number] = coerce(value, kind, run)
        if arranged[number] is None:
            name = function.parameters[number]
            return run.note("feel.argument_type", place, name=name, expected=str(kind), found=kind_of(value))
    run.spend(1)
    run.calls -= 1
    if run.calls < 0:
        raise ExhaustedError("feel.too_many_calls", run.limits.calls)
    try:
        return function.call(arranged, run)
    finally:
        run.calls += 1


def _arranged(function: Function, values: Sequence[Value], names: Sequence[str] | None) -> list[Value] | None:
    """The values in the order of the parameters; those given by name may leave some out."""
    if names is None:
        return list(values) if len(values) == len(function.parameters) else None
    given = dict(zip(names, values, strict=True))
    if not given.keys() <= set(function.parameters):
        return None
    return [given.get(name) for name in function.parameters]


def kind_of(value: Value) -> str:
    """The name of a value's type, without what it holds."""
    return _NAMES.get(type(value).__name__, "Any")


_NAMES = {
    "NoneType": "null",
    "bool": "boolean",
    "Decimal": "number",
    "str": "string",
    "Date": "date",
    "Time": "time",
    "DateTime": "date and time",
    "DaysDuration": "days and time duration",
    "MonthsDuration": "years and months duration",
    "list": "list",
    "dict": "context",
    "Range": "range",
    "Function": "function",
}
