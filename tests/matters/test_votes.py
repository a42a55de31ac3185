"""会签: within one round nobody is asked twice and nobody counts twice, whichever hats he wears."""

from collections.abc import Iterator

import pytest

from factories import desks
from factories.rounds import Round
from zhengtong.matters.cases import services
from zhengtong.matters.cases.choices import State
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Task
from zhengtong.people.access.models import Absence
from zhengtong.people.identity.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Iterator[Round]:
    with desks.at("2025-03-13 14:20"):
        yield Round()


class TestWhoIsAddedOnce:
    @pytest.mark.parametrize("sign", ["all", ""])
    def test_who_is_listed_and_not_yet_asked_is_not_added_again(self, round_: Round, sign: str) -> None:
        round_.begin(round_.one, round_.two, in_turn=True, sign=sign)
        assert round_.holders == ["赵敏"]
        assert round_.not_added(round_.one, round_.two) == "workflow.signs_already"
        round_.add(round_.one, round_.three)
        assert round_.not_added(round_.one, round_.three) == "workflow.signs_already"
        asked = round_.holders
        for who in (round_.one, round_.two) if sign else ():
            round_.sign(who)
            asked += round_.holders
        assert asked == (["赵敏", "郑洁", "吴远"] if sign else ["赵敏"])

    def test_nor_who_stands_in_for_one_who_is_listed(self, round_: Round) -> None:
        round_.begin(round_.one, round_.two, in_turn=True)
        round_.away(round_.two, round_.three)
        assert round_.not_added(round_.one, round_.three) == "workflow.signs_already"

    def test_nor_who_is_away_while_his_substitute_is_listed(self, round_: Round) -> None:
        round_.begin(round_.one, round_.two, in_turn=True)
        round_.away(round_.three, round_.two)
        assert round_.not_added(round_.one, round_.three) == "workflow.signs_already"

    def test_nor_another_account_of_one_who_is_listed(self, round_: Round) -> None:
        round_.begin(round_.one, round_.two, in_turn=True)
        person = Account.objects.get(id=round_.two.account_id).person_id
        Account.objects.filter(id=round_.three.account_id).update(person_id=person)
        assert round_.not_added(round_.one, round_.three) == "workflow.signs_already"

    def test_nor_who_has_it_in_hand_or_is_named_to_sign_after(self, round_: Round) -> None:
        round_.begin(count=2)
        first, second = round_.open
        services.take_task(by=round_.two, task_id=second.id)
        for way in (Asked.ALONGSIDE, Asked.AFTER):
            assert round_.not_added(round_.one, round_.two, way=way) == "workflow.signs_already"
        round_.add(round_.one, round_.three, way=Asked.AFTER, task=first)
        assert round_.not_added(round_.one, round_.three) == "workflow.signs_already"

    def test_who_was_taken_away_may_be_added_again(self, round_: Round) -> None:
        round_.begin(count=2)
        round_.add(round_.one, round_.three)
        services.ask_no_longer(by=round_.one, task_id=Task.objects.get(who_id=round_.three.account_id).id)
        round_.add(round_.one, round_.three)
        assert round_.holders == ["赵敏", "", "吴远"]

    def test_who_is_listed_twice_is_asked_once(self, round_: Round) -> None:
        round_.begin(round_.one, round_.two, round_.one, in_turn=True)
        round_.sign(round_.one)
        round_.sign(round_.two)
        assert round_.state == State.DECIDING


class TestOnePersonOneVote:
    def test_a_substitute_gives_no_second_vote(self, round_: Round) -> None:
        round_.begin(round_.one, round_.two)
        round_.away(round_.two, round_.one)
        first, second = round_.open
        assert round_.refused(round_.one, second) == "workflow.votes_elsewhere"
        round_.sign(round_.one, first)
        assert round_.refused(round_.one, second) == "workflow.voted_already"
        Absence.objects.all().delete()
        round_.sign(round_.two, second)
        assert round_.state == State.DECIDING

    def test_nor_does_he_for_whom_one_has_signed(self, round_: Round) -> None:
        stranger = round_.desk.colleague("clerk", "何静")
        round_.begin()
        absence = round_.away(round_.two, stranger)
        first, second, _third = round_.open
        round_.sign(stranger, first)
        assert Task.objects.get(id=first.id).absent_id == round_.two.account_id
        assert round_.refused(stranger, second) == "workflow.voted_already"
        absence.delete()
        assert round_.refused(round_.two, second) == "workflow.voted_already"

    def test_nor_does_another_account_of_the_same_person(self, round_: Round) -> None:
        round_.begin()
        person = Account.objects.get(id=round_.two.account_id).person_id
        Account.objects.filter(id=round_.three.account_id).update(person_id=person)
        round_.sign(round_.two)
        assert round_.refused(round_.three) == "workflow.voted_already"

    def test_nor_who_has_let_another_sign_after_him(self, round_: Round) -> None:
        """His word would stand again if that one were taken away."""
        round_.begin()
        first, second, _third = round_.open
        round_.add(round_.one, round_.three, way=Asked.AFTER, task=first)
        assert round_.refused(round_.three, second) == "workflow.votes_elsewhere"
        round_.sign(round_.one, first)
        assert round_.refused(round_.one, second) == "workflow.voted_already"
        services.ask_no_longer(by=round_.one, task_id=Task.objects.get(who_id=round_.three.account_id).id)
        assert round_.refused(round_.one, second) == "workflow.voted_already"
        round_.sign(round_.three, second)

    def test_votes_of_a_round_that_was_undone_neither_count_nor_hinder(self, round_: Round) -> None:
        round_.begin(count=3)
        round_.sign(round_.one)
        round_.sign(round_.two)
        round_.sign(round_.three)
        back = {"to": "review", "reason": "请重新会签。"}
        services.send_back_task(by=round_.desk.world.decider, task_id=desks.task_of(round_.case).id, **back)
        assert (round_.state, len(round_.open)) == (State.REVIEWING, 3)
        round_.sign(round_.one)
        assert round_.state == State.REVIEWING
        assert round_.refused(round_.one) == "workflow.voted_already"
        round_.sign(round_.two)
        round_.sign(round_.three)
        assert round_.state == State.DECIDING
