"""Thirty-two who submit at once, and one of them breaks: the others succeed, and each hears his own answer."""

from typing import Any

import pytest
from django.db import connection, transaction

from factories import cases as made
from faults.house import at_once, half_made
from zhengtong.foundation.core.errors import Conflict, Refusal
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger import services as sealing
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services import submission
from zhengtong.matters.workflow.models import Definition

SUBMITTERS = 32


def submit(world: made.World, answers: dict[str, Any], **given: Any) -> services.Receipt:
    return services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers, **given)


@pytest.fixture
def world(world_on_both: made.World) -> made.World:
    """One gate on SQLite, thirty-two transactions on PostgreSQL: the same answers."""
    return world_on_both


@pytest.fixture
def answers(world: made.World) -> dict[str, Any]:
    return made.answers(world.applicant)


def serials() -> list[int]:
    return sorted(int(number[14:]) for number in Case.objects.values_list("short_no", flat=True))


class Broken(Exception):
    """Something nobody has foreseen."""


@pytest.mark.parametrize("place", ["before anything is written", "after everything is written"])
def test_one_of_thirty_two_breaks(world: made.World, answers: Any, monkeypatch: Any, place: str) -> None:
    """By an error in the middle of its own act: undone alone, its number goes to the next."""
    usual = submission.store_submission

    def breaks(work: Any, number: int, given: Any, *rest: Any) -> None:
        bad = work.case.channel == "post"
        if bad and place.startswith("before"):
            raise Broken
        usual(work, number, given, *rest)
        if bad:
            work.settle()
            raise Broken

    monkeypatch.setattr(submission, "store_submission", breaks)
    jobs = [
        lambda channel=("post" if place == 7 else "online"): submit(world, answers, channel=submission.Channel(channel))
        for place in range(SUBMITTERS)
    ]
    told = at_once(jobs)
    assert isinstance(told.pop(7), Broken)
    assert half_made() == []
    assert {receipt.case_id for receipt in told} == set(Case.objects.values_list("id", flat=True))
    assert Case.objects.count() == SUBMITTERS - 1
    assert serials() == list(range(1, SUBMITTERS))


def test_one_of_thirty_two_breaks_a_promise_that_is_kept_at_the_commit(world: made.World, answers: Any) -> None:
    """A deferred constraint fails the commit of all who share it; each is tried alone, and one is refused."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        cursor.execute("CREATE TABLE child (p INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")

    def one(bad: bool) -> services.Receipt:
        def job() -> services.Receipt:
            receipt = submit(world, answers)
            if bad:
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO child VALUES (404)")
            return receipt

        return write(job)

    told = at_once([lambda bad=place == 11: one(bad) for place in range(SUBMITTERS)])
    refused = told.pop(11)
    assert type(refused).__name__ == "IntegrityError"
    assert half_made() == []
    assert {receipt.case_id for receipt in told} == set(Case.objects.values_list("id", flat=True))
    assert serials() == list(range(1, SUBMITTERS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM child")
        assert cursor.fetchone() == (0,)


def test_a_hook_that_raises_after_the_commit_takes_nothing_back(world: made.World, answers: Any, caplog: Any) -> None:
    heard: list[int] = []

    def hook() -> None:
        raise Broken("after the commit")

    def one(place: int) -> services.Receipt:
        def job() -> services.Receipt:
            receipt = submit(world, answers)
            if place == 3:
                transaction.on_commit(hook)
            transaction.on_commit(lambda: heard.append(place))
            return receipt

        return write(job)

    told = at_once([lambda place=place: one(place) for place in range(SUBMITTERS)])
    assert half_made() == []
    assert {receipt.case_id for receipt in told} == set(Case.objects.values_list("id", flat=True))
    assert sorted(heard) == list(range(SUBMITTERS)), "once each, that of the bad one too"
    assert "after the commit" in caplog.text


def test_each_of_a_mixed_batch_hears_his_own_answer(world: made.World, answers: Any) -> None:
    """Faulty answers, another's file, nobody signed in: each refused with his own word, beside those who succeed."""
    strange = made.answers(world.clerk)
    jobs = []
    for place in range(SUBMITTERS):
        if place % 8 == 1:
            jobs.append(lambda: submit(world, {**answers, "holder_name": ""}))
        elif place % 8 == 2:
            jobs.append(lambda: submit(world, strange))
        elif place % 8 == 3:
            jobs.append(lambda: services.submit_application(by=world.clerk, item_id=world.item.id, answers=answers))
        else:
            jobs.append(lambda: submit(world, answers))
    told = at_once(jobs)
    codes = [answer.code if isinstance(answer, Refusal) else "done" for answer in told]
    expected = {1: "cases.answers", 2: "cases.file", 3: "cases.sign_in"}
    assert codes == [expected.get(place % 8, "done") for place in range(SUBMITTERS)]
    assert serials() == list(range(1, codes.count("done") + 1))
    sealing.seal_all()
    assert ledger.verify_log().valid


def test_the_first_application_that_fails_does_not_spoil_the_next(
    world: made.World, answers: Any, monkeypatch: Any
) -> None:
    """The process model is stored with the first case; where that is undone, the next one stores it again."""
    draft = services.start_draft(by=world.applicant, item_id=world.item.id, answers=answers)
    assert not Definition.objects.exists()

    def breaks(*_given: Any) -> None:
        raise Conflict("test.no", "no")

    with monkeypatch.context() as during:
        during.setattr(submission, "store_submission", breaks)
        with pytest.raises(Conflict):
            services.hand_in_draft(by=world.applicant, token=draft.token, key="once")
    done = services.hand_in_draft(by=world.applicant, token=draft.token, key="once")
    assert Case.objects.get().token == done.case_token
    assert half_made() == []
