"""FEEL at large: what conditions mean, what is refused and where, and that neither texts nor data make it fail."""

import datetime as dt
import decimal
import time
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.engines.feel import Date, FeelError, Run, compile_expression, to_feel


class Status(StrEnum):
    """Text of a kind of its own, as choices are kept."""

    OPEN = "open"


CONTEXT = {
    "面积": 80,
    "activity": "catering",
    "items": ["hot", "drinks"],
    "owner": {"name": "张三", "born": dt.date(1990, 3, 7)},
    "rows": [{"n": 2}, {"n": 3}],
    "yes": True,
    "nothing": None,
    "price": Decimal("0.1"),
    "float": 0.1,
    "status": Status.OPEN,
    "early": dt.datetime(2025, 1, 1),
    "late": dt.datetime(2025, 1, 2, tzinfo=dt.UTC),
}

MEANINGS = [
    ("面积 >= 50", True),
    ("面积 between 50 and 80", True),
    ("面积 in [50..80)", False),
    ("面积 in (80..90]", False),
    ("面积 in ]79..90[", True),
    ("面积 in (<10, >=80)", True),
    ('activity = "catering" and not(面积 > 500)', True),
    ('activity in ("canteen", "catering")', True),
    ('activity in ["canteen", "sales"]', False),
    ('list contains(items, "hot")', True),
    ('"hot" in items', True),
    ("count(items)", Decimal(2)),
    ("sum(rows.n)", Decimal(5)),
    ("max(rows.n) - min(rows.n)", Decimal(1)),
    ("owner.name", "张三"),
    ("owner.born.year", Decimal(1990)),
    ('owner.born < date("2007-01-01")', True),
    ("date(2025, 2, 30)", None),
    ("string length(owner.name)", Decimal(2)),
    ('contains(owner.name, "三")', True),
    ('starts with(owner.name, "张")', True),
    ("if 面积 > 100 then 1 else 2", Decimal(2)),
    ("if null then 1 else 2", Decimal(2)),
    ("price + 0.2 = 0.3", True),
    ("float + 0.2 = 0.3", True),
    ("1 / 0", None),
    ('1 + "a"', None),
    ('"a" + "b"', "ab"),
    ('1 < "a"', None),
    ('1 = "1"', None),
    ("null = null", True),
    ("nothing != null", False),
    ("unknown = null", True),
    ("unknown.inside.further", None),
    ("is defined(unknown)", False),
    ("false and unknown", False),
    ("true and unknown", None),
    ("true or unknown", True),
    ("false or unknown", None),
    ("not(unknown)", None),
    ("-面积 + 2 * 3 - 4 / 8", Decimal("-74.5")),
    ("--1", Decimal(1)),
    ("abs(-1.5) + floor(-1.5) + ceiling(-1.5)", Decimal("-1.5")),
    ('"\\u653f\\u901a"', "政通"),
    ("sum([])", None),
    ("[1, 2] = [1, 2]", True),
    ("1 in []", False),
    ("3 in ((1 + 2) * 1, 4)", True),
    ("3 in (3)", True),
    ("3 in (4, (3))", True),
    ("面积 in (<10, [70..90])", True),
    ("面积 in ((70..80), (80..90))", False),
    ("1 in null", False),
    ("1 + 2 * 3 = 7 and 2 - 1 - 1 = 0", True),
    ("12 / 2 / 3", Decimal(2)),
    ("1 = 1 or 1 / 0 = 1 and false", True),
    ("if yes then 1 else 2 + 3", Decimal(1)),
    ("10 / 4", Decimal("2.5")),
    ("0.1 + 0.2 = 0.3", True),
    ("面积 between 1 and 2 or yes", True),
    ("date(2025.7, 1, 1)", None),
    ('date("2025-W12-3")', None),
    ('date("20250303")', None),
    ("date(99999999999, 1, 1)", None),
    ("all([true, null])", None),
    ("any([false, true])", True),
    ("all([])", True),
    ("any([])", False),
    ("min([])", None),
    ('min(1, "a")', None),
    ("count(nothing)", None),
    ('upper case("ab")', "AB"),
    ('ends with("abc", "c")', True),
    ("list contains([1, null], null)", True),
    ("null < 1", None),
    ("not(1)", None),
    ('1 + "1"', None),
    ("[1, null] = [1, null]", True),
    ("rows.n = [2, 3]", True),
    ('status = "open"', True),
    ("early < late", True),
]


