"""Inclusive gateways: every branch whose condition is true, and a join that waits for what can still come."""

import itertools

import pytest

from engines.bpmn_drawing import chain, flow, graph, node, task, timer
from engines.bpmn_instance import Instance
from zhengtong.engines.bpmn import BpmnError, Graph, TimerFired, Wait

START, END = node("startEvent", "s"), node("endEvent", "e")
BRANCHES = "abc"


def _gate(name: str, **attributes: str) -> str:
    return node("inclusiveGateway", name, **attributes)


def _block(**more: str) -> Graph:
    """Branches a, b and c, each taken where the variable of its name is true; then z."""
    body = START + _gate("o", **more) + _gate("j") + task("z") + END + chain("s", "o") + chain("j", "z", "e")
    for name in BRANCHES:
        condition = None if more.get("default") == f"o_{name}" else name
        body += task(name) + flow("o", name, condition) + chain(name, "j")
    return graph(body)


@pytest.mark.parametrize("chosen", [c for n in (1, 2, 3) for c in itertools.combinations(BRANCHES, n)])
def test_every_true_branch_is_taken_and_all_of_them_are_awaited(chosen: tuple[str, ...]) -> None:
    for order in itertools.permutations(chosen):
        run = Instance(_block(), **dict.fromkeys(chosen, True))
        assert run.places == sorted(chosen)
        for place, name in enumerate(order):
            assert "z" not in run.places
            run.done(name)
            assert run.places.count("j") == (place + 1 if place + 1 < len(order) else 0)
        assert run.places == ["z"]
        assert run.done("z").state.ended


def test_the_default_is_taken_alone_and_only_where_nothing_else_is_true() -> None:
    assert Instance(_block(default="o_c")).places == ["c"]
    assert Instance(_block(default="o_c"), a=True, c=True).places == ["a"]


def test_without_a_default_the_gateway_is_named() -> None:
    with pytest.raises(BpmnError) as caught:
        Instance(_block())
    assert (caught.value.code, caught.value.position) == ("bpmn.no_true_condition", "o")


def test_what_met_at_the_join_is_kept_in_the_line_of_descent() -> None:
    run = Instance(_block(), a=True, b=True)
    a, b = run.at("a"), run.at("b")
    run.done("a")
    waiting = run.at("j")
    merged = run.done("b")
    (last,) = merged.change.passed
    assert (last.wait, last.origins) == (Wait.JOIN, (b,))
    (z,) = merged.state.tokens
    assert z.origins == (waiting, last.id)
    assert merged.change.completed[1].origins == (a,)


def test_a_token_that_can_no_longer_come_is_not_awaited() -> None:
    """Branch b may leave the block on its way: once it has, the join waits no longer (§13.4.3)."""
    body = START + node("parallelGateway", "f") + task("a") + task("b") + task("z") + task("out") + _gate("j")
    body += (
        node("exclusiveGateway", "x", default="x_out") + chain("s", "f", "a", "j", "z") + chain("f", "b", "x", "out")
    )
    run = Instance(graph(body + flow("x", "j", "back")))
    run.done("a")
    assert run.places == ["b", "j"]
    run.done("b")
    assert run.places == ["out", "z"]


def test_a_token_inside_a_sub_process_is_awaited() -> None:
    inside = node("startEvent", "is") + task("i") + chain("is", "i")
    body = START + node("parallelGateway", "f") + task("a") + node("subProcess", "b", inside) + task("z") + _gate("j")
    run = Instance(graph(body + chain("s", "f", "a", "j", "z") + chain("f", "b", "j")))
    run.done("a")
    assert run.places == ["b", "i", "j"]
    run.done("i")
    assert run.places == ["z"]


def test_a_boundary_event_that_may_still_lead_to_the_join_is_awaited_with_its_activity() -> None:
    bell = node("boundaryEvent", "x", timer(), attachedToRef="b") + chain("x", "j")
    body = START + node("parallelGateway", "f") + task("a") + task("b") + task("z") + task("out") + _gate("j") + bell
    compiled = graph(body + chain("s", "f", "a", "j", "z") + chain("f", "b", "out"))
    run = Instance(compiled)
    run.done("a")
    assert run.places == ["b", "j", "x"]
    run.send(TimerFired(run.at("x")))
    assert run.places == ["z"]
    run = Instance(compiled)
    run.done("a")
    run.done("b")
    assert run.places == ["out", "z"]


def test_a_loop_back_through_the_join_does_not_make_it_wait_for_itself() -> None:
    body = START + _gate("j") + task("a") + node("exclusiveGateway", "x", default="x_e") + END
    body += chain("s", "j", "a", "x", "e") + flow("x", "j", "again")
    run = Instance(graph(body))
    for _ in range(3):
        assert run.places == ["a"]
        run.done("a", again=True)
    assert run.done("a", again=False).state.ended


def test_two_joins_one_after_the_other() -> None:
    body = START + node("parallelGateway", "f") + "".join(map(task, "abcz")) + _gate("j") + _gate("k")
    body += chain("s", "f", "a", "j", "k", "z") + chain("f", "b", "j") + chain("f", "c", "k")
    for order in itertools.permutations("abc"):
        run = Instance(graph(body))
        for name in order:
            assert "z" not in run.places
            run.done(name)
        assert run.places == ["z"]


def test_joins_of_two_runs_of_a_sub_process_do_not_mix() -> None:
    inside = node("startEvent", "is") + _gate("o") + _gate("j") + task("a") + task("b")
    inside += chain("is", "o") + flow("o", "a", "true") + flow("o", "b", "true") + chain("a", "j") + chain("b", "j")
    inside += node("endEvent", "ie") + chain("j", "ie")
    run = Instance(graph(START + node("subProcess", "p1", inside) + chain("s", "p1") + flow("s", "p1", name="twice")))
    one, two = [token.id for token in run.state.tokens if token.element == "p1"]
    place = {(token.scope, token.element): token.id for token in run.state.tokens}
    run.done_token(place[one, "a"])
    run.done_token(place[two, "b"])
    assert run.places == ["a", "b", "j", "j", "p1", "p1"]
    run.done_token(place[one, "b"])
    assert run.places == ["a", "j", "p1"]
