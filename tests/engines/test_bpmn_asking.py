"""加签, 委派 and 退回后直达: others are asked, the task stays where it is, and nothing is done twice."""

from engines.bpmn_drawing import chain, flow, graph, message, node, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    AddSigners,
    AwaitMessage,
    CancelTask,
    CreateTask,
    Delegate,
    ErrorRaised,
    HoldTask,
    ResumeTask,
    SendBack,
    StartTimer,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
)

S, E = node("startEvent", "s"), node("endEvent", "e")


def watched() -> Instance:
    """A task with a timer and a message at its boundary, then another."""
    bells = [node("boundaryEvent", "bell", timer(), attachedToRef="a")]
    bells.append(node("boundaryEvent", "word", message(), attachedToRef="a", cancelActivity="false"))
    body = [S, E, task("q"), task("a", "yes no"), task("b"), task("late"), task("more"), *bells]
    flows = [chain("s", "q", "a", "b", "e"), flow("bell", "late"), flow("late", "e"), chain("word", "more", "e")]
    case = Instance(graph(*body, *flows))
    case.done("q")
    return case


def tasks(case: Instance) -> list[Token]:
    return [token for token in case.state.tokens if token.wait is Wait.TASK]


def test_signers_before_hold_the_task_until_all_have_signed() -> None:
    case = watched()
    asked = case.at("a")
    outcome = case.send(AddSigners(asked, ("li", "wang")))
    one, two = (token.id for token in tasks(case)[1:])
    assert outcome.commands == (
        CreateTask(one, "a", "clerk", (), who="li", asked="before"),
        CreateTask(two, "a", "clerk", (), who="wang", asked="before"),
        HoldTask(asked, "a"),
    )
    assert refused(case, TaskCompleted(asked, {"outcome": "yes"})) == "bpmn.task_held"
    assert refused(case, ErrorRaised(one, "x")) == "bpmn.task_helper"
    assert refused(case, SendBack(one, "q", case.history)) == "bpmn.task_helper"
    assert refused(case, SendBack(asked, "q", case.history)) == "bpmn.task_held"
    assert case.done_token(two, opinion="fine").commands == ()
    assert case.done_token(one).commands == (ResumeTask(asked, "a"),)
    case.done_token(asked, outcome="yes")
    assert case.places == ["b"]


def test_a_delegate_gives_the_task_back() -> None:
    case = watched()
    asked = case.at("a")
    case.send(Delegate(asked, "li"))
    assert refused(case, Delegate(asked, "wang")) == "bpmn.task_held"
    helper = tasks(case)[1]
    assert (helper.host, helper.origins) == (asked, (asked,))
    assert case.done_token(helper.id).commands == (ResumeTask(asked, "a"),)
    assert refused(case, TaskCompleted(asked, {})) == "bpmn.outcome_unknown"
    case.done_token(asked, outcome="no")
    assert case.places == ["b"]


def test_the_clock_of_the_task_goes_on_meanwhile() -> None:
    case = watched()
    case.send(AddSigners(case.at("a"), ("li",)))
    (helper,) = tasks(case)[1:]
    outcome = case.send(TimerFired(case.at("bell")))
    assert CancelTask(helper.id, "a") in outcome.commands
    assert case.places == ["late"]


def test_signers_after_sign_in_turn_and_the_last_word_counts() -> None:
    case = watched()
    asked = case.at("a")
    assert case.send(AddSigners(asked, ("li", "wang"), "after")).commands == ()
    due = next(token.due for token in case.state.tokens if token.wait is Wait.TIMER)
    outcome = case.done_token(asked, outcome="no", note=1)
    (first,) = tasks(case)
    assert CreateTask(first.id, "a", "clerk", ("yes", "no"), who="li", asked="after") in outcome.commands
    (start,) = [command for command in outcome.commands if isinstance(command, StartTimer)]
    assert start.due == due
    assert any(isinstance(command, AwaitMessage) for command in outcome.commands)
    assert refused(case, TaskCompleted(first.id, {})) == "bpmn.outcome_unknown"
    case.done_token(first.id, outcome="no")
    (last,) = tasks(case)
    case.done_token(last.id, outcome="yes")
    assert case.places == ["b"]
    case.back("b", "a")
    assert [token.element for token in tasks(case)] == ["a"]
    case.done("a", outcome="yes")
    assert case.places == ["b"]


