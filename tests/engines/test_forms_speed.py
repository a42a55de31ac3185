"""A form of a hundred questions is checked at once; the bound leaves a busy machine four times the goal."""

from bench.bench_forms import figures


def test_a_hundred_questions_are_checked_in_a_few_milliseconds() -> None:
    found = figures()
    assert found["check_ms"] < 8, found
    assert found["faulty_ms"] < 16, found
