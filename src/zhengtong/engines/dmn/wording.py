"""Values and conditions in plain words."""

from decimal import Decimal

from zhengtong.engines import feel
from zhengtong.engines.dmn.cells import Cell, Span, read_cell
from zhengtong.engines.dmn.frames import Value
from zhengtong.engines.dmn.plain import CUT, number_text
from zhengtong.engines.dmn.texts import REASONS
from zhengtong.engines.errors import say
from zhengtong.engines.feel.temporal.values import DAY, Date, DateTime, DaysDuration, MonthsDuration, Time

_LONGEST, _MOST, _DEEPEST = 300, 12, 3


def phrase(code: str, locale: str, /, **params: object) -> str:
    """One of the sentences that reasons are made of."""
    return say(REASONS, code, locale, params)


def say_value(value: Value, locale: str, depth: int = 0) -> str:
    """A value as a sentence has it: `“本市”`, `1,280`, `是`, `2025 年 3 月 19 日`; of much only the beginning."""
    if value is None:
        return phrase("null", locale)
    if isinstance(value, bool):
        return phrase("true" if value else "false", locale)
    if isinstance(value, str):
        return phrase("quoted", locale, text=_cut(value))
    if isinstance(value, Decimal):
        return _grouped(number_text(value))
    if isinstance(value, dict | list):
        return _many(value, locale, depth)
    return _cut(_moment(value, locale))


def _many(value: Value, locale: str, depth: int) -> str:
    """The entries of a context or the items of a list, side by side."""
    if depth > _DEEPEST:
        return CUT
    if isinstance(value, dict):
        entries = list(value.items())[:_MOST]
        said = [phrase("entry", locale, name=name, value=say_value(item, locale, depth + 1)) for name, item in entries]
    else:
        said = [say_value(item, locale, depth + 1) for item in value[:_MOST]]
    return _cut(phrase("comma", locale).join([*said, *([CUT] if len(value) > _MOST else [])]))


def say_test(text: str, locale: str) -> str:
    """What a cell wants: `不低于 80`, `“本市”或“外地”`; FEEL itself where it is more than that."""
    cell = read_cell(text)
    if cell is None:
        return phrase("feel", locale, text=_cut(text.strip()))
    return say_cell(cell, locale)


def say_cell(cell: Cell, locale: str) -> str:
    """The same for a cell that was read."""
    if cell.dash:
        return phrase("any", locale)
    wanted = [_span(span, locale) for span in cell.spans] + ([phrase("null", locale)] if cell.null else [])
    tests = _cut(phrase("or", locale).join(wanted))
    return phrase("not", locale, tests=tests) if cell.negated else tests


def _span(span: Span, locale: str) -> str:
    low, high = (None if bound is None else say_value(bound, locale) for bound in (span.low, span.high))
    if span.single and low is not None:
        return low
    if low is not None and high is not None:
        open_or_not = {(True, True): "", (True, False): "_low", (False, True): "_high", (False, False): "_open"}
        return phrase("between" + open_or_not[span.low_included, span.high_included], locale, low=low, high=high)
    dated = isinstance(span.low if high is None else span.high, Date | DateTime | Time)
    if high is None:
        names = ("on_or_after", "after") if dated else ("at_least", "above")
        return phrase(names[0] if span.low_included else names[1], locale, value=low)
    names = ("on_or_before", "before") if dated else ("at_most", "below")
    return phrase(names[0] if span.high_included else names[1], locale, value=high)


def _moment(value: Value, locale: str) -> str:
    if isinstance(value, Date):
        return phrase("date", locale, year=value.year, month=value.month, day=value.day)
    if isinstance(value, MonthsDuration):
        years, months = divmod(value.months, 12)
        parts = [_count("years", years, locale)] if years else []
        return " ".join([*parts, *([_count("months", months, locale)] if months or not years else [])])
    if isinstance(value, DaysDuration) and value.nanoseconds % DAY == 0:
        return _count("days", value.nanoseconds // DAY, locale)
    if isinstance(value, feel.Function):
        return value.name or "function"
    if isinstance(value, feel.Range):
        return _cut(f"{say_value(value.start, locale)} – {say_value(value.end, locale)}")
    return str(value).replace("T", " ") if isinstance(value, DateTime) else str(value)


def _count(unit: str, count: int, locale: str) -> str:
    return phrase(f"{unit}_one" if count == 1 else unit, locale, count=count)


def _grouped(number: str) -> str:
    """`1,280` and `0.5`: thousands apart before the point."""
    sign = "-" if number.startswith("-") else ""
    whole, point, rest = number.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{point}{rest}" if whole.isdecimal() and len(whole) <= len("9" * 40) else number


def _cut(text: str) -> str:
    """No value fills a page."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
