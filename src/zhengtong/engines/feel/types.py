"""FEEL's types (DMN 1.5 §10.3.2.9): what conforms to them, and what becomes of a value that almost does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Value = Any
Names = Iterable[str] | Mapping[str, "FeelType | Names | None"]
"""Names in scope: alone, or each with its type, with the names inside it, or with None where nothing is known."""

SIMPLE = (
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
)


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type. `kind` is one of `SIMPLE`, or Any, Null, list, range, context, function.

    `item` is what a list or range holds, `entries` what a context has at least, `parameters` and `result` are a
    function's.
    """

    kind: str
    item: "FeelType | None" = None
    entries: tuple[tuple[str, "FeelType"], ...] = ()
    parameters: tuple["FeelType", ...] = ()
    result: "FeelType | None" = None


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, MONTHS_DURATION = (FeelType(kind) for kind in SIMPLE)


def list_of(item: FeelType) -> FeelType:
    """`list<item>`."""
    return FeelType("list", item=item)


def range_of(item: FeelType) -> FeelType:
    """`range<item>`."""
    return FeelType("range", item=item)


def context_of(entries: Mapping[str, FeelType]) -> FeelType:
    """`context<name: type, …>`."""
    return FeelType("context", entries=tuple(entries.items()))


def function_of(parameters: tuple[FeelType, ...], result: FeelType) -> FeelType:
    """`function<parameters> -> result`."""
    return FeelType("function", parameters=parameters, result=result)


def type_of(value: Value) -> FeelType:
    """The most specific type of a value; lists and contexts are described by what they hold."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, Decimal):
        return NUMBER
    if isinstance(value, str):
        return STRING
    if isinstance(value, list):
        kinds = {type_of(item) for item in value}
        return list_of(kinds.pop() if len(kinds) == 1 else ANY)
    if isinstance(value, Mapping):
        return context_of({name: type_of(entry) for name, entry in value.items()})
    return ANY


def conforms(value: Value, to: FeelType) -> bool:
    """Whether a value is of a type; null is of every type but `Null` is its own."""
    if value is None or to is ANY or to.kind == "Any":
        return True
    if to.kind == "list":
        return isinstance(value, list) and all(conforms(item, to.item or ANY) for item in value)
    if to.kind == "context":
        return isinstance(value, Mapping) and all(
            name in value and conforms(value[name], kind) for name, kind in to.entries
        )
    return type_of(value).kind == to.kind


def coerce(value: Value, to: FeelType) -> Value:
    """The value as one of `to` (§10.3.2.9.4): itself, `[x]` as x, x as `[x]`, a date as its midnight; else null."""
    if conforms(value, to):
        return value
    if to.kind == "list" and conforms(value, to.item or ANY):
        return [value]
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], to):
        return value[0]
    return None


def read_type(text: str, types: Mapping[str, FeelType] | None = None) -> FeelType | None:
    """The type that a text names (`number`, `list<string>`, a name in `types`), None for what names none."""
    if types and text in types:
        return types[text]
    if text == "Any":
        return ANY
    return FeelType(text) if text in SIMPLE else None
