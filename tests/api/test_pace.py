"""How often a program may act: counted for each key, never for reading, together by all processes that share counts."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.conftest import City
from api.test_problems import is_problem
from zhengtong.doors.api.api import limits
from zhengtong.foundation.core import attempts
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.shared import SharedCache
from zhengtong.matters.cases.models import Draft

pytestmark = pytest.mark.django_db
NOON = 1_750_000_060.0
"""Twenty seconds before the next minute."""
COUNTING = 3


@pytest.fixture(params=["near", "shared"])
def counters(request: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The cache of one process, and the one all processes share."""
    used = cache if request.param == "near" else SharedCache("", {})
    used.clear()
    monkeypatch.setattr(attempts, "cache", used)
    return used


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of day, which a test may move."""
    instant = [NOON]
    monkeypatch.setattr("time.time", lambda: instant[0])
    return instant


def begin(city: City, who: str = "applicant", key: str | None = None) -> Any:
    """Any act: a draft is begun."""
    return getattr(city, who).post("/drafts", {"item": city.item}, key=key)


def test_so_many_a_minute_and_then_again(city: City, counters: Any, now: list[float], settings: Any) -> None:
    settings.ZT_KEY_ACTS = 2
    assert [begin(city).status_code for _each in range(2)] == [201, 201]
    answer = begin(city, key="patience")
    body = is_problem(answer, 429, "api.too_many_acts")
    assert (answer["Retry-After"], body["retry_after"], body["limit"]) == ("20", 20, 2)
    assert "密钥" in body["detail"]
    assert Draft.objects.count() == 2, "nothing was done"
    now[0] += 19
    assert begin(city, key="patience")["Retry-After"] == "1"
    now[0] += 1
    assert begin(city, key="patience").status_code == 201, "the same key is good for it"
    now[0] += 60
    assert [begin(city).status_code for _each in range(3)] == [201, 201, 429]


def test_each_key_has_its_own_and_reading_is_free(city: City, counters: Any, now: list[float], settings: Any) -> None:
    settings.ZT_KEY_ACTS = 1
    assert begin(city).status_code == 201
    assert begin(city).status_code == 429
    assert begin(city, "stranger").status_code == 201
    assert {city.applicant.get("/drafts").status_code for _each in range(5)} == {200}


def test_a_refused_act_counts_and_a_wrong_key_does_not(
    city: City, counters: Any, now: list[float], settings: Any
) -> None:
    settings.ZT_KEY_ACTS = 1
    assert city.applicant.post("/drafts", {"item": "none"}).status_code == 404
    assert begin(city).status_code == 429
    assert Client().post("/api/v1/drafts", headers={"Authorization": "Bearer ztk_none"}).status_code == 401


def test_no_limit_where_none_is_wanted(city: City, counters: Any, now: list[float], settings: Any) -> None:
    settings.ZT_KEY_ACTS = 0
    assert {begin(city).status_code for _each in range(5)} == {201}


def test_it_costs_one_statement(city: City, now: list[float], monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(attempts, "cache", SharedCache("", {}))
    begin(city)

    def reads(most: int) -> int:
        settings.ZT_KEY_ACTS = most
        with CaptureQueriesContext(connection) as queries:
            begin(city)
        return len(queries)

    assert 0 < reads(600) - reads(0) <= COUNTING, "the count, and the savepoint around it"


def test_what_cannot_be_counted_now_is_done(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_named: object) -> int:
        raise Unavailable("writes.full", "…")

    monkeypatch.setattr(limits, "counted", full)
    assert begin(city).status_code == 201


def test_the_document_says_how_long_to_wait() -> None:
    written = Client().get("/api/v1/openapi.json").json()
    said = written["paths"]["/api/v1/drafts"]["post"]["responses"]["429"]
    assert said["headers"]["Retry-After"]["schema"]["type"] == "integer"
