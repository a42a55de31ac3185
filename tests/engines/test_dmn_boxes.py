"""Boxed expressions, functions, types and services (DMN 1.5 §10.2, §7.3, §5.3)."""

from typing import Any

import pytest

from engines.dmn_drafting import (
    boxed,
    codes,
    compiled,
    decision,
    given,
    item,
    knowledge,
    literal,
    one,
    table,
    value,
    variable,
)
from zhengtong.engines import feel
from zhengtong.engines.dmn import DmnError, decide


def entry(name: str, inside: str, kind: str = "") -> str:
    """An entry of a context; without a name its result."""
    return f"<contextEntry>{variable(name, kind) if name else ''}{inside}</contextEntry>"


def part(tag: str, text: str) -> str:
    return f"<{tag}>{literal(text)}</{tag}>"


def loop(tag: str, source: str, body: str, name: str = "x") -> str:
    inner = "return" if tag == "for" else "satisfies"
    return f'<{tag} iteratorVariable="{name}">{part("in", source)}{part(inner, body)}</{tag}>'


def test_a_context_sees_its_earlier_entries_and_gives_all_of_them() -> None:
    logic = f"<context>{entry('a', literal('1'))}{entry('b', literal('a + 1'))}</context>"
    assert boxed(logic) == {"a": 1, "b": 2}


def test_a_context_with_a_result_gives_that() -> None:
    logic = f"<context>{entry('a', literal('x'))}{entry('', literal('a * 2'))}</context>"
    assert boxed(logic, x=21) == 42


def test_an_entry_hides_a_fact_of_the_same_name() -> None:
    assert boxed(f"<context>{entry('x', literal('x + 1'))}{entry('', literal('x'))}</context>", x=1) == 2


def test_lists_and_relations() -> None:
    assert boxed(f"<list>{literal('1')}{literal('x')}</list>", x=2) == [1, 2]
    cells = [literal(text) for text in ("1", '"a"', "x", "null")]
    rows = f"<row>{cells[0]}{cells[1]}</row><row>{cells[2]}{cells[3]}</row>"
    relation = f"<relation><column name='n'/><column name='s' typeRef='string'/>{rows}</relation>"
    assert boxed(relation, x=2) == [{"n": 1, "s": "a"}, {"n": 2, "s": None}]


@pytest.mark.parametrize(("test", "expected"), [("true", "yes"), ("false", "no"), ("null", "no"), ('"text"', None)])
def test_a_conditional_wants_a_boolean(test: str, expected: object) -> None:
    parts = (part("if", test), part("then", '"yes"'), part("else", '"no"'))
    assert boxed(f"<conditional>{''.join(parts)}</conditional>") == expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [("item > 1", [2, 3]), ("false", []), ("null", []), ("2", None), ('"a"', None)],
)
def test_a_filter_keeps_what_matches_and_wants_booleans(match: str, expected: object) -> None:
    logic = f"<filter>{part('in', 'x')}{part('match', match)}</filter>"
    assert boxed(logic, x=[1, 2, 3]) == expected


def test_a_filter_sees_what_its_items_hold() -> None:
    kind = item("tRow", "<itemComponent name='n'><typeRef>number</typeRef></itemComponent>", isCollection="true")
    logic = f"<filter>{part('in', 'rows')}{part('match', 'n > 1')}</filter>"
    facts = {"rows": [{"n": 1}, {"n": 2}]}
    assert value(kind, given("rows", "tRow"), decision("d", logic, inputs=["rows"]), facts=facts) == [{"n": 2}]


def test_a_table_in_a_filter_takes_what_an_item_does_not_hold_for_null() -> None:
    kind = item("tRow", "<itemComponent name='n'><typeRef>number</typeRef></itemComponent>", isCollection="true")
    match = table("UNIQUE", [("n", "number")], [("r", "")], ["> 1", "true"], ["null", "false"])
    logic = f"<filter>{part('in', 'rows')}<match>{match}</match></filter>"
    facts = {"rows": [None, {"n": 2}]}
    assert value(kind, given("rows", "tRow"), decision("d", logic, inputs=["rows"]), facts=facts) == [{"n": 2}]


