"""One language: an expression means the same on a form, on a flow of a process and in a rule."""

import datetime as dt

import pytest

from zhengtong.engines import bpmn, dmn, forms

NOW = dt.datetime(2025, 3, 3, 2, tzinfo=dt.UTC)
TODAY = dt.date(2025, 3, 3)
KEYS = ("area", "kind", "items", "born")


def text(words: str) -> dict[str, str]:
    return {"zh-hans": words, "en": words}


def on_a_form(expression: str, answers: dict[str, object]) -> bool:
    """Whether a question whose condition this is would be asked."""
    options = {value: {"label": text(value)} for value in ("a", "b", "c")}
    asked = {
        "area": {"type": "number"},
        "kind": {"type": "string", "enum": ["a", "b", "c"]},
        "items": {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}},
        "born": {"type": "string", "format": "date"},
        "asked": {"type": "string"},
    }
    for key, schema in asked.items():
        schema["zt"] = {"label": text(key), **({"options": options} if key in ("kind", "items") else {})}
    asked["asked"]["zt"]["visible"] = expression
    section = {"key": "s", "title": text("s"), "fields": list(asked)}
    pages = [{"key": "p", "title": text("p"), "sections": [section]}]
    form = forms.compile_form({"type": "object", "properties": asked, "zt": {"pages": pages}})
    return "asked" in forms.visible_fields(form, answers)


def on_a_flow(expression: str, answers: dict[str, object]) -> bool:
    """Whether a process takes the flow whose condition this is."""
    written = expression.replace("&", "&amp;").replace("<", "&lt;")
    drawn = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:zt="https://zhengtong.example/ns/bpmn/1" id="d" targetNamespace="x"><process id="p" isExecutable="true">
      <startEvent id="s"/><exclusiveGateway id="g" default="no"/>
      <userTask id="taken" zt:role="clerk"/><userTask id="left" zt:role="clerk"/>
      <endEvent id="e"/><endEvent id="f"/>
      <sequenceFlow id="a" sourceRef="s" targetRef="g"/>
      <sequenceFlow id="yes" sourceRef="g" targetRef="taken">
        <conditionExpression>{written}</conditionExpression></sequenceFlow>
      <sequenceFlow id="no" sourceRef="g" targetRef="left"/>
      <sequenceFlow id="b" sourceRef="taken" targetRef="e"/><sequenceFlow id="c" sourceRef="left" targetRef="f"/>
      </process></definitions>"""
    graph = bpmn.compile_process(bpmn.read(drawn.encode()))
    data = {key: dt.date.fromisoformat(str(value)) if key == "born" else value for key, value in answers.items()}
    (token,) = bpmn.start(graph, data, NOW).state.tokens
    return token.element == "taken"


def in_a_rule(expression: str, answers: dict[str, object]) -> bool:
    """Whether a decision whose logic this is comes to true."""
    kinds = {"area": "number", "kind": "string", "items": "Any", "born": "date"}
    inputs = "".join(
        f'<inputData id="{k}" name="{k}"><variable name="{k}" typeRef="{v}"/></inputData>' for k, v in kinds.items()
    )
    needs = "".join(f'<informationRequirement><requiredInput href="#{k}"/></informationRequirement>' for k in kinds)
    written = expression.replace("&", "&amp;").replace("<", "&lt;")
    model = f"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="n">{inputs}
      <decision id="d" name="d"><variable name="d"/>{needs}
      <literalExpression><text>{written}</text></literalExpression></decision></definitions>"""
    decisions = dmn.compile_model(dmn.read(model.encode()))
    return dmn.decide(decisions, dmn.read_facts(decisions, answers), decision="d").value is True


EXPRESSIONS = (
    'kind = "a"',
    'kind in ("a", "b")',
    "area >= 500",
    "area in [50..80)",
    "area between 50 and 80",
    'list contains(items, "b")',
    "count(items) > 1 and area < 100",
    'some each in items satisfies each = "c"',
    "area * 2 + 0.1 = 160.1",
    'not(kind = "a") or area = 80',
    "if area > 60 then true else false",
    'born < date("1945-03-04")',
    "born.year = 1940",
    "area / 0 = 1",
    "kind = 3",
    "is defined(area)",
)
ANSWERS = (
    {},
    {"area": 80, "kind": "a", "items": ["a", "b"], "born": "1940-05-01"},
    {"area": 500.5, "kind": "c", "items": ["c"], "born": "1945-03-04"},
    {"area": 50, "items": []},
)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_one_expression_gives_the_same_in_all_three(expression: str) -> None:
    for answers in ANSWERS:
        known = {key: answers.get(key) for key in KEYS if answers.get(key) not in (None, [])}
        found = {where.__name__: where(expression, known) for where in (on_a_form, on_a_flow, in_a_rule)}
        assert len(set(found.values())) == 1, (expression, known, found)


def test_the_answers_are_not_all_alike() -> None:
    """The expressions above are true for some answers and not for others: the test could tell a difference."""
    seen = {
        in_a_rule(each, {k: v for k, v in answers.items() if v != []}) for each in EXPRESSIONS for answers in ANSWERS
    }
    assert seen == {True, False}
