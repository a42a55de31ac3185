"""Lists, filters, paths, contexts, iterations and functions."""

import pytest
from feel_reckoning import problems, value, written

from zhengtong.engines.feel import FeelType, Function, Run, compile_expression
from zhengtong.engines.feel.types import ANY, NUMBER, function_of

SCOPE = {
    "xs": [1, 2, 3, 4],
    "people": [{"name": "丽", "age": 80}, {"name": "明", "age": 59}, {"name": "勇"}],
    "nested": [{"a": {"b": [1]}}, {"a": {"b": [2.1, 2.2]}}],
    "age": 70,
    "item": "outer",
    "n": 2,
    "one": 5,
    "nothing": None,
}
FILTERS = [
    ("xs[1]", "1"),
    ("xs[-1]", "4"),
    ("xs[n]", "2"),
    ("xs[n + 1]", "3"),
    ("xs[count(xs)]", "4"),
    ("xs[0]", None),
    ("xs[5]", None),
    ("xs[1.5]", None),
    ("xs[item > 2]", "[3, 4]"),
    ("xs[even(item)]", "[2, 4]"),
    ("xs[item > null]", "[]"),
    ("xs[true]", "[1, 2, 3, 4]"),
    ("xs[null]", "[]"),
    ("[][1]", None),
    ("[][item > 1]", "[]"),
    ("one[1]", "5"),
    ("one[-1]", "5"),
    ("one[2]", None),
    ("one[item > 2]", "[5]"),
    ("nothing[1]", None),
    ("nothing[item > 1]", None),
    ("people[age >= 60].name", '["丽", "勇"]'),  # 勇 has no age: there the name leads outwards, to 70
    ("people[item.age >= 60].name", '["丽"]'),
    ('people[name != "丽"][1].name', "明"),
    ("people.age", "[80, 59, null]"),
    ("nested.a.b", "[[1], [2.1, 2.2]]"),
    ("xs[xs[item > 2][1] = item]", "[3]"),
    ("[{item: 1}, {item: 2}][item >= 2]", "[{item: 2}]"),
    ("[[1, 2], [3]][count(item) = 1]", "[[3]]"),
    ("{a: {b: 1}}.a.b", "1"),
    ("{a: 1}.b", None),
    ("nothing.a", None),
    ("[1].a", "[null]"),
]


@pytest.mark.parametrize(("text", "expected"), FILTERS, ids=[text for text, _ in FILTERS])
def test_filters_and_paths(text: str, expected: str | None) -> None:
    assert written(text, SCOPE) == expected


