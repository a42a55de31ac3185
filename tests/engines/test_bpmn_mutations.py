"""Whatever is done to a model that uses everything, the answer is a graph that runs or a typed refusal."""

import copy
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engines.bpmn_drawing import (
    NOW,
    adhoc,
    chain,
    compensate,
    condition,
    error,
    escalation,
    flow,
    handler,
    message,
    node,
    script,
    signal,
    sub,
    task,
    timer,
    undoable,
)
from engines.test_bpmn_pools import FLOWS, OFFICE, pools
from zhengtong.engines.bpmn import (
    ActionDone,
    ActivityStarted,
    AdHocEnded,
    BpmnError,
    ErrorRaised,
    Event,
    Graph,
    MessageReceived,
    SignalReceived,
    TaskCompleted,
    TimerFired,
    Token,
    check,
    compile_pools,
    compile_process,
    from_rows,
    read,
    start,
    step,
    to_rows,
    verify,
    write,
)
from zhengtong.engines.bpmn.soundness import review
from zhengtong.engines.bpmn.texts import TEXTS

MANY = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
CANCELLED = "<cancelEventDefinition/>"
HELD = node("startEvent", "tx_s") + undoable("i") + node("exclusiveGateway", "tg", default="t_ok")
HELD += node("endEvent", "no", CANCELLED) + node("endEvent", "ok")
HELD += chain("tx_s", "i", "tg") + flow("tg", "no", "v = 1") + flow("tg", "ok", name="t_ok")
BODY = [
    node("startEvent", "s"),
    adhoc("h", undoable("a"), task("b"), task("b2"), chain("b", "b2"), until="v = 2", ordering="Sequential"),
    sub("r", undoable("d"), node("task", "k", MANY), node("endEvent", "re"), chain("r_s", "d", "k", "re")),
    node("boundaryEvent", "bad", error("x"), attachedToRef="r"),
    node("boundaryEvent", "tick", timer("R3/P1D", "timeCycle"), attachedToRef="h", cancelActivity="false"),
    node("transaction", "tx", HELD),
    node("boundaryEvent", "left", CANCELLED, attachedToRef="tx"),
    node("sendTask", "ask", messageRef="message_m"),
    node("eventBasedGateway", "g"),
    node("intermediateCatchEvent", "told", message("n")),
    node("intermediateCatchEvent", "late", condition("v > 3")),
    node("intermediateThrowEvent", "t", compensate()),
    node("intermediateThrowEvent", "cry", signal()),
    script("y", "v + 1", zt_result="v"),
    node("endEvent", "e", escalation("y")),
    handler("w", message("m"), task("wt"), node("endEvent", "we"), chain("w_s", "wt", "we"), beside=True),
    chain("s", "h", "r", "tx", "ask", "g", "told", "t", "e"),
    chain("g", "late", "y", "e"),
    chain("bad", "cry", "e"),
    chain("left", "e"),
    chain("tick", "e"),
]
WHOLE = pools(BODY, OFFICE, FLOWS)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def test_the_model_itself_is_executed_as_it_is() -> None:
    assert list(compile_pools(read(WHOLE)).graphs) == ["p", "q"]
    assert check(WHOLE)["executable"]


def mutated(luck: random.Random) -> bytes:
    """The model with one to three changes: parts lost, doubled, moved or renamed, references and values exchanged."""
    root = etree.fromstring(WHOLE)
    for _ in range(luck.randint(1, 3)):
        every = [element for element in root.iter() if element.getparent() is not None]
        one, other = luck.choice(every), luck.choice(every)
        change = luck.choice(["lose", "double", "move", "tag", "attribute", "value", "text"])
        if change == "lose":
            one.getparent().remove(one)
        elif change == "double":
            other.append(copy.deepcopy(one))
        elif change == "move" and one not in set(other.iterancestors()) and one is not other:
            other.append(one)
        elif change == "tag":
            one.tag = other.tag
        elif change == "attribute" and one.attrib:
            del one.attrib[luck.choice(list(one.attrib))]
        elif change == "value" and one.attrib and other.attrib:
            one.set(luck.choice(list(one.attrib)), luck.choice(list(other.attrib.values())))
        elif change == "text":
            one.text = luck.choice([other.text or "", "true", "1 +", "R/PT1S", "q"])
    return etree.tostring(root)


def events(token: Token, elements: list[str], luck: random.Random) -> list[Event]:
    value = {"v": luck.randint(0, 4), "outcome": "x"}
    return [
        TaskCompleted(token.id, value),
        ActionDone(token.id, value),
        TimerFired(token.id),
        MessageReceived(token.name, value, token.id),
        SignalReceived(token.name),
        ErrorRaised(token.id, "x"),
        ActivityStarted(token.id, luck.choice(elements)),
        AdHocEnded(token.id),
    ]


def drive(graph: Graph, luck: random.Random) -> set[str]:
    """Let something happen a dozen times; the codes of what was refused."""
    codes: set[str] = set()
    try:
        state = start(graph, {"v": 0}, NOW, luck.choice(graph.starts) if graph.starts else "").state
    except BpmnError as refusal:
        return {refusal.code}
    for _ in range(12):
        if state.ended:
            break
        token = luck.choice(state.tokens)
        for event in events(token, sorted(graph.nodes), luck):
            try:
                state = step(graph, state, event, {"v": 0}, NOW).state
            except BpmnError as refusal:
                codes.add(refusal.code)
                continue
            verify(graph, state)
            assert from_rows(to_rows(state), state.next_id) == state
            break
    return codes


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_whatever_is_done_to_it_gets_a_typed_answer(luck: random.Random) -> None:
    xml = mutated(luck)
    report = check(xml)
    findings = report["findings"]
    assert isinstance(findings, list)
    assert report["executable"] is not any(finding["blocking"] for finding in findings)
    codes = {finding["code"] for finding in findings}
    model = read(xml)
    assert etree.tostring(etree.fromstring(write(model)), method="c14n2") == etree.tostring(
        etree.fromstring(xml), method="c14n2"
    )
    try:
        compile_pools(model)
    except BpmnError as refusal:
        codes.add(refusal.code)
    for name in model.process_ids:
        try:
            graph = compile_process(model, name)
        except BpmnError as refusal:
            codes.add(refusal.code)
        else:
            codes |= drive(graph, luck)
    assert codes <= set(TEXTS)
    review(xml, 200)
