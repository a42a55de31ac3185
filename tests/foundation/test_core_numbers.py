"""Numbers without gaps, and one act for one request, on every database."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError

from databases import Shelf, database, postgres_address, postgres_database, serializable, sqlite_file  # noqa: F401
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.idempotency import Reply, idempotent, purge_idempotency_keys
from zhengtong.foundation.core.models import IdempotencyKey
from zhengtong.foundation.core.sequences import ask_number, next_number
from zhengtong.foundation.core.writes import pipeline, write

pytestmark = pytest.mark.usefixtures("database")


def together(count, work):
    """Run `work(n)` in `count` threads at once; what each returned or raised."""
    start, out = threading.Barrier(count), [None] * count

    def run(n):
        try:
            start.wait(20)
            out[n] = work(n)
        except BaseException as error:  # noqa: BLE001 handed to the test
            out[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return out


def test_numbers_follow_one_another_and_keys_are_apart():
    assert [write(lambda: next_number("a")) for _ in range(3)] == [1, 2, 3]
    assert write(lambda: next_number("b", first=100)) == 100
    assert write(lambda: (next_number("b"), next_number("a"), next_number("b"))) == (101, 4, 102)


def test_numbers_asked_for_together_come_in_the_order_of_asking():
    def job():
        with pipeline():
            asked = [ask_number(key) for key in ("a", "b", "a")]
            return [number() for number in reversed(asked)]

    assert write(job) == [2, 1, 1]
    assert write(job) == [4, 2, 3]


def test_a_number_is_given_back_when_its_act_is_undone():
    def refuse():
        next_number("a")
        raise Conflict("test.no", "no")

    assert write(lambda: next_number("a")) == 1
    with pytest.raises(Conflict):
        write(refuse)
    assert write(lambda: next_number("a")) == 2


def test_outside_a_write_no_number_is_given():
    with pytest.raises(TransactionManagementError):
        next_number("a")


def test_no_gap_under_sixteen_threads_of_which_some_fail(database):  # noqa: F811
    # Every writer wants the same row: SERIALIZABLE makes all but one try again, so it gets fewer of them.
    threads, rounds = (4, 5) if database == "serializable" else (16, 8)

    def work(n):
        given = []
        for turn in range(rounds):

            def job(turn=turn):
                number = next_number("paper")
                if (n + turn) % 4 == 0:
                    raise Conflict("test.no", "no")
                return number

            try:
                given.append(write(job))
            except Conflict:
                continue
        return given

    results = together(threads, work)
    numbers = sorted(number for given in results for number in given)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == threads * rounds * 3 // 4


def open_case(made):
    def job():
        Shelf.objects.create(name=f"case {len(made)}")
        made.append(1)
        return Reply(201, {"case": "Tok3n"})

    return job


def test_a_repetition_gets_the_same_answer_and_makes_nothing():
    made = []
    first = idempotent("actor", "key", "digest", open_case(made))
    again = idempotent("actor", "key", "digest", open_case(made))
    assert first == Reply(201, {"case": "Tok3n"})
    assert again == Reply(201, {"case": "Tok3n"}, repeated=True)
    assert Shelf.objects.count() == len(made) == 1


def test_another_body_under_the_same_key_is_refused():
    idempotent("actor", "key", "digest", open_case([]))
    with pytest.raises(Conflict) as refusal:
        idempotent("actor", "key", "other", open_case([]))
    assert refusal.value.code == "idempotency.mismatch"


def test_another_actor_may_use_the_same_key():
    made = []
    idempotent("actor", "key", "digest", open_case(made))
    assert not idempotent("another", "key", "digest", open_case(made)).repeated
    assert len(made) == 2


def test_a_refused_act_may_be_tried_again():
    def refuse():
        raise Conflict("test.no", "no")

    with pytest.raises(Conflict):
        idempotent("actor", "key", "digest", refuse)
    assert not idempotent("actor", "key", "digest", open_case([])).repeated


def test_a_double_click_makes_one_case():
    made = []
    replies = together(8, lambda _n: idempotent("actor", "key", "digest", open_case(made)))
    assert {type(reply) for reply in replies} == {Reply}
    assert sorted(reply.repeated for reply in replies) == [False] + [True] * 7
    assert {reply.reference["case"] for reply in replies} == {"Tok3n"}
    assert Shelf.objects.count() == 1


def test_kept_a_day_and_then_purged():
    made = []
    start = dt.datetime(2026, 2, 17, tzinfo=dt.UTC)
    with clock.frozen(start):
        idempotent("actor", "key", "digest", open_case(made))
        idempotent("actor", "key 2", "digest", open_case(made))
        assert purge_idempotency_keys() == 0
    with clock.frozen(start + dt.timedelta(days=1)):
        assert idempotent("actor", "key", "digest", open_case(made)).repeated
    with clock.frozen(start + dt.timedelta(days=1, seconds=1)):
        assert not idempotent("actor", "key", "other", open_case(made)).repeated
        assert purge_idempotency_keys(at_most=5) == 1
        assert IdempotencyKey.objects.count() == 1


def test_neither_the_key_nor_any_text_lies_in_clear():
    idempotent("actor", "110101199003074477", "digest", open_case([]))
    row = IdempotencyKey.objects.values().get()
    assert "110101199003074477" not in str(row)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_bounds(key):
    with pytest.raises(Invalid):
        idempotent("actor", key, "digest", open_case([]))


def test_a_reply_holds_names_not_contents():
    with pytest.raises(ValueError, match="names"):
        idempotent("actor", "key", "digest", lambda: Reply(200, {"text": "x" * 3000}))
    assert IdempotencyKey.objects.count() == 0
