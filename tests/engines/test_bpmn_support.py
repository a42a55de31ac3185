"""The support table of the reference page is what the engine does, and everything named executable there runs."""

import pathlib
import re

import pytest

from engines.bpmn_drawing import (
    NOW,
    adhoc,
    chain,
    compensate,
    condition,
    document,
    error,
    escalation,
    flow,
    graph,
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
)
from zhengtong.doors.cli.tracing import Trace
from zhengtong.engines.bpmn import Finding, Graph, ModelRefused, check, compile_process, read
from zhengtong.engines.bpmn.compilation.vocabulary import RULES

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "bpmn.md"
START, END = node("startEvent", "s"), node("endEvent", "e")

# Every element that BPMN 2.0.2 lets stand in a document (its XML schema, abstract ones left out).
STANDARD = re.findall(
    r"\w+",
    """
adHocSubProcess assignment association auditing boundaryEvent businessRuleTask callActivity callChoreography
callConversation cancelEventDefinition category categoryValue categoryValueRef choreography choreographyTask
childLaneSet collaboration
compensateEventDefinition completionCondition complexBehaviorDefinition complexGateway condition conditionExpression
conditionalEventDefinition conversation conversationAssociation conversationLink correlationKey correlationProperty
correlationPropertyBinding correlationPropertyRetrievalExpression correlationSubscription dataInput
dataInputAssociation dataObject dataObjectReference dataOutput dataOutputAssociation dataState dataStore
dataStoreReference definitions documentation endEvent endPoint error errorEventDefinition escalation
escalationEventDefinition eventBasedGateway eventDefinitionRef exclusiveGateway extension extensionElements
flowNodeRef from globalBusinessRuleTask globalChoreographyTask globalConversation globalManualTask globalScriptTask
globalTask globalUserTask group humanPerformer implicitThrowEvent import inclusiveGateway incoming inputDataItem
inputSet interface intermediateCatchEvent intermediateThrowEvent ioBinding ioSpecification itemDefinition lane laneSet
linkEventDefinition loopCardinality loopCondition loopDataInputRef loopDataOutputRef manualTask message
messageEventDefinition messageFlow messageFlowAssociation monitoring multiInstanceLoopCharacteristics operation
outgoing outputDataItem outputSet parallelGateway participant participantAssociation participantMultiplicity
partnerEntity partnerRole performer potentialOwner process property receiveTask relationship rendering resource
resourceParameter resourceRole script scriptTask sendTask sequenceFlow serviceTask signal signalEventDefinition
standardLoopCharacteristics startEvent subChoreography subConversation subProcess supportedInterfaceRef task
terminateEventDefinition text textAnnotation timeCycle timeDate timeDuration timerEventDefinition to transaction
transformation userTask
""",
)


def table() -> dict[str, str]:
    """What the page says of each element: yes, noticed, no effect or refused."""
    said: dict[str, str] = {}
    text = PAGE.read_text(encoding="utf-8").partition("## Support, element by element")[2]
    for row in text.partition("| attribute | accepted |")[0].splitlines():
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) > 3:
            for name in re.findall(r"`(\w+)`", cells[1]):
                assert said.setdefault(name, cells[2]) == cells[2], f"{name} is told twice"
    return said


SAID = table()
# Where an element stands that cannot stand in a process itself.
WITHIN = {
    **dict.fromkeys(["humanPerformer", "potentialOwner", "performer", "resourceRole", "rendering"], "userTask"),
    **dict.fromkeys(["eventDefinitionRef"], "intermediateThrowEvent"),
    **dict.fromkeys(["complexBehaviorDefinition"], "multiInstanceLoopCharacteristics"),
}
# What stands beside the processes of a document.
BESIDE = re.findall(
    r"\w+",
    """
category choreography conversation correlationProperty dataStore endPoint globalBusinessRuleTask
globalChoreographyTask globalConversation globalManualTask globalScriptTask globalTask globalUserTask import interface
itemDefinition partnerEntity partnerRole relationship resource
""",
)


