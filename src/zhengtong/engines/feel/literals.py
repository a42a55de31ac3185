"""Numbers and texts as they are written in an expression."""

import re

from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.running import Place

NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
LAST_CHARACTER = 0x10FFFF
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def read_string(text: str, at: int) -> tuple[str, int]:
    """The text between the quotes that open at `at`, its escapes resolved, and where it ends.

    What is no escape (`\\d`, as patterns have it) stays as it stands.
    """
    found = _STRING.match(text, at)
    if found is None:
        code = "feel.string_open" if text.startswith('"', at) else "feel.string_expected"
        raise FeelError(code, Place(text, at))
    inner = found.group()[1:-1]
    if "\\" in inner:
        inner = _ESCAPE.sub(lambda escape: _character(escape, text, at), inner)
    return inner, found.end()


def _character(escape: "re.Match[str]", text: str, at: int) -> str:
    high, low, short, long, other = escape.groups()
    if other is not None:
        return _ESCAPES.get(other, escape.group())
    if high is not None:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    code = int(short or long, 16)
    if code > LAST_CHARACTER or 0xD800 <= code <= 0xDFFF:
        raise FeelError("feel.character", Place(text, at + 1 + escape.start()), found=escape.group())
    return chr(code)
