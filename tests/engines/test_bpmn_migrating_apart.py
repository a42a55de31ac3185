"""Branches are looked at apart only where none may end, or let go on, what another does."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import (
    NOW,
    adhoc,
    chain,
    compensate,
    error,
    flow,
    graph,
    handler,
    message,
    node,
    process,
    signal,
    sub,
    task,
    undone,
)
from engines.bpmn_faulty import END, START, parallel
from engines.bpmn_instance import Instance
from engines.bpmn_tangling import Tangle, draw_tangle, tangles
from zhengtong.engines.bpmn import AddSigners, BpmnError, Graph, State, verify
from zhengtong.engines.bpmn.migrating import Ending, Prospects, migrate, plan

FORK = [START, END, parallel("f"), flow("s", "f")]
STUCK = [node("parallelGateway", "j"), task("k"), chain("j", "k", "j")]
"""A join that waits for what comes after it."""
WITHIN = parallel("j") + task("k")


def boundary(name: str, host: str, trigger: str, to: str) -> str:
    return node("boundaryEvent", name, trigger, attachedToRef=host) + flow(name, to)


def choice(name: str, **ways: tuple[str, str]) -> str:
    """An event gateway; `ways` are the trigger of each event and where it leads."""
    events = [node("intermediateCatchEvent", to, on) + chain(name, to, after) for to, (on, after) in ways.items()]
    return node("eventBasedGateway", name) + "".join(events)


STUCK_UNDOING = node(
    "subProcess", "u", node("startEvent", "us") + WITHIN + chain("us", "j", "k", "j"), isForCompensation="true"
)
UNDO = [task("b"), node("intermediateThrowEvent", "undo", compensate()), chain("f", "b", "undo", "e")]

TOUCHING: dict[str, list[str]] = {
    "a signal that two hear at their borders": [
        *(*FORK, *STUCK, task("a"), task("b"), chain("f", "a", "e"), chain("f", "b", "e")),
        *(boundary("am", "a", message(), "e"), boundary("ag", "a", signal(), "e"), boundary("bg", "b", signal(), "j")),
    ],
    "a signal that two await": [
        *(*FORK, *STUCK, flow("f", "g1"), flow("f", "g2")),
        choice("g1", c1=(signal(), "e"), c2=(message("m"), "e"), c3=(message("n"), "e")),
        choice("g2", d1=(signal(), "j"), d2=(message("m"), "e")),
    ],
    "what undoes what another did": [*FORK, *UNDO, task("a"), STUCK_UNDOING, undone("a", "u"), chain("f", "a", "e")],
    "what undoes what another did, from inside": [
        *(*FORK, *UNDO, chain("f", "a", "e")),
        sub("a", task("a1"), chain("a_s", "a1"), handler("h", compensate(), WITHIN, chain("h_s", "j", "k", "j"))),
    ],
    "events of which one is chosen": [
        *(START, END, *STUCK, flow("s", "g")),
        choice("g", c1=(message("m"), "e"), c2=(message("n"), "j")),
    ],
    "the border of what is around what it runs in": [
        *(START, END, *STUCK, boundary("b", "w", message(), "j"), chain("s", "w", "e")),
        sub("w", sub("v", task("a"), chain("v_s", "a")), chain("w_s", "v")),
    ],
}


@pytest.mark.parametrize("name", TOUCHING)
def test_what_touches_another_branch_is_looked_at_together_with_it(name: str) -> None:
    drawn = graph(*TOUCHING[name])
    state = Instance(drawn).state
    assert Prospects(drawn, apart=False).of(state).ending is Ending.CANNOT
    assert Prospects(drawn).of(state).ending is Ending.CANNOT


ROUND = task("k") + flow("k", "k")
"""What never ends by itself."""
TERMINATE = node("endEvent", "stop", node("terminateEventDefinition", "d"))
CANCEL = "<cancelEventDefinition/>"
FORKED = parallel("f") + ROUND + task("b") + flow("f", "k")

ENDING: dict[str, list[str]] = {
    "the process": [START, FORKED, TERMINATE, flow("s", "f"), chain("f", "b", "stop")],
    "a sub-process": [
        *(START, END, chain("s", "w", "e")),
        sub("w", FORKED, TERMINATE, flow("w_s", "f"), chain("f", "b", "stop")),
    ],
    "the process, in an error": [START, FORKED, node("endEvent", "stop", error("x")), chain("s", "f", "b", "stop")],
    "the process, in an error from inside": [
        *(START, FORKED, chain("s", "f", "b", "w")),
        sub("w", task("c"), node("endEvent", "stop", error("x")), chain("w_s", "c", "stop")),
    ],
    "a called process, in an error": [
        *(START, FORKED, chain("s", "f", "b", "w")),
        node("callActivity", "w", calledElement="q"),
    ],
    "a transaction": [
        *(START, END, chain("s", "w", "e"), boundary("c", "w", CANCEL, "e")),
        node(
            "transaction",
            "w",
            node("startEvent", "w_s") + FORKED + node("endEvent", "stop", CANCEL) + chain("w_s", "f", "b", "stop"),
        ),
    ],
}
CALLED = process("q", node("startEvent", "qs"), task("qc"), node("endEvent", "qe", error("x")), chain("qs", "qc", "qe"))


@pytest.mark.parametrize("name", ENDING)
def test_what_goes_round_for_ever_is_looked_at_together_with_what_may_end_it(name: str) -> None:
    """Alone it would be gone round and round, and never an end seen."""
    drawn = graph(*ENDING[name], beside=CALLED)
    state = Instance(drawn).state
    assert Prospects(drawn, apart=False).of(state).ending is Ending.CAN
    assert Prospects(drawn).of(state).ending is Ending.CAN


def test_each_of_several_is_looked_at_together_with_those_that_may_make_it_needless() -> None:
    """The first stands where the new version only goes round; it is over with any of the others."""

    def several(*inside: str) -> Graph:
        body = sub("w", ROUND, task("b"), node("endEvent", "we"), flow("b", "we"), *inside, FIRST)
        return graph(START, END, body, chain("s", "w", "e"))

    old = several(
        node("exclusiveGateway", "pick", default="pick_b"), chain("w_s", "pick", "b"), flow("pick", "k", "c1")
    )
    new = several(flow("w_s", "b"))
    state = Instance(old, c1=True).state
    last = state.tokens[-1]
    state = State((*state.tokens[:-1], last._replace(element="b", flow="pick_b")), state.next_id)
    verify(old, state)
    assert [token.element for token in state.tokens] == ["w", "w", "w", "k", "b"]
    assert Prospects(new, apart=False).of(state).ending is Ending.CAN
    assert not plan(old, new, state).obstacles


FIRST = (
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    "<completionCondition>true</completionCondition></multiInstanceLoopCharacteristics>"
)


def test_a_task_is_looked_at_together_with_whoever_was_asked_about_it() -> None:
    """It is held until they have answered: alone it would seem stuck."""
    drawn = graph(START, END, task("a"), chain("s", "a", "e"))
    run = Instance(drawn)
    run.send(AddSigners(run.at("a"), ("li", "wang"), "before"))
    assert Prospects(drawn, apart=False).of(run.state).ending is Ending.CAN
    assert Prospects(drawn).of(run.state).ending is Ending.CAN


ROUNDS = [
    *(node("inclusiveGateway", "g", default="g_a"), task("t"), task("a"), task("b"), task("c"), flow("t", "g")),
    *(flow("g", "a", name="g_a"), flow("g", "b", "c1"), flow("g", "c", "c2"), flow("a", "g"), flow("b", "g")),
]
"""What meets what it began itself: it depends on the order whether they wait for one another."""


@pytest.mark.parametrize("within", [False, True])
def test_inclusive_joins_are_looked_at_together_with_all_that_may_come_to_them(within: bool) -> None:
    inside = sub("w", *ROUNDS, node("endEvent", "we"), chain("w_s", "t"), chain("c", "we"))
    body = [inside, chain("s", "w", "e")] if within else [*ROUNDS, chain("s", "t"), chain("c", "e")]
    drawn = graph(START, END, *body)
    state = Instance(drawn).state
    assert Prospects(drawn, 250, apart=False).of(state).ending is Ending.UNDECIDED
    assert Prospects(drawn, 250).of(state).ending is Ending.UNDECIDED


def test_what_is_on_offer_is_looked_at_together_with_what_runs_of_it() -> None:
    drawn = graph(START, END, adhoc("h", task("a"), until="c1"), chain("s", "h", "e"))
    assert Prospects(drawn).of(Instance(drawn, c1=False).state).ending is Ending.CAN


LATE = handler("h", message(), WITHIN + chain("h_s", "j", "k", "j"))
"""What may come instead of everything around it, and never ends."""


def test_what_may_end_a_called_process_and_begins_to_wait_with_the_move_is_looked_at_together_with_it() -> None:
    def calling(*inside: str) -> Graph:
        called = process("q", node("startEvent", "qs"), task("b"), chain("qs", "b"), *inside)
        return graph(START, END, node("callActivity", "c", calledElement="q"), chain("s", "c", "e"), beside=called)

    cannot_move(calling(), calling(LATE))


def test_what_may_end_the_process_and_begins_to_wait_with_the_move_is_looked_at_together_with_it() -> None:
    line = [START, END, task("a"), chain("s", "a", "e")]
    cannot_move(graph(*line), graph(*line, LATE))


def test_what_may_end_a_sub_process_and_begins_to_wait_with_the_move_is_looked_at_together_with_it() -> None:
    def within(*inside: str) -> Graph:
        return graph(START, END, sub("w", task("a"), chain("w_s", "a"), *inside), chain("s", "w", "e"))

    cannot_move(within(), within(LATE))


def cannot_move(old: Graph, new: Graph) -> None:
    found = plan(old, new, Instance(old).state)
    assert [remark.code for remark in found.obstacles] == ["migration.cannot_end"]


KINDS = ("exclusiveGateway", "parallelGateway", "parallelGateway", "inclusiveGateway", "terminate")
ACTIVITIES = ("task", "task", "timed", "erring", "each", "sub.calm", "sub.stop", "timedsub.either", "erringsub.error")
ACTIVITIES += ("sub.handled", "call.calm", "sub.undo", "sub.offers")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(tangles(KINDS, ACTIVITIES, gateways=5), st.data(), st.randoms(use_true_random=False), st.integers(0, 5))
def test_what_may_move_can_always_end_and_loses_and_doubles_nothing(
    tangle: Tangle, data: st.DataObject, luck: random.Random, steps: int
) -> None:
    """One way leads elsewhere in the new version. Every state that may follow is gone through in every order."""
    place = data.draw(st.integers(0, max(len(tangle.ways) - 1, 0)))
    to = data.draw(st.integers(-1, len(tangle.kinds) - 1))
    assume(tangle.ways and (to < 0 or tangle.kinds[to]))
    changed = replace(tangle.ways[place], target=to)
    old = draw_tangle(tangle)
    try:
        new = draw_tangle(replace(tangle, ways=(*tangle.ways[:place], changed, *tangle.ways[place + 1 :])))
    except BpmnError:
        assume(False)
    before = Prospects(old, apart=False)
    state = next((each for each in before.beginnings() if each is not None and each.tokens), None)
    assume(state is not None)
    assert state is not None
    for _ in range(steps):
        following = [after for after in before.following(state) if after is not None and after.tokens]
        state = luck.choice(following) if following else state
    try:
        found = plan(old, new, state, prospects=Prospects(new, 300))
    except BpmnError:  # what waits for a message in place of a time is no state of the drawing
        assume(False)
    event(f"possible {found.possible}")
    if not found.possible:
        return
    moved = migrate(found, {}, NOW)
    kept = [token.id for token in moved.state.tokens]
    assert len(set(kept)) == len(kept)
    gone, begun = {token.id for token in moved.cancelled}, {token.id for token in moved.added}
    assert set(kept) == ({token.id for token in state.tokens} - gone) | begun
    assert not begun & {token.id for token in state.tokens}
    assert all(token.host or not token.flow for token in moved.cancelled), "only what was awaited beside is dropped"
    prospect = Prospects(new, 600, apart=False).of(moved.state)
    event(f"every order {prospect.ending}")
    assert prospect.ending is not Ending.CANNOT
