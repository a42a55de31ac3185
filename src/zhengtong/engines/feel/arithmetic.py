"""`+ - * / **` and the minus before a value (DMN 1.5 §10.3.2.15, tables 56 to 62): null for what has no meaning."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException

from zhengtong.engines.feel.conforming import midnight
from zhengtong.engines.feel.numbers import COUNTING, ZERO
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.temporal.days import LONGEST_YEAR, day_of, days_in_month
from zhengtong.engines.feel.temporal.values import DAY, SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.temporal.zones import at_instant, from_local, placed
from zhengtong.engines.feel.types import Value

LARGEST_POWER = 999_999_999
MOST_NANOSECONDS = 10**30
MOST_MONTHS = 12 * 10 * LONGEST_YEAR
_ENDS = 24 * 3600 * SECOND

Operation = Callable[[Value, Value, Run], Value]


def calculate(sign: str, left: Value, right: Value, run: Run) -> Value:
    """The value of `left sign right`, None where it has none: other types, a division by zero, a number too large."""
    operation = _OPERATIONS[sign].get((type(left), type(right)))
    if operation is None:
        return None
    try:
        return operation(left, right, run)
    except DecimalException:
        return None


def negative(value: Value) -> Value:
    """`-value` of numbers and durations, None of anything else."""
    if type(value) is Decimal:
        return COUNTING.subtract(ZERO, value)
    if type(value) is DaysDuration:
        return DaysDuration(-value.nanoseconds)
    return MonthsDuration(-value.months) if type(value) is MonthsDuration else None


def _power(base: Decimal, exponent: Decimal, _run: Run) -> Decimal | None:
    if abs(exponent) > LARGEST_POWER:
        return None
    return Decimal(1) if not exponent else COUNTING.power(base, exponent)


def _joined(left: str, right: str, run: Run) -> str | None:
    length = len(left) + len(right)
    if length > run.limits.characters:
        return None
    run.spend(length >> 6)
    return left + right


# Durations


def _days(nanoseconds: int) -> DaysDuration | None:
    return DaysDuration(nanoseconds) if abs(nanoseconds) <= MOST_NANOSECONDS else None


def _months(months: int) -> MonthsDuration | None:
    return MonthsDuration(months) if abs(months) <= MOST_MONTHS else None


def _whole(value: Decimal, most: int) -> int | None:
    """The nearest whole number towards zero, as far as a duration can count."""
    return int(value) if abs(value) <= most else None


def _days_times(left: DaysDuration, right: Decimal, _run: Run) -> DaysDuration | None:
    product = _whole(COUNTING.multiply(Decimal(left.nanoseconds), right), MOST_NANOSECONDS)
    return None if product is None else DaysDuration(product)


def _months_times(left: MonthsDuration, right: Decimal, _run: Run) -> MonthsDuration | None:
    product = _whole(COUNTING.multiply(Decimal(left.months), right), MOST_MONTHS)
    return None if product is None else MonthsDuration(product)


def _days_by(left: DaysDuration, right: Decimal, _run: Run) -> DaysDuration | None:
    quotient = COUNTING.divide(Decimal(left.nanoseconds), right)
    part = _whole(quotient.to_integral_value(ROUND_HALF_EVEN), MOST_NANOSECONDS)
    return None if part is None else DaysDuration(part)


def _months_by(left: MonthsDuration, right: Decimal, _run: Run) -> MonthsDuration | None:
    quotient = _whole(COUNTING.divide(Decimal(left.months), right), MOST_MONTHS)
    return None if quotient is None else MonthsDuration(quotient)


# Dates and times moved by durations


def months_later(date: Date, months: int) -> Date | None:
    """The same day of another month, its last day where that month is shorter; None past the last year."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if abs(year) > LONGEST_YEAR:
        return None
    return Date(year, month + 1, min(date.day, days_in_month(year, month + 1)))


def _date_in_months(date: Date, duration: MonthsDuration, _run: Run) -> Date | None:
    return months_later(date, duration.months)


def _moment_in_months(moment: DateTime, duration: MonthsDuration, run: Run) -> DateTime | None:
    date = months_later(moment.date, duration.months)
    return None if date is None else placed(date, moment.time, run.zones)


