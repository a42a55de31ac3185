"""Whatever is read and asked, there is an answer or a typed error, and soon."""

import copy
import json
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given as whenever
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree

from engines.dmn_drafting import DMN, decision, document, given, item, knowledge, literal, table
from zhengtong.engines import feel
from zhengtong.engines.dmn import Decisions, DmnError, analyse, compile_model, decide, explain, frames, plain, read
from zhengtong.engines.dmn.plain import MOST_PARTS
from zhengtong.engines.dmn.texts import TEXTS

LIMITS = feel.Limits(steps=20_000)
TEXTS_PUT_IN = [
    "1..9", "not(-)", '"', "function(x) x(x)", "-", "null", " and ", "[", "}", "?", "政", "UNIQUE", "#d_d", "#d_e",
    "#k_twice", "urn:test", "number", "tAge", "age", "for i in 1..1000000 return i", "twice(twice(age))", "", " " * 9,
]  # fmt: skip
ROWS = (("<18", '"a"', '"x"'), (">= twice(9)", "-", '"y"'), ("-", 'not("a")', "place"))
SOUND = document(
    item("tAge", "<typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>"),
    given("age", "tAge"),
    given("place", "string"),
    knowledge("twice", [("n", "number")], literal("n * 2"), "number"),
    decision(
        "e",
        table(
            "PRIORITY", (("age", "number"), ("place", "string")), (("o", "string", '"x","y"'),), *ROWS, defaults=['"x"']
        ),
        inputs=["age", "place"],
        calls=["k_twice"],
    ),
    decision("d", literal("for i in 1..3 return twice(i)"), decisions=["e"], calls=["k_twice"], kind="Any"),
)
GIVEN = {"age": 20, "place": "a"}


def compiled_or_refused(xml: bytes) -> Decisions | DmnError:
    """What comes of a document."""
    try:
        return compile_model(read(xml))
    except DmnError as fault:
        return fault


def ask(xml: bytes, facts: dict[str, Any]) -> str:
    """Everything that can be done with a document; the code of its refusal, "" where it is taken."""
    found = compiled_or_refused(xml)
    if isinstance(found, DmnError):
        assert found.code in TEXTS
        assert found.text("zh") != found.code
        return found.code
    for finding in analyse(found):
        assert finding.text("zh") != finding.code != finding.text("en")
    for node in found.decisions:
        if [each.element.id for each in found.decisions if node.element.id in (each.element.name, each.element.id)] != [
            node.element.id
        ]:
            continue  # damage has made its id ambiguous
        result = decide(found, facts, decision=node.element.id, run=feel.Run(limits=LIMITS), trace=True)
        assert result.trace is not None
        assert all(explain(result.trace, "en").letter())
        assert result.trace.as_dict()
        assert all(each.text("zh") for each in result.diagnostics)
    return ""


def cut(luck: random.Random) -> bytes:
    """The sound document with bytes of it cut, doubled or replaced."""
    xml = SOUND
    for _ in range(luck.randint(1, 4)):
        start = luck.randrange(len(xml))
        end = min(len(xml), start + luck.randint(0, 60))
        xml = xml[:start] + luck.choice([b"", xml[start:end] * 2, luck.randbytes(3), b"</text>"]) + xml[end:]
    return xml


def altered(luck: random.Random) -> bytes:
    """The sound document with elements of it taken out, doubled, moved, and texts and attributes changed."""
    root = etree.fromstring(SOUND)
    for _ in range(luck.randint(1, 5)):
        elements = [each for each in root.iter() if each.getparent() is not None]
        element, other = luck.choice(elements), luck.choice(elements)
        act = luck.randrange(5)
        if act == 0:
            element.getparent().remove(element)
        elif act == 1:
            element.addnext(copy.deepcopy(element))
        elif act == 2:
            other.append(copy.deepcopy(element))
        elif act == 3 and element.attrib:
            name = luck.choice(list(element.attrib))
            element.attrib.pop(name) if luck.random() < 0.3 else element.set(name, luck.choice(TEXTS_PUT_IN))
        else:
            element.text = luck.choice(TEXTS_PUT_IN)
    return etree.tostring(root)


@settings(max_examples=200, deadline=None)
@whenever(st.integers(0, 2**32), st.sampled_from([cut, altered]))
def test_a_damaged_document_is_taken_or_refused(seed: int, damage: Callable[[random.Random], bytes]) -> None:
    ask(damage(random.Random(seed)), GIVEN)


def test_the_sound_document_is_taken_and_damage_is_of_every_kind() -> None:
    assert ask(SOUND, GIVEN) == ""
    codes = {ask(altered(random.Random(seed)), GIVEN) for seed in range(200)}
    codes |= {ask(cut(random.Random(seed)), GIVEN) for seed in range(20)}
    assert {"", "dmn.not_xml", "dmn.name_missing", "dmn.reference_unknown", "dmn.id_duplicate"} <= codes


