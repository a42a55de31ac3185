"""Events that happen when data make a condition true, scripts that compute data, and links."""

import pytest

from engines.bpmn_drawing import chain, condition, flow, graph, message, node, script, task
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    AwaitCondition,
    BpmnError,
    CancelCondition,
    DataChanged,
    MessageReceived,
    ProcessEnded,
    StoreData,
    TaskCompleted,
)

START, END = node("startEvent", "s"), node("endEvent", "e")
PAID = START + node("intermediateCatchEvent", "c", condition("paid >= fee")) + END + chain("s", "c", "e")


def test_an_event_waits_until_its_condition_is_true() -> None:
    run = Instance(graph(PAID), fee=30)
    assert run.outcome.commands == (AwaitCondition(1, "c", ("fee", "paid")),)
    assert run.send(DataChanged()).commands == ()
    assert run.send(DataChanged({"paid": 20})).commands == ()
    assert run.send(DataChanged({"paid": 30})).commands == (ProcessEnded(),)


def test_a_condition_that_is_true_already_is_not_waited_for() -> None:
    assert Instance(graph(PAID), fee=30, paid=30).outcome.commands == (ProcessEnded(),)


def test_any_event_that_brings_data_may_make_it_true() -> None:
    body = PAID + task("a") + flow("s", "a")
    run = Instance(graph(body), fee=30)
    run.done("a", paid=40)
    assert run.state.ended


def test_a_condition_that_is_no_condition_is_named() -> None:
    run = Instance(graph(START + node("intermediateCatchEvent", "c", condition("v")) + END + chain("s", "c", "e")))
    assert refused(run, DataChanged({"v": 3})) == "bpmn.condition_not_boolean"


def _beside(cancel: str) -> Instance:
    boundary = node("boundaryEvent", "x", condition("heat > 40"), attachedToRef="a", cancelActivity=cancel)
    body = START + task("a") + boundary + task("z") + END + chain("s", "a", "e") + chain("x", "z")
    return Instance(graph(body), heat=20)


def test_beside_a_task_it_happens_each_time_the_condition_becomes_true() -> None:
    run = _beside("false")
    for heat, alarms in ((41, 1), (45, 1), (39, 1), (30, 1), (42, 2), (43, 2)):
        run.send(DataChanged({"heat": heat}))
        assert run.places.count("z") == alarms, heat
        assert run.places.count("x") == 1
    assert isinstance(run.done("a").commands[0], CancelCondition)


def test_an_interrupting_condition_takes_the_task_away() -> None:
    run = _beside("true")
    run.send(DataChanged({"heat": 41}))
    assert run.places == ["z"]


def test_an_event_gateway_may_await_a_condition() -> None:
    body = (
        START
        + node("eventBasedGateway", "w")
        + node("intermediateCatchEvent", "c", condition("ready"))
        + node("intermediateCatchEvent", "m", message())
        + chain("s", "w", "c", "e")
        + chain("w", "m", "e")
        + END
    )
    assert Instance(graph(body), ready=True).state.ended
    run = Instance(graph(body))
    assert run.send(MessageReceived("m")).state.ended


def test_conditions_that_make_each_other_true_for_ever_are_stopped() -> None:
    catch = node("exclusiveGateway", "m") + node("intermediateCatchEvent", "c", condition("true"))
    with pytest.raises(BpmnError) as caught:
        Instance(graph(START + catch + chain("s", "m", "c", "m")))
    assert caught.value.code == "bpmn.endless"


def test_a_script_computes_values_that_are_stored_and_seen_at_once() -> None:
    body = (
        START
        + script("a", "amount * 2", zt_result="double")
        + script("b", "{tax: double * 0.5, name: upper case(name)}")
        + node("exclusiveGateway", "g", default="g_e")
        + task("z")
        + END
        + chain("s", "a", "b", "g", "e")
        + flow("g", "z", "tax = 10")
    )
    run = Instance(graph(body), amount=10, name="li")
    assert run.outcome.commands[:2] == (StoreData({"double": 20}), StoreData({"tax": 10, "name": "LI"}))
    assert run.places == ["z"]
    assert run.data == {"amount": 10, "double": 20, "tax": 10, "name": "LI"}


def test_a_script_without_a_result_gives_a_context() -> None:
    for text, code in (
        ("amount", "bpmn.script_failed"),
        ("1 + 1", "bpmn.refused"),
    ):
        with pytest.raises(BpmnError) as caught:
            Instance(graph(START + script("a", text) + END + chain("s", "a", "e")), amount=10)
        assert (caught.value.code, caught.value.position) == (code, "a")


def test_a_link_leads_on_where_no_flow_is_drawn() -> None:
    link = '<linkEventDefinition name="on"/>'
    body = START + task("a") + task("z") + END + node("intermediateCatchEvent", "c", link) + chain("c", "z", "e")
    throws = node("intermediateThrowEvent", "t", link) + node("intermediateThrowEvent", "u", link)
    run = Instance(graph(body + throws + chain("s", "a", "t") + flow("s", "u")))
    assert run.places == ["a", "z"]
    run.done("a")
    assert run.places == ["z", "z"]
    assert run.send(TaskCompleted(run.state.tokens[0].id)).commands == ()
