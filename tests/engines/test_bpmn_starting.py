"""Where an instance may begin: start events, receive tasks and event gateways."""

import pytest

from engines.bpmn_drawing import chain, graph, message, node, signal, task
from engines.bpmn_instance import Instance
from zhengtong.engines.bpmn import AwaitSignal, BpmnError, CreateTask, Graph, MessageReceived, SignalReceived

END = node("endEvent", "e")


def _gateway(kind: str) -> Graph:
    body = node("eventBasedGateway", "g", instantiate="true", eventGatewayType=kind)
    body += node("intermediateCatchEvent", "x", message()) + node("intermediateCatchEvent", "y", signal())
    return graph(body, task("a"), task("b"), END, chain("g", "x", "a", "e"), chain("g", "y", "b", "e"))


@pytest.mark.parametrize(("at", "place"), [("x", "a"), ("y", "b")])
def test_an_event_gateway_begins_by_whichever_event_comes(at: str, place: str) -> None:
    compiled = _gateway("Exclusive")
    assert compiled.starts == ("x", "y")
    assert Instance(compiled, at).places == [place]


def test_nothing_says_which_of_several_events_came() -> None:
    with pytest.raises(BpmnError) as caught:
        Instance(_gateway("Exclusive"))
    assert caught.value.code == "bpmn.start_unknown"


def test_where_events_belong_together_the_others_are_awaited() -> None:
    run = Instance(_gateway("Parallel"), "x")
    assert run.outcome.commands == (AwaitSignal(1, "y", "g"), CreateTask(2, "a", "clerk", ()))
    assert not run.done("a").state.ended
    run.send(SignalReceived("g"))
    assert run.places == ["b"]
    assert run.done("b").state.ended
    run = Instance(_gateway("Parallel"), "y")
    run.send(MessageReceived("m"))
    assert run.places == ["a", "b"]


def test_a_receive_task_may_begin_an_instance() -> None:
    receive = node("receiveTask", "r", messageRef="message_m", instantiate="true")
    compiled = graph(receive, task("a"), END, chain("r", "a", "e"))
    assert compiled.starts == ("r",)
    assert Instance(compiled).places == ["a"]
    assert Instance(compiled, "r").places == ["a"]


def test_beside_it_there_may_be_start_events() -> None:
    receive = node("receiveTask", "r", messageRef="message_m", instantiate="true")
    compiled = graph(node("startEvent", "s"), receive, task("a"), task("b"), chain("s", "a"), chain("r", "b"))
    assert compiled.starts == ("s", "r")
    assert Instance(compiled).places == ["a"]
    assert Instance(compiled, "r").places == ["b"]
