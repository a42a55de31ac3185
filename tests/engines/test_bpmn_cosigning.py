"""会签 by all, any or a share, at once and in turn; more signers and fewer; sent back without losing anybody."""

import functools
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import chain, document, graph, node, task
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    AddInstances,
    AddSigners,
    BpmnError,
    CancelTask,
    CreateTask,
    Graph,
    RemoveSigner,
    ResumeTask,
    SendBack,
    StoreData,
    TaskCompleted,
    Token,
    Wait,
    check,
)

S, E = node("startEvent", "s"), node("endEvent", "e")


def many(inside: str = "", *, in_turn: bool = False, **attributes: str) -> str:
    listed = '<loopDataInputRef>staff</loopDataInputRef><inputDataItem id="person"/>'
    order = ' isSequential="true"' if in_turn else ""
    loop = f"<multiInstanceLoopCharacteristics{order}>{listed}{inside}</multiInstanceLoopCharacteristics>"
    return node("userTask", "many", loop, zt_role="clerk", **attributes)


@functools.cache
def signed_by_many(sign: str, in_turn: bool, inside: str) -> Graph:
    voted = {"zt_outcomes": "no yes", "zt_sign": sign, "zt_agree": "yes"} if sign else {}
    body = [S, E, task("q"), many(inside, in_turn=in_turn, **voted), task("t"), chain("s", "q", "many", "t", "e")]
    return graph(*body)


def case_of(sign: str, count: int, *, in_turn: bool = False, inside: str = "") -> Instance:
    case = Instance(signed_by_many(sign, in_turn, inside), staff=[f"p{number}" for number in range(count)])
    case.done("q")
    return case


def tasks(case: Instance) -> list[Token]:
    return [token for token in case.state.tokens if token.wait is Wait.TASK]


def vote(case: Instance, outcome: str) -> None:
    case.done_token(tasks(case)[0].id, outcome=outcome)


@pytest.mark.parametrize("in_turn", [False, True])
@pytest.mark.parametrize(
    ("sign", "count", "votes", "result"),
    [
        ("all", 3, ["yes", "yes", "yes"], "yes"),
        ("all", 3, ["yes", "no"], "no"),
        ("any", 3, ["yes"], "yes"),
        ("any", 3, ["no", "no", "no"], "no"),
        ("2/3", 3, ["no", "yes", "yes"], "yes"),
        ("2/3", 3, ["no", "yes", "no"], "no"),
        ("60%", 5, ["no", "yes", "no", "yes", "yes"], "yes"),
        ("60%", 5, ["no", "no", "no"], "no"),
        ("1%", 1, ["no"], "no"),
    ],
)
def test_a_vote_ends_as_soon_as_it_is_certain(
    sign: str, count: int, votes: list[str], result: str, in_turn: bool
) -> None:
    case = case_of(sign, count, in_turn=in_turn)
    for outcome in votes:
        assert "many" in case.places
        vote(case, outcome)
    assert case.places == ["t"]
    assert case.data["outcome"] == result
    assert StoreData({"outcome": result}) in case.outcome.commands


def test_each_task_says_for_whom_it_is() -> None:
    case = case_of("all", 2)
    assert [c.who for c in case.outcome.commands if isinstance(c, CreateTask)] == ["p0", "p1"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["yes", "no"]), min_size=1, max_size=5), st.sampled_from(["all", "any", "1/2", "70%"]))
