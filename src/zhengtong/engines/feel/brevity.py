"""Trees of the texts that fill decision tables (`"a", "b"`, `< 5`, `[1..9)`, `-3`), read without the parser.

A table has thousands of them; the parser would make the same tree in twenty times the time.
"""

from zhengtong.engines.feel.building import Builder
from zhengtong.engines.feel.scanning import Token
from zhengtong.engines.feel.tree import Node

_BUILD = Builder()
_SINGLE = {"NUMBER": _BUILD.number, "STRING": _BUILD.string, "LITERAL": _BUILD.literal, "AT": _BUILD.at_literal,
           "NAME": _BUILD.name, "INPUT": _BUILD.input}  # fmt: skip
_OPENING = ("OPEN", "OPEN_SQUARE", "OPEN_TURNED")
_CLOSING = ("CLOSE", "CLOSE_SQUARE", "CLOSE_TURNED")


def read_brief(tokens: list[Token], start: str) -> Node | None:
    """The tree of a brief text, None where it is not brief enough (or wrong, which the parser explains)."""
    if start == "whole":
        return _value(tokens)
    parts: list[Node | Token] = []
    begun = 0
    for place, token in enumerate(tokens):
        if token.type == "COMMA":
            parts += [_test(tokens[begun:place]), token]  # type: ignore[list-item]  # None is found below
            begun = place + 1
    parts.append(_test(tokens[begun:]))  # type: ignore[arg-type]  # the same
    return None if None in parts else _BUILD.cells(parts)


def _value(tokens: list[Token]) -> Node | None:
    if len(tokens) == 1:
        build = _SINGLE.get(tokens[0].type)
        return None if build is None else build(tokens)
    if len(tokens) == 2 and tokens[0].type == "MINUS" and tokens[1].type == "NUMBER":
        return _BUILD.negative([tokens[0], _BUILD.number(tokens[1:])])
    return None


def _test(tokens: list[Token]) -> Node | None:
    if len(tokens) < 2:
        return _value(tokens)
    if tokens[0].type == "COMPARISON":
        end = _value(tokens[1:])
        return None if end is None else _BUILD.sign([tokens[0], end])
    return _range(tokens) or _value(tokens)


def _range(tokens: list[Token]) -> Node | None:
    dots = next((place for place, token in enumerate(tokens) if token.type == "DOTS"), 0)
    if not dots or tokens[0].type not in _OPENING or tokens[-1].type not in _CLOSING:
        return None
    low, high = _value(tokens[1:dots]), _value(tokens[dots + 1 : -1])
    if low is None or high is None:
        return None
    return _BUILD.range([tokens[0], low, tokens[dots], high, tokens[-1]])
