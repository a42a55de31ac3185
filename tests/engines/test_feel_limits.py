"""What models from anywhere may cost: hostile expressions end in bounded time, with null and a reason."""

import time
from decimal import Decimal

import pytest
from feel_reckoning import run

from zhengtong.engines.feel import (
    FeelError,
    Limits,
    Run,
    compile_expression,
    compile_unary_tests,
    from_feel,
    to_feel,
    type_of,
)

SECONDS = 10
"""Far more than any of them takes alone; the machine may be busy."""

HOSTILE = [
    ("for i in 1..1000000000 return i", "feel.too_many_items"),
    ("some i in 1..1000000000 satisfies i < 0", "feel.too_many_steps"),
    ("count(for i in 1..9999, j in 1..9999 return null)", "feel.too_many_items"),
    ("every i in 1..9999, j in 1..9999, k in 1..9999 satisfies true", "feel.too_many_steps"),
    ("for i in 1..100 return if i = 1 then \"x\" else partial[-1] + partial[-1]", "feel.operands"),
    ("for i in 1..100 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])", "feel.too_many_items"),
    ("{f: function(x) f(x + 1), r: f(1)}.r", "feel.too_many_calls"),
    ("{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(40)}.r", "feel.too_many_steps"),
    ("{y: function(g) (function(x) g(x))(function(z) y(g)(z)), r: y(function(f) f)(1)}.r", "feel.too_many_calls"),
    ("(for i in 1..60 return [partial[-1], partial[-1]])[-1] = (for i in 1..60 return [partial[-1], partial[-1]])[-1]",
     "feel.too_many_steps"),
    ("string((for i in 1..60 return [partial[-1], partial[-1]])[-1])", "feel.too_many_characters"),
    ("flatten((for i in 1..60 return [partial[-1], partial[-1]])[-1])", "feel.too_many_steps"),
    ("(for i in 1..60 return [partial[-1], partial[-1]])[-1].a", "feel.too_many_steps"),
    ("(for i in 1..30 return [partial[-1], partial[-1]])[-1] instance of " + "list<" * 30 + "number" + ">" * 30,
     "feel.too_many_steps"),
    ("count(string((for i in 1..500 return [partial[-1]])[-1]))", "feel.too_deep"),
    ("(for i in 1..500 return [partial[-1]])[-1] = (for i in 1..500 return [partial[-1]])[-1]", "feel.operands"),
    ("sort(for i in 1..100000 return -i, function(x, y) count(for j in 1..100 return j) > 0)", "feel.too_many_steps"),
    ("index of(for i in 1..3000 return [i], [0])", None),
    ("distinct values(for i in 1..5000 return [i])", "feel.too_many_steps"),
    ("string join(for i in 1..100000 return \"xxxxxxxxxxxxxxxxxxxx\", \"\")", "feel.too_many_characters"),
    ('replace(string join(for i in 1..50000 return "a"), "a", string join(for i in 1..50000 return "b"))',
     "feel.too_many_steps"),
    ("9999999999 ** 999999999", "feel.too_large"),
    ("1.0000000001 ** 999999999", None),
    ("2 ** 1e40", "feel.too_large"),
    ("decimal(1e6000, 6000)", None),
    ("modulo(1e6144, 3)", None),
    ("floor(1e6144) + ceiling(-1e6144)", None),
    ("exp(1e6000)", "feel.no_value"),
    ("1e6144 * 1e6144", "feel.too_large"),
    ("for i in 1..1e6000 return i", "feel.not_whole"),
    ("[1][1e6000]", "feel.no_item"),
    ('date("999999999-12-31") + duration("P99999999Y")', "feel.operands"),
    ('duration("P1D") * 1e6000', "feel.operands"),
    ('years and months duration(@"-999999999-01-01", @"999999999-12-31")', None),
    ('for d in @"-999999999-01-01"..@"999999999-12-31" return d', "feel.too_many_items"),
    ('range("[" + string(1) + ".." + string join(for i in 1..2000 return "9") + "]")', "feel.no_value"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), HOSTILE, ids=[text[:50] for text, _ in HOSTILE])