def test_the_order_of_voting_does_not_matter(votes: list[str], sign: str) -> None:
    results = set()
    for order in itertools.islice(itertools.permutations(range(len(votes))), 24):
        case = case_of(sign, len(votes))
        signers = tasks(case)
        for number in order:
            if case.state.find(signers[number].id) is not None:
                case.done_token(signers[number].id, outcome=votes[number])
        results.add(case.data["outcome"])
    assert len(results) == 1


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"zt_sign": "most", "zt_outcomes": "yes no"}, "bpmn.sign_unreadable"),
        ({"zt_sign": "3/2", "zt_outcomes": "yes no"}, "bpmn.sign_unreadable"),
        ({"zt_sign": "all"}, "bpmn.sign_outcome"),
        ({"zt_sign": "all", "zt_outcomes": "yes no", "zt_agree": "perhaps"}, "bpmn.sign_outcome"),
        ({"zt_agree": "yes", "zt_outcomes": "yes no"}, "bpmn.sign_alone"),
    ],
)
def test_what_is_no_vote_is_refused(attributes: dict[str, str], code: str) -> None:
    found = check(document(S, E, many(**attributes), chain("s", "many", "e")))["findings"]
    assert [finding["code"] for finding in found] == [code]  # type: ignore[attr-defined] # plain values, declared as objects


def test_a_vote_is_of_several_and_ends_in_one_way() -> None:
    alone = document(S, E, task("a", "yes no", zt_sign="all"), chain("s", "a", "e"))
    until = "<completionCondition>true</completionCondition>"
    twice = document(S, E, many(until, zt_sign="all", zt_outcomes="yes no"), chain("s", "many", "e"))
    for xml, code in ((alone, "bpmn.sign_alone"), (twice, "bpmn.sign_twice")):
        assert [finding["code"] for finding in check(xml)["findings"]] == [code]  # type: ignore[attr-defined] # plain values, declared as objects


def test_nobody_is_no_vote() -> None:
    with pytest.raises(BpmnError) as caught:
        case_of("all", 0)
    assert caught.value.code == "bpmn.sign_nobody"


@pytest.mark.parametrize("in_turn", [False, True])
def test_more_sign_beside_the_others(in_turn: bool) -> None:
    case = case_of("all", 2, in_turn=in_turn)
    vote(case, "yes")
    outcome = case.send(AddInstances(tasks(case)[0].id, ("li", "wang")))
    told = [c.who for c in outcome.commands if isinstance(c, CreateTask)]
    assert told == ([] if in_turn else ["li", "wang"])
    for _ in range(3):
        assert case.places != ["t"]
        vote(case, "yes")
    assert case.places == ["t"]
    case.back("t", "many")  # anew, by those the list names
    assert len(tasks(case)) == (1 if in_turn else 2)


def test_who_is_added_has_a_turn_of_his_own_and_gives_a_result() -> None:
    gathered = '<loopDataOutputRef>all</loopDataOutputRef><outputDataItem id="word"/>'
    case = case_of("", 2, inside=gathered)
    case.send(AddInstances(case.state.tokens[0].id, ("li",)))
    assert [token.turn for token in tasks(case)] == [1, 2, 3]
    for number, token in enumerate(reversed(tasks(case))):
        case.done_token(token.id, word=number)
    assert case.data["all"] == [2, 1, 0]


def test_adding_has_its_bounds() -> None:
    case = case_of("", 2)
    body = case.state.tokens[0].id
    assert refused(case, AddInstances(body, ())) == "bpmn.instances_unknown"
    assert refused(case, AddInstances(body, tuple(range(999)))) == "bpmn.too_many_instances"
    assert refused(case, AddInstances(99, ("li",))) == "bpmn.not_several"
    for token in tasks(case):
        case.done_token(token.id)
    assert refused(case, AddInstances(case.at("t"), ("li",))) == "bpmn.not_several"
    assert refused(case, RemoveSigner(case.at("t"))) == "bpmn.not_several"


@pytest.mark.parametrize("sign", ["", "all"])
@pytest.mark.parametrize("in_turn", [False, True])
def test_one_fewer_signs_but_never_none(sign: str, in_turn: bool) -> None:
    case = case_of(sign, 3, in_turn=in_turn)
    removed = tasks(case)[0].id
    assert CancelTask(removed, "many") in case.send(RemoveSigner(removed, "on leave")).commands
    case.send(RemoveSigner(tasks(case)[0].id))
    assert refused(case, RemoveSigner(tasks(case)[0].id)) == "bpmn.signer_last"
    vote(case, "yes")
    assert case.places == ["t"]


