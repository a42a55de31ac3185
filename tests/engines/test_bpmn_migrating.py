"""Running instances move to another version: what moves where, what cannot and why, and nothing lost on the way."""

import random
import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import (
    NOW,
    adhoc,
    chain,
    clock,
    condition,
    flow,
    graph,
    handler,
    message,
    node,
    process,
    service,
    signal,
    sub,
    task,
    timer,
)
from engines.bpmn_instance import Instance
from engines.bpmn_random import Block, blocks, draw, expected
from engines.bpmn_tangling import EVERY, EVERYTHING, INCLUSIVE, Tangle, draw_tangle, tangles
from engines.bpmn_walking import Facts, TooManyStatesError, walk
from engines.test_bpmn_properties import Journey
from engines.test_bpmn_verbs_properties import Office
from zhengtong.engines.bpmn import (
    ActivityStarted,
    AdHocEnded,
    AwaitMessage,
    BpmnError,
    CancelTimer,
    Graph,
    MessageReceived,
    StartTimer,
    State,
    TaskCompleted,
    TimerFired,
    Wait,
    start,
    step,
)
from zhengtong.engines.bpmn.migrating import Ending, Prospect, Prospects, migrate, plan

TASTE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMIT = 30
START, END = node("startEvent", "s"), node("endEvent", "e")


def line(*names: str, extra: str = "") -> Graph:
    """User tasks one after another."""
    return graph(START, END, *(task(name) for name in names), chain("s", *names, "e"), extra)


def codes(old: Graph, new: Graph, state: State, **mapping: str) -> list[str]:
    """The codes of a plan."""
    return [remark.code for remark in plan(old, new, state, mapping).all_remarks]


def obstacle(old: Graph, new: Graph, state: State, **mapping: str) -> str:
    """The one reason why nothing moves."""
    (found,) = plan(old, new, state, mapping).obstacles
    assert found.text("en") != found.code != found.text("zh-hans")
    assert "{" not in found.text("en") + found.text("zh-hans")
    return found.code


def renamed(body: list[str], ending: str) -> tuple[Graph, dict[str, str]]:
    """The same drawing with every id changed, and from which to which."""
    names: dict[str, str] = {}

    def change(match: re.Match[str]) -> str:
        names[match[2]] = match[2] + ending
        return f'{match[1]}="{match[2]}{ending}"'

    text = re.sub(r'\b(id|sourceRef|targetRef|attachedToRef|default)="([^"]*)"', change, "".join(body))
    return graph(text), names


