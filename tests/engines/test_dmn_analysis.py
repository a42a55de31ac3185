"""What is wrong with a table is found before it is used, with the rules and an example that shows it."""

import itertools
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as whenever
from hypothesis import settings
from hypothesis import strategies as st

from engines.dmn_drafting import Column, compiled, decision, given, item, literal, table
from zhengtong.engines.dmn import Finding, analyse, decide
from zhengtong.engines.dmn.errors import ANY_OTHER

NUMBER = (("n", "number"),)
TEXT = (("", "string"),)


def found(policy: str, inputs: Sequence[Column], *rows: Sequence[str], **options: Any) -> list[Finding]:
    """What is found about one table."""
    outputs = options.pop("outputs", TEXT)
    kinds = {column[0]: column[1] for column in inputs}
    elements = [given(name, kind) for name, kind in kinds.items() if name.isidentifier()]
    names = [name for name in kinds if name.isidentifier()]
    return list(
        analyse(compiled(*elements, decision("d", table(policy, inputs, outputs, *rows, **options), inputs=names)))
    )


def shown(findings: Sequence[Finding], code: str) -> list[tuple[tuple[int, ...], Mapping[str, object]]]:
    """Rules and examples of one kind."""
    return [(each.rules, each.example) for each in findings if each.code == code]


def test_a_whole_table_has_nothing_to_say_about() -> None:
    assert found("UNIQUE", NUMBER, ("<18", '"a"'), ("[18..60)", '"b"'), (">=60", '"c"')) == []


def test_a_gap_between_numbers_is_found_with_a_number_in_it() -> None:
    findings = found("UNIQUE", NUMBER, ("<18", '"a"'), (">18", '"b"'))
    assert shown(findings, "dmn.gap") == [((), {"n": 18})]
    findings = found("UNIQUE", NUMBER, ("<=5", '"a"'), (">=6", '"b"'))
    assert shown(findings, "dmn.gap") == [((), {"n": 5.5})]


def test_between_two_days_there_is_no_gap() -> None:
    day = (("n", "date"),)
    rows = (('<= date("2024-12-31")', '"a"'), ('>= date("2025-01-01")', '"b"'))
    assert found("UNIQUE", day, *rows) == []
    findings = found("UNIQUE", day, ('< date("2024-12-31")', '"a"'), ('>= @"2025-01-01"', '"b"'))
    assert shown(findings, "dmn.gap") == [((), {"n": "2024-12-31"})]


def test_durations_and_times_are_exact_too() -> None:
    months = (("n", "years and months duration"),)
    assert found("UNIQUE", months, ('< duration("P1Y")', '"a"'), ('>= duration("P12M")', '"b"')) == []
    clock = (("n", "time"),)
    rows = (('< time("12:00:00")', '"a"'), ('> time("12:00:00")', '"b"'))
    assert shown(found("UNIQUE", clock, *rows), "dmn.gap") == [((), {"n": "12:00:00"})]


def test_a_domain_limits_what_must_be_covered() -> None:
    age = (("n", "number", "[0..150]"),)
    assert found("UNIQUE", age, ("[0..60)", '"a"'), ("[60..150]", '"b"')) == []
    findings = found("UNIQUE", age, ("[0..60)", '"a"'))
    assert [example["n"] for _, example in shown(findings, "dmn.gap")] == [60]


def test_enumerations_are_covered_value_by_value() -> None:
    place = (("n", "string", '"here","there","nowhere"'),)
    findings = found("UNIQUE", place, ('"here"', '"a"'), ('"there"', '"b"'))
    assert shown(findings, "dmn.gap") == [((), {"n": "nowhere"})]
    open_text = found("UNIQUE", (("n", "string"),), ('"here"', '"a"'))
    assert shown(open_text, "dmn.gap") == [((), {"n": ANY_OTHER})]
    assert found("UNIQUE", (("n", "string"),), ('"here"', '"a"'), ('not("here")', '"b"')) == []


