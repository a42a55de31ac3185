"""What tokens do: each kind of element, one by one."""

from datetime import datetime, timedelta

import pytest

from engines.bpmn_drawing import NOW, chain, clock, flow, graph, message, node, service, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    ActionDone,
    ActionFailed,
    AwaitMessage,
    BpmnError,
    CallAction,
    Cancel,
    CancelCall,
    CancelMessage,
    CancelTask,
    CancelTimer,
    Change,
    CreateTask,
    Decide,
    Event,
    Graph,
    MessageReceived,
    ProcessEnded,
    Retry,
    Stalled,
    StartTimer,
    State,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    from_rows,
    start,
    step,
    to_rows,
    verify,
)

START, END = node("startEvent", "s"), node("endEvent", "e")


def test_a_user_task_waits_and_is_done_once() -> None:
    run = Instance(graph(START + task("a", "yes no") + END + chain("s", "a", "e")))
    assert run.outcome.commands == (CreateTask(1, "a", "clerk", ("yes", "no")),)
    assert run.state == State((Token(1, "a", Wait.TASK, flow="s_a"),), 2)
    assert run.outcome.change.added == run.state.tokens
    assert refused(run, TaskCompleted(2)) == "bpmn.task_not_open"
    assert refused(run, TaskCompleted(1, {"outcome": "maybe"})) == "bpmn.outcome_unknown"
    assert refused(run, TaskCompleted(1)) == "bpmn.outcome_unknown"
    ended = run.done("a", outcome="yes")
    assert ended.commands == (ProcessEnded(),)
    assert ended.change.completed == (Token(1, "a", Wait.TASK, flow="s_a"),)
    assert ended.state.ended
    assert refused(run, TaskCompleted(1, {"outcome": "yes"})) == "bpmn.process_ended"


def test_a_manual_task_is_a_task() -> None:
    run = Instance(graph(START + node("manualTask", "a", zt_role="clerk") + END + chain("s", "a", "e")))
    assert run.outcome.commands == (CreateTask(1, "a", "clerk", ()),)


def test_actions_and_decisions_are_asked_one_after_another() -> None:
    body = START + service("a") + node("businessRuleTask", "b", zt_decision="route") + END + chain("s", "a", "b", "e")
    run = Instance(graph(body))
    assert run.outcome.commands == (CallAction(1, "a", "tests.a@1"),)
    assert refused(run, TaskCompleted(1)) == "bpmn.task_not_open"
    assert run.send(ActionFailed(1, "no ink")).commands == (Stalled(1, "a", "no ink"),)
    assert run.outcome.change == Change()
    assert run.send(Retry(1)).commands == (CallAction(1, "a", "tests.a@1"),)
    assert run.send(ActionDone(1)).commands == (Decide(2, "b", "route"),)
    assert run.state.tokens[0].origins == (1,)
    assert refused(run, ActionDone(1)) == "bpmn.call_not_open"
    assert run.send(ActionDone(2)).commands == (ProcessEnded(),)


def _forked(**more: str) -> Graph:
    return graph(
        START
        + node("exclusiveGateway", "g", **more)
        + task("a")
        + task("b")
        + task("c")
        + flow("s", "g")
        + flow("g", "a", "v = 1")
        + flow("g", "b", "v < 3")
        + (flow("g", "c") if more else flow("g", "c", "v = 5"))
    )


@pytest.mark.parametrize(("value", "place"), [(1, "a"), (2, "b"), (5, "c")])
def test_the_first_true_condition_is_taken(value: int, place: str) -> None:
    assert Instance(_forked(), v=value).places == [place]


@pytest.mark.parametrize("data", [{"v": 9}, {"v": None}, {}])
def test_the_default_is_taken_when_no_condition_is_true(data: dict[str, object]) -> None:
    assert Instance(_forked(default="g_c"), **data).places == ["c"]