def test_every_element_of_the_standard_is_in_the_table_and_nothing_else() -> None:
    assert set(STANDARD) - set(SAID) == set()
    assert set(SAID) - set(STANDARD) == set()
    assert set(SAID.values()) <= {"yes", "noticed", "no effect", "refused"}


def test_what_is_executed_is_what_the_vocabulary_has() -> None:
    """Messages and their like, and pools, stand outside of processes and are looked up there; so are references."""
    outside = {"definitions", "message", "signal", "error", "escalation", "collaboration", "participant", "messageFlow"}
    outside |= {"incoming", "outgoing", "flowNodeRef"}
    assert {name for name, how in SAID.items() if how == "yes"} == set(RULES) | outside


def test_every_attribute_that_may_not_have_any_value_is_in_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("| attribute | accepted |")[2].partition("\n\n")[0]
    listed = {name for row in text.splitlines() for name in re.findall(r"`(\w+)`", (row.split("|") + [""])[1])}
    bound = {name for rule in RULES.values() for name, values in rule.attributes.items() if values is not None}
    assert bound - {"isExecutable", "isClosed"} <= listed  # which the row of the process tells


@pytest.mark.parametrize("name", [name for name, how in SAID.items() if how == "refused" and name != "extension"])
def test_what_is_refused_is_refused_by_id_and_reason(name: str) -> None:
    if name == "participantMultiplicity":
        pool = f'<collaboration id="c"><participant id="x" processRef="p"><{name}/></participant></collaboration>'
        found = blocked(START + END + chain("s", "e"), beside=pool)
    elif name in WITHIN:
        inside = node(name, "x")
        if WITHIN[name].endswith("Characteristics"):
            inside = f'<{WITHIN[name]} id="x"><loopCardinality>2</loopCardinality>{inside}</{WITHIN[name]}>'
        holder = "userTask" if WITHIN[name].endswith("Characteristics") else WITHIN[name]
        found = blocked(START + node(holder, "h", inside) + END + chain("s", "h", "e"))
    else:
        found = blocked(START + END + chain("s", "e") + node(name, "x"))
    assert "x" in [finding.element for finding in found]


def test_an_extension_that_must_be_understood_is_refused() -> None:
    for must, refused in (("true", True), ("false", False)):
        xml = document(START + END + chain("s", "e")).replace(
            b"<message", f'<extension mustUnderstand="{must}" definition="x:y"/><message'.encode(), 1
        )
        assert check(xml)["executable"] is not refused


@pytest.mark.parametrize("name", BESIDE)
def test_what_has_no_effect_beside_the_processes_changes_nothing(name: str) -> None:
    assert SAID[name] == "no effect"
    assert compile_process(read(document(START + END + chain("s", "e"), beside=node(name, "x"))), "p").notices == ()


@pytest.mark.parametrize("name", [name for name, how in SAID.items() if how == "noticed"])
def test_what_is_noticed_is_told(name: str) -> None:
    found = graph(START + END + chain("s", "e") + node(name, "x")).notices
    assert [(finding.element, finding.blocking) for finding in found] == [("x", False)]


def test_a_category_changes_nothing() -> None:
    kept = "<categoryValueRef>c</categoryValueRef>"
    assert graph(START + node("userTask", "a", kept) + END + chain("s", "a", "e")).notices == ()


def blocked(*body: str, beside: str = "") -> list[Finding]:
    with pytest.raises(ModelRefused) as caught:
        graph(*body, beside=beside)
    return [finding for finding in caught.value.findings if finding.blocking]


# Events wherever BPMN 2.0.2 (Table 10.93) lets them stand, and nowhere else

