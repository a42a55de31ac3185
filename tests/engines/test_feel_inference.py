"""What is known of types without running: faults that are surely faults, and never one that is none."""

import datetime as dt

import pytest
from feel_reckoning import run
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.feel import (
    FeelType,
    compile_expression,
    compile_unary_tests,
    conforms,
    static_faults,
    static_type,
    to_feel,
)
from zhengtong.engines.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, context_of, function_of, list_of

PERSON = context_of({"name": STRING, "age": NUMBER, "born": DATE})
TYPES = {
    "n": NUMBER,
    "s": STRING,
    "d": DATE,
    "b": BOOLEAN,
    "any": ANY,
    "xs": list_of(NUMBER),
    "person": PERSON,
    "people": list_of(PERSON),
    "fee": function_of((NUMBER, STRING), NUMBER),
}
FINE = [
    ("n + 1", "number"),
    ("n + any", "Any"),
    ('s + "a"', "string"),
    ('d + @"P1D"', "date"),
    ('d - @"2024-01-01T00:00:00Z"', "days and time duration"),
    ('@"P1Y" / 2', "years and months duration"),
    ('@"P1D" / @"PT1H"', "number"),
    ("-n", "number"),
    ("n > 1 and b", "boolean"),
    ("n = null", "boolean"),
    ("if b then 1 else null", "number"),
    ('if b then 1 else "a"', "Any"),
    ("[1, 2]", "list<number>"),
    ("{a: n, b: a + 1}", "context<a: number, b: number>"),
    ("person.age", "number"),
    ("people.name", "list<string>"),
    ("people[age > 60].name", "list<string>"),
    ("people[1].born.year", "number"),
    ("xs[item > n]", "list<number>"),
    ("xs[-1]", "number"),
    ("any[whatever > 1]", "list<Any>"),
    ("any.whatever", "Any"),
    ("for x in xs return x * 2", "list<number>"),
    ("for p in people, x in xs return p.age + x", "list<number>"),
    ("for i in 1..n return partial", "list<list<Any>>"),
    ("some p in people satisfies p.age > n", "boolean"),
    ("function(a: number) a + 1", "function<number> -> number"),
    ("{f: function(a) f(a), r: f(1)}.r", "Any"),
    ("sum(xs)", "number"),
    ("sum(n, 2)", "number"),
    ("substring(s, 1)", "string"),
    ("contains([s], s)", "boolean"),
    ('date and time(d, @"10:00:00")', "date and time"),
    ("day of week(d)", "string"),
    ("fee(n, s)", "number"),
    ("fee([n], s)", "number"),
    ("n in [1..5]", "boolean"),
    ('n in (< 5, > 10) and s in ("a", "b") and n in xs', "boolean"),
    ("[1..5].start", "number"),
    ("[d..d]", "range<date>"),
    ("n between 1 and 2", "boolean"),
    ("x instance of number", "boolean"),
    ('@"2024-01-01T00:00:00@Asia/Shanghai"', "date and time"),
    ("count(n)", "number"),
    ("get value(person, s)", "Any"),
]


@pytest.mark.parametrize(("text", "kind"), FINE, ids=[text for text, _ in FINE])
def test_types_of_what_is_right(text: str, kind: str) -> None:
    expression = compile_expression(text, names=TYPES)
    assert str(static_type(expression, TYPES)) == kind
    assert static_faults(expression, TYPES) == ()


