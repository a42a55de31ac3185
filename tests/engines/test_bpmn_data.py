"""Data in and out: what an activity or event is given, what comes back, and under which names."""

import pytest

from engines.bpmn_drawing import chain, error, escalation, graph, message, node, script, service, signal, sub, task
from engines.bpmn_instance import Instance
from zhengtong.engines.bpmn import (
    ActionDone,
    BroadcastSignal,
    CallAction,
    CreateTask,
    Decide,
    ErrorRaised,
    Escalated,
    MessageReceived,
    SendMessage,
    SignalReceived,
    StoreData,
)

START, END = node("startEvent", "s"), node("endEvent", "e")
OBJECTS = '<dataObject id="form"/><dataObjectReference id="shown" name="Form" dataObjectRef="form"/>'


def into(target: str, source: str = "", change: str = "", assign: tuple[str, str] | None = None) -> str:
    return association("dataInputAssociation", source, target, change, assign)


def out_of(source: str, target: str, change: str = "", assign: tuple[str, str] | None = None) -> str:
    return association("dataOutputAssociation", source, target, change, assign)


def association(tag: str, source: str, target: str, change: str, assign: tuple[str, str] | None) -> str:
    inside = f"<sourceRef>{source}</sourceRef>" if source else ""
    inside += f"<targetRef>{target}</targetRef>" if target else ""
    inside += f"<transformation>{change}</transformation>" if change else ""
    inside += f"<assignment><from>{assign[0]}</from><to>{assign[1]}</to></assignment>" if assign else ""
    return f"<{tag}>{inside}</{tag}>"


def named(tag: str, name: str, number: int = 1) -> str:
    """A data input or output of that name; ids are used once in a document."""
    return f'<{tag} id="{name}{number}" name="{name}"/>'


def spec(inputs: str = "", outputs: str = "") -> str:
    """Data inputs and outputs by id, with sets as modellers write them."""
    items = "".join(f'<dataInput id="{name}"/>' for name in inputs.split())
    items += "".join(f'<dataOutput id="{name}"/>' for name in outputs.split())
    sets = "".join(f"<dataInputRefs>{name}</dataInputRefs>" for name in inputs.split())
    return f'<ioSpecification>{items}<inputSet>{sets}</inputSet><outputSet id="o"/></ioSpecification>'


def user(name: str, inside: str) -> str:
    return node("userTask", name, inside, zt_role="clerk")


def line(activity: str, *more: str) -> str:
    return START + activity + task("z") + END + chain("s", "a", "z", "e") + OBJECTS + "".join(more)


def test_what_goes_in_is_told_with_the_command() -> None:
    inside = spec("x y") + into("x", "shown") + into("y", change="form.amount * 2")
    run = Instance(graph(line(user("a", inside))), form={"amount": 5})
    assert run.outcome.commands == (CreateTask(1, "a", "clerk", (), {"x": {"amount": 5}, "y": 10}),)


def test_what_comes_out_is_stored_under_the_name_of_the_data_object() -> None:
    inside = spec(outputs="x") + out_of("x", "shown")
    run = Instance(graph(line(user("a", inside))))
    run.done("a", x=7, noise=1)
    assert run.outcome.commands[0] == StoreData({"form": 7})
    assert run.data == {"form": 7}


def test_what_comes_out_may_be_computed_from_what_was_brought() -> None:
    inside = spec(outputs="x") + out_of("x", "shown", change="x + bonus")
    run = Instance(graph(line(user("a", inside))), bonus=1)
    run.done("a", x=7)
    assert run.data["form"] == 8


def test_assignments_name_what_they_fill() -> None:
    inside = spec("x") + into("x", assign=("1 + 1", "x")) + out_of("", "shown", assign=("given * 10", "shown"))
    run = Instance(graph(line(user("a", inside))))
    assert run.outcome.commands == (CreateTask(1, "a", "clerk", (), {"x": 2}),)
    run.done("a", given=3)
    assert run.data["form"] == 30


def test_inputs_and_outputs_without_association_go_by_their_own_names() -> None:
    run = Instance(graph(line(user("a", spec("x", "y")))), x=1, other=2)
    assert run.outcome.commands == (CreateTask(1, "a", "clerk", (), {"x": 1}),)
    run.done("a", y=3, other=4)
    assert run.data == {"x": 1, "other": 2, "y": 3}


def test_associations_as_bpmn_io_draws_them_need_no_specification() -> None:
    placeholder = '<property id="p1" name="__targetRef_placeholder"/>'
    inside = placeholder + into("p1", "shown") + out_of("", "shown")
    compiled = graph(line(user("a", inside)))
    assert {notice.element for notice in compiled.notices} == {"form", "shown"}
    run = Instance(compiled, form="old")
    assert run.outcome.commands == (CreateTask(1, "a", "clerk", (), {"form": "old"}),)
    run.done("a", form="new")
    assert run.data == {"form": "new"}


