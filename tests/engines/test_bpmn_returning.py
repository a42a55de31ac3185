"""退回: exactly what came of the target is undone, nothing else is lost, and the case goes on."""

import time
from datetime import timedelta

import pytest

from engines.bpmn_drawing import chain, flow, graph, handler, message, node, process, script, service, sub, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    ActionDone,
    ActivityStarted,
    AdHocEnded,
    Cancel,
    CancelTask,
    CreateTask,
    DataChanged,
    History,
    MessageReceived,
    OfferActivities,
    Resume,
    Resumed,
    SendBack,
    Suspend,
    Suspended,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    step,
)

S, E = node("startEvent", "s"), node("endEvent", "e")


def gate(kind: str, name: str) -> str:
    return node(f"{kind}Gateway", name)


THREE = (S, E, task("a"), task("b"), task("c"), chain("s", "a", "b", "c", "e"))


def both(*after: str, more: str = "") -> Instance:
    """A and B at once, then what is `after`."""
    body = [S, E, task("q"), task("a"), task("b"), gate("parallel", "f"), gate("parallel", "j")]
    body += [chain("s", "q", "f", "a", "j"), chain("f", "b", "j"), chain("j", *after, "e"), more]
    return Instance(graph(*body, *(task(name) for name in after)))


def test_a_task_goes_back_to_an_earlier_one() -> None:
    case = Instance(graph(*THREE))
    for name in "ab":
        case.done(name)
    sender = case.at("c")
    outcome = case.back("c", "a")
    (new,) = case.state.tokens
    assert (new.element, new.origins) == ("a", (sender,))
    assert outcome.commands == (
        CancelTask(sender, "c"),
        CreateTask(new.id, "a", "clerk", (), asked="returned"),
    )
    for name in "abc":
        case.done(name)
    assert case.state.ended


def test_a_completed_task_never_reopens() -> None:
    case = Instance(graph(*THREE))
    first = case.at("a")
    case.done("a")
    case.back("b", "a")
    assert case.at("a") > first
    assert refused(case, SendBack(first, "", case.history)) == "bpmn.task_not_open"


def test_back_to_one_branch_leaves_the_other_at_the_join() -> None:
    case = both("t")
    for name in "qab":
        case.done(name)
    case.back("t", "a")
    assert case.places == ["a", "j"]
    (waiting,) = [token for token in case.state.tokens if token.wait is Wait.JOIN]
    assert waiting.flow == "b_j"
    case.done("a")
    assert case.places == ["t"]
    case.done("t")
    assert case.state.ended


def test_again_and_again_to_either_branch() -> None:
    case = both("t")
    for name in "qab":
        case.done(name)
    for name in "abbab":
        case.back("t", name)
        assert case.places == sorted([name, "j"])
        case.done(name)
    case.back("t", "q")
    assert case.places == ["q"]
    for name in "qabt":
        case.done(name)
    assert case.state.ended


def test_before_the_fork_everything_that_came_of_it_is_undone() -> None:
    case = both("t")
    for name in "qa":
        case.done(name)
    case.back("b", "q")
    assert case.places == ["q"]


def test_a_parallel_branch_is_nothing_to_go_back_to() -> None:
    case = both("t")
    for name in "qa":
        case.done(name)
    assert refused(case, SendBack(case.at("b"), "a", case.history)) == "bpmn.back_not_before"
    case.done("b")
    case.back("t", "a")  # which is done anew, and still has not come of b
    assert refused(case, SendBack(case.at("a"), "b", case.history)) == "bpmn.back_not_before"


@pytest.mark.parametrize("to", ["c", "b", "nowhere", "e"])
def test_where_nothing_was_completed_there_is_no_way_back(to: str) -> None:
    case = Instance(graph(*THREE))
    case.done("a")
    assert refused(case, SendBack(case.at("b"), to, case.history)) == "bpmn.back_not_done"


