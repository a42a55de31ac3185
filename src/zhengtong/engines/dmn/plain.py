"""FEEL's values as JSON has them."""

from decimal import Decimal

from zhengtong.engines import feel
from zhengtong.engines.dmn.frames import Value

_SAFE = 10**15  # whole numbers that every reader of JSON keeps exactly
# Lists that hold one another many times over are short to write in FEEL and endless to write out.
MOST_PARTS, DEEPEST = 100_000, 40
CUT = "…"
_AS_THEY_ARE = (int, str)


def plain(value: Value) -> object:
    """A value of JSON: numbers as such where JSON keeps them, else as text, as dates, durations and ranges are.

    What lies deeper than 40 levels, or behind the first 100,000 parts, is cut to `…`.
    """
    return _plain(value, [MOST_PARTS], 0)


def _plain(value: Value, left: list[int], depth: int) -> object:
    left[0] -= 1
    if left[0] < 0 or depth > DEEPEST:
        return CUT
    if value is None or isinstance(value, _AS_THEY_ARE):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return [_plain(item, left, depth + 1) for item in value[: left[0] + 1]]
    if isinstance(value, dict):
        return {name: _plain(item, left, depth + 1) for name, item in value.items()}
    if isinstance(value, feel.Function):
        return f"function {value.name}({', '.join(value.parameters)})"
    return str(value)


def number_text(value: Value) -> str:
    """A number without exponent and without zeros behind; anything else as it is written."""
    if not isinstance(value, Decimal):
        return "null" if value is None else str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(value: Decimal) -> int | float | str:
    if abs(value) >= _SAFE:
        return number_text(value)
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else number_text(value)
