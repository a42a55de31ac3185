"""Whatever goes wrong is a problem in the reader's language: stable code, no trace, the way to mend it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from api.conftest import City, Program, at
from factories import identity as people
from zhengtong.doors.api.api import problems
from zhengtong.engines.calendars.errors import CalendarError
from zhengtong.foundation.core.errors import NotFound
from zhengtong.matters.cases import queries as cases
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services

pytestmark = pytest.mark.django_db


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem, after it was checked to be one."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert all(body[name] for name in ("type", "title", "detail"))
    assert not re.search(r"Traceback|File \"|\.py", answer.content.decode())
    return body


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "request.no_such_address"),
        ("GET", "/items/nothing", 404, "catalog.unknown"),
        ("DELETE", "/items", 405, "request.no_such_method"),
        ("POST", "/openapi.json", 405, "request.no_such_method"),
        ("GET", "/items?size=0", 422, "request.invalid"),
        ("GET", "/items?cursor=forged", 422, "request.cursor"),
        ("GET", "/items?department=a%00b", 400, "request.unreadable"),
        ("GET", "/cases", 401, "api.sign_in"),
        ("GET", "/verify/licences/none", 404, "licences.unknown"),
        ("GET", "/ledger/consistency?first=999999", 404, "ledger.no_size"),
    ],
)
def test_the_unknown_are_told_what_is_wrong(method: str, path: str, status: int, code: str) -> None:
    cache.clear()
    answer = Program("").call(method, path)
    is_problem(answer, status, code)
    if status == 401:
        assert answer["WWW-Authenticate"].startswith("Bearer")
    if status == 405:
        assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 5000, b'{"number": "\\ud800", "code": "x"}', b'{"x": "\\u0000"}']
)
def test_what_is_no_sound_json_is_refused(body: bytes) -> None:
    cache.clear()
    answer = Client().post("/api/v1/progress", body, content_type="application/json")
    is_problem(answer, 400, "request.http_400")


def test_too_large_is_refused_before_it_is_read(city: City) -> None:
    is_problem(city.applicant.post("/cases", {"item": "x" * 3_000_000}), 413, "request.too_large")


def test_every_fault_of_the_answers_is_told_by_its_path_in_the_body(city: City) -> None:
    with at("2025-03-03 10:02"):
        answer = city.apply(premises_area=None, contact_phone="12")
    paths = {fault["path"] for fault in is_problem(answer, 422, "cases.answers")["errors"]}
    assert {"/answers/premises_area", "/answers/contact_phone"} <= paths


def test_faults_of_a_body_s_shape_are_told_by_path(city: City) -> None:
    found = is_problem(city.applicant.post("/cases", {"answers": 3}), 422, "request.invalid")
    assert {(fault["path"], fault["code"]) for fault in found["errors"]} == {
        ("/item", "missing"),
        ("/answers", "object"),
    }


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "[\u4e00-\u9fff]"), ("en-GB", "[a-z]{3}")])
def test_problems_speak_the_reader_s_language(city: City, language: str, said: str) -> None:
    for path in ("/nowhere", "/items?size=0", "/cases/none"):
        city.applicant.language = language
        body = city.applicant.get(path).json()
        assert re.search(said, body["title"])
        assert re.search(said, body["detail"])
        assert bool(re.search("[\u4e00-\u9fff]", body["detail"])) is (language == "zh-CN")
        assert all(re.search(said, fault["message"]) for fault in body.get("errors", []))


def test_an_engine_s_refusal_is_told_in_the_reader_s_language() -> None:
    with translation.override("zh-hans"):
        body = problems.answer_to(CalendarError("calendars.year_missing", position="2099", year=2099))
    assert body.status_code == 422
    assert "calendars.year_missing" in body.content.decode()


def test_what_nobody_foresaw_is_told_without_particulars(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(cases, "drafts_of", fail)
    answer = city.applicant.get("/drafts")
    is_problem(answer, 500, "internal")
    assert b"secret" not in answer.content


def test_another_s_case_looks_absent(city: City, submitted: Any) -> None:
    case = submitted("2025-03-03 10:02")["case"]
    for path in (f"/cases/{case}", f"/cases/{case}/papers", f"/cases/{case}/timeline", f"/cases/{case}/submissions"):
        assert city.stranger.get(path).json() == city.stranger.get(path.replace(case, "x" * 22)).json()
        is_problem(city.stranger.get(path), 404, "cases.unknown")
    for act, body in (("withdrawal", {}), ("evaluation", {"grade": 1}), ("correction", {"answers": {}})):
        is_problem(city.stranger.post(f"/cases/{case}/{act}", body), 404, "cases.unknown")
    city.applicant.acting_as = "self"
    assert city.applicant.get("/cases").json()["items"] == []


def test_a_task_of_another_post_looks_absent(city: City, submitted: Any) -> None:
    submitted("2025-03-03 10:02")
    task = city.task("clerk")["token"]
    is_problem(city.reviewer.get(f"/tasks/{task}"), 404, "workflow.no_task")
    is_problem(city.reviewer.post(f"/tasks/{task}/take"), 404, "workflow.no_task")
    assert city.reviewer.get("/tasks").json()["items"] == []


def test_the_second_to_take_a_task_is_told_who_was_first(city: City, submitted: Any) -> None:
    submitted("2025-03-03 10:02")
    task = city.task("clerk")["token"]
    other = people.account("staff", holder=people.person(name="李四"))
    post = identity.posts_of(city.world.agency_id)[0]
    people.tenure(other.person, post)
    from api.conftest import program

    second = program(other.id, "read", "handle")
    assert city.clerk.post(f"/tasks/{task}/take").status_code == 200
    body = is_problem(second.post(f"/tasks/{task}/take"), 409, "workflow.already_handled")
    assert body["by"] == "孙洁"
    assert second.post(f"/tasks/{task}/release").status_code == 409
    assert city.clerk.post(f"/tasks/{task}/release").status_code == 200


def test_a_key_does_only_what_its_scopes_say(city: City) -> None:
    from api.conftest import program

    reader = program(city.world.applicant.account_id or 0, "read")
    is_problem(reader.post("/drafts", {"item": city.item}), 403, "api.scope")
    is_problem(city.applicant.get("/tasks"), 403, "api.scope")
    is_problem(city.clerk.post("/drafts", {"item": city.item}), 403, "api.scope")


def test_wrong_keys_are_refused_and_bounded(city: City) -> None:
    guesser = Program("ztk_" + "1" * 44)
    for _guess in range(20):
        is_problem(guesser.get("/items"), 401, "identity.key")
    answer = guesser.get("/items")
    is_problem(answer, 429, "api.too_many")
    assert int(answer["Retry-After"]) > 0


def test_guessing_query_codes_is_bounded_by_number(city: City, submitted: Any) -> None:
    receipt = submitted("2025-03-03 10:02")
    for guess in range(10):  # space around the number makes it no other
        number = receipt["number"].center(20 + guess)
        is_problem(city.nobody.post("/progress", {"number": number, "code": "AAAA"}), 404, "cases.unknown")
    right = {"number": receipt["number"], "code": receipt["query_code"]}
    is_problem(city.nobody.post("/progress", right), 429, "api.too_many")


def test_a_capacity_one_does_not_have_is_refused(city: City) -> None:
    city.stranger.acting_as = city.applicant.acting_as
    is_problem(city.stranger.get("/cases"), 403, "identity.no_capacity")


def test_a_revoked_key_opens_nothing(city: City) -> None:
    key = identity.api_key(city.applicant.secret)
    services.revoke_api_key(by=city.world.applicant, key=key)
    is_problem(city.applicant.get("/me"), 401, "identity.key")


def test_me_lists_the_capacities(city: City) -> None:
    me = city.applicant.get("/me").json()
    assert me["scopes"] == ["apply", "read"]
    assert me["acting_as"] == "京味餐饮有限公司"
    keys = [each["key"] for each in me["capacities"]]
    assert keys[0] == "self"
    assert keys[1].startswith("mandate:")


def test_pages_of_ours_need_their_csrf_token(city: City) -> None:
    account = identity.account(city.world.applicant.account_id or 0)
    browser = Client(enforce_csrf_checks=True)
    assert account is not None
    browser.force_login(account, "zhengtong.people.identity.adapter.Backend")
    assert browser.get("/api/v1/me").status_code == 200
    body = {"item": city.item}
    refused = browser.post("/api/v1/drafts", body, content_type="application/json", headers={"Idempotency-Key": "1"})
    is_problem(refused, 403, "api.csrf")
    browser.cookies["zt_csrf"] = "a" * 32
    headers = {"Idempotency-Key": "1", "X-CSRFToken": "a" * 32}
    assert browser.post("/api/v1/drafts", body, content_type="application/json", headers=headers).status_code == 201


def test_an_idle_session_is_a_problem_and_no_redirect(city: City) -> None:
    account = identity.account(city.world.applicant.account_id or 0)
    browser = Client()
    assert account is not None
    browser.force_login(account, "zhengtong.people.identity.adapter.Backend")
    session = browser.session
    session["zt_seen"] = int((dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)).timestamp())  # noqa: TID251 the real clock
    session.save()
    is_problem(browser.get("/api/v1/me"), 401, "identity.session_over")


def test_guesses_that_come_while_others_are_looked_up_pass_no_limit(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def slow(number: str, code: str) -> Any:
        looked.append(1)
        if len(looked) < 40:  # the next comes before this one has its answer
            city.nobody.post("/progress", {"number": number, "code": code})
        raise NotFound("cases.unknown", "no")

    monkeypatch.setattr("zhengtong.doors.api.api.checks.cases.case_by_query_code", slow)
    city.nobody.post("/progress", {"number": "110108202503030009", "code": "ABCD2345"})
    assert len(looked) == 10
