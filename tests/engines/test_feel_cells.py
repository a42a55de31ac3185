"""Unary tests: what the cells of decision tables mean, and types that values are compared with."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from feel_reckoning import run, value
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.feel import (
    Date,
    FeelError,
    FeelType,
    Run,
    coerce,
    compile_unary_tests,
    conforms,
    read_type,
    to_feel,
    type_of,
)
from zhengtong.engines.feel.types import ANY, NUMBER, STRING, context_of, function_of, is_subtype, list_of, range_of

SCOPE = {"limit": 18, "kinds": ["a", "b"], "applicant": {"age": 80}, "low": 1, "high": 5, "yes": True}
CELLS: list[tuple[str, object, bool | None]] = [
    ("-", None, True),
    ("-", 5, True),
    (" - ", "x", True),
    ("5", 5, True),
    ("5", Decimal("5.0"), True),
    ("5", 6, False),
    ("5", "5", None),
    ("5", None, False),
    ("null", None, True),
    ("null", 5, False),
    ("-5", -5, True),
    ('"高龄"', "高龄", True),
    ('"a", "b"', "b", True),
    ('"a", "b"', "c", False),
    ('"a", "b"', 5, None),
    ("1, 2, 3", 3, True),
    ("true", True, True),
    ("false", False, True),
    ("true", False, False),
    ("< 18", 17, True),
    ("<= 18", 18, True),
    ("> 18", 18, False),
    (">= limit", 18, True),
    ("< 18", None, None),
    ("< 18", "a", None),
    ("= 18", 18, True),
    ("!= 18", 18, False),
    ("< 18, >= 60", 60, True),
    ("< 18, >= 60", 30, False),
    ("[1..5]", 5, True),
    ("[1..5)", 5, False),
    ("(1..5)", 1, False),
    ("]1..5[", 1, False),
    ("[low..high]", 3, True),
    ("[10..1]", 5, False),
    ('["a".."c"]', "b", True),
    ('[@"2024-01-01"..@"2024-12-31"]', dt.date(2024, 6, 1), True),
    ('< date("2024-01-01")', dt.date(2023, 6, 1), True),
    ("kinds", "b", True),
    ('["a", "b"]', "b", True),
    ('["a", "b"]', ["a", "b"], True),
    ("applicant.age", 80, True),
    ("> applicant.age - 10", 75, True),
    ("not(5)", 5, False),
    ("not(5)", 6, True),
    ('not("a", "b")', "c", True),
    ('not("a", "b")', "a", False),
    ("not(< 5, > 10)", 7, True),
    ("not([1..5])", 7, True),
    ("not(null)", None, False),
    ("not(< 5)", None, None),
    ("not(yes)", True, False),  # the whole cell negated
    ("not(yes) or yes", True, True),  # an expression: equal to the value
    ("? > limit", 19, True),
    ("? > limit and ? < 30", 19, True),
    ('contains(?, "a")', "cat", True),
    ('starts with(?, "b"), starts with(?, "c")', "cat", True),
    ("? = null", None, True),
    ("even(?)", 3, False),
    ("not(even(?))", 3, True),
    ("list contains(kinds, ?)", "a", True),
    ("some k in kinds satisfies k = ?", "a", True),
    ("count(?) > 1", [1, 2], True),
    ("yes", True, True),
    ("yes", "x", None),  # without ? it is a value, to which the input is no equal
    ("1 + 1", 2, True),
    ("if limit > 10 then 1 else 2", 1, True),
]


@pytest.mark.parametrize(("text", "given", "expected"), CELLS, ids=[f"{text} | {given}" for text, given, _ in CELLS])
def test_cells(text: str, given: object, expected: bool | None) -> None:
    cell = compile_unary_tests(text)
    assert cell.matches(to_feel(given), to_feel(SCOPE), run()) is expected
    assert cell.matches(given, SCOPE) is expected  # plain values without a run


@pytest.mark.parametrize("text", ["", "5,", ", 5", "not(5", "not()", "[1..", "- 5 6", "<", "a b", "5)", "(1, 2"])
def test_refused_cells(text: str) -> None:
    with pytest.raises(FeelError) as refused:
        compile_unary_tests(text)
    assert refused.value.position is not None


def test_a_cell_tells_what_it_asks_for() -> None:
    cell = compile_unary_tests("> limit, applicant.age + ?", names=["limit", "applicant"])
    assert cell.names == {"limit", "applicant"}
    assert ("applicant", "age") in cell.paths
    assert not cell.any_value
    assert compile_unary_tests("-").any_value
    assert [fault.code for fault in compile_unary_tests("> limit", names=["other"]).faults] == ["feel.name_unknown"]


def test_a_cell_that_cannot_say_says_why() -> None:
    at = Run()
    assert compile_unary_tests("< 18").matches("a", {}, at) is None
    assert at.diagnostics[0].text("en") == "“<” has no meaning between string and number"


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-100, max_value=100, places=1)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_cell_means_what_in_means(given: Decimal, low: Decimal, high: Decimal) -> None:
    for text in (f"[{low}..{high}]", f"({low}..{high})", f"< {low}, > {high}", f"{low}, {high}", f"not({low})"):
        scope = {"x": given}
        expected = value(f"x in ({text})", scope) if not text.startswith("not") else value(f"not(x = {low})", scope)
        assert compile_unary_tests(text).matches(given, {}, Run()) is expected


TYPES = [
    ("number", "number"),
    ("date and time", "date and time"),
    ("years and months duration", "years and months duration"),
    ("list<number>", "list<number>"),
    ("list < list< string > >", "list<list<string>>"),
    ("context<a: string, 姓 名: number>", "context<a: string, 姓 名: number>"),
    ("function<number, string> -> boolean", "function<number, string> -> boolean"),
    ("function<>->Any", "function<> -> Any"),
    ("range<date and time>", "range<date and time>"),
    ("tPerson", "context<name: string>"),
    ("list<tPerson>", "list<context<name: string>>"),
    ("t Person 2", "number"),
    ("Any", "Any"),
    ("list", None),
    ("nonsense", None),
    ("list<nonsense>", None),
    ("list<number", None),
    ("context<>", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), TYPES, ids=[text for text, _ in TYPES])
def test_types_are_read(text: str, expected: str | None) -> None:
    found = read_type(text, {"tPerson": context_of({"name": STRING}), "t Person 2": NUMBER})
    assert (None if found is None else str(found)) == expected


INSTANCES = [
    ("1 instance of number", True),
    ("null instance of number", False),
    ("null instance of Null", True),
    ("null instance of Any", False),
    ("[1, 2] instance of list<number>", True),
    ('[1, "a"] instance of list<number>', False),
    ("[1, null] instance of list<number>", True),
    ("[] instance of list<string>", True),
    ("1 instance of list<number>", False),
    ("{a: 1, b: 2} instance of context<a: number>", True),
    ("{a: 1} instance of context<a: number, b: number>", False),
    ("[1..2] instance of range<number>", True),
    ("[1..2] instance of range<date>", False),
    ("(function(a: number) a) instance of function<number> -> Any", True),
    ("(function(a: number) a) instance of function<string> -> Any", False),
    ("(function() 1) instance of function<number> -> Any", False),
    ('@"2024-01-01" instance of date and time', False),
    ('@"P1D" instance of years and months duration', False),
    ("1 instance of list", None),
    ("1 instance of nonsense", None),
    ("sum instance of function<list<Any>> -> Any", True),
    ("1 + 1 instance of number", None),  # of the second 1
    ("(1 + 1) instance of number", True),
]


@pytest.mark.parametrize(("text", "expected"), INSTANCES, ids=[text for text, _ in INSTANCES])
def test_instances(text: str, expected: bool | None) -> None:
    assert value(text) is expected


COERCED: list[tuple[Any, FeelType, Any]] = [
    (1, NUMBER, 1),
    ([1], NUMBER, 1),
    (1, list_of(NUMBER), [1]),
    ([1, 2], NUMBER, None),
    ("1", NUMBER, None),
    (None, NUMBER, None),
    (["a"], list_of(STRING), ["a"]),
    ("a", list_of(NUMBER), None),
    ({"a": 1}, context_of({"a": NUMBER}), {"a": 1}),
    ({"a": "x"}, context_of({"a": NUMBER}), None),
    ([[1]], list_of(NUMBER), [1]),
    (5, ANY, 5),
]


@pytest.mark.parametrize(("given", "kind", "expected"), COERCED, ids=lambda value: re.sub(r"\W+", "-", str(value)))
def test_implicit_conversions(given: object, kind: FeelType, expected: object) -> None:
    assert coerce(to_feel(given), kind) == to_feel(expected)


def test_a_date_becomes_its_midnight() -> None:
    assert str(coerce(Date(2024, 1, 1), FeelType("date and time"))) == "2024-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (context_of({"a": NUMBER, "b": STRING}), context_of({"a": NUMBER}), True),
        (context_of({"a": NUMBER}), context_of({"a": NUMBER, "b": STRING}), False),
        (list_of(NUMBER), list_of(ANY), True),
        (list_of(ANY), list_of(NUMBER), False),
        (range_of(NUMBER), range_of(STRING), False),
        (FeelType("Null"), NUMBER, True),
        (function_of((ANY,), NUMBER), function_of((STRING,), ANY), True),
        (function_of((STRING,), NUMBER), function_of((ANY,), NUMBER), False),
    ],
)
def test_subtypes(one: FeelType, other: FeelType, expected: bool) -> None:
    assert is_subtype(one, other) is expected


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=2) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)


@given(PLAIN)
def test_every_value_conforms_to_its_own_type(given: object) -> None:
    found = to_feel(given)
    kind = type_of(found)
    assert conforms(found, kind)
    assert coerce(found, kind) == found
    assert conforms(found, ANY)
    assert read_type(str(kind)) == kind or kind.kind == "context" or "context" in str(kind)