def test_the_latest_time_round_a_loop_is_gone_back_to() -> None:
    body = [S, E, task("a"), task("b"), node("exclusiveGateway", "m"), node("exclusiveGateway", "x", default="x_e")]
    case = Instance(graph(*body, chain("s", "m", "a", "b", "x"), flow("x", "m", "again"), flow("x", "e")))
    case.done("a")
    case.done("b", again=True)
    second = case.at("a")
    case.done("a")
    case.back("b", "a")
    assert '"instead":' + str(second) in case.state.tokens[0].data
    case.done("a")
    case.done("b", again=False)
    assert case.state.ended


def test_to_the_applicant_and_forward_again() -> None:
    case = both("t")
    for name in "qab":
        case.done(name)
    for _ in range(2):
        outcome = case.back("t")
        (new,) = case.state.tokens
        assert outcome.commands[-1] == CreateTask(new.id, "s", "applicant", (), asked="returned")
        case.done("s")
        for name in "qab":
            case.done(name)
    case.done("t")
    assert case.state.ended


def test_beside_the_applicant_what_no_flow_began_goes_on_waiting() -> None:
    beside = handler("h", message(), task("extra"), node("endEvent", "he"), chain("h_s", "extra", "he"), beside=True)
    case = Instance(graph(*THREE, beside))
    case.send(MessageReceived("m"))
    case.done("a")
    case.back("b")
    assert case.places == ["extra", "h", "h_s", "s"]
    assert refused(case, SendBack(case.at("extra"), "", case.history)) == "bpmn.back_not_before"
    for name in ("extra", "s", "a", "b", "c"):
        case.done(name)
    assert case.state.ended


INNER = sub("u", task("a"), task("b"), node("endEvent", "ue"), chain("u_s", "a", "b", "ue"))


def test_into_a_subprocess_that_has_ended() -> None:
    case = Instance(graph(S, E, INNER, task("t"), chain("s", "u", "t", "e")))
    for name in "ab":
        case.done(name)
    case.back("t", "a")
    assert case.places == ["a", "u"]
    for name in "ab":
        case.done(name)
    case.back("t", "b")
    assert case.places == ["b", "u"]
    case.done("b")
    case.back("t", "u")
    assert case.places == ["a", "u"]
    for name in "abt":
        case.done(name)
    assert case.state.ended


def test_what_waited_in_an_ended_subprocess_is_there_again() -> None:
    inside = (task("a"), task("b"), gate("parallel", "f"), gate("parallel", "j"), task("c"), node("endEvent", "ue"))
    flows = (chain("u_s", "f", "a", "j", "c", "ue"), chain("f", "b", "j"))
    beside = handler("h", message(), task("extra"), node("endEvent", "he"), chain("h_s", "extra", "he"), beside=True)
    bell = node("boundaryEvent", "bell", timer(), attachedToRef="u")
    body = [S, E, sub("u", *inside, *flows, beside), task("t"), task("late"), bell]
    case = Instance(graph(*body, chain("s", "u", "t", "e"), flow("bell", "late"), flow("late", "e")))
    for name in "abc":
        case.done(name)
    case.now += timedelta(days=3)
    case.back("t", "a")
    assert case.places == ["a", "bell", "h_s", "j", "u"]
    case.send(MessageReceived("m"))
    for name in ("a", "c", "extra"):
        case.done(name)
    assert case.places == ["t"]
    case.back("t", "b")
    assert case.places == ["b", "bell", "h_s", "j", "u"]
    case.send(TimerFired(case.at("bell")))
    assert case.places == ["late"]
    assert refused(case, SendBack(case.at("late"), "a", case.history)) == "bpmn.back_not_before"


def test_two_levels_down() -> None:
    inner = sub("v", task("a"), node("endEvent", "ve"), chain("v_s", "a", "ve"))
    outer = sub("u", inner, task("b"), node("endEvent", "ue"), chain("u_s", "v", "b", "ue"))
    case = Instance(graph(S, E, outer, task("t"), chain("s", "u", "t", "e")))
    for _ in range(2):
        case.done("a")
        case.done("b")
        case.back("t", "a")
        assert case.places == ["a", "u", "v"]
    for name in "abt":
        case.done(name)
    assert case.state.ended


