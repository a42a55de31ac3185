"""Cutting an expression into tokens: what needs the names in scope is settled here, so that the grammar need not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.literals import NUMBER, read_string
from zhengtong.engines.feel.naming import NAME, TOKEN, WORD, NameSet, entries_of, past_blank, tidy
from zhengtong.engines.feel.running import USUAL, Limits, Place
from zhengtong.engines.feel.type_reading import TypeReader
from zhengtong.engines.feel.types import FeelType, Names
from zhengtong.engines.feel.vocabulary import Vocabulary

_LITERALS = {"true": True, "false": False, "null": None}
_CHOICES = {"if": "IF", "for": "FOR", "some": "SOME", "every": "EVERY"}
_JOINTS = {word: word.upper() for word in ("and", "or", "in", "between", "then", "else", "return", "satisfies")}
_RESERVED = frozenset({*_LITERALS, *_CHOICES, *_JOINTS, "function", "instance"})
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
_OPERATORS = (("**", "POWER"), ("+", "PLUS"), ("-", "MINUS"), ("*", "TIMES"), ("/", "OVER"))
_CLOSING = {")": "([]", "]": "([]", "}": "{"}
_CLOSED = {")": "CLOSE", "]": "CLOSE_SQUARE", "}": "CLOSE_CONTEXT"}


class Token:
    """`type` is a terminal of the grammar, `at` counts characters from 0; `value` is what it stands for."""

    __slots__ = ("at", "type", "value")
    line: ClassVar[int] = 0
    column: ClassVar[int] = 0
    start_pos: ClassVar[int] = 0
    end_line: ClassVar[int] = 0
    end_column: ClassVar[int] = 0
    end_pos: ClassVar[int] = 0

    def __init__(self, kind: str, value: Any, at: int) -> None:
        self.type = kind
        self.value = value
        self.at = at


@dataclass(slots=True)
class _Frame:
    """An open bracket: the names bound inside it, and how far a range or an iteration in it has come."""

    kind: str
    names: NameSet = field(default_factory=NameSet)
    iterating: bool = False
    ranged: bool = False


def scan(
    text: str, vocabulary: Vocabulary, types: Mapping[str, FeelType] | None, limits: Limits = USUAL
) -> list[Token]:
    """The tokens of a text; FeelError where it has what no expression has."""
    return _Scanner(text, vocabulary, types, limits.depth).run()


class _Scanner:
    def __init__(self, text: str, vocabulary: Vocabulary, types: Mapping[str, FeelType] | None, deepest: int) -> None:
        self.text = text
        self.deepest = deepest
        self.types = types
        self.vocabulary = vocabulary
        self.keys = NameSet()
        self.frames = [_Frame("")]
        self.at = 0
        self.tokens: list[Token] = []
        self.operand = True
        self.inside: FeelType | Names | None = None

    def run(self) -> list[Token]:
        while True:
            self.at = past_blank(self.text, self.at)
            if self.at >= len(self.text):
                return self.tokens
            if self.operand:
                self._operand(self.text[self.at])
            else:
                self._operator(self.text[self.at])

    def _refuse(self, code: str, at: int, **params: object) -> FeelError:
        return FeelError(code, Place(self.text, at), **params)

    def _wrong(self, at: int) -> FeelError:
        if self.text.startswith("/*", at):
            return self._refuse("feel.comment_open", at)
        return self._refuse("feel.character", at, found=self.text[at : at + 1] or "")

    def _add(self, kind: str, value: Any, end: int, *, operand: bool) -> None:
        self.tokens.append(Token(kind, value, self.at))
        self.at = end
        self.operand = operand

    # Where a value may stand

    def _operand(self, first: str) -> None:
        number = NUMBER.match(self.text, self.at)
        if number is not None:
            self._add("NUMBER", number.group(), number.end(), operand=False)
        elif first == '"':
            value, end = read_string(self.text, self.at)
            self._add("STRING", value, end, operand=False)
        elif first == "@":
            value, end = read_string(self.text, past_blank(self.text, self.at + 1))
            self._add("AT", value, end, operand=False)
        elif first in "([{":
            self._open(first)
        elif first in ")]}":
            self._close_early(first)
        elif first == "-":
            self._add("MINUS", "-", self.at + 1, operand=True)
        elif first in "<>=!":
            self._comparison()
        else:
            self._word()

    def _open(self, first: str) -> None:
        kinds = {"(": "OPEN", "[": "OPEN_SQUARE", "{": "OPEN_CONTEXT"}
        self._enter(first)
        self._add(kinds[first], first, self.at + 1, operand=True)
        if first == "{":
            self._key()

    def _enter(self, kind: str) -> None:
        if len(self.frames) > self.deepest:
            raise self._refuse("feel.too_deep", self.at, most=self.deepest)
        self.frames.append(_Frame(kind))

    def _close_early(self, first: str) -> None:
        """A bracket that closes where a value may stand: an empty pair, or `]` that opens a range."""
        before = self.tokens[-1].type if self.tokens else ""
        after = past_blank(self.text, self.at + 1)
        begins = self._value_follows(after) and self.text[after] not in "([{-"  # which may stand behind an empty list
        if first == "]" and (before != "OPEN_SQUARE" or begins):
            self._enter("]")
            self._add("OPEN_TURNED", "]", self.at + 1, operand=True)
        elif (before, first) in {("OPEN_SQUARE", "]"), ("OPEN_CONTEXT", "}"), ("CALL", ")")}:
            self._close(first)
        else:
            raise self._refuse("feel.value_expected", self.at, found=first)

    def _comparison(self) -> None:
        for sign in _COMPARISONS:
            if self.text.startswith(sign, self.at):
                self._add("COMPARISON", sign, self.at + len(sign), operand=True)
                return
        raise self._wrong(self.at)

    def _word(self) -> None:
        found = WORD.match(self.text, self.at)
        if found is None:
            raise self._wrong(self.at)
        word, end = found.group(), found.end()
        known = self._known(word)
        if known is not None:
            self._name(*known)
        elif word in _LITERALS:
            self._add("LITERAL", _LITERALS[word], end, operand=False)
        elif word in _CHOICES:
            self._add(_CHOICES[word], word, end, operand=True)
            if word != "if":
                self.frames[-1].iterating = True
                self._variable()
        elif word == "function":
            self._function(end)
        elif word in _RESERVED:
            raise self._refuse("feel.value_expected", self.at, found=word)
        elif word == "?":
            self._add("INPUT", word, end, operand=False)
        else:
            self._name(word, end)

    def _known(self, word: str) -> tuple[str, int] | None:
        """The longest name in scope that begins here, if one of more than this word does."""
        sets = [frame.names for frame in self.frames if frame.names.by_first]
        sets += self.vocabulary.name_sets
        if any(frame.kind == "filter" for frame in self.frames):
            sets += self._member_sets()
        return self._longest(sets, word)

    def _longest(self, sets: list[NameSet], word: str) -> tuple[str, int] | None:
        found = [one for names in sets if (one := names.longest(self.text, self.at, word)) is not None]
        return max(found, key=lambda one: one[2])[:2] if found else None

    def _member_sets(self) -> list[NameSet]:
        """Names that may follow a full stop or stand in a filter: of entries, and of properties of values."""
        return [self.keys, self.vocabulary.members]

    def _name(self, name: str, end: int) -> None:
        self._add("NAME", name, end, operand=False)
        self.inside = self.vocabulary.inside(name)

    # Heads that bind names

    def _key(self) -> None:
        """The key of a context's entry, with its colon."""
        self.at = past_blank(self.text, self.at)
        if self.text.startswith("}", self.at):
            return
        at = self.at
        if self.text.startswith('"', at):
            key, end = read_string(self.text, at)
        else:
            found = NAME.match(self.text, at)
            if found is None:
                raise self._refuse("feel.key_expected", at)
            key, end = tidy(found.group()), found.end()
        self._bind(key)
        self.keys.add(key)
        self._add("KEY", key, self._past(":", end), operand=True)

    def _variable(self) -> None:
        """The variable of an iteration, and the `in` behind it."""
        self.at = past_blank(self.text, self.at)
        first, end = self.at, self.at
        place = self.at
        while True:
            found = TOKEN.match(self.text, place)
            if found is None or (place == first and WORD.match(self.text, place) is None):
                raise self._refuse("feel.name_expected", place)
            if found.group() == "in" and place > first:
                break
            end = found.end()
            place = past_blank(self.text, end)
        name = tidy(self.text[first:end])
        self._bind(name)
        self._add("VARIABLE", name, place, operand=True)
        self._add("IN", "in", place + len("in"), operand=True)

    def _function(self, end: int) -> None:
        """`function(name: type, …) external`, up to its body, as one token."""
        at = self.at
        self.at = past_blank(self.text, self._past("(", end))
        parameters: list[tuple[str, FeelType | None]] = []
        while parameters or not self.text.startswith(")", self.at):
            parameters.append(self._parameter())
            if self.text.startswith(")", self.at):
                break
            self.at = past_blank(self.text, self._past(",", self.at))
        place = past_blank(self.text, self.at + 1)
        external = WORD.match(self.text, place)
        is_external = external is not None and external.group() == "external"
        self.at = at
        after = place + len("external") if is_external else place
        self._add("FUNCTION", (tuple(parameters), is_external), after, operand=True)

    def _parameter(self) -> tuple[str, FeelType | None]:
        found = NAME.match(self.text, self.at)
        if found is None:
            raise self._refuse("feel.name_expected", self.at)
        name, kind = tidy(found.group()), None
        self._bind(name)
        self.at = past_blank(self.text, found.end())
        if self.text.startswith(":", self.at):
            kind = self._type(self.at + 1)
        return name, kind

    def _type(self, start: int) -> FeelType | None:
        kind, end = TypeReader(self.text, start, self.types).read()
        self.at = past_blank(self.text, end)
        return kind

    def _bind(self, name: str) -> None:
        self.frames[-1].names.add(name)

    def _past(self, sign: str, at: int) -> int:
        """Behind a sign that must stand here."""
        at = past_blank(self.text, at)
        if not self.text.startswith(sign, at):
            raise self._refuse("feel.expected", at, expected=sign, found=self.text[at : at + 1] or "…")
        return at + len(sign)

    # Where an operator may stand

    def _operator(self, first: str) -> None:
        if first == "(":
            self._enter("(")
            self._add("CALL", first, self.at + 1, operand=True)
            self._argument()
        elif first == "[":
            self._square()
        elif first in ")]}":
            self._close(first)
        elif first == ",":
            self._comma()
        elif first == ".":
            self._dot()
        elif first in "<>=!":
            self._comparison()
        else:
            self._joint()

    def _square(self) -> None:
        """A filter; or, after the second end of a range, its end when nothing follows that a filter could hold."""
        frame = self.frames[-1]
        if frame.kind and frame.ranged and not self._value_follows(past_blank(self.text, self.at + 1)):
            self.frames.pop()
            self._add("CLOSE_TURNED", "[", self.at + 1, operand=False)
            return
        self._enter("filter")
        self._add("FILTER", "[", self.at + 1, operand=True)

    def _value_follows(self, at: int) -> bool:
        word = WORD.match(self.text, at)
        if word is not None:
            return word.group() not in _JOINTS and word.group() != "instance"
        return NUMBER.match(self.text, at) is not None or self.text[at : at + 1] in tuple('"@([{-')

    def _close(self, first: str) -> None:
        frame = self.frames.pop() if len(self.frames) > 1 else None
        if frame is None or not self._fits(frame.kind, first):
            raise self._refuse("feel.bracket", self.at, found=first)
        self._add(_CLOSED[first], first, self.at + 1, operand=False)
        if frame.kind != "filter":
            self.inside = None

    @staticmethod
    def _fits(kind: str, closing: str) -> bool:
        return closing == "]" if kind == "filter" else kind in _CLOSING[closing]

    def _comma(self) -> None:
        frame, call = self.frames[-1], self._in_call()
        self._add("COMMA", ",", self.at + 1, operand=True)
        if frame.iterating:
            self._variable()
        elif frame.kind == "{":
            self._key()
        elif call:
            self._argument()

    def _in_call(self) -> bool:
        return self.frames[-1].kind == "("

    def _argument(self) -> None:
        """The name of an argument with its colon, where one stands."""
        at = past_blank(self.text, self.at)
        found = NAME.match(self.text, at)
        if found is not None:
            colon = past_blank(self.text, found.end())
            if self.text.startswith(":", colon):
                self.at = at
                self._add("PARAMETER", tidy(found.group()), colon + 1, operand=True)

    def _dot(self) -> None:
        if self.text.startswith("..", self.at):
            self.frames[-1].ranged = True
            self._add("DOTS", "..", self.at + 2, operand=True)
            return
        self._add("DOT", ".", self.at + 1, operand=True)
        self.at = past_blank(self.text, self.at)
        word = WORD.match(self.text, self.at)
        if word is None:
            raise self._refuse("feel.name_expected", self.at)
        inner = entries_of(self.inside)
        sets = [NameSet(inner)] if inner else self._member_sets()
        name, end = self._longest(sets, word.group()) or (word.group(), word.end())
        self._add("MEMBER", name, end, operand=False)
        self.inside = inner.get(name) if inner else None

    def _joint(self) -> None:
        for sign, kind in _OPERATORS:
            if self.text.startswith(sign, self.at) and not self.text.startswith("/*", self.at):
                self._add(kind, sign, self.at + len(sign), operand=True)
                return
        found = WORD.match(self.text, self.at)
        word = found.group() if found else ""
        if word == "instance":
            self._instance(self.at + len(word))
        elif word in _JOINTS:
            if word in ("return", "satisfies"):
                self.frames[-1].iterating = False
            self._add(_JOINTS[word], word, self.at + len(word), operand=True)
        elif found is None:
            raise self._wrong(self.at)
        else:
            raise self._refuse("feel.operator_expected", self.at, found=word[:40])

    def _instance(self, end: int) -> None:
        at = self.at
        kind = self._type(self._past("of", end))
        end, self.at = self.at, at
        self._add("INSTANCE", kind, end, operand=False)