@pytest.mark.parametrize(
    ("tag", "source", "body", "expected"),
    [
        ("for", "[1, 2, 3]", "x * 2", [2, 4, 6]),
        ("for", "[]", "x", []),
        ("for", "5", "x", [5]),
        ("for", "null", "x", None),
        ("for", "[1, 2, 3]", "x + count(partial)", [1, 3, 5]),
        ("for", "[1..3]", "x", [1, 2, 3]),
        ("some", "[1, 2]", "x > 1", True),
        ("some", "[1, 2]", "x > 2", False),
        ("some", "[]", "x > 2", False),
        ("some", '[1, "a"]', "x > 2", None),
        ("some", '[3, "a"]', "x > 2", True),
        ("every", "[1, 2]", "x > 0", True),
        ("every", "[1, 2]", "x > 1", False),
        ("every", "[]", "x > 1", True),
        ("every", '[3, "a"]', "x > 2", None),
        ("every", '[1, "a"]', "x > 2", False),
    ],
)
def test_loops(tag: str, source: str, body: str, expected: object) -> None:
    assert boxed(loop(tag, source, body)) == expected


def test_a_function_is_a_value_that_keeps_what_is_around_it() -> None:
    formal = "<formalParameter name='a' typeRef='number'/>"
    function = f"<functionDefinition>{formal}{literal('a + x')}</functionDefinition>"
    logic = f"<context>{entry('add', function)}{entry('', literal('add(2)'))}</context>"
    assert boxed(logic, x=40) == 42


def test_a_function_may_call_itself_but_not_for_ever() -> None:
    count = "if n <= 1 then 1 else n * self(n - 1)"
    for logic in (
        literal(f"function(n) {count}"),
        f"<functionDefinition><formalParameter name='n'/>{literal(count)}</functionDefinition>",
    ):
        assert boxed(f"<context>{entry('self', logic)}{entry('', literal('self(5)'))}</context>") == 120
    again = knowledge("self", [("n", "number")], literal(count))
    assert value(again, decision("d", literal("self(5)"), calls=["k_self"])) == 120
    endless = knowledge("self", [("n", "number")], literal("self(n) + 1"))
    result = one(endless, decision("d", literal("self(5)"), calls=["k_self"]))
    assert result.value is None
    assert result.diagnostics


def test_an_external_function_is_never_run() -> None:
    function = "<functionDefinition kind='Java'><formalParameter name='a'/></functionDefinition>"
    logic = f"<context>{entry('f', function)}{entry('', literal('f(2)'))}</context>"
    result = one(decision("d", logic))
    assert result.value is None
    assert "dmn.external_call" in codes(result)


def test_knowledge_is_called_by_name_and_by_place() -> None:
    add = knowledge("add", [("a", "number"), ("b", "number")], literal("a - b"), "number")
    assert value(add, decision("d", literal("add(5, 3)"), calls=["k_add"])) == 2
    assert value(add, decision("d", literal("add(b: 5, a: 3)"), calls=["k_add"])) == -2
    bound = "".join(f"<binding><parameter name='{n}'/>{literal(v)}</binding>" for n, v in (("b", "5"), ("a", "3")))
    assert value(add, decision("d", f"<invocation>{literal('add')}{bound}</invocation>", calls=["k_add"])) == -2


def test_a_table_alone_has_its_inputs_for_parameters() -> None:
    logic = table("UNIQUE", (("the age", "number"),), (("", "string"),), (">= 18", '"adult"'), ("< 18", '"child"'))
    elements = [knowledge("stage", [], logic), given("x", "number")]
    asked = decision("d", literal("stage(x)"), inputs=["x"], calls=["k_stage"])
    assert value(*elements, asked, facts={"x": 20}) == "adult"
    assert value(*elements, asked, facts={"x": 2}) == "child"


