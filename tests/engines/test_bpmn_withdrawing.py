"""撤回: only while nothing was done after it, and with everything as it was."""

import pytest

from engines.bpmn_drawing import chain, graph, node, script, service, sub, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    AddInstances,
    AddSigners,
    CancelCall,
    CancelTask,
    CreateTask,
    HoldTask,
    RemoveSigner,
    StartTimer,
    TimerFired,
    Token,
    Wait,
    Withdraw,
)

S, E = node("startEvent", "s"), node("endEvent", "e")


def parallel(name: str) -> str:
    return node("parallelGateway", name)


def tasks(case: Instance) -> list[Token]:
    return [token for token in case.state.tokens if token.wait is Wait.TASK]


def withdrawn(case: Instance, token: int) -> str:
    return refused(case, Withdraw(token, case.history))


def take_back(case: Instance, token: int) -> None:
    case.send(Withdraw(token, case.history))


def line() -> Instance:
    bell = node("boundaryEvent", "bell", timer(), attachedToRef="a", cancelActivity="false")
    body = [S, E, task("a"), task("b"), bell, task("urge"), node("endEvent", "ue"), chain("bell", "urge", "ue")]
    return Instance(graph(*body, chain("s", "a", "b", "e")))


def test_a_completed_task_is_taken_back() -> None:
    case = line()
    first = case.at("a")
    case.done("a")
    following = case.at("b")
    outcome = case.send(Withdraw(first, case.history))
    new = case.at("a")
    assert outcome.commands[0] == CancelTask(following, "b")
    assert outcome.commands[1] == CreateTask(new, "a", "clerk", (), asked="withdrawn")
    assert isinstance(outcome.commands[2], StartTimer)
    assert case.places == ["a", "bell"]
    assert withdrawn(case, first) == "bpmn.withdraw_not_done"
    case.done("a")
    take_back(case, new)
    for name in "ab":
        case.done(name)
    assert case.state.ended


def test_not_once_the_next_has_acted() -> None:
    case = line()
    first = case.at("a")
    assert withdrawn(case, first) == "bpmn.withdraw_not_done"
    assert withdrawn(case, 99) == "bpmn.withdraw_not_done"
    case.send(TimerFired(case.at("bell")))
    case.done("a")
    second = case.at("b")
    case.send(AddSigners(second, ("li",)))
    assert withdrawn(case, first) == "bpmn.withdraw_late"
    case.done_token(tasks(case)[-1].id)
    assert withdrawn(case, first) == "bpmn.withdraw_late"
    case.done_token(second)
    assert case.places == ["urge"]
    assert withdrawn(case, first) == "bpmn.withdraw_late"
    take_back(case, second)  # of which nothing came
    assert case.places == ["b", "urge"]


def test_what_met_it_at_a_join_waits_there_again() -> None:
    body = [S, E, task("a"), task("b"), task("t"), parallel("f"), parallel("j")]
    case = Instance(graph(*body, chain("s", "f", "a", "j", "t", "e"), chain("f", "b", "j")))
    first, second = case.at("a"), case.at("b")
    case.done("a")
    take_back(case, first)
    assert case.places == ["a", "b"]
    first = case.at("a")
    case.done("a")
    case.done("b")
    take_back(case, first)
    assert case.places == ["a", "j"]
    assert withdrawn(case, first) == "bpmn.withdraw_not_done"
    case.done("a")
    take_back(case, second)
    assert case.places == ["b", "j"]
    for name in "bt":
        case.done(name)
    assert case.state.ended


def test_an_action_not_yet_answered_is_called_off() -> None:
    case = Instance(graph(S, E, task("a"), service("w"), chain("s", "a", "w", "e")))
    first = case.at("a")
    case.done("a")
    assert CancelCall(case.at("w"), "w") in case.send(Withdraw(first, case.history)).commands


@pytest.mark.parametrize("between", [script("k", "{x: 1}"), sub("k", chain("k_s", "ke"), node("endEvent", "ke"))])
def test_what_passed_without_rest_was_done(between: str) -> None:
    case = Instance(graph(S, E, task("a"), between, task("b"), chain("s", "a", "k", "b", "e")))
    first = case.at("a")
    case.done("a")
    if "scriptTask" in between:
        assert withdrawn(case, first) == "bpmn.withdraw_late"
    else:
        take_back(case, first)


def test_out_of_a_subprocess_that_it_ended() -> None:
    inner = sub("u", task("a"), node("endEvent", "ue"), chain("u_s", "a", "ue"))
    case = Instance(graph(S, E, inner, task("t"), chain("s", "u", "t", "e")))
    for _ in range(3):
        first = case.at("a")
        case.done("a")
        take_back(case, first)
        assert case.places == ["a", "u"]
    case.done("a")
    case.done("t")
    assert case.state.ended


def test_the_applicant_takes_back_what_he_sent_again() -> None:
    case = line()
    case.done("a")
    case.back("b")
    applicant = case.at("s")
    case.done("s")
    take_back(case, applicant)
    assert case.places == ["s"]
    for name in "sab":
        case.done(name)
    assert case.state.ended


