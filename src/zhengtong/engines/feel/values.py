"""FEEL's values and what its operators do to them: null wherever a question makes no sense."""

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Any

Value = Any
LONGEST_TEXT = 1_000_000
DEEPEST = 40
MOST_BITS = 10_000
_COUNTING = Context(prec=34, traps=[InvalidOperation, DivisionByZero, Overflow])
_ORDERED = (Decimal, str, dt.date, dt.datetime)


def feel(value: object, depth: int = 0) -> Value:
    """A Python value as FEEL sees it: numbers become Decimal, tuples lists; what it does not know is null.

    Lists nested deeper than 40 are null inside, so that data which contain themselves do no harm.
    """
    kind = type(value)
    if value is None or kind is str or kind is bool or isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal | int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return [feel(item, depth + 1) for item in value]
    return None


def _number(value: Decimal | int | float) -> Decimal | None:
    """A finite Decimal; what is no number, or an int past 10,000 bits, is null."""
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return None
    number = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def equal(left: Value, right: Value, depth: int = 0) -> bool | None:
    """Equality; null equals null only, values of different kinds give null."""
    if depth > DEEPEST:
        return None
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return False
        return conjunction([equal(a, b, depth + 1) for a, b in zip(left, right, strict=True)])
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if left.keys() != right.keys():
            return False
        return conjunction([equal(feel(left[key]), feel(right[key]), depth + 1) for key in left])
    if type(left) is not type(right):
        return None
    return bool(left == right)


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """`<`, `<=`, `>`, `>=` between numbers, texts or dates of one kind; null otherwise."""
    if type(left) is not type(right) or not isinstance(left, _ORDERED):
        return None
    try:
        return bool(_COMPARED[sign](left, right))
    except TypeError:  # instants with and without a time zone
        return None


_COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


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
        return left + right if len(left) + len(right) <= LONGEST_TEXT else None
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    with localcontext(_COUNTING):
        try:
            return _COUNTED[sign](left, right)
        except DecimalException:
            return None


_COUNTED = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


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


def step_into(value: Value, name: str, depth: int = 0) -> Value:
    """`value.name`: an entry of a context, or of each in a list, or a part of a date; null where there is none."""
    if isinstance(value, Mapping):
        return feel(value.get(name))
    if isinstance(value, list) and depth < DEEPEST:
        return [step_into(item, name, depth + 1) for item in value]
    if isinstance(value, dt.date) and name in _PARTS:
        return Decimal(_PARTS[name](value))
    return None
