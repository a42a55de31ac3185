"""Functions of texts (DMN 1.5 §10.3.4.3); characters are code points, positions count from 1, or from -1 at the end."""

from decimal import ROUND_DOWN, Decimal

from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.numbers import whole
from zhengtong.engines.feel.patterns import PatternError, pattern_of
from zhengtong.engines.feel.running import ExhaustedError, Run
from zhengtong.engines.feel.types import Value


def start_of(position: Decimal, length: int) -> int | None:
    """A position as FEEL counts it as Python's; None outside of what has so many parts."""
    place = whole(position.to_integral_value(ROUND_DOWN))
    if place is None or place == 0 or abs(place) > length:
        return None
    return place - 1 if place > 0 else length + place


def _text(text: str, run: Run) -> str:
    """A new text, paid for and not too long."""
    if len(text) > run.limits.characters:
        raise ExhaustedError("feel.too_many_characters", run.limits.characters)
    run.spend(len(text) >> 6)
    return text


@builtin("substring(string: string, start position: number, length?: number) -> string")
def _substring(_run: Run, string: str, position: Decimal, length: Decimal | None) -> str | None:
    start = start_of(position, len(string))
    if start is None:
        return None
    if length is None:
        return string[start:]
    count = whole(length.to_integral_value(ROUND_DOWN))
    return string[start : start + count] if count is not None and count > 0 else None


@builtin("string length(string: string) -> number")
def _length(_run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case(string: string) -> string")
def _upper(run: Run, string: str) -> str:
    return _text(string.upper(), run)


@builtin("lower case(string: string) -> string")
def _lower(run: Run, string: str) -> str:
    return _text(string.lower(), run)


@builtin("substring before(string: string, match: string) -> string")
def _before(_run: Run, string: str, match: str) -> str:
    return string[: max(string.find(match), 0)]


@builtin("substring after(string: string, match: string) -> string")
def _after(_run: Run, string: str, match: str) -> str:
    place = string.find(match)
    return "" if place < 0 else string[place + len(match) :]


@builtin("contains(string: string, match: string) -> boolean")
def _contains(_run: Run, string: str, match: str) -> bool:
    return match in string


@builtin("starts with(string: string, match: string) -> boolean")
def _starts(_run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with(string: string, match: string) -> boolean")
def _ends(_run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string) -> boolean")
def _matches(run: Run, string: str, pattern: str, flags: str | None) -> Value:
    try:
        return pattern_of(pattern, flags or "").search(string, 0, run) is not None
    except PatternError as fault:
        return run.note("feel.pattern", run.place, reason=fault.reason)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string) -> string")
def _replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None) -> Value:
    try:
        return _text(pattern_of(pattern, flags or "").replace(string, replacement, run), run)
    except PatternError as fault:
        return run.note("feel.pattern", run.place, reason=fault.reason)


@builtin("split(string: string, delimiter: string) -> list<string>")
def _split(run: Run, string: str, delimiter: str) -> Value:
    try:
        return run.bounded(pattern_of(delimiter, "").split(string, run))
    except PatternError as fault:
        return run.note("feel.pattern", run.place, reason=fault.reason)


@builtin("string join(list: list, delimiter?: string) -> string")
def _join(run: Run, items: list[Value], delimiter: str | None) -> str | None:
    run.spend(len(items))
    texts = [item for item in items if item is not None]
    if not all(type(item) is str for item in texts):
        return None
    between = delimiter or ""
    length = sum(map(len, texts)) + len(between) * len(texts)
    if length > run.limits.characters:
        raise ExhaustedError("feel.too_many_characters", run.limits.characters)
    return _text(between.join(texts), run)
