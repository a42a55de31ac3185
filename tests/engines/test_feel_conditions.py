"""Conditions asked of plain values: the short way says what the long one says, whatever the values are."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.feel import compile_expression
from zhengtong.engines.feel.conditions import test_of as shortened
from zhengtong.engines.feel.grammar import parse
from zhengtong.engines.feel.running import USUAL
from zhengtong.engines.feel.scanning import scan
from zhengtong.engines.feel.vocabulary import Vocabulary


class Word(StrEnum):
    """A text that is none to `type()`."""

    EAT = "eat"


def tree(text: str) -> Any:
    """The tree of an expression."""
    return parse(text, scan(text, Vocabulary(()), None, USUAL), "whole", USUAL)


# What conditions ask for: `count` is a built-in function too, `gone` is never there.
NAMES = st.sampled_from(["a", "b", "count", "gone"])
TEXTS = st.sampled_from(['"eat"', '"1"', '""', '"true"'])
NUMBERS = st.sampled_from(["0", "1", "0.1", "500", "1000000000000000", "9" * 40])
LEAVES = (
    st.builds("{} = {}".format, NAMES, st.sampled_from(["true", "false", "null"]) | TEXTS | NUMBERS)
    | st.builds("{} {} {}".format, NAMES, st.sampled_from(["<", "<=", ">", ">=", "!="]), NUMBERS | TEXTS)
    | st.builds("{} in ({})".format, NAMES, st.lists(TEXTS | NUMBERS, min_size=1, max_size=3).map(", ".join))
    | st.builds("list contains({}, {})".format, NAMES, TEXTS | NUMBERS)
    | st.builds("{} != null".format, NAMES)
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        "({})".format,
        st.builds(str.join, st.sampled_from([" and ", " or "]), st.lists(inner, min_size=2, max_size=3))
        | st.builds("not({})".format, inner),
    ),
    max_leaves=5,
)
PLAIN = st.sampled_from(
    [None, True, False, 0, 1, 500, 10**15, 10**15 - 1, 10**40, 0.1, 1.0, 500.5, float("nan"), float("inf"),
     Decimal(1), Decimal("0.1"), "eat", "1", "", "true", Word.EAT, dt.date(2025, 3, 4), object()]
)  # fmt: skip
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.lists(PLAIN, max_size=2).map(tuple) | st.just([["eat"]]) | st.just({})
SCOPES = st.dictionaries(st.sampled_from(["a", "b", "count"]), VALUES)


@given(CONDITIONS, SCOPES)
def test_what_holds_is_what_evaluates_to_true(text: str, scope: dict[str, Any]) -> None:
    made = compile_expression(text)
    assert made.holds(scope) is (made.evaluate(scope) is True)


@pytest.mark.parametrize(
    "text",
    [
        "online = true",
        'kind = "eat"',
        "area >= 500",
        'right in ("leased", "lent")',
        'list contains(items, "b")',
        'kind = "eat" and (area >= 500 or online = true)',
    ],
)
def test_the_commonest_shapes_are_tests(text: str) -> None:
    assert shortened(tree(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "a != 1",
        "a = b",
        "not(a = 1)",
        "a in (1, 2)",
        "a in [1..2]",
        "list contains(a, b)",
        "list contains(list: a, element: b)",
        'contains(a, "x")',
        'a = "x" and b = c',
        "a.b = 1",
        "-a = 1",
        "true",
    ],
)
def test_other_shapes_are_evaluated(text: str) -> None:
    assert shortened(tree(text)) is None
    assert compile_expression(text).holds({"a": 3}) is (compile_expression(text).evaluate({"a": 3}) is True)


def test_a_function_of_the_scope_goes_first() -> None:
    never = compile_expression("function(items, item) false").evaluate({})
    made = compile_expression('list contains(a, "eat")', names=("a", "list contains"))
    assert made.holds({"a": ["eat"]})
    assert not made.holds({"a": ["eat"], "list contains": never})
