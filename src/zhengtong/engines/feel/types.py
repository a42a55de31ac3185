"""FEEL's types (DMN 1.5 §10.3.2.9): what conforms to them, and what becomes of a value that almost does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    function's. `str` writes it as FEEL does.
    """

    kind: str
    item: "FeelType | None" = None
    entries: tuple[tuple[str, "FeelType"], ...] = ()
    parameters: tuple["FeelType", ...] = ()
    result: "FeelType | None" = None

    def __str__(self) -> str:
        if self.kind == "function":
            return f"function<{', '.join(map(str, self.parameters))}> -> {self.result or ANY}"
        if self.kind == "context":
            return f"context<{', '.join(f'{name}: {kind}' for name, kind in self.entries)}>"
        return f"{self.kind}<{self.item}>" if self.item is not None else self.kind


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, MONTHS_DURATION = (FeelType(kind) for kind in SIMPLE)
NAMED: Mapping[str, FeelType] = {
    kind.kind: kind
    for kind in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, MONTHS_DURATION)
}


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


def is_subtype(one: FeelType, other: FeelType) -> bool:
    """Whether every value of `one` is one of `other` (§10.3.2.9.2): contexts may have more, parameters accept more."""
    if other.kind == "Any" or one.kind == "Null" or one == other:
        return True
    if one.kind != other.kind:
        return False
    if one.kind == "context":
        has = dict(one.entries)
        return all(name in has and is_subtype(has[name], kind) for name, kind in other.entries)
    if one.kind == "function":
        return (
            len(one.parameters) == len(other.parameters)
            and all(map(is_subtype, other.parameters, one.parameters))
            and is_subtype(one.result or ANY, other.result or ANY)
        )
    return one.item is not None and is_subtype(one.item, other.item or ANY)