@pytest.mark.parametrize(
    ("kind", "expected"), [("number", None), ("string", "one"), ("tGivesNumber", None), ("tGivesText", "one")]
)
def test_the_result_of_what_is_called_is_of_its_declared_type(kind: str, expected: object) -> None:
    types = [
        item(name, f'<functionItem outputTypeRef="{result}"/>')
        for name, result in (("tGivesNumber", "number"), ("tGivesText", "string"))
    ]
    called = knowledge("f", [], literal('"one"')).replace('<variable name="f"', f'<variable name="f" typeRef="{kind}"')
    assert value(*types, called, decision("d", literal("f()"), calls=["k_f"])) == expected
    service = (
        f"<decisionService id='s' name='s'><variable name='s' typeRef='{kind}'/>"
        "<outputDecision href='#d_one'/></decisionService>"
    )
    elements = [decision("one", literal('"one"')), service, decision("d", literal("s()"), calls=["s"])]
    assert value(*types, *elements) == expected


@pytest.mark.parametrize("bindings", [{"c": "1"}, {"a": "1", "b": "2", "c": "3"}, {"a": '"x"', "b": "1"}])
def test_a_call_with_other_arguments_is_null(bindings: dict[str, str]) -> None:
    add = knowledge("add", [("a", "number"), ("b", "number")], literal("1"))
    bound = "".join(f"<binding><parameter name='{n}'/>{literal(v)}</binding>" for n, v in bindings.items())
    result = one(add, decision("d", f"<invocation>{literal('add')}{bound}</invocation>", calls=["k_add"]))
    assert result.value is None
    assert result.diagnostics


def test_what_is_not_required_is_not_seen() -> None:
    elements = [given("seen", "number"), given("unseen", "number")]
    result = one(*elements, decision("d", literal("seen + unseen"), inputs=["seen"]), facts={"seen": 1, "unseen": 2})
    assert result.value is None


KINDS = [
    item("tNumbers", "<typeRef>number</typeRef>", isCollection="true"),
    item("tColour", '<typeRef>string</typeRef><allowedValues><text>"red","green"</text></allowedValues>'),
    item("tColours", "<typeRef>tColour</typeRef>", isCollection="true"),
    item("tPair", "<typeRef>tNumbers</typeRef><typeConstraint><text>count(?) = 2</text></typeConstraint>"),
    item(
        "tPerson",
        "<itemComponent name='name'><typeRef>string</typeRef></itemComponent>"
        "<itemComponent name='likes'><typeRef>tColour</typeRef></itemComponent>",
    ),
    item(
        "tTree",
        "<itemComponent name='n'><typeRef>number</typeRef></itemComponent>"
        "<itemComponent name='inner' isCollection='true'><typeRef>tTree</typeRef></itemComponent>",
    ),
]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("number", "1", 1),
        ("number", '"1"', None),
        ("number", "[1]", 1),
        ("number", "[1, 2]", None),
        ("tNumbers", "1", [1]),
        ("tNumbers", '["a"]', None),
        ("tColour", '"red"', "red"),
        ("tColour", '"blue"', None),
        ("tColours", '["red", "green"]', ["red", "green"]),
        ("tColours", '["red", "blue"]', None),
        ("tPair", "[1, 2]", [1, 2]),
        ("tPair", "[1, 2, 3]", None),
        ("tPerson", '{name: "A", likes: "red"}', {"name": "A", "likes": "red"}),
        ("tPerson", '{name: "A", likes: "blue"}', None),
        ("tPerson", '{name: 1, likes: "red"}', None),
        ("tPerson", '{name: "A", likes: null}', {"name": "A", "likes": None}),
        ("tTree", "{n: 1, inner: [{n: 2, inner: []}]}", {"n": 1, "inner": [{"n": 2, "inner": []}]}),
        ("Any", "[1]", [1]),
    ],
)
def test_a_value_is_made_one_of_its_type_or_null(kind: str, text: str, expected: object) -> None:
    assert value(*KINDS, decision("d", literal(text), kind=kind)) == expected
    fact = feel.compile_expression(text).evaluate({})
    asked = [given("x", kind), decision("d", literal("x"), inputs=["x"])]
    assert value(*KINDS, *asked, facts={"x": fact}) == expected


