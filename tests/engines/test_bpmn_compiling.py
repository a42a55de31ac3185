"""What is refused for execution, by id and reason, and what is only noticed."""

import pathlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from engines.bpmn_drawing import (
    NOW,
    chain,
    clock,
    compensate,
    condition,
    document,
    error,
    flow,
    graph,
    handler,
    line,
    message,
    node,
    process,
    script,
    service,
    signal,
    sub,
    task,
    timer,
    undoable,
    undone,
)
from zhengtong.engines.bpmn import (
    BpmnError,
    CreateTask,
    Finding,
    ModelRefused,
    TaskCompleted,
    Timer,
    check,
    compile_process,
    read,
    start,
    step,
    write,
)
from zhengtong.engines.bpmn.compilation.vocabulary import RULES
from zhengtong.engines.bpmn.instants import Duration, parse_duration, parse_instant
from zhengtong.engines.bpmn.soundness import Verdict, examine

START, END = node("startEvent", "s"), node("endEvent", "e")
SIMPLE = START + task("a") + END + chain("s", "a", "e")
FOREIGN = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def _findings(*body: str, **attributes: str) -> tuple[Finding, ...]:
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(document(*body, **attributes)))
    return caught.value.findings


def _between(tag: str, name: str = "x", inside: str = "", /, **attributes: str) -> str:
    return START + node(tag, name, inside, **attributes) + END + chain("s", name, "e")


def _gateway(*flows: str, **attributes: str) -> str:
    return START + node("exclusiveGateway", "g", **attributes) + END + node("endEvent", "f") + "".join(flows)


def _asked(*conditions: str) -> str:
    """A flow with several conditions."""
    written = "".join(f"<conditionExpression>{condition}</conditionExpression>" for condition in conditions)
    return f'<sequenceFlow id="x" sourceRef="g" targetRef="f">{written}</sequenceFlow>'


def _data(inside: str) -> str:
    return f"<dataInputAssociation>{inside}</dataInputAssociation>"


def _many(inside: str) -> str:
    return f"<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>"