def test_running_is_bounded(text: str, code: str | None) -> None:
    at = run()
    began = time.process_time()
    value = compile_expression(text).evaluate({}, at)
    assert time.process_time() - began < SECONDS
    codes = [problem.code for problem in at.diagnostics]
    if code is None:
        assert value is not None
        assert codes == []
    else:
        assert code in codes


SIGNS = [
    "(",
    "[",
    "{",
    "-",
    "<",
    "=",
    ".",
    "..",
    "]",
    "@",
    '"',
    "'",
    "\\",
    "/*",
    "?",
    "政",
    "\u0300",
    "1,",
    "x()",
    "f(",
]
WORDS = ["{a: ", "{a:{a:1},", "not ", "not(", "x = ", "1 + ", "[1..", "1..2", "a ", "a.", "a[", "a.b[1]", "1 /* ",
         "if ", "if true then ", "for x in ", "some x in ", "1 in ", "1 in (", "function() ", "function(a) ",
         "x instance of list<"]  # fmt: skip
LONG = 49_000
DEEP = [piece * (LONG // len(piece)) for piece in SIGNS + WORDS] + [
    "[" * (LONG // 2) + "]" * (LONG // 2),
    "a[" * (LONG // 3) + "1" + "]" * (LONG // 3),
    "f(" * (LONG // 3) + ")" * (LONG // 3),
    "((" * 30 + "1" + "))" * 30 + " + ((" + "1 + " * (LONG // 5) + "1))",
    '"' + "\\" * LONG,
]


@pytest.mark.parametrize("text", DEEP, ids=[text[:12].replace("/", "|") for text in DEEP])
def test_reading_is_bounded(text: str) -> None:
    began = time.process_time()
    for compile_one in (compile_expression, compile_unary_tests):
        try:
            compile_one(text)
        except FeelError as refused:
            assert 0 <= refused.offset <= len(text)  # noqa: PT017
    assert time.process_time() - began < SECONDS


def test_many_names_of_many_words_are_looked_up_quickly() -> None:
    names = [" ".join(["word"] * count) for count in range(1, 300)]
    text = " + ".join([" ".join(["word"] * 250)] * 35)
    began = time.process_time()
    assert compile_expression(text, names=names).names == {" ".join(["word"] * 250)}
    assert time.process_time() - began < SECONDS


def test_limits_are_the_callers() -> None:
    at = Run(limits=Limits(items=3))
    assert compile_expression("for i in 1..4 return i").evaluate({}, at) is None
    assert at.diagnostics[0].text("en") == "Stopped: a list of more than 3 items"
    with pytest.raises(FeelError) as refused:
        compile_expression("1 + 1", limits=Limits(text=3))
    assert refused.value.code == "feel.too_long"
    with pytest.raises(FeelError) as refused:
        compile_expression("[[[1]]]", limits=Limits(depth=3))
    assert refused.value.code == "feel.too_deep"


def test_a_run_has_one_budget_for_all_its_expressions() -> None:
    at = Run(limits=Limits(steps=1_000))
    expression = compile_expression("count(for i in 1..300 return i)")
    values = [expression.evaluate({}, at) for _ in range(5)]
    assert values[0] == 300
    assert values[-1] is None


def test_problems_are_counted_too() -> None:
    at = run()
    compile_expression("for i in 1..5000 return i / 0").evaluate({}, at)
    assert len(at.diagnostics) == 100


def test_recursion_as_deep_as_is_useful_is_allowed() -> None:
    text = "{sum to: function(n) if n = 0 then 0 else n + sum to(n - 1), r: sum to(50)}.r"
    assert compile_expression(text).evaluate({}, run()) == 1275


def test_values_that_contain_themselves_or_share_their_parts_are_converted() -> None:
    ring: list[object] = [1]
    ring.append(ring)
    assert to_feel(ring) == [Decimal(1), None]
    twins: object = 1
    for _ in range(39):
        twins = [twins, twins]
    found = to_feel(twins)
    assert from_feel(found) is not None
    assert type_of(found).kind in ("list", "Any")
