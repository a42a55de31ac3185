"""Errors and escalations rise until something catches them."""

import pytest

from engines.bpmn_drawing import chain, error, escalation, graph, handler, node, service, sub, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    CancelCall,
    CancelTask,
    CancelTimer,
    CreateTask,
    ErrorRaised,
    Escalated,
    ProcessEnded,
    Stalled,
)

START, END = node("startEvent", "s"), node("endEvent", "e")


def caught(name: str, trigger: str, host: str = "p1", *, beside: bool = False) -> str:
    """A boundary event that leads to task `after_NAME`."""
    cancel = "false" if beside else "true"
    event = node("boundaryEvent", name, trigger, attachedToRef=host, cancelActivity=cancel)
    return event + task(f"after_{name}") + chain(name, f"after_{name}")


def failing(*more: str, code: str = "x") -> str:
    """A sub-process `p1` with tasks `i` and `k`; after `i` comes the error."""
    bad = node("endEvent", "bad", error(code))
    inside = task("i") + task("k") + bad + chain("p1_s", "i", "bad") + chain("p1_s", "k")
    return START + sub("p1", inside) + task("z") + chain("s", "p1", "z") + "".join(more)


def test_an_error_ends_the_sub_process_and_goes_on_at_its_border() -> None:
    run = Instance(graph(failing(caught("b", error("x")))))
    assert run.outcome.commands == (CreateTask(2, "i", "clerk", ()), CreateTask(3, "k", "clerk", ()))
    ended = run.done("i")
    assert ended.commands == (CancelTask(3, "k"), CreateTask(4, "after_b", "clerk", ()))
    assert [token.element for token in ended.change.cancelled] == ["p1", "k"]
    assert run.places == ["after_b"]


@pytest.mark.parametrize(
    ("catchers", "place"),
    [
        (caught("b", error("y")) + caught("c", error()), "after_c"),
        (caught("c", error()) + caught("b", error("x")), "after_b"),
    ],
)
def test_the_event_that_names_the_error_is_nearer_than_one_for_any(catchers: str, place: str) -> None:
    run = Instance(graph(failing(catchers)))
    run.done("i")
    assert run.places == [place]


def test_an_error_rises_through_levels_that_do_not_catch_it() -> None:
    bad = node("endEvent", "bad", error("x"))
    deep = sub("p2", bad, chain("p2_s", "bad")) + node("boundaryEvent", "no", error("y"), attachedToRef="p2")
    body = START + sub("p1", task("i"), deep, task("k"), chain("p1_s", "i", "p2"), chain("no", "k")) + chain("s", "p1")
    run = Instance(graph(body + caught("b", error("x"))))
    run.done("i")
    assert run.places == ["after_b"]


def test_an_error_nothing_catches_ends_the_instance() -> None:
    run = Instance(graph(failing(task("other"), chain("s", "other"))))
    ended = run.done("i")
    assert ended.commands[-1] == ProcessEnded(error="x")
    assert run.state.ended
    assert len(ended.change.cancelled) == 3


def test_an_activity_may_end_in_an_error() -> None:
    body = START + service("a") + END + chain("s", "a", "e") + caught("b", error("x"), "a") + caught("t", timer(), "a")
    run = Instance(graph(body))
    failed = run.send(ErrorRaised(1, "x", {"why": "refused"}))
    assert failed.commands == (CancelCall(1, "a"), CancelTimer(2, "t"), CreateTask(3, "after_b", "clerk", ()))
    assert run.places == ["after_b"]
    assert refused(run, ErrorRaised(1, "x")) == "bpmn.task_not_open"


def test_an_error_the_model_does_not_know_is_shown_and_the_task_stays() -> None:
    run = Instance(graph(START + task("a") + END + chain("s", "a", "e") + caught("b", error("y"), "a")))
    assert run.send(ErrorRaised(1, "x")).commands == (Stalled(1, "a", "x"),)
    assert run.places == ["a"]


def test_an_error_in_an_event_sub_process_is_not_for_the_one_beside_it() -> None:
    bad = node("endEvent", "again", error("x"))
    care = handler("c", error("x"), task("h"), bad, chain("c_s", "h", "again"))
    first = node("endEvent", "bad", error("x"))
    inside = sub("p1", task("i"), first, chain("p1_s", "i", "bad"), care)
    run = Instance(graph(START + inside + chain("s", "p1") + caught("b", error("x"))))
    run.done("i")
    assert run.places == ["c", "h", "p1"]
    run.done("h")
    assert run.places == ["after_b"]


def escalating(event: str, *more: str) -> str:
    inside = task("i") + event + task("k") + chain("p1_s", "i", "up", "k")
    return START + sub("p1", inside) + task("z") + chain("s", "p1", "z") + "".join(more)


def test_an_escalation_runs_beside_whoever_escalates() -> None:
    up = node("intermediateThrowEvent", "up", escalation("x"))
    run = Instance(graph(escalating(up, caught("b", escalation("x"), beside=True))))
    told = run.done("i")
    assert Escalated("up", "x", caught=True) in told.commands
    assert run.places == ["after_b", "k", "p1"]


def test_an_escalation_may_interrupt_whoever_escalates() -> None:
    up = node("intermediateThrowEvent", "up", escalation("x"))
    run = Instance(graph(escalating(up, caught("b", escalation()))))
    run.done("i")
    assert run.places == ["after_b"]


def test_an_escalation_nobody_catches_is_told_and_changes_nothing() -> None:
    up = node("intermediateThrowEvent", "up", escalation("y"))
    run = Instance(graph(escalating(up, caught("b", escalation("x")))))
    assert run.done("i").commands == (Escalated("up", "y"), CreateTask(3, "k", "clerk", ()))


def test_an_end_event_may_escalate_into_an_event_sub_process() -> None:
    up = node("endEvent", "up", escalation("x"))
    care = handler("c", escalation("x"), task("h"), chain("c_s", "h"), beside=True)
    run = Instance(graph(START, task("a"), up, chain("s", "a", "up"), care))
    run.done("a")
    assert run.places == ["c", "h"]
    assert run.done("h").commands == (ProcessEnded(),)


def test_an_interrupting_event_sub_process_stops_whoever_escalates_beside_it() -> None:
    up = node("intermediateThrowEvent", "up", escalation("x"))
    care = handler("c", escalation("x"), task("h"), chain("c_s", "h"))
    run = Instance(graph(START, task("a"), up, task("z"), chain("s", "a", "up", "z"), care))
    run.done("a")
    assert run.places == ["c", "h"]