CONDITION = "<conditionalEventDefinition/>"
CANCELLED = "<cancelEventDefinition/>"
NO_WAIT = '<compensateEventDefinition waitForCompletion="false"/>'
HANDLER = {"triggeredByEvent": "true"}
LINK = '<linkEventDefinition name="on"/>'
EXTENSION = f"<extensionElements><camunda:properties {FOREIGN}/></extensionElements>"
REFUSED: list[tuple[str, str, str, str]] = [
    ("no script", _between("scriptTask"), "bpmn.script_missing", "x"),
    ("script that cannot be read", START + script("x", "1 +"), "bpmn.expression_unreadable", "x"),
    ("script that assigns as elsewhere", START + script("x", "v = 1"), "bpmn.script_result", "x"),
    ("script of a number", START + script("x", "1"), "bpmn.script_result", "x"),
    ("foreign script", START + script("x", "1", scriptFormat="python"), "bpmn.language_unsupported", "x"),
    ("send task without message", _between("sendTask"), "bpmn.message_missing", "x"),
    ("call of nothing", _between("callActivity"), "bpmn.call_missing", "x"),
    ("call of the unknown", _between("callActivity", calledElement="q"), "bpmn.call_unknown", "x"),
    ("complex gateway", _between("complexGateway"), "bpmn.element_unsupported", "x"),
    ("ad-hoc without activities", _between("adHocSubProcess"), "bpmn.adhoc_empty", "x"),
    (
        "ad-hoc with a start",
        _between("adHocSubProcess", "h", task("a") + node("startEvent", "x") + chain("x", "a")),
        "bpmn.adhoc_event",
        "x",
    ),
    (
        "ad-hoc with an end",
        _between("adHocSubProcess", "h", task("a") + node("endEvent", "x") + chain("a", "x")),
        "bpmn.adhoc_event",
        "x",
    ),
    (
        "ad-hoc gateway that nothing leads to",
        _between("adHocSubProcess", "h", task("a") + node("exclusiveGateway", "x") + chain("x", "a")),
        "bpmn.incoming_missing",
        "x",
    ),
    (
        "ad-hoc condition that cannot be read",
        _between("adHocSubProcess", "x", task("a") + "<completionCondition>1 +</completionCondition>"),
        "bpmn.expression_unreadable",
        "x",
    ),
    (
        "two ad-hoc conditions",
        _between("adHocSubProcess", "x", task("a") + 2 * "<completionCondition>v</completionCondition>"),
        "bpmn.element_twice",
        "x",
    ),
    ("ad-hoc by event", _between("adHocSubProcess", "x", task("a"), **HANDLER), "bpmn.attribute_unsupported", "x"),
    ("unknown order", _between("adHocSubProcess", "x", task("a"), ordering="Free"), "bpmn.attribute_unsupported", "x"),
    ("unknown element", _between("frobnicate"), "bpmn.element_unsupported", "x"),
    (
        "two conditions of a flow",
        _gateway(flow("s", "g"), flow("g", "e", name="no"), _asked("v", "w"), default="no"),
        "bpmn.element_twice",
        "x",
    ),
    (
        "two numbers of times",
        _between("userTask", "x", _many(2 * "<loopCardinality>2</loopCardinality>")),
        "bpmn.element_twice",
        "x",
    ),
    (
        "two conditions of an event",
        _between("intermediateCatchEvent", "x", condition("v").replace("</cond", "</condition><condition>w</cond", 1)),
        "bpmn.element_twice",
        "x",
    ),
    ("two specifications of data", _between("userTask", "x", 2 * "<ioSpecification/>"), "bpmn.element_twice", "x"),
    (
        "lane of something",
        SIMPLE + '<laneSet id="l"><lane id="x" partitionElementRef="r"/></laneSet>',
        "bpmn.attribute_unsupported",
        "x",
    ),
    ("of what", _between("userTask", "x", "<multiInstanceLoopCharacteristics/>"), "bpmn.instances_missing", "x"),
    (
        "of two things",
        _between("userTask", "x", _many("<loopCardinality>2</loopCardinality><loopDataInputRef>l</loopDataInputRef>")),
        "bpmn.instances_missing",
        "x",
    ),
    (
        "half an output",
        _between("userTask", "x", _many('<loopCardinality>2</loopCardinality><outputDataItem id="o"/>')),
        "bpmn.instances_output",
        "x",
    ),
    (
        "unreadable number of times",
        _between("userTask", "x", _many("<loopCardinality>2 +</loopCardinality>")),
        "bpmn.expression_unreadable",
        "x",
    ),
    (
        "events of single times",
        _between("userTask", "x", '<multiInstanceLoopCharacteristics behavior="One"/>'),
        "bpmn.attribute_unsupported",
        "x",
    ),
    ("endless loop", _between("userTask", "x", "<standardLoopCharacteristics/>"), "bpmn.loop_endless", "x"),
    (
        "loop of no times",
        _between("userTask", "x", '<standardLoopCharacteristics loopMaximum="0"/>'),
        "bpmn.loop_maximum",
        "x",
    ),
    (
        "two loops",
        _between("userTask", "x", 2 * '<standardLoopCharacteristics loopMaximum="2"/>'),
        "bpmn.loop_misplaced",
        "x",
    ),
    (
        "repeated event sub-process",
        SIMPLE + handler("x", timer(), '<standardLoopCharacteristics loopMaximum="2"/>'),
        "bpmn.loop_misplaced",
        "x",
    ),
    ("data of nowhere", _between("userTask", "x", _data("<sourceRef>gone</sourceRef>")), "bpmn.data_unknown", "x"),
    (
        "data of a store",
        _between("userTask", "x", _data("<sourceRef>t</sourceRef>")) + '<dataStoreReference id="t"/>',
        "bpmn.data_store",
        "x",
    ),
    (
        "data of two",
        _between("userTask", "x", _data("<sourceRef>d</sourceRef><sourceRef>d</sourceRef>")) + '<dataObject id="d"/>',
        "bpmn.data_sources",
        "x",
    ),
    ("data without ends", _between("userTask", "x", _data("")), "bpmn.data_nowhere", "x"),
    (
        "assignment into a part",
        _between("userTask", "x", _data("<assignment><from>1</from><to>a.b</to></assignment>")),
        "bpmn.data_assignment",
        "x",
    ),
    (
        "transformation that cannot be read",
        _between("userTask", "x", _data("<transformation>1 +</transformation>")),
        "bpmn.expression_unreadable",
        "x",
    ),
    ("assignment", _between("userTask", "x", '<potentialOwner id="o"/>'), "bpmn.element_unsupported", "o"),
    ("flow to what undoes", _between("userTask", isForCompensation="true"), "bpmn.incoming_forbidden", "x"),
    ("undoes nothing", SIMPLE + task("x", isForCompensation="true"), "bpmn.compensation_unused", "x"),
    (
        "undone by what is no handler",
        SIMPLE + task("b") + undone("a", "b") + chain("a", "b"),
        "bpmn.compensation_handler",
        "a_c",
    ),
    (
        "undone by what stands elsewhere",
        START + undoable("a") + sub("q", task("b"), undone("b", "un_a"), chain("q_s", "b")) + chain("s", "a", "q"),
        "bpmn.compensation_handler",
        "b_c",
    ),
    (
        "undone twice",
        START
        + undoable("a")
        + task("x", isForCompensation="true")
        + undone("a", "x").replace("a_c", "c2")
        + chain("s", "a"),
        "bpmn.compensation_twice",
        "c2",
    ),
    (
        "flow out of what undoes",
        START + undoable("a") + END + chain("s", "a", "e") + flow("a_c", "e"),
        "bpmn.outgoing_forbidden",
        "a_c",
    ),
    (
        "to undo what cannot be undone",
        SIMPLE + node("endEvent", "x", compensate("a")) + chain("a", "x"),
        "bpmn.compensation_target",
        "x",
    ),
    (
        "to undo what stands elsewhere",
        START
        + sub("q", undoable("a"), chain("q_s", "a"))
        + node("endEvent", "x", compensate("a"))
        + chain("s", "q", "x"),
        "bpmn.compensation_target",
        "x",
    ),
    ("not to wait for it", _between("intermediateThrowEvent", "x", NO_WAIT), "bpmn.attribute_unsupported", "x"),
    (
        "process undone by itself",
        SIMPLE + handler("h", compensate(), END.replace("e", "f")),
        "bpmn.compensation_start",
        "h_s",
    ),
    (
        "start by compensation",
        SIMPLE + node("startEvent", "x", compensate()) + chain("x", "a"),
        "bpmn.start_caught",
        "x",
    ),
    ("cancelled process", START + node("endEvent", "x", CANCELLED) + chain("s", "x"), "bpmn.cancel_misplaced", "x"),
    (
        "cancelled task",
        SIMPLE + node("boundaryEvent", "x", CANCELLED, attachedToRef="a") + chain("x", "e"),
        "bpmn.cancel_misplaced",
        "x",
    ),
    (
        "cancelled and then",
        _between("transaction", "x", node("startEvent", "i") + node("endEvent", "j", CANCELLED) + chain("i", "j")),
        "bpmn.cancel_uncaught",
        "x",
    ),
    ("transaction by event", _between("transaction", "x", **HANDLER), "bpmn.attribute_unsupported", "x"),
    ("transaction of services", _between("transaction", "x", method="##Store"), "bpmn.attribute_unsupported", "x"),
    ("quantity", _between("userTask", startQuantity="2"), "bpmn.attribute_unsupported", "x"),
    ("implementation", _between("userTask", implementation="urn:x"), "bpmn.attribute_unsupported", "x"),
    ("unknown attribute", _between("userTask", colour="red"), "bpmn.attribute_unsupported", "x"),
    ("unknown own attribute", _between("userTask", zt_roles="a"), "bpmn.attribute_unsupported", "x"),
    ("misplaced own attribute", _between("userTask", zt_action="a.b@1"), "bpmn.attribute_unsupported", "x"),
    ("foreign extension", _between("userTask", "x", EXTENSION), "bpmn.extension_unsupported", "x"),
    ("no action", _between("serviceTask"), "bpmn.action_missing", "x"),
    ("action without version", _between("serviceTask", zt_action="cases.accept"), "bpmn.action_unreadable", "x"),
    ("no decision", _between("businessRuleTask"), "bpmn.decision_missing", "x"),
    ("no message", _between("receiveTask"), "bpmn.message_missing", "x"),
    ("unknown message", _between("receiveTask", messageRef="nothing"), "bpmn.message_missing", "x"),
    ("no trigger", _between("intermediateCatchEvent"), "bpmn.event_definitions", "x"),
    ("two triggers", _between("intermediateCatchEvent", "x", message() + timer()), "bpmn.event_definitions", "x"),
    ("no signal", _between("intermediateCatchEvent", "x", "<signalEventDefinition/>"), "bpmn.signal_missing", "x"),
    ("no signal to throw", _between("intermediateThrowEvent", "x", signal("z")), "bpmn.signal_missing", "x"),
    ("throwing a timer", _between("intermediateThrowEvent", "x", timer()), "bpmn.element_unsupported", "x"),
    ("bad cycle", _between("intermediateCatchEvent", "x", timer("R0/P1D", "timeCycle")), "bpmn.timer_unreadable", "x"),
    ("bad date", _between("intermediateCatchEvent", "x", timer("2025-3-1", "timeDate")), "bpmn.timer_unreadable", "x"),
    ("no condition to wait for", _between("intermediateCatchEvent", "x", CONDITION), "bpmn.condition_absent", "x"),
    (
        "bad condition to wait for",
        _between("intermediateCatchEvent", "x", condition("v ==")),
        "bpmn.condition_unreadable",
        "x",
    ),
    ("lost link", START + node("intermediateThrowEvent", "x", LINK) + chain("s", "x"), "bpmn.link_lost", "x"),
    (
        "link caught twice",
        SIMPLE + "".join(node("intermediateCatchEvent", name, LINK) + chain(name, "e") for name in "yx"),
        "bpmn.link_twice",
        "x",
    ),
    ("flow into a link", _between("intermediateCatchEvent", "x", LINK), "bpmn.incoming_forbidden", "x"),
    ("flow out of a link", _between("intermediateThrowEvent", "x", LINK), "bpmn.outgoing_forbidden", "x"),
    ("link nothing leads to", SIMPLE + node("intermediateThrowEvent", "x", LINK), "bpmn.incoming_missing", "x"),
    ("no time", _between("intermediateCatchEvent", "x", "<timerEventDefinition/>"), "bpmn.timer_missing", "x"),
    ("bad time", _between("intermediateCatchEvent", "x", timer("5 days")), "bpmn.timer_unreadable", "x"),
    ("no start", task("x") + END + chain("x", "e"), "bpmn.start_missing", "p"),
    ("two starts", SIMPLE + node("startEvent", "s2") + chain("s2", "a"), "bpmn.start_multiple", "p"),
    ("unreached", SIMPLE + task("x") + chain("x", "e"), "bpmn.incoming_missing", "x"),
    ("into start", SIMPLE + task("x") + chain("a", "x", "s"), "bpmn.incoming_forbidden", "s"),
    ("out of end", SIMPLE + task("x") + chain("e", "x"), "bpmn.outgoing_forbidden", "e"),
    ("start alone", SIMPLE + node("startEvent", "x", message()), "bpmn.outgoing_missing", "x"),
    ("lost target", SIMPLE + flow("a", "nowhere", name="x"), "bpmn.flow_target_missing", "x"),
    ("lost source", SIMPLE + flow("nowhere", "a", name="x"), "bpmn.flow_source_missing", "x"),
    ("no target", SIMPLE + '<sequenceFlow id="x" sourceRef="a"/>', "bpmn.flow_target_missing", "x"),
    (
        "crossing",
        SIMPLE
        + node("subProcess", "sub", node("startEvent", "i") + task("x") + chain("i", "x"))
        + chain("a", "sub")
        + flow("a", "x", name="crosses"),
        "bpmn.flow_crosses",
        "crosses",
    ),
    (
        "wrong reference",
        START + node("userTask", "x", "<incoming>s_x</incoming><outgoing>gone</outgoing>") + chain("s", "x"),
        "bpmn.flow_reference",
        "x",
    ),
    ("same id", SIMPLE + task("a"), "bpmn.id_duplicate", "a"),
    ("no id", SIMPLE + "<userTask/>", "bpmn.id_missing", "p"),
    (
        "no condition",
        _gateway(flow("s", "g"), flow("g", "e", "v = 1"), flow("g", "f")),
        "bpmn.condition_missing",
        "g_f",
    ),
    (
        "condition on default",
        _gateway(flow("s", "g"), flow("g", "e", "v = 1"), flow("g", "f", "v = 2"), default="g_f"),
        "bpmn.condition_forbidden",
        "g_f",
    ),
    (
        "foreign default",
        _gateway(flow("s", "g"), flow("g", "e", "v = 1"), flow("g", "f", "v = 2"), default="s_g"),
        "bpmn.default_unknown",
        "g",
    ),
    (
        "bad condition",
        _gateway(flow("s", "g"), flow("g", "e", "v == 1"), flow("g", "f", "v = 2")),
        "bpmn.condition_unreadable",
        "g_e",
    ),
    ("condition after start", START + END + flow("s", "e", "v = 1"), "bpmn.condition_forbidden", "s_e"),
    (
        "condition after fork",
        START + END + node("parallelGateway", "g") + flow("s", "g") + flow("g", "e", "v = 1"),
        "bpmn.condition_forbidden",
        "g_e",
    ),
    (
        "boundary on nothing",
        SIMPLE + node("boundaryEvent", "x", timer(), attachedToRef="zz") + chain("x", "e"),
        "bpmn.boundary_host",
        "x",
    ),
    (
        "boundary on gateway",
        _gateway(flow("s", "g"), flow("g", "e"))
        + node("boundaryEvent", "x", timer(), attachedToRef="g")
        + chain("x", "f"),
        "bpmn.boundary_host",
        "x",
    ),
    (
        "boundary leads nowhere",
        SIMPLE + node("boundaryEvent", "x", timer(), attachedToRef="a"),
        "bpmn.outgoing_missing",
        "x",
    ),
    (
        "choice of a task",
        START + node("eventBasedGateway", "g") + task("x") + chain("s", "g", "x"),
        "bpmn.choice_target",
        "x",
    ),
    ("empty sub-process", _between("subProcess"), "bpmn.start_missing", "x"),
    (
        "message start inside",
        _between("subProcess", "x", node("startEvent", "i", message()) + node("endEvent", "j") + chain("i", "j")),
        "bpmn.start_triggered",
        "i",
    ),
    ("event sub-process without trigger", SIMPLE + handler("x", ""), "bpmn.handler_start", "x"),
    ("event sub-process without start", SIMPLE + node("subProcess", "x", **HANDLER), "bpmn.handler_start", "x"),
    ("flow to an event sub-process", SIMPLE + handler("x", timer()) + flow("a", "x"), "bpmn.incoming_forbidden", "x"),
    ("flow from an event sub-process", SIMPLE + handler("x", timer()) + flow("x", "e"), "bpmn.outgoing_forbidden", "x"),
    (
        "boundary on an event sub-process",
        SIMPLE + handler("c", timer()) + node("boundaryEvent", "x", timer(), attachedToRef="c") + chain("x", "e"),
        "bpmn.boundary_host",
        "x",
    ),
    ("start by error", SIMPLE + node("startEvent", "x", error("x")) + chain("x", "a"), "bpmn.start_caught", "x"),
    (
        "start beside nothing",
        SIMPLE + node("startEvent", "x", timer(), isInterrupting="false") + chain("x", "a"),
        "bpmn.start_beside",
        "x",
    ),
    ("error without code", START + node("endEvent", "x", error()) + chain("s", "x"), "bpmn.code_missing", "x"),
    ("unknown error", START + node("endEvent", "x", error("z")) + chain("s", "x"), "bpmn.code_missing", "x"),
    (
        "unknown error to catch",
        SIMPLE + node("boundaryEvent", "x", error("z"), attachedToRef="a") + chain("x", "e"),
        "bpmn.code_missing",
        "x",
    ),
    (
        "error beside a task",
        SIMPLE + node("boundaryEvent", "x", error(), attachedToRef="a", cancelActivity="false") + chain("x", "e"),
        "bpmn.error_beside",
        "x",
    ),
    (
        "parallel choice",
        START + node("eventBasedGateway", "x", eventGatewayType="Parallel") + chain("s", "x"),
        "bpmn.choice_parallel",
        "x",
    ),
    (
        "beginning inside",
        START + sub("q", node("receiveTask", "x", messageRef="message_m", instantiate="true")) + chain("s", "q"),
        "bpmn.instantiate_inside",
        "x",
    ),
    (
        "flow to what begins",
        SIMPLE + node("receiveTask", "x", messageRef="message_m", instantiate="true") + chain("a", "x"),
        "bpmn.incoming_forbidden",
        "x",
    ),
    ("error between", _between("intermediateThrowEvent", "x", error("x")), "bpmn.element_unsupported", "x"),
    (
        "deep inside",
        _between("subProcess", "x", START.replace('"s"', '"i"') + node("complexGateway", "deep")),
        "bpmn.element_unsupported",
        "deep",
    ),
]