def test_allowed_values_of_a_type_are_the_domain() -> None:
    kind = item("tPlace", '<typeRef>string</typeRef><allowedValues><text>"here","there"</text></allowedValues>')
    logic = table("UNIQUE", (("n", "tPlace"),), TEXT, ('"here"', '"a"'))
    findings = analyse(compiled(kind, given("n", "tPlace"), decision("d", logic, inputs=["n"])))
    assert shown(findings, "dmn.gap") == [((), {"n": "there"})]


def test_a_null_that_is_allowed_must_be_covered() -> None:
    score = (("n", "number", "null, [0..9]"),)
    findings = found("UNIQUE", score, ("[0..9]", '"a"'))
    assert shown(findings, "dmn.gap") == [((), {"n": None})]
    assert found("UNIQUE", score, ("[0..9]", '"a"'), ("null", '"b"')) == []


def test_a_default_leaves_no_gap() -> None:
    assert found("UNIQUE", NUMBER, ("<18", '"a"'), defaults=('"b"',)) == []


def test_two_columns_are_looked_at_together() -> None:
    columns = (("n", "number"), ("b", "boolean"))
    findings = found("UNIQUE", columns, ("<18", "true", '"a"'), (">=18", "-", '"b"'))
    assert shown(findings, "dmn.gap") == [((), {"n": 17, "b": False})]


def test_the_same_question_in_two_columns_is_one() -> None:
    columns = (("n", "number"), ("n", "number"))
    findings = found("UNIQUE", columns, (">=0", "<10", '"a"'), ("<0", "-", '"b"'), ("-", ">=10", '"c"'))
    assert [finding.code for finding in findings] == []


def test_columns_that_depend_on_each_other_leave_a_doubt() -> None:
    columns = (("n", "number"), ("n + 1", "number"))
    findings = found("UNIQUE", columns, (">=0", "> 0", '"a"'), ("<0", "<= 0", '"b"'))
    assert {finding.code for finding in findings} == {"dmn.gap_possible", "dmn.undecided"}


def test_overlaps_break_a_unique_policy() -> None:
    findings = found("UNIQUE", NUMBER, ("<=18", '"a"'), (">=18", '"b"'))
    assert shown(findings, "dmn.overlap") == [((1, 2), {"n": 18})]
    assert [finding.blocking for finding in findings] == [True]
    assert "1、2" in findings[0].text("zh")


def test_any_forbids_different_results_only() -> None:
    rows = (("<=18", '"a"'), (">=18", '"a"'), (">=60", '"b"'))
    assert shown(found("ANY", NUMBER, *rows), "dmn.any_conflict") == [((2, 3), {"n": 60})]


def test_a_rule_behind_others_never_counts() -> None:
    rows = (("<18", '"a"'), ("<60", '"b"'), ("[10..50]", '"c"'), ("-", '"d"'), (">100", '"e"'))
    assert [rules for rules, _ in shown(found("FIRST", NUMBER, *rows), "dmn.masked")] == [(3,), (5,)]


def test_a_rule_of_less_priority_never_counts() -> None:
    outputs = (("", "string", '"high","low"'),)
    rows = ((">=10", '"high"'), (">=20", '"low"'), ("<10", '"low"'))
    findings = found("PRIORITY", NUMBER, *rows, outputs=outputs)
    assert [rules for rules, _ in shown(findings, "dmn.masked")] == [(2,)]


def test_equal_priority_with_different_results_is_found() -> None:
    outputs = (("kind", "string", '"a"'), ("fee", "number"))
    findings = found("PRIORITY", NUMBER, ("-", '"a"', "1"), (">0", '"a"', "2"), outputs=outputs)
    assert shown(findings, "dmn.priority_tie") == [((1, 2), {"n": 1})]


def test_a_condition_that_nothing_meets_is_found() -> None:
    findings = found("FIRST", (("n", "number", "[0..10]"),), (">20", '"a"'), ("-", '"b"'))
    assert [each.code for each in findings] == ["dmn.empty_rule"]
    assert findings[0].rules == (1,)