def test_without_a_default_the_gateway_is_named() -> None:
    with pytest.raises(BpmnError) as caught:
        Instance(_forked(), v=9)
    assert (caught.value.code, caught.value.position) == ("bpmn.no_true_condition", "g")
    assert "g" in caught.value.text("zh-hans")


def test_a_condition_that_is_no_condition_is_named() -> None:
    body = START + node("exclusiveGateway", "g") + END + flow("s", "g") + flow("g", "e", "v + 1")
    with pytest.raises(BpmnError) as caught:
        Instance(graph(body), v=1)
    assert (caught.value.code, caught.value.position) == ("bpmn.condition_not_boolean", "g_e")


def test_the_event_speaks_louder_than_the_data() -> None:
    body = (
        START
        + task("a")
        + node("exclusiveGateway", "g")
        + task("b")
        + END
        + chain("s", "a", "g")
        + flow("g", "b", 'outcome = "again"')
        + flow("g", "e", 'outcome = "done"')
    )
    run = Instance(graph(body), outcome="done")
    run.done("a", outcome="again")
    assert run.places == ["b"]


def test_conditional_flows_may_leave_an_activity() -> None:
    body = START + node("userTask", "a", default="a_d") + "".join(map(task, "bcd")) + chain("s", "a")
    body += flow("a", "b", "v > 0") + flow("a", "c", "v > 1") + flow("a", "d")
    for value, places in ((2, ["b", "c"]), (1, ["b"]), (0, ["d"])):
        run = Instance(graph(body), v=value)
        run.done("a")
        assert run.places == places


def test_a_parallel_join_waits_for_every_flow() -> None:
    run = Instance(graph(_parallel(START, "s", task("z") + flow("j", "z"))))
    assert run.places == ["a", "b"]
    run.done("b")
    assert run.places == ["a", "j"]
    joined = run.done("a")
    assert run.places == ["z"]
    assert [token.id for token in joined.change.completed] == [1, 3]
    assert joined.change.passed == (Token(4, "j", Wait.JOIN, flow="a_j", origins=(1,)),)
    assert joined.state.tokens[0].origins == (3, 4)


def _parallel(before: str, source: str, after: str) -> str:
    return (
        before
        + node("parallelGateway", "f")
        + node("parallelGateway", "j")
        + task("a")
        + task("b")
        + chain(source, "f", "a", "j")
        + chain("f", "b", "j")
        + after
    )


def test_a_join_takes_one_token_of_each_flow_and_keeps_the_rest() -> None:
    """A loop sends two tokens down one branch; the second waits for a second partner (BPMN 2.0.2 §13.4.1)."""
    body = (
        START
        + node("parallelGateway", "f")
        + node("exclusiveGateway", "m")
        + task("a")
        + task("b")
        + node("parallelGateway", "j")
        + task("z")
        + chain("s", "f", "m", "a", "j", "z")
        + chain("f", "b", "j")
        + flow("f", "m", name="again")
    )
    run = Instance(graph(body))
    assert run.places == ["a", "a", "b"]
    first, second = [token.id for token in run.state.tokens if token.element == "a"]
    run.send(TaskCompleted(second))
    run.send(TaskCompleted(first))
    assert run.places == ["b", "j", "j"]
    oldest, youngest = [token.id for token in run.state.tokens if token.element == "j"]
    assert [token.id for token in run.done("b").change.completed if token.element == "j"] == [oldest]
    assert [token.id for token in run.state.tokens if token.element == "j"] == [youngest]
    assert run.places == ["j", "z"]
    assert run.done("z").commands == ()
    assert run.places == ["j"]
    assert not run.state.ended


def test_a_join_does_not_mix_two_runs_of_its_sub_process() -> None:
    inside = _parallel(node("startEvent", "is"), "is", "")
    inside += node("endEvent", "ie") + chain("j", "ie")
    run = Instance(
        graph(START + node("subProcess", "sub", inside) + chain("s", "sub") + flow("s", "sub", name="twice"))
    )
    one, two = [token.id for token in run.state.tokens if token.element == "sub"]
    place = {(token.scope, token.element): token.id for token in run.state.tokens}
    run.send(TaskCompleted(place[one, "a"]))
    run.send(TaskCompleted(place[two, "b"]))
    assert run.places == ["a", "b", "j", "j", "sub", "sub"]
    run.send(TaskCompleted(place[one, "b"]))
    assert run.places == ["a", "j", "sub"]