@pytest.mark.parametrize(("body", "code", "element"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_not_executed_as_drawn_is_refused_by_id_and_reason(body: str, code: str, element: str) -> None:
    found = [finding for finding in _findings(body) if finding.code == code]
    assert element in [finding.element for finding in found]
    for finding in found:
        assert finding.blocking
        assert finding.line is not None
        assert finding.text("en") != finding.text("zh-hans") != code


TRUTHS = {
    "isForCompensation": node("userTask", "x", isForCompensation="{0}"),
    "triggeredByEvent": node("subProcess", "x", node("startEvent", "i"), triggeredByEvent="{0}"),
    "cancelActivity": node("boundaryEvent", "x", timer(), attachedToRef="a", cancelActivity="{0}"),
    "instantiate": node("receiveTask", "x", messageRef="message_m", instantiate="{0}"),
    "cancelRemainingInstances": node("adHocSubProcess", "x", task("b"), cancelRemainingInstances="{0}"),
    "isInterrupting": node("startEvent", "x", timer(), isInterrupting="{0}"),
    "testBefore": node("userTask", "x", '<standardLoopCharacteristics testBefore="{0}" loopMaximum="2"/>'),
    "isSequential": node("userTask", "x", '<multiInstanceLoopCharacteristics isSequential="{0}"/>'),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_what_is_neither_true_nor_false_is_refused_and_not_taken_for_false(name: str) -> None:
    def refused(value: str) -> bool:
        found = _findings(SIMPLE, TRUTHS[name].replace("{0}", value), node("complexGateway", "any"))
        codes = {f.code: f.params for f in found if f.element == "x"}
        return codes.get("bpmn.attribute_unsupported", {}).get("attribute") == name

    assert not any(map(refused, ("true", "false", "1", "0")))
    assert all(map(refused, ("True", "FALSE", "yes", "")))


def test_of_an_expression_the_text_counts_and_not_what_is_said_about_it() -> None:
    said = "<documentation>why not</documentation>v<!-- a number --> &gt; 1"
    drawn = graph(_gateway(flow("s", "g"), flow("g", "e", name="no"), _asked(said), default="no"))
    (asked,) = [each.condition for each in drawn.nodes["g"].outgoing if each.condition is not None]
    assert asked.text == "v > 1"


def test_what_a_type_makes_of_an_element_is_refused_unless_it_is_that_anyway() -> None:
    """`task` may be written for a user task, and a plain expression for one with a language."""

    def typed(kind: str) -> str:
        return SIMPLE.replace("<userTask ", f'<userTask xsi:type="{kind}" ')

    assert [f.code for f in _findings(typed("tScriptTask"))] == ["bpmn.attribute_unsupported"]
    assert graph(typed("x:tUserTask")).notices == ()
    for kind in ("tExpression", "b:tFormalExpression", "tTask"):
        asked = _asked("v").replace("<conditionE", f'<conditionExpression xsi:type="{kind}"><!-- <conditionE', 1)
        asked = asked.replace("<!-- <conditionExpression>", "")
        drawing = _gateway(flow("s", "g"), flow("g", "e", name="no"), asked, default="no")
        assert check(document(drawing))["executable"] is (kind != "tTask")


def test_references_are_read_whatever_is_noted_beside_them() -> None:
    noted = "<incoming><!-- from the start -->s_x</incoming><outgoing>x<!-- on -->_e</outgoing>"
    assert graph(_between("userTask", "x", noted)).notices == ()


STRANGE = f"<extensionElements><camunda:properties {FOREIGN}/></extensionElements>"
AROUND: dict[str, tuple[str, str]] = {
    "the message of a receive task": (
        _between("receiveTask", messageRef="own"),
        f'<message id="own" name="own">{STRANGE}</message>',
    ),
    "an attribute of a message": (
        _between("receiveTask", messageRef="own"),
        f'<message id="own" name="own" {FOREIGN} camunda:key="k"/>',
    ),
    "the signal of an event": (
        _between("intermediateThrowEvent", "x", '<signalEventDefinition signalRef="own"/>'),
        f'<signal id="own" name="own">{STRANGE}</signal>',
    ),
    "the error of an event": (
        START + node("endEvent", "x", '<errorEventDefinition errorRef="t:own"/>') + chain("s", "x"),
        f'<error id="own" errorCode="1">{STRANGE}</error>',
    ),
    "the escalation of an event": (
        _between("intermediateThrowEvent", "x", '<escalationEventDefinition escalationRef="own"/>'),
        f'<escalation id="own" escalationCode="1">{STRANGE}</escalation>',
    ),
    "the pool": (
        SIMPLE,
        f'<collaboration id="c"><participant id="own" processRef="p">{STRANGE}</participant></collaboration>',
    ),
    "a message flow": (
        _between("sendTask", messageRef="message_m"),
        '<collaboration id="c"><participant id="us" processRef="p"/><participant id="they"/>'
        f'<messageFlow id="own" sourceRef="x" targetRef="they">{STRANGE}</messageFlow></collaboration>',
    ),
}


@pytest.mark.parametrize("name", AROUND)
def test_what_another_engine_says_of_what_a_process_refers_to_is_refused(name: str) -> None:
    body, beside = AROUND[name]
    assert [(f.code, f.element) for f in _findings(body, beside=beside)] == [("bpmn.extension_unsupported", "own")]
    graph(body, beside=beside.replace(STRANGE, "").replace('camunda:key="k"', ""))


def test_what_another_engine_says_of_messages_that_are_not_referred_to_changes_nothing() -> None:
    assert graph(SIMPLE, beside=f'<message id="own">{STRANGE}</message>').notices == ()


@pytest.mark.parametrize(
    ("there", "code"),
    [
        ("<frobnicate/>", "bpmn.element_unsupported"),
        (task("b"), "bpmn.element_unsupported"),
        ('<x:rule xmlns:x="urn:x"/>', "bpmn.extension_unsupported"),
        (STRANGE, "bpmn.extension_unsupported"),
    ],
)
def test_what_a_document_holds_that_the_standard_does_not_know_is_refused(there: str, code: str) -> None:
    assert [f.code for f in _findings(SIMPLE, beside=there)] == [code]


def test_what_has_no_id_is_named_by_its_line() -> None:
    said = document(SIMPLE).replace(b"<process", b"\n<frobnicate/><process")
    (found,) = check(said)["findings"]  # type: ignore[misc] # what is told as JSON is typed as any of its values
    assert found["element"] == ""
    assert found["message"]["en"].startswith("frobnicate at line 2 cannot be executed")
    assert found["message"]["zh-hans"].startswith("第 2 行 处的 frobnicate")


def test_an_extension_of_the_whole_document_is_refused_unless_it_is_a_drawing_tools() -> None:
    def told(namespace: str) -> list[str]:
        said = f'<definitions xmlns:x="{namespace}" x:mode="1" '
        found = check(document(SIMPLE).replace(b"<definitions ", said.encode()))["findings"]
        assert isinstance(found, list)
        return [each["code"] for each in found]

    assert told("urn:x") == ["bpmn.extension_unsupported"]
    assert told("http://camunda.org/schema/modeler/1.0") == []


def test_what_another_engine_says_of_an_annotation_is_noticed() -> None:
    body = SIMPLE + f'<textAnnotation id="t" {FOREIGN} camunda:x="1">{STRANGE}<text>x</text></textAnnotation>'
    told = [(each.code, each.element, each.blocking) for each in graph(body).notices]
    assert told == [("bpmn.extension_kept", "t", False)] * 2


def test_every_fault_is_listed_at_once() -> None:
    body = START + node("complexGateway", "x") + node("scriptTask", "y") + chain("s", "x", "y") + flow("y", "gone")
    findings = _findings(body)
    assert {finding.code for finding in findings} == {
        "bpmn.element_unsupported",
        "bpmn.script_missing",
        "bpmn.flow_target_missing",
    }


def test_the_refusal_names_the_first_element_and_the_count() -> None:
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(document(_between("complexGateway") + node("complexGateway", "y"))))
    assert caught.value.code == "bpmn.refused"
    assert caught.value.position == "x"
    assert "2" in caught.value.text("en")
    assert "x" in caught.value.text("zh-hans")


def test_neutral_values_are_no_obstacle() -> None:
    body = _between(
        "userTask",
        "x",
        "<documentation>why</documentation>",
        isForCompensation="false",
        startQuantity="1",
        completionQuantity="1",
        implementation="##unspecified",
    )
    assert graph(body, isExecutable="true", processType="Private", isClosed="false").notices == ()


def test_a_process_marked_as_not_executable_is_believed() -> None:
    assert [f.code for f in _findings(SIMPLE, isExecutable="false")] == ["bpmn.not_executable"]


def test_what_another_engine_notes_of_a_version_is_kept_and_what_it_would_do_otherwise_is_refused() -> None:
    noted = 'xmlns:c="http://camunda.org/schema/1.0/bpmn" c:{}="1" '
    of_version = SIMPLE.replace("<userTask ", "<userTask " + noted.format("versionTag"))
    assert [(n.code, n.blocking) for n in graph(of_version).notices] == [("bpmn.extension_kept", False)]
    assert [f.code for f in _findings(SIMPLE.replace("<userTask ", "<userTask " + noted.format("assignee")))] == [
        "bpmn.extension_unsupported"
    ]


def test_drawing_extensions_and_documentation_are_noticed_but_do_not_block() -> None:
    body = (
        SIMPLE.replace("<userTask ", '<userTask xmlns:g="http://www.signavio.com" g:x="1" ') + '<dataObject id="d"/>'
        '<textAnnotation id="t"><text>x</text></textAnnotation>'
    )
    notices = {(n.code, n.element, n.blocking) for n in graph(body).notices}
    assert notices == {
        ("bpmn.extension_kept", "a", False),
        ("bpmn.informative", "d", False),
    }


def test_a_task_of_no_kind_is_one_that_somebody_ticks_off_and_that_is_told() -> None:
    compiled = graph(_between("task", zt_role="clerk", zt_outcomes="yes no"))
    assert [(n.code, n.element, n.blocking) for n in compiled.notices] == [("bpmn.task_without_kind", "x", False)]
    outcome = start(compiled, {}, NOW)
    assert outcome.commands == (CreateTask(1, "x", "clerk", ("yes", "no")),)
    assert step(compiled, outcome.state, TaskCompleted(1, {"outcome": "no"}), {}, NOW).state.ended
    assert examine(graph(_between("task"))).verdict is Verdict.SOUND


def _lane(number: str, inside: str, /, **attributes: str) -> str:
    return node("lane", number, inside, **attributes)


def _refers(*names: str) -> str:
    return "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in names)


def test_the_role_of_a_task_is_that_of_its_innermost_lane_unless_it_names_one() -> None:
    tasks = "".join(node("userTask", name) for name in "bcd") + task("a")
    inner = f"<childLaneSet>{_lane('in', _refers('c'), name='处长')}{_lane('bare', _refers('d'))}</childLaneSet>"
    lanes = _lane("out", _refers("a", "b", "c", "d", "s") + inner, name="经办", zt_role="handler")
    compiled = graph(START, tasks, END, chain("s", "a", "b", "c", "d", "e"), f'<laneSet id="l">{lanes}</laneSet>')
    assert [compiled.nodes[name].role for name in "abcds"] == ["clerk", "handler", "处长", "handler", ""]
    assert compiled.notices == ()


def test_a_task_in_two_lanes_is_nobodys() -> None:
    lanes = _lane("one", _refers("a"), name="x") + _lane("two", _refers("a"), name="y")
    found = _findings(SIMPLE, f'<laneSet id="l">{lanes}</laneSet>')
    assert [(finding.code, finding.element) for finding in found] == [("bpmn.lane_twice", "two")]


def test_own_attributes_reach_the_graph() -> None:
    compiled = graph(
        START
        + task("a", "yes no", name="受理", zt_form="opinion", zt_name_en="Accept", zt_stage="acceptance")
        + service("b")
        + node("businessRuleTask", "c", zt_decision="route")
        + node("intermediateCatchEvent", "d", clock("correction_due"))
        + node("receiveTask", "f", messageRef="message_m")
        + END
        + chain("s", "a", "b", "c", "d", "f", "e"),
    )
    a = compiled.nodes["a"]
    assert (a.role, a.outcomes, a.form, a.name, a.name_en, a.stage) == (
        "clerk",
        ("yes", "no"),
        "opinion",
        "受理",
        "Accept",
        "acceptance",
    )
    assert compiled.nodes["b"].action == "tests.b@1"
    assert compiled.nodes["c"].decision == "route"
    assert compiled.nodes["d"].timer == Timer(clock="correction_due")
    assert compiled.nodes["f"].message == "m"
    assert compiled.starts == ("s",)


def test_the_order_of_conditions_is_that_of_the_outgoing_list() -> None:
    body = (
        START
        + node("exclusiveGateway", "g", "<outgoing>g_f</outgoing><outgoing>g_e</outgoing>")
        + END
        + node("endEvent", "f")
        + flow("s", "g")
        + flow("g", "e", "true")
        + flow("g", "f", "true")
    )
    assert [f.id for f in graph(body).nodes["g"].outgoing] == ["g_f", "g_e"]


@pytest.mark.parametrize(
    ("language", "accepted"),
    [
        ("", True),
        ("feel", True),
        ("http://www.omg.org/spec/FEEL/20140401", True),
        ("https://www.omg.org/spec/DMN/20191111/FEEL/", True),
        ("http://www.w3.org/1999/XPath", False),
        ("python", False),
    ],
)
def test_only_feel_is_an_expression_language(language: str, *, accepted: bool) -> None:
    body = _gateway(flow("s", "g"), flow("g", "e", "v = 1"), flow("g", "f", "v = 2"))
    xml = document(body).replace(b"<definitions ", f'<definitions expressionLanguage="{language}" '.encode())
    if accepted:
        compile_process(read(xml))
        return
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(xml))
    assert {f.code for f in caught.value.findings} == {"bpmn.language_unsupported"}


def test_choosing_a_process() -> None:
    two = document(SIMPLE).replace(b"</definitions>", b'<process id="q"/></definitions>')
    for name, code in ((None, "bpmn.process_ambiguous"), ("zz", "bpmn.process_unknown")):
        with pytest.raises(BpmnError) as caught:
            compile_process(read(two), name)
        assert caught.value.code == code
    assert compile_process(read(two), "p").process == "p"
    twice = two.replace(b'id="q"', b'id="p"')
    with pytest.raises(BpmnError) as caught:
        compile_process(read(twice), "p")
    assert (caught.value.code, caught.value.params["process"]) == ("bpmn.process_twice", "p")
    none = document(SIMPLE).replace(b"<process ", b"<collaboration ").replace(b"</process>", b"</collaboration>")
    with pytest.raises(BpmnError) as caught:
        compile_process(read(none))
    assert caught.value.code == "bpmn.no_process"


def _refused(xml: bytes, name: str) -> set[tuple[str, str, int | None]]:
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(xml), name)
    return {(each.code, each.element, each.line) for each in caught.value.findings if each.blocking}