@pytest.mark.parametrize("sign", ["", "all"])
@pytest.mark.parametrize("in_turn", [False, True])
def test_without_the_last_one_the_others_count(sign: str, in_turn: bool) -> None:
    case = case_of(sign, 2, in_turn=in_turn)
    vote(case, "yes")
    case.send(RemoveSigner(tasks(case)[0].id))
    assert case.places == ["t"]


def test_one_fewer_may_decide_a_vote() -> None:
    case = case_of("2/3", 4)
    vote(case, "yes")
    vote(case, "yes")
    case.send(RemoveSigner(tasks(case)[0].id))
    assert case.places == ["t"]


def test_somebody_who_was_asked_is_asked_no_more() -> None:
    case = case_of("", 1)
    asked = tasks(case)[0].id
    case.send(AddSigners(asked, ("li", "wang")))
    _, li, wang = tasks(case)
    assert case.send(RemoveSigner(li.id)).commands == (CancelTask(li.id, "many"),)
    assert case.send(RemoveSigner(wang.id)).commands == (CancelTask(wang.id, "many"), ResumeTask(asked, "many"))
    case.send(AddSigners(asked, ("li",), "after"))
    (note,) = [token for token in case.state.tokens if token.wait is Wait.SIGNERS]
    case.send(RemoveSigner(note.id))
    case.done_token(asked)
    assert case.places == ["t"]


def test_without_who_signs_after_the_next_signs_or_the_last_word_stands() -> None:
    case = case_of("all", 2)
    first, second = tasks(case)
    case.send(AddSigners(first.id, ("li", "wang"), "after"))
    case.done_token(first.id, outcome="yes")
    for who in ("li", "wang"):
        signer = next(token for token in tasks(case) if token.turn == 1)
        assert f'"who":"{who}"' in signer.data
        outcome = case.send(RemoveSigner(signer.id))
        assert CancelTask(signer.id, "many") in outcome.commands
    case.done_token(second.id, outcome="yes")
    assert case.places == ["t"]
    assert case.data["outcome"] == "yes"


@pytest.mark.parametrize("in_turn", [False, True])
def test_signed_by_all_then_sent_back_nobody_is_lost(in_turn: bool) -> None:
    case = case_of("all", 3, in_turn=in_turn)
    for _ in range(2):
        for _ in range(3):
            vote(case, "yes")
        case.back("t", "many")
    vote(case, "yes")
    case.send(SendBack(tasks(case)[0].id, "q", case.history))
    assert case.places == ["q"]
    case.done("q")
    for _ in range(3):
        vote(case, "yes")
    case.done("t")
    assert case.state.ended


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.booleans(), st.sampled_from(["", "all", "any", "2/3"]))
def test_whoever_comes_and_goes_it_ends(luck: random.Random, in_turn: bool, sign: str) -> None:
    case = case_of(sign, luck.randint(1, 4), in_turn=in_turn)
    for _ in range(10):
        signers = tasks(case)
        if "many" not in case.places:
            break
        token = luck.choice(signers)
        event = luck.choice(
            [
                AddInstances(token.id, ("li",)),
                RemoveSigner(token.id),
                AddSigners(token.id, ("zhao",), luck.choice(["before", "after"])),
                TaskCompleted(token.id, {"outcome": luck.choice(["yes", "no"])}),
            ]
        )
        try:
            case.send(event)
        except BpmnError as refusal:
            assert refusal.code in ("bpmn.signer_last", "bpmn.task_held", "bpmn.asked_too_deep")  # noqa: PT017 any of these, or none
        counted = {token.id for token in tasks(case)}
        assert counted
    for _ in range(80):
        if "many" in case.places:
            case.done_token(max(token.id for token in tasks(case)), outcome="yes")
    assert case.places == ["t"]
