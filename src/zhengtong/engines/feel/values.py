"""FEEL's values and what its operators do to them: null wherever a question makes no sense."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, DecimalException, localcontext
from typing import Any

Value = Any
PRECISION = 34
_ORDERED = (Decimal, str, dt.date, dt.datetime)


def feel(value: object) -> Value:
    """A Python value as FEEL sees it: numbers become Decimal, tuples lists; what it does not know is null."""
    if value is None or isinstance(value, bool | str | dt.date):
        return value
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(str(value)) if value == value and abs(value) != float("inf") else None
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Sequence):
        return [feel(item) for item in value]
    return None


def equal(left: Value, right: Value) -> bool | None:
    """Equality; null equals null only, values of different kinds give null."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return False
        return conjunction([equal(a, b) for a, b in zip(left, right, strict=True)])
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if left.keys() != right.keys():
            return False
        return conjunction([equal(feel(left[key]), feel(right[key])) for key in left])
    if type(left) is not type(right):
        return None
    return bool(left == right)


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """`<`, `<=`, `>`, `>=` between numbers, texts or dates of one kind; null otherwise."""
    if type(left) is not type(right) or not isinstance(left, _ORDERED) or isinstance(left, bool):
        return None
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign])


def conjunction(parts: Sequence[Value]) -> bool | None:
    """Three-valued and: false wins, then null."""
    if any(part is False for part in parts):
        return False
    return True if all(part is True for part in parts) else None


def disjunction(parts: Sequence[Value]) -> bool | None:
    """Three-valued or: true wins, then null."""
    if any(part is True for part in parts):
        return True
    return False if all(part is False for part in parts) else None


def negation(value: Value) -> bool | None:
    """Three-valued not."""
    return (not value) if isinstance(value, bool) else None


def arithmetic(sign: str, left: Value, right: Value) -> Value:
    """`+ - * /` on numbers at 34 digits, `+` on texts; null where it makes no sense, as for a division by zero."""
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    with localcontext() as context:
        context.prec = PRECISION
        try:
            return _COUNTED[sign](left, right)
        except (DecimalException, ArithmeticError):
            return None


_COUNTED = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


_PARTS: Mapping[str, Callable[[dt.date], int]] = {
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
    "weekday": lambda day: day.isoweekday(),
}


def member(value: Value, of: Value) -> bool | None:
    """Whether `value` stands in a list (or equals a single value)."""
    if isinstance(of, list):
        return disjunction([equal(value, item) is True for item in of]) if of else False
    return equal(value, of)


def step_into(value: Value, name: str) -> Value:
    """`value.name`: an entry of a context, or of each in a list, or a part of a date; null where there is none."""
    if isinstance(value, Mapping):
        return feel(value.get(name))
    if isinstance(value, list):
        return [step_into(item, name) for item in value]
    if isinstance(value, dt.date) and name in _PARTS:
        return Decimal(_PARTS[name](value))
    return None
