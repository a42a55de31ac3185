"""What ends everything in the step in which something else would begin keeps that from being reached, as it runs."""

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings

from engines.bpmn_drawing import (
    chain,
    error,
    escalation,
    flow,
    graph,
    handler,
    message,
    node,
    script,
    signal,
    sub,
    task,
)
from engines.bpmn_faulty import END, START, boundary, exclusive, inclusive, parallel, repeated
from engines.bpmn_tangling import HASTY, SUDDEN, Tangle, Way, draw_tangle, tangles
from engines.bpmn_walking import TooManyStatesError, walk
from zhengtong.engines.bpmn import Graph
from zhengtong.engines.bpmn.graph import Kind
from zhengtong.engines.bpmn.soundness import Soundness, Verdict, examine

FORK = [START, END, parallel("f"), flow("s", "f")]
STOP = node("terminateEventDefinition", "d")
STOPS, FAILS = node("endEvent", "stop", STOP), node("endEvent", "stop", error("x"))
SCRIPT, SEND = script("k", "1", zt_result="r"), node("intermediateThrowEvent", "k", signal("h"))
A_THEN_STOP = [task("a"), chain("f", "a", "e"), flow("f", "stop")]
STOP_THEN_A = [task("a"), flow("f", "stop"), chain("f", "a", "e")]
WITHIN = sub(
    "w", parallel("f"), node("endEvent", "we"), STOPS, task("a"), chain("w_s", "f", "a", "we"), flow("f", "stop")
)
TWICE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
WORK = task("h1") + node("endEvent", "he") + chain("h_s", "h1", "he")
UP = node("subProcess", "w", node("startEvent", "w_s") + node("endEvent", "we", escalation("x")) + chain("w_s", "we"))

