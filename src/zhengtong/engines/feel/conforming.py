"""Which type a value has, whether it conforms to another, and what becomes of it where it almost does."""

from decimal import Decimal

from zhengtong.engines.feel.composite import Function, Range
from zhengtong.engines.feel.running import ExhaustedError, Run
from zhengtong.engines.feel.temporal.values import Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    FeelType,
    Value,
    context_of,
    is_subtype,
    list_of,
    range_of,
)

_SIMPLE: dict[type, FeelType] = {
    type(None): NULL,
    bool: BOOLEAN,
    Decimal: NUMBER,
    str: STRING,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_AND_TIME,
    DaysDuration: DAYS_DURATION,
    MonthsDuration: MONTHS_DURATION,
}
_CLASSES = {of.kind: frozenset({kind, type(None)}) for kind, of in _SIMPLE.items()}
"""By simple type the classes of the values that conform to it."""
DEEPEST = 40


def type_of(value: Value) -> FeelType:
    """The most specific type of a value (§10.3.2.9); what lies deeper than 40 levels counts as Any."""
    try:
        return _typed(value, Run(), 0)
    except ExhaustedError:
        return ANY


def _typed(value: Value, run: Run, depth: int) -> FeelType:
    kind = type(value)
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return simple
    if depth >= DEEPEST:
        return ANY
    if kind is list:
        run.spend(len(value))
        kinds = {_typed(item, run, depth + 1) for item in value}
        return list_of(kinds.pop() if len(kinds) == 1 else ANY)
    if kind is dict:
        run.spend(len(value))
        return context_of({name: _typed(item, run, depth + 1) for name, item in value.items()})
    if kind is Range:
        return range_of(_typed(value.end if value.start is None else value.start, run, depth + 1))
    return value.type if isinstance(value, Function) else ANY


def conforms(value: Value, to: FeelType, run: Run | None = None) -> bool:
    """Whether a value is of a type; null conforms to every type, a list when each of its items does."""
    kind = to.kind
    if value is None or kind == "Any":
        return True
    simple = _SIMPLE.get(type(value))
    if simple is not None:
        return simple.kind == kind
    return _composite_conforms(value, to, run if run is not None else Run())


def _composite_conforms(value: Value, to: FeelType, run: Run) -> bool:
    if to.kind == "list":
        item = to.item or ANY
        if type(value) is list:
            run.spend(len(value))
            if item.kind == "Any":
                return True
            classes = _CLASSES.get(item.kind)
            if classes is not None:
                return classes.issuperset(map(type, value))
            return all(conforms(one, item, run) for one in value)
        return False
    if to.kind == "context":
        return type(value) is dict and all(
            name in value and conforms(value[name], entry, run) for name, entry in to.entries
        )
    if to.kind == "range":
        item = to.item or ANY
        return type(value) is Range and conforms(value.start, item, run) and conforms(value.end, item, run)
    return type(value) is Function and is_subtype(value.type, to)


def is_instance(value: Value, of: FeelType, run: Run) -> bool:
    """`value instance of type`: as `conforms`, but null is an instance of nothing but Null."""
    return of.kind == "Null" if value is None else conforms(value, of, run)


def coerce(value: Value, to: FeelType, run: Run | None = None) -> Value:
    """The value as one of `to` (§10.3.2.9.4): itself, `[x]` as x, x as `[x]`, a date as its midnight in UTC.

    Null for what conforms in none of these ways.
    """
    if conforms(value, to, run):
        return value
    if type(value) is list and len(value) == 1 and conforms(value[0], to, run):
        return value[0]
    if to.kind == "list" and conforms(value, to.item or ANY, run):
        return [value]
    return midnight(value) if type(value) is Date and to.kind == DATE_AND_TIME.kind else None


def midnight(date: Date) -> DateTime:
    """What a date is where a date and time is wanted."""
    return DateTime(date, Time(0, 0, 0, 0, 0))
