"""Activities done several times: loops, and once for each of several, at once or in turn."""

import pytest

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
    service,
    sub,
    task,
    timer,
)
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    ActionDone,
    BpmnError,
    CallAction,
    CancelTask,
    CancelTimer,
    CreateTask,
    ErrorRaised,
    MessageReceived,
    ProcessEnded,
    StoreData,
    TaskCompleted,
    TimerFired,
    Wait,
)
from zhengtong.engines.bpmn.steps.looping import MOST_INSTANCES

START, END = node("startEvent", "s"), node("endEvent", "e")


def loop(condition: str = "", **attributes: str) -> str:
    inside = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<standardLoopCharacteristics{written}>{inside}</standardLoopCharacteristics>"


def many(*, count: str = "", over: str = "", until: str = "", gather: bool = False, in_turn: bool = False) -> str:
    """Multi-instance over `count` times or the list `over` of `item`s, giving `given`s as the list `all`."""
    inside = f"<loopCardinality>{count}</loopCardinality>" if count else ""
    inside += f"<loopDataInputRef>{over}</loopDataInputRef>" if over else ""
    inside += "<loopDataOutputRef>all</loopDataOutputRef>" if gather else ""
    inside += '<inputDataItem id="item"/>' if over else ""
    inside += '<outputDataItem id="given"/>' if gather else ""
    inside += f"<completionCondition>{until}</completionCondition>" if until else ""
    tag = "multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{str(in_turn).lower()}">{inside}</{tag}>'


def line(activity: str, *more: str) -> str:
    """The activity `a`, then task `z`."""
    return START + activity + task("z") + END + chain("s", "a", "z", "e") + "".join(more)


def people(characteristics: str) -> str:
    return node("userTask", "a", characteristics, zt_role="clerk")


# Loops


def test_a_loop_goes_round_while_its_condition_holds() -> None:
    run = Instance(graph(line(people(loop("again")))))
    for turn in (1, 2, 3):
        (token,) = [token for token in run.state.tokens if token.wait is Wait.TASK]
        assert token.turn == turn
        run.send(TaskCompleted(token.id, {"again": turn < 3}))
    assert run.places == ["z"]


def test_a_loop_is_done_once_unless_it_asks_first() -> None:
    assert Instance(graph(line(people(loop("again"))))).places == ["a", "a"]
    assert Instance(graph(line(people(loop("again", testBefore="true"))))).places == ["z"]
    assert Instance(graph(line(people(loop("again", testBefore="true")))), again=True).places == ["a", "a"]


def test_a_loop_has_a_maximum_and_counts() -> None:
    run = Instance(graph(line(people(loop("loopCounter != 2", loopMaximum="5")))))
    for _ in range(2):
        run.done_token(run.state.tokens[-1].id)
    assert run.places == ["z"]
    run = Instance(graph(line(people(loop(loopMaximum="2")))))
    for _ in range(2):
        run.done_token(run.state.tokens[-1].id)
    assert run.places == ["z"]


def test_a_script_may_loop_by_itself() -> None:
    inside = "<script>total + loopCounter</script>" + loop(loopMaximum="4")
    run = Instance(graph(line(node("scriptTask", "a", inside, zt_result="total"))), total=0)
    assert run.data["total"] == 10


def test_a_loop_that_never_waits_is_stopped() -> None:
    with pytest.raises(BpmnError) as caught:
        Instance(graph(line(node("scriptTask", "a", "<script>1</script>" + loop("true"), zt_result="x"))))
    assert caught.value.code == "bpmn.endless"


# Once for each


def test_all_at_once_each_has_its_item() -> None:
    run = Instance(graph(line(service_of(many(over="names")))), names=["li", "wang", "zhao"])
    calls = [command for command in run.outcome.commands if isinstance(command, CallAction)]
    assert [call.token for call in calls] == [2, 3, 4]
    assert [token.turn for token in run.state.tokens] == [0, 1, 2, 3]
    run.send(ActionDone(3))
    run.send(ActionDone(4))
    assert run.places == ["a", "a"]
    run.send(ActionDone(2))
    assert run.places == ["z"]
    assert run.state.tokens[0].origins == (1,)


def service_of(characteristics: str) -> str:
    return service("a").replace("></serviceTask>", f">{characteristics}</serviceTask>")


def test_in_turn_the_next_begins_when_one_is_over() -> None:
    run = Instance(graph(line(people(many(over="names", in_turn=True)))), names=["li", "wang"])
    assert run.outcome.commands == (CreateTask(2, "a", "clerk", (), who="li"),)
    assert run.send(TaskCompleted(2)).commands == (CreateTask(3, "a", "clerk", (), who="wang"),)
    assert run.send(TaskCompleted(3)).commands == (CreateTask(4, "z", "clerk", ()),)


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_number_of_times_is_computed(in_turn: bool) -> None:
    run = Instance(graph(line(people(many(count="size + 1", in_turn=in_turn)))), size=2)
    for _ in range(3):
        assert "z" not in run.places
        run.done_token(run.state.tokens[-1].id)
    assert run.places == ["z"]


