"""Whatever is sent, the answer is one that the document names, and never 500."""

import contextlib
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.conftest import City

pytestmark = pytest.mark.django_db

FIELDS = ("item", "answers", "situation", "page", "outcome", "entry", "grade", "tags", "remark", "number", "code")
ASKED = ("premises", "operations", "managers", "floor_plan", "activity", "staff_count", "equipment", "x")
LISTS = (
    "/items",
    "/items/search",
    "/cases",
    "/drafts",
    "/licences",
    "/handling/cases",
    "/handling/errands",
    "/handling/copies",
    "/handling/absences",
    "/tasks",
    "/ledger/consistency",
)
FILTERS = ("cursor", "size", "q", "state", "agency", "role", "first", "department", "open")
NAMED = (
    *("/items/{}", "/items/{}/form", "/cases/{}", "/cases/{}/timeline", "/cases/x/events/{}/receipt", "/drafts/{}"),
    *("/cases/x/materials/{}/content", "/tasks/{}", "/licences/{}", "/verify/licences/{}", "/verify/papers/{}"),
    *(
        "/files/{}",
        "/tasks/{}/asked",
        "/handling/cases/{}/officials",
        "/handling/cases/{}/offers",
        "/handling/cases/{}/copies",
        "/handling/errands/{}/offers",
    ),
)
POSTED = ("/cases", "/drafts", "/progress", "/verify/receipts")
OUTCOMES = ("accept", "request_correction", "refuse_acceptance", "return", "x")

text = st.text(max_size=40)
leaf = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
value = st.recursive(
    leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4), max_leaves=12
)
letters = st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_characters="/?#%\\")
words = st.text(alphabet=letters, min_size=1, max_size=30)
body = value | st.dictionaries(st.sampled_from(FIELDS), value, max_size=6)
visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def call(program: Any, method: str, path: str, *args: Any, **headers: str) -> None:
    """One request whose answer is a success or a problem."""
    cache.clear()
    with contextlib.suppress(UnicodeEncodeError):  # what no client could put on the wire
        answer = program.call(method, path, *args, **headers)
        assert answer.status_code < 500, answer.content.decode()
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"]


@quick
@given(path=st.sampled_from(POSTED), sent=body, key=visible)
def test_bodies(city: City, path: str, sent: Any, key: str) -> None:
    call(city.applicant, "POST", path, sent, Idempotency_Key=key)


@quick
@given(answers=st.dictionaries(st.sampled_from(ASKED), value, max_size=6))
def test_answers(city: City, answers: dict[str, Any]) -> None:
    for path in ("/cases", "/drafts"):
        call(city.applicant, "POST", path, {"item": city.item, "answers": answers}, Idempotency_Key="k")


@quick
@given(path=st.sampled_from(LISTS), query=st.dictionaries(st.sampled_from(FILTERS), text, max_size=4))
def test_queries(city: City, path: str, query: dict[str, str]) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        for program in (city.applicant, city.clerk, city.nobody):
            call(program, "GET", f"{path}?{urlencode(query)}")


@quick
@given(name=words, shape=st.sampled_from(NAMED))
def test_addresses(city: City, name: str, shape: str) -> None:
    for program in (city.applicant, city.clerk):
        call(program, "GET", shape.format(name))


@quick
@given(number=st.integers(0, 10**6), outcome=st.sampled_from(OUTCOMES), entry=value)
def test_entries(city: City, submitted: Any, number: int, outcome: str, entry: Any) -> None:
    if not city.clerk.get("/tasks").json()["items"]:
        submitted("2025-03-03 10:02")
    path = f"/tasks/{city.task('clerk')['token']}/complete"
    call(city.clerk, "POST", path, {"outcome": outcome, "entry": entry}, Idempotency_Key=f"entry-{number}")


@quick
@given(
    outcome=st.sampled_from(("accept", "request_correction")),
    entry=st.dictionaries(st.sampled_from(("gaps", "reasons", "procedure", "planned_days", "note")), value, max_size=5),
)
def test_entries_by_name(city: City, submitted: Any, outcome: str, entry: Any) -> None:
    if not city.clerk.get("/tasks").json()["items"]:
        submitted("2025-03-03 10:02")
    path = f"/tasks/{city.task('clerk')['token']}/complete"
    call(city.clerk, "POST", path, {"outcome": outcome, "entry": entry}, Idempotency_Key="n")
    cache.clear()