def test_a_fact_of_the_wrong_type_is_named() -> None:
    result = one(given("x", "number"), decision("d", literal("x"), inputs=["x"]), facts={"x": "one"})
    assert [each.code for each in result.diagnostics] == ["dmn.fact_type"]
    assert "“x”" in result.diagnostics[0].text("zh")


def test_missing_facts_are_named() -> None:
    elements = [given("a"), given("b"), given("c"), decision("d", literal("a"), inputs=["a", "b"])]
    assert one(*elements, facts={"b": None}).missing == ("a", "b")
    assert one(*elements, facts={"a": 1, "b": 2}).missing == ()


SERVICE = [
    given("x", "number"),
    decision("base", literal("100"), kind="number"),
    decision("d", literal("base + x"), decisions=["base"], inputs=["x"]),
    decision("double", literal("base * 2"), decisions=["base"]),
    "<decisionService id='s' name='sum'><variable name='sum'/><outputDecision href='#d_d'/>"
    "<inputDecision href='#d_base'/><inputData href='#i_x'/></decisionService>",
    "<decisionService id='two' name='two'><variable name='two'/><outputDecision href='#d_d'/>"
    "<outputDecision href='#d_double'/><encapsulatedDecision href='#d_base'/>"
    "<inputData href='#i_x'/></decisionService>",
]


def asked(service: str, facts: dict[str, Any]) -> object:
    return feel.from_feel(decide(compiled(*SERVICE), facts, service=service).value)


def test_a_service_takes_its_input_decisions_as_facts() -> None:
    assert asked("sum", {"x": 1, "base": 5}) == 6
    assert asked("sum", {"x": 1}) is None
    assert asked("two", {"x": 1, "base": 5}) == {"d": 101, "double": 200}


def test_a_service_is_called_with_data_first_and_decisions_after() -> None:
    def call(text: str) -> object:
        return value(*SERVICE[:2], SERVICE[2].replace("d_d", "d_z").replace('name="d"', 'name="z"'), *SERVICE[3:4],
                     SERVICE[4].replace("d_d", "d_z"), decision("d", literal(text), calls=["s"]))  # fmt: skip

    assert call("sum(1, 5)") == 6
    assert call("sum(base: 5, x: 1)") == 6
    assert call('sum("1", 5)') is None
    assert call("sum(1)") is None


def test_the_decision_asked_must_exist_and_be_one() -> None:
    decisions = compiled(decision("a", literal("1")), decision("b", literal("2")))
    for name, code in ((None, "dmn.decision_ambiguous"), ("c", "dmn.decision_unknown")):
        with pytest.raises(DmnError) as caught:
            decide(decisions, {}, decision=name)
        assert caught.value.code == code
    with pytest.raises(DmnError) as caught:
        decide(decisions, {}, service="s")
    assert caught.value.code == "dmn.service_unknown"
    assert decide(decisions, {}, decision="d_b").value == 2


def test_the_decision_nobody_requires_is_asked_by_itself() -> None:
    assert (
        decide(compiled(decision("a", literal("1")), decision("b", literal("a + 1"), decisions=["a"])), {}).value == 2
    )


def test_a_run_that_costs_too_much_ends() -> None:
    inner = loop("for", "x", "y", "y")
    outer = f'<for iteratorVariable="z">{part("in", "x")}<return>{inner}</return></for>'
    result = one(
        given("x"),
        decision("d", outer, inputs=["x"]),
        facts={"x": list(range(2000))},
        run=feel.Run(limits=feel.Limits(steps=10_000)),
    )
    assert result.value is None
    assert "dmn.exhausted" in codes(result)
