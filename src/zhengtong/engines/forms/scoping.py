"""What conditions see: answers in the types FEEL reckons with, only those that are asked, computed ones worked out."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any

from zhengtong.engines.feel import Date
from zhengtong.engines.forms.judging import empty, seen
from zhengtong.engines.forms.model import MOST_ROWS, Field, Form, Kind

ANY_DAY = dt.date.min
LARGEST = Decimal(10) ** 15
SMALLEST_STEP = Decimal("0.000001")
_NUMBERS = (Kind.NUMBER, Kind.INTEGER)
_TYPED = (Kind.BOOLEAN, *_NUMBERS, Kind.CHOICES, Kind.DATE)  # found by identity: an enum's hash is slow
Scope = dict[str, Any]


def scope_of(form: Form, answers: Mapping[str, Any]) -> tuple[frozenset[str], Scope]:
    """The keys of the questions asked and what conditions see, from answers checked or as typed."""
    scope: Scope = {}
    shown: list[str] = []
    for found, condition, _heard in form.turns:
        if condition is None or condition(scope):
            shown.append(found.key)
            put(found, computed(found, scope) if found.computed is not None else answers.get(found.key), scope)
    return frozenset(shown), scope


def required_now(found: Field, scope: Mapping[str, Any]) -> bool:
    """Whether the question must be answered, given what conditions see."""
    return found.required or (found.required_when is not None and found.required_when.holds(scope))


def put(found: Field, value: Any, scope: Scope) -> None:
    """Add an answer to what conditions see; an empty one stays null."""
    if not empty(value):
        scope[found.key] = meant(found, value)


def meant(found: Field, value: Any) -> Any:
    """An answer as conditions see it: `"80"` as 80, `"true"` as true, dates as dates, rows with their cells so."""
    if found.kind is Kind.TABLE:
        rows = value if isinstance(value, list) else []
        return [_row(found, row) for row in rows[:MOST_ROWS] if isinstance(row, Mapping)]
    if found.kind not in _TYPED:
        return seen(value)
    if (type(value) is int and found.kind in _NUMBERS) or (type(value) is bool and found.kind is Kind.BOOLEAN):
        return value  # as its judge would say
    clean, _fault = found.judge(value, ANY_DAY)
    return _day(clean) if found.kind is Kind.DATE else clean


def _row(table: Field, row: Mapping[str, Any]) -> Scope:
    scope: Scope = {}
    for column in table.columns:
        if column.visible is None or column.visible.holds(scope):
            put(column, row.get(column.key) if column.computed is None else computed(column, scope), scope)
    return scope


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def computed(found: Field, scope: Mapping[str, Any]) -> Any:
    """The value of a computed question as JSON holds it; None while it cannot be worked out."""
    if found.computed is None:
        return None
    value = found.computed.evaluate(scope)
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Date):
        return str(value)
    return _number(value) if isinstance(value, Decimal) else None


def _number(value: Decimal) -> int | float | None:
    """At most 6 decimals, as people write numbers; None past 15 digits."""
    if not -LARGEST < value < LARGEST:
        return None
    if value == value.to_integral_value():
        return int(value)
    try:
        rounded = value.quantize(SMALLEST_STEP).normalize()
    except DecimalException:
        return None
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
