"""Values of Python as FEEL's and back."""

from decimal import Decimal

from zhengtong.engines.feel.types import Value
from zhengtong.engines.feel.values import feel


def to_feel(value: object) -> Value:
    """A Python value as FEEL has it: numbers as Decimal, dates, times and durations as their own; else null."""
    return feel(value)


def from_feel(value: Value) -> object:
    """A FEEL value as plain Python: numbers as int where whole, dates and times as `datetime`'s where they fit."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, list):
        return [from_feel(item) for item in value]
    if isinstance(value, dict):
        return {name: from_feel(item) for name, item in value.items()}
    return value