def test_to_the_subprocess_that_goes_on_from_within_there_is_no_way() -> None:
    case = Instance(graph(S, E, INNER, task("t"), chain("s", "u", "t", "e")))
    for name in "ab":
        case.done(name)
    case.back("t", "b")  # and so the sub-process is not done any more
    assert refused(case, SendBack(case.at("b"), "u", case.history)) == "bpmn.back_not_done"
    for name in "bt":
        case.done(name)
    assert case.state.ended


def test_out_of_a_subprocess_that_runs() -> None:
    case = Instance(graph(S, E, task("q"), INNER, chain("s", "q", "u", "e")))
    case.done("q")
    case.done("a")
    case.back("b", "q")
    assert case.places == ["q"]


def test_terminated_work_is_not_lost_by_going_back() -> None:
    inside = (task("a"), task("b"), task("x"), gate("parallel", "f"), node("endEvent", "ue"))
    stop = node("endEvent", "stop", node("terminateEventDefinition", "st"))
    flows = (chain("u_s", "x", "f", "a", "stop"), chain("f", "b", "ue"))
    case = Instance(graph(S, E, sub("u", *inside, stop, *flows), task("t"), chain("s", "u", "t", "e")))
    case.done("x")
    case.done("a")  # which ends b
    assert refused(case, SendBack(case.at("t"), "a", case.history)) == "bpmn.back_cut_off"
    case.back("t", "x")
    assert case.places == ["u", "x"]
    for name in "xb":
        case.done(name)
    case.done("a")
    case.back("t", "b")
    assert case.places == ["b", "u"]


def test_behind_an_event_that_took_the_place_of_all_else() -> None:
    stop = handler(
        "h", message(), task("mend"), task("look"), node("endEvent", "he"), chain("h_s", "mend", "look", "he")
    )
    inside = (task("a"), task("b"), node("endEvent", "ue"), chain("u_s", "a", "b", "ue"))
    case = Instance(graph(S, E, sub("u", *inside, stop), task("t"), chain("s", "u", "t", "e")))
    case.done("a")
    case.send(MessageReceived("m"))
    case.done("mend")
    assert refused(case, SendBack(case.at("look"), "a", case.history)) == "bpmn.back_not_before"
    case.done("look")
    assert refused(case, SendBack(case.at("t"), "a", case.history)) == "bpmn.back_cut_off"
    case.back("t", "mend")
    assert case.places == ["h", "mend", "u"]
    for name in ("mend", "look"):
        case.done(name)
    case.back("t", "u")
    assert case.places == ["a", "h_s", "u"]


def test_what_began_beside_a_task_while_it_lasted_stays() -> None:
    bell = node("boundaryEvent", "bell", timer(), attachedToRef="a", cancelActivity="false")
    body = [S, E, task("a"), task("b"), bell, task("urge"), node("endEvent", "ue")]
    case = Instance(graph(*body, chain("s", "a", "b", "e"), chain("bell", "urge", "ue")))
    case.send(TimerFired(case.at("bell")))
    case.done("a")
    case.back("b", "a")
    assert case.places == ["a", "bell", "urge"]
    for name in ("urge", "a", "b"):
        case.done(name)
    assert case.state.ended


def test_over_an_interrupted_task() -> None:
    bell = node("boundaryEvent", "bell", timer(), attachedToRef="b")
    body = [S, E, task("a"), task("b"), bell, task("late"), node("endEvent", "ue")]
    case = Instance(graph(*body, chain("s", "a", "b", "e"), chain("bell", "late", "ue")))
    case.done("a")
    case.send(TimerFired(case.at("bell")))
    assert refused(case, SendBack(case.at("late"), "b", case.history)) == "bpmn.back_not_done"
    case.back("late", "a")
    assert case.places == ["a"]


def test_an_action_is_asked_for_again() -> None:
    case = Instance(
        graph(S, E, task("a"), service("w"), script("k", "{x: 1}"), task("t"), chain("s", "a", "w", "k", "t", "e"))
    )
    case.done("a")
    case.send(ActionDone(case.at("w")))
    assert refused(case, SendBack(case.at("t"), "k", case.history)) == "bpmn.back_not_done"
    case.back("t", "w")
    assert case.places == ["w"]


