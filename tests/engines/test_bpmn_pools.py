"""Several pools in one document: each by itself, and messages from one to another, none lost."""

import pytest

from engines.bpmn_drawing import NOW, chain, document, message, node, task, timer
from zhengtong.engines.bpmn import (
    AwaitMessage,
    BpmnError,
    MessageReceived,
    ModelRefused,
    Route,
    SendMessage,
    State,
    TaskCompleted,
    compile_pools,
    compile_process,
    hand_over,
    read,
    start,
    step,
)

CITIZEN = [
    *(node("startEvent", "s"), task("write"), node("sendTask", "ask", messageRef="message_m")),
    *(node("intermediateCatchEvent", "told", message("n")), task("read"), node("endEvent", "e")),
    chain("s", "write", "ask", "told", "read", "e"),
]
OFFICE = [
    *(node("startEvent", "os", message("m")), task("decide"), node("intermediateThrowEvent", "tell", message("n"))),
    *(node("endEvent", "oe"), chain("os", "decide", "tell", "oe")),
]
FLOWS = {"f1": ("ask", "os"), "f2": ("tell", "told")}


def pools(citizen: list[str], office: list[str], flows: dict[str, tuple[str, str]], more: str = "") -> bytes:
    """Citizen `p` and office `q`, with message flows between them, and a third pool of which nothing is drawn."""
    drawn = "".join(f'<messageFlow id="{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in flows.items())
    both = (
        '<participant id="citizen" processRef="p"/><participant id="office" processRef="q"/><participant id="court"/>'
    )
    beside = node("process", "q", "".join(office)) + f'<collaboration id="c">{both}{drawn}</collaboration>' + more
    return document(*citizen, beside=beside)


def sent(outcome) -> SendMessage:
    (command,) = [command for command in outcome.commands if isinstance(command, SendMessage)]
    return command


def test_a_message_finds_its_way_to_the_start_of_another_pool_and_back() -> None:
    both = compile_pools(read(pools(CITIZEN, OFFICE, FLOWS)))
    assert list(both.graphs) == ["p", "q"]
    citizen = start(both.graphs["p"], {}, NOW)
    citizen = step(both.graphs["p"], citizen.state, TaskCompleted(1), {}, NOW)
    asked = sent(citizen)
    assert asked == SendMessage("ask", "m", {}, ("os",))
    (route,) = both.routes(asked)
    assert route == Route("q", "os", "m", "os")
    assert hand_over(route, State()) is None
    office = start(both.graphs["q"], {}, NOW, route.start)
    office = step(both.graphs["q"], office.state, TaskCompleted(1), {}, NOW)
    (back,) = both.routes(sent(office))
    assert back == Route("p", "told", "n")
    event = hand_over(back, citizen.state, {"yes": True})
    assert event == MessageReceived("n", {"yes": True}, citizen.state.tokens[0].id)
    assert step(both.graphs["p"], citizen.state, event, {}, NOW).state.tokens[0].element == "read"


def test_what_is_not_awaited_yet_is_handed_over_later() -> None:
    both = compile_pools(read(pools(CITIZEN, OFFICE, FLOWS)))
    route = Route("p", "told", "n")
    outcome = start(both.graphs["p"], {}, NOW)
    assert hand_over(route, outcome.state) is None
    outcome = step(both.graphs["p"], outcome.state, TaskCompleted(1), {}, NOW)
    assert hand_over(route, outcome.state) is not None


def test_a_flow_to_the_border_of_a_pool_means_whatever_there_has_that_message() -> None:
    both = compile_pools(read(pools(CITIZEN, OFFICE, {"f1": ("ask", "office"), "f2": ("tell", "citizen")})))
    assert both.routes(SendMessage("ask", "m", {}, ("office",))) == (Route("q", "", "m", "os"),)
    (back,) = both.routes(SendMessage("tell", "n", {}, ("citizen",)))
    assert back == Route("p", "", "n")
    waiting = step(both.graphs["p"], start(both.graphs["p"], {}, NOW).state, TaskCompleted(1), {}, NOW).state
    assert hand_over(back, waiting) == MessageReceived("n", {}, waiting.tokens[0].id)
    assert hand_over(back._replace(message="m"), waiting) is None


def test_a_message_to_a_pool_of_which_nothing_is_drawn_leaves_the_collaboration() -> None:
    both = compile_pools(read(pools(CITIZEN, OFFICE, FLOWS | {"f3": ("ask", "court")})))
    assert both.routes(SendMessage("ask", "m", {}, ("os", "court"))) == (Route("q", "os", "m", "os"),)
    assert both.fed == {"os", "told"}


def test_two_pools_with_events_of_one_name_are_told_apart_by_the_flow() -> None:
    other = [*CITIZEN[:3], node("boundaryEvent", "first", message("n"), attachedToRef="read"), *CITIZEN[3:]]
    both = compile_pools(
        read(pools([*other, chain("first", "e")], OFFICE, {"f1": ("ask", "os"), "f2": ("tell", "first")}))
    )
    (back,) = both.routes(SendMessage("tell", "n", {}, ("first",)))
    graph = both.graphs["p"]
    state = step(graph, start(graph, {}, NOW).state, TaskCompleted(1), {}, NOW).state
    assert hand_over(back, state) is None
    state = step(graph, state, MessageReceived("n"), {}, NOW).state
    event = hand_over(back, state)
    assert event is not None
    assert state.find(event.token).element == "first"  # type: ignore[union-attr] # none would fail the test as well


def test_an_event_that_names_no_message_has_that_of_its_flow() -> None:
    unnamed = [part.replace(' messageRef="message_m"', "").replace(' messageRef="message_n"', "") for part in CITIZEN]
    office = [part.replace(' messageRef="message_m"', "").replace(' messageRef="message_n"', "") for part in OFFICE]
    xml = pools(unnamed, office, FLOWS).replace(b'<messageFlow id="f2"', b'<messageFlow id="f2" messageRef="message_n"')
    both = compile_pools(read(xml))
    assert {
        name: node.message for graph in both.graphs.values() for name, node in graph.nodes.items() if node.message
    } == {
        "ask": "f1",
        "os": "f1",
        "tell": "n",
        "told": "n",
    }
    graph = both.graphs["p"]
    outcome = step(graph, start(graph, {}, NOW).state, TaskCompleted(1), {}, NOW)
    assert outcome.commands[0] == SendMessage("ask", "f1", {}, ("os",))
    assert AwaitMessage(outcome.state.tokens[0].id, "told", "n") in outcome.commands


def test_an_event_with_several_flows_and_no_message_is_refused() -> None:
    unnamed = [part.replace(' messageRef="message_m"', "") for part in CITIZEN]
    with pytest.raises(ModelRefused) as caught:
        compile_pools(read(pools(unnamed, OFFICE, FLOWS | {"f3": ("ask", "court")})))
    assert [(f.code, f.element) for f in caught.value.findings if f.blocking] == [("bpmn.message_missing", "ask")]


def test_every_pool_is_refused_with_its_own_findings() -> None:
    broken = [*CITIZEN, node("complexGateway", "x")], [*OFFICE, node("complexGateway", "y")]
    with pytest.raises(ModelRefused) as caught:
        compile_pools(read(pools(*broken, FLOWS)))
    assert [f.element for f in caught.value.findings if f.blocking] == ["x", "y"]


def test_a_participant_of_a_process_that_is_not_there_is_refused() -> None:
    xml = pools(CITIZEN, OFFICE, FLOWS).replace(b'processRef="q"', b'processRef="gone"')
    with pytest.raises(BpmnError) as caught:
        compile_pools(read(xml))
    assert caught.value.code == "bpmn.process_unknown"


def test_a_document_without_a_collaboration_has_no_pools() -> None:
    both = compile_pools(read(document(*CITIZEN)))
    assert (both.graphs, both.routes(SendMessage("ask", "m", {}, ("os",)))) == ({}, ())


def test_what_a_person_does_may_point_at_a_pool_outside_but_not_at_one_that_is_executed() -> None:
    outside = compile_process(read(pools(CITIZEN, OFFICE, FLOWS | {"f3": ("write", "court")})), "p")
    assert [(n.code, n.element) for n in outside.notices] == [("bpmn.informative", "f3")]
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(pools(CITIZEN, OFFICE, FLOWS | {"f3": ("write", "os")})), "p")
    assert ("bpmn.message_flow_unsent", "f3") in [(f.code, f.element) for f in caught.value.findings]


def test_the_receiver_behind_an_event_gateway_is_found() -> None:
    body = [
        *(node("startEvent", "s"), node("sendTask", "ask", messageRef="message_m"), node("eventBasedGateway", "g")),
        *(node("receiveTask", "told", messageRef="message_n"), node("intermediateCatchEvent", "late", timer())),
        *(node("endEvent", "e"), chain("s", "ask", "g", "told", "e"), chain("g", "late", "e")),
    ]
    both = compile_pools(read(pools(body, OFFICE, FLOWS)))
    state = start(both.graphs["p"], {}, NOW).state
    event = hand_over(Route("p", "told", "n"), state)
    assert event is not None
    assert step(both.graphs["p"], state, event, {}, NOW).state.ended