def test_a_join_in_a_loop_counts_each_round_anew() -> None:
    body = _parallel(
        START + node("exclusiveGateway", "m") + flow("s", "m"),
        "m",
        node("exclusiveGateway", "x") + END + flow("j", "x") + flow("x", "m", "again") + flow("x", "e", "not(again)"),
    )
    run = Instance(graph(body), again=True)
    for _ in range(3):
        run.done("a")
        run.done("b")
        assert run.places == ["a", "b"]
    run.data["again"] = False
    run.done("b")
    assert run.done("a").commands == (ProcessEnded(),)


def test_a_fork_straight_into_its_join_leaves_nothing_behind() -> None:
    body = START + node("parallelGateway", "f") + node("parallelGateway", "j") + task("z") + chain("s", "f", "j", "z")
    run = Instance(graph(body + flow("f", "j", name="second")))
    assert run.places == ["z"]
    assert [token.element for token in run.outcome.change.added] == ["z"]
    assert run.outcome.change.removed == ()
    assert run.state.tokens[0].origins == ()


def test_several_plain_flows_out_of_a_task_fork() -> None:
    run = Instance(graph(START + task("a") + task("b") + task("c") + chain("s", "a", "b") + chain("a", "c")))
    run.done("a")
    assert run.places == ["b", "c"]
    assert run.done("b").commands == ()
    assert run.done("c").commands == (ProcessEnded(),)


def test_timers_and_messages_between() -> None:
    body = (
        START
        + node("intermediateCatchEvent", "t", timer("P1DT1H"))
        + node("intermediateCatchEvent", "c", clock("acceptance"))
        + node("intermediateCatchEvent", "m", message())
        + node("intermediateThrowEvent", "mark")
        + node("receiveTask", "r", messageRef="message_m")
        + END
        + chain("s", "t", "c", "m", "mark", "r", "e")
    )
    run = Instance(graph(body))
    due = NOW + timedelta(days=1, hours=1)
    assert run.outcome.commands == (StartTimer(1, "t", due, ""),)
    assert run.state.tokens[0].due == due
    assert refused(run, TimerFired(7)) == "bpmn.timer_not_running"
    assert refused(run, MessageReceived("m")) == "bpmn.message_not_awaited"
    assert run.send(TimerFired(1)).commands == (StartTimer(2, "c", None, "acceptance"),)
    assert run.send(TimerFired(2)).commands == (AwaitMessage(3, "m", "m"),)
    assert refused(run, MessageReceived("other")) == "bpmn.message_not_awaited"
    assert refused(run, MessageReceived("m", token=9)) == "bpmn.message_not_awaited"
    assert run.send(MessageReceived("m", token=3)).commands == (AwaitMessage(4, "r", "m"),)
    assert run.send(MessageReceived("m")).commands == (ProcessEnded(),)


def test_a_message_is_taken_once_by_whoever_waited_longest() -> None:
    catch = node("intermediateCatchEvent", "b", message()) + node("intermediateCatchEvent", "a", message())
    run = Instance(graph(START + node("parallelGateway", "f") + catch + chain("s", "f", "b") + chain("f", "a")))
    run.send(MessageReceived("m"))
    assert run.places == ["a"]


def _guarded(host: str, event: str, cancel: str) -> str:
    boundary = node("boundaryEvent", "x", event, attachedToRef="a", cancelActivity=cancel)
    return START + host + boundary + task("late") + END + chain("s", "a", "e") + chain("x", "late")


