"""Functions of numbers (DMN 1.5 §10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from zhengtong.engines.feel.builtins.registry import Body, builtin
from zhengtong.engines.feel.numbers import COUNTING, DIGITS, EXACT, LEAST_SCALE, MOST_SCALE, ZERO, whole
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.temporal.values import DaysDuration, MonthsDuration
from zhengtong.engines.feel.types import Value

Number = Decimal | None


def scaled(value: Decimal, scale: Decimal, rounding: str) -> Number:
    """A number with so many decimals, None for a scale that no number has."""
    places = whole(scale.to_integral_value(ROUND_DOWN))
    if places is None or not LEAST_SCALE <= places <= MOST_SCALE:
        return None
    if value.adjusted() + places > DIGITS:
        return value  # it has no decimals there to be rounded
    try:
        return COUNTING.plus(value.quantize(Decimal((0, (1,), -places)), rounding, EXACT))
    except DecimalException:
        return None


def _rounding(rounding: str) -> Body:
    return lambda _run, value, scale=ZERO: scaled(value, scale, rounding)


for _name, _mode in {
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    if _name in ("floor", "ceiling"):
        builtin(f"{_name}(n: number) -> number")(_rounding(_mode))
    builtin(f"{_name}(n: number, scale: number) -> number")(_rounding(_mode))


@builtin("abs(n: number | days and time duration | years and months duration) -> Any")
def _absolute(_run: Run, value: Value) -> Value:
    if type(value) is DaysDuration:
        return DaysDuration(abs(value.nanoseconds))
    return MonthsDuration(abs(value.months)) if type(value) is MonthsDuration else value.copy_abs()


@builtin("modulo(dividend: number, divisor: number) -> number")
def _modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Number:
    try:
        rest = EXACT.remainder(dividend, divisor)
        if rest and (rest < 0) is not (divisor < 0):
            rest = EXACT.add(rest, divisor)
        return COUNTING.plus(rest)
    except DecimalException:
        return None


def _counted(name: str) -> Body:
    operation = getattr(COUNTING, name)

    def body(_run: Run, value: Decimal) -> Number:
        try:
            found: Decimal = operation(value)
        except DecimalException:
            return None
        return found if found.is_finite() else None

    return body


builtin("sqrt(number: number) -> number")(_counted("sqrt"))
builtin("exp(number: number) -> number")(_counted("exp"))


@builtin("log(number: number) -> number")
def _log(_run: Run, value: Decimal) -> Number:
    return COUNTING.ln(value) if value > 0 else None


@builtin("odd(number: number) -> boolean")
def _odd(_run: Run, value: Decimal) -> bool | None:
    return _rest_of_two(value) == 1 if value == value.to_integral_value() else None


@builtin("even(number: number) -> boolean")
def _even(_run: Run, value: Decimal) -> bool | None:
    return _rest_of_two(value) == 0 if value == value.to_integral_value() else None


def _rest_of_two(value: Decimal) -> Decimal:
    return EXACT.remainder(value.copy_abs(), Decimal(2))