MANY = "<multiInstanceLoopCharacteristics{}><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize("order", ["", ' isSequential="true"'])
def test_a_repeated_activity_is_done_anew_whole(order: str) -> None:
    many = node("userTask", "many", MANY.format(order), zt_role="clerk")
    case = Instance(graph(S, E, task("q"), many, task("t"), chain("s", "q", "many", "t", "e")))
    for _ in range(2):
        if case.places == ["q"]:
            case.done("q")
        for _ in range(3):
            first = next(token for token in case.state.tokens if token.wait is Wait.TASK)
            case.done_token(first.id)
        assert case.places == ["t"]
        case.back("t", "many")
    signer = next(token for token in case.state.tokens if token.wait is Wait.TASK)
    case.send(SendBack(signer.id, "q", case.history))  # one of them sends the whole back
    assert case.places == ["q"]


def test_into_one_of_several_times_that_are_over_there_is_no_way() -> None:
    inside = node("startEvent", "u_s") + task("a") + node("endEvent", "ue") + chain("u_s", "a", "ue")
    many = node("subProcess", "u", inside + MANY.format(""))
    case = Instance(graph(S, E, many, task("t"), chain("s", "u", "t", "e")))
    for token in [token.id for token in case.state.tokens if token.wait is Wait.TASK]:
        case.done_token(token)
    assert refused(case, SendBack(case.at("t"), "a", case.history)) == "bpmn.back_several"
    case.back("t", "u")
    assert case.places.count("a") == 3


def damaged_histories(case: Instance) -> list[History]:
    whole = case.history
    one = whole.completed[0]
    return [
        History(),
        History(whole.completed[1:], whole.cancelled),
        History((*whole.completed, one), whole.cancelled),
        History(whole.completed, (one,)),
        History((*whole.completed, Token(99, "a", Wait.TASK)), ()),
        History((*whole.completed, Token(-1, "a", Wait.TASK)), ()),
        History((one._replace(origins=(one.id,)), *whole.completed[1:]), ()),
        History((one._replace(scope=one.id), *whole.completed[1:]), ()),
        History((one._replace(host=77), *whole.completed[1:]), ()),
        History((one._replace(origins=(50,)), *whole.completed[1:]), ()),
        History((one._replace(data='{"instead":9}'), *whole.completed[1:]), ()),
        History((one._replace(data='{"again":0}'), *whole.completed[1:]), ()),
        History(tuple(token._replace(element="nowhere") for token in whole.completed), ()),
    ]


@pytest.mark.parametrize("number", range(13))
def test_a_damaged_history_is_told(number: int) -> None:
    case = both("t")
    for name in "qab":
        case.done(name)
    event = SendBack(case.at("t"), "a" if number < 12 else "q", damaged_histories(case)[number])
    assert refused(case, event) in ("bpmn.state_damaged", "bpmn.back_not_done")


def test_a_suspended_process_takes_nothing_but_its_resumption_or_its_end() -> None:
    case = Instance(graph(*THREE))
    assert refused(case, Resume()) == "bpmn.not_suspended"
    assert case.send(Suspend()).commands == (Suspended(),)
    assert case.state.suspended
    for event in (TaskCompleted(case.at("a")), Suspend(), SendBack(case.at("a")), DataChanged()):
        assert refused(case, event) == "bpmn.suspended"
    assert case.send(Resume()).commands == (Resumed(),)
    case.done("a")
    case.send(Suspend())
    assert case.send(Cancel("withdrawn")).state.ended


def test_out_of_a_called_process_into_it_and_past_it() -> None:
    steps = [node("startEvent", "cs"), task("a"), task("b"), node("endEvent", "ce"), chain("cs", "a", "b", "ce")]
    inside = process("called", *steps)
    body = [S, E, task("q"), node("callActivity", "u", calledElement="called"), task("t")]
    case = Instance(graph(*body, chain("s", "q", "u", "t", "e"), beside=inside))
    for name in "qab":
        case.done(name)
    case.back("t", "a")
    assert case.places == ["a", "u"]
    case.done("a")
    assert refused(case, SendBack(case.at("b"), "q", case.history, direct=True)) == "bpmn.direct_unsupported"
    case.back("b", "a", direct=True)
    case.done("a")
    case.back("b", "q")
    assert case.places == ["q"]
    for name in "qabt":
        case.done(name)
    assert case.state.ended


