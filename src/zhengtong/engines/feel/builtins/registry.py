"""The register of built-in functions: each is written beside its signature, in FEEL's own notation.

`@builtin("substring(string: string, start position: number, length?: number) -> string")` may stand above a function
that is given the run and one value for each parameter. A parameter with `?` may be left out or null; `…` behind the
last takes any number of values; a result with `?` may be null without anything being wrong.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhengtong.engines.feel.composite import Function, Range
from zhengtong.engines.feel.conforming import midnight
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.temporal.values import Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.type_reading import read_type
from zhengtong.engines.feel.types import ANY, FeelType, Value, function_of

Body = Callable[..., Value]

KINDS: dict[str, type] = {
    "Null": type(None),
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysDuration,
    "years and months duration": MonthsDuration,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
}
_HEAD = re.compile(r"(?P<name>[^(]+)\((?P<parameters>.*)\) -> (?P<result>.+?)(?P<nullable>\?)?")
_UNFIT = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kinds` is empty where any value, null too, is taken; `type` is what the reference says."""

    name: str
    kinds: frozenset[type]
    type: str
    optional: bool

    def taken(self, value: Value) -> Value:
        """The value as the function gets it, after implicit conversion (§10.3.2.9.4); `_UNFIT` where it cannot be."""
        if not self.kinds or type(value) in self.kinds:
            return value
        if value is None:
            return None if self.optional else _UNFIT
        if type(value) is list and len(value) == 1 and type(value[0]) in self.kinds:
            return value[0]
        if list in self.kinds:
            return [value]
        return midnight(value) if type(value) is Date and DateTime in self.kinds else _UNFIT


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function, with `least` values in order or more."""

    text: str
    parameters: tuple[Parameter, ...]
    least: int
    variadic: bool
    result: FeelType
    nullable: bool
    body: Body

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many values in order."""
        return self.least <= count and (self.variadic or count <= len(self.parameters))

    def wanted(self, count: int, *, alone: bool) -> tuple[tuple[tuple[frozenset[type], bool], ...], tuple[None, ...]]:
        """The kinds of so many values in order, and the nulls that stand for what is not given.

        Beside the kinds stands whether null refuses the call: it does where there is no other signature (`alone`) and
        the parameter may not be left out.
        """
        parameters = self.parameters + self.parameters[-1:] * (count - len(self.parameters))
        kinds = tuple((each.kinds, alone and not each.optional) for each in parameters[:count])
        return kinds, (None,) * (len(parameters) - count)

    def in_order(self, values: Sequence[Value]) -> list[Value] | None:
        """The values as the function gets them; None where one does not fit."""
        parameters = self.parameters
        missing = len(parameters) - len(values)
        if missing < 0:
            parameters += parameters[-1:] * -missing
        taken: list[Value] = []
        for parameter, value in zip(parameters, values, strict=False):
            found = value
            if parameter.kinds and type(value) not in parameter.kinds:
                found = parameter.taken(value)
                if found is _UNFIT:
                    return None
            taken.append(found)
        if missing > 0:
            taken += [None] * missing
        return taken

    def by_name(self, names: Sequence[str], values: Sequence[Value]) -> list[Value] | None:
        """The same from named values; what is not given is null."""
        given = dict(zip(names, values, strict=True))
        if self.variadic or not given.keys() <= {parameter.name for parameter in self.parameters}:
            return None
        return self.in_order([given.get(parameter.name) for parameter in self.parameters])


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of FEEL with all its signatures."""

    name: str
    signatures: tuple[Signature, ...]
    written: str = field(init=False)
    """Its signatures, as the reference has them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", "; ".join(signature.text for signature in self.signatures))

    def call(self, values: Sequence[Value], names: Sequence[str] | None, run: Run) -> Value:
        """What the function gives; null with a note where no signature fits or it has no value."""
        for signature in self._in_order_of(names):
            if names is not None:
                taken = signature.by_name(names, values)
            else:
                taken = signature.in_order(values) if signature.takes(len(values)) else None
            if taken is not None:
                result = signature.body(run, *taken)
                if result is None and not signature.nullable:
                    run.note("feel.no_value", run.place, name=self.name)
                return result
        return self.refused(run)

    def refused(self, run: Run) -> Value:
        """Note that no signature takes what is given; gives null."""
        return run.note("feel.arguments", run.place, name=self.name, expected=self.written)

    def taking(self, count: int) -> Signature | None:
        """The first signature that so many values in order can be given to."""
        return next((each for each in self.signatures if each.takes(count)), None)

    def _in_order_of(self, names: Sequence[str] | None) -> Sequence[Signature]:
        """The signatures; those whose parameters stand as the names do go first (`before(range, point)`)."""
        if names is None or len(self.signatures) == 1:
            return self.signatures
        return sorted(self.signatures, key=lambda one: [parameter.name for parameter in one.parameters] != list(names))

    def as_value(self) -> Function:
        """The function as a value."""
        first = self.signatures[0]
        names = tuple(parameter.name for parameter in first.parameters)
        kinds = tuple(read_type(parameter.type) or ANY for parameter in first.parameters)
        return Function(
            self.name, names, lambda values, run: self.call(values, None, run), function_of(kinds, first.result), self
        )


BUILTINS: dict[str, Builtin] = {}


def builtin(text: str) -> Callable[[Body], Body]:
    """Register a function under its signature."""
    found = _HEAD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    name = found["name"]
    parts = [part for part in found["parameters"].split(", ") if part]
    parameters = tuple(_parameter(part.removesuffix("…")) for part in parts)
    variadic = bool(parts) and parts[-1].endswith("…")

    def register(body: Body) -> Body:
        signature = Signature(
            text=text,
            parameters=parameters,
            least=sum(not parameter.optional for parameter in parameters),
            variadic=variadic,
            result=read_type(found["result"]) or ANY,
            nullable=found["nullable"] is not None,
            body=body,
        )
        others = BUILTINS[name].signatures if name in BUILTINS else ()
        BUILTINS[name] = Builtin(name, (*others, signature))
        return body

    return register


def _parameter(text: str) -> Parameter:
    name, _colon, written = text.partition(": ")
    kinds = frozenset(KINDS[kind.partition("<")[0]] for kind in written.split(" | ") if kind != "Any")
    return Parameter(name.removesuffix("?"), kinds, written, name.endswith("?"))


def numbers_in(values: Sequence[Any], run: Run) -> bool:
    """Whether all of them are numbers; going through them is paid for."""
    run.spend(len(values))
    return all(type(value) is Decimal for value in values)