def test_an_interrupting_boundary_takes_the_task_away() -> None:
    run = Instance(graph(_guarded(task("a"), timer(), "true")))
    assert run.outcome.commands == (
        CreateTask(1, "a", "clerk", ()),
        StartTimer(2, "x", NOW + timedelta(days=1), ""),
    )
    fired = run.send(TimerFired(2))
    assert fired.commands == (CancelTask(1, "a"), CreateTask(3, "late", "clerk", ()))
    assert [token.id for token in fired.change.completed] == [2]
    assert [token.id for token in fired.change.cancelled] == [1]
    assert refused(run, TaskCompleted(1)) == "bpmn.task_not_open"


def test_one_boundary_event_calls_off_the_others() -> None:
    second = node("boundaryEvent", "y", message(), attachedToRef="a") + chain("y", "e")
    run = Instance(graph(_guarded(task("a"), timer(), "true") + second))
    fired = run.send(TimerFired(run.at("x")))
    assert fired.commands == (CancelTask(1, "a"), CancelMessage(3, "y", "m"), CreateTask(4, "late", "clerk", ()))
    assert run.places == ["late"]


def test_a_boundary_is_interrupting_unless_it_says_otherwise() -> None:
    boundary = node("boundaryEvent", "x", timer(), attachedToRef="a")
    run = Instance(graph(START + task("a") + boundary + task("late") + END + chain("s", "a", "e") + chain("x", "late")))
    run.send(TimerFired(2))
    assert run.places == ["late"]


def test_a_boundary_that_does_not_interrupt_runs_beside() -> None:
    run = Instance(graph(_guarded(task("a"), timer(), "false")))
    run.send(TimerFired(2))
    assert run.places == ["a", "late"]
    assert refused(run, TimerFired(2)) == "bpmn.timer_not_running"
    run.done("a")
    assert run.done("late").commands == (ProcessEnded(),)


def test_a_message_beside_a_task_may_come_again() -> None:
    run = Instance(graph(_guarded(task("a"), message(), "false")))
    run.send(MessageReceived("m"))
    run.send(MessageReceived("m"))
    assert run.places == ["a", "late", "late", "x"]
    assert run.done("a").commands == (CancelMessage(2, "x", "m"),)


def test_completing_a_task_stops_its_timers() -> None:
    run = Instance(graph(_guarded(task("a"), clock("acceptance"), "true")))
    assert run.outcome.commands[1] == StartTimer(2, "x", None, "acceptance")
    assert run.done("a").commands == (CancelTimer(2, "x"), ProcessEnded())


def test_a_boundary_on_a_service_task_drops_the_call() -> None:
    run = Instance(graph(_guarded(service("a"), timer(), "true")))
    assert run.send(TimerFired(2)).commands == (CancelCall(1, "a"), CreateTask(3, "late", "clerk", ()))


INNER = node("startEvent", "is") + task("i") + node("endEvent", "ie") + chain("is", "i", "ie")


def test_a_sub_process_ends_when_nothing_runs_in_it() -> None:
    inside = node("startEvent", "is") + task("i") + task("k") + chain("is", "i") + chain("is", "k")
    run = Instance(graph(START + node("subProcess", "a", inside) + task("z") + chain("s", "a", "z")))
    assert [(t.element, t.scope) for t in run.state.tokens] == [("a", 0), ("i", 1), ("k", 1)]
    run.done("i")
    assert run.places == ["a", "k"]
    run.done("k")
    assert run.places == ["z"]
    assert run.state.tokens[0].origins == (1,)


def test_an_interrupted_sub_process_loses_everything_in_it() -> None:
    deep = node("startEvent", "ds") + node("subProcess", "d", INNER) + chain("ds", "d")
    run = Instance(graph(_guarded(node("subProcess", "a", deep), timer(), "true")))
    assert run.places == ["a", "d", "i", "x"]
    fired = run.send(TimerFired(run.at("x")))
    assert run.places == ["late"]
    assert [type(command) for command in fired.commands] == [CancelTask, CreateTask]
    assert {token.element for token in fired.change.cancelled} == {"a", "d", "i"}


