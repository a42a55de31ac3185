"""FEEL's numbers: Decimals of 34 digits, as IEEE 754 decimal128 has them (DMN 1.5 §10.3.2.3.1), always finite."""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

DIGITS = 34
LARGEST_EXPONENT = 6144
LEAST_SCALE, MOST_SCALE = -6111, 6176
MOST_BITS = 20_500  # 2 ** 20,500 is past the largest number; longer integers are not even looked at

COUNTING = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-LARGEST_EXPONENT + 1,
    Emax=LARGEST_EXPONENT,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
EXACT = Context(prec=LARGEST_EXPONENT + MOST_SCALE, traps=[InvalidOperation, DivisionByZero, Overflow])
"""For putting a number to a scale, which may need more digits on the way than it keeps."""

ZERO, ONE = Decimal(0), Decimal(1)


def number(value: Decimal | int | float) -> Decimal | None:
    """A Python number as FEEL's: rounded to 34 digits; None for NaN, infinities and what is too large."""
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return None
    try:
        found = COUNTING.create_decimal(repr(float(value)) if isinstance(value, float) else value)
    except DecimalException:
        return None
    return found if found.is_finite() else None


def read_number(text: str) -> Decimal | None:
    """A number as it is written: digits with one point, perhaps an exponent; None where it is too large."""
    try:
        return COUNTING.create_decimal(text)
    except DecimalException:
        return None


def whole(value: Decimal) -> int | None:
    """A number as an integer, None where it has a fraction or is too large to count with."""
    if value.adjusted() > DIGITS or value != value.to_integral_value():
        return None
    return int(value)


def written(value: Decimal) -> str:
    """A number as a text, without exponent: `100`, `0.10`, `-3`."""
    return format(value if value else abs(value), "f")
