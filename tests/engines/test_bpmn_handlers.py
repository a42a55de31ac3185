"""Event sub-processes: what runs in place of its scope, or beside it, when something happens."""

import pytest

from engines.bpmn_drawing import NOW, chain, condition, error, graph, handler, message, node, signal, sub, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    ActionFailed,
    AwaitMessage,
    CancelMessage,
    CancelTask,
    CancelTimer,
    CreateTask,
    DataChanged,
    Event,
    MessageReceived,
    ProcessEnded,
    SignalReceived,
    StartTimer,
    TimerFired,
)

START, END = node("startEvent", "s"), node("endEvent", "e")
WORK = START + task("a") + END + chain("s", "a", "e")
CARE = task("h") + node("endEvent", "h_e") + chain("c_s", "h", "h_e")


def test_it_waits_from_the_start_and_is_called_off_at_the_end() -> None:
    run = Instance(graph(WORK, handler("c", message(), CARE)))
    assert run.outcome.commands == (AwaitMessage(1, "c_s", "m"), CreateTask(2, "a", "clerk", ()))
    assert run.done("a").commands == (CancelMessage(1, "c_s", "m"), ProcessEnded())


def test_interrupting_it_runs_in_place_of_the_process() -> None:
    run = Instance(graph(WORK, handler("c", message(), CARE), handler("d", timer(), task("i"), chain("d_s", "i"))))
    came = run.send(MessageReceived("m"))
    assert [type(command) for command in came.commands] == [CancelTimer, CancelTask, CreateTask]
    assert run.places == ["c", "h"]
    assert refused(run, MessageReceived("m")) == "bpmn.message_not_awaited"
    assert run.done("h").commands == (ProcessEnded(),)


def test_beside_the_process_it_may_run_again_and_again() -> None:
    run = Instance(graph(WORK, handler("c", message(), CARE, beside=True)))
    run.send(MessageReceived("m"))
    run.send(MessageReceived("m"))
    assert run.places == ["a", "c", "c", "c_s", "h", "h"]
    assert run.done("a").commands == ()
    for number in (1, 2):
        (token, *_) = [token.id for token in run.state.tokens if token.element == "h"]
        ended = run.done_token(token)
        assert ended.state.ended is (number == 2)
    assert run.outcome.commands == (CancelMessage(1, "c_s", "m"), ProcessEnded())


TRIGGERS: list[tuple[str, Event]] = [
    (message(), MessageReceived("m")),
    (signal(), SignalReceived("g")),
    (timer(), TimerFired(1)),
    (condition("late"), DataChanged({"late": True})),
]


@pytest.mark.parametrize(("trigger", "event"), TRIGGERS)
@pytest.mark.parametrize("beside", [False, True])
def test_whatever_can_happen_may_trigger_it(trigger: str, event: Event, *, beside: bool) -> None:
    run = Instance(graph(WORK, handler("c", trigger, CARE, beside=beside)))
    run.send(event)
    assert [place for place in run.places if place != "c_s"] == (["a", "c", "h"] if beside else ["c", "h"])
    while not run.state.ended:
        run.done_token(next(token.id for token in run.state.tokens if token.element in "ah"))


def test_a_repeating_timer_triggers_it_again() -> None:
    run = Instance(graph(WORK, handler("c", timer("R2/P1D", "timeCycle"), CARE, beside=True)))
    assert isinstance(run.outcome.commands[0], StartTimer)
    run.send(TimerFired(run.at("c_s")))
    run.send(TimerFired(run.at("c_s")))
    assert run.places == ["a", "c", "c", "h", "h"]


def test_inside_a_sub_process_it_belongs_to_that_run_of_it() -> None:
    inside = sub("p1", task("i"), chain("p1_s", "i"), handler("c", message(), CARE)) + task("z")
    run = Instance(graph(START, inside, chain("s", "p1", "z")))
    assert run.outcome.commands == (AwaitMessage(2, "c_s", "m"), CreateTask(3, "i", "clerk", ()))
    run.send(MessageReceived("m"))
    assert run.places == ["c", "h", "p1"]
    run.done("h")
    assert run.places == ["z"]


def test_a_sub_process_that_ends_first_calls_it_off() -> None:
    inside = sub("p1", task("i"), chain("p1_s", "i"), handler("c", message(), CARE)) + task("z")
    run = Instance(graph(START, inside, chain("s", "p1", "z")))
    assert run.done("i").commands == (CancelMessage(2, "c_s", "m"), CreateTask(4, "z", "clerk", ()))


def test_what_waits_in_an_event_sub_process_ends_with_it() -> None:
    inner = handler("d", timer(), task("k"), chain("d_s", "k"))
    run = Instance(graph(WORK, handler("c", message(), CARE, inner)))
    run.send(MessageReceived("m"))
    assert run.places == ["c", "d_s", "h"]
    run.send(TimerFired(run.at("d_s")))
    assert run.places == ["c", "d", "k"]


def test_an_error_of_a_sub_process_may_be_handled_within_it() -> None:
    failing = node("endEvent", "bad", error("x"))
    inside = sub("p1", task("i"), failing, chain("p1_s", "i", "bad"), handler("c", error("x"), CARE)) + task("z")
    run = Instance(graph(START, inside, chain("s", "p1", "z")))
    assert run.outcome.commands == (CreateTask(2, "i", "clerk", ()),)
    run.done("i")
    assert run.places == ["c", "h", "p1"]
    run.done("h")
    assert run.places == ["z"]


def test_terminating_ends_what_waits_beside_as_well() -> None:
    stop = node("endEvent", "stop", "<terminateEventDefinition/>")
    run = Instance(graph(START, task("a"), stop, chain("s", "a", "stop"), handler("c", timer(), CARE)))
    assert run.outcome.commands[0] == StartTimer(1, "c_s", run.state.tokens[0].due, "")
    assert run.state.tokens[0].due is not None
    assert run.state.tokens[0].due > NOW
    assert run.done("a").commands == (CancelTimer(1, "c_s"), ProcessEnded())


def test_a_failure_without_a_name_is_no_error() -> None:
    body = START + node("serviceTask", "a", zt_action="tests.a@1") + END + chain("s", "a", "e")
    run = Instance(graph(body, handler("c", error(), CARE)))
    run.send(ActionFailed(1, "no ink"))
    assert run.places == ["a"]
