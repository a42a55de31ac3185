"""Ad-hoc sub-processes: whoever works there starts what is on offer, until a condition is true or he says so."""

import contextlib
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import NOW, adhoc, chain, error, graph, handler, message, node, script, sub, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    ActivityStarted,
    AdHocEnded,
    BpmnError,
    Cancel,
    CancelOffer,
    CancelTask,
    CreateTask,
    ErrorRaised,
    Event,
    MessageReceived,
    OfferActivities,
    ProcessEnded,
    State,
    TaskCompleted,
    TimerFired,
    Wait,
    from_rows,
    locate,
    start,
    step,
    to_rows,
    verify,
)
from zhengtong.engines.bpmn.soundness import Verdict, examine
from zhengtong.engines.bpmn.texts import TEXTS

START, END = node("startEvent", "s"), node("endEvent", "e")
TWO = task("a") + task("b")


def around(inside: str, *more: str) -> str:
    """The ad-hoc sub-process `h`, then task `z`."""
    return START + inside + task("z") + END + chain("s", "h", "z", "e") + "".join(more)


def opened(inside: str, *more: str, **data: object) -> Instance:
    return Instance(graph(around(inside, *more)), **data)


def begin(run: Instance, element: str) -> int:
    """Start an activity of `h`; its token."""
    run.send(ActivityStarted(run.at("h"), element))
    return run.state.tokens[-1].id


def test_what_no_flow_leads_to_is_on_offer() -> None:
    run = opened(adhoc("h", TWO, task("c"), chain("b", "c"), zt_role="expert"))
    assert run.outcome.commands == (OfferActivities(1, "h", "expert", ("a", "b")),)
    assert run.places == ["h"]
    assert locate(run.graph, run.state, 1).id == "h"


def test_the_role_of_its_lane_is_that_of_who_may_start() -> None:
    lanes = '<laneSet id="l"><lane id="x" name="专家"><flowNodeRef>h</flowNodeRef></lane></laneSet>'
    assert opened(adhoc("h", TWO), lanes).outcome.commands == (OfferActivities(1, "h", "专家", ("a", "b")),)


def test_each_may_be_started_as_often_as_one_likes_until_the_condition_is_true() -> None:
    run = opened(adhoc("h", TWO, until="enough"))
    first, second, third = begin(run, "a"), begin(run, "a"), begin(run, "b")
    assert run.places == ["a", "a", "b", "h"]
    run.send(TaskCompleted(second, {"enough": False}))
    run.send(TaskCompleted(first))
    assert run.places == ["b", "h"]
    run.send(TaskCompleted(third, {"enough": True}))
    assert run.places == ["z"]


def test_what_follows_inside_begins_by_itself_unless_it_is_over() -> None:
    run = opened(adhoc("h", TWO, task("c"), chain("b", "c"), until="enough"))
    run.send(TaskCompleted(begin(run, "b"), {}))
    assert run.places == ["c", "h"]
    assert run.outcome.commands == (CreateTask(3, "c", "clerk", ()),)
    assert refused(run, ActivityStarted(1, "c")) == "bpmn.not_on_offer"
    outcome = run.send(TaskCompleted(begin(run, "b"), {"enough": True}))
    assert CancelTask(3, "c") in outcome.commands
    assert run.places == ["z"]


def test_what_still_runs_may_come_to_its_own_end() -> None:
    run = opened(adhoc("h", TWO, task("c"), chain("b", "c"), until="enough", cancelRemainingInstances="false"))
    first, second = begin(run, "a"), begin(run, "b")
    outcome = run.send(TaskCompleted(first, {"enough": True}))
    assert outcome.commands == (OfferActivities(1, "h", "", ()),)
    assert refused(run, ActivityStarted(1, "a")) == "bpmn.not_on_offer"
    assert [token.wait for token in run.state.tokens] == [Wait.ADHOC, Wait.TASK, Wait.OVER]
    # What was true once is not asked again, and nothing new begins.
    run.send(TaskCompleted(second, {"enough": False}))
    assert run.places == ["z"]


def test_in_turn_nothing_is_on_offer_while_something_runs() -> None:
    run = opened(adhoc("h", TWO, task("c"), chain("b", "c"), ordering="Sequential", until="enough"))
    outcome = run.send(ActivityStarted(1, "b"))
    assert outcome.commands == (OfferActivities(1, "h", "", ()), CreateTask(2, "b", "clerk", ()))
    assert refused(run, ActivityStarted(1, "a")) == "bpmn.not_on_offer"
    run.send(TaskCompleted(2))
    assert refused(run, ActivityStarted(1, "a")) == "bpmn.not_on_offer"
    outcome = run.send(TaskCompleted(3))
    assert outcome.commands == (OfferActivities(1, "h", "", ("a", "b")),)
    run.send(TaskCompleted(begin(run, "a"), {"enough": True}))
    assert run.places == ["z"]


