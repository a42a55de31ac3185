"""The built-in functions of the subset (DMN 1.5 §10.3.4); wrong arguments give null."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from zhengtong.engines.feel.values import Value, arithmetic, compare, conjunction, disjunction, member, negation

LAST_YEAR = 9999
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Function(NamedTuple):
    """How many arguments it takes (`most` None: any number; `without` lies between and is refused), what it does."""

    least: int
    most: int | None
    run: Callable[[Sequence[Value]], Value]
    without: int | None = None

    def takes(self, many: int) -> bool:
        """Whether it can be called with so many arguments."""
        return self.least <= many <= (many if self.most is None else self.most) and many != self.without

    @property
    def expected(self) -> str:
        """The numbers it takes, as a refusal names them."""
        if self.most is None:
            return f"{self.least}+"
        join = "/" if self.without is not None else "–"
        return str(self.least) if self.least == self.most else f"{self.least}{join}{self.most}"


def _listed(arguments: Sequence[Value]) -> list[Value]:
    """Either one list or the arguments themselves."""
    if len(arguments) == 1 and isinstance(arguments[0], list):
        return arguments[0]
    return list(arguments)


def _count(arguments: Sequence[Value]) -> Value:
    return Decimal(len(arguments[0])) if isinstance(arguments[0], list) else None


def _sum(arguments: Sequence[Value]) -> Value:
    items = _listed(arguments)
    if not items:
        return None
    total: Value = Decimal(0)
    for item in items:
        total = arithmetic("+", total, item)
    return total


def _extreme(sign: str) -> Callable[[Sequence[Value]], Value]:
    def run(arguments: Sequence[Value]) -> Value:
        items = _listed(arguments)
        if not items:
            return None
        best = items[0]
        for item in items[1:]:
            better = compare(sign, item, best)
            if better is None:
                return None
            best = item if better else best
        return best

    return run


def _texts(run: Callable[[str, str], Value]) -> Callable[[Sequence[Value]], Value]:
    def checked(arguments: Sequence[Value]) -> Value:
        first, second = arguments
        return run(first, second) if isinstance(first, str) and isinstance(second, str) else None

    return checked


def _length(arguments: Sequence[Value]) -> Value:
    return Decimal(len(arguments[0])) if isinstance(arguments[0], str) else None


def _date(arguments: Sequence[Value]) -> Value:
    if len(arguments) == 1:
        return _date_of(arguments[0])
    if not all(isinstance(part, Decimal) and 1 <= part <= LAST_YEAR and part == int(part) for part in arguments):
        return None
    try:
        year, month, day = (int(part) for part in arguments)
        return dt.date(year, month, day)
    except ValueError:
        return None


def _date_of(value: Value) -> Value:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _number(run: Callable[[Decimal], Value]) -> Callable[[Sequence[Value]], Value]:
    return lambda arguments: run(arguments[0]) if isinstance(arguments[0], Decimal) else None


def _contains(arguments: Sequence[Value]) -> Value:
    items, wanted = arguments
    return member(wanted, items) if isinstance(items, list) else None


FUNCTIONS: Mapping[str, Function] = {
    "not": Function(1, 1, lambda a: negation(a[0])),
    "count": Function(1, 1, _count),
    "sum": Function(1, None, _sum),
    "min": Function(1, None, _extreme("<")),
    "max": Function(1, None, _extreme(">")),
    "all": Function(1, None, lambda a: conjunction(_listed(a))),
    "any": Function(1, None, lambda a: disjunction(_listed(a))),
    "contains": Function(2, 2, _texts(lambda text, part: part in text)),
    "starts with": Function(2, 2, _texts(str.startswith)),
    "ends with": Function(2, 2, _texts(str.endswith)),
    "string length": Function(1, 1, _length),
    "upper case": Function(1, 1, lambda a: a[0].upper() if isinstance(a[0], str) else None),
    "list contains": Function(2, 2, _contains),
    "date": Function(1, 3, _date, without=2),
    "abs": Function(1, 1, _number(Decimal.copy_abs)),
    "floor": Function(1, 1, _number(lambda n: n.to_integral_value(ROUND_FLOOR))),
    "ceiling": Function(1, 1, _number(lambda n: n.to_integral_value(ROUND_CEILING))),
    "is defined": Function(1, 1, lambda a: a[0] is not None),
}
LONG_NAMES = tuple(sorted((name.split() for name in FUNCTIONS if " " in name), key=len, reverse=True))