@pytest.mark.parametrize("in_turn", [False, True])
def test_none_to_be_done_is_done_at_once(in_turn: bool) -> None:
    run = Instance(graph(line(people(many(over="names", gather=True, in_turn=in_turn)))), names=[])
    assert run.places == ["z"]
    assert run.data["all"] == []


@pytest.mark.parametrize("in_turn", [False, True])
def test_what_each_gives_is_gathered_in_the_order_of_the_items(in_turn: bool) -> None:
    compiled = graph(line(people(many(over="names", gather=True, in_turn=in_turn))))
    run = Instance(compiled, names=["li", "wang", "zhao"])
    while "z" not in run.places:
        token = [token for token in run.state.tokens if token.wait is Wait.TASK][-1]
        run.done_token(token.id, given=f"opinion {token.turn}")
    assert run.data["all"] == ["opinion 1", "opinion 2", "opinion 3"]
    assert StoreData({"all": run.data["all"]}) in run.outcome.commands
    assert run.places == ["z"]


def test_enough_of_them_end_the_rest() -> None:
    until = "numberOfCompletedInstances / numberOfInstances &gt;= 0.6"
    run = Instance(graph(line(people(many(count="5", until=until)))))
    for token in (2, 6):
        run.done_token(token)
        assert "z" not in run.places
    ended = run.done_token(4)
    assert ended.commands[:2] == (CancelTask(3, "a"), CancelTask(5, "a"))
    assert run.places == ["z"]


def test_the_condition_knows_what_the_last_one_gave() -> None:
    run = Instance(graph(line(people(many(count="3", until='given = "stop" and numberOfActiveInstances = 1')))))
    run.done_token(2, given="stop")
    run.done_token(3, given="go on")
    assert "z" not in run.places
    run = Instance(graph(line(people(many(count="3", until='given = "stop"', in_turn=True)))))
    run.done_token(2, given="stop")
    assert run.places == ["z"]


def test_scripts_for_each_item_gather_without_waiting() -> None:
    body = node(
        "scriptTask", "a", "<script>item * loopCounter</script>" + many(over="l", gather=True), zt_result="given"
    )
    run = Instance(graph(line(body)), l=[10, 20, 30])
    assert run.data == {"l": [10, 20, 30], "all": [10, 40, 90]}
    assert run.places == ["z"]


def test_sub_processes_for_each_keep_their_data_apart() -> None:
    inside = sub(
        "a",
        many(over="names", gather=True),
        task("i"),
        script("j", 'upper case(item) + ": " + note', zt_result="given"),
        task("k"),
        chain("a_s", "i", "j", "k"),
    )
    run = Instance(graph(line(inside)), names=["li", "wang"])
    assert run.places == ["a", "a", "a", "i", "i"]
    first, second = [token for token in run.state.tokens if token.element == "i"]
    run.done_token(second.id, note="late")
    run.done_token(first.id, note="early")
    assert [command for command in run.outcome.commands if isinstance(command, StoreData)] == []
    for token in [token.id for token in run.state.tokens if token.element == "k"]:
        run.done_token(token)
    assert run.data["all"] == ["LI: early", "WANG: late"]
    assert run.places == ["z"]


def test_receive_tasks_for_each_take_one_message_each() -> None:
    run = Instance(graph(line(node("receiveTask", "a", many(count="2", gather=True), messageRef="message_m"))))
    run.send(MessageReceived("m", {"given": 1}))
    assert "z" not in run.places
    run.send(MessageReceived("m", {"given": 2}))
    assert run.data["all"] == [1, 2]


def test_an_event_at_the_border_ends_all_of_them_and_is_awaited_once() -> None:
    boundary = node("boundaryEvent", "x", timer(), attachedToRef="a") + task("late") + chain("x", "late")
    compiled = graph(line(people(many(count="3")), boundary))
    run = Instance(compiled)
    assert run.places == ["a", "a", "a", "a", "x"]
    fired = run.send(TimerFired(run.at("x")))
    assert [type(command) for command in fired.commands] == [CancelTask, CancelTask, CancelTask, CreateTask]
    assert run.places == ["late"]
    run = Instance(compiled)
    for token in [token.id for token in run.state.tokens if token.turn]:
        run.done_token(token)
    assert run.outcome.commands[0] == CancelTimer(2, "x")


def test_an_error_of_one_of_them_ends_them_all() -> None:
    caught = node("boundaryEvent", "x", error("x"), attachedToRef="a") + task("late") + chain("x", "late")
    run = Instance(graph(line(people(many(count="3")), caught)))
    ended = run.send(ErrorRaised(next(token.id for token in run.state.tokens if token.turn == 2), "x"))
    assert [type(command) for command in ended.commands] == [CancelTask, CancelTask, CancelTask, CreateTask]
    assert run.places == ["late"]