def test_by_way_of_one_message_of_several() -> None:
    catch = node("intermediateCatchEvent", "c1", message()) + node("intermediateCatchEvent", "c2", timer())
    body = [S, E, task("a"), node("eventBasedGateway", "g"), catch, task("b"), task("c")]
    flows = [chain("s", "a", "g", "c1", "b", "e"), chain("g", "c2", "c", "e")]
    case = Instance(graph(*body, *flows))
    case.done("a")
    case.send(MessageReceived("m"))
    assert refused(case, SendBack(case.at("b"), "c1", case.history)) == "bpmn.back_not_done"
    case.back("b", "a")
    case.done("a")
    case.send(TimerFired(case.at("c2")))
    case.back("c", "a")
    assert case.places == ["a"]


def test_an_inclusive_join_waits_again_for_what_is_done_anew() -> None:
    split = node("inclusiveGateway", "f", default="f_a")
    body = [S, E, task("q"), split, task("a"), task("b"), node("inclusiveGateway", "j"), task("t")]
    flows = [chain("s", "q", "f"), flow("f", "a"), flow("f", "b", "both"), flow("f", "a", "both", name="f_a2")]
    flows += [chain("a", "j", "t", "e"), flow("b", "j")]
    case = Instance(graph(*body, *flows), both=True)
    case.done("q")
    assert case.places == ["a", "b"]
    case.done("b")
    case.done("a")
    case.back("t", "b")
    assert case.places == ["b", "j"]
    case.done("b")
    case.done("t")
    assert case.state.ended


def test_going_back_costs_in_proportion_to_what_was_done() -> None:
    many = [task(f"t{number}") for number in range(400)]
    case = Instance(graph(S, E, *many, chain("s", *(f"t{number}" for number in range(400)), "e")))
    for number in range(399):
        case.done(f"t{number}")
    history = case.history
    began = time.process_time()
    for _ in range(10):
        step(case.graph, case.state, SendBack(case.at("t399"), "t0", history), {}, case.now)
    assert (time.process_time() - began) / 10 < 0.1


def test_what_an_ended_subprocess_knew_is_known_again() -> None:
    known = (
        '<ioSpecification><dataInput id="u_in" name="total"/></ioSpecification><dataInputAssociation>'
        "<targetRef>u_in</targetRef><assignment><from>3</from><to>total</to></assignment></dataInputAssociation>"
    )
    inside = node("startEvent", "u_s") + task("a") + script("k", "total + 1", zt_result="total") + task("b")
    ask = node("exclusiveGateway", "x", default="x_ue") + node("endEvent", "ue") + task("more")
    flows = chain("u_s", "a", "k", "b", "x", "ue") + flow("x", "more", "total > 4") + flow("more", "ue")
    case = Instance(
        graph(S, E, node("subProcess", "u", known + inside + ask + flows), task("t"), chain("s", "u", "t", "e"))
    )
    for name in "ab":
        case.done(name)
    assert case.places == ["t"]  # the total is 4
    case.back("t", "a")
    for name in "ab":
        case.done(name)
    assert "more" in case.places  # what was stored is not undone: it is 5 now


def test_into_an_adhoc_subprocess_that_has_ended() -> None:
    body = [S, E, node("adHocSubProcess", "u", task("a") + task("b")), task("t"), chain("s", "u", "t", "e")]
    case = Instance(graph(*body))
    where = case.at("u")
    for name in "ab":
        case.send(ActivityStarted(where, name))
        case.done(name)
    case.send(AdHocEnded(where))
    outcome = case.back("t", "a")
    assert case.places == ["a", "u"]
    assert OfferActivities(case.at("u"), "u", "", ("a", "b")) in outcome.commands
    case.done("a")
    case.send(AdHocEnded(case.at("u")))
    case.done("t")
    assert case.state.ended
