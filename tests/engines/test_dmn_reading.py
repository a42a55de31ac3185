"""Documents are read safely, in every version, and refused with a place."""

import time

import pytest

from engines.dmn_drafting import (
    DMN,
    ask_table,
    compiled,
    decision,
    document,
    given,
    item,
    knowledge,
    literal,
    table,
    value,
)
from zhengtong.engines.dmn import DmnError, compile_model, decide, read
from zhengtong.engines.dmn.reading import MAX_BYTES, MAX_DEPTH
from zhengtong.engines.dmn.texts import TEXTS
from zhengtong.engines.dmn.vocabulary import VERSIONS

BOMB = "".join(f'<!ENTITY b{n + 1} "{f"&b{n};" * 10}">' for n in range(9))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE d [<!ENTITY b0 "x">{BOMB}]><definitions xmlns="{DMN}">&b9;</definitions>'.encode(),
    "external entity": (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions xmlns="{DMN}">&x;</definitions>'
    ).encode(),
    "external subset": f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><definitions xmlns="{DMN}"/>'.encode(),
    "after a comment": f'<?xml version="1.0"?><!-- a --><!DOCTYPE d []><definitions xmlns="{DMN}"/>'.encode(),
    "in UTF-16": f'<!DOCTYPE d [<!ENTITY x "y">]><definitions xmlns="{DMN}">&x;</definitions>'.encode("utf-16"),
}
EMPTY_NEED = '<decision id="n" name="n"><informationRequirement><requiredInput/></informationRequirement></decision>'
SMALL = document(given("a", "number"), decision("d", literal("a + 1"), inputs=["a"]))
DAMAGED = {
    "empty": b"",
    "binary": bytes(range(256)),
    "cut": SMALL[: len(SMALL) // 2],
    "two roots": SMALL + SMALL,
    "unknown entity": f'<definitions xmlns="{DMN}">&nbsp;</definitions>'.encode(),
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><definitions/>',
    "json": b'{"definitions": []}',
}


def refused(xml: bytes) -> DmnError:
    with pytest.raises(DmnError) as caught:
        compile_model(read(xml))
    assert caught.value.code in TEXTS
    assert caught.value.position is not None
    return caught.value


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_type_is_never_read(name: str) -> None:
    assert refused(HOSTILE[name]).code == "dmn.doctype"


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_a_typed_error_with_a_line(name: str) -> None:
    fault = refused(DAMAGED[name])
    assert fault.code == "dmn.not_xml"
    assert fault.position is not None
    assert fault.position.startswith("line ")


@pytest.mark.parametrize("root", ["<a/>", '<definitions xmlns="urn:x"/>', f'<decision xmlns="{DMN}"/>'])
def test_another_root_is_not_dmn(root: str) -> None:
    assert refused(root.encode()).code == "dmn.not_dmn"


def test_bounds_of_size_depth_and_number() -> None:
    with pytest.raises(DmnError) as large:
        read(b" " * (MAX_BYTES + 1))
    assert large.value.code == "dmn.too_large"
    deep = "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH
    assert refused(f'<definitions xmlns="{DMN}">{deep}</definitions>'.encode()).code == "dmn.too_deep"
    many = f'<definitions xmlns="{DMN}">{"<a/>" * 700_000}</definitions>'.encode()
    assert refused(many).code == "dmn.too_many"
    attributes = " ".join(f'a{n}="1"' for n in range(300))
    assert refused(f'<definitions xmlns="{DMN}" {attributes}/>'.encode()).code == "dmn.too_many_attributes"


@pytest.mark.parametrize("namespace", VERSIONS)
def test_every_version_is_read(namespace: str) -> None:
    model = read(document(given("a", "number"), decision("d", literal("a + 1"), inputs=["a"]), version=namespace))
    assert model.version == VERSIONS[namespace]
    assert [each.name for each in model.decisions] == ["d"]
    assert compile_model(model).findings == ()


def test_types_of_dmn_1_1_carry_prefixes() -> None:
    feel = "http://www.omg.org/spec/FEEL/20140401"
    old = next(iter(VERSIONS))
    xml = document(
        given("a", "feel:number"),
        given("b", "f:dayTimeDuration"),
        version=old,
        more=f'xmlns:feel="{feel}" xmlns:f="{feel}"',
    )
    kinds = [each.variable.type_ref for each in read(xml).inputs]
    assert kinds == ["number", "days and time duration"]


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ("dmn.name_missing", '<decision id="d"/>'),
        ("dmn.id_duplicate", given("a") + given("a")),
        ("dmn.expressions_many", decision("d", literal("1") + literal("2"))),
        ("dmn.expression_missing", decision("d", "<context><contextEntry/></context>")),
        ("dmn.part_missing", decision("d", "<conditional/>")),
        ("dmn.table_without_output", decision("d", "<decisionTable/>")),
        ("dmn.rule_width", decision("d", table("UNIQUE", [("a", "")], [("", "")], ["-"]))),
        ("dmn.attribute_value", decision("d", table("SOMETIMES", [], [("", "")], ["1"]))),
        ("dmn.href_missing", EMPTY_NEED),
        ("dmn.reference_unknown", decision("d", literal("a"), inputs=["a"])),
        ("dmn.reference_unknown", decision("d", literal("a"), calls=["i_a"]) + given("a")),
        ("dmn.parameter_missing", decision("d", "<invocation><binding/></invocation>")),
        ("dmn.row_width", decision("d", f"<relation><column name='a'/><row>{literal('1') * 2}</row></relation>")),
    ],
)
def test_what_breaks_the_schema_is_refused_with_its_line(code: str, inside: str) -> None:
    assert refused(document(inside)).code == code


