"""What is known of a decision's answer before it is asked."""

import pytest

from engines.dmn_drafting import compiled, decision, given, item, literal, table
from zhengtong.engines.dmn import DmnError, answer_type, answering, tables

PAIR = [("granted", "boolean"), ("amount", "number")]
ROW = ("-", "true", "1")
WHOLE = item("T", '<itemComponent name="granted"><typeRef>boolean</typeRef></itemComponent>')
ENTRIES = "".join(
    f'<contextEntry><variable name="{name}"/>{literal(text)}</contextEntry>' for name, text in (("a", "1"), ("b", "2"))
)


@pytest.mark.parametrize(
    ("logic", "kind", "expected"),
    [
        (table("UNIQUE", [("x", "number")], PAIR, ROW), "", "context<granted: boolean, amount: number>"),
        (table("UNIQUE", [("x", "number")], PAIR, ROW), "T", "context<granted: boolean, amount: number>"),
        (table("COLLECT", [("x", "number")], PAIR, ROW), "", "list<context<granted: boolean, amount: number>>"),
        (table("RULE ORDER", [("x", "number")], [("d", "string")], ("-", '"a"')), "", "list<string>"),
        (table("FIRST", [("x", "number")], [("d", "string")], ("-", '"a"')), "", "string"),
        (table("FIRST", [("x", "number")], [("d", "")], ("-", '"a"')), "", "Any"),
        (table("FIRST", [("x", "number")], [("d", "")], ("-", '"a"')), "string", "string"),
        (table("COLLECT", [("x", "number")], [("d", "number")], ("-", "1"), aggregation="SUM"), "", "number"),
        (table("COLLECT", [("x", "number")], [("d", "string")], ("-", '"a"'), aggregation="COUNT"), "", "number"),
        (f"<context>{ENTRIES}</context>", "", "context<a: Any, b: Any>"),
        (f"<context>{ENTRIES}<contextEntry>{literal('a + b')}</contextEntry></context>", "", "Any"),
        (literal("{granted: true}"), "T", "context<granted: boolean>"),
        (literal("{granted: true}"), "", "Any"),
        ("", "", "Any"),
    ],
)
def test_a_type_comes_from_the_declaration_and_from_the_logic(logic: str, kind: str, expected: str) -> None:
    decisions = compiled(WHOLE, given("x", "number"), decision("d", logic, inputs=["x"], kind=kind))
    assert str(answer_type(decisions, "d")) == expected


def test_a_decision_that_is_not_there_has_none() -> None:
    with pytest.raises(DmnError) as caught:
        answer_type(compiled(given("x")), "d")
    assert caught.value.code == "dmn.decision_unknown"


def test_the_type_of_an_answer_is_known_at_once_however_many_tables_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    class Watched(answering.CompiledTable):
        def __getattribute__(self, name: str) -> object:
            if name == "table":
                looked_at.append(1)
            return super().__getattribute__(name)

    monkeypatch.setattr(tables, "CompiledTable", Watched)
    one = table("FIRST", [("x", "number")], [("d", "string")], ("-", '"a"'))
    chained = [decision(f"d{number}", one, inputs=["x"]) for number in range(40)]
    decisions = compiled(given("x", "number"), *chained)
    looked_at.clear()
    assert {str(answer_type(decisions, f"d{number}")) for number in range(40)} == {"string"}
    assert len(looked_at) == 0