TRIGGERS = {
    "none": "",
    "message": message(),
    "date": timer("2025-03-04T09:00:00+08:00", "timeDate"),
    "duration": timer(),
    "cycle": timer("R3/P1D", "timeCycle"),
    "signal": signal(),
    "error": error("x"),
    "escalation": escalation("x"),
    "conditional": condition("v"),
    "link": '<linkEventDefinition name="on"/>',
    "compensation": compensate(),
    "cancel": "<cancelEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
}
WAITED = {"message", "date", "duration", "cycle", "signal", "conditional"}
ALLOWED = {
    "start": {"none", *WAITED},
    "event sub-process": {*WAITED, "error", "escalation", "compensation"},
    "event sub-process beside": {*WAITED, "escalation"},
    "catch": {*WAITED, "link"},
    "boundary": {*WAITED, "error", "escalation", "compensation", "cancel"},
    "boundary beside": {*WAITED, "escalation"},
    "throw": {"none", "message", "signal", "escalation", "link", "compensation"},
    "end": {"none", "message", "signal", "escalation", "error", "compensation", "cancel", "terminate"},
}


def placed(position: str, trigger: str) -> str:
    """A process with an event `x` at that position."""
    inside, stops = TRIGGERS[trigger], str("beside" not in position).lower()
    plain = START + task("a") + END + chain("s", "a", "e")
    caught = node("intermediateCatchEvent", "y", inside) + chain("y", "b", "e") + task("b")
    return {
        "start": node("startEvent", "x", inside) + task("a") + END + chain("x", "a", "e"),
        "event sub-process": _handled(inside, stops),
        "event sub-process beside": _handled(inside, stops),
        "catch": START + node("intermediateCatchEvent", "x", inside) + END + _reached(trigger),
        "boundary": _attached(inside, stops, trigger),
        "boundary beside": _attached(inside, stops, trigger),
        "throw": START
        + node("intermediateThrowEvent", "x", inside)
        + END
        + (chain("s", "x") + caught if trigger == "link" else chain("s", "x", "e")),
        "end": _ended(inside) if trigger == "cancel" else plain + node("endEvent", "x", inside) + flow("a", "x"),
    }[position]


def _handled(inside: str, stops: str) -> str:
    start = node("startEvent", "x", inside, isInterrupting=stops) + node("endEvent", "he") + chain("x", "he")
    handled = node("subProcess", "h", start, triggeredByEvent="true")
    return START + sub("q", task("a"), handled, chain("q_s", "a")) + chain("s", "q")


def _attached(inside: str, stops: str, trigger: str) -> str:
    host = "transaction" if trigger == "cancel" else "subProcess"
    body = START + node(host, "q", node("startEvent", "i") + task("a") + chain("i", "a")) + END + chain("s", "q", "e")
    event = node("boundaryEvent", "x", inside, attachedToRef="q", cancelActivity=stops)
    if trigger != "compensation":
        return body + event + chain("x", "e")
    return body + event + task("un", isForCompensation="true") + '<association id="z" sourceRef="x" targetRef="un"/>'


def _reached(trigger: str) -> str:
    if trigger == "link":
        return node("intermediateThrowEvent", "y", TRIGGERS["link"]) + chain("s", "y") + chain("x", "e")
    return chain("s", "x", "e")


def _ended(inside: str) -> str:
    held = node("transaction", "q", node("startEvent", "i") + node("endEvent", "x", inside) + chain("i", "x"))
    left = node("boundaryEvent", "left", inside, attachedToRef="q")
    return START + held + END + left + chain("s", "q", "e") + flow("left", "e")


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("position", ALLOWED)
def test_events_stand_wherever_they_may_and_nowhere_else(position: str, trigger: str) -> None:
    body = placed(position, trigger)
    if trigger in ALLOWED[position]:
        assert graph(body).nodes["x"].id == "x"
    else:
        assert {finding.element for finding in blocked(body)} & {"x", "h"}


# What the executable set is: a process for each, and what is done in it

MANY = "<multiInstanceLoopCharacteristics{}><loopCardinality>3</loopCardinality>{}</multiInstanceLoopCharacteristics>"
ENOUGH = "<completionCondition>numberOfCompletedInstances = 2</completionCondition>"


def between(activity: str, name: str = "a", *more: str) -> str:
    return START + activity + END + chain("s", name, "e") + "".join(more)


def forked(kind: str, *conditions: str | None) -> str:
    """Two ways, from a gateway of that kind to another; `y` and `n` tell when each is taken."""
    gates = node(f"{kind}Gateway", "f") + node(f"{kind}Gateway", "j")
    one, two = conditions or (None, None)
    ways = flow("f", "a", one) + flow("f", "b", two) + chain("a", "j", "e") + chain("b", "j")
    return START + task("a") + task("b") + END + gates + chain("s", "f") + ways