@pytest.mark.parametrize(
    ("inputs", "outputs", "row", "code"),
    [
        (NUMBER, TEXT, ('"old"', '"a"'), "dmn.cell_type"),
        ((("n", "date"),), TEXT, (">18", '"a"'), "dmn.cell_type"),
        (NUMBER, TEXT, ("-", "1"), "dmn.result_type"),
        (NUMBER, (("", "string", '"a","b"'),), ("-", '"c"'), "dmn.result_not_listed"),
        (NUMBER, (("", "number", "[0..9]"),), ("-", "10"), "dmn.result_not_listed"),
        (NUMBER, TEXT, ("1 +", '"a"'), "dmn.tests_fault"),
        (NUMBER, TEXT, ("-", "1 +"), "dmn.expression_fault"),
        ((("n", "tNone"),), TEXT, ("-", '"a"'), "dmn.type_unknown"),
    ],
)
def test_faults_of_types_are_found(
    inputs: Sequence[Column], outputs: Sequence[Column], row: tuple[str, ...], code: str
) -> None:
    findings = found("FIRST", inputs, row, outputs=outputs)
    assert code in {each.code for each in findings if each.blocking}
    assert all(each.text("zh") != each.code != each.text("en") and "{" not in each.text("en") for each in findings)


@pytest.mark.parametrize(
    ("policy", "options", "code"),
    [
        ("PRIORITY", {}, "dmn.no_output_values"),
        ("OUTPUT ORDER", {}, "dmn.no_output_values"),
        ("FIRST", {"aggregation": "SUM"}, "dmn.aggregation_policy"),
        ("COLLECT", {"aggregation": "SUM", "outputs": (("a", ""), ("b", ""))}, "dmn.aggregation_many"),
        ("FIRST", {"outputs": (("", ""), ("b", ""))}, "dmn.output_names"),
    ],
)
def test_policies_that_cannot_be_kept_are_found(policy: str, options: dict[str, Any], code: str) -> None:
    row = ("-", *('"x"' for _ in options.get("outputs", TEXT)))
    assert code in {each.code for each in found(policy, NUMBER, row, **options)}


def test_what_only_running_can_tell_is_undecided() -> None:
    findings = found("UNIQUE", (("n", "number"), ("m", "number")), ("> m", "-", '"a"'), ("<0", "-", '"b"'))
    assert "dmn.undecided" in {each.code for each in findings}
    undecided = next(each for each in findings if each.code == "dmn.undecided")
    assert "1" in undecided.text("zh")
    assert not shown(findings, "dmn.overlap")


def test_parts_of_a_model_nobody_needs_are_named() -> None:
    findings = analyse(compiled(given("a"), decision("d", literal("1")), decision("empty")))
    assert {each.code for each in findings} == {"dmn.input_unused", "dmn.no_logic"}


def test_a_great_table_is_judged_in_bounded_time() -> None:
    columns = [(f"c{n}", "number") for n in range(12)]
    rows = [[*(f"[{(n * 7 + c * 3) % 50}..{(n * 7 + c * 3) % 50 + 30}]" for c in range(12)), '"x"'] for n in range(200)]
    began = time.process_time()
    findings = found("UNIQUE", columns, *rows)
    assert time.process_time() - began < 20
    assert {"dmn.overlap", "dmn.more"} <= {each.code for each in findings}