@pytest.mark.parametrize("often", [many(count="3"), many(count="3", in_turn=True), loop("true")])
def test_an_error_inside_one_of_them_is_caught_around_them_all(often: str) -> None:
    inside = task("i") + node("endEvent", "oops", error("x")) + chain("a_s", "i", "oops")
    caught = node("boundaryEvent", "x", error("x"), attachedToRef="a") + task("late") + chain("x", "late")
    run = Instance(graph(line(sub("a", often, inside), caught)))
    run.done_token(next(token.id for token in run.state.tokens if token.element == "i"))
    assert run.places == ["late"]


def test_what_handles_an_error_in_one_of_them_may_fail_for_all() -> None:
    """The event sub-process of one time does not catch what it throws itself, nor does that of another time."""
    helping = handler("h", error("x"), node("endEvent", "worse", error("x")), chain("h_s", "worse"))
    inside = task("i") + node("endEvent", "oops", error("x")) + chain("a_s", "i", "oops") + helping
    run = Instance(graph(line(sub("a", many(count="2"), inside))))
    ended = run.done_token(next(token.id for token in run.state.tokens if token.element == "i"))
    assert ended.commands[-1] == ProcessEnded(error="x")


def test_an_escalation_of_each_is_heard_around_them_all() -> None:
    tell = node("intermediateThrowEvent", "i", escalation("x")) + task("k") + chain("a_s", "i", "k")
    heard = node("boundaryEvent", "x", escalation("x"), attachedToRef="a", cancelActivity="false")
    run = Instance(graph(line(sub("a", many(count="2"), tell), heard, task("late"), chain("x", "late"))))
    assert run.places == ["a", "a", "a", "k", "k", "late", "late"]


def test_joins_after_it_get_one_token() -> None:
    body = START + node("parallelGateway", "f") + node("parallelGateway", "j") + people(many(count="2")) + task("b")
    run = Instance(graph(body + task("z") + chain("s", "f", "a", "j", "z") + chain("f", "b", "j")))
    for token in [token.id for token in run.state.tokens if token.turn]:
        run.done_token(token)
    assert run.places == ["b", "j"]


@pytest.mark.parametrize("value", [None, "li", 3, {"a": 1}])
def test_what_is_no_list_is_named(value: object) -> None:
    with pytest.raises(BpmnError) as caught:
        Instance(graph(line(people(many(over="names")))), names=value)
    assert (caught.value.code, caught.value.position) == ("bpmn.instances_unknown", "a")


@pytest.mark.parametrize("count", ["-1", "1.5", '"x"', "nothing", "true"])
def test_what_is_no_number_of_times_is_named(count: str) -> None:
    with pytest.raises(BpmnError) as caught:
        Instance(graph(line(people(many(count=count)))))
    assert caught.value.code == "bpmn.instances_unknown"


def test_there_is_a_limit_and_it_can_be_reached() -> None:
    compiled = graph(
        line(sub("a", many(count="n"), script("i", "1", zt_result="x"), task("k"), chain("a_s", "i", "k")))
    )
    run = Instance(compiled, n=MOST_INSTANCES)
    assert run.places.count("k") == MOST_INSTANCES
    with pytest.raises(BpmnError) as caught:
        Instance(compiled, n=MOST_INSTANCES + 1)
    assert caught.value.code == "bpmn.too_many_instances"


def test_a_data_object_is_meant_by_whatever_refers_to_it() -> None:
    reference = '<dataObject id="names"/><dataObjectReference id="shown" dataObjectRef="names"/>'
    run = Instance(graph(line(people(many(over="shown")), reference)), names=["li"])
    assert run.places == ["a", "a"]


def test_the_process_ends_with_the_last_of_them() -> None:
    run = Instance(graph(START + people(many(count="2")) + END + chain("s", "a", "e")))
    run.done_token(2)
    assert refused(run, TaskCompleted(2)) == "bpmn.task_not_open"
    assert refused(run, TaskCompleted(1)) == "bpmn.task_not_open"
    assert run.done_token(3).commands == (ProcessEnded(),)


def test_a_message_in_the_sub_process_of_one_is_data_of_that_one() -> None:
    wait = node("intermediateCatchEvent", "w", message())
    inside = sub("a", many(over="names", gather=True), wait, chain("a_s", "w"))
    run = Instance(graph(line(inside)), names=["li", "wang"])
    first, second = [token.id for token in run.state.tokens if token.element == "w"]
    run.send(MessageReceived("m", {"given": "of wang"}, token=second))
    run.send(MessageReceived("m", {"given": "of li"}, token=first))
    assert run.data["all"] == ["of li", "of wang"]


def test_conditions_in_the_sub_process_of_one_see_its_item() -> None:
    gate = node("exclusiveGateway", "g", default="g_k") + task("i") + task("k")
    inside = sub("a", many(over="l"), gate, chain("a_s", "g"), flow("g", "i", "item &gt; 5".replace("&gt;", ">")))
    run = Instance(graph(line(inside.replace("</subProcess>", flow("g", "k") + "</subProcess>"))), l=[3, 9])
    assert [place for place in run.places if place != "a"] == ["i", "k"]