def test_a_script_on_offer_is_over_at_once_and_is_offered_again() -> None:
    run = opened(adhoc("h", script("a", "n + 1", zt_result="n"), until="n >= 2", ordering="Sequential"), n=0)
    outcome = run.send(ActivityStarted(1, "a"))
    assert outcome.commands[-1] == OfferActivities(1, "h", "", ("a",))
    run.send(ActivityStarted(1, "a"))
    assert run.data["n"] == 2
    assert run.places == ["z"]


@pytest.mark.parametrize("cancels", ["true", "false"])
def test_without_a_condition_somebody_says_that_it_is_over(cancels: str) -> None:
    run = opened(adhoc("h", TWO, cancelRemainingInstances=cancels))
    first = begin(run, "a")
    run.send(TaskCompleted(begin(run, "b")))
    run.send(AdHocEnded(1))
    if cancels == "false":
        assert run.places == ["a", "h", "h"]
        assert run.send(AdHocEnded(1)).change.added == ()
        run.send(TaskCompleted(first))
    assert run.places == ["z"]


def test_nothing_at_all_need_be_done() -> None:
    run = opened(adhoc("h", TWO))
    outcome = run.send(AdHocEnded(1))
    assert outcome.commands == (OfferActivities(1, "h", "", ()), CreateTask(3, "z", "clerk", ()))


def test_a_condition_cannot_be_overridden_by_hand() -> None:
    run = opened(adhoc("h", TWO, until="enough"))
    assert refused(run, AdHocEnded(1)) == "bpmn.adhoc_condition"
    begin(run, "a")
    assert refused(run, AdHocEnded(2)) == refused(run, ActivityStarted(2, "a")) == "bpmn.adhoc_not_open"
    assert refused(run, ActivityStarted(1, "z")) == refused(run, ActivityStarted(1, "")) == "bpmn.not_on_offer"


def test_a_deadline_takes_the_offer_away_with_all_that_runs() -> None:
    bell = node("boundaryEvent", "bell", timer(), attachedToRef="h") + chain("bell", "e")
    run = opened(adhoc("h", TWO), bell)
    begin(run, "a")
    outcome = run.send(TimerFired(run.at("bell")))
    assert outcome.commands == (CancelOffer(1, "h"), CancelTask(3, "a"), ProcessEnded())


def test_an_error_is_no_completion() -> None:
    oops = node("boundaryEvent", "bad", error("x"), attachedToRef="a")
    run = opened(adhoc("h", TWO, oops, task("c"), chain("bad", "c"), until="true"))
    run.send(ErrorRaised(begin(run, "a"), "x"))
    assert run.places == ["c", "h"]
    run.done("c")
    assert run.places == ["z"]


def test_an_event_sub_process_inside_takes_its_place() -> None:
    stop = handler("stop", message(), task("w"), node("endEvent", "we"), chain("stop_s", "w", "we"))
    run = opened(adhoc("h", TWO, stop, until="false"))
    begin(run, "a")
    run.send(MessageReceived("m"))
    assert run.places == ["h", "h", "stop", "w"]
    assert refused(run, ActivityStarted(1, "a")) == "bpmn.not_on_offer"
    run.done("w")
    assert run.places == ["z"]


def test_it_may_hold_repeated_activities_sub_processes_and_messages() -> None:
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    inner = sub("q", task("i"), node("endEvent", "qe"), chain("q_s", "i", "qe"))
    inside = node("userTask", "a", many) + inner + node("receiveTask", "r", messageRef="message_m")
    run = opened(adhoc("h", inside, until="seen = 3"), seen=0)
    for element in ("a", "q", "r"):
        begin(run, element)
    tasks = [token for token in run.state.tokens if token.wait is Wait.TASK]
    assert [token.element for token in tasks] == ["a", "a", "i"]
    for token in tasks:
        run.send(TaskCompleted(token.id))
    run.send(MessageReceived("m", {"seen": 3}))
    assert run.places == ["z"]