@pytest.mark.parametrize(
    "beside",
    [
        process("q", node("startEvent", "q_s"), node("endEvent", "a"), chain("q_s", "a")),
        '<message id="a" name="another"/>',
        '<collaboration id="c"><participant id="a" processRef="p"/></collaboration>',
    ],
    ids=["of another process", "of a message", "of a pool"],
)
def test_an_id_of_two_things_is_refused_wherever_they_stand_and_kept(beside: str) -> None:
    xml = document(SIMPLE, beside=beside)
    assert ("bpmn.id_duplicate", "a") in {each[:2] for each in _refused(xml, "p")}
    assert etree.tostring(etree.fromstring(write(read(xml))), method="c14n2") == etree.tostring(
        etree.fromstring(xml), method="c14n2"
    )


def test_an_id_used_twice_is_told_where_it_stands_and_where_else() -> None:
    ends = node("endEvent", "e2")
    xml = document(
        "\n" + START + END + chain("s", "e") + "\n" + task("a") + flow("s", "a") + flow("a", "e"),
        beside="\n"
        + process("q", node("startEvent", "s2") + node("userTask", "a") + ends + chain("s2", "a", "e2"))
        + process("r", node("startEvent", "s3") + node("endEvent", "e3") + chain("s3", "e3")),
    )
    assert _refused(xml, "p") == {("bpmn.id_duplicate", "a", 3)}
    assert _refused(xml, "q") == {("bpmn.id_duplicate", "a", 4)}
    assert compile_process(read(xml), "r").process == "r"  # it shares nothing with them
    report: Any = check(xml)
    found = [each for each in report["findings"] if each["blocking"]]
    assert [(each["process"], each["element"], each["line"]) for each in found] == [("p", "a", 3), ("q", "a", 4)]
    assert "在第 4 行也用了" in found[0]["message"]["zh-hans"]
    assert "on line 3 as well" in found[1]["message"]["en"]


