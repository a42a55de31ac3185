"""Facts as JSON brings them are read as the model's types want them, whatever class their values are of."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from engines.dmn_drafting import compiled, decision, given
from zhengtong.engines.dmn import read_facts
from zhengtong.engines.feel import Date, DaysDuration


class Word(StrEnum):
    """Texts that are none to `type()`."""

    DAY = "2024-02-29"


DAY = Date(2024, 2, 29)
LONG = Decimal("1." + "1" * 40)


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("date", "2024-02-29", DAY),
        ("date", Word.DAY, DAY),
        ("date", "2024-02-30", "2024-02-30"),
        ("date", dt.date(2024, 2, 29), DAY),
        ("date", 3, Decimal(3)),
        ("date", None, None),
        ("date", ["2024-02-29", "x"], [DAY, "x"]),
        ("days and time duration", "P1D", DaysDuration(86_400 * 10**9)),
        ("string", "2024-02-29", "2024-02-29"),
        ("string", Word.DAY, "2024-02-29"),
        ("boolean", True, True),
        ("number", True, True),
        ("number", 7, Decimal(7)),
        ("number", 10**40, Decimal(10) ** 40),
        ("number", 0.1, Decimal("0.1")),
        ("number", float("nan"), None),
        ("number", LONG, LONG),
        ("number", [1, "1", False], [Decimal(1), "1", False]),
        ("list<date>", ["2024-02-29"], [DAY]),
        (
            "context<on: date, why: string>",
            {"on": "2024-02-29", "why": Word.DAY, "more": 1},
            {"on": DAY, "why": "2024-02-29", "more": Decimal(1)},
        ),
        ("string", {"on": "2024-02-29"}, {"on": "2024-02-29"}),
        ("", "2024-02-29", "2024-02-29"),
        ("", object(), None),
    ],
)
def test_a_fact_is_read_as_its_type_wants_it(kind: str, value: Any, read: Any) -> None:
    decisions = compiled(given("fact", kind), decision("asked", inputs=("fact",)))
    found = read_facts(decisions, {"fact": value, "other": value})
    assert (found["fact"], type(found["fact"])) == (read, type(read))
    assert found.keys() == {"fact", "other"}


def test_a_name_the_model_does_not_know_is_left_as_it_is() -> None:
    decisions = compiled(given("fact", "date"), decision("asked", inputs=("fact",)))
    assert read_facts(decisions, {"other": "2024-02-29"}) == {"other": "2024-02-29"}