def test_it_has_data_of_its_own_where_something_goes_in() -> None:
    carried = "<dataInputAssociation><sourceRef>d</sourceRef></dataInputAssociation>"
    run = opened(adhoc("h", carried, TWO, until="d = 2"), '<dataObject id="d" name="d"/>', d=1)
    run.send(TaskCompleted(begin(run, "a"), {"d": 2}))
    assert run.places == ["z"]
    assert run.data["d"] == 1


def test_it_may_be_repeated() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="2"/>'
    run = opened(adhoc("h", loop, TWO, until="true"))
    for turn in (1, 2):
        (token,) = [token for token in run.state.tokens if token.wait is Wait.ADHOC]
        assert token.turn == turn
        run.send(ActivityStarted(token.id, "a"))
        run.done("a")
    assert run.places == ["z"]


SHAPES = {
    "at will": adhoc("h", TWO, task("c"), chain("b", "c")),
    "until": adhoc("h", TWO, task("c"), chain("b", "c"), until="n > 3"),
    "to the end": adhoc("h", TWO, task("c"), chain("b", "c"), until="n > 3", cancelRemainingInstances="false"),
    "in turn": adhoc("h", TWO, task("c"), chain("b", "c"), until="n > 3", ordering="Sequential"),
}


def random_event(state: State, luck: random.Random, count: int) -> Event:
    token = luck.choice(state.tokens)
    if token.wait is Wait.ADHOC and luck.random() < 0.9:
        return ActivityStarted(token.id, luck.choice("abcz"))
    return luck.choice([TaskCompleted(token.id, {"n": count}), AdHocEnded(token.id)])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SHAPES)), st.randoms(use_true_random=False))
def test_whatever_is_started_when_nothing_is_lost_and_it_can_end(shape: str, luck: random.Random) -> None:
    compiled = graph(around(SHAPES[shape]))
    state, seen = start(compiled, {}, NOW).state, set[int]()
    for count in range(40):
        if state.ended:
            return
        before, outcome = state, None
        with contextlib.suppress(BpmnError):
            outcome = step(compiled, state, random_event(state, luck, count), {}, NOW)
        if outcome is None:
            continue
        live = {token.id: token for token in before.tokens}
        gone = {token.id: token for token in outcome.change.removed}
        came = {token.id: token for token in outcome.change.added}
        assert gone.items() <= live.items()
        assert not set(came) & seen
        seen |= set(came)
        verify(compiled, outcome.state)
        rows = to_rows(outcome.state)
        luck.shuffle(rows)
        state = from_rows(rows, outcome.state.next_id)
        assert state == outcome.state
        assert {token.id: token for token in state.tokens} == {
            number: token for number, token in (live | came).items() if number not in gone
        }
    for token in [token for token in state.tokens if token.wait is Wait.TASK]:
        if state.find(token.id):
            state = step(compiled, state, TaskCompleted(token.id, {"n": 9}), {}, NOW).state
    while not state.ended:
        events = [TaskCompleted(token.id, {"n": 9}) for token in state.tokens if token.wait is Wait.TASK]
        (place,) = [token for token in state.tokens if token.wait is Wait.ADHOC] or [None]
        fallback = AdHocEnded(1) if shape == "at will" else ActivityStarted(1, "a")
        state = step(compiled, state, events[0] if events or place is None else fallback, {}, NOW).state


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_no_fault_is_found_that_is_none(shape: str) -> None:
    assert examine(graph(around(SHAPES[shape]))).verdict is Verdict.SOUND


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SHAPES)),
    st.integers(0, 5),
    st.dictionaries(st.sampled_from(["wait", "scope", "host", "element", "flow"]), st.integers(0, 99), max_size=3),
)
def test_a_damaged_state_gives_typed_errors_only(shape: str, started: int, mutated: dict[str, int]) -> None:
    run = opened(SHAPES[shape])
    for _ in range(started if shape != "in turn" else 1):
        begin(run, "a")
    rows = to_rows(run.state)
    waits = [wait.value for wait in Wait]
    for name, number in mutated.items():
        value = {"wait": waits[number % len(waits)], "element": "sabhzq"[number % 6], "flow": "h"}
        rows[number % len(rows)][name] = value.get(name, number % 7)
    codes = set[str]()
    with contextlib.suppress(BpmnError):
        state = from_rows(rows, run.state.next_id)
        for token in state.tokens:
            for event in (ActivityStarted(token.id, "a"), AdHocEnded(token.id), TaskCompleted(token.id), Cancel()):
                try:
                    step(run.graph, state, event, {}, NOW)
                except BpmnError as refusal:
                    codes.add(refusal.code)
    assert codes <= set(TEXTS)
