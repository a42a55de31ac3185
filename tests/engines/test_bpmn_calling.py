"""Call activities: another process runs inside, in the same rows."""

import pytest

from engines.bpmn_drawing import (
    NOW,
    chain,
    document,
    error,
    escalation,
    flow,
    graph,
    handler,
    message,
    node,
    process,
    script,
    task,
    timer,
)
from engines.bpmn_instance import Instance
from zhengtong.engines.bpmn import (
    BpmnError,
    CancelTask,
    CreateTask,
    MessageReceived,
    ModelRefused,
    ProcessEnded,
    TimerFired,
    Wait,
    check,
    compile_process,
    locate,
    read,
    verify,
)

START, END = node("startEvent", "s"), node("endEvent", "e")


def call(name: str, key: str, inside: str = "") -> str:
    return node("callActivity", name, inside, calledElement=key)


def called(*body: str, name: str = "q") -> str:
    """Process `q`, whose start event is `q_s`."""
    return process(name, node("startEvent", f"{name}_s"), *body)


def line(inside: str = "", *more: str) -> str:
    return START + call("a", "q", inside) + task("z") + END + chain("s", "a", "z", "e") + "".join(more)


def test_the_called_process_runs_where_the_activity_stands() -> None:
    run = Instance(graph(line(), beside=called(task("i"), chain("q_s", "i"))))
    assert run.outcome.commands == (CreateTask(2, "i", "clerk", ()),)
    assert [(token.element, token.wait, token.scope) for token in run.state.tokens] == [
        ("a", Wait.CALL, 0),
        ("i", Wait.TASK, 1),
    ]
    assert locate(run.graph, run.state, 2).id == "i"
    assert locate(run.graph, run.state, 1).tag == "callActivity"
    run.done("i")
    assert run.places == ["z"]
    assert run.done("z").commands == (ProcessEnded(),)


def test_a_library_gives_processes_of_other_documents() -> None:
    other = compile_process(read(document(START + task("i") + chain("s", "i"))))
    compiled = compile_process(read(document(line())), None, {"q": other})
    assert Instance(compiled).places == ["a", "i"]
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(document(line())))
    assert [(finding.code, finding.element) for finding in caught.value.findings] == [("bpmn.call_unknown", "a")]


def test_ids_of_two_processes_do_not_mix() -> None:
    other = compile_process(read(document(START + task("z") + chain("s", "z"))))
    run = Instance(compile_process(read(document(line())), None, {"q": other}))
    assert locate(run.graph, run.state, 2).outgoing == ()
    run.done("z")
    assert [(token.element, token.scope) for token in run.state.tokens] == [("z", 0)]
    assert len(locate(run.graph, run.state, run.at("z")).outgoing) == 1


def test_what_is_wrong_with_the_called_process_is_wrong_with_the_caller() -> None:
    xml = document(line(), beside=called(node("serviceTask", "i"), chain("q_s", "i")))
    with pytest.raises(ModelRefused) as caught:
        compile_process(read(xml), "p")
    assert [(finding.code, finding.element) for finding in caught.value.findings] == [("bpmn.action_missing", "i")]
    findings = check(xml)["findings"]
    assert isinstance(findings, list)
    assert [finding["element"] for finding in findings] == ["i"]


def test_what_only_begins_by_a_message_cannot_be_called() -> None:
    beside = process("q", node("startEvent", "q_s", message()), task("i"), chain("q_s", "i"))
    with pytest.raises(ModelRefused) as caught:
        graph(line(), beside=beside)
    assert [(finding.code, finding.element) for finding in caught.value.findings] == [("bpmn.call_start", "a")]


def test_without_mapping_data_are_shared() -> None:
    beside = called(script("i", "amount * 2", zt_result="twice"), task("k"), chain("q_s", "i", "k"))
    run = Instance(graph(line(), beside=beside), amount=4)
    assert run.data["twice"] == 8


MAPPED = (
    '<ioSpecification><dataInput id="x"/><dataOutput id="y"/><inputSet/><outputSet/></ioSpecification>'
    "<dataInputAssociation><targetRef>x</targetRef><transformation>amount + 1</transformation></dataInputAssociation>"
)


def test_with_mapping_only_what_goes_in_is_known_and_only_what_comes_out_leaves() -> None:
    gate = node("exclusiveGateway", "g", default="g_k") + task("k") + task("never")
    gate += flow("g", "k") + flow("g", "never", "amount != null")
    beside = called(script("i", "x * 10", zt_result="y"), script("j", "1", zt_result="noise"), gate)
    beside = beside.replace("</process>", chain("q_s", "i", "j", "g") + "</process>")
    run = Instance(graph(line(MAPPED), beside=beside), amount=4)
    assert run.places == ["a", "a", "k"]
    assert run.data == {"amount": 4}
    run.done("k", outcome="unseen outside")
    assert run.data == {"amount": 4, "y": 50}
    assert run.places == ["z"]


