"""How FEEL is written: names of several words, precedence, comments, escapes, ranges and their turned brackets."""

from decimal import Decimal
from typing import Any

import pytest
from feel_reckoning import value, written

from zhengtong.engines.feel import FeelError, Vocabulary, compile_expression, compile_unary_tests
from zhengtong.engines.feel.brevity import read_brief
from zhengtong.engines.feel.grammar import _parser
from zhengtong.engines.feel.scanning import scan
from zhengtong.engines.feel.types import NUMBER, STRING, context_of, list_of

PRECEDENCE = [
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("2 - 1 - 1", "0"),
    ("12 / 2 / 3", "2"),
    ("2 ** 3 ** 2", "64"),  # like all operators, from left to right
    ("-2 ** 2", "4"),  # the minus binds closest
    ("2 ** -1", "0.5"),
    ("1 + 3/2*2 - 2**3", "-4.0"),
    ("- - 3", "3"),
    ("1 + 2 = 3 and 2 > 1", "true"),
    ("true or true and false", "true"),
    ("1 < 2 = true", "true"),
    ("-[1, 2][1]", "-1"),
    ("1 + if true then 2 else 3 + 4", "3"),
    ("if false then 1 else 3 + 4", "7"),
    ("for x in [1, 2] return x + 1", "[2, 3]"),
    ("some x in [1, 2] satisfies x > 1 and x < 2", "false"),
    ("(function(a) a)(1) + 1", "2"),
    ("{f: function(a) a + 1}.f(1)", "2"),
    ('"a" instance of string and 1 instance of number', "true"),
    ("-1 instance of number", None),  # of the 1, which is then true, and has no minus
    ("1 between 0 and 2 and 3 between 2 and 4", "true"),
    ("2 in (1, 2) and 3 in [3..4]", "true"),
    ("1 in 1 + 0", "true"),
]


@pytest.mark.parametrize(("text", "expected"), PRECEDENCE, ids=[text for text, _ in PRECEDENCE])
def test_precedence(text: str, expected: str | None) -> None:
    assert written(text) == expected


WRITING = [
    ("1 // the first\n + 2 /* and\n more */ + 3", "6"),
    ("/**/ 1 /***/", "1"),
    ("1 + /* 1 + */ 1", "2"),
    ("\t1\n+\u30001\u00a0", "2"),  # ideographic and other blanks
    ('"\\"quoted\\", \\\\, \\n"', '"quoted", \\, \n'),
    ('"\\u9ad8\\u9f84\\u6d25\\u8d34"', "高龄津贴"),
    ('"\\uD83D\\uDC0E" = "\\U01F40E"', "true"),
    ('string length("\\U01F40Ea")', "2"),
    ('"\\d{3}"', "\\d{3}"),  # no escape of FEEL's, but of patterns
    (".5 + 1.50", "2.00"),
    ("1.2e2", "120"),
    ("12e-1", "1.2"),
    ("0.00", "0.00"),
    ("-0", "0"),
    ("[ ]", "[]"),
    ("{ }", "{}"),
    ('{"a b": 1, c-d: 2, "e:f": 3}', '{a b: 1, c-d: 2, "e:f": 3}'),
    ("{年龄: 80}.年龄", "80"),
    ("{🐎: 1}.🐎", "1"),
]


@pytest.mark.parametrize(("text", "expected"), WRITING, ids=[text for text, _ in WRITING])
def test_writing(text: str, expected: str) -> None:
    assert written(text) == expected


RANGES = [
    ("[1..5]", "[1..5]"),
    ("(1..5)", "(1..5)"),
    ("]1..5[", "(1..5)"),
    ("]1..5]", "(1..5]"),
    ("[1..5[", "[1..5)"),
    ("[1 .. 5)", "[1..5)"),
    ("(1..[2, 3][2]]", "(1..3]"),  # a filter, since something stands in its brackets
    ("[]1..5[, 6]", "[(1..5), 6]"),
    ("{a: ]1..5[}.a", "(1..5)"),
    ("[1..5[.end", "5"),
    ("(< 5)", "(< 5)"),
    ("(>= 5).start included", "true"),
    ("(= 5).end", "5"),
    ('[@"2024-01-01"..@"2024-12-31"]', '[@"2024-01-01"..@"2024-12-31"]'),
    ("3 in ]1..5[ and true", "true"),
]


@pytest.mark.parametrize(("text", "expected"), RANGES, ids=[text for text, _ in RANGES])
def test_ranges(text: str, expected: str) -> None:
    assert written(text) == expected


