"""A process as a list of steps: written as BPMN that compiles and is sound, and opened again as the same list."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engines.bpmn_drawing import NOW, chain, document, node, task
from engines.bpmn_instance import Instance
from zhengtong.engines.bpmn import ActionDone, BpmnError, compile_process, read
from zhengtong.engines.bpmn.layout import drawn_whole
from zhengtong.engines.bpmn.listing import Deed, Step, StepList, faults, open_list, write_list
from zhengtong.engines.bpmn.soundness import review

LEAVE = StepList(
    name="请假审批",
    name_en="Leave",
    steps=(
        Step("fill", "填写", role="clerk", name_en="Fill in"),
        Step("section", "部门审核", "review", "reviewer", back_to="fill"),
        Step("board", "班子会签", "sign", "decider", sign="2/3", in_turn=True, signers=3, condition="days > 5"),
        Step("told", "抄送人事", "copy", "head"),
        Step("known", "通知申请人", "notice", action="tests.tell@1"),
        Step("filed", "归档", "system", action="tests.file@1"),
    ),
)
TEXTS = st.text("审核办理 aZ9&<>\"'", min_size=1, max_size=12).map(lambda text: " ".join(text.split()) or "步骤")
VERBS = ("handle", "review", "sign", "copy", "notice", "system")


@st.composite
def lists(draw: st.DrawFn) -> StepList:
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 7))):
        verb = draw(st.sampled_from(VERBS))
        step = Step(f"step_{number}", draw(TEXTS), verb, name_en=draw(st.sampled_from(["", "Step"])))
        step = replace(step, condition=draw(st.sampled_from(["", "amount > 10", 'kind = "大额" and not(urgent)'])))
        step = replace(step, action="tests.do@1") if verb in ("notice", "system") else replace(step, role="clerk")
        if verb == "sign":
            shares, order = st.sampled_from(["all", "any", "2/3", "60%"]), draw(st.booleans())
            step = replace(step, sign=draw(shares), in_turn=order, signers=draw(st.integers(2, 4)))
        last_copy = max((place for place, each in enumerate(steps) if each.verb == "copy"), default=-1)
        earlier = [each.id for each in steps[last_copy + 1 :]]
        if verb in ("handle", "review", "sign") and earlier:
            step = replace(step, back_to=draw(st.sampled_from(["", *earlier])))
        if verb in ("review", "sign"):
            deeds = [Deed("tests.refuse@1", draw(TEXTS), "Refuse"), Deed("tests.close@1", "办结")]
            step = replace(step, disagree_to=draw(st.sampled_from(["", *earlier])))
            step = replace(step, disagree_does=tuple(deeds[: draw(st.integers(0, 2))]))
            plain = not (step.disagree_to or step.disagree_does)
            step = replace(step, disagree_on=plain and draw(st.booleans()))
        steps.append(step)
    return StepList(tuple(steps), name=draw(TEXTS))


@settings(max_examples=60, deadline=None)
@given(lists())
def test_a_list_opens_again_as_it_was_written(listed: StepList) -> None:
    assert faults(listed) == []
    xml = write_list(listed)
    assert open_list(read(xml)) == listed
    assert write_list(open_list(read(xml))) == xml
    assert drawn_whole(read(xml))


@settings(max_examples=25, deadline=None)
@given(lists())
def test_what_a_list_makes_compiles_and_is_sound(listed: StepList) -> None:
    report = review(write_list(listed))
    assert [
        each for each in report["findings"] if each.get("blocking") and each["code"] != "soundness.kind_unknown"
    ] == []  # type: ignore[attr-defined] # plain values, declared as objects
    signed = any(step.verb == "sign" for step in listed.steps)  # what several sign may not be decided
    assert report["soundness"] in (("sound", "undecided") if signed else ("sound",))


def test_other_ids_are_no_hindrance() -> None:
    xml = write_list(LEAVE)
    root = etree.fromstring(xml)
    for diagram in root.findall("{*}BPMNDiagram"):
        root.remove(diagram)
    names = {each.get("id"): f"n{place}" for place, each in enumerate(root.iter("{*}exclusiveGateway", "{*}endEvent"))}
    for element in root.iter("{*}*"):
        for key in ("id", "sourceRef", "targetRef"):
            if element.get(key) in names:
                element.set(key, names[element.get(key)])
    assert open_list(read(etree.tostring(root))) == LEAVE


def test_the_process_runs_as_the_list_says() -> None:
    case = Instance(compile_process(read(write_list(LEAVE))), days=7)
    case.done("fill")
    case.done("section", outcome="send_back")
    case.done("fill")
    case.done("section", outcome="agree")
    assert {token.element for token in case.state.tokens if token.wait == "task"} == {"board"}


def test_disagreement_goes_where_the_list_says() -> None:
    refused = (Deed("tests.refuse@1", "不予许可", "Refuse"), Deed("tests.close@1", "办结", "Close"))
    steps = (
        Step("fill", "填写", role="clerk"),
        Step("look", "审核", "review", "reviewer", disagree_to="fill", back_to="fill"),
        Step("decide", "决定", "review", "decider", disagree_does=refused),
    )
    case = Instance(compile_process(read(write_list(StepList(steps)))))
    case.done("fill")
    case.done("look", outcome="disagree")
    assert case.places == ["fill"]
    case.done("fill")
    case.done("look", outcome="agree")
    case.done("decide", outcome="disagree")
    for place in ("decide_no_1", "decide_no_2"):
        assert case.places == [place]
        case.send(ActionDone(case.at(place)))
    assert case.state.ended


def test_a_step_whose_condition_does_not_hold_is_passed_over() -> None:
    case = Instance(compile_process(read(write_list(LEAVE))), days=1)
    case.done("fill")
    case.done("section", outcome="agree")
    assert "told" in {token.element for token in case.state.tokens if token.wait == "task"}
    assert NOW.tzinfo is not None


STEP = Step("a", "办理", role="clerk")


@pytest.mark.parametrize(
    ("steps", "field", "code"),
    [
        ((), "", "bpmn.list_empty"),
        ((replace(STEP, name=" "),), "name", "bpmn.list_name"),
        ((replace(STEP, name="办\x00理"),), "name", "bpmn.list_text"),
        ((replace(STEP, role=""),), "role", "bpmn.list_role"),
        ((replace(STEP, verb="fax"),), "verb", "bpmn.list_verb"),
        ((replace(STEP, verb="system", role=""),), "action", "bpmn.list_action"),
        ((replace(STEP, verb="notice", role=""),), "action", "bpmn.list_notice"),
        ((replace(STEP, condition="amount >"),), "condition", "bpmn.list_condition"),
        ((replace(STEP, verb="sign", sign="3/2"),), "sign", "bpmn.list_sign"),
        ((replace(STEP, verb="sign", signers=1),), "sign", "bpmn.list_sign"),
        ((replace(STEP, back_to="a"),), "back_to", "bpmn.list_back"),
        ((replace(STEP, verb="review", disagree_to="a"),), "disagree", "bpmn.list_back"),
        ((STEP, replace(STEP, id="b", disagree_to="a")), "disagree", "bpmn.list_disagree"),
        ((replace(STEP, disagree_on=True),), "disagree", "bpmn.list_disagree"),
        ((replace(STEP, verb="review", disagree_does=(Deed("", "拒绝"),)),), "disagree", "bpmn.list_action"),
        ((replace(STEP, id="a_no_1"),), "id", "bpmn.list_id"),
        ((STEP, STEP), "id", "bpmn.list_id"),
        ((replace(STEP, id="1a"),), "id", "bpmn.list_id"),
        ((replace(STEP, id="a_if"),), "id", "bpmn.list_id"),
        ((STEP, replace(STEP, id="b", verb="copy"), replace(STEP, id="c", back_to="a")), "back_to", "bpmn.list_copy"),
        (tuple(replace(STEP, id=f"a{n}") for n in range(101)), "", "bpmn.list_many"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_at_the_step_and_its_field(
    steps: tuple[Step, ...], field: str, code: str
) -> None:
    listed = StepList(steps)
    assert (field, code) in [(place, fault.code) for _number, place, fault in faults(listed)]
    with pytest.raises(BpmnError):
        write_list(listed)


S, E = node("startEvent", "s"), node("endEvent", "e")


@pytest.mark.parametrize(
    "xml",
    [
        document(S, node("receiveTask", "a", messageRef="message_m"), E, chain("s", "a", "e")),
        write_list(LEAVE).replace(b"</process>", b"<textAnnotation id='t'/></process>"),
        write_list(LEAVE).replace(b'id="section_result"', b'id="section_result" name="x"'),
        write_list(LEAVE).replace(b'id="fill"', b'id="fill" zt:form="f"'),
        write_list(LEAVE).replace(b"<startEvent", b"<!-- why --><startEvent"),
        write_list(LEAVE).replace(b"<process", b'<message id="m" name="m"/><process'),
        write_list(LEAVE).replace(b'targetRef="section_no"', b'targetRef="end"'),
        write_list(LEAVE).replace(b'default="section_result_out"', b""),
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    ],
)
def test_what_a_list_cannot_say_is_refused_and_never_left_out(xml: bytes) -> None:
    with pytest.raises(BpmnError) as refusal:
        open_list(read(xml))
    assert refusal.value.code in ("bpmn.list_other", "bpmn.no_process")


def test_a_plain_line_of_tasks_drawn_by_hand_opens_as_a_list() -> None:
    body = (S, task("a", name="初审"), task("b", name="复审"), E, chain("s", "a", "b", "e"))
    xml = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zt="https://zhengtong.example/ns/bpmn/1">'
    listed = open_list(read(xml + node("process", "p", "".join(body)).encode() + b"</definitions>"))
    assert [(step.id, step.name, step.role) for step in listed.steps] == [
        ("a", "初审", "clerk"),
        ("b", "复审", "clerk"),
    ]