def _date_in_days(date: Date, duration: DaysDuration, _run: Run) -> Date | None:
    found = Date(*day_of((date.number * DAY + duration.nanoseconds) // DAY))
    return found if abs(found.year) <= LONGEST_YEAR else None


def _moment_in_days(moment: DateTime, duration: DaysDuration, run: Run) -> DateTime | None:
    time, local = moment.time, moment.local + duration.nanoseconds
    if time.zone is None:
        found = from_local(local, time.offset, None)
    else:
        found = at_instant(local - (time.offset or 0) * SECOND, time, run.zones)
    return found if abs(found.date.year) <= LONGEST_YEAR else None


def _time_in_days(time: Time, duration: DaysDuration, _run: Run) -> Time:
    return from_local((time.nanoseconds + duration.nanoseconds) % _ENDS, time.offset, time.zone).time


# Differences


def _between_moments(left: DateTime, right: DateTime, _run: Run) -> DaysDuration | None:
    before, after = left.time.offset, right.time.offset
    if (before is None) is not (after is None):
        return None
    return _days(left.local - right.local - ((before or 0) - (after or 0)) * SECOND)


def _between_times(left: Time, right: Time, _run: Run) -> DaysDuration | None:
    before, after = left.offset, right.offset
    if (before is None) is not (after is None) or (before is None and left.zone != right.zone):
        return None
    return DaysDuration(left.nanoseconds - right.nanoseconds - ((before or 0) - (after or 0)) * SECOND)


def _turned(operation: Operation) -> Operation:
    return lambda left, right, run: operation(right, left, run)


def _back(operation: Operation) -> Operation:
    return lambda left, right, run: operation(left, negative(right), run)


_MOVES: Mapping[tuple[type, type], Operation] = {
    (Date, MonthsDuration): _date_in_months,
    (DateTime, MonthsDuration): _moment_in_months,
    (Date, DaysDuration): _date_in_days,
    (DateTime, DaysDuration): _moment_in_days,
    (Time, DaysDuration): _time_in_days,
}
_OPERATIONS: Mapping[str, Mapping[tuple[type, type], Operation]] = {
    "+": {
        (Decimal, Decimal): lambda left, right, _run: COUNTING.add(left, right),
        (str, str): _joined,
        (DaysDuration, DaysDuration): lambda left, right, _run: _days(left.nanoseconds + right.nanoseconds),
        (MonthsDuration, MonthsDuration): lambda left, right, _run: _months(left.months + right.months),
        **_MOVES,
        **{(right, left): _turned(move) for (left, right), move in _MOVES.items()},
    },
    "-": {
        (Decimal, Decimal): lambda left, right, _run: COUNTING.subtract(left, right),
        (DaysDuration, DaysDuration): lambda left, right, _run: _days(left.nanoseconds - right.nanoseconds),
        (MonthsDuration, MonthsDuration): lambda left, right, _run: _months(left.months - right.months),
        (Date, Date): lambda left, right, _run: _days((left.number - right.number) * DAY),
        (DateTime, DateTime): _between_moments,
        (Date, DateTime): lambda left, right, run: _between_moments(midnight(left), right, run),
        (DateTime, Date): lambda left, right, run: _between_moments(left, midnight(right), run),
        (Time, Time): _between_times,
        **{kinds: _back(move) for kinds, move in _MOVES.items()},
    },
    "*": {
        (Decimal, Decimal): lambda left, right, _run: COUNTING.multiply(left, right),
        (DaysDuration, Decimal): _days_times,
        (Decimal, DaysDuration): _turned(_days_times),
        (MonthsDuration, Decimal): _months_times,
        (Decimal, MonthsDuration): _turned(_months_times),
    },
    "/": {
        (Decimal, Decimal): lambda left, right, _run: COUNTING.divide(left, right),
        (DaysDuration, Decimal): _days_by,
        (MonthsDuration, Decimal): _months_by,
        (DaysDuration, DaysDuration): lambda left, right, _run: COUNTING.divide(
            Decimal(left.nanoseconds), Decimal(right.nanoseconds)
        ),
        (MonthsDuration, MonthsDuration): lambda left, right, _run: COUNTING.divide(
            Decimal(left.months), Decimal(right.months)
        ),
    },
    "**": {(Decimal, Decimal): _power},
}