def test_requirements_that_form_a_circle_are_named() -> None:
    circle = [decision("a", decisions=["b"]), decision("b", decisions=["c"]), decision("c", decisions=["a"])]
    fault = refused(document(*circle))
    assert fault.code == "dmn.cycle"
    assert "d_a → d_b → d_c → d_a" in str(fault)
    assert refused(document(decision("a", decisions=["a"]))).code == "dmn.cycle"
    mutual = [knowledge("f", [], literal("1"), calls=["k_g"]), knowledge("g", [], literal("1"), calls=["k_f"])]
    assert refused(document(*mutual)).code == "dmn.cycle"


def test_a_long_chain_of_decisions_is_no_depth() -> None:
    links = [decision(f"n{n}", literal(f"n{n - 1} + 1"), decisions=[f"n{n - 1}"]) for n in range(1, 1500)]
    assert value(decision("n0", literal("0")), *links, decision("d", literal("n1499"), decisions=["n1499"])) == 1499


def test_nested_boxes_as_deep_as_may_be_are_compiled_and_run() -> None:
    inside = literal("1")
    for _ in range((MAX_DEPTH - 8) // 2):
        inside = f"<context><contextEntry>{inside}</contextEntry></context>"
    assert value(decision("d", inside)) == 1


def test_an_import_is_found_by_its_namespace() -> None:
    inner = document(
        item("tKind", "<typeRef>string</typeRef>"),
        given("who", "tKind"),
        decision("greeting", literal('"Hello, " + who'), inputs=["who"]),
        namespace="urn:inner",
    )
    need = '<informationRequirement><requiredDecision href="urn:inner#d_greeting"/></informationRequirement>'
    outer = (
        '<import namespace="urn:inner" name="my model" importType="x"/>',
        decision("d", need + literal('my model.greeting + "!"'), kind="my model.tKind"),
    )
    decisions = compiled(*outer, imports={"inner.dmn": inner, "other.dmn": document(namespace="urn:other")})
    assert decide(decisions, {"who": "B"}).value == "Hello, B!"
    assert decide(decisions, {"my model.who": "C"}).value == "Hello, C!"
    assert decide(decisions, {"{urn:inner}who": "D"}).value == "Hello, D!"
    with pytest.raises(DmnError) as missing:
        compiled(*outer, imports={})
    assert missing.value.code == "dmn.import_missing"


def test_imported_knowledge_and_types_are_named_behind_their_import() -> None:
    inner = document(
        item("tPerson", "<itemComponent name='first name'><typeRef>string</typeRef></itemComponent>"),
        knowledge("greet all", [("who", "tPerson")], literal('"Hello, " + who.first name')),
        namespace="urn:inner",
    )
    need = '<knowledgeRequirement><requiredKnowledge href="urn:inner#k_greet all"/></knowledgeRequirement>'
    bound = f"<binding><parameter name='who'/>{literal('person')}</binding>"
    elements = (
        '<import namespace="urn:inner" name="other" importType="x"/>',
        given("person", "other.tPerson"),
        decision("d", need + literal("other.greet all(person)"), inputs=["person"]),
        decision("e", need + f"<invocation>{literal('other.greet all')}{bound}</invocation>", inputs=["person"]),
    )
    decisions = compiled(*elements, imports={"inner": inner})
    assert decisions.findings == ()
    for name in ("d", "e"):
        assert decide(decisions, {"person": {"first name": "B"}}, decision=name).value == "Hello, B"
        assert decide(decisions, {"person": {"name": "B"}}, decision=name).value is None


def test_models_may_not_import_one_another() -> None:
    other = document('<import namespace="urn:test" name="t" importType="x"/>', namespace="urn:other")
    this = document('<import namespace="urn:other" name="o" importType="x"/>')
    with pytest.raises(DmnError) as caught:
        compile_model(read(this), {"other": other, "this": this})
    assert caught.value.code == "dmn.import_cycle"


def test_what_cannot_be_compiled_is_found_and_leaves_the_rest_alone() -> None:
    decisions = compiled(
        given("a", "tNowhere"),
        decision("bad", literal("1 +* 2")),
        decision("script", literal("alert(1)", expressionLanguage="text/javascript")),
        decision("d", literal("1 + 1")),
    )
    assert {finding.code for finding in decisions.findings} == {
        "dmn.type_unknown",
        "dmn.expression_fault",
        "dmn.language",
    }
    assert all(finding.text("zh") and finding.text("en") and finding.line for finding in decisions.findings)
    assert decide(decisions, {}, decision="d").value == 2
    bad = decide(decisions, {}, decision="bad")
    assert (bad.value, [each.code for each in bad.diagnostics]) == (None, ["dmn.faulty"])


def test_ten_megabytes_of_table_are_read_and_asked_in_bounded_time() -> None:
    rows = [(f"[{n}..{n + 1})", f'"k{n % 97}"', f'"value number {n}"', f"article {n}" * 3) for n in range(36_000)]
    inputs = (("n", "number"), ("k", "string"))
    written = table("FIRST", inputs, (("", "string"),), *rows, annotations=("article",))
    assert len(written) > 8 * 1024 * 1024
    began = time.process_time()
    result = ask_table(written, {"n": 35_999, "k": f"k{35_999 % 97}"}, {"n": "number", "k": "string"}, trace=True)
    assert result.value == "value number 35999"
    assert time.process_time() - began < 30
