"""Functions that reckon with lists of numbers (DMN 1.5 §10.3.4.4)."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal, DecimalException

from zhengtong.engines.feel.builtins.registry import builtin, numbers_in
from zhengtong.engines.feel.numbers import COUNTING, ONE, ZERO
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.types import Value

Numbers = list[Decimal]
Reckoning = Callable[[Numbers], Value]


def _reckon(name: str, result: str) -> Callable[[Reckoning], Reckoning]:
    """Register a function both of a list and of numbers one by one."""

    def register(reckoning: Reckoning) -> Reckoning:
        def body(run: Run, items: list[Value]) -> Value:
            if not numbers_in(items, run):
                return run.note("feel.not_numbers", run.place, name=name)
            try:
                return reckoning(items)
            except DecimalException:
                return run.note("feel.too_large", run.place)

        builtin(f"{name}(list: list) -> {result}")(body)
        builtin(f"{name}(n: Any…) -> {result}")(lambda run, *items: body(run, list(items)))
        return reckoning

    return register


@_reckon("sum", "number?")
def total(numbers: Numbers) -> Decimal | None:
    """The sum, null of nothing."""
    if not numbers:
        return None
    found = numbers[0]
    for number in numbers[1:]:
        found = COUNTING.add(found, number)
    return found


@_reckon("product", "number?")
def product(numbers: Numbers) -> Decimal | None:
    """All multiplied, null of nothing."""
    found = ONE if numbers else None
    for number in numbers:
        found = COUNTING.multiply(found, number)  # type: ignore[arg-type]  # there is one, since there are numbers
    return found


@_reckon("mean", "number?")
def mean(numbers: Numbers) -> Decimal | None:
    """The average, null of nothing."""
    found = total(numbers)
    return None if found is None else COUNTING.divide(found, Decimal(len(numbers)))


@_reckon("median", "number?")
def median(numbers: Numbers) -> Decimal | None:
    """The middle one, or the average of the two in the middle; null of nothing."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle, odd = divmod(len(ordered), 2)
    return ordered[middle] if odd else mean(ordered[middle - 1 : middle + 1])


@_reckon("stddev", "number?")
def deviation(numbers: Numbers) -> Decimal | None:
    """The standard deviation of a sample; null of fewer than two."""
    average = mean(numbers)
    if average is None or len(numbers) < 2:
        return None
    squares = ZERO
    for number in numbers:
        apart = COUNTING.subtract(number, average)
        squares = COUNTING.add(squares, COUNTING.multiply(apart, apart))
    return COUNTING.sqrt(COUNTING.divide(squares, Decimal(len(numbers) - 1)))


@_reckon("mode", "list<number>")
def mode(numbers: Numbers) -> Numbers:
    """Those that come most often, ascending."""
    counted = Counter(numbers)
    most = max(counted.values(), default=0)
    return sorted(number for number, times in counted.items() if times == most)
