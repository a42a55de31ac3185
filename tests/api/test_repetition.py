"""One act for one Idempotency-Key: replays answer the same, another body is refused, nothing is done twice."""

from typing import Any

import pytest

from api.conftest import City, at
from zhengtong.foundation.core.models import IdempotencyKey
from zhengtong.foundation.files.models import StoredFile
from zhengtong.matters.cases.models import Case

pytestmark = pytest.mark.django_db


def test_a_repeated_application_is_one_case_and_the_same_answer(city: City) -> None:
    with at("2025-03-03 10:02"):
        body = {"item": city.item, "answers": city.answers()}
        first, second = (city.applicant.post("/cases", body, key="same") for _again in range(2))
        assert (first.status_code, first.content) == (201, first.content)
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == "true"
        assert Case.objects.count() == 1
        changed = {**body, "answers": {**body["answers"], "staff_count": 9}}
        mismatch = city.applicant.post("/cases", changed, key="same")
    assert (mismatch.status_code, mismatch.json()["code"]) == (409, "idempotency.mismatch")


def test_the_query_code_is_not_remembered_in_clear(city: City) -> None:
    with at("2025-03-03 10:02"):
        code = city.apply().json()["query_code"]
    assert code not in str(list(IdempotencyKey.objects.values_list("reference", flat=True)))


def test_a_refused_act_is_not_remembered(city: City) -> None:
    with at("2025-03-03 10:02"):
        bad = city.applicant.post("/cases", {"item": city.item, "answers": {}}, key="one")
        assert bad.status_code == 422
        good = city.applicant.post("/cases", {"item": city.item, "answers": city.answers()}, key="one")
        assert good.status_code == 201


def test_the_key_of_one_is_not_that_of_another(city: City) -> None:
    for who in (city.applicant, city.stranger):
        assert who.post("/drafts", {"item": city.item}, key="mine").status_code == 201


def test_the_same_key_in_another_capacity_is_another_request(city: City) -> None:
    assert city.applicant.post("/drafts", {"item": city.item}, key="k").status_code == 201
    city.applicant.acting_as = "self"
    assert city.applicant.post("/drafts", {"item": city.item}, key="k").json()["code"] == "idempotency.mismatch"


@pytest.mark.parametrize("key", ["", " ", "钥匙", "x" * 201])
def test_an_act_needs_a_key_that_can_be_kept(city: City, key: str) -> None:
    sent = key.encode().decode("latin-1")
    answer = city.applicant.call("POST", "/drafts", {"item": city.item}, Idempotency_Key=sent)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key")


def test_a_repeated_upload_keeps_one_file(city: City) -> None:
    first, again = (city.applicant.upload("plan.pdf", key="u") for _again in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    other = city.applicant.upload("other.pdf", key="u")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.mismatch")
    assert StoredFile.objects.filter(destroyed_at=None).count() == 1


def test_a_wrong_type_under_a_right_name_is_refused(city: City) -> None:
    answer = city.applicant.upload("plan.pdf", b"MZ\x90\x00 not a paper at all")
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_completing_a_task_twice_is_done_once(city: City, submitted: Any) -> None:
    submitted("2025-03-03 10:02")
    with at("2025-03-03 11:00"):
        path = f"/tasks/{city.task('clerk')['token']}/complete"
        first, again = (city.clerk.post(path, {"outcome": "accept"}, key="t") for _again in range(2))
        assert (first.status_code, again.json()) == (200, first.json())
        late = city.clerk.post(path, {"outcome": "accept"})
    assert (late.status_code, late.json()["code"]) == (409, "workflow.already_handled")


def test_a_draft_is_saved_only_over_the_version_that_was_read(city: City) -> None:
    token = city.applicant.post("/drafts", {"item": city.item}).json()["token"]
    for tag, status, code in (
        (None, 428, "api.if_match"),
        ('"7"', 412, "cases.draft_changed"),
        ("*", 412, "cases.draft_changed"),
    ):
        headers = {"If_Match": tag} if tag else {}
        answer = city.applicant.call("PUT", f"/drafts/{token}", {"answers": {}}, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    saved = city.applicant.call("PUT", f"/drafts/{token}", {"answers": {"a": 1}}, If_Match='"1"')
    assert (saved.status_code, saved["ETag"]) == (200, '"2"')
    assert city.applicant.call("DELETE", f"/drafts/{token}").status_code == 204
    assert city.applicant.get(f"/drafts/{token}").status_code == 404