def test_who_signs_after_does_so_after_it_is_done_again() -> None:
    case = line()
    first = case.at("a")
    case.send(AddSigners(first, ("li", "wang"), "after"))
    due = next(token.due for token in case.state.tokens if token.wait is Wait.TIMER)
    case.done_token(first)
    take_back(case, first)
    assert [token.wait for token in case.state.tokens] == [Wait.TASK, Wait.TIMER, Wait.SIGNERS]
    assert case.state.tokens[1].due == due
    case.done_token(tasks(case)[0].id)
    li = tasks(case)[0].id
    case.done_token(li)
    take_back(case, li)
    for who in ("li", "wang"):
        assert f'"who":"{who}"' in tasks(case)[0].data
        case.done_token(tasks(case)[0].id)
    assert case.places == ["b"]


def test_an_opinion_is_taken_back_while_the_task_is_open() -> None:
    case = line()
    asked = case.at("a")
    case.send(AddSigners(asked, ("li",)))
    opinion = tasks(case)[1].id
    case.done_token(opinion)
    outcome = case.send(Withdraw(opinion, case.history))
    helper = tasks(case)[1]
    assert outcome.commands == (
        CreateTask(helper.id, "a", "clerk", (), who="li", asked="before"),
        HoldTask(asked, "a"),
    )
    case.done_token(helper.id)
    case.done_token(asked)
    assert withdrawn(case, helper.id) == "bpmn.withdraw_late"


MANY = (
    "<multiInstanceLoopCharacteristics{}><loopDataInputRef>staff</loopDataInputRef></multiInstanceLoopCharacteristics>"
)


@pytest.mark.parametrize("order", ["", ' isSequential="true"'])
def test_one_of_several_takes_back_while_the_others_sign(order: str) -> None:
    signed = {"zt_role": "clerk", "zt_outcomes": "yes no", "zt_sign": "all"}
    many = node("userTask", "many", MANY.format(order), **signed)
    case = Instance(graph(S, E, many, task("t"), chain("s", "many", "t", "e")), staff=["li", "wang"])
    first = tasks(case)[0].id
    case.done_token(first, outcome="yes")
    take_back(case, first)
    assert [token.turn for token in tasks(case)] == ([1] if order else [2, 1])
    for _ in range(2):
        last = tasks(case)[0].id
        case.done_token(last, outcome="yes")
    assert case.places == ["t"]
    for _ in range(2):  # he ended it, and takes that back all the same
        take_back(case, last)
        assert [token.turn for token in tasks(case)] == [2 if order else 1]
        last = tasks(case)[0].id
        case.done_token(last, outcome="yes")
        assert case.places == ["t"]
        assert case.data["outcome"] == "yes"
    case.done("t")
    assert case.state.ended


def signing(sign: str, **attributes: str) -> Instance:
    signed = {"zt_role": "clerk", "zt_outcomes": "yes no", "zt_sign": sign, **attributes}
    many = node("userTask", "many", MANY.format(""), **signed)
    return Instance(graph(S, E, many, task("t"), chain("s", "many", "t", "e")), staff=["li", "wang", "zhao"])


def test_who_was_not_needed_any_more_signs_again() -> None:
    case = signing("any")
    li, wang, _ = (token.id for token in tasks(case))
    case.send(AddInstances(li, ("sun",)))
    case.send(RemoveSigner(wang))
    case.done_token(li, outcome="no")
    zhao = next(token.id for token in tasks(case) if token.turn == 3)
    case.done_token(zhao, outcome="yes")
    assert case.places == ["t"]
    take_back(case, zhao)
    assert sorted(token.turn for token in tasks(case)) == [3, 4]
    for token in tasks(case):
        case.done_token(token.id, outcome="no")
    assert case.data["outcome"] == "no"
    take_back(case, li)
    assert [token.turn for token in tasks(case)] == [1]
    case.done_token(tasks(case)[0].id, outcome="yes")
    assert case.places == ["t"]
    assert case.data["outcome"] == "yes"


def test_what_is_a_loop_or_has_steps_inside_is_not_taken_back_once_over() -> None:
    again = '<standardLoopCharacteristics loopMaximum="2"/>'
    case = Instance(graph(S, E, node("userTask", "a", again, zt_role="clerk"), chain("s", "a", "e")))
    first = tasks(case)[0].id
    case.done_token(first)
    assert withdrawn(case, first) == "bpmn.withdraw_several"
    inside = chain("us", "a", "ue") + node("startEvent", "us") + task("a") + node("endEvent", "ue")
    body = node("subProcess", "u", inside + MANY.format(""))
    case = Instance(graph(S, E, body, task("t"), chain("s", "u", "t", "e")), staff=["li"])
    first = tasks(case)[0].id
    case.done_token(first)
    assert withdrawn(case, first) == "bpmn.back_several"