CASES: dict[str, tuple[list[str], set[str]]] = {
    "a task drawn before what terminates": ([*FORK, STOPS, *A_THEN_STOP], {"a"}),
    "a task drawn after it": ([*FORK, STOPS, *STOP_THEN_A], {"a"}),
    "a task drawn before an error end": ([*FORK, FAILS, *A_THEN_STOP], {"a"}),
    "a task drawn after it, too": ([*FORK, FAILS, *STOP_THEN_A], {"a"}),
    "by way of gateways": (
        [*FORK, STOPS, exclusive("x"), task("a"), chain("f", "a", "e"), chain("f", "x", "stop")],
        {"a"},
    ),
    "in a later step": ([START, END, STOPS, task("t"), parallel("f"), chain("s", "t", "f"), *A_THEN_STOP], {"a"}),
    "not where a task comes before the end": (
        [*FORK, STOPS, task("a"), chain("f", "a", "e"), task("b"), chain("f", "b", "stop")],
        set(),
    ),
    "not where the end is one choice": (
        [
            *FORK,
            STOPS,
            exclusive("x", "x_e"),
            *A_THEN_STOP[:2],
            flow("f", "x"),
            flow("x", "stop", "c1"),
            flow("x", "e"),
        ],
        set(),
    ),
    "not where a join may wait before the end": (
        [
            *FORK,
            STOPS,
            parallel("g"),
            parallel("j"),
            task("a"),
            task("b"),
            chain("f", "a", "j", "stop"),
            chain("f", "g", "j"),
            chain("g", "b", "e"),
        ],
        set(),
    ),
    "not where they are chosen apart": (
        [
            START,
            END,
            STOPS,
            inclusive("f", "f_e"),
            task("a"),
            flow("s", "f"),
            flow("f", "a", "c1"),
            flow("f", "stop", "c2"),
            flow("a", "e"),
            flow("f", "e"),
        ],
        set(),
    ),
    "behind an inclusive join that all have come to": (
        [
            *FORK,
            STOPS,
            task("t"),
            parallel("g"),
            inclusive("j"),
            task("a"),
            chain("f", "t", "g", "j", "stop"),
            chain("g", "a", "e"),
            flow("f", "j"),
        ],
        {"a"},
    ),
    "a script drawn before is done": ([*FORK, STOPS, SCRIPT, chain("f", "k", "e"), flow("f", "stop")], set()),
    "a script drawn after is not": ([*FORK, STOPS, SCRIPT, flow("f", "stop"), chain("f", "k", "e")], {"k"}),
    "it is where the end is further off": (
        [*FORK, STOPS, SCRIPT, exclusive("x"), chain("f", "x", "stop"), chain("f", "k", "e")],
        set(),
    ),
    "what is thrown would be heard too late": ([*FORK, STOPS, SEND, chain("f", "k", "e"), flow("f", "stop")], {"k"}),
    "what is thrown before the end is heard": (
        [*FORK, STOPS, SEND, task("a"), chain("f", "a", "e"), chain("f", "k", "stop")],
        {"a"},
    ),
    "within a sub-process": ([START, END, WITHIN, task("b"), chain("s", "w", "b", "e")], {"a"}),
    "within what is done for each": (
        [START, END, WITHIN.replace("</subProcess>", TWICE + "</subProcess>"), chain("s", "w", "e")],
        {"a"},
    ),
    "what is done for each": ([*FORK, STOPS, repeated("a", TWICE), chain("f", "a", "e"), flow("f", "stop")], {"a"}),
    "a sub-process that ends at once, then everything": (
        [
            *FORK,
            STOPS,
            sub("w", node("endEvent", "we"), chain("w_s", "we")),
            task("b"),
            chain("f", "b", "e"),
            chain("f", "w", "stop"),
        ],
        {"b"},
    ),
    "a sub-process that raises what stops it": (
        [
            *FORK,
            STOPS,
            UP,
            boundary("up", "w", escalation("x")),
            task("a"),
            chain("f", "a", "e"),
            chain("f", "w", "e"),
            flow("up", "stop"),
        ],
        {"a"},
    ),
    "a sub-process in which a script is done first": (
        [
            *FORK,
            STOPS,
            exclusive("x1"),
            exclusive("x2"),
            exclusive("x3"),
            chain("f", "x1", "x2", "x3", "stop"),
            sub("w", SCRIPT, node("endEvent", "we"), chain("w_s", "k", "we")),
            chain("f", "w", "e"),
        ],
        set(),
    ),
    "an event sub-process of what is over at once": (
        [*FORK, STOPS, *A_THEN_STOP, handler("h", message(), WORK)],
        {"a", "h1"},
    ),
    "within an event sub-process": (
        [
            START,
            END,
            task("t"),
            chain("s", "t", "e"),
            handler(
                "h",
                message(),
                parallel("f"),
                STOPS,
                task("a"),
                node("endEvent", "he"),
                chain("h_s", "f", "a", "he"),
                flow("f", "stop"),
            ),
        ],
        {"a"},
    ),
    "what is around a path that is never begun": (
        [*FORK, STOPS, *A_THEN_STOP, boundary("late", "a", message(), stops=False), task("b"), chain("late", "b", "e")],
        {"a", "b"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_ended_in_the_step_in_which_it_would_begin_is_never_reached(name: str) -> None:
    body, expected = CASES[name]
    drawn = graph(*body)
    result = examine(drawn)
    assert activities(drawn) - walk(drawn).reached == expected
    assert unreached(drawn, result) == expected
    assert result.verdict is (Verdict.UNSOUND if result.findings else Verdict.SOUND)


def test_branches_that_are_chosen_by_the_same_condition_begin_in_one_step() -> None:
    ways = [flow("s", "f"), flow("f", "a", "c1"), flow("f", "stop", "c1"), flow("a", "e"), flow("f", "e")]
    drawn = graph(START, END, STOPS, inclusive("f", "f_e"), task("a"), *ways)
    assert unreached(drawn, examine(drawn)) == {"a"}


def test_it_is_said_why_in_both_languages() -> None:
    (fault,) = examine(graph(*CASES["a task drawn after it"][0])).findings
    assert fault.code == "soundness.unreachable"
    assert set(fault.elements) >= {"a"}
    assert "ends everything in the step" in fault.text("en")
    assert "同一步里结束" in fault.text("zh-hans")


def test_beyond_the_limit_nothing_is_called_unreachable_nor_sound() -> None:
    result = examine(graph(*CASES["in a later step"][0]), 0)
    assert result.verdict is Verdict.UNDECIDED
    assert {fault.code for fault in result.findings} == {"soundness.too_many_states"}


TOLD_BEFORE_ALL_ENDS = Tangle(
    ("parallelGateway", "parallelGateway", "terminate"),
    (
        Way(0, 2, "sub.through", None),
        Way(0, -1, "tellingsub.told", 1),
        Way(0, 1, "none", None),
        Way(1, -1, "tellingsub.told", 2),
    ),
)
"""What is raised at once in a sub-process is heard in the step in which another branch ends everything."""


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(tangles(HASTY, SUDDEN, gateways=5, leaving=3))
@example(TOLD_BEFORE_ALL_ENDS)
def test_what_no_run_of_the_engine_enters_is_unreachable_and_nothing_else(tangle: Tangle) -> None:
    process = draw_tangle(tangle)
    try:
        walked = walk(process)
    except TooManyStatesError:
        assume(False)
    result = examine(process)
    found = unreached(process, result)
    event(f"{result.verdict} {bool(found)}")
    assert not found & walked.reached
    telling = any(way.activity.startswith("telling") for way in tangle.ways)
    assert telling or result.verdict is not Verdict.UNDECIDED
    if telling or walked.faulty or {fault.code for fault in result.findings} - {"soundness.unreachable"}:
        return
    left = activities(process) - walked.reached
    if any(
        "sub" in way.activity for way in tangle.ways
    ):  # what is done at once beside sub-processes is told apart less
        loose = {name for name in left if process.nodes[name].kind is not Kind.TASK or ".either" in name}
        found, left = found - loose, left - loose
    assert found == left


def activities(process: Graph) -> set[str]:
    """What is done, or thrown, by somebody."""
    kinds = (Kind.TASK, Kind.SCRIPT, Kind.THROW)
    return {name for name, node in process.nodes.items() if node.kind in kinds and node.tag != "endEvent"}


def unreached(process: Graph, result: Soundness) -> set[str]:
    """The activities that are called unreachable, or stand in what is."""
    told = {name for fault in result.findings if fault.code == "soundness.unreachable" for name in fault.elements}
    return {name for name in activities(process) if told & {name, *_around(process, name)}}


def _around(process: Graph, name: str) -> set[str]:
    scope = process.nodes[name].scope
    return {scope, *_around(process, scope)} if scope else set()
