"""FEEL's subset: what it means, what it refuses and where, and that no data makes it fail."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.feel import FeelError, compile_expression

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
]


@pytest.mark.parametrize(("text", "value"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_meaning(text: str, value: object) -> None:
    found = compile_expression(text).evaluate(CONTEXT)
    assert found == value
    assert type(found) is type(value)


REFUSALS = [
    ("", "feel.empty", 1),
    ("1 +", "feel.expected", 4),
    ("(1", "feel.expected", 3),
    ("1 2", "feel.expected", 3),
    ("a b", "feel.expected", 3),
    ('"open', "feel.string_open", 1),
    ('"\\q"', "feel.character", 2),
    ("1 ; 2", "feel.character", 3),
    ("foo(1)", "feel.function_unknown", 1),
    ("1 + count()", "feel.arguments", 5),
    ("items[1]", "feel.unsupported", 6),
    ("2 ** 3", "feel.unsupported", 3),
    ("for x in items return x", "feel.unsupported", 1),
    ("{a: 1}", "feel.unsupported", 1),
    ("x instance of number", "feel.unsupported", 3),
    ("__import__('os')", "feel.character", 12),
    ("(" * 100 + "1" + ")" * 100, "feel.too_deep", 61),
    ("-" * 100 + "1", "feel.too_deep", 61),
    ("1" * 5000, "feel.too_long", 4000),
]


@pytest.mark.parametrize(("text", "code", "place"), REFUSALS, ids=[text[:20] or "empty" for text, _, _ in REFUSALS])
def test_refusal_says_where(text: str, code: str, place: int) -> None:
    with pytest.raises(FeelError) as refused:
        compile_expression(text)
    assert (refused.value.code, refused.value.position) == (code, f"character {place}")
    assert refused.value.text("zh-hans") != code
    assert refused.value.text("en") != code


def test_names_and_paths() -> None:
    expression = compile_expression('count(rows.n) > 1 and owner.name != "x" and list contains(items, 面积)')
    assert expression.names == {"rows", "owner", "items", "面积"}
    assert expression.paths == {("rows", "n"), ("owner", "name"), ("items",), ("面积",)}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abn"), inner, max_size=3),
    max_leaves=12,
)
EXPRESSIONS = [compile_expression(text) for text, _ in MEANINGS]


@given(st.fixed_dictionaries({name: VALUES for name in [*CONTEXT, "unknown"]}))
def test_no_data_makes_it_fail(context: dict[str, object]) -> None:
    for expression in EXPRESSIONS:
        expression.evaluate(context)


@given(st.text(alphabet='ab1 .,()[]"\\<>=!+-*/政\n{}@?', max_size=60) | st.text(max_size=60))
def test_any_text_compiles_or_is_refused_with_a_place(text: str) -> None:
    try:
        compile_expression(text).evaluate({"a": 1, "b": [2]})
    except FeelError as refused:
        assert refused.position is not None


THREE = st.sampled_from([True, False, None])


@given(THREE, THREE, THREE)
def test_three_valued_laws(a: bool | None, b: bool | None, c: bool | None) -> None:
    def value(text: str) -> object:
        return compile_expression(text).evaluate({"a": a, "b": b, "c": c})

    assert value("not(a and b)") == value("not(a) or not(b)")
    assert value("a and (b or c)") == value("a and b or a and c")
    assert value("not(not(a))") == a
