"""What a few conditions compare, and values enough to bring out every answer they can give.

A condition that only compares names with constants, or with one another, gives the same answer for all values between
two neighbouring constants. So a value at, between and beyond the constants of each name stands for all. Whatever does
more than compare is not looked into.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

MOST_CASES = 4096
"""So many combinations of values are tried."""

Path = tuple[str, ...]
Value = str | Decimal | bool | date | None
Pair = tuple[Path, "Path | Value"]

_TOKEN = re.compile(
    r"""(?P<date>date\s*\(\s*"\d{4}-\d\d-\d\d"\s*\)|@"\d{4}-\d\d-\d\d")
    |(?P<text>"(?:[^"\\]|\\["\\])*")
    |(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?!\w|\.\d))
    |(?P<sign><=|>=|!=|=|<|>)
    |(?P<bracket>[()\[\],]|\.\.)
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)""",
    re.VERBOSE,
)
_ORDERING = frozenset({"<", "<=", ">", ">=", "..", "between"})
_CONSTANTS: Mapping[str, Value] = {"true": True, "false": False, "null": None}
_LOGIC = frozenset({"and", "or", "not"})
_TESTS = frozenset({"in", "between"})
_BEYOND = frozenset({"if", "then", "else", "for", "return", "some", "every", "satisfies", "function", "instance", "of"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    word: str

    @property
    def is_term(self) -> bool:
        return self.kind in ("date", "text", "number", "name")


@dataclass(slots=True)
class _Family:
    """Names that are compared with one another, and the constants they are compared with, each with its type."""

    names: set[Path]
    constants: set[tuple[type, Value]] = field(default_factory=set)

    def of(self, sort: type) -> list[Value]:
        return [value for kind, value in self.constants if kind is sort]


def cases(texts: Sequence[str], known: Mapping[Path, Sequence[Value]]) -> list[dict[str, object]] | None:
    """Contexts that bring out every answer; None where a text does more than compare, or there are too many.

    `known` are the values that some names can have. A name that is never compared with null has some value.
    """
    pairs: list[Pair] = []
    for text in texts:
        found = _pairs(text)
        if found is None:
            return None
        pairs += found
    values: dict[Path, Sequence[Value]] = {}
    for family in _families(pairs):
        domain = _domain(family)
        values |= {name: known.get(name, domain) for name in family.names}
    total = 1
    for choice in values.values():
        total *= len(choice)
    if total > MOST_CASES or any(a != b and a == b[: len(a)] for a in values for b in values):
        return None
    names = sorted(values)
    return [
        _context(dict(zip(names, picked, strict=True))) for picked in itertools.product(*(values[n] for n in names))
    ]


def _context(values: Mapping[Path, Value]) -> dict[str, object]:
    context: dict[str, object] = {}
    for path, value in values.items():
        place = context
        for name in path[:-1]:
            inner = place.setdefault(name, {})
            assert isinstance(inner, dict)
            place = inner
        place[path[-1]] = value
    return context


def _pairs(text: str) -> list[Pair] | None:
    """Each name in `text` with what it is compared with; None where it does more than compare."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    pairs: list[Pair] = []
    for part in _parts(tokens):
        found = _compared(part)
        if found is None:
            return None
        pairs += found
    return pairs


def _tokens(text: str) -> list[_Token] | None:
    tokens: list[_Token] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            return None
        word = match[match.lastgroup]
        kind = "word" if word in _LOGIC | _TESTS else match.lastgroup
        token = _Token(kind, word)
        after_term = bool(tokens) and (tokens[-1].is_term or tokens[-1].word in (")", "]"))
        # A name of several words, a call, a filter, a subtraction.
        if word in _BEYOND or (after_term and (token.is_term or word in ("(", "["))):
            return None
        tokens.append(token)
        place = match.end()
        while place < len(text) and text[place].isspace():
            place += 1
    return tokens


def _parts(tokens: list[_Token]) -> Iterator[list[_Token]]:
    """The comparisons between `and`, `or` and `not`."""
    part: list[_Token] = []
    between = False
    for token in tokens:
        between = between or token.word == "between"
        if token.word in _LOGIC and not (token.word == "and" and between):
            yield part
            part = []
        else:
            between = between and token.word != "and"
            part.append(token)
    yield part


def _compared(part: list[_Token]) -> list[Pair] | None:
    terms = [_term(token) for token in part if token.is_term]
    names = [term for term in terms if isinstance(term, tuple)]
    words = {token.word for token in part if not token.is_term}
    if not words - {"(", ")"}:  # a lone name is true or false
        return [(name, value) for name in names for value in (True, False)] if len(terms) < 2 else None
    if words & _ORDERING and any(isinstance(term, str) for term in terms):
        return None
    place = next((at for at, token in enumerate(part) if token.word == "in"), None)
    if place is not None and any(token.kind == "name" and token.word not in _CONSTANTS for token in part[place:]):
        return None  # in a list that is itself data
    return [(name, term) for name in names for term in terms if term is not name]


def _term(token: _Token) -> Path | Value:
    if token.kind == "text":
        return token.word[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if token.kind == "number":
        return Decimal(token.word)
    if token.kind == "date":
        return date.fromisoformat(token.word.split('"')[1])
    return _CONSTANTS[token.word] if token.word in _CONSTANTS else tuple(token.word.split("."))


def _families(pairs: list[Pair]) -> list[_Family]:
    of: dict[Path, _Family] = {}
    for name, term in pairs:
        family = of.setdefault(name, _Family({name}))
        if not isinstance(term, tuple):
            family.constants.add((type(term), term))
            continue
        other = of.setdefault(term, _Family({term}))
        if other is not family:
            family.names |= other.names
            family.constants |= other.constants
            of |= dict.fromkeys(other.names, family)
    return list({id(family): family for family in of.values()}.values())


def _domain(family: _Family) -> list[Value]:
    """Values of every sort the names are compared with; numbers where they are compared only with one another."""
    room = len(family.names)
    domain: list[Value] = [True, False] if family.of(bool) else []
    domain += family.of(type(None))
    numbers = sorted(value for value in family.of(Decimal) if isinstance(value, Decimal))
    if numbers or not any(kind is not type(None) for kind, _ in family.constants):
        domain += _numbers(numbers or [Decimal(0)], room)
    days = sorted(value for value in family.of(date) if isinstance(value, date))
    domain += sorted({day + timedelta(days=shift) for day in days for shift in range(-room, room + 1)})
    texts = sorted(str(value) for value in family.of(str))
    if texts:
        domain += [*texts, *("…" * (longer + 1) for longer in range(room))]
    return domain


def _numbers(constants: list[Decimal], room: int) -> list[Value]:
    """Each constant, and `room` values below, between and above them."""
    found: list[Value] = []
    lower, upper = constants[0] - 1 - room, constants[-1] + 1 + room
    for low, high in itertools.pairwise([lower, *constants, upper]):
        step = (high - low) / (room + 1)
        found += [low + step * place for place in range(1, room + 1)]
    return found + list(constants)