def test_an_error_rises_out_of_the_called_process() -> None:
    bad = node("endEvent", "bad", error("x"))
    boundary = node("boundaryEvent", "b", error("x"), attachedToRef="a") + task("late") + chain("b", "late")
    beside = called(task("i"), task("k"), bad, chain("q_s", "i", "bad"), chain("q_s", "k"))
    run = Instance(graph(line("", boundary), beside=beside))
    assert isinstance(run.done("i").commands[0], CancelTask)
    assert run.places == ["late"]


def test_an_escalation_rises_and_an_event_interrupts() -> None:
    up = node("intermediateThrowEvent", "up", escalation("x"))
    beside_host = node("boundaryEvent", "b", escalation(), attachedToRef="a", cancelActivity="false")
    bell = (
        node("boundaryEvent", "t", timer(), attachedToRef="a") + task("late") + chain("b", "late") + chain("t", "late")
    )
    run = Instance(graph(line("", beside_host, bell), beside=called(up, task("i"), chain("q_s", "up", "i"))))
    assert run.places == ["a", "i", "late", "t"]
    run.send(TimerFired(run.at("t")))
    assert run.places == ["late", "late"]


def test_terminating_ends_the_called_process_only() -> None:
    stop = node("endEvent", "stop", "<terminateEventDefinition/>")
    beside = called(task("i"), task("k"), stop, chain("q_s", "i", "stop"), chain("q_s", "k"))
    run = Instance(graph(line("", task("other"), chain("s", "other")), beside=beside))
    run.done("i")
    assert run.places == ["other", "z"]


def test_event_sub_processes_of_the_called_process_wait_while_it_runs() -> None:
    care = handler("c", message(), task("h"), chain("c_s", "h"))
    run = Instance(graph(line(), beside=called(task("i"), chain("q_s", "i"), care)))
    assert run.places == ["a", "c_s", "i"]
    run.send(MessageReceived("m"))
    assert run.places == ["a", "c", "h"]
    run.done("h")
    assert run.places == ["z"]


def test_inclusive_joins_and_conditions_work_inside() -> None:
    gates = node("inclusiveGateway", "o") + node("inclusiveGateway", "j") + task("i") + task("k")
    gates += flow("o", "i", "true") + flow("o", "k", "true") + chain("q_s", "o") + chain("i", "j") + chain("k", "j")
    gates += node("endEvent", "q_e") + chain("j", "q_e")
    run = Instance(graph(line(), beside=called(gates)))
    run.done("i")
    assert run.places == ["a", "j", "k"]
    run.done("k")
    assert run.places == ["z"]


def test_a_process_may_call_itself_until_it_has_had_enough() -> None:
    gate = node("exclusiveGateway", "g", default="g_e") + script("less", "n - 1", zt_result="n") + call("again", "p")
    body = START + gate + task("i") + END + flow("g", "less", "n > 0") + chain("less", "again", "e")
    compiled = graph(body + chain("s", "i", "g", "e"))
    run = Instance(compiled, n=3)
    for depth in range(4):
        assert run.places.count("again") == depth
        run.done("i")
    assert run.state.ended
    with pytest.raises(BpmnError) as caught:
        Instance(graph(START + call("again", "p") + END + chain("s", "again", "e")))
    assert caught.value.code == "bpmn.too_nested"


def test_each_of_several_may_be_a_call() -> None:
    many = '<multiInstanceLoopCharacteristics><loopDataInputRef>names</loopDataInputRef><inputDataItem id="item"/>'
    many += '<loopDataOutputRef>all</loopDataOutputRef><outputDataItem id="given" name="y"/>'
    many += "</multiInstanceLoopCharacteristics>"
    mapped = MAPPED.replace("amount + 1", "item")
    beside = called(task("k"), script("i", "upper case(x)", zt_result="y"), chain("q_s", "k", "i"))
    run = Instance(graph(line(many + mapped), beside=beside), names=["li", "wang"])
    for token in [token.id for token in run.state.tokens if token.element == "k"]:
        run.done_token(token)
    assert run.data["all"] == ["LI", "WANG"]
    assert run.places == ["z"]


def test_a_state_is_refused_where_the_called_process_is_another() -> None:
    run = Instance(graph(line(), beside=called(task("i"), chain("q_s", "i"))))
    other = graph(line(), beside=called(task("k"), chain("q_s", "k")))
    for attempt in (lambda: verify(other, run.state), lambda: locate(other, run.state, 2)):
        with pytest.raises(BpmnError) as caught:
            attempt()
        assert caught.value.code == "bpmn.state_damaged"
    assert run.now == NOW