WRONG = [
    ("n + s", "feel.operands", 2),
    ("d + d", "feel.operands", 2),
    ("n * 2 + b", "feel.operands", 6),
    ("-s", "feel.operand", 0),
    ('n = "1"', "feel.operands", 2),
    ("b < true", "feel.operands", 2),
    ("n and b", "feel.not_boolean", 0),
    ("if n then 1 else 2", "feel.not_boolean", 3),
    ("person.agee", "feel.no_entry", 7),
    ("people[agee > 1]", None, 0),  # a name that leads outwards; its own fault finds it
    ("people.nam", "feel.no_entry", 7),
    ("d.hour", "feel.no_property", 2),
    ("n.x", "feel.no_property", 2),
    ("xs[s]", "feel.not_boolean", 3),
    ('xs[item > "a"]', "feel.operands", 8),
    ("for p in people return p.age + s", "feel.operands", 29),
    ("some x in xs satisfies x", "feel.not_boolean", 23),
    ("for i in s..s return i", "feel.not_whole", 4),
    ("substring(n, 1)", "feel.arguments", 0),
    ("sqrt(s)", "feel.arguments", 0),
    ("upper case(xs)", "feel.arguments", 0),
    ("fee(s, s)", "feel.argument_type", 4),
    ("fee(n)", "feel.arguments", 0),
    ("n(1)", "feel.not_function", 0),
    ('n in ("a", 2)', "feel.operands", 6),
    ('n in ["a".."c"]', "feel.operands", 5),
    ('n in < "a"', "feel.operands", 5),
    ("s in xs", "feel.operands", 5),
    ("[1.." + '"a"]', "feel.not_range", 0),
    ("n between s and 2", "feel.operands", 2),
    ("day of week(n)", "feel.arguments", 0),
    ("starts with(s, string length: 1)", None, 0),
]


@pytest.mark.parametrize(("text", "code", "offset"), WRONG, ids=[text for text, _, _ in WRONG])
def test_faults_of_types(text: str, code: str | None, offset: int) -> None:
    found = static_faults(compile_expression(text, names=TYPES), TYPES)
    if code is not None:
        assert (found[0].code, found[0].offset) == (code, offset)
        assert found[0].text("zh-hans") != code


CELLS = [
    ("< 5, [6..7]", NUMBER, None),
    ('"a", "b"', STRING, None),
    ("not(5)", NUMBER, None),
    ("-", NUMBER, None),
    ("? > n", NUMBER, None),
    ("contains(?, s)", STRING, None),
    ("null", NUMBER, None),
    ("xs", NUMBER, None),
    ("person.age", NUMBER, None),
    ('"a"', NUMBER, "feel.operands"),
    ('< "a"', NUMBER, "feel.operands"),
    ("[1..5]", STRING, "feel.operands"),
    ("> 5", BOOLEAN, "feel.operands"),
    ("contains(?, s)", NUMBER, "feel.arguments"),
    ("? + 1 > 2", STRING, "feel.operands"),
    ("not(1)", STRING, "feel.operands"),
    ("xs", STRING, "feel.operands"),
    ("true", STRING, "feel.operands"),
]


@pytest.mark.parametrize(("text", "tested", "code"), CELLS, ids=[f"{text} of {kind}" for text, kind, _ in CELLS])
def test_faults_of_cells(text: str, tested: FeelType, code: str | None) -> None:
    found = static_faults(compile_unary_tests(text, names=TYPES), TYPES, tested=tested)
    assert [fault.code for fault in found[:1]] == ([] if code is None else [code])


SCOPE = to_feel({
    "n": 3, "s": "a", "b": True, "any": [1], "xs": [1, 2, 3],
    "person": {"name": "丽", "age": 80, "born": dt.date(1946, 3, 4)},
    "people": [{"name": "明", "age": 59, "born": None}],
})  # fmt: skip
PARTS = st.sampled_from(["n", "s", "b", "xs", "person", "people", "person.age", "1", '"x"', "null", "[1, 2]", "{a: 1}"])
TEXTS = st.recursive(
    PARTS,
    lambda inner: st.builds(lambda form, a, b: form.format(a, b), st.sampled_from([
        "({} + {})", "({} * {})", "({} = {})", "({} < {})", "({} and {})", "[{}, {}]", "(if {} then {} else 1)",
        "({})[{}]", "(for x in {} return [x, {}])", "sum({}, {})", "count({}) + count({})", "({} in {})",
        "string join([string({}), string({})])", "(some x in {} satisfies x = {})", "{{a: {}, b: {}}}.a",
    ]), inner, inner),
    max_leaves=6,
)  # fmt: skip


@given(TEXTS)
def test_a_value_is_of_the_type_that_was_foreseen(text: str) -> None:
    expression = compile_expression(text, names=TYPES)
    kind = static_type(expression, TYPES)
    assert conforms(expression.evaluate(SCOPE, run()), kind), kind
