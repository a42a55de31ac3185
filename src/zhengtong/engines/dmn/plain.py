"""FEEL's values as JSON has them."""

from decimal import Decimal

from zhengtong.engines import feel
from zhengtong.engines.dmn.frames import Value

_SAFE = 10**15  # whole numbers that every reader of JSON keeps exactly


def plain(value: Value) -> object:
    """A value of JSON: numbers as such where JSON keeps them, else as text, as dates, durations and ranges are."""
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, feel.Function):
        return f"function {value.name}({', '.join(value.parameters)})"
    if isinstance(value, feel.Range):
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{number_text(value.start)}..{number_text(value.end)}{closing}"
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
