"""Cutting an expression into tokens, each with its place."""

import re
from typing import NamedTuple

from zhengtong.engines.feel.errors import FeelError

LONGEST = 4000
LAST_CHARACTER = 0x10FFFF

KEYWORDS = frozenset(
    {"and", "or", "in", "between", "if", "then", "else", "true", "false", "null", "some", "every", "for", "return",
     "satisfies", "function", "instance", "of", "external"}
)  # fmt: skip
UNSUPPORTED = frozenset({"some", "every", "for", "return", "satisfies", "function", "instance", "external"})

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
      | (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<name>[^\W\d]\w*)
      | (?P<sign><=|>=|!=|\.\.|\*\*|[-+*/=<>()\[\],.{}:?@])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class Token(NamedTuple):
    """`kind` is number, string, name, keyword, sign or end; `place` counts characters from 1."""

    kind: str
    text: str
    place: int


def at(place: int) -> str:
    """A place as errors name it."""
    return f"character {place}"


def tokens(text: object) -> list[Token]:
    """The tokens of an expression, the last of kind `end`."""
    if not isinstance(text, str):
        raise FeelError("feel.not_text")
    if len(text) > LONGEST:
        raise FeelError("feel.too_long", position=at(LONGEST), most=LONGEST)
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            code = "feel.string_open" if text[place] == '"' else "feel.character"
            raise FeelError(code, position=at(place + 1), found=text[place])
        if match.lastgroup != "space":
            found.append(_token(match, place + 1))
        place = match.end()
    if not found:
        raise FeelError("feel.empty", position=at(1))
    return [*found, Token("end", "", len(text) + 1)]


def _token(match: "re.Match[str]", place: int) -> Token:
    kind, text = match.lastgroup or "", match.group()
    if kind == "string":
        return Token(kind, _unescaped(text[1:-1], place), place)
    if kind == "name" and text in KEYWORDS:
        if text in UNSUPPORTED:
            raise FeelError("feel.unsupported", position=at(place), found=text)
        return Token("keyword", text, place)
    return Token(kind, text, place)


def _unescaped(text: str, place: int) -> str:
    def one(match: "re.Match[str]") -> str:
        if match.group(3) is None:
            number = int(match.group(1) or match.group(2), 16)
            if number <= LAST_CHARACTER and not 0xD800 <= number <= 0xDFFF:
                return chr(number)
        elif match.group(3) in _ESCAPES:
            return _ESCAPES[match.group(3)]
        raise FeelError("feel.character", position=at(place + 1 + match.start()), found=match.group())

    return _ESCAPE.sub(one, text)