def _pool(*flows: tuple[str, str, str]) -> str:
    drawn = "".join(f'<messageFlow id="{name}" sourceRef="{a}" targetRef="{b}"/>' for name, a, b in flows)
    return (
        f'<collaboration id="c"><participant id="pool" processRef="p"/><participant id="other"/>'
        f'<participant id="third" processRef="q"/>{drawn}</collaboration>'
    )


def test_message_flows_leave_what_sends_and_reach_what_receives() -> None:
    body = (
        START + node("sendTask", "a", messageRef="message_m") + node("receiveTask", "b", messageRef="message_n") + END
    )
    compiled = graph(body, chain("s", "a", "b", "e"), beside=_pool(("out", "a", "other"), ("in", "other", "b")))
    assert compiled.nodes["a"].to == ("other",)
    assert compiled.notices == ()


def test_message_flows_that_nothing_would_follow_are_refused() -> None:
    flows = (
        ("out", "a", "third"),
        ("edge", "pool", "third"),
        ("by-hand", "a", "other"),
        ("in", "other", "a"),
        ("inside", "s", "a"),
    )
    found = _findings(SIMPLE, beside=_pool(*flows))
    assert {(f.code, f.element, f.blocking) for f in found} == {
        ("bpmn.informative", "in", False),
        ("bpmn.informative", "by-hand", False),
        ("bpmn.message_flow_unsent", "out", True),
        ("bpmn.message_flow_unsent", "edge", True),
        ("bpmn.message_flow_inside", "inside", True),
    }


