"""Fixed statements write and read exactly what the ORM would (DESIGN §6)."""

import datetime as dt
import decimal
import uuid
from enum import StrEnum

import pytest
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe

from databases import Sample, Shelf, database, postgres_address, postgres_database, serializable, sqlite_file  # noqa: F401
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.statements import Among, Delete, Insert, Select, Update
from zhengtong.foundation.core.writes import write

pytestmark = pytest.mark.usefixtures("database")

FROZEN = dt.datetime(2026, 2, 17, 1, 2, 3, 456789, tzinfo=dt.UTC)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


class Word(StrEnum):
    """A text that is none to `type()`."""

    ONE = "一"


class Choice(models.TextChoices):
    """The same with a label."""

    TWO = "二", "two"


VALUES = {
    "text": ["", "食品经营许可", "100% ' \" ? %s 𠮷", Word.ONE, Choice.TWO, mark_safe("<b>")],
    "long_text": ["", "line\nline", Choice.TWO],
    "number": [0, -1, 2**31 - 1, True],
    "small": [None, 0, 7],
    "yes": [True, False, 1],
    "perhaps": [None, True, False],
    "amount": [None, decimal.Decimal("0.10"), decimal.Decimal("-9999999999.99"), "3.50", 5],
    "ratio": [None, 0.1, 5],
    "instant": [
        None,
        FROZEN,
        FROZEN.replace(microsecond=0),
        FROZEN.astimezone(SHANGHAI),
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    ],
    "day": [None, dt.date(2026, 2, 17), FROZEN],
    "hour": [None, dt.time(23, 59, 59, 999999)],
    "span": [None, dt.timedelta(days=-1, microseconds=5)],
    "facts": [{}, {"深": [1, None, "x"]}, [], "text", 3],
    "ident": [None, uuid.UUID(int=5)],
    "blob": [None, b"", b"\x00\xff"],
    "address": [None, "2001:db8::1", "10.0.0.1"],
    "secret": [None, "", "110101199003074477"],
    "secrets": [None, {"phone": "13800000000"}],
    "version": [1],
    "fixed": ["mine"],
}
CASES = [(name, value) for name, values in VALUES.items() for value in values]
SEALED = {"secret", "secrets"}


