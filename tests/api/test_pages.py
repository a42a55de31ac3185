"""Pages by cursor: each row once although others arrive, sealed against other lists and readers, never counted."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.conftest import City, Program, at
from factories import cases as made
from zhengtong.foundation.core.shared import is_shared
from zhengtong.matters.cases import services

pytestmark = pytest.mark.django_db


def apply(city: City, times: int) -> list[str]:
    """Applications without HTTP, for many; their tokens, oldest first."""
    given = made.answers(city.world.applicant)
    with at("2025-03-03 10:02"):
        return [
            services.submit_application(by=city.world.applicant, item_id=city.world.item.id, answers=given).token
            for _each in range(times)
        ]


def walk(program: Program, path: str, size: int) -> list[dict[str, Any]]:
    """Every row of a list, page by page."""
    rows, cursor = [], ""
    joined = "&" if "?" in path else "?"
    while True:
        page = program.get(f"{path}{joined}size={size}{f'&cursor={cursor}' if cursor else ''}").json()
        assert len(page["items"]) <= size
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = page["next"]


def test_every_row_comes_once(city: City) -> None:
    tokens = apply(city, 7)
    assert [row["token"] for row in walk(city.applicant, "/cases", 3)] == tokens[::-1]
    assert [row["token"] for row in walk(city.clerk, "/handling/cases", 2)] == tokens[::-1]
    assert [row["case"] for row in walk(city.clerk, "/tasks", 2)] == tokens
    for _each in range(5):
        city.applicant.post("/drafts", {"item": city.item})
    assert len({row["token"] for row in walk(city.applicant, "/drafts", 2)}) == 5
    assert len(walk(city.nobody, "/items", 1)) == 1


def test_what_arrives_meanwhile_moves_no_page(city: City) -> None:
    before = apply(city, 6)[::-1]
    first = city.applicant.get("/cases?size=3").json()
    apply(city, 2)
    second = city.applicant.get(f"/cases?size=3&cursor={first['next']}").json()
    assert [row["token"] for row in first["items"] + second["items"]] == before
    assert second["next"] is None


def test_a_cursor_is_of_its_list_its_filters_and_its_reader(city: City) -> None:
    apply(city, 3)
    cursor = city.applicant.get("/cases?size=1").json()["next"]
    work = city.clerk.get("/handling/cases?size=1&state=RECEIVED").json()["next"]
    for program, path in (
        (city.stranger, f"/cases?cursor={cursor}"),
        (city.applicant, f"/licences?cursor={cursor}"),
        (city.applicant, f"/cases?cursor={cursor[:-1]}"),
        (city.clerk, f"/handling/cases?state=ACCEPTED&cursor={work}"),
    ):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.cursor"), path
    assert city.clerk.get(f"/handling/cases?size=2&state=RECEIVED&cursor={work}").status_code == 200


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("nobody", "/items", 1),
        ("applicant", "/cases", 4),
        ("applicant", "/drafts", 5),
        ("applicant", "/licences", 4),
        ("clerk", "/tasks", 7),
        ("clerk", "/handling/cases", 11),
        ("clerk", "/handling/cases?state=RECEIVED", 6),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(city: City, who: str, path: str, most: int) -> None:
    counter = int(is_shared() and who != "nobody")  # the tries of this key, where the database keeps them
    costs = []
    for more in (2, 9):
        apply(city, more)
        city.applicant.post("/drafts", {"item": city.item})
        getattr(city, who).get(path)
        with CaptureQueriesContext(
            connection,
        ) as spoken:
            assert getattr(city, who).get(path).status_code == 200
        assert not [query["sql"] for query in spoken if "COUNT(" in query["sql"].upper()]
        costs.append(len(spoken))
    assert costs[0] == costs[1] <= most + counter, [query["sql"] for query in spoken]


def test_a_page_is_bounded(city: City) -> None:
    assert city.applicant.get("/cases?size=101").status_code == 422