def test_an_empty_sub_process_is_passed_without_trace() -> None:
    empty = node("subProcess", "a", node("startEvent", "is") + node("endEvent", "ie") + chain("is", "ie"))
    boundary = node("boundaryEvent", "x", timer(), attachedToRef="a")
    run = Instance(graph(START + empty + boundary + task("z") + END + chain("s", "a", "z") + chain("x", "e")))
    assert run.outcome.commands == (CreateTask(3, "z", "clerk", ()),)
    assert [token.element for token in run.outcome.change.added] == ["z"]


def test_terminate_ends_its_own_level_only() -> None:
    inside = (
        node("startEvent", "is")
        + task("i")
        + task("k")
        + node("endEvent", "stop", "<terminateEventDefinition/>")
        + chain("is", "i", "stop")
        + chain("is", "k")
    )
    body = START + node("subProcess", "a", inside) + task("b") + task("z") + chain("s", "a", "z") + chain("s", "b")
    run = Instance(graph(body))
    assert run.done("i").commands == (CancelTask(run_id(run, "k"), "k"), CreateTask(5, "z", "clerk", ()))
    assert run.places == ["b", "z"]


def run_id(run: Instance, element: str) -> int:
    """The id of the cancelled token of `element` in the last step."""
    (token,) = [token.id for token in run.outcome.change.cancelled if token.element == element]
    return token


def test_terminate_drops_tokens_that_are_still_moving() -> None:
    body = START + node("endEvent", "stop", "<terminateEventDefinition/>") + task("a") + chain("s", "stop")
    assert Instance(graph(body + flow("s", "a"))).outcome.commands == (ProcessEnded(),)


def test_terminate_drops_what_was_about_to_start_in_a_sub_process() -> None:
    stop = node("endEvent", "stop", "<terminateEventDefinition/>")
    run = Instance(graph(START + node("subProcess", "a", INNER) + stop + chain("s", "a") + chain("s", "stop")))
    assert run.outcome.commands == (ProcessEnded(),)
    assert run.state.ended


def _choice() -> Graph:
    return graph(
        START
        + node("eventBasedGateway", "g")
        + node("intermediateCatchEvent", "m", message())
        + node("intermediateCatchEvent", "t", clock("correction_due"))
        + node("receiveTask", "r", messageRef="message_n")
        + task("a")
        + task("b")
        + chain("s", "g", "m", "a")
        + chain("g", "t", "b")
        + chain("g", "r", "b"),
    )


@pytest.mark.parametrize(
    ("event", "place"), [(MessageReceived("m"), "a"), (TimerFired(3), "b"), (MessageReceived("n"), "b")]
)
def test_an_event_gateway_takes_the_first_event(event: Event, place: str) -> None:
    run = Instance(_choice())
    assert run.outcome.commands == (
        AwaitMessage(2, "m", "m"),
        StartTimer(3, "t", None, "correction_due"),
        AwaitMessage(4, "r", "n"),
    )
    chosen = run.send(event)
    assert run.places == [place]
    assert len(chosen.commands) == 3
    assert len(chosen.change.completed) == 2
    assert len(chosen.change.cancelled) == 2


def test_cancel_ends_the_whole_instance() -> None:
    inside = INNER + node("intermediateCatchEvent", "w", message()) + chain("is", "w")
    run = Instance(graph(_guarded(node("subProcess", "a", inside), timer(), "true")))
    ended = run.send(Cancel("withdrawn"))
    assert ended.state.ended
    assert ended.commands == (
        CancelTimer(2, "x"),
        CancelTask(3, "i"),
        CancelMessage(4, "w", "m"),
        ProcessEnded(cancelled=True),
    )
    assert refused(run, Cancel()) == "bpmn.process_ended"


