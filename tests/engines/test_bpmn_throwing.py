"""Messages out, and signals that everything awaiting them hears."""

from engines.bpmn_drawing import chain, graph, message, node, signal, task
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    ActionDone,
    AwaitSignal,
    BroadcastSignal,
    CallAction,
    CancelSignal,
    CreateTask,
    MessageReceived,
    ProcessEnded,
    SendMessage,
    SignalReceived,
    Wait,
)

START, END = node("startEvent", "s"), node("endEvent", "e")


def fork(*branches: str) -> str:
    return START + node("parallelGateway", "f") + chain("s", "f") + "".join(chain("f", branch) for branch in branches)


def test_messages_are_sent_by_tasks_events_and_ends() -> None:
    body = (
        START
        + node("sendTask", "a", messageRef="message_m")
        + node("intermediateThrowEvent", "b", message("n"))
        + node("endEvent", "c", message())
        + chain("s", "a", "b", "c")
    )
    assert Instance(graph(body)).outcome.commands == (
        SendMessage("a", "m"),
        SendMessage("b", "n"),
        SendMessage("c", "m"),
        ProcessEnded(),
    )


def test_a_send_task_may_name_an_action_instead() -> None:
    run = Instance(graph(START + node("sendTask", "a", zt_action="tests.post@1") + END + chain("s", "a", "e")))
    assert run.outcome.commands == (CallAction(1, "a", "tests.post@1"),)
    assert run.send(ActionDone(1)).commands == (ProcessEnded(),)


def test_a_signal_is_awaited_between_and_at_the_border() -> None:
    body = (
        fork("c", "a")
        + node("intermediateCatchEvent", "c", signal())
        + task("a")
        + node("boundaryEvent", "x", signal(), attachedToRef="a")
        + task("late")
        + chain("c", "late")
        + chain("x", "late")
    )
    run = Instance(graph(body))
    assert run.outcome.commands[0] == AwaitSignal(1, "c", "g")
    assert [token.name for token in run.state.tokens if token.wait is Wait.SIGNAL] == ["g", "g"]
    assert refused(run, SignalReceived("h")) == "bpmn.signal_not_awaited"
    assert refused(run, MessageReceived("g")) == "bpmn.message_not_awaited"
    run.send(SignalReceived("g"))
    assert run.places == ["late", "late"]
    assert refused(run, SignalReceived("g")) == "bpmn.signal_not_awaited"


def test_a_signal_nobody_needs_any_more_is_called_off() -> None:
    boundary = node("boundaryEvent", "x", signal(), attachedToRef="a") + task("z") + chain("x", "z")
    run = Instance(graph(START + task("a") + END + boundary + chain("s", "a", "e")))
    assert run.done("a").commands == (CancelSignal(2, "x", "g"), ProcessEnded())


def test_a_signal_beside_a_task_may_come_again() -> None:
    boundary = node("boundaryEvent", "x", signal(), attachedToRef="a", cancelActivity="false")
    run = Instance(graph(START + task("a") + END + boundary + task("z") + chain("s", "a", "e") + chain("x", "z")))
    run.send(SignalReceived("g"))
    run.send(SignalReceived("g"))
    assert run.places == ["a", "x", "z", "z"]


def test_a_throw_is_heard_by_branches_that_arrive_in_the_same_step() -> None:
    """Whichever branch is drawn first: what moves comes to rest before anything is thrown."""
    thrower = node("intermediateThrowEvent", "t", signal()) + task("z") + chain("t", "z")
    catcher = node("intermediateCatchEvent", "c", signal()) + task("y") + chain("c", "y")
    for branches in (("t", "c"), ("c", "t")):
        run = Instance(graph(fork(*branches) + thrower + catcher))
        assert run.places == ["y", "z"]
        assert BroadcastSignal("t", "g") in run.outcome.commands


def test_nobody_hears_a_signal_that_was_thrown_before() -> None:
    thrower = node("intermediateThrowEvent", "t", signal())
    catcher = node("intermediateCatchEvent", "c", signal())
    run = Instance(graph(START + thrower + catcher + END + chain("s", "t", "c", "e")))
    assert run.places == ["c"]


def test_a_signal_may_sweep_away_whoever_throws_it() -> None:
    thrower = node("intermediateThrowEvent", "t", signal())
    inside = node("startEvent", "is") + thrower + task("i") + chain("is", "t", "i")
    boundary = node("boundaryEvent", "x", signal(), attachedToRef="a")
    body = START + node("subProcess", "a", inside) + boundary + task("z") + chain("s", "a") + chain("x", "z")
    run = Instance(graph(body))
    assert run.places == ["z"]
    assert run.outcome.commands == (BroadcastSignal("t", "g"), CreateTask(3, "z", "clerk", ()))


def test_an_event_gateway_may_await_a_signal() -> None:
    body = (
        START
        + node("eventBasedGateway", "w")
        + node("intermediateCatchEvent", "c", signal())
        + node("intermediateCatchEvent", "m", message())
        + task("a")
        + task("b")
        + chain("s", "w", "c", "a")
        + chain("w", "m", "b")
    )
    run = Instance(graph(body))
    run.send(SignalReceived("g"))
    assert run.places == ["a"]


def test_a_process_may_start_by_signal() -> None:
    plain = START + task("a") + chain("s", "a")
    compiled = graph(plain + node("startEvent", "x", signal()) + task("b") + chain("x", "b"))
    assert compiled.nodes["x"].code == "g"
    assert Instance(compiled).places == ["a"]
    assert Instance(compiled, "x").places == ["b"]