def stored(ident: int) -> dict[str, object]:
    """The row as it lies in the database, except what is sealed anew each time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM samples_sample WHERE id = %s", [ident])
        row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
    row.pop("id")
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


@pytest.mark.parametrize(("name", "value"), CASES)
def test_an_insert_lies_in_the_database_as_the_orms(name, value):
    with clock.frozen(FROZEN):
        write(lambda: Insert(Sample, "id", name).run((1, value)))
        write(lambda: Sample(id=2, **{name: value}).save(force_insert=True))
    mine, orms = stored(1), stored(2)
    for column in (*SEALED, "made_at"):
        assert (mine.pop(column) is None) == (orms.pop(column) is None)
    assert mine == orms
    assert getattr(Sample.objects.get(id=1), name) == getattr(Sample.objects.get(id=2), name)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_an_update_and_a_read_agree_with_the_orm(name, value):
    write(lambda: Insert(Sample, "id").run((1,)))
    write(lambda: Insert(Sample, "id").run((2,)))
    assert write(lambda: Update(Sample, set=(name,), where=("id",)).run((value,), id=1)) == 1
    write(lambda: Sample.objects.filter(id=2).update(**{name: value}))
    mine, orms = stored(1), stored(2)
    for column in (*SEALED, "made_at"):
        mine.pop(column), orms.pop(column)
    assert mine == orms
    read = Select(Sample, (name,), where=("id",)).one(id=1)
    assert read == Sample.objects.values_list(name).get(id=1)
    assert type(read[0]) is type(Sample.objects.values_list(name, flat=True).get(id=1))


def test_what_is_not_named_is_what_the_orm_would_put():
    with clock.frozen(FROZEN):
        write(lambda: Insert(Sample, "number").run((3,)))
    row = Sample.objects.get()
    assert (row.text, row.yes, row.facts, row.made_at, row.version, row.fixed) == (
        "leaf", True, {}, FROZEN, 1, "kept",
    )  # fmt: skip
    assert row.id > 2**40


def test_a_foreign_key_by_either_name():
    write(lambda: Insert(Shelf, "id", "name").run((9, "nine")))
    write(lambda: Insert(Sample, "id", "shelf").run((1, 9)))
    write(lambda: Insert(Sample, "id", "shelf_id").run({"id": 2, "shelf_id": 9}))
    assert Select(Sample, ("id", "shelf_id"), where=("shelf",), order_by=("-id",)).run((9,)) == [(2, 9), (1, 9)]


def test_many_rows_in_one_statement_and_more_than_one_statement_bears():
    rows = [(n, f"name {n}") for n in range(20_000)]

    def job():
        with CaptureQueriesContext(connection) as few:
            Insert(Shelf, "id", "name").run([(-1, "x"), (-2, "y")])
        assert len(few) == 1
        return Insert(Shelf, "id", "name").run(rows)

    assert write(job) == 20_000
    assert Shelf.objects.count() == 20_002
    assert write(lambda: Insert(Shelf, "id", "name").run([])) == 0


def test_an_update_counts_its_rows_and_counts_a_version_up():
    touch = Update(Sample, set=("text",), add=("version",), where=("id", "version"))
    write(lambda: Insert(Sample, "id").run((1,)))
    assert write(lambda: touch.run(("a",), (1, 1))) == 1
    assert write(lambda: touch.run(("b",), (1, 1))) == 0
    assert write(lambda: touch.run({"text": "c"}, version=2, id=1)) == 1
    assert Select(Sample, ("text", "version"), where=("id",)).one((1,)) == ("c", 3)


@pytest.mark.parametrize("pipelined", [False, True])
def test_exactly_one_row_or_a_conflict_and_nothing_kept(pipelined):
    touch = Update(Sample, set=("text",), add=("version",), where=("id", "version"))
    write(lambda: Insert(Sample, "id").run((1,)))

    def job(version, name):
        Insert(Shelf, "name").run((name,))
        touch.one(("a",), (1, version))

    write(lambda: job(1, "first"), pipelined=pipelined)
    with pytest.raises(Conflict) as refusal:
        write(lambda: job(1, "second"), pipelined=pipelined)
    assert refusal.value.code == "writes.stale"
    with pytest.raises(Conflict):
        write(lambda: job(7, "third"), pipelined=pipelined)
    assert list(Shelf.objects.values_list("name", flat=True)) == ["first"]


@pytest.mark.parametrize("pipelined", [False, True])
def test_exactly_one_row_goes_or_a_conflict_and_nothing_kept(pipelined):
    gone = Delete(Sample, where=("id",))
    write(lambda: Insert(Sample, "id").run([(1,), (2,)]))

    def job(number, name):
        Insert(Shelf, "name").run((name,))
        gone.one((number,))

    write(lambda: job(1, "first"), pipelined=pipelined)
    with pytest.raises(Conflict) as refusal:
        write(lambda: job(1, "second"), pipelined=pipelined)
    assert refusal.value.code == "writes.stale"
    assert list(Shelf.objects.values_list("name", flat=True)) == ["first"]
    assert list(Sample.objects.values_list("id", flat=True)) == [2]


def test_delete_counts_its_rows():
    write(lambda: Insert(Shelf, "id", "name").run([(1, "a"), (2, "b")]))
    assert write(lambda: Delete(Shelf, where=("name",)).run(("a",))) == 1
    assert write(lambda: Delete(Shelf, where=("name",)).run(name="a")) == 0


def test_read_options():
    write(lambda: Insert(Sample, "id", "text").run([(n, "t") for n in range(5)]))
    found = Select(Sample, ("id",), where=("text",), order_by=("-id",), limit=2, lock=True)
    assert write(lambda: found.run(("t",))) == [(4,), (3,)]
    assert Select(Sample, ("id",), where=("id",)).one((99,)) is None


def test_rows_among_several_values():
    write(lambda: Insert(Sample, "id", "text").run([(n, "even" if n % 2 == 0 else "odd") for n in range(6)]))
    found = Select(Sample, ("id",), where=("text", Among("id", 3)), order_by=("id",))
    assert found.run(("odd", 1, 2, 3)) == [(1,), (3,)]
    assert found.run(("odd", 5, 5, 99)) == [(5,)]
    with pytest.raises(TypeError):
        found.run(("odd", 1, 2))


def test_queries_are_counted_and_errors_are_djangos():
    def job():
        with CaptureQueriesContext(connection) as seen:
            Insert(Shelf, "id", "name").run((1, "a"))
            Update(Shelf, set=("name",), where=("id",)).run(("b",), (1,))
            Select(Shelf, ("name",), where=("id",)).one((1,))
        return [query["sql"].split()[0] for query in seen]

    assert write(job) == ["INSERT", "UPDATE", "SELECT"]
    with pytest.raises(IntegrityError):
        write(lambda: Insert(Shelf, "id", "name").run((1, "c")))
    with pytest.raises(IntegrityError):
        Insert(Shelf, "id", "name").run((1, "c"))


def test_outside_a_write_it_goes_through_djangos_cursor():
    assert Insert(Shelf, "id", "name").run((1, "a")) == 1
    assert Update(Shelf, set=("name",), where=("id",)).run(("b",), (1,)) == 1
    assert Select(Shelf, ("name",), where=("id",)).one((1,)) == ("b",)


def test_execute_wrappers_see_every_statement():
    seen = []

    def wrapper(execute, sql, params, many, context):
        seen.append(sql.split()[0])
        return execute(sql, params, many, context)

    def job():
        with connection.execute_wrapper(wrapper):
            Insert(Shelf, "id", "name").run((1, "a"))

    write(job)
    assert seen == ["INSERT"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: Insert(Shelf, "id", "name").run((1,)), TypeError),
        (lambda: Insert(Shelf, "id", "name").run({"id": 1, "nom": "a"}), KeyError),
        (lambda: Insert(Shelf, "id", "nom").run((1, "a")), Exception),
        (lambda: Update(Shelf, set=("name",), where=()).run(("a",), ()), ValueError),
        (lambda: Update(Shelf, set=("name",), where=("id",)).run(("a",), name="x"), KeyError),
    ],
)
def test_misuse_is_told(wrong, error):
    with pytest.raises(error):
        write(wrong)


def test_a_value_too_many_is_not_made_up_for_by_one_too_few():
    rename = Update(Sample, set=("text",), where=("id", "number"))
    for values, found in ((("a", 1), (2,)), ((), ("a", 1, 2)), (["a", 1], [2])):
        with pytest.raises(TypeError, match="expected values for"):
            write(lambda values=values, found=found: rename.run(values, found))


def test_a_statement_is_built_from_the_model_as_it_is():
    """Nothing is written down twice: the columns in the SQL are those of the model's fields."""
    row = Sample(id=1, fixed="mine")
    everything = Insert(Sample)
    with clock.frozen(FROZEN):
        values = {field.attname: getattr(row, field.attname) for field in Sample._meta.concrete_fields}
        write(lambda: everything.run(values | {"made_at": FROZEN}))
    assert everything.names == tuple(field.attname for field in Sample._meta.concrete_fields)
    head = everything.ready()[1].head
    assert all(connection.ops.quote_name(field.column) in head for field in Sample._meta.concrete_fields)
    assert Sample.objects.get().fixed == "mine"