def test_a_process_may_start_by_message_or_timer() -> None:
    body = (
        START
        + node("startEvent", "by_message", message())
        + node("startEvent", "by_timer", timer())
        + task("a")
        + task("b")
        + task("c")
        + chain("s", "a")
        + chain("by_message", "b")
        + chain("by_timer", "c")
    )
    compiled = graph(body)
    assert compiled.starts == ("s", "by_message", "by_timer")
    for at, place in (("", "a"), ("s", "a"), ("by_message", "b"), ("by_timer", "c")):
        assert Instance(compiled, at).places == [place]
    with pytest.raises(BpmnError) as caught:
        Instance(compiled, "a")
    assert caught.value.code == "bpmn.start_unknown"


def test_a_loop_that_never_waits_is_stopped_and_named() -> None:
    body = START + node("exclusiveGateway", "m") + node("exclusiveGateway", "g", default="g_e") + END
    body += chain("s", "m", "g", "e") + flow("g", "m", "again")
    assert Instance(graph(body), again=False).state.ended
    with pytest.raises(BpmnError) as caught:
        Instance(graph(body), again=True)
    assert caught.value.code == "bpmn.endless"
    assert caught.value.position in ("m", "g")


def test_instants_must_have_a_zone() -> None:
    compiled = graph(START + END + chain("s", "e"))
    with pytest.raises(BpmnError) as caught:
        start(compiled, {}, datetime(2025, 3, 3))
    assert caught.value.code == "bpmn.clock_naive"


def test_a_stranger_among_the_events_isrefused() -> None:
    run = Instance(graph(START + task("a") + END + chain("s", "a", "e")))
    assert refused(run, "TaskCompleted") == "bpmn.event_unknown"  # type: ignore[arg-type]


DAMAGE: list[tuple[str, dict[str, object]]] = [
    ("id text", {"id": "1"}),
    ("id boolean", {"id": True}),
    ("id zero", {"id": 0}),
    ("id beyond", {"id": 99}),
    ("wait", {"wait": "sleep"}),
    ("scope after", {"scope": 1}),
    ("host after", {"host": 5}),
    ("due", {"due": "tomorrow"}),
    ("due naive", {"due": datetime(2025, 1, 1)}),
    ("origins", {"origins": "x"}),
    ("element", {"element": None}),
]


@pytest.mark.parametrize("changes", [case[1] for case in DAMAGE], ids=[case[0] for case in DAMAGE])
def test_damaged_rows_arerefused(changes: dict[str, object]) -> None:
    run = Instance(graph(START + task("a") + END + chain("s", "a", "e")))
    (row,) = to_rows(run.state)
    with pytest.raises(BpmnError) as caught:
        from_rows([{**row, **changes}], run.state.next_id)
    assert caught.value.code == "bpmn.state_damaged"


def test_tokens_that_hang_on_what_they_meet_are_damage() -> None:
    """Used up with the first of them, they cannot be used up again."""
    fork = [node("parallelGateway", name) for name in "fj"]
    ways = [task(name) + chain("f", name, "j") for name in "abc"]
    run = Instance(graph(START, END, *fork, *ways, chain("s", "f"), chain("j", "e")))
    run.done("a")
    run.done("b")
    rows = to_rows(run.state)
    first, second = (row for row in rows if row["wait"] == "join")
    second["host"] = first["id"]
    state = from_rows(rows, run.state.next_id)
    with pytest.raises(BpmnError) as caught:
        step(run.graph, state, TaskCompleted(run.at("c")), {}, NOW)
    assert caught.value.code == "bpmn.state_damaged"


def test_a_state_of_another_process_isrefused() -> None:
    run = Instance(graph(START + task("a") + END + chain("s", "a", "e")))
    other = graph(START + task("b") + END + chain("s", "b", "e"))
    for attempt in (
        lambda: verify(other, run.state),
        lambda: step(other, run.state, TaskCompleted(1), {}, NOW),
    ):
        with pytest.raises(BpmnError) as caught:
            attempt()
        assert caught.value.code == "bpmn.state_damaged"
