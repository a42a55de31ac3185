"""Attempts are counted before they are made: of many at once no more pass than are allowed."""

import concurrent.futures

import pytest
from django.core.cache import cache
from django.db import connection

from zhengtong.foundation.core.attempts import AttemptLimit, guess
from zhengtong.foundation.core.errors import NotFound, TooMany

pytestmark = pytest.mark.django_db
LIMIT = AttemptLimit("trial", 5, 60, "trial.many", "Too many.")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def tried(_number: int) -> bool:
    try:
        with guess((LIMIT, "somebody")):
            raise NotFound("x", "wrong")
    except NotFound:
        return True
    except TooMany:
        return False


def tried_apart(number: int) -> bool:
    """In a thread of the crowd, whose line to a shared count ends with the attempt."""
    try:
        return tried(number)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_pass_as_are_allowed() -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(tried_apart, range(60))) == LIMIT.most


def test_a_right_guess_costs_nothing_and_others_are_counted_apart() -> None:
    for _right in range(20):
        with guess((LIMIT, "somebody")):
            pass
    assert [tried(number) for number in range(7)] == [True] * 5 + [False] * 2
    with guess((LIMIT, "somebody else")):
        pass


def test_who_is_refused_learns_how_long_to_wait() -> None:
    for _attempt in range(LIMIT.most):
        LIMIT.spend("somebody")
    with pytest.raises(TooMany) as refusal:
        LIMIT.spend("somebody")
    assert (refusal.value.code, refusal.value.details["retry_after"]) == ("trial.many", 60)


def test_an_attempt_given_back_after_its_period_is_nobody_s() -> None:
    LIMIT.give_back("nobody")
    assert tried(0)