@TASTE
@given(blocks(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_a_move_to_an_equal_version_changes_nothing(block: Block, luck: random.Random, steps: int) -> None:
    drawing = draw(block)
    journey = Journey(drawing, luck)
    for _ in range(steps):
        if not journey.state.ended:
            journey.advance(timers=True)
    equal = graph(*drawing.body)
    found = plan(journey.graph, equal, journey.state, prospects=Prospects(equal, LIMIT))
    assert found.possible or found.undecided
    done = migrate(found, journey.data, journey.now, undecided=True)
    assert done == (journey.state, (), (), (), ())


@TASTE
@given(blocks(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_there_and_back_is_the_identity_and_what_is_left_is_done_exactly_once(
    block: Block, luck: random.Random, steps: int
) -> None:
    drawing = draw(block)
    journey = Journey(drawing, luck)
    total = expected(block)
    for _ in range(min(steps, sum(total.values()) - 1)):
        journey.advance(timers=False)
    new, names = renamed(drawing.body, "_n")
    forth = plan(journey.graph, new, journey.state, names, Prospects(new, LIMIT))
    there = migrate(forth, journey.data, journey.now, undecided=True)
    assert [(t.id, t.element) for t in there.state.tokens] == [(t.id, names[t.element]) for t in journey.state.tokens]
    old_names = {to: name for name, to in names.items()}
    returning = plan(new, journey.graph, there.state, old_names, Prospects(journey.graph, LIMIT))
    back = migrate(returning, journey.data, journey.now, undecided=True)
    assert back.state == journey.state

    before, journey.graph, journey.state = journey.graph, new, there.state
    while not journey.state.ended:
        ready = [t for t in journey.state.tokens if t.wait in (Wait.TASK, Wait.ACTION)]
        token = luck.choice(ready)
        named = token._replace(element=old_names[token.element])
        outcome = step(new, journey.state, journey.answer(named), journey.data, journey.now)
        again = journey.loop_data(named.element).get(f"again{named.element}", False)
        journey.gone_round[named.element] = journey.gone_round[named.element] + 1 if again else 0
        journey.completed[named.element] += 1
        journey.book(outcome)
    assert journey.completed == total
    assert before is not new


@TASTE
@given(blocks(), st.randoms(use_true_random=False), st.integers(1, 15))
def test_whatever_people_did_before_it_is_the_same_there_and_back(block: Block, luck: random.Random, acts: int) -> None:
    drawing = draw(block)
    office = Office(drawing, luck)
    for _ in range(acts):
        if not office.state.ended:
            office.act()
    new, names = renamed(drawing.body, "_n")
    forth = plan(office.graph, new, office.state, names, Prospects(new, LIMIT))
    assert forth.possible or forth.undecided
    there = migrate(forth, office.data, office.now, undecided=True)
    assert (there.added, there.cancelled, there.commands) == ((), (), ())
    old_names = {to: name for name, to in names.items()}
    returning = plan(new, office.graph, there.state, old_names, Prospects(office.graph, LIMIT))
    assert migrate(returning, office.data, office.now, undecided=True).state == office.state


@TASTE
@given(blocks(), blocks(), st.randoms(use_true_random=False), st.integers(0, 6))
def test_whatever_moves_to_another_process_keeps_its_tasks_and_can_end(
    one: Block, other: Block, luck: random.Random, steps: int
) -> None:
    first, second = draw(one), draw(other)
    journey = Journey(first, luck)
    for _ in range(steps):
        if not journey.state.ended:
            journey.advance(timers=True)
    new = graph(*second.body)
    found = plan(journey.graph, new, journey.state, prospects=Prospects(new, 10 * LIMIT))
    if not found.possible:
        with pytest.raises(BpmnError) as refused:
            migrate(found, journey.data, journey.now)
        assert refused.value.code == "migration.refused"
        return
    moved = migrate(found, journey.data, journey.now)
    work = {t.id for t in journey.state.tokens if t.wait in (Wait.TASK, Wait.ACTION)}
    assert work == {t.id for t in moved.state.tokens if t.wait in (Wait.TASK, Wait.ACTION)}
    journey.graph, journey.state, journey.rounds = new, moved.state, second.rounds
    journey.data |= second.data
    journey.seen |= {token.id for token in moved.added}
    bound = 200
    while not journey.state.ended:
        assert bound > 0
        bound -= 1
        journey.advance(timers=True)


@settings(TASTE, max_examples=150)
@given(tangles())
def test_what_can_become_of_an_instance_is_told_as_the_engine_goes(tangle: Tangle) -> None:
    assert compared(tangle) is not Ending.UNDECIDED


@settings(TASTE, max_examples=100)
@given(tangles(INCLUSIVE, ("task", "task", "none"), gateways=5, leaving=2))
def test_the_same_with_inclusive_gateways(tangle: Tangle) -> None:
    compared(tangle)


@settings(TASTE, max_examples=100)
@given(tangles(EVERY, EVERYTHING, gateways=3, leaving=2))
def test_the_same_with_what_is_repeated_called_and_interrupted(tangle: Tangle) -> None:
    compared(tangle)


def compared(tangle: Tangle) -> Ending | None:
    """What is foretold, which what the engine does confirms; None for what is not to be compared."""
    drawn = draw_tangle(tangle)
    try:
        walked = walk(drawn)
        begun = start(drawn, Facts([]), NOW).state
    except (TooManyStatesError, BpmnError):
        return None
    if walked.crowded:
        return None
    ending, faulty = Prospects(drawn).of(begun).ending, bool(walked.stuck or walked.endless)
    # What is stuck inside is no end of everything where something around it may still end it.
    rescued = "terminate" in tangle.kinds or any(way.else_to is not None for way in tangle.ways)
    if ending is Ending.CANNOT or (ending is Ending.CAN and not rescued):
        assert (ending is Ending.CANNOT) == faulty
    return ending


def test_a_task_keeps_its_number_where_its_element_has_another_name() -> None:
    run = Instance(line("a", "b"))
    new = line("check", "b")
    found = plan(run.graph, new, run.state, {"a": "check"})
    assert found.moves() == [("a", "check")]
    done = migrate(found, {}, NOW)
    assert done.state.tokens == (run.state.tokens[0]._replace(element="check"),)
    assert done.moved == done.state.tokens
    assert done.commands == ()


def test_an_element_that_is_gone_needs_a_mapping() -> None:
    run = Instance(line("a"))
    assert obstacle(run.graph, line("b"), run.state) == "migration.element_gone"


def test_a_mapping_that_names_nothing_is_refused() -> None:
    run = Instance(line("a"))
    for mapping in ({"a": "nowhere"}, {"nowhere": "a"}):
        with pytest.raises(BpmnError) as refused:
            plan(run.graph, line("a"), run.state, mapping)
        assert refused.value.code == "migration.mapping_unknown"


def test_another_kind_of_activity_is_no_place_for_a_task() -> None:
    run = Instance(line("a"))
    new = graph(START, END, service("a"), chain("s", "a", "e"))
    assert obstacle(run.graph, new, run.state) == "migration.kind_differs"


def test_a_task_may_lose_some_of_its_outcomes_but_not_all() -> None:
    def asked(outcomes: str, role: str = "clerk") -> Graph:
        asking = node("userTask", "a", zt_role=role, zt_outcomes=outcomes)
        return graph(START, END, asking, chain("s", "a", "e"))

    run = Instance(asked("yes no"))
    assert codes(run.graph, asked("yes later"), run.state) == ["migration.outcomes_fewer"]
    assert codes(run.graph, asked("yes no more"), run.state) == []
    assert obstacle(run.graph, asked("later"), run.state) == "migration.outcomes_gone"
    assert obstacle(run.graph, asked(""), run.state) == "migration.outcomes_gone"
    assert codes(run.graph, asked("yes no", "head"), run.state) == ["migration.role_changed"]


def test_a_task_does_not_go_into_or_out_of_a_sub_process() -> None:
    flat = line("a")
    deep = graph(START, END, sub("box", task("a"), chain("box_s", "a")), chain("s", "box", "e"))
    assert obstacle(flat, deep, Instance(flat).state) == "migration.nesting_differs"
    found = plan(deep, flat, Instance(deep).state)
    assert [remark.code for remark in found.obstacles] == ["migration.element_gone", "migration.scope_gone"]
    called = graph(
        START, END, node("callActivity", "box", calledElement="q"), chain("s", "box", "e"),
        beside=process("q", node("startEvent", "q_s"), task("a"), chain("q_s", "a")),
    )  # fmt: skip
    found = plan(called, deep, Instance(called).state)
    assert [remark.code for remark in found.obstacles] == ["migration.kind_differs", "migration.scope_gone"]


def test_what_a_called_process_does_moves_with_it() -> None:
    def calling(key: str, *inside: str) -> Graph:
        called = process(key, node("startEvent", "q_s"), *inside)
        return graph(
            START, END, node("callActivity", "c", calledElement=key), chain("s", "c", "e"), beside=called
        )  # fmt: skip

    old = calling("q", task("a"), chain("q_s", "a"))
    run = Instance(old)
    new = calling("q", task("b"), task("z"), chain("q_s", "b", "z"))
    done = migrate(plan(old, new, run.state, {"a": "b"}), {}, NOW)
    assert [t.element for t in done.state.tokens] == ["c", "b"]
    other = calling("r", task("a"), chain("q_s", "a"))
    assert {r.code for r in plan(old, other, run.state).obstacles} == {
        "migration.called_differs",
        "migration.scope_gone",
    }


def test_one_task_is_not_made_many_nor_many_one() -> None:
    many = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    single = line("a")
    several = graph(START, END, node("userTask", "a", many, zt_role="clerk"), chain("s", "a", "e"))
    assert obstacle(single, several, Instance(single).state) == "migration.repetition_differs"
    run = Instance(several)
    assert "migration.repetition_differs" in codes(several, single, run.state)
    run.done_token(run.state.tokens[1].id)
    longer = graph(START, END, node("userTask", "a", many, zt_role="clerk"), task("z"), chain("s", "a", "z", "e"))
    done = migrate(plan(several, longer, run.state), {}, NOW)
    assert done.state == run.state


def fork(*branches: str, join: str = "j", kind: str = "parallelGateway") -> Graph:
    ways = "".join(task(name) + flow("f", name) + flow(name, join) for name in branches)
    gateways = node("parallelGateway", "f") + node(kind, join)
    return graph(START, END, gateways, ways, flow("s", "f"), flow(join, "e"))


def test_a_branch_that_has_met_others_needs_its_flow_there() -> None:
    run = Instance(fork("a", "b"))
    run.done("a")
    assert plan(run.graph, fork("a", "b", join="k"), run.state, {"j": "k"}).moves() == [("b", "b"), ("j", "k")]
    new = graph(
        START, END, node("parallelGateway", "f"), node("parallelGateway", "j"), task("a"), task("b"), task("z"),
        flow("s", "f"), flow("f", "a"), flow("f", "b"), chain("a", "z", "j"), flow("b", "j"), flow("j", "e"),
    )  # fmt: skip
    assert obstacle(run.graph, new, run.state) == "migration.join_flow_gone"
    done = migrate(plan(run.graph, new, run.state, {"a_j": "z_j"}), {}, NOW)
    assert step(new, done.state, TaskCompleted(run.at("b")), {}, NOW).state.ended
    inclusive = fork("a", "b", kind="inclusiveGateway")
    assert obstacle(run.graph, inclusive, run.state) == "migration.kind_differs"


def test_a_join_that_would_wait_for_ever_keeps_an_instance_where_it_is() -> None:
    run = Instance(fork("a", "b"))
    found = plan(run.graph, fork("a", "b", "c"), run.state)
    assert [remark.code for remark in found.obstacles] == ["migration.cannot_end"]
    assert found.prospect is not None
    assert found.prospect.stuck == ("j",)


def test_what_nobody_can_tell_moves_only_when_asked() -> None:
    run = Instance(line("a"))
    found = plan(run.graph, line("a", "b"), run.state, prospects=Prospects(line("a", "b"), limit=1))
    assert found.undecided
    with pytest.raises(BpmnError):
        migrate(found, {}, NOW)
    assert migrate(found, {}, NOW, undecided=True).state == run.state


def guarded(trigger: str, *, beside: bool = False) -> Graph:
    bell = node("boundaryEvent", "b", trigger, attachedToRef="a", cancelActivity=str(not beside).lower())
    return graph(START, END, task("a"), bell, task("late"), chain("s", "a", "e"), flow("b", "late"))


def test_events_that_are_new_begin_to_wait_and_those_that_are_gone_are_awaited_no_longer() -> None:
    plain, timed = Instance(line("a")), guarded(timer("P2D"))
    there = migrate(plan(plain.graph, timed, plain.state), {}, NOW)
    (bell,) = there.added
    assert (bell.element, bell.host, bell.wait) == ("b", plain.at("a"), Wait.TIMER)
    assert there.commands == (StartTimer(bell.id, "b", bell.due, ""),)
    assert plain.at("a") not in {t.id for t in step(timed, there.state, TimerFired(bell.id), {}, NOW).state.tokens}
    back = migrate(plan(timed, plain.graph, there.state), {}, NOW)
    assert back.cancelled == (bell,)
    assert back.commands == (CancelTimer(bell.id, "b"),)
    assert back.state.tokens == plain.state.tokens


def test_an_event_that_has_happened_does_not_wait_again() -> None:
    run = Instance(guarded(timer("P1D"), beside=True))
    run.send(TimerFired(run.at("b")))
    done = migrate(plan(run.graph, guarded(timer("P1D"), beside=True), run.state), {}, NOW)
    assert done.added == ()


def test_event_sub_processes_come_and_go() -> None:
    alert = handler("h", message(), task("w"), flow("h_s", "w"))
    plain, watched = line("a"), line("a", extra=alert)
    run = Instance(plain)
    there = migrate(plan(plain, watched, run.state), {}, NOW)
    (waiting,) = there.added
    assert there.commands == (AwaitMessage(waiting.id, "h_s", "m"),)
    taken = step(watched, there.state, MessageReceived("m"), {}, NOW).state
    assert sorted(t.element for t in taken.tokens) == ["h", "w"]
    assert migrate(plan(watched, plain, there.state), {}, NOW).state.tokens == run.state.tokens


def test_a_timer_keeps_its_instant_unless_asked() -> None:
    run = Instance(guarded(timer("P1D")))
    new = guarded(timer("P9D"))
    found = plan(run.graph, new, run.state)
    assert [remark.code for remark in found.all_remarks] == ["migration.timer_kept"]
    assert migrate(found, {}, NOW).state == run.state
    anew = migrate(found, {}, NOW, retime=True)
    (timing,) = anew.moved
    assert (timing.due - NOW).days == 9
    assert anew.commands == (StartTimer(timing.id, "b", timing.due, ""),)
    named = migrate(plan(run.graph, guarded(clock("main")), run.state), {}, NOW, retime=True)
    assert (named.moved[0].due, named.moved[0].name) == (None, "main")


def test_what_is_awaited_may_have_another_name_but_not_be_of_another_kind() -> None:
    run = Instance(guarded(message("m")))
    found = plan(run.graph, guarded(message("n")), run.state)
    assert [remark.code for remark in found.all_remarks] == ["migration.awaits_other"]
    done = migrate(found, {}, NOW)
    assert done.moved[0].name == "n"
    assert done.commands == (AwaitMessage(run.at("b"), "b", "n"),)
    for trigger in (signal(), timer(), condition("x > 1")):
        assert obstacle(run.graph, guarded(trigger), run.state) == "migration.wait_differs"


def test_a_state_of_another_process_is_refused() -> None:
    run = Instance(line("a"))
    with pytest.raises(BpmnError) as refused:
        plan(line("b"), line("a"), run.state)
    assert refused.value.code == "bpmn.state_damaged"


def test_waiting_for_a_choice_of_events_goes_on() -> None:
    def choice(*names: str) -> Graph:
        ways = "".join(
            node("intermediateCatchEvent", name, message(name)) + flow("g", name) + flow(name, "e") for name in names
        )
        return graph(START, END, node("eventBasedGateway", "g"), ways, flow("s", "g"))

    run = Instance(choice("m", "n"))
    done = migrate(plan(run.graph, choice("m"), run.state), {}, NOW)
    assert [t.element for t in done.cancelled] == ["n"]
    more = migrate(plan(choice("m"), run.graph, done.state), {}, NOW)
    assert [t.element for t in more.added] == ["n"]
    assert step(run.graph, more.state, MessageReceived("n"), {}, NOW).state.ended


def test_reminders_that_come_again_and_again_are_decided() -> None:
    def reminded() -> Graph:
        bell = node("boundaryEvent", "b", timer("R/P1D", "timeCycle"), attachedToRef="a", cancelActivity="false")
        return graph(START, END, task("a"), bell, task("call"), chain("s", "a", "e"), flow("b", "call"))

    run = Instance(reminded())
    prospect = Prospects(run.graph).of(run.state)
    assert prospect.ending is Ending.CAN
    assert prospect.states < 10


def test_what_people_improvise_goes_on() -> None:
    def improvised(*names: str) -> Graph:
        return graph(START, END, adhoc("h", "".join(task(name) for name in names)), chain("s", "h", "e"))

    run = Instance(improvised("a", "b"))
    run.send(ActivityStarted(run.at("h"), "a"))
    new = improvised("a", "c")
    done = migrate(plan(run.graph, new, run.state), {}, NOW)
    assert done.state == run.state
    assert step(new, done.state, AdHocEnded(run.at("h")), {}, NOW).state.ended


def test_many_branches_at_once_are_decided_one_after_another() -> None:
    count = 60
    branches = "".join(task(f"a{n}") + chain("f", f"a{n}", "j") for n in range(count))
    ends = node("startEvent", "s"), node("endEvent", "e"), task("z"), chain("s", "f"), chain("j", "z", "e")
    drawn = graph(node("parallelGateway", "f"), node("parallelGateway", "j"), branches, *ends)
    prospects, run = Prospects(drawn), Instance(drawn)
    assert prospects.of(run.state) == Prospect(Ending.CAN, count + 1)
    for n in reversed(range(count)):
        run.done(f"a{n}")
        found = prospects.of(run.state)
        assert found.ending is Ending.CAN
        assert found.states <= count


STUCK = node("parallelGateway", "j") + task("k") + chain("j", "k", "j")
"""A join that waits for what comes after it."""
LATE = handler("h", timer(), STUCK + task("l") + chain("h_s", "l", "j"))


@pytest.mark.parametrize(
    "body",
    [
        [sub("w", task("a"), chain("w_s", "a")), chain("s", "w", "e"), STUCK, chain("b", "j")]
        + [node("boundaryEvent", "b", timer(), attachedToRef="w")],
        [task("a"), chain("s", "a", "e"), LATE],
        [sub("w", task("a") + LATE, chain("w_s", "a")), chain("s", "w", "e")],
    ],
    ids=["at the border of what it runs in", "around everything", "around what it runs in"],
)
def test_what_may_end_a_branch_is_looked_at_together_with_it(body: list[str]) -> None:
    run = Instance(graph(START, END, *body))
    assert Prospects(run.graph).of(run.state).ending is Ending.CANNOT


def test_what_was_seen_is_not_gone_through_again() -> None:
    drawn = graph(START, END, task("a"), task("b"), chain("s", "a", "b", "e"))
    prospects, run = Prospects(drawn), Instance(drawn)
    assert prospects.of(run.state).states == 2
    run.done("a")
    assert prospects.of(run.state) == Prospect(Ending.CAN, 0), "it follows from where it can always end"


BESIDE = ("task", "task", "timed", "each", "sub.calm", "sub.stuck", "sub.stop", "timedsub.either", "call.calm")
BROAD = tangles(("exclusiveGateway", "parallelGateway"), BESIDE, 5)


@TASTE
@given(BROAD, st.randoms(use_true_random=False), st.integers(0, 4))
def test_branches_one_after_another_say_what_every_order_says(tangle: Tangle, luck: random.Random, steps: int) -> None:
    """`apart` False goes through every order."""
    drawn = draw_tangle(tangle)
    every, one = Prospects(drawn, 400, apart=False), Prospects(drawn, 400)
    state = next(iter(every.beginnings()), None)
    assume(state is not None)
    assert state is not None
    for _ in range(steps):
        following = [after for after in every.following(state) if after is not None and after.tokens]
        state = luck.choice(following) if following else state
    whole, short = every.of(state), one.of(state)
    if whole.states < 400:
        assert short.ending is whole.ending
        assert short.states <= whole.states
    elif whole.ending is Ending.CANNOT:
        assert short.ending is not Ending.CAN


def test_what_can_end_does_not_hide_what_cannot() -> None:
    """The way that cannot end is found although the one beside it was seen before."""
    ends = node("startEvent", "s"), node("endEvent", "e"), node("parallelGateway", "j")
    ways = flow("x", "a", name="x_a"), flow("x", "b", "n = 1"), flow("x", "k", "n = 2"), flow("k", "j")
    drawn = graph(
        *ends, task("t"), task("a"), task("b"), task("k"), task("z"), node("exclusiveGateway", "x", default="x_a"),
        chain("s", "t", "x"), *ways, chain("a", "e"), chain("b", "j", "z", "e"),
    )  # fmt: skip
    prospects, run = Prospects(drawn), Instance(drawn, n=0)
    run.done("t")
    assert prospects.of(run.state).ending is Ending.CAN
    assert prospects.of(Instance(drawn).state).ending is Ending.CANNOT
