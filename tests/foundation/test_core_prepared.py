"""A prepared query finds what the ORM finds, in the same form, and holds nothing of its first asking."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from databases import Sample, Shelf, database, postgres_address, postgres_database, serializable, sqlite_file  # noqa: F401 fixtures
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.statements import Prepared

pytestmark = pytest.mark.usefixtures("database")
NOON = dt.datetime(2026, 2, 17, 4, tzinfo=dt.UTC)
DAY = dt.date(2026, 2, 17)


def by_shelf(name: str, number: int, day: dt.date, instant: dt.datetime) -> QuerySet[Sample]:
    near = Q(day=None) | Q(day__gte=day)
    crowded = Sample.objects.filter(shelf_id=OuterRef("shelf_id"), number__gt=number)
    found = Sample.objects.filter(near, shelf__name=name, number__lte=number, instant__lt=instant, text__in=("a", "%"))
    return found.select_related("shelf").annotate(crowded=Exists(crowded)).order_by("-id")


def names(number: int) -> QuerySet[Sample, tuple[str, int, str | None]]:
    return Sample.objects.filter(number=number).values_list("text", "number", "shelf__name").order_by("text")


@pytest.fixture
def shelved(database: None) -> list[Sample]:  # noqa: F811 the fixture
    shelf, other = Shelf.objects.create(name="食品"), Shelf.objects.create(name="药品")
    earlier = NOON - dt.timedelta(microseconds=1)
    given = [
        (shelf, "a", 1, None, earlier), (shelf, "%", 3, DAY, earlier), (shelf, "b", 3, DAY, earlier),
        (shelf, "a", 2, DAY - dt.timedelta(days=1), earlier), (shelf, "a", 3, DAY, NOON), (other, "a", 1, DAY, earlier),
    ]  # fmt: skip
    return [
        Sample.objects.create(shelf=shelf, text=text, number=number, day=day, instant=instant, yes=False, secret="密")
        for shelf, text, number, day, instant in given
    ]


def everything(row: Sample) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in Sample._meta.concrete_fields}


def test_models_come_as_the_orm_gives_them_whatever_was_asked_first(shelved: list[Sample]) -> None:
    asked = Prepared(by_shelf)
    for values in (("药品", 0, DAY, NOON), ("食品", 3, DAY, NOON), ("食品", 2, dt.date(2026, 1, 1), NOON)):
        expected = list(by_shelf(*values))
        found = asked(*values)
        assert [everything(row) for row in found] == [everything(row) for row in expected]
        assert [row.crowded for row in found] == [row.crowded for row in expected]
        assert [(row._state.adding, row._state.db) for row in found] == [(False, "default")] * len(expected)
    assert [row.text for row in asked("食品", 2, dt.date(2026, 1, 1), NOON)] == ["a", "a"]
    assert [row.crowded for row in asked("食品", 2, dt.date(2026, 1, 1), NOON)] == [True, True]


def test_what_is_related_is_there_without_another_query(shelved: list[Sample]) -> None:
    asked = Prepared(by_shelf)
    asked("食品", 3, DAY, NOON)
    with CaptureQueriesContext(connection) as told:
        assert {row.shelf.name for row in asked("食品", 3, DAY, NOON)} == {"食品"}
    assert len(told) == 1, "and the query is told to whoever counts"


def test_lists_of_values_too(shelved: list[Sample]) -> None:
    asked = Prepared(names)
    assert asked(3) == list(names(3)) == [("%", 3, "食品"), ("a", 3, "食品"), ("b", 3, "食品")]
    assert asked(7) == []
    answer = asked.ask(1)
    assert answer() == [("a", 1, "食品"), ("a", 1, "药品")]


def test_a_saved_row_is_written_as_any_other(shelved: list[Sample]) -> None:
    row = Prepared(by_shelf)("食品", 3, DAY, NOON)[0]
    row.text = "c"
    row.save()
    assert Sample.objects.get(pk=row.pk).text == "c"


def test_the_sql_is_written_once_for_all_threads(shelved: list[Sample]) -> None:
    made: list[int] = []

    @Prepared
    def asked(number: int) -> QuerySet[Sample, tuple[str]]:
        made.append(number)
        return Sample.objects.filter(number=number).values_list("text").order_by("text")

    found: dict[int, list[tuple[str]]] = {}

    def ask(number: int) -> None:
        found[number] = asked(number)
        connection.close()

    ask(1)
    for number in (1, 2, 3):
        thread = threading.Thread(target=ask, args=(number,))
        thread.start()
        thread.join()
    assert found == {1: [("a",), ("a",)], 2: [("a",)], 3: [("%",), ("a",), ("b",)]}
    assert len(made) == 1


@pytest.mark.parametrize("query", [
    lambda number: Sample.objects.filter(number=number, day=clock.today()),
    lambda number: Sample.objects.filter(number=number, instant__lt=clock.now()),
    lambda number: Sample.objects.filter(number=number + 1),
    lambda number: Sample.objects.filter(text="a"),
    lambda number: Sample.objects.filter(number=number).prefetch_related("shelf"),
    lambda number: Sample.objects.filter(number=number).values("text"),
], ids=["day", "instant", "changed on the way", "left out", "prefetched", "dictionaries"])  # fmt: skip
def test_what_cannot_be_asked_twice_is_refused(query) -> None:
    query.__annotations__ = {"number": int}
    with pytest.raises(ValueError):
        Prepared(query)(3)


@pytest.mark.parametrize("number", [None, "3", 3.0])
def test_nothing_but_what_was_declared_is_looked_for(number: object) -> None:
    with pytest.raises(TypeError):
        Prepared(names)(number)  # type: ignore[arg-type] # wrong on purpose


def test_an_instant_is_no_day() -> None:
    with pytest.raises(TypeError):
        Prepared(by_shelf)("食品", 3, NOON, NOON)


@pytest.mark.parametrize("values", [(), (1, 2)])
def test_not_one_more_and_not_one_less(values: tuple[int, ...]) -> None:
    with pytest.raises(TypeError):
        Prepared(names)(*values)


def test_not_by_name() -> None:
    with pytest.raises(TypeError):
        Prepared(names)(number=3)