SCOPE: dict[str, Any] = {
    "Monthly Income": 5000,
    "Income": 1,
    "Profit and loss": -3,
    "Profit": 4,
    "loss": True,
    "a-b": 10,
    "a": 3,
    "b": 1,
    "decision A 2.1": "dotted",
    "what if?": "?",
    "Person's age": 80,
    "家庭 人口": 4,
    "比例 %": 5,
    "持证 人/户": 6,
    "date": "shadow",
    "in stock": True,
    "employee": {"first name": "丽", "salary": {"per month": 100}},
    "employees": [{"first name": "丽", "dept": 1}, {"first name": "明", "dept": 2}],
}
NAMES = [
    ("Monthly Income + Income", "5001"),
    ("Monthly   Income", "5000"),
    ("Monthly\n/* even so */ Income", "5000"),
    ("Profit and loss", "-3"),
    ("Profit > 0 and loss", "true"),
    ("a-b", "10"),
    ("a - b", "10"),  # blanks are no part of names
    ("(a)-(b)", "2"),
    ("decision A 2.1", "dotted"),
    ("what if?", "?"),
    ("Person's age >= 80", "true"),
    ("家庭 人口 * 2", "8"),
    ("比例 % * 2", "10"),
    ("持证 人/户", "6"),
    ("date", "shadow"),
    ("in stock", "true"),
    ("employee.first name", "丽"),
    ("employee.salary.per month", "100"),
    ("employees[dept = 2].first name", '["明"]'),
    ('employees[first name = "丽"].dept', "[1]"),
    ("for one employee in employees return one employee.first name", '["丽", "明"]'),
    ('some e in employees satisfies e.first name = "明"', "true"),
    ("{net income: Monthly Income - 1000, tax: net income / 10}.tax", "400"),
    ("{net income: 5}.net income", "5"),
    ("(function(gross pay: number, rate) gross pay * rate)(gross pay: 100, rate: 0.1)", "10.0"),
    ('substring(string: "foobar", start position: 3)', "obar"),
    ('string length ("abc")', "3"),
]


@pytest.mark.parametrize(("text", "expected"), NAMES, ids=[text for text, _ in NAMES])
def test_the_longest_name_in_scope_is_meant(text: str, expected: str) -> None:
    names = {name: None for name in SCOPE} | {
        "employee": {"first name": None, "salary": {"per month": None}},
        "employees": list_of(context_of({"first name": STRING, "dept": NUMBER})),
    }
    assert written(text, SCOPE, names=names) == expected


def test_a_name_is_what_the_scope_makes_it() -> None:
    assert value("a-b", {"a": 3, "b": 1}) == 2
    assert value("a-b", {"a-b": 10}, names=["a-b"]) == 10


def test_a_vocabulary_serves_many_expressions() -> None:
    words = Vocabulary(["Monthly Income", "rate"])
    assert compile_expression("Monthly Income * rate", names=words).names == {"Monthly Income", "rate"}
    assert compile_unary_tests("> rate", names=words).names == {"rate"}


BRIEF = ["5", "-5", '"a", "b"', "< 5", ">= -5.5", "[1..9)", "]1..9[", "<1, [3..4], 7", "name", "?", "true, null",
         '(@"2024-01-01"..other]', "= 3, != 4", '""']  # fmt: skip
NOT_BRIEF = ["1 + 2", "< 5 +", "[1, 2]", "(1)", "f(x)", "[1..2", "1,", "-", "- -5", "<", "1..2", "(< 5)"]


@pytest.mark.parametrize("text", BRIEF)
def test_brief_cells_are_read_as_the_parser_reads_them(text: str) -> None:
    tokens = scan(text, Vocabulary(()), None)
    found = read_brief(tokens, "cells")
    assert found is not None
    assert found == _parser().parse(tokens, "cells")


@pytest.mark.parametrize("text", NOT_BRIEF)
def test_what_is_not_brief_is_left_to_the_parser(text: str) -> None:
    assert read_brief(scan(text, Vocabulary(()), None), "cells") is None


def test_text_in_lists_and_contexts_is_what_it_was_read_from() -> None:
    """What `string` writes of a composite value is an expression of the same value."""
    for text in ('[1, "a\\"b", {a b: null, "c:d": [true, @"P1D"]}, [@"2024-01-01"..@"2024-02-01"), (< 5)]', "[]", "{}"):
        assert value(written(text)) == value(text)


@pytest.mark.parametrize("text", ["x in (1, 2", "(1, 2)", "{a: (1, 2)}"])
def test_tests_stand_only_behind_in(text: str) -> None:
    with pytest.raises(FeelError):
        compile_expression(text)


def test_numbers_have_34_digits() -> None:
    assert value("1/3") == Decimal("0.3333333333333333333333333333333333")
    assert value("12345678901234567890123456789012345") == Decimal("1.234567890123456789012345678901234E+34")
    assert value("1e6144 * 10") is None
    assert value("1e7000") is None
