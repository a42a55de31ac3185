"""Decision tables: each hit policy, each aggregation, defaults, allowed inputs (DMN 1.5 §8.2)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as whenever
from hypothesis import strategies as st

from engines.dmn_drafting import ask_table, codes, table
from zhengtong.engines import feel
from zhengtong.engines.dmn.cells import read_cell
from zhengtong.engines.dmn.columns import MOST_INDEXED
from zhengtong.engines.feel.temporal.values import Date, DateTime, DaysDuration, MonthsDuration, Time

AGE = (("age", "number"),)
KINDS = {"age": "number"}
OVERLAPPING = ((">=18", '"adult"'), (">=60", '"elder"'), ("<18", '"child"'))


def answer(policy: str, age: object, *rows: tuple[str, ...], **options: Any) -> object:
    outputs = options.pop("outputs", (("kind", "string", '"elder","adult","child"'),))
    written = table(policy, AGE, outputs, *(rows or OVERLAPPING), **options)
    return feel.from_feel(ask_table(written, {"age": age}, KINDS).value)


@pytest.mark.parametrize(
    ("policy", "age", "expected"),
    [
        ("UNIQUE", 20, "adult"),
        ("UNIQUE", 70, None),  # two rules match
        ("UNIQUE", 7, "child"),
        ("ANY", 20, "adult"),
        ("ANY", 70, None),  # they differ
        ("FIRST", 70, "adult"),
        ("PRIORITY", 70, "elder"),
        ("PRIORITY", 20, "adult"),
        ("RULE ORDER", 70, ["adult", "elder"]),
        ("OUTPUT ORDER", 70, ["elder", "adult"]),
        ("COLLECT", 70, ["adult", "elder"]),
        ("RULE ORDER", 7, ["child"]),
    ],
)
def test_a_policy_picks_among_the_rules_that_match(policy: str, age: int, expected: object) -> None:
    assert answer(policy, age) == expected


def test_any_is_content_where_all_say_the_same() -> None:
    assert answer("ANY", 70, (">=18", '"adult"'), (">=60", '"adult"')) == "adult"


@pytest.mark.parametrize(
    ("aggregation", "years", "expected"),
    [
        ("SUM", 6, 600),
        ("MIN", 6, 100),
        ("MAX", 6, 300),
        ("COUNT", 6, 3),
        ("COUNT", 3, 2),
        ("SUM", 0, None),
        ("MAX", 0, None),
        ("COUNT", 0, 0),
    ],
)
def test_collect_adds_compares_and_counts(aggregation: str, years: int, expected: object) -> None:
    rows = ((">1", "100"), (">2", "200"), (">3", "300"))
    assert answer("COLLECT", years, *rows, outputs=(("", "number"),), aggregation=aggregation) == expected


@pytest.mark.parametrize(
    ("policy", "expected"), [("UNIQUE", None), ("FIRST", None), ("COLLECT", []), ("RULE ORDER", [])]
)
def test_where_no_rule_matches_there_is_no_answer(policy: str, expected: object) -> None:
    assert answer(policy, -1, (">0", '"adult"')) == expected


def test_no_rule_and_several_rules_are_told_apart() -> None:
    written = table("UNIQUE", AGE, (("", "string"),), (">=18", '"adult"'), (">=60", '"elder"'))
    none, several = (ask_table(written, {"age": age}, KINDS) for age in (1, 70))
    assert codes(none) == {"dmn.no_rule"}
    assert codes(several) == {"dmn.not_unique"}
    assert "1, 2" in several.diagnostics[0].text("en")


def test_a_default_answers_where_no_rule_does() -> None:
    assert answer("UNIQUE", 1, (">=18", '"adult"'), defaults=('"child"',)) == "child"
    assert answer("COLLECT", 1, (">=18", '"adult"'), defaults=('"child"',)) == "child"
    assert answer("UNIQUE", 20, (">=18", '"adult"'), defaults=('"child"',)) == "adult"


def test_several_outputs_make_a_structure() -> None:
    outputs = (("kind", "string", '"elder","adult"'), ("fee", "number", "0, 10"))
    rows = ((">=18", '"adult"', "10"), (">=60", '"elder"', "10"), (">=80", '"elder"', "0"))
    assert answer("PRIORITY", 90, *rows, outputs=outputs) == {"kind": "elder", "fee": 0}
    assert answer("OUTPUT ORDER", 90, *rows, outputs=outputs) == [
        {"kind": "elder", "fee": 0},
        {"kind": "elder", "fee": 10},
        {"kind": "adult", "fee": 10},
    ]


def test_only_allowed_inputs_are_looked_up() -> None:
    written = table("UNIQUE", (("kind", "string", '"a","b"'),), (("", "number"),), ("-", "1"))
    assert ask_table(written, {"kind": "a"}, {"kind": "string"}).value == 1
    refused = ask_table(written, {"kind": "c"}, {"kind": "string"})
    assert refused.value is None
    assert codes(refused) == {"dmn.input_not_allowed"}


def test_a_result_of_another_type_is_null() -> None:
    written = table("UNIQUE", AGE, (("", "number"),), ("-", '"many"'))
    result = ask_table(written, {"age": 1}, KINDS)
    assert result.value is None
    assert codes(result) == {"dmn.type_mismatch"}


def test_results_are_worked_out_from_the_facts() -> None:
    assert answer("UNIQUE", 20, (">=18", "age * 2"), outputs=(("", "number"),)) == 40


def test_a_cell_may_ask_about_other_facts() -> None:
    written = table("UNIQUE", AGE, (("", "string"),), ("> limit", '"over"'), ("<= limit", '"under"'))
    kinds = {"age": "number", "limit": "number"}
    assert ask_table(written, {"age": 5, "limit": 3}, kinds).value == "over"
    assert ask_table(written, {"age": 3, "limit": 3}, kinds).value == "under"


def test_a_long_table_answers_as_a_short_one() -> None:
    """Beyond what is indexed, cells are tried one by one."""
    rows = [(f"[{n}..{n + 1})", str(n)) for n in range(MOST_INDEXED + 10)]
    written = table("UNIQUE", AGE, (("", "number"),), *rows)
    assert ask_table(written, {"age": Decimal("2005.5")}, KINDS).value == 2005


NUMBERS = st.integers(-5, 5).map(Decimal)
LITERALS = {"number": NUMBERS.map(str), "string": st.sampled_from(['"a"', '"b"', '"c"', '"d"'])}
VALUES = {"number": st.one_of(NUMBERS, NUMBERS.map(lambda n: n + Decimal("0.5"))), "string": st.sampled_from("abcde")}


@st.composite
def cells(draw: st.DrawFn, kind: str) -> str:
    """A cell of literals, comparisons and ranges, perhaps negated."""

    def test() -> str:
        shape = draw(st.integers(0, 2))
        if shape == 0:
            return draw(LITERALS[kind])
        if shape == 1:
            return draw(st.sampled_from(["<", "<=", ">", ">="])) + draw(LITERALS[kind])
        low, high = sorted([draw(LITERALS[kind]), draw(LITERALS[kind])], key=_size)
        return f"{draw(st.sampled_from('[(]'))}{low}..{high}{draw(st.sampled_from('])['))}"

    null = draw(st.sampled_from([[], [], ["null"]]))
    text = ", ".join([*(test() for _ in range(draw(st.integers(1, 3)))), *null])
    return draw(st.sampled_from([text, text, f"not({text})", "-"]))


def _size(literal: str) -> tuple[Decimal, str]:
    return (Decimal(0), literal) if literal.startswith('"') else (Decimal(literal), "")


@whenever(st.data(), st.sampled_from(["number", "string"]))
def test_an_indexed_column_says_what_feel_says(data: st.DataObject, kind: str) -> None:
    texts = data.draw(st.lists(cells(kind), min_size=1, max_size=6))
    value = data.draw(VALUES[kind])
    assert all(read_cell(text) is not None for text in texts)
    written = table("RULE ORDER", (("x", kind),), (("", "number"),), *((t, str(n)) for n, t in enumerate(texts)))
    found = ask_table(written, {"x": value}, {"x": kind}).value
    expected = [n for n, text in enumerate(texts) if feel.compile_unary_tests(text).matches(value, {}) is True]
    assert found == expected, texts


OTHERS = [
    None, True, "a", Decimal(1), [Decimal(1)], ["a", "b"], {}, Date(2025, 3, 19), DaysDuration(1), MonthsDuration(1),
    Time(10, 0, 0), DateTime(Date(2025, 3, 19), Time(10, 0, 0)), feel.Range(Decimal(1), Decimal(2)),
]  # fmt: skip


@whenever(st.data(), st.sampled_from(["number", "string"]))
def test_a_value_of_another_kind_passes_what_feel_lets_pass(data: st.DataObject, kind: str) -> None:
    texts = data.draw(st.lists(cells(kind), min_size=1, max_size=4))
    value = data.draw(st.sampled_from(OTHERS))
    written = table("RULE ORDER", (("x", ""),), (("", "number"),), *((t, str(n)) for n, t in enumerate(texts)))
    found = ask_table(written, {"x": value}, {"x": ""}).value
    expected = [n for n, text in enumerate(texts) if feel.compile_unary_tests(text).matches(value, {}) is True]
    assert found == expected, texts
