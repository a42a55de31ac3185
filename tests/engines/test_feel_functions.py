"""Every built-in function: what it gives, in order and by name, and where it gives null (DMN 1.5 §10.3.4)."""

import re
from decimal import Decimal

import pytest
from feel_reckoning import problems, run, value, written
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.feel import compile_expression
from zhengtong.engines.feel.builtins import BUILTINS

TEXTS = [
    ('substring("foobar", 3)', "obar"),
    ('substring("foobar", 3, 3)', "oba"),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("foobar", 3, 3.8)', "oba"),
    ('substring("foobar", 5, 9)', "ar"),
    ('substring("高龄津贴", 3)', "津贴"),
    ('substring("\\U01F40Eab", 2)', "ab"),
    ('substring("foobar", 0)', None),
    ('substring("foobar", 7)', None),
    ('substring("foobar", 1, 0)', None),
    ('substring(length: 2, string: "foobar", start position: 2)', "oo"),
    ('string length("政通")', "2"),
    ('string length("")', "0"),
    ('upper case("aBc4ß")', "ABC4SS"),
    ('lower case("aBc4")', "abc4"),
    ('substring before("foobar", "bar")', "foo"),
    ('substring before("foobar", "xyz")', ""),
    ('substring before("foobar", "")', ""),
    ('substring after("foobar", "ob")', "ar"),
    ('substring after("", "a")', ""),
    ('substring after("foobar", "")', "foobar"),
    ('contains("foobar", "of")', "false"),
    ('contains(["foobar"], "oo")', "true"),  # a list of one where a text is wanted
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('string join(["a", "b", "c"], "_and_")', "a_and_b_and_c"),
    ('string join(["a", null, "c"], "X")', "aXc"),
    ('string join(["a", "b"])', "ab"),
    ('string join(["a", "b"], null)', "ab"),
    ("string join([])", ""),
    ('string join("a", "X")', "a"),
    ('string join([1], "X")', None),
    ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
    ('split("a;b;c;;", ";")', '["a", "b", "c", "", ""]'),
    ('split("abc", "")', None),
    ('upper case(text: "a")', None),
    ("string length(1)", None),
    ("contains(null, null)", None),
]
CONVERSIONS = [
    ("string(1.10)", "1.10"),
    ("string(1e3)", "1000"),
    ("string(null)", None),
    ("string(true)", "true"),
    ('string("a")', "a"),
    ('string([1, "a", null, [true]])', '[1, "a", null, [true]]'),
    ('string({a: "b", "c:d": 1})', '{a: "b", "c:d": 1}'),
    ('string(@"2024-02-29")', "2024-02-29"),
    ('string([@"P1D"])', '[@"P1D"]'),
    ("string(function(a, b) a)", "function(a, b)"),
    ('number("1 000,5", " ", ",")', "1000.5"),
    ('number("1,000.5", ",", ".")', "1000.5"),
    ('number("-5")', "-5"),
    ('number("1,5", null, ",")', "1.5"),
    ('number("1.5", ".", ".")', None),
    ('number("1.5", "x", ".")', None),
    ('number("abc")', None),
    ('number("1.2.3", null, ".")', None),
    ('number(from: "5", decimal separator: ".", grouping separator: ",")', "5"),
    ("number(5)", None),
    ('range("[1..3]")', "[1..3]"),
    ('range("(@\\"2024-01-01\\"..@\\"2024-12-31\\")")', '(@"2024-01-01"..@"2024-12-31")'),
    ('range("[-3..-1]")', "[-3..-1]"),
    ('range("[3..1]")', None),
    ('range("[1..n]")', None),
    ('range("1")', None),
    ("not(true)", "false"),
    ("not(negand: false)", "true"),
    ("not(null)", None),
    ("not(1)", None),
    ("is(1, 1.0)", "true"),
    ('is("1", 1)', "false"),
    ("is(null, null)", "true"),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', "false"),
    ("is defined(1)", "true"),
]
LISTS = [
    ("list contains([1, 2, null], null)", "true"),
    ('list contains([1, 2], "1")', "false"),
    ("list contains([[1], [2]], [2])", "true"),
    ("count([1, [2, 3]])", "2"),
    ("count(1)", "1"),
    ("count(null)", None),
    ("min([2, 1, 3])", "1"),
    ("max(1, 3, 2)", "3"),
    ('max("b", "a")', "b"),
    ('min(@"2024-01-02", @"2024-01-01")', "2024-01-01"),
    ("min([])", None),
    ('max([1, "a"])', None),
    ("max([1, null])", None),
    ("sum(1, 2, 3)", "6"),
    ("sum([])", None),
    ('sum([1, "2"])', None),
    ("mean([1, 2, 3, 5])", "2.75"),
    ("mean([])", None),
    ("product([2, 3, 4])", "24"),
    ("product([])", None),
    ("median(8, 2, 5, 3, 4)", "4"),
    ("median([6, 1, 2, 3])", "2.5"),
    ("median([])", None),
    ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
    ("stddev([47])", None),
    ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
    ("mode([])", "[]"),
    ("all([true, true])", "true"),
    ("all([false, null, true])", "false"),
    ("all([true, null])", None),
    ("all(0)", None),
    ("any([false, null, true])", "true"),
    ("any(false, false)", "false"),
    ("any([])", "false"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("sublist([4, 5, 6], -2)", "[5, 6]"),
    ("sublist([4, 5, 6], 2, 3)", None),
    ("append([1], 2, [3])", "[1, 2, [3]]"),
    ("append(1, null)", "[1, null]"),
    ("concatenate([1, 2], [3], [])", "[1, 2, 3]"),
    ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
    ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
    ("insert before([1, 3], 3, 2)", None),
    ("remove([1, 2, 3], 2)", "[1, 3]"),
    ("remove([1, 2, 3], 0)", None),
    ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
    ("list replace([2, 4, 7, 8], -1, 6)", "[2, 4, 7, 6]"),
    ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
    ("list replace([2, 4], function(item) true, 5)", None),
    ("list replace([2, 4], function(item, newItem) 1, 5)", None),
    ("list replace(list: [1, 2], position: 1, newItem: 3)", "[3, 2]"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
    ("index of([1, null], null)", "[2]"),
    ("index of([1], 2)", "[]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ('distinct values([1, 2, 1.0, "1", null, null, [1], [1]])', '[1, 2, "1", null, [1]]'),
    ("flatten([[1, [2]], [[3]], 4])", "[1, 2, 3, 4]"),
    ("sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"),
    ("sort(list: [3, 1, 2], precedes: function(x, y) x > y)", "[3, 2, 1]"),
    ("sort([{a: 2, b: 1}, {a: 1, b: 2}, {a: 2, b: 3}], function(x, y) x.a < y.a).b", "[2, 1, 3]"),
    ("sort([1], function(x) true)", None),
    ("sort([2, 1], before)", "[1, 2]"),
]
NUMBERS = [
    ("decimal(1/3, 2)", "0.33"),
    ("decimal(2.5, 0)", "2"),
    ("decimal(1, 2)", "1.00"),
    ("decimal(125, -1)", "120"),
    ("decimal(0.515, 2)", "0.52"),
    ("decimal(1, 6177)", None),
    ("floor(1.5)", "1"),
    ("floor(-1.56, 1)", "-1.6"),
    ("ceiling(1.5)", "2"),
    ("ceiling(-1.56, 1)", "-1.5"),
    ("round up(-5.5, 0)", "-6"),
    ("round up(1.121, 2)", "1.13"),
    ("round down(-5.5, 0)", "-5"),
    ("round half up(5.5, 0)", "6"),
    ("round half up(-1.126, 2)", "-1.13"),
    ("round half down(5.5, 0)", "5"),
    ("round half down(-1.126, 2)", "-1.13"),
    ("round up(5.5, null)", None),
    ("round up(5.5)", None),
    ("abs(-10)", "10"),
    ('abs(@"-PT5H")', "PT5H"),
    ('abs(@"-P1Y")', "P1Y"),
    ('abs("1")', None),
    ("modulo(12, 5)", "2"),
    ("modulo(-12, 5)", "3"),
    ("modulo(12, -5)", "-3"),
    ("modulo(-10.1, 4.5)", "3.4"),
    ("modulo(1e34, 7)", "4"),
    ("modulo(10, 0)", None),
    ("sqrt(16)", "4"),
    ("sqrt(-3)", None),
    ("decimal(log(10), 11)", "2.30258509299"),
    ("log(0)", None),
    ("decimal(exp(5), 12)", "148.413159102577"),
    ("exp(100000)", None),
    ("odd(5)", "true"),
    ("odd(2)", "false"),
    ("odd(5.5)", None),
    ("even(-2)", "true"),
    ("even(0)", "true"),
]
DATES = [
    ('date("2024-02-29")', "2024-02-29"),
    ('date("2023-02-29")', None),
    ('date("-0044-03-15")', "-0044-03-15"),
    ('date("999999999-12-31")', "999999999-12-31"),
    ('date("1000000000-01-01")', None),
    ('date("02024-01-01")', None),
    ('date("2024-1-1")', None),
    ('date("2024-01-01T00:00:00")', None),
    ("date(2024, 2, 29)", "2024-02-29"),
    ("date(year: 2024, month: 2, day: 29)", "2024-02-29"),
    ('date(@"2024-02-29T10:00:00+08:00")', "2024-02-29"),
    ('date(from: "2024-02-29")', "2024-02-29"),
    ("date(2024)", None),
    ('date and time("2024-02-29T10:30:00")', "2024-02-29T10:30:00"),
    ('date and time("2024-02-29")', "2024-02-29T00:00:00"),
    ('date and time("2024-12-31T24:00:00")', "2025-01-01T00:00:00"),
    ('date and time("2024-02-29T10:30:00.5Z")', "2024-02-29T10:30:00.5Z"),
    ('date and time("2024-02-29T10:30:00@Asia/Shanghai").time offset', "PT8H"),
    ('date and time("2024-02-29T10:30:00@Asia/Nowhere")', None),
    ('date and time("2024-02-29T10:30")', None),
    ('date and time(@"2024-02-29", @"10:30:00")', "2024-02-29T10:30:00"),
    ('date and time(@"2024-02-29T23:00:00Z", @"10:30:00+08:00")', "2024-02-29T10:30:00+08:00"),
    ('time("10:30:00+08:00")', "10:30:00+08:00"),
    ('time("24:00:00")', "00:00:00"),
    ('time("10:30:00+15:00")', None),
    ("time(10, 30, 5.25)", "10:30:05.25"),
    ('time(10, 30, 0, @"-PT1H")', "10:30:00-01:00"),
    ('time(10, 30, 0, @"PT15H")', None),
    ("time(10.5, 30, 0)", None),
    ('time(@"2024-02-29")', "00:00:00Z"),
    ('time(@"2024-02-29T10:30:00@Asia/Shanghai")', "10:30:00@Asia/Shanghai"),
    ('duration("P1DT25H")', "P2DT1H"),
    ('duration("P14M")', "P1Y2M"),
    ('duration("-PT0.5S")', "-PT0.5S"),
    ('duration("P1Y1D")', None),
    ('duration("PT")', None),
    ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
    ('years and months duration(date("2013-08-24"), date("2011-12-22"))', "-P1Y8M"),
    ('years and months duration(from: @"2024-01-31", to: @"2024-02-29")', "P0M"),
    ('years and months duration(@"1946-03-04T10:00:00", @"2026-03-04T09:00:00").years', "80"),
    ("day of year(date(2019, 9, 17))", "260"),
    ("day of week(date(2019, 9, 17))", "Tuesday"),
    ("month of year(date(2019, 9, 17))", "September"),
    ("week of year(date(2019, 9, 17))", "38"),
    ("week of year(date(2003, 12, 29))", "1"),
    ("week of year(date(2005, 1, 1))", "53"),
    ('day of week("2019-09-17")', None),
    ("now()", "2026-11-22T09:30:00@Asia/Shanghai"),
    ("today()", "2026-11-22"),
    ('today() - today() = @"PT0S"', "true"),
    ("now(1)", None),
]
CONTEXTS = [
    ('get value({a: 1}, "a")', "1"),
    ('get value({a: 1}, "b")', None),
    ("get value({a: 1}, null)", None),
    ("get entries({a: 1, b: null})", '[{key: "a", value: 1}, {key: "b", value: null}]'),
    ("get entries([])", None),
    ('context([{key: "a", value: 1}, {key: "b", value: 2, other: 3}])', "{a: 1, b: 2}"),
    ('context([{key: "a", value: 1}, {key: "b"}])', None),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
    ('context({key: "a", value: null})', "{a: null}"),
    ('context put({x: 1, y: 0, z: 0}, "y", 2)', "{x: 1, y: 2, z: 0}"),
    ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
    ('context put({x: 1}, ["y", "a"], 2)', None),
    ("context put({x: 1}, [], 2)", None),
    ("context merge([{x: 1, y: 0}, {y: 2}])", "{x: 1, y: 2}"),
    ("context merge([])", "{}"),
    ("context merge([1])", None),
]
RELATIONS = [
    ("before(1, 10)", True),
    ("before(1, [1..10])", False),
    ("before(1, (1..10])", True),
    ("before([1..10), 10)", True),
    ("before([1..10), [10..20])", True),
    ("before([1..10], [10..20])", False),
    ("after(12, [1..10])", True),
    ("after([11..20], [1..11))", True),
    ("after(11, (11..20])", False),
    ("meets([1..5], [5..10])", True),
    ("meets([1..5), [5..10])", False),
    ("met by([5..10], [1..5])", True),
    ("overlaps([1..5], [3..8])", True),
    ("overlaps([1..5], (5..8])", False),
    ("overlaps([6..8], [1..5])", False),
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps before([1..5), (1..5])", True),
    ("overlaps before([1..5], [1..5])", False),
    ("overlaps after([3..8], [1..5])", True),
    ("overlaps after((1..5], [1..5))", True),
    ("finishes(10, [1..10])", True),
    ("finishes([5..10), [1..10])", False),
    ("finishes((1..10], [1..10])", True),
    ("finished by([1..10], (1..10])", True),
    ("includes([1..10], 1)", True),
    ("includes((1..10], 1)", False),
    ("includes([1..10], (1..10))", True),
    ("during((1..10), [1..10])", True),
    ("during(12, [1..10])", False),
    ("starts(1, [1..10])", True),
    ("starts([1..10), [1..10])", True),
    ("starts((1..5], [1..10])", False),
    ("started by([1..10], [1..5])", True),
    ("coincides([1..5], [1..5])", True),
    ("coincides((1..5), [1..5])", False),
    ("coincides(3, 4)", False),
    ('before(@"2024-01-01", @"2024-01-02")', True),
    ('before(1, "a")', None),
    ("before(1, (> 5))", True),
    ("after(1, (> 5))", None),
    ("before(range: [1..2], point: 3)", True),
    ("meets(1, [1..2])", None),
]

EVERY = [*TEXTS, *CONVERSIONS, *LISTS, *NUMBERS, *DATES, *CONTEXTS]


@pytest.mark.parametrize(("text", "expected"), EVERY, ids=[text for text, _ in EVERY])
def test_what_it_gives(text: str, expected: str | None) -> None:
    scope = {"before": value("function(x, y) x < y")}
    assert written(text, scope, names=["before"] if ", before)" in text else ()) == expected


@pytest.mark.parametrize(("text", "expected"), RELATIONS, ids=[text for text, _ in RELATIONS])
def test_relations_of_points_and_ranges(text: str, expected: bool | None) -> None:
    assert value(text) is expected


def test_every_function_has_its_facts() -> None:
    tried = " ".join(text for text, _ in [*EVERY, *RELATIONS, *PATTERNS])
    assert not [name for name in BUILTINS if not re.search(rf"\b{name}\(", tried)]


PATTERNS = [('matches("foobar", "^fo*b")', True), ('replace("banana", "a", "o") = "bonono"', True)]


@pytest.mark.parametrize(("text", "expected"), PATTERNS)
def test_patterns_have_a_page_of_their_own(text: str, expected: bool) -> None:
    assert value(text) is expected


def test_wrong_arguments_say_what_the_function_takes() -> None:
    at = run()
    compile_expression("substring(1, 2)").evaluate({}, at)
    assert at.diagnostics[0].text("en") == (
        "“substring” is used so: substring(string: string, start position: number, length?: number) -> string"
    )
    assert at.diagnostics[0].code == "feel.arguments"


def test_no_clock_is_said() -> None:
    at = run()
    at.now = None
    assert compile_expression("today()").evaluate({}, at) is None
    assert [problem.code for problem in at.diagnostics] == ["feel.no_clock", "feel.no_value"]


def test_what_is_null_for_good_reason_is_no_problem() -> None:
    for text in ('get value({}, "a")', "sum([])", "not(null)", "min([])", "string(null)"):
        assert problems(text) == []


LISTED = st.lists(st.integers(-50, 50) | st.sampled_from(["a", "b", None]), max_size=12)


@given(LISTED, LISTED)
def test_lists_keep_what_they_are_made_of(one: list[object], other: list[object]) -> None:
    scope = {"a": one, "b": other}
    assert value("count(concatenate(a, b)) = count(a) + count(b)", scope) is True
    assert value("reverse(reverse(a)) = a", scope) is True
    assert value("distinct values(union(a, b)) = union(a, b)", scope) is True
    assert value("every x in a satisfies list contains(union(a, b), x)", scope) is True
    assert value("flatten([a, [b]]) = concatenate(a, b)", scope) is True
    assert value("for x in a return index of(a, x)[1] <= count(a)", scope) == [True] * len(one)


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=20))
def test_statistics_agree(numbers: list[int]) -> None:
    scope = {"n": numbers}
    assert value("min(n) <= median(n) and median(n) <= max(n)", scope) is True
    assert value("sum(n)", scope) == sum(numbers)
    assert value("sort(n, function(x, y) x < y)", scope) == [Decimal(number) for number in sorted(numbers)]
    assert value("every m in mode(n) satisfies list contains(n, m)", scope) is True


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9), st.integers(-5, 8))
def test_rounding_stays_near(number: Decimal, scale: int) -> None:
    scope = {"n": number, "s": scale, "step": Decimal(10) ** -scale}
    for name in ("decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"):
        assert value(f"abs({name}(n, s) - n) <= step", scope) is True
    assert value("floor(n, s) <= n and n <= ceiling(n, s)", scope) is True
