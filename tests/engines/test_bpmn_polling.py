"""One round of 会签: who has signed in it and who is to; by this nobody ever counts twice, whatever is done."""

import contextlib
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import chain, graph, node, task
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import (
    AddInstances,
    AddSigners,
    BpmnError,
    Event,
    Outcome,
    Poll,
    RemoveSigner,
    SendBack,
    TaskCompleted,
    Token,
    Wait,
    Withdraw,
    poll_of,
)

S, E = node("startEvent", "s"), node("endEvent", "e")
STAFF = [f"p{number}" for number in range(6)]
LISTED = (
    "<loopDataInputRef>staff</loopDataInputRef><loopDataOutputRef>signers</loopDataOutputRef>"
    '<inputDataItem id="person"/><outputDataItem id="signer"/>'
)


class Round(Instance):
    """A vote of those in `staff`; each brings his name, so that the engine itself says whose words it has counted."""

    def __init__(self, *staff: str, in_turn: bool = False, sign: str = "all") -> None:
        order = ' isSequential="true"' if in_turn else ""
        loop = f"<multiInstanceLoopCharacteristics{order}>{LISTED}</multiInstanceLoopCharacteristics>"
        voted = {"zt_outcomes": "no yes", "zt_sign": sign, "zt_agree": "yes"} if sign else {}
        several = node("userTask", "many", loop, zt_role="clerk", **voted)
        body = [S, E, task("q"), several, task("t"), chain("s", "q", "many", "t", "e")]
        self.by: dict[int, str] = {}
        super().__init__(graph(*body), staff=list(staff))
        self.done("q")

    @property
    def seats(self) -> list[Token]:
        return [each for each in self.state.tokens if each.element == "many" and each.wait is Wait.TASK]

    def poll(self, seat: Token | None = None) -> Poll:
        found = poll_of(self.graph, self.state, (seat or self.seats[0]).id, lambda: self.history)
        assert found is not None
        return found

    def sign(self, who: str, seat: Token | None = None, outcome: str = "yes") -> int:
        number = (seat or self.seats[0]).id
        self.send(TaskCompleted(number, {"outcome": outcome, "signer": who}))
        self.by[number] = who
        return number

    def signed(self) -> list[str]:
        return sorted(self.by[number] for number in self.poll().signed)

    def named(self) -> list[str]:
        return [who for _number, who in self.poll().named]


def test_who_is_listed_is_named_before_he_is_asked() -> None:
    case = Round("p0", "p1", "p2", in_turn=True)
    first = case.seats[0]
    assert case.poll() == Poll(True, frozenset(), ((first.id, "p0"), (0, "p1"), (0, "p2")))
    case.sign("p0")
    assert (case.signed(), case.named()) == (["p0"], ["p1", "p2"])
    case.send(AddInstances(case.seats[0].id, ("p3",)))
    case.send(AddSigners(case.seats[0].id, ("p4",), "after"))
    assert sorted(case.named()) == ["p1", "p2", "p3", "p4"]


def test_what_is_none_of_several_is_no_round() -> None:
    case = Round("p0", "p1")
    case.send(AddSigners(case.seats[0].id, ("p4",), "before"))
    assert case.named() == ["p0", "p1"]
    case.send(SendBack(case.seats[1].id, "q", case.history))
    assert poll_of(case.graph, case.state, case.at("q"), lambda: case.history) is None


@pytest.mark.parametrize("in_turn", [False, True])
def test_whoever_is_named_twice_has_one_vote(in_turn: bool) -> None:
    case = Round("p0", "p1", "p0", in_turn=in_turn)
    case.sign("p0")
    case.sign("p1")
    assert (case.places, case.data["signers"]) == (["t"], ["p0", "p1"])


def test_what_is_no_vote_is_done_for_each_even_twice() -> None:
    case = Round("p0", "p0", sign="")
    assert len(case.seats) == 2


def test_a_vote_that_was_taken_back_stands_no_more_and_the_others_do() -> None:
    case = Round("p0", "p1", "p2")
    first, _second, third = case.seats
    mine = case.sign("p0", first)
    case.sign("p2", third)
    case.send(Withdraw(mine, case.history))
    assert case.signed() == ["p2"]


def test_a_round_that_was_over_is_the_same_round_once_its_last_vote_is_taken_back() -> None:
    case = Round("p0", "p1")
    case.sign("p0")
    last = case.sign("p1")
    assert case.places == ["t"]
    case.send(Withdraw(last, case.history))
    assert case.signed() == ["p0"]


def test_a_round_that_was_undone_is_forgotten_and_nothing_of_it_taken_back() -> None:
    case = Round("p0", "p1")
    case.sign("p0")
    last = case.sign("p1")
    case.back("t", "many")
    assert (case.signed(), case.named()) == ([], ["p0", "p1"])
    assert refused(case, Withdraw(last, case.history)) == "bpmn.withdraw_not_done"


class Votes(Round):
    """Whatever may happen to a vote; whoever acts heeds what `poll_of` says and nothing else."""

    def __init__(self, luck: random.Random) -> None:
        self.luck = luck
        listed = luck.sample(STAFF, luck.randint(2, 4))
        super().__init__(*listed, in_turn=luck.random() < 0.5, sign=luck.choice(["all", "2/3", "any"]))

    def free(self, seat: Token) -> list[str]:
        """Who may sign there: who has not signed and is named nowhere else."""
        poll = self.poll(seat)
        elsewhere = {who for number, who in poll.named if number != seat.id}
        return [who for who in STAFF if who not in elsewhere | {self.by[number] for number in poll.signed}]

    def act(self) -> None:
        pick = self.luck.choice
        if not self.seats:
            self._after_the_round()
            return
        seat = pick(self.seats)
        poll = self.poll(seat)
        known = {*self.named(), *(self.by[each] for each in poll.signed)}
        new = [who for who in STAFF if who not in known]
        acts: list[Event] = [RemoveSigner(pick([each.id for each in self.state.tokens]))]
        acts += [SendBack(seat.id, pick(["q", "many"]), self.history)]
        acts += [Withdraw(number, self.history) for number in sorted(self.by)[-3:]]
        acts += [AddInstances(seat.id, (who,)) for who in new[:1]]
        acts += [AddSigners(seat.id, (who,), "after") for who in new[:1]]
        if self.luck.random() < 0.5:
            allowed = self.free(seat)
            if allowed:
                with contextlib.suppress(BpmnError):
                    self.sign(pick(allowed), seat, pick(["yes", "yes", "no"]))
            return
        with contextlib.suppress(BpmnError):
            self.send(pick(acts))

    def _after_the_round(self) -> None:
        """Either it was sent back, or it is over: taken back, or held anew, in which everybody may vote."""
        if "q" in self.places:
            self.done("q")
            assert self.poll().signed == frozenset()
        elif self.luck.random() < 0.5 and self.by:
            with contextlib.suppress(BpmnError):
                self.send(Withdraw(max(self.by), self.history))
        else:
            self.back("t", "many")
            assert self.poll().signed == frozenset()

    def take(self, outcome: Outcome) -> Outcome:
        taken = super().take(outcome)
        counted = self.data.get("signers", [])
        assert isinstance(counted, list)
        assert len(counted) == len(set(counted)), counted
        return taken


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_nobody_ever_counts_twice_in_a_round(seed: int) -> None:
    case = Votes(random.Random(seed))
    for _step in range(25):
        case.act()
        standing = case.signed() if case.seats else []
        assert len(standing) == len(set(standing)), standing