def test_actions_and_decisions_are_given_data_too() -> None:
    body = service("a").replace("></serviceTask>", f">{into('', 'shown')}</serviceTask>")
    run = Instance(graph(line(body)), form=1)
    assert run.outcome.commands == (CallAction(1, "a", "tests.a@1", {"form": 1}),)
    run.send(ActionDone(1))
    rules = node("businessRuleTask", "a", into("", "shown"), zt_decision="route")
    assert Instance(graph(line(rules)), form=1).outcome.commands == (Decide(1, "a", "route", {"form": 1}),)


def test_a_script_reads_its_inputs() -> None:
    inside = "<script>x * 2</script>" + spec("x") + into("x", change="form + 1")
    run = Instance(graph(line(node("scriptTask", "a", inside, zt_result="twice"))), form=4)
    assert run.data == {"form": 4, "twice": 10}


def test_a_sub_process_with_inputs_keeps_data_of_its_own() -> None:
    inside = spec("x", "y") + into("x", change="form + 1") + script("i", "x * 10", zt_result="y") + task("k")
    run = Instance(graph(line(sub("a", inside, chain("a_s", "i", "k")))), form=1)
    assert run.data == {"form": 1}
    run.done("k", noise=5)
    assert run.data == {"form": 1, "y": 20}


def test_each_of_several_times_is_given_its_own() -> None:
    many = '<multiInstanceLoopCharacteristics><loopDataInputRef>names</loopDataInputRef><inputDataItem id="item"/>'
    many += '<loopDataOutputRef>all</loopDataOutputRef><outputDataItem id="y"/></multiInstanceLoopCharacteristics>'
    given = f"<ioSpecification>{named('dataInput', 'x')}{named('dataOutput', 'y')}</ioSpecification>"
    inside = many + given + into("x1", change="item + string(loopCounter)")
    run = Instance(graph(line(user("a", inside))), names=["li", "wang"])
    told = [command.data for command in run.outcome.commands if isinstance(command, CreateTask)]
    assert told == [{"x": "li1"}, {"x": "wang2"}]
    run.done_token(3, y="b")
    run.done_token(2, y="a")
    assert run.data["all"] == ["a", "b"]
    assert "form" not in run.data


CAUGHT = named("dataOutput", "why") + out_of("why1", "shown")


def test_messages_and_signals_carry_data() -> None:
    first, second = (named("dataInput", "x", n) + into(f"x{n}", change="form + 1") for n in (1, 2))
    body = START + node("intermediateThrowEvent", "a", message() + first) + END
    body += node("intermediateThrowEvent", "b", signal() + second)
    run = Instance(graph(body, chain("s", "a", "b", "e"), OBJECTS), form=1)
    assert run.outcome.commands[:2] == (SendMessage("a", "m", {"x": 2}), BroadcastSignal("b", "g", {"x": 2}))


@pytest.mark.parametrize("trigger", [message(), signal()])
def test_an_event_that_catches_stores_what_came(trigger: str) -> None:
    inside = trigger + '<dataOutput id="x"/>' + out_of("x", "shown")
    run = Instance(graph(line(node("intermediateCatchEvent", "a", inside))))
    run.send(MessageReceived("m", {"x": 1}) if "message" in trigger else SignalReceived("g", {"x": 1}))
    assert run.data == {"form": 1}


def test_data_thrown_inside_reach_whoever_catches() -> None:
    thrown = signal() + into("", "shown")
    caught = signal() + named("dataOutput", "form") + out_of("form1", "kept")
    body = START + node("parallelGateway", "f") + node("endEvent", "t", thrown) + OBJECTS + '<dataObject id="kept"/>'
    body += node("intermediateCatchEvent", "c", caught) + task("z") + chain("s", "f", "t") + chain("f", "c", "z")
    run = Instance(graph(body), form=9)
    assert run.data == {"form": 9, "kept": 9}


def test_errors_and_escalations_carry_data() -> None:
    bad = node("endEvent", "bad", error("x") + named("dataInput", "why", 2) + into("why2", change="reason"))
    boundary = node("boundaryEvent", "b", error() + CAUGHT, attachedToRef="a")
    body = line(sub("a", task("i"), bad, chain("a_s", "i", "bad")), boundary, task("y"), chain("b", "y"))
    run = Instance(graph(body))
    run.done("i", reason="no stamp")
    assert run.data == {"form": "no stamp"}
    up = node("endEvent", "up", escalation("x") + named("dataInput", "why") + into("why1", change="1 + 1"))
    assert Instance(graph(START, up, chain("s", "up"))).outcome.commands[0] == Escalated("up", "x", {"why": 2})


def test_an_error_an_activity_ends_in_brings_its_data() -> None:
    boundary = node("boundaryEvent", "b", error() + CAUGHT, attachedToRef="a")
    run = Instance(graph(line(service("a"), boundary, task("y"), chain("b", "y"))))
    run.send(ErrorRaised(1, "x", {"why": "closed"}))
    assert run.data == {"form": "closed"}