NUMBERS = st.integers(0, 4)
CELLS = {
    "number": st.one_of(
        st.just("-"),
        NUMBERS.map(str),
        st.tuples(st.sampled_from(["<", "<=", ">", ">="]), NUMBERS).map(lambda t: f"{t[0]}{t[1]}"),
        st.tuples(NUMBERS, NUMBERS).map(lambda t: f"[{min(t)}..{max(t)})"),
        NUMBERS.map(lambda n: f"not({n})"),
    ),
    "boolean": st.sampled_from(["-", "true", "false"]),
    "string": st.sampled_from(["-", '"a"', '"b"', '"a","b"', 'not("a")']),
}
PROBES: dict[str, list[Any]] = {
    "number": [Decimal(n) / 2 for n in range(-1, 10)],
    "boolean": [True, False],
    "string": ["a", "b", "elsewhere"],
}
COLUMNS = (("n", "number"), ("b", "boolean"), ("s", "string"))
ROWS = st.lists(
    st.tuples(CELLS["number"], CELLS["boolean"], CELLS["string"], st.sampled_from(['"x"', '"y"'])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@whenever(ROWS, st.sampled_from(["UNIQUE", "ANY", "FIRST"]))
def test_findings_are_what_trying_everything_finds(rows: list[tuple[str, ...]], policy: str) -> None:
    findings = found(policy, COLUMNS, *rows)
    numbered = [[*row[:3], str(n + 1)] for n, row in enumerate(rows)]
    listing = table("RULE ORDER", COLUMNS, (("", "number"),), *numbered)
    rule_order = compiled(*(given(*column) for column in COLUMNS), decision("d", listing, inputs=["n", "b", "s"]))
    results = {n + 1: row[3] for n, row in enumerate(rows)}
    gaps, pairs, alive = False, set(), set()
    for values in itertools.product(*(PROBES[kind] for _, kind in COLUMNS)):
        matching = [int(n) for n in decide(rule_order, dict(zip("nbs", values, strict=True))).value]
        gaps = gaps or not matching
        alive |= set(matching[:1])
        pairs |= set(itertools.combinations(matching, 2))
    assert bool(shown(findings, "dmn.gap")) == gaps
    if policy == "UNIQUE":
        assert {rules for rules, _ in shown(findings, "dmn.overlap")} == pairs
    if policy == "ANY":
        different = {pair for pair in pairs if results[pair[0]] != results[pair[1]]}
        assert {rules for rules, _ in shown(findings, "dmn.any_conflict")} == different
    if policy == "FIRST":
        never = {rules[0] for code in ("dmn.masked", "dmn.empty_rule") for rules, _ in shown(findings, code)}
        assert never == set(results) - alive
    for finding in findings:
        _shows(finding, rule_order)


def _shows(finding: Finding, rule_order: Any) -> None:
    """The example of a finding makes just those rules match that it names."""
    if not finding.example:
        return
    facts = {
        n: "elsewhere" if v == ANY_OTHER else Decimal(repr(v)) if isinstance(v, float) else v
        for n, v in finding.example.items()
    }
    matching = {int(n) for n in decide(rule_order, facts).value}
    assert set(finding.rules) <= matching
    assert bool(matching) == bool(finding.rules)


GRANT = item(
    "Grant", '<itemComponent name="granted"><typeRef>boolean</typeRef></itemComponent>'
    '<itemComponent name="monthly amount"><typeRef>number</typeRef></itemComponent>'
)  # fmt: skip

GRANTED = table(
    "FIRST", [("house hold", "")], [("granted", "boolean"), ("monthly amount", "number")], ("-", "true", "1")
)


@pytest.mark.parametrize(
    ("logic", "said"),
    [
        (literal("if grant.granted then grant.monthly amount else house hold"), ""),
        (literal("if grant.allowed then 1 else 2"), "There is no entry “allowed”"),
        (literal('grant.monthly amount + "yuan"'), "“+” has no meaning between number and string"),
        (literal("house hold.whatever + grant.monthly amount"), ""),
        (table("FIRST", [("grant.sum", "number")], [("r", "number")], ("-", "1")), "There is no entry “sum”"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("granted", "kind"), [(literal("null"), "Grant"), (GRANTED, "")], ids=["declared", "a table of two columns"]
)
def test_an_expression_that_asks_for_a_column_a_decision_lacks_is_found(
    granted: str, kind: str, logic: str, said: str
) -> None:
    decisions = compiled(
        GRANT,
        given("house hold"),
        decision("grant", granted, kind=kind, inputs=["house hold"]),
        decision("d", logic, inputs=["house hold"], decisions=["grant"]),
    )
    found = [each for each in analyse(decisions) if each.code == "dmn.expression_fault"]
    assert [each.inner.text("en") for each in found if each.inner is not None] == ([said] if said else [])
    assert all(each.blocking and each.element == "d_d" for each in found)