def test_who_signs_after_may_ask_in_turn() -> None:
    case = watched()
    asked = case.at("a")
    case.send(AddSigners(asked, ("li",), "after"))
    case.send(AddSigners(asked, ("wang",), "before"))
    (helper,) = tasks(case)[1:]
    case.done_token(helper.id)
    case.done_token(asked, outcome="yes")
    (li,) = tasks(case)
    case.send(AddSigners(li.id, ("zhao",), "after"))
    case.done_token(li.id, outcome="yes")
    (zhao,) = tasks(case)
    case.send(SendBack(zhao.id, "q", case.history))
    assert case.places == ["q"]


def test_asking_has_its_bounds() -> None:
    case = watched()
    asked = case.at("a")
    for who in ((), ("",), ("li", "li"), ("x" * 101,), tuple(map(str, range(51)))):
        assert refused(case, AddSigners(asked, who)) == "bpmn.signers_unknown"
    assert refused(case, AddSigners(asked, ("li",), "beside")) == "bpmn.signers_place"
    assert refused(case, AddSigners(99, ("li",))) == "bpmn.task_not_open"
    for number in range(3):
        case.send(AddSigners(tasks(case)[-1].id, (f"p{number}",)))
    deepest = tasks(case)[-1]
    assert refused(case, AddSigners(deepest.id, ("li",))) == "bpmn.asked_too_deep"
    assert refused(case, Delegate(deepest.id, "li")) == "bpmn.asked_too_deep"
    for token in reversed(tasks(case)[1:]):
        case.done_token(token.id)
    case.done_token(asked, outcome="yes")
    assert case.places == ["b"]


def test_straight_back_to_the_sender() -> None:
    case = watched()
    case.done("a", outcome="yes")
    sender = case.at("b")
    outcome = case.back("b", "a", direct=True)
    (helper,) = tasks(case)[1:]
    assert outcome.commands == (
        CreateTask(helper.id, "a", "clerk", ("yes", "no"), asked="returned"),
        HoldTask(sender, "b"),
    )
    assert refused(case, TaskCompleted(helper.id, {"outcome": "perhaps"})) == "bpmn.outcome_unknown"
    assert refused(case, TaskCompleted(sender)) == "bpmn.task_held"
    assert case.done_token(helper.id, outcome="no").commands == (ResumeTask(sender, "b"),)
    outcome = case.back("b", direct=True)
    (applicant,) = tasks(case)[1:]
    assert outcome.commands[0] == CreateTask(applicant.id, "s", "applicant", (), asked="returned")
    case.done_token(applicant.id)
    case.done("b")
    assert case.state.ended


def test_straight_back_needs_a_task_of_people_before() -> None:
    case = watched()
    asked = case.at("a")
    assert refused(case, SendBack(asked, "b", case.history, direct=True)) == "bpmn.back_not_done"
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    body = [S, E, node("userTask", "many", many, zt_role="clerk"), task("t"), chain("s", "many", "t", "e")]
    case = Instance(graph(*body))
    for token in tasks(case):
        case.done_token(token.id)
    assert refused(case, SendBack(case.at("t"), "many", case.history, direct=True)) == "bpmn.direct_unsupported"


MANY = (
    "<multiInstanceLoopCharacteristics><loopDataInputRef>staff</loopDataInputRef>{}</multiInstanceLoopCharacteristics>"
)
GATHERED = '<loopDataOutputRef>all</loopDataOutputRef><inputDataItem id="person"/><outputDataItem id="outcome"/>'


def test_signers_beside_one_of_several() -> None:
    many = node("userTask", "many", MANY.format(GATHERED), zt_role="clerk", zt_outcomes="yes no")
    case = Instance(graph(S, E, many, task("t"), chain("s", "many", "t", "e")), staff=["li", "wang"])
    assert [c.who for c in case.outcome.commands if isinstance(c, CreateTask)] == ["li", "wang"]
    li, wang = tasks(case)
    case.send(AddSigners(li.id, ("zhao",), "after"))
    case.send(AddSigners(wang.id, ("qian",)))
    (qian,) = [token for token in tasks(case) if token.host]
    case.done_token(li.id, outcome="no")
    (zhao,) = [token for token in tasks(case) if token.turn == 1]
    case.done_token(zhao.id, outcome="yes")
    case.done_token(qian.id)
    case.done_token(wang.id, outcome="no")
    assert case.data["all"] == ["yes", "no"]
    assert case.places == ["t"]