LOOPS = [
    ("for x in xs return x * 2", "[2, 4, 6, 8]"),
    ("for x in [1, 2], y in [3, 4] return x * y", "[3, 4, 6, 8]"),
    ("for x in [[1, 2], [3]], y in x return y", "[1, 2, 3]"),
    ("for i in 1..3 return i", "[1, 2, 3]"),
    ("for i in 3..1 return i", "[3, 2, 1]"),
    ("for i in -1..n - 1 return i", "[-1, 0, 1]"),
    ('for d in @"2024-02-28"..@"2024-03-01" return d', '[@"2024-02-28", @"2024-02-29", @"2024-03-01"]'),
    ("for i in [1..3] return i", "[1, 2, 3]"),
    ("for i in (1..3) return i", "[2]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
    ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
    ("for x in one return x", "[5]"),
    ("for x in nothing return x", None),
    ("for x in [] return x", "[]"),
    ("for i in 1.5..3 return i", None),
    ('for i in "a".."c" return i', None),
    ("for x in xs return for y in 1..x return y", "[[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]"),
    ("for item in [1] return item", "[1]"),
    ("some x in xs satisfies x > 3", "true"),
    ("some x in xs satisfies x > 4", "false"),
    ("every x in xs satisfies x > 0", "true"),
    ("every x in xs, y in xs satisfies x + y < 8", "false"),
    ("some x in [] satisfies true", "false"),
    ("every x in [] satisfies false", "true"),
    ("some x in [null, 5] satisfies x > 4", "true"),
    ("some x in [null, 3] satisfies x > 4", None),
    ("every x in [null, 5] satisfies x > 4", None),
    ("every x in [null, 3] satisfies x > 4", "false"),
    ("some x in nothing satisfies x", None),
]


@pytest.mark.parametrize(("text", "expected"), LOOPS, ids=[text for text, _ in LOOPS])
def test_iterations(text: str, expected: str | None) -> None:
    assert written(text, SCOPE) == expected


CONTEXTS = [
    ("{a: 1, b: a + 1, c: {d: b + a}}.c.d", "3"),
    ("{age: 1, b: age}.b", "1"),  # the nearest is meant
    ("{b: age, age: 1}.b", "70"),  # entries see those before them
    ("{age: age + 1}.age", "71"),
    ('{"a b": 1}.a b', "1"),
    ("{a: 1, a: 2}", None),
    ("{f: function(x) if x <= 1 then 1 else x * f(x - 1), r: f(20)}.r", "2432902008176640000"),
    ("{a: function() b(), b: function() 5, r: a()}.r", "5"),
]
FUNCTIONS = [
    ("(function(a, b) a - b)(3, 1)", "2"),
    ("(function(a, b) a - b)(b: 3, a: 1)", "-2"),
    ("(function(a, b) b)(a: 1)", None),  # what is not given by name is null
    ("(function(a) a)(1, 2)", None),
    ("(function(a) a)()", None),
    ("(function(a) a)(c: 1)", None),
    ('(function(a: number) a)("1")', None),
    ("(function(a: number) a)([1])", "1"),  # a list of one
    ("(function(a: list<number>) a)(1)", "[1]"),
    ('(function(a: date and time) a)(@"2024-01-01")', "2024-01-01T00:00:00Z"),
    ("(function(a: number) a)(null)", None),
    ("(function(a) function(b) a + b)(1)(2)", "3"),
    ("(for i in 1..3 return function() i)[2]()", "2"),  # each keeps what it saw
    ("{k: 2, f: function(x) x * k, r: (function(k) f(10))(5)}.r", "20"),
    ("(if true then abs else floor)(-1.5)", "1.5"),
    ("{f: abs}.f(n: -2)", "2"),
    ("1(2)", None),
    ("nothing(2)", None),
    ('(function(a) external {java: {class: "x", method signature: "y()"}})(1)', None),
]


@pytest.mark.parametrize(("text", "expected"), [*CONTEXTS, *FUNCTIONS], ids=[text for text, _ in CONTEXTS + FUNCTIONS])
def test_contexts_and_functions(text: str, expected: str | None) -> None:
    assert written(text, SCOPE) == expected


EQUALITY = [
    ("[1, [2]] = [1, [2]]", True),
    ("[1, 2] = [2, 1]", False),
    ("[1] = [1, null]", False),
    ('[1, 2] = [1, "a"]', None),
    ('[1, 2] = [3, "a"]', False),
    ("{a: 1, b: 2} = {b: 2, a: 1}", True),
    ("{a: 1} = {a: 1, b: null}", False),
    ("{} = []", None),
    ("[1..2] = [1..2]", True),
    ("[1..2] = (1..2]", False),
    ("(< 1) = (null..1)", False),
    ("{f: abs, r: f = f}.r", True),
    ("(function() 1) = (function() 1)", False),
    ("1 = null", False),
    ('"1" = 1', None),
    ("true = 1", None),
    ("not(1 = 2)", True),
    ('1 != "1"', None),
    ("1 in [1, 2]", True),
    ("[1] in [[1], [2]]", True),
    ("5 in [1, [4..6]]", True),
    ('1 in ["a", 2]', False),
    ('1 in ("a", 2)', None),
    ("5 in (null..10]", None),
    ("50 in (null..10]", False),
    ("null in [1..10]", None),
    ("5 in [10..1]", False),
    ("{a: 1} in ({a: 2}, {a: 1})", True),
]


@pytest.mark.parametrize(("text", "expected"), EQUALITY, ids=[text for text, _ in EQUALITY])
def test_equality_and_membership(text: str, expected: bool | None) -> None:
    assert value(text) is expected


PROBLEMS = [
    ("1 / 0", ["feel.too_large"]),
    ('1 + "a"', ["feel.operands"]),
    ("-true", ["feel.operand"]),
    ("{a: 1}.b", ["feel.no_entry"]),
    ("(1).b", ["feel.no_property"]),
    ("[1][2]", ["feel.no_item"]),
    ("unknown", ["feel.name_unknown"]),
    ('"a"(1)', ["feel.not_function"]),
    ("for x in null return x", ["feel.not_list"]),
    ("for i in 1..true return i", ["feel.not_whole"]),
    ("[2..1]", ["feel.not_range"]),
    ("(function(a) a)()", ["feel.arguments"]),
    ("(function(a: number) a)(true)", ["feel.argument_type"]),
    ("sum([1, true])", ["feel.not_numbers"]),
    ("any([1])", ["feel.not_boolean"]),
    ('max([1, "a"])', ["feel.not_comparable"]),
    ('matches("a", "(")', ["feel.pattern"]),
    ("(function() external {})()", ["feel.external"]),
    ("1 / 0 + 1", ["feel.too_large", "feel.operands"]),
    ("1 + 1", []),
    ("if false then 1 / 0 else 2", []),
]


@pytest.mark.parametrize(("text", "codes"), PROBLEMS, ids=[text for text, _ in PROBLEMS])
def test_null_says_why(text: str, codes: list[str]) -> None:
    found = problems(text)
    assert found[: len(codes)] == codes
    assert bool(found) is bool(codes)


def test_a_problem_says_where() -> None:
    at = Run()
    compile_expression("{a: 1,\n b: a / 0}").evaluate({}, at)
    (problem,) = at.diagnostics
    assert (problem.code, problem.line, problem.column, problem.offset) == ("feel.too_large", 2, 7, 13)
    assert problem.expression.startswith("{a: 1")
    assert problem.text("zh-hans") == "结果太大，或者除以了零"
    assert compile_expression("1 + true").evaluate({}, at) is None
    assert at.diagnostics[1].text("en") == "“+” has no meaning between number and boolean"


def test_functions_of_others_are_called_like_its_own() -> None:
    """As business knowledge models and decision services are."""
    kind = function_of((NUMBER, ANY), FeelType("number"))
    monthly = Function("monthly fee", ("amount", "months"), lambda values, _run: values[0] / values[1], kind)
    names = {"monthly fee": kind}
    assert written("monthly fee(120, 12)", {"monthly fee": monthly}, names=names) == "10"
    assert written("monthly fee(months: 12, amount: [120])", {"monthly fee": monthly}, names=names) == "10"
    assert written('monthly fee("a", 12)', {"monthly fee": monthly}, names=names) is None
    assert value("monthly fee instance of function<number, Any> -> number", {"monthly fee": monthly}, names=names)


def test_a_variable_hides_a_function_of_its_name_but_not_when_it_is_called() -> None:
    scope = {"date": "2024-01-01", "count": 3}
    assert written("date(date)", scope, names=scope) == "2024-01-01"
    assert written("count + 1", scope) == "4"
    assert written("count([1])", scope) == "1"
