"""Cells that can be read without FEEL: literals, comparisons, ranges, lists of them, and their negation.

What `read_cell` understands means the same to FEEL (a test holds the two against one another); everything else is
left to FEEL. It is what makes big tables quick to compile and quick to ask, and what analysis is exact about.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from zhengtong.engines.feel.temporal.reading import (
    read_date,
    read_date_time,
    read_duration,
    read_temporal,
    read_time,
)
from zhengtong.engines.feel.temporal.values import Date, DateTime, DaysDuration, MonthsDuration, Time

_NUMBER = r"-?(?:\d{1,17}(?:\.\d{1,17})?|\.\d{1,17})"
_STRING = r'"[^"\\\n\r]*"'
_MOMENT = rf"(?:@{_STRING}|(?:date and time|date|time|duration)\s*\(\s*{_STRING}\s*\))"
_VALUE = rf"(?:{_NUMBER}|{_STRING}|{_MOMENT}|true|false|null)"
_TEST = re.compile(
    rf"\s*(?:(?P<sign><=|>=|<|>)\s*(?P<bound>{_VALUE})"
    rf"|(?P<open>[\[(\]])\s*(?P<low>{_VALUE})\s*\.\.\s*(?P<high>{_VALUE})\s*(?P<close>[\])\[])"
    rf"|(?P<value>{_VALUE}))\s*(?:(?P<comma>,)|\Z)"
)
_NOT = re.compile(r"\s*not\s*\((?P<inner>.*)\)\s*\Z", re.DOTALL)
_LITERAL = re.compile(rf"\s*(?P<value>{_VALUE})\s*\Z")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Span:
    """What lies between two values of one kind; None is no bound. `single`: it is written as one value."""

    low: Any = None
    high: Any = None
    low_included: bool = False
    high_included: bool = False
    single: bool = False

    def holds(self, value: Any) -> bool:
        """Whether a value of its kind lies in it."""
        above = self.low is None or self.low < value or (self.low_included and self.low == value)
        return above and (self.high is None or value < self.high or (self.high_included and value == self.high))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is understood: the values of `kind` in `spans` (outside them, where `negated`).

    `kind` is the class of its values, None for a dash; `null` tells that null itself is listed.
    """

    kind: type | None
    spans: tuple[Span, ...] = ()
    negated: bool = False
    null: bool = False

    @property
    def dash(self) -> bool:
        """Whether it lets everything pass."""
        return self.kind is None and not self.null

    @property
    def simple(self) -> bool:
        """Whether values of its kind have one order, so that `passes` can tell of each."""
        return self.kind is None or self.kind in INDEXED

    def passes(self, value: Any) -> bool | None:
        """What FEEL says of a value that is simple or null; None where it cannot be said."""
        if self.dash:
            return True
        if value is None:
            found = self.null or (None if not all(span.single for span in self.spans) else False)
        elif type(value) is self.kind:
            found = any(span.holds(value) for span in self.spans)
        else:
            found = None if self.spans else False
        return found if found is None or not self.negated else not found


DASH = Cell(None)


def read_cell(text: str) -> Cell | None:
    """The cell that `text` is, None where only FEEL can tell."""
    text = text.strip()
    if text in ("-", ""):
        return DASH
    if len(text) > _LONGEST:
        return None
    negation = _NOT.match(text)
    cell = _tests(negation["inner"] if negation else text)
    if cell is None or negation is None:
        return cell
    return Cell(cell.kind, cell.spans, True, cell.null) if cell.kind is not None else None


def read_literal(text: str) -> tuple[Any] | None:
    """The value of a literal, in a tuple of one, or None where the text is something else."""
    match = _LITERAL.match(text)
    if match is None:
        return None
    return _value(match["value"])


def _tests(text: str) -> Cell | None:
    spans: list[Span] = []
    null = False
    place = 0
    while True:
        match = _TEST.match(text, place)
        if match is None:
            return None
        if match["value"] == "null":
            null = True
        else:
            span = _span(match)
            if span is None:
                return None
            spans.append(span)
        if not match["comma"]:
            break
        place = match.end()
    kinds = {type(bound) for span in spans for bound in (span.low, span.high) if bound is not None}
    if len(kinds) > 1:
        return None
    kind = kinds.pop() if kinds else None
    return Cell(kind, tuple(spans), False, null) if kind or null else None


def _span(match: "re.Match[str]") -> Span | None:
    if match["sign"]:
        bound = _value(match["bound"])
        if bound is None or not _ordered(bound[0]):
            return None
        included = match["sign"].endswith("=")
        return Span(bound[0], None, included) if match["sign"][0] == ">" else Span(None, bound[0], False, included)
    if match["open"]:
        low, high = _value(match["low"]), _value(match["high"])
        if low is None or high is None or type(low[0]) is not type(high[0]) or not _ordered(low[0]):
            return None
        if low[0] > high[0]:
            return None  # an empty range has no place in an index; FEEL says what it is
        return Span(low[0], high[0], match["open"] == "[", match["close"] == "]")
    value = _value(match["value"])
    return None if value is None or not _comparable(value[0]) else Span(value[0], value[0], True, True, True)


@lru_cache(maxsize=4096)
def _value(text: str) -> tuple[Any] | None:
    """The value of a literal's text; moments are read by FEEL itself."""
    if text[0] == '"':
        return (text[1:-1],)
    if text in _WORDS:
        return (_WORDS[text],)
    if text[0] in "@dt":
        return _moment(text)
    return (Decimal(text),)


def _moment(text: str) -> tuple[Any] | None:
    """A date, time or duration from `@"…"` or the call of its function; None where only FEEL could tell."""
    written = text[text.index('"') + 1 : text.rindex('"')]
    if text.startswith("@"):
        found: Any = read_temporal(written, None)
    elif text.startswith("date and time"):
        found = read_date_time(written, None) if "T" in written else None
    elif text.startswith("date"):
        found = read_date(written)
    else:
        found = read_time(written, None) if text.startswith("time") else read_duration(written)
    return None if found is None else (found,)


def _ordered(value: object) -> bool:
    """Whether values of its class have one order; moments with a zone are compared by FEEL alone."""
    if isinstance(value, DateTime):
        value = value.time
    if isinstance(value, Time):
        return value.offset is None and value.zone is None
    return type(value) in ORDERED


def _comparable(value: object) -> bool:
    return isinstance(value, bool) or _ordered(value)


_WORDS = {"true": True, "false": False, "null": None}
SIMPLE = frozenset({type(None), bool, Decimal, str, Date, Time, DateTime, DaysDuration, MonthsDuration})
"""Classes of values that `Cell.passes` can be asked about."""
ORDERED = frozenset({Decimal, str, Date, DaysDuration, MonthsDuration})
"""Classes whose values can all be compared with one another."""
INDEXED = ORDERED | {bool}
"""Classes whose values can be looked up."""
