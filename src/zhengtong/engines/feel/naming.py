"""Names of several words and signs (DMN 1.5 §10.3.1.2, rules 25 to 30): what is in scope is found, longest first.

A name is a sequence of tokens: words, and the signs `. / - ' + *`. Blanks between them do not count. Of names that are
declared, other signs that FEEL itself has no use for (`%`, `№`, `–`) may be part too.
"""

import re
from collections.abc import Iterable, Mapping

from zhengtong.engines.feel.types import FeelType, Names

START = (
    r"?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
PART = START + r"0-9\u00b7\u0300-\u036f\u203f\u2040"
SPACE = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

WORD = re.compile(f"[{START}][{PART}]*")
BLANK = re.compile(rf"(?:[{SPACE}]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
TOKEN = re.compile(rf"""[{PART}]+|[-./'’+*]|[^{PART}{SPACE}()\[\]{{}}"',:<>=!@\\]""")
NAME = re.compile(f"[{START}][{PART}./'’+*{SPACE}-]*")
_WHOLE_NAME = re.compile(r"""[^()\[\]{}",:<>=!@\\]+""")
_SPACES = re.compile(f"[{SPACE}]+")
Tokens = tuple[str, ...]


def tokens_of(name: str) -> Tokens:
    """The tokens of a name; none where it has characters that no name has."""
    return tuple(TOKEN.findall(name)) if _WHOLE_NAME.fullmatch(name) else ()


def tidy(name: str) -> str:
    """A name as it is kept: blanks at its ends taken away, those inside made one."""
    return _SPACES.sub(" ", name).strip(" ")


class NameSet:
    """Names that may stand at one place, by their first token; the plain ones (one word) need no looking up."""

    __slots__ = ("by_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.by_first: dict[str, list[tuple[Tokens, str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        if name.isidentifier():
            return
        tokens = tokens_of(name)
        if len(tokens) > 1 or (tokens and tokens[0] != name):
            known = self.by_first.setdefault(tokens[0], [])
            if (tokens, name) not in known:
                known.append((tokens, name))
                known.sort(key=lambda entry: -len(entry[0]))

    def longest(self, text: str, start: int, word: str) -> tuple[str, int, int] | None:
        """The longest of the names that begins with `word` at `start`: itself, where it ends, how many tokens."""
        for tokens, name in self.by_first.get(word, ()):
            end = _end_of(text, start + len(word), tokens)
            if end:
                return name, end, len(tokens)
        return None


def _end_of(text: str, place: int, tokens: Tokens) -> int:
    for token in tokens[1:]:
        place = past_blank(text, place)
        found = TOKEN.match(text, place)
        if found is None or found.group() != token:
            return 0
        place = found.end()
    return place


def past_blank(text: str, place: int) -> int:
    """The place of the next character that is neither blank nor comment."""
    found = BLANK.match(text, place)
    return found.end() if found else place


Inside = Mapping[str, "FeelType | Names | None"]


def entries_of(names: "FeelType | Names | None") -> Inside | None:
    """The names inside a value of which this much is known; None where nothing is."""
    if isinstance(names, FeelType):
        while names.item is not None:
            names = names.item
        return dict(names.entries) if names.kind == "context" else None
    if names is None or isinstance(names, str):
        return None
    return names if isinstance(names, Mapping) else dict.fromkeys(names)


def members(names: Names) -> Iterable[str]:
    """Every name that stands inside another, at any depth."""
    waiting = list((entries_of(names) or {}).values())
    while waiting:
        inside = entries_of(waiting.pop())
        if inside:
            yield from inside
            waiting.extend(inside.values())