@pytest.mark.parametrize(("text", "value"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_meaning_with_plain_values_of_python(text: str, value: object) -> None:
    found = compile_expression(text).evaluate(CONTEXT)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("text", "value"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_meaning_is_the_same_with_a_run_and_values_of_feel(text: str, value: object) -> None:
    assert compile_expression(text).evaluate(to_feel(CONTEXT), Run()) == value


REFUSALS = [
    ("", "feel.empty", 1),
    ("   ", "feel.empty", 1),
    ("1 +", "feel.value_expected", 4),
    ("(1", "feel.expected", 3),
    ("1 2", "feel.character", 3),
    ("a b", "feel.operator_expected", 3),
    ('"open', "feel.string_open", 1),
    ("@2024", "feel.string_expected", 2),
    ("1 ; 2", "feel.character", 3),
    ("1 in (2..", "feel.value_expected", 10),
    ("1 in [2..3", "feel.expected", 11),
    ("1 +* 2", "feel.character", 4),
    ("if a then 1", "feel.expected", 12),
    ("(" * 100 + "1" + ")" * 100, "feel.too_deep", 65),
    ("-" * 100 + "1", "feel.too_deep", 1),
    ("1" * 200_000, "feel.too_long", 50_001),
    ("{a 1}", "feel.expected", 5),
    ("{1: 2}", "feel.key_expected", 2),
    ("[1, 2", "feel.expected", 6),
    ("[1}", "feel.bracket", 3),
    ("for x [1] return x", "feel.name_expected", 7),
    ("for x in [1]", "feel.expected", 13),
    ("some x in [1] return x", "feel.expected", 15),
    ("function(a, ) a", "feel.name_expected", 13),
    ("x instance of", "feel.type_expected", 14),
    ("x instance of list<number", "feel.expected", 26),
    ("a.", "feel.name_expected", 3),
    ("a.1", "feel.name_expected", 3),
    ("(1, 2) + 3", "feel.tests_misplaced", 1),
    ("1 /* open", "feel.comment_open", 3),
    ('"\\uD800"', "feel.character", 2),
    ("1 else 2", "feel.end_expected", 3),
    ("and", "feel.value_expected", 1),
]


@pytest.mark.parametrize(("text", "code", "place"), REFUSALS, ids=[text[:20] or "empty" for text, _, _ in REFUSALS])
def test_refusal_says_where(text: str, code: str, place: int) -> None:
    with pytest.raises(FeelError) as refused:
        compile_expression(text)
    assert (refused.value.code, refused.value.position) == (code, f"character {place}")
    assert refused.value.offset == place - 1
    assert refused.value.text("zh-hans") != code
    assert refused.value.text("en") != code


def test_a_refusal_in_several_lines_names_line_and_column() -> None:
    with pytest.raises(FeelError) as refused:
        compile_expression("1 +\n  2 +\n  )")
    assert (refused.value.line, refused.value.column, refused.value.position) == (3, 3, "line 3, column 3")


FAULTS = [
    ("foo(1)", "feel.name_unknown", 1),
    ("1 + count()", "feel.arguments", 5),
    ("date(2025, 1)", "feel.arguments", 1),
    ("not(a, b)", "feel.arguments", 1),
    ('@"2025-02-30"', "feel.literal", 1),
    ("x instance of nothing of the kind", "feel.operator_expected", 23),
    ("x instance of nonsense", "feel.type_unknown", 3),
    ("x instance of list", "feel.type_unknown", 3),
    ("{a: 1, a: 2}", "feel.name_twice", 8),
    ("max(a: 1, 2)", "feel.names_mixed", 1),
]


@pytest.mark.parametrize(("text", "code", "place"), FAULTS, ids=[text for text, _, _ in FAULTS])
def test_what_is_surely_wrong_is_refused_where_strict(text: str, code: str, place: int) -> None:
    with pytest.raises(FeelError) as refused:
        compile_expression(text, strict=True)
    assert (refused.value.code, refused.value.offset) == (code, place - 1)


@pytest.mark.parametrize(
    ("text", "code"), [(text, code) for text, code, _ in FAULTS if code != "feel.operator_expected"]
)
def test_and_is_null_with_a_fault_where_not(text: str, code: str) -> None:
    expression = compile_expression(text)
    assert code in [fault.code for fault in expression.faults]
    assert expression.evaluate({"x": 1, "a": True, "b": True}) is None


def test_unknown_names_are_faults_where_names_are_declared() -> None:
    assert [fault.code for fault in compile_expression("a + b", names=["a"]).faults] == ["feel.name_unknown"]
    assert not compile_expression("a + b").faults


def test_names_and_paths() -> None:
    expression = compile_expression('count(rows.n) > 1 and owner.name != "x" and list contains(items, 面积)')
    assert expression.names == {"rows", "owner", "items", "面积"}
    assert expression.paths == {("rows", "n"), ("owner", "name"), ("items",), ("面积",)}


def test_names_that_the_expression_binds_are_not_asked_of_the_scope() -> None:
    text = "for x in xs return {y: x, z: y + k, f: function(w) w + x}.f(1) + item + count(xs[item > low])"
    assert compile_expression(text).names == {"xs", "k", "item", "low"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abn"), inner, max_size=3),
    max_leaves=12,
)
EXPRESSIONS = [compile_expression(text) for text, _ in MEANINGS]


@settings(deadline=None)
@given(st.fixed_dictionaries({name: VALUES for name in [*CONTEXT, "unknown"]}))
def test_no_data_makes_it_fail(context: dict[str, object]) -> None:
    for expression in EXPRESSIONS:
        expression.evaluate(context)


WORDS = """a b item 1 2.5 "x" @"2024-01-01" null true ? ( ) [ ] { } < <= = != .. . , : + - * / ** and or in between if
then else for return some every satisfies function instance of number list date time external not sum // /* \\ ' 政"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


@settings(deadline=None)
@given(st.text(max_size=60) | st.lists(PIECES, max_size=30).map(" ".join) | st.lists(PIECES, max_size=30).map("".join))
def test_any_text_compiles_or_is_refused_with_a_place(text: str) -> None:
    try:
        compile_expression(text).evaluate({"a": 1, "b": [2]})
    except FeelError as refused:
        assert refused.position is not None  # noqa: PT017
        assert 0 <= refused.offset <= len(text)  # noqa: PT017


THREE = st.sampled_from([True, False, None])


@given(THREE, THREE, THREE)
def test_three_valued_laws(a: bool | None, b: bool | None, c: bool | None) -> None:
    def value(text: str) -> object:
        return compile_expression(text).evaluate({"a": a, "b": b, "c": c})

    assert value("not(a and b)") == value("not(a) or not(b)")
    assert value("a and (b or c)") == value("a and b or a and c")
    assert value("not(not(a))") == a


@given(THREE, THREE)
def test_and_or_by_their_tables(a: bool | None, b: bool | None) -> None:
    context = {"a": a, "b": b}
    both = False if a is False or b is False else (True if a is b is True else None)
    either = True if a is True or b is True else (False if a is b is False else None)
    assert compile_expression("a and b").evaluate(context) is both
    assert compile_expression("a or b").evaluate(context) is either


AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=2)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_arithmetic_is_decimal_and_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    context = {"a": a, "b": b, "c": c}
    assert compile_expression("a + b * c - a").evaluate(context) == b * c
    assert compile_expression("a in [b..c]").evaluate(context) is (b <= a <= c)
    assert compile_expression("a in (b..c)").evaluate(context) is (b < a < c)
    assert compile_expression("a between b and c").evaluate(context) is (b <= a <= c)
    assert compile_expression("max(a, b, c) >= a and min(a, b, c) <= a").evaluate(context) is True


def test_long_chains_need_no_deep_stack() -> None:
    assert compile_expression("1" + "+1" * 1999).evaluate({}) == 2000
    assert compile_expression("1" + "*1" * 1999).evaluate({}) == 1
    assert compile_expression("a" + ".b" * 1999).evaluate({"a": {"b": 1}}) is None
    assert compile_expression("true" + " and true" * 440).evaluate({}) is True
    steps = " ".join(f"if a = {n} then {n} else" for n in range(1000))
    assert compile_expression(f"{steps} -1").evaluate({"a": 999}) == 999


def test_nested_ranges_are_read_once() -> None:
    text = "1"
    for _ in range(15):
        text = f"0+(a in ({text}..2))"
    began = time.process_time()
    compile_expression(text)
    assert time.process_time() - began < 1


def test_hostile_data_neither_fail_nor_hang() -> None:
    ring: list[object] = []
    ring.append(ring)
    loop: dict[str, object] = {}
    loop["a"] = loop
    twins: object = "x"
    for _ in range(39):
        twins = [twins, twins]
    context = {
        "a": ring,
        "b": loop,
        "c": Decimal("1E999999"),
        "d": Decimal("sNaN"),
        "e": 10**100_000,
        "f": float("inf"),
        "g": "x" * 500_000,
        "h": b"bytes",
        "i": range(10**12),
        "j": object(),
        "k": "\ud800",
        "t": twins,
    }
    texts = [
        "a = a",
        "b = b",
        "b.a.a.a = b",
        "date(c, 1, 1)",
        "c * c",
        "c + 1 > c",
        "floor(c)",
        "d = 1",
        "e + 1",
        "f > 1",
        "count(a)",
        "sum(a)",
        "max(a)",
        "string length(g + g + g)",
        "h = h",
        "i",
        "j",
        "k + k",
        "a.x",
        "c / e",
        "g" + "+g" * 500,
        "t = t",
        "string(t)",
        "count(flatten(t))",
        "t.x",
    ]
    began = time.process_time()
    for text in texts:
        compile_expression(text).evaluate(context)
    assert time.process_time() - began < 10


def test_evaluating_leaves_the_context_as_it_was() -> None:
    context = {"items": [3, 1, 2], "rows": [{"n": 1}]}
    before = repr(context)
    for text in ("items", "rows.n", "[items, rows]", "items in [items]", "sum(items)", "append(items, 4)"):
        compile_expression(text).evaluate(context)
    assert repr(context) == before


def test_an_ambient_decimal_context_changes_nothing() -> None:
    with decimal.localcontext(decimal.Context(prec=2, traps=[decimal.Inexact])):
        assert compile_expression("1 / 3 * 3 > 0.99999").evaluate({}) is True
        assert compile_expression("1 / 0").evaluate({}) is None
        assert compile_expression("1.23456 + 0 = 1.23456").evaluate({}) is True


def test_dates_of_python_become_feels_own() -> None:
    assert compile_expression("owner.born").evaluate(CONTEXT) == Date(1990, 3, 7)