def test_check_reports_plain_values() -> None:
    good = check(document(SIMPLE))
    assert good == {
        "importable": True,
        "executable": True,
        "processes": [{"id": "p", "executable": True}],
        "findings": [],
    }
    bad = check(document(_between("serviceTask")))
    assert bad["importable"]
    assert not bad["executable"]
    (finding,) = bad["findings"]  # type: ignore[misc]
    assert finding["code"] == "bpmn.action_missing"
    assert finding["element"] == "x"
    assert set(finding["message"]) == {"zh-hans", "en"}
    assert check(b"<")["importable"] is False


DURATIONS = [
    ("P5D", Duration(0, timedelta(days=5))),
    ("PT2H30M", Duration(0, timedelta(hours=2, minutes=30))),
    ("P2W", Duration(0, timedelta(weeks=2))),
    ("P1Y2M", Duration(14, timedelta())),
    ("P1M1DT1.5S", Duration(1, timedelta(days=1, seconds=1.5))),
    ("PT0S", Duration(0, timedelta())),
    ("P", None),
    ("PT", None),
    ("P1DT", None),
    ("5D", None),
    ("P1H", None),
    ("P-1D", None),
    ("", None),
    ("R3/P1D", None),
    ("P９D", None),
]


@pytest.mark.parametrize(("text", "expected"), DURATIONS)
def test_durations(text: str, expected: Duration | None) -> None:
    assert parse_duration(text) == expected


def test_months_keep_within_the_month() -> None:
    month = Duration(1, timedelta())
    assert month.after(datetime(2025, 1, 31, tzinfo=UTC)) == datetime(2025, 2, 28, tzinfo=UTC)
    assert month.after(datetime(2024, 12, 15, tzinfo=UTC)) == datetime(2025, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read_"), [("2025-03-01T09:00:00+08:00", True), ("2025-03-01T09:00:00", False), ("x", False)]
)
def test_an_instant_says_its_zone(text: str, *, read_: bool) -> None:
    assert (parse_instant(text) is not None) is read_


def test_two_hundred_activities_compile() -> None:
    assert len(compile_process(read(line(200))).nodes) == 403


def test_the_reference_page_lists_every_supported_element_and_own_attribute() -> None:
    page = (pathlib.Path(__file__).parents[2] / "docs/reference/bpmn.md").read_text(encoding="utf-8")
    for tag, rule in RULES.items():
        assert f"`{tag}`" in page, tag
        for name in rule.own:
            assert f"`zt:{name}`" in page, name
