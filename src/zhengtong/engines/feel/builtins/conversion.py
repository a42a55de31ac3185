"""Functions that turn values into texts and texts into numbers, and those that ask what a value is."""

import re
from collections.abc import Iterator
from decimal import Decimal

from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.comparing import identical
from zhengtong.engines.feel.composite import Function, Range
from zhengtong.engines.feel.naming import NAME
from zhengtong.engines.feel.numbers import read_number, written
from zhengtong.engines.feel.running import ExhaustedError, Run
from zhengtong.engines.feel.types import Value

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_GROUPING = (" ", ",", ".", None)
_DECIMAL = (",", ".", None)
DEEPEST = 100


@builtin("string(from: Any) -> string?")
def _string(run: Run, value: Value) -> str | None:
    return text_of(value, run)


def text_of(value: Value, run: Run) -> str | None:
    """A value as a text; texts inside of lists and contexts stand in quotes, other values as they are written."""
    if value is None or type(value) is str:
        return value
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value, run, 0):
        length += len(piece)
        if length > run.limits.characters:
            raise ExhaustedError("feel.too_many_characters", run.limits.characters)
        pieces.append(piece)
    run.spend(length >> 6)
    return "".join(pieces)


def _pieces(value: Value, run: Run, depth: int) -> Iterator[str]:
    run.spend(1)
    if depth > DEEPEST:
        raise ExhaustedError("feel.too_deep", DEEPEST)
    kind = type(value)
    if kind is list:
        yield "["
        for place, item in enumerate(value):
            yield ", " if place else ""
            yield from _pieces(item, run, depth + 1)
        yield "]"
    elif kind is dict:
        yield "{"
        for place, (key, item) in enumerate(value.items()):
            yield (", " if place else "") + (key if NAME.fullmatch(key) else _quoted(key)) + ": "
            yield from _pieces(item, run, depth + 1)
        yield "}"
    elif kind is Range:
        yield from _range_pieces(value, run, depth)
    else:
        yield _simple(value, inside=depth > 0)


def _range_pieces(value: Range, run: Run, depth: int) -> Iterator[str]:
    if value.operator:
        yield f"({value.operator} "
        yield from _pieces(value.end if value.start is None else value.start, run, depth + 1)
        yield ")"
        return
    yield "[" if value.start_included else "("
    yield from _pieces(value.start, run, depth + 1)
    yield ".."
    yield from _pieces(value.end, run, depth + 1)
    yield "]" if value.end_included else ")"


def _simple(value: Value, *, inside: bool) -> str:
    if type(value) is Decimal:
        return written(value)
    if value is None or type(value) is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is str:
        return _quoted(value)
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    return f'@"{value}"' if inside else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


@builtin("number(from: string, grouping separator?: string, decimal separator?: string) -> number")
def _number(_run: Run, text: str, grouping: str | None, decimal: str | None) -> Decimal | None:
    if grouping not in _GROUPING or decimal not in _DECIMAL or (grouping == decimal and grouping is not None):
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return read_number(text) if _NUMBER.fullmatch(text) else None


@builtin("not(negand: boolean | Null) -> boolean?")
def _not(_run: Run, negand: bool | None) -> bool | None:
    return None if negand is None else not negand


@builtin("is(value1: Any, value2: Any) -> boolean")
def _is(run: Run, one: Value, other: Value) -> bool:
    return identical(one, other, run)


@builtin("is defined(value: Any) -> boolean")
def _is_defined(_run: Run, value: Value) -> bool:
    return value is not None
