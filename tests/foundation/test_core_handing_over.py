"""In a pipeline fixed statements are handed over without waiting: none is lost, answers and errors find their way."""

import pytest
from django.db import IntegrityError, connection, transaction

from databases import Sample, Shelf, postgres_address, postgres_database  # noqa: F401 the fixtures of this file
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.postgresql.cursors import TOGETHER
from zhengtong.foundation.core.statements import Insert, Select, Update
from zhengtong.foundation.core.writes import pipeline, write

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres_database")]

NOTE = Insert(Shelf, "id", "name")
NAME = Select(Shelf, ("name",), where=("id",))
FACTS = Select(Sample, ("facts", "instant", "number"), where=("id",))
RENAME = Update(Shelf, set=("name",), where=("id",))


@pytest.mark.parametrize("count", [1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 5 * TOGETHER + 2])
def test_however_many_nobody_asks_after_all_are_kept(count: int) -> None:
    def job() -> None:
        for number in range(count):
            NOTE.run((number, f"shelf {number}"))

    write(job, pipelined=True)
    assert Shelf.objects.count() == count


def test_answers_that_wait_are_not_mixed_up_by_those_that_come_between() -> None:
    write(lambda: NOTE.run([(1, "one"), (2, "two")]))
    write(lambda: Insert(Sample, "id", "facts").run((7, {"a": [1]})))

    def job() -> tuple[object, ...]:
        first, facts, second = NAME.ask((1,)), FACTS.ask((7,)), NAME.ask((2,))
        RENAME.all(("changed",), (1,))
        third = NAME.ask((1,))
        return third(), second(), facts(), first()

    assert write(job, pipelined=True) == ([("changed",)], [("two",)], [({"a": [1]}, None, 7)], [("one",)])


@pytest.mark.parametrize("after", [0, 1, 3 * TOGETHER])
def test_an_error_that_nobody_asked_after_undoes_the_whole(after: int) -> None:
    def job() -> None:
        NOTE.run((1, "same"))
        NOTE.run((2, "same"))
        for number in range(after):
            NOTE.run((10 + number, f"shelf {number}"))

    with pytest.raises(IntegrityError):
        write(job, pipelined=True)
    assert Shelf.objects.count() == 0
    write(lambda: NOTE.run((1, "same")), pipelined=True)  # the connection goes on
    assert Shelf.objects.count() == 1


def test_a_row_that_was_not_there_is_a_conflict_however_late_it_is_noticed() -> None:
    with pytest.raises(Conflict):
        write(lambda: RENAME.one(("x",), (1,)), pipelined=True)


def test_a_job_that_raises_after_it_has_sent_leaves_nothing_and_autocommit_as_it_was() -> None:
    def job() -> None:
        NOTE.run((1, "a"))
        raise LookupError

    with pytest.raises(LookupError):
        write(job, pipelined=True)
    assert Shelf.objects.count() == 0
    assert connection.get_autocommit()
    assert connection.connection.autocommit
    with transaction.atomic():  # Django's own transactions are begun and committed as ever
        Shelf.objects.create(id=5, name="orm")
        assert not connection.connection.autocommit
    assert connection.connection.autocommit
    assert Shelf.objects.count() == 1


def test_a_statement_of_many_values_is_taken_apart_once_and_bound_right() -> None:
    rows = [(number, f"shelf {number} % ? {{}}") for number in range(40)]  # 80 values
    for _ in range(7):  # past the point where the server would prepare it
        write(lambda: NOTE.run(list(rows)), pipelined=True)
        assert list(Shelf.objects.order_by("id").values_list("id", "name")) == rows
        Shelf.objects.all().delete()


def test_reads_alone_in_a_pipeline() -> None:
    write(lambda: NOTE.run([(number, f"shelf {number}") for number in range(9)]))
    with pipeline():
        asked = [NAME.ask((number,)) for number in range(9)]
        assert [answer()[0][0] for answer in reversed(asked)] == [f"shelf {number}" for number in reversed(range(9))]


def test_more_than_the_network_takes_at_once_goes_both_ways() -> None:
    long = "长" * 200_000  # 600 kB, far over what either side buffers
    keep = Insert(Sample, "id", "long_text")
    read = Select(Sample, ("long_text",), where=("id",))

    def job() -> list[list[tuple[object, ...]]]:
        asked = []
        for number in range(12):
            keep.run((number, long))
            asked.append(read.ask((number,)))
        return [answer() for answer in asked[:2]]  # the rest are left to the end

    assert write(job, pipelined=True) == [[(long,)]] * 2
    assert Sample.objects.filter(long_text=long).count() == 12


def test_an_error_inside_the_block_is_told_rather_than_one_that_comes_to_light_after() -> None:
    def job() -> None:
        NOTE.run((1, "same"))
        NOTE.run((2, "same"))
        raise LookupError

    with pytest.raises(LookupError):
        write(job, pipelined=True)
    with pytest.raises(IntegrityError):
        _same_twice()
    assert connection.connection._pipeline is None
    assert Shelf.objects.count() == 0  # what goes out together outside a transaction is one


def _same_twice() -> None:
    with pipeline():
        Shelf.objects.create(id=1, name="a")
        NOTE.run((1, "b"))