def event_choice() -> str:
    caught = node("intermediateCatchEvent", "m", message()) + node("intermediateCatchEvent", "t", timer())
    gate = START + node("eventBasedGateway", "g") + caught + task("a") + task("b") + END
    return gate + chain("s", "g", "m", "a", "e") + chain("g", "t", "b", "e")


SET: dict[str, tuple[str, list[str]]] = {
    "user task": (between(node("userTask", "a")), ["a"]),
    "manual task": (between(node("manualTask", "a")), ["a"]),
    "service task": (between(service("a")), ["a"]),
    "send task": (between(node("sendTask", "a", messageRef="message_m")), ["a"]),
    "receive task": (between(node("receiveTask", "a", messageRef="message_m")), ["a"]),
    "script task": (between(script("a", "1", zt_result="v")), ["a"]),
    "business-rule task": (between(node("businessRuleTask", "a", zt_decision="d")), ["a"]),
    "task of no kind": (between(node("task", "a")), ["a"]),
    "exclusive gateway": (forked("exclusive", "y", "not(y)"), ["a"]),
    "inclusive gateway": (forked("inclusive", "y", "y"), ["a", "b"]),
    "inclusive gateway, one way": (forked("inclusive", "y", "not(y)"), ["a"]),
    "parallel gateway": (forked("parallel"), ["a", "b"]),
    "event-based gateway": (event_choice(), ["a"]),
    "embedded sub-process": (between(sub("q", task("i"), chain("q_s", "i")), "q"), ["i", "q"]),
    "event sub-process": (
        between(
            task("a"),
            "a",
            node(
                "subProcess",
                "h",
                node("startEvent", "hs", condition("y"), isInterrupting="false") + task("i") + chain("hs", "i"),
                triggeredByEvent="true",
            ),
        ),
        ["a", "i", "h"],
    ),
    "ad-hoc sub-process": (between(adhoc("h", task("i") + task("k")), "h"), ["i", "k", "h"]),
    "call activity": (between(node("callActivity", "a", calledElement="called")), ["ci", "a"]),
    "parallel multi-instance": (between(node("userTask", "a", MANY.format("", ""))), ["a"] * 4),
    "sequential multi-instance": (between(node("userTask", "a", MANY.format(' isSequential="true"', ""))), ["a"] * 4),
    "completion condition": (between(node("userTask", "a", MANY.format("", ENOUGH))), ["a"] * 3),
    "standard loop": (
        between(node("userTask", "a", '<standardLoopCharacteristics loopMaximum="2"/>')),
        ["a"] * 3,
    ),
    "compensation": (
        START
        + undoable("a")
        + node("intermediateThrowEvent", "t", compensate())
        + task("b")
        + END
        + chain("s", "a", "t", "b", "e"),
        ["a", "un_a", "b"],
    ),
    "lane": (
        between(
            node("userTask", "a"),
            "a",
            '<laneSet id="l"><lane id="x" name="科员"><flowNodeRef>a</flowNodeRef></lane></laneSet>',
        ),
        ["a"],
    ),
    "data in and out": (
        between(
            node(
                "userTask",
                "a",
                "<dataInputAssociation><sourceRef>d</sourceRef></dataInputAssociation>"
                "<dataOutputAssociation><targetRef>d</targetRef></dataOutputAssociation>",
            ),
            "a",
            '<property id="d"/>',
        ),
        ["a"],
    ),
}


@pytest.mark.parametrize("name", SET)
def test_the_executable_set_runs(name: str) -> None:
    body, done = SET[name]
    called = process("called", node("startEvent", "cs") + task("ci") + chain("cs", "ci"))
    xml = document(body, beside=called)
    compiled: Graph = compile_process(read(xml), "p")
    played = Trace(compiled, {"y": True}, NOW, 60)
    assert [each.element for each in played] == done
    assert played.ended
