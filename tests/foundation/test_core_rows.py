"""Whole rows, rows found through another table, and rows gathered and sent per table."""

import pytest
from django.db import connection
from django.db.models import signals
from django.db.models.expressions import DatabaseDefault
from django.test.utils import CaptureQueriesContext

from databases import Sample, Shelf, database, postgres_address, postgres_database, serializable, sqlite_file  # noqa: F401
from zhengtong.foundation.core.statements import Fresh, Insert, Load, Outgoing, Select, Through, Update
from zhengtong.foundation.core.writes import pipeline, write

pytestmark = pytest.mark.usefixtures("database")


def kept() -> None:
    Insert(Shelf, "id", "name").run([(1, "laws"), (2, "maps")])
    rows = [(10, 1, "a", None), (11, 2, "b", 1), (12, 2, "c", None)]
    Insert(Sample, "id", "shelf_id", "text", "small").run(rows)


def test_a_loaded_row_is_what_the_orm_gives():
    write(kept)
    loaded = write(lambda: Load(Sample, where=("id",), lock=True).one((11,)))
    found = Sample.objects.get(id=11)
    assert loaded == found
    assert {field.attname: getattr(loaded, field.attname) for field in Sample._meta.concrete_fields} == {
        field.attname: getattr(found, field.attname) for field in Sample._meta.concrete_fields
    }
    assert (loaded._state.adding, loaded._state.db) == (False, "default")
    assert Load(Sample, where=("id",)).one((99,)) is None


def test_a_statement_meets_rows_of_other_types():
    class Word(str):
        __slots__ = ()

    insert = Insert(Shelf, "id", "name")
    rows = [(1, "laws"), (2, Word("maps")), {"name": Word("acts"), "id": 3}, (4, "fonts"), (5, "seals")]
    for row in rows:
        write(lambda row=row: insert.run(row))
    assert list(Shelf.objects.order_by("id").values_list("id", "name")) == [
        *((1, "laws"), (2, "maps"), (3, "acts"), (4, "fonts"), (5, "seals"))
    ]
    for wrong in [(1,), (1, "a", "b"), {"id": 6}, {"id": 6, "name": "a", "more": 1}]:
        with pytest.raises(TypeError, match="expected values for id, name"):
            write(lambda wrong=wrong: insert.run(wrong))


@pytest.mark.parametrize("given", [{}, {"id": 3, "text": "x", "shelf_id": 4, "facts": {"a": 1}, "version": 2}])
def test_a_fresh_row_is_what_its_model_gives(given):
    def columns(row):
        return {field.attname: getattr(row, field.attname) for field in Sample._meta.concrete_fields}

    mine, models = Fresh(Sample)(**given), Sample(**given)
    assert isinstance(mine.fixed, DatabaseDefault)
    for row in (mine, models):
        row.fixed = "kept"  # each has a default of the database of its own
        row.id = given.get("id", type(row.id))
    assert columns(mine) == columns(models)
    assert (mine._state.adding, mine._state.db) == (models._state.adding, models._state.db)
    assert Fresh(Sample)().facts is not Fresh(Sample)().facts
    with pytest.raises(TypeError, match="Sample has no column shelf$"):
        Fresh(Sample)(shelf=None, text="x")


def test_a_fresh_row_is_written_and_read():
    write(lambda: Shelf.objects.create(id=1, name="laws"))
    write(lambda: Fresh(Sample)(id=9, shelf_id=1, text="x").save(force_insert=True))
    found = Sample.objects.get(id=9)
    assert (found.shelf.name, found.text, found.fixed, found.facts) == ("laws", "x", "kept", {})


def test_a_model_with_a_way_of_its_own_goes_it():
    heard = []

    def hear(**told):
        heard.append(told["instance"])

    signals.post_init.connect(hear, sender=Shelf)
    try:
        made = Fresh(Shelf)(name="laws")
    finally:
        signals.post_init.disconnect(hear, sender=Shelf)
    assert heard == [made]


def test_a_part_of_a_row_leaves_the_rest_to_be_asked_for():
    write(kept)
    part = Load(Sample, where=("id",), fields=("id", "text")).one((10,))
    assert part.get_deferred_fields() >= {"shelf_id", "number"}
    assert (part.text, part.shelf_id) == ("a", 1)


def test_the_newest_alone():
    write(kept)
    newest = Load(Sample, where=("shelf_id",), order_by=("-id",), limit=1)
    assert [row.id for row in newest.ask((2,))()] == [12]


def test_rows_found_through_another_and_asked_together():
    write(kept)
    shelf = Select(Shelf, ("name",), where=(Through("id", Sample, "shelf_id"),), lock=True)
    others = Select(Sample, ("id",), where=(Through("shelf_id", Sample, "shelf_id"), "text"), order_by=("id",))

    def job():
        with pipeline():
            first, second = shelf.ask((11,)), others.ask((11, "c"))
            return first(), second()

    assert write(job) == ([("maps",)], [(12,)])
    assert write(lambda: shelf.run((99,))) == []


def test_only_rows_with_an_empty_column():
    write(kept)
    fill = Update(Sample, set=("small",), where=("shelf_id",), empty=("small",))
    assert write(lambda: fill.run((7,), (2,))) == 1
    assert list(Sample.objects.order_by("id").values_list("small", flat=True)) == [None, 1, 7]


def test_gathered_rows_go_out_once_a_table_in_the_order_they_came():
    shelves, samples = Insert(Shelf, "id", "name"), Insert(Sample, "id", "shelf_id")
    rows = Outgoing()

    def job():
        for number in (1, 2, 3):
            rows.add(shelves, (number, f"shelf {number}"))
            rows.add(samples, {"id": number, "shelf_id": number})
        assert Shelf.objects.count() == 0, "nothing is sent before"
        with CaptureQueriesContext(connection) as seen:
            rows.send()
            rows.send()
        return [query["sql"].split('"')[1] for query in seen]

    assert write(job) == [Shelf._meta.db_table, Sample._meta.db_table]
    assert (Shelf.objects.count(), Sample.objects.count()) == (3, 3)
