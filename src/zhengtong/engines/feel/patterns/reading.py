"""Reading a pattern (XML Schema Part 2 §F, with the additions of XPath and XQuery Functions §7.6.1) into a tree."""

import re
from dataclasses import dataclass

from zhengtong.engines.feel.patterns.errors import PatternError
from zhengtong.engines.feel.patterns.sets import (
    ANYTHING,
    ANYTHING_IN_A_LINE,
    ESCAPES,
    CharacterSet,
    Tested,
    in_category,
    opposite,
    variants,
)

FLAGS = frozenset("smix")
LONGEST = 5_000
DEEPEST = 50
MOST_REPEATS = 1_000
_META = frozenset(".\\?*+{}()|[]^$")
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | dict.fromkeys("\\|.?*+(){}-[]^$", "")
_QUANTIFIER = re.compile(r"(?:([?*+])|\{([0-9]{1,6})(?:(,)([0-9]{1,6})?)?\})(\??)")
_BLANK = frozenset("\t\n\r ")
_IN_SET = re.compile(r"\[(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*\]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class One:
    """One character of a set (anything with `in`)."""

    of: frozenset[str] | CharacterSet | Tested


@dataclass(frozen=True, slots=True)
class Edge:
    """`^` or `$`."""

    start: bool


@dataclass(frozen=True, slots=True)
class Again:
    """`\\1`."""

    group: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part behind another."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`a|b`, tried in order."""

    options: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`(a)`; `number` is None for `(?:a)`."""

    number: int | None
    inner: "Part"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`a{least,most}`; `most` None: any number; `lazy` as few as will do."""

    inner: "Part"
    least: int
    most: int | None
    lazy: bool


Part = One | Edge | Again | Sequence | Choice | Group | Repeat


def read_pattern(pattern: str, flags: str) -> tuple[Part, int]:
    """The tree of a pattern and how many groups it has; PatternError for what XPath does not allow."""
    if not set(flags) <= FLAGS:
        raise PatternError("flags")
    if len(pattern) > LONGEST:
        raise PatternError("long")
    reader = _Reader(_without_blanks(pattern) if "x" in flags else pattern, flags)
    tree = reader.choice(0)
    if reader.at < len(reader.text):
        raise PatternError("bracket")
    return tree, reader.groups


def _without_blanks(pattern: str) -> str:
    """A pattern without the blanks that the flag `x` lets stand outside of square brackets."""
    kept: list[str] = []
    at = 0
    while at < len(pattern):
        found = _IN_SET.match(pattern, at) if pattern[at] == "[" else None
        piece = found.group() if found else pattern[at]
        if piece == "\\":  # what an escape escapes may itself be a bracket
            piece += pattern[at + 1 : at + 2]
        at += len(piece)
        kept.append(piece if found else "".join(character for character in piece if character not in _BLANK))
    return "".join(kept)


class _Reader:
    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.folded = "i" in flags
        self.dot = ANYTHING if "s" in flags else ANYTHING_IN_A_LINE

    def _sees(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def _accept(self, sign: str) -> bool:
        if self._sees(sign):
            self.at += len(sign)
            return True
        return False

    def _take(self) -> str:
        if self.at >= len(self.text):
            raise PatternError("unfinished")
        self.at += 1
        return self.text[self.at - 1]

    def choice(self, depth: int) -> Part:
        """Options between `|`."""
        if depth > DEEPEST:
            raise PatternError("deep")
        options = [self._sequence(depth)]
        while self._accept("|"):
            options.append(self._sequence(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self, depth: int) -> Part:
        parts: list[Part] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._repeated(self._atom(depth)))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self, atom: Part) -> Part:
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return atom
        self.at = found.end()
        sign, least, comma, most, lazy = found.groups()
        if sign:
            return Repeat(atom, int(sign == "+"), 1 if sign == "?" else None, bool(lazy))
        low = int(least)
        high = low if comma is None else (int(most) if most else None)
        if low > MOST_REPEATS or (high is not None and (high > MOST_REPEATS or high < low)):
            raise PatternError("repeats")
        return Repeat(atom, low, high, bool(lazy))

    def _atom(self, depth: int) -> Part:
        character = self._take()
        if character == "(":
            return self._group(depth)
        if character == "[":
            return One(self._set(0))
        if character == "\\":
            return self._escape()
        if character == ".":
            return One(self.dot)
        if character in "^$":
            return Edge(character == "^")
        if character in _META:
            raise PatternError("character")
        return One(self._single(character))

    def _single(self, character: str) -> frozenset[str]:
        return variants(character) if self.folded else frozenset(character)

    def _group(self, depth: int) -> Part:
        number = None
        if not self._accept("?:"):
            self.groups += 1
            number = self.groups
        inner = self.choice(depth + 1)
        if not self._accept(")"):
            raise PatternError("bracket")
        if number is not None:
            self.closed.add(number)
        return Group(number, inner)

    def _escape(self) -> Part:
        """An escape outside of square brackets; only here may it be a reference to a group."""
        if self.at < len(self.text) and self.text[self.at] in "123456789":
            digits = self._take()
            while self.at < len(self.text) and self.text[self.at].isdecimal():
                if int(digits + self.text[self.at]) > self.groups:
                    break
                digits += self._take()
            if int(digits) not in self.closed:
                raise PatternError("reference")
            return Again(int(digits))
        held = self._escaped()
        return One(self._single(held) if isinstance(held, str) else held)

    def _escaped(self) -> str | Tested:
        """What stands behind a backslash: a character or a set of them."""
        letter = self._take()
        if letter in _SINGLE:
            return _SINGLE[letter] or letter
        if letter in "pP":
            end = self.text.find("}", self.at)
            if not self._accept("{") or end < 0:
                raise PatternError("category")
            test = in_category(self.text[self.at : end])
            self.at = end + 1
            return Tested(test if letter == "p" else opposite(test))
        if letter.lower() not in ESCAPES:
            raise PatternError("escape")
        test = ESCAPES[letter.lower()]
        return Tested(test if letter.islower() else opposite(test))

    def _set(self, depth: int) -> CharacterSet:
        if depth > DEEPEST:
            raise PatternError("deep")
        found = CharacterSet(folded=self.folded, negated=self._accept("^"))
        begun = self.at
        while not self._sees("]"):
            if self._sees("-[") and self.at > begun:
                self.at += 2
                found.without = self._set(depth + 1)
                if not self._sees("]"):
                    raise PatternError("bracket")
                break
            self._member(found)
        if self.at == begun:
            raise PatternError("bracket")
        self.at += 1
        return found

    def _member(self, into: CharacterSet) -> None:
        first = self._in_set()
        if isinstance(first, Tested):
            into.tests.append(first.test)
        elif self._sees("-") and not self.text.startswith(("-]", "-["), self.at):
            self.at += 1
            last = self._in_set()
            if isinstance(last, Tested) or last < first:
                raise PatternError("range")
            into.ranges.append((first, last))
        else:
            into.characters.add(first)

    def _in_set(self) -> str | Tested:
        character = self._take()
        if character == "\\":
            return self._escaped()
        if character == "[":
            raise PatternError("bracket")
        return character