LEAVES = ["1", '"a"', "age", "null", "[1, 2]", "x", "age > 2", "{a: 1}", "function(x) x", "item", "1 +", ""]
BOXES = st.recursive(
    st.sampled_from(LEAVES).map(literal),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda boxes: f"<list>{''.join(boxes)}</list>"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda boxes: "<context>" + "".join(
                f"<contextEntry><variable name='x{n}'/>{box}</contextEntry>" for n, box in enumerate(boxes)
            ) + "</context>"
        ),
        st.tuples(inner, inner, inner).map(
            lambda b: f"<conditional><if>{b[0]}</if><then>{b[1]}</then><else>{b[2]}</else></conditional>"
        ),
        st.tuples(inner, inner).map(lambda b: f"<filter><in>{b[0]}</in><match>{b[1]}</match></filter>"),
        st.tuples(inner, inner).map(
            lambda b: f"<for iteratorVariable='x'><in>{b[0]}</in><return>{b[1]}</return></for>"
        ),
        st.tuples(inner, inner).map(
            lambda b: f"<some iteratorVariable='x'><in>{b[0]}</in><satisfies>{b[1]}</satisfies></some>"
        ),
        st.tuples(inner, inner).map(
            lambda b: f"<invocation>{b[0]}<binding><parameter name='x'/>{b[1]}</binding></invocation>"
        ),
        inner.map(lambda box: f"<functionDefinition><formalParameter name='x'/>{box}</functionDefinition>"),
    ),
    max_leaves=8,
)  # fmt: skip
FACTS = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=5), st.dates(), st.binary()
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@whenever(BOXES, FACTS, st.sampled_from(["", "number", "string", "tAge", "Any", "list<number>"]))
def test_any_boxed_expression_answers_any_fact(box: str, fact: object, kind: str) -> None:
    kinds = item("tAge", "<typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>")
    xml = document(kinds, given("age", kind), decision("d", box, inputs=["age"], kind=kind))
    assert ask(xml, {"age": fact}) == ""


CELLS = st.text(alphabet='0123456789.,-<>=()[]"abnot? \n', max_size=12)


@settings(max_examples=150, deadline=None)
@whenever(
    st.lists(st.tuples(CELLS, CELLS), max_size=4), st.sampled_from(["UNIQUE", "ANY", "PRIORITY", "COLLECT"]), FACTS
)
def test_any_table_answers_any_fact(rows: list[tuple[str, str]], policy: str, fact: object) -> None:
    written = table(policy, (("age", "number"),), (("", "", "1, 2"),), *rows)
    assert ask(document(given("age"), decision("d", written, inputs=["age"])), {"age": fact}) == ""


def test_an_empty_model_has_nothing_to_ask() -> None:
    assert ask(f'<definitions xmlns="{DMN}"/>'.encode(), {}) == ""


def _entry(name: str, text: str) -> str:
    return f"<contextEntry>{f'<variable name={name!r}/>' if name else ''}{literal(text)}</contextEntry>"


@pytest.mark.parametrize("kind", ["", "t40", "list<number>"])
def test_lists_within_one_another_many_times_over_are_not_gone_through_for_ever(kind: str) -> None:
    """Sixty entries, each twice the one before: short to write, endless to write out."""
    entries = "".join(_entry(f"x{n + 1}", f"[x{n}, x{n}]") for n in range(60))
    logic = f"<context>{_entry('x0', '[1]')}{entries}{_entry('', 'x60')}</context>"
    allowed = "<allowedValues><text>[0..9]</text></allowedValues>"
    types = [item("t0", f"<typeRef>number</typeRef>{allowed}")]
    types += [item(f"t{n}", f"<typeRef>t{n - 1}</typeRef>", isCollection="true") for n in range(1, 41)]
    began = time.process_time()
    assert ask(document(*types, decision("d", logic, kind=kind)), {}) == ""
    assert time.process_time() - began < 10


def test_more_expressions_than_can_be_read_soon_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_EXPRESSIONS", 100)
    logic = [f"<list>{''.join(literal(f'{n} + 1') for n in range(count))}</list>" for count in (100, 101)]
    assert ask(document(decision("d", logic[0])), {}) == ""
    assert ask(document(decision("d", logic[1])), {}) == "dmn.too_many_expressions"


def test_what_is_written_out_is_cut() -> None:
    value: list[Any] = [1]
    for _ in range(60):
        value = [value, value]
    assert len(json.dumps(plain(value))) < 10 * MOST_PARTS
