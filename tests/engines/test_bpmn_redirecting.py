"""An instance that stands still goes on elsewhere, into states of its process only: nothing is lost or doubled."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import NOW, chain, document, flow, graph, handler, message, node, process, service, sub, task
from engines.bpmn_drawing import timer as after
from engines.bpmn_instance import Instance
from engines.bpmn_random import Block, blocks, draw
from zhengtong.engines.bpmn import (
    ActionDone,
    BpmnError,
    CallAction,
    CancelCall,
    CreateTask,
    Suspend,
    TaskCompleted,
    TimerFired,
    Wait,
    compile_process,
    read,
    verify,
)
from zhengtong.engines.bpmn.repairing import Standings, possible, redirect

START, END = node("startEvent", "s"), node("endEvent", "e")
LINE = graph(START, task("a"), service("b"), task("c"), END, chain("s", "a", "b", "c", "e"))
FORK = graph(
    START, node("parallelGateway", "f"), task("a"), service("b"), task("c"), task("d"), node("parallelGateway", "j"),
    task("z"), END, chain("s", "f", "a", "b", "j", "z", "e"), chain("f", "c", "d", "j"),
)  # fmt: skip
OPEN_FORK = graph(
    START, node("parallelGateway", "f"), task("a"), task("b"), node("endEvent", "x"), END,
    chain("s", "f", "a", "e"), chain("f", "b", "x"),
)  # fmt: skip


def stands(run: Instance, *done: str) -> Instance:
    for element in done:
        run.done(element)
    return run


def elsewhere(run: Instance, element: str) -> list[str]:
    return possible(run.graph, run.state, run.at(element), run.data, NOW)


def code(run: Instance, element: str, to: str) -> str:
    before = run.state
    with pytest.raises(BpmnError) as caught:
        redirect(run.graph, run.state, run.at(element), to, run.data, NOW)
    assert run.state == before
    assert caught.value.text("en") != caught.value.code != caught.value.text("zh-hans")
    return caught.value.code


def test_it_goes_on_before_after_or_at_the_end() -> None:
    run = stands(Instance(LINE), "a")
    assert elsewhere(run, "b") == ["a", "b", "c", "e"]
    outcome = run.take(redirect(LINE, run.state, run.at("b"), "c", {}, NOW))
    assert outcome.commands == (CancelCall(2, "b"), CreateTask(3, "c", "clerk", ()))
    assert [token.id for token in outcome.change.cancelled] == [2]
    assert outcome.change.added[0].origins == (2,)
    assert run.done("c").state.ended


def test_the_same_element_is_done_anew() -> None:
    run = stands(Instance(LINE), "a")
    assert run.take(redirect(LINE, run.state, 2, "b", {}, NOW)).commands[1] == CallAction(3, "b", "tests.b@1", {})


def test_beside_another_branch_only_its_own_branch_is_open_to_it() -> None:
    run = stands(Instance(FORK), "a", "c")
    assert run.places == ["b", "d"]
    assert elsewhere(run, "b") == ["a", "b"], "an action may be overtaken by the other branch"
    for to in ("f", "c", "d", "z", "e"):
        assert code(run, "b", to) == "bpmn.redirect_unsound"
    assert code(run, "b", "j") == "bpmn.redirect_target"


def test_what_would_be_done_twice_without_anybody_noticing_is_refused() -> None:
    """No join ever shows it: both branches run to ends of their own."""
    run = Instance(OPEN_FORK)
    assert elsewhere(run, "a") == ["a", "x", "e"]
    assert code(run, "a", "f") == "bpmn.redirect_unsound"
    assert code(run, "a", "b") == "bpmn.redirect_unsound"


def test_what_would_cut_off_other_work_is_refused() -> None:
    stop = node("endEvent", "stop", "<terminateEventDefinition/>")
    more = node("exclusiveGateway", "k", default="k_x"), stop, flow("k", "stop", "n = 1")
    body = (
        START, node("parallelGateway", "f"), task("a"), task("b"), node("endEvent", "x"), *more,
        chain("s", "f", "a", "k", "x"), chain("f", "b", "x"),
    )  # fmt: skip
    for inside in (False, True):
        inner = "".join(body).replace('id="s"', 'id="p1_s"').replace('"s_f" sourceRef="s"', '"s_f" sourceRef="p1_s"')
        whole = node("subProcess", "p1", inner)
        run = Instance(graph(START, whole, END, chain("s", "p1", "e")) if inside else graph(*body))
        assert code(run, "a", "stop") == "bpmn.redirect_unsound"
        assert "stop" not in elsewhere(run, "a")
        run.done("b")
        assert "stop" in elsewhere(run, "a"), "nothing else runs any more"


def test_what_runs_in_it_and_hangs_on_it_goes_with_it() -> None:
    inner = sub("p1", task("x"), node("endEvent", "y"), chain("p1_s", "x", "y"))
    bell = node("boundaryEvent", "t", after(), attachedToRef="p1")
    run = Instance(
        graph(START, inner, bell, task("late"), task("c"), END, chain("s", "p1", "c", "e"), flow("t", "late"))
    )
    assert run.places == ["p1", "t", "x"]
    run.take(redirect(run.graph, run.state, run.at("p1"), "c", {}, NOW))
    assert run.places == ["c"]
    assert code(run, "c", "x") == "bpmn.redirect_target", "it stands in another level"


def test_inside_a_sub_process_or_a_called_process_it_stays_there() -> None:
    inner = sub("p1", task("x"), task("w"), node("endEvent", "y"), chain("p1_s", "x", "w", "y"))
    run = Instance(graph(START, inner, task("c"), END, chain("s", "p1", "c", "e")))
    assert elsewhere(run, "x") == ["x", "w", "y"]
    run.take(redirect(run.graph, run.state, run.at("x"), "y", {}, NOW))
    assert run.places == ["c"]
    called = process(
        "q", node("startEvent", "q_s"), task("x"), task("w"), node("endEvent", "y"), chain("q_s", "x", "w", "y")
    )
    body = START, node("callActivity", "call", calledElement="q"), END, chain("s", "call", "e")
    run = Instance(compile_process(read(document(*body, beside=called)), "p"))
    assert elsewhere(run, "x") == ["x", "w", "y"]


def test_what_is_part_of_another_does_not_go_elsewhere() -> None:
    beside = handler("h", message(), task("k"), node("endEvent", "l"), chain("h_s", "k", "l"), beside=True)
    bell = node("boundaryEvent", "t", after(), attachedToRef="a")
    run = Instance(graph(START, task("a"), bell, task("late"), END, chain("s", "a", "e"), flow("t", "late"), beside))
    for element in ("t", "h_s"):
        assert code(run, element, "late") == "bpmn.redirect_token"
        assert elsewhere(run, element) == []
    run.send(Suspend())
    assert code(run, "a", "late") == "bpmn.suspended"
    with pytest.raises(BpmnError) as caught:
        redirect(LINE, Instance(LINE).state, 99, "c", {}, NOW)
    assert caught.value.code == "bpmn.redirect_token"


def test_what_cannot_be_told_within_the_bound_is_not_done() -> None:
    fork, join = node("parallelGateway", "f"), node("parallelGateway", "j")
    body = "".join(task(f"a{n}") + task(f"b{n}") + chain("f", f"a{n}", f"b{n}", "j") for n in range(9))
    run = Instance(graph(START, fork, body, join, END, chain("s", "f"), chain("j", "e")))
    for n in range(9):
        run.done(f"a{n}")
    few = Standings(run.graph, 50)
    with pytest.raises(BpmnError) as caught:
        redirect(run.graph, run.state, run.at("b0"), "a0", {}, NOW, few)
    assert (caught.value.code, few.looked) == ("bpmn.redirect_undecided", 50)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks(), st.integers(0, 2**32))
def test_wherever_it_is_sent_it_stands_as_it_could_and_ends(block: Block, seed: int) -> None:
    """Random sound processes, sent elsewhere now and then: it can always end, and never stands twice at one place."""
    drawing, luck = draw(block), random.Random(seed)
    run = Instance(graph(*drawing.body), **drawing.data)
    standings = Standings(run.graph, 400)
    sent = 0
    for _ in range(80):
        if run.state.ended:
            break
        movable = [token for token in run.state.tokens if not token.host]
        if sent < 6 and luck.random() < 0.4:
            token, to = luck.choice(movable), luck.choice(list(run.graph.nodes))
            try:
                run.take(redirect(run.graph, run.state, token.id, to, run.data, NOW, standings))
                sent += 1
            except BpmnError as refusal:
                assert refusal.code.startswith("bpmn.redirect_")  # noqa: PT017 refused for these reasons, or done
            verify(run.graph, run.state)
            places = [
                (live.element, live.scope) for live in run.state.tokens if live.wait is not Wait.JOIN and not live.turn
            ]
            assert len(places) == len(set(places))
            continue
        waits = [token for token in run.state.tokens if token.wait in (Wait.TASK, Wait.ACTION, Wait.TIMER)]
        assert waits, "somebody can always do something"
        token = luck.choice(waits)
        answers = {"outcome": "yes", f"again{token.element}": False}
        by_wait = {Wait.ACTION: ActionDone(token.id), Wait.TIMER: TimerFired(token.id)}
        run.send(by_wait.get(token.wait) or TaskCompleted(token.id, answers))
    for _ in range(200):
        if run.state.ended:
            return
        token = next(token for token in run.state.tokens if token.wait in (Wait.TASK, Wait.ACTION))
        answers = {"outcome": "yes", f"again{token.element}": False}
        run.send(ActionDone(token.id) if token.wait is Wait.ACTION else TaskCompleted(token.id, answers))
    pytest.fail("it did not end")
