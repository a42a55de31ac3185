"""Scenario S03 run whole by outside programs, over HTTP alone, date by date."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.conftest import City, at
from factories import access
from factories import identity as people
from zhengtong.foundation.core import keys
from zhengtong.foundation.core.models import Sequence
from zhengtong.foundation.files.signing import ensure_signing_key
from zhengtong.foundation.ledger.services import seal_pending
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def clocks(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in case["deadlines"]}


def test_the_whole_case(city: City) -> None:
    Sequence.objects.create(key="licence:1110000000000401XA001:1111010800000102XJ:2025", last=122)
    with at("2025-03-03 10:02"):
        receipt = ok(city.apply(), 201)
    address = f"/cases/{receipt['case']}"
    case = ok(city.applicant.get(address))
    assert (case["state"], receipt["number"], case["channel"]) == ("RECEIVED", "110108202503030001", "api")
    assert case["case_no"] == "1111010800000102XJ411013100400025030300001"
    assert clocks(case)["correction_notice"]["due_on"] == "2025-03-10"

    with at("2025-03-04 15:20"):
        ok(city.act("clerk", "request_correction", gaps=["平面布局图未标面积", "缺进货查验制度"]))
    assert ok(city.applicant.get(address))["state"] == "CORRECTION"

    with at("2025-03-05 09:48"):
        corrected = ok(city.applicant.post(f"{address}/correction", {"answers": city.answers()}))
        assert (corrected["state"], corrected["submission"]) == ("RECEIVED", 2)
        again = city.act("clerk", "request_correction", gaps=["再补一份"])
        assert (again.status_code, again.json()["code"]) == (409, "cases.second_correction")

    with at("2025-03-05 10:15"):
        waiting = ok(city.clerk.get(f"{address}/tasks"))["items"]
        assert [task["token"] for task in waiting] == [city.task("clerk")["token"]]
        assert ok(city.reviewer.get(f"{address}/tasks"))["items"] == []
        ok(city.act("clerk", "accept"))
    case = ok(city.applicant.get(address))
    assert (case["state"], case["accepted_on"]) == ("ACCEPTED", "2025-03-05")
    assert (case["promise_due"], case["legal_due"]) == ("2025-03-19", "2025-04-02")

    with at("2025-03-10 09:30"):
        ok(city.reviewer.post(f"/tasks/{city.task('reviewer')['token']}/take"))
        ok(city.act("reviewer", "suspend", procedure="TESTING", planned_days=3))
    with at("2025-03-11 12:00"):
        standing = ok(city.applicant.get(address))
        assert standing["light"] == "paused"
        assert clocks(standing)["promise"]["due_on"] is None
    with at("2025-03-12 16:40"):
        ok(city.act("reviewer", "resume", result="检测合格"))
    case = ok(city.applicant.get(address))
    assert (case["state"], case["promise_due"], case["legal_due"]) == ("REVIEWING", "2025-03-21", "2025-04-07")

    with at("2025-03-17 11:05"):
        ok(city.act("reviewer", "propose_approve", opinion="材料齐全,检测合格,建议准予许可。"))
    with at("2025-03-18 10:00"):
        ok(city.act("decider", "approve"))
    with at("2025-03-19 09:10"):
        ok(city.act("clerk", "issue"))

    with at("2025-03-19 20:00"):
        check_the_closed_case(city, address, receipt)
        check_the_licence(city)
        check_the_proof(city, address)
        graded = ok(city.applicant.post(f"{address}/evaluation", {"grade": 5}), 201)
        assert graded == {"case": receipt["case"], "round": 1, "grade": 5}


def check_the_closed_case(city: City, address: str, receipt: dict[str, Any]) -> None:
    case = ok(city.applicant.get(address))
    assert (case["state"], case["close_type"], case["light"]) == ("CLOSED", "approved", "green")
    assert case["decision"] == "approve"
    promise = next(
        each for each in ok(city.applicant.get(f"{address}/deadlines"))["items"] if each["name"] == "promise"
    )
    assert (promise["used"], promise["state"]) == (7, "stopped")
    kinds = {day["date"]: day["kind"] for day in promise["days"]}
    assert (kinds["2025-03-05"], kinds["2025-03-11"], kinds["2025-03-15"]) == ("start", "suspended", "rest")
    papers = [paper["kind"] for paper in ok(city.applicant.get(f"{address}/papers"))["items"]]
    assert papers == ["receipt", "correction", "acceptance", "special_procedure", "approval", "delivery"]
    labels = [entry["type"] for entry in ok(city.applicant.get(f"{address}/timeline?size=100"))["items"]]
    assert labels[-1] == "case.submit"
    assert not [label for label in labels if "refused" in label]
    handed = ok(city.applicant.get(f"{address}/submissions"))["items"]
    assert [each["number"] for each in handed] == [1, 2]
    shown = ok(city.nobody.post("/progress", {"number": receipt["number"], "code": receipt["query_code"]}))
    assert shown["state"] == "CLOSED"


def check_the_licence(city: City) -> None:
    licence = ok(city.applicant.get("/licences"))["items"][0]
    assert licence["identifier"] == "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D"
    checked = ok(city.nobody.get(f"/verify/licences/{licence['identifier']}"))
    assert (checked["state"], checked["number"]) == ("VALID", licence["number"])
    assert ok(city.applicant.get(f"/licences/{licence['token']}"))["fields"]
    assert ok(city.stranger.get("/licences"))["items"] == []


def check_the_proof(city: City, address: str) -> None:
    seal_pending()
    entry = ok(city.applicant.get(f"{address}/timeline?size=1"))["items"][0]
    receipt = ok(city.applicant.get(f"{address}/events/{entry['event']}/receipt"))
    assert ok(city.nobody.post("/verify/receipts", receipt)) == {"valid": True, "content_checked": True, "faults": []}
    forged = receipt | {"content": receipt["content"][:-1] + " }"}
    assert not ok(city.nobody.post("/verify/receipts", forged))["valid"]
    head = ok(city.nobody.get("/ledger/head"))
    proof = ok(city.nobody.get("/ledger/consistency?first=1"))
    assert proof["head"] == head["head"]
    assert head["public_key"] in ok(city.nobody.get("/ledger/keys"))["items"]


@pytest.fixture
def own_signer(settings: Any, tmp_path: Any) -> Iterator[None]:
    """A signing key of this test's own."""
    settings.VAR = tmp_path
    keys.forget_keys()
    keys.ensure_master_key()
    ensure_signing_key()
    yield
    keys.forget_keys()


@pytest.mark.usefixtures("own_signer")
@pytest.mark.parametrize("kind", ["papers", "licences"])
def test_documents_are_pdf(city: City, kind: str) -> None:
    with at("2025-03-03 10:02"):
        case = ok(city.apply(), 201)["case"]
        ok(city.act("clerk", "accept"))
        ok(city.act("reviewer", "propose_approve", opinion="建议准予许可。"))
        ok(city.act("decider", "approve"))
        ok(city.act("clerk", "issue"))
        base = f"/cases/{case}/papers" if kind == "papers" else "/licences"
        found = ok(city.applicant.get(base))["items"][-1]["token"]
        content = city.applicant.get(f"{base}/{found}/content")
        assert content.status_code == 200, content.content
        assert b"".join(content.streaming_content).startswith(b"%PDF-")
        if kind == "papers":
            assert ok(city.nobody.get(f"/verify/papers/{found}"))["digest"]


def test_a_draft_becomes_a_case(city: City) -> None:
    with at("2025-03-03 10:02"):
        begun = ok(city.applicant.post("/drafts", {"item": city.item, "situation": {"activity": "catering"}}), 201)
        address = f"/drafts/{begun['token']}"
        filled = ok(city.applicant.call("POST", f"{address}/prefill"))
        tag = city.applicant.get(address).headers["ETag"]
        saved = city.applicant.call("PUT", address, {"answers": filled["answers"] | city.answers()}, If_Match=tag)
        assert ok(saved)["version"] == begun["version"] + 1
        stale = city.applicant.call("PUT", address, {"answers": {}}, If_Match=tag)
        assert (stale.status_code, stale.json()["code"]) == (412, "cases.draft_changed")
        done = city.applicant.post(f"{address}/submission", key="one")
        assert ok(done, 201)["query_code"]
        assert city.applicant.post(f"{address}/submission", key="one").json() == done.json()
        assert city.applicant.get(address).status_code == 404


def test_extension_and_termination_belong_to_the_head(city: City) -> None:
    with at("2025-03-03 10:02"):
        case = ok(city.apply(), 201)["case"]
        ok(city.act("clerk", "accept"))
        ok(city.reviewer.post(f"/tasks/{city.task('reviewer')['token']}/take"))
        reason = {"reason": "需要进一步核查现场情况"}
        assert city.reviewer.post(f"/cases/{case}/extension", reason).status_code == 403
        before = ok(city.applicant.get(f"/cases/{case}"))["legal_due"]
        ok(city.head.post(f"/cases/{case}/extension", reason))
        assert ok(city.applicant.get(f"/cases/{case}"))["legal_due"] > before
        assert ok(city.head.post(f"/cases/{case}/termination", reason))["state"] == "CLOSED"


def test_withdrawal(city: City) -> None:
    with at("2025-03-03 10:02"):
        case = ok(city.apply(), 201)["case"]
        assert ok(city.applicant.post(f"/cases/{case}/withdrawal", {}))["state"] == "CLOSED"
        assert ok(city.clerk.get("/tasks"))["items"] == []


def test_a_task_is_handed_on_and_urged(city: City) -> None:
    case = ok(city.apply(), 201)["case"]
    task = city.clerk.get(f"/cases/{case}/tasks").json()["items"][0]["token"]
    assert city.clerk.get(f"/tasks/{task}/colleagues").json() == {"items": []}
    refused = city.clerk.post(f"/tasks/{task}/transfer", {"to": "nobody", "reason": "本周外出核查"})
    assert refused.status_code == 422
    assert [each["path"] for each in refused.json()["errors"]] == ["/to"]
    post = people.post(Organisation.objects.get(id=city.world.agency_id))
    access.grant(access.role("case.read", "task.clerk"), post=post)
    people.officer(post, holder=people.person(name="何静"))
    found = city.clerk.get(f"/tasks/{task}/colleagues").json()["items"]
    assert [each["name"] for each in found] == ["何静"]
    sent = {"to": found[0]["token"], "reason": "本周外出核查"}
    assert city.clerk.post(f"/tasks/{task}/transfer", sent).json()["state"] == "claimed"
    assert city.clerk.get(f"/tasks/{task}").json()["holder"] == "何静"
    assert city.clerk.post(f"/handling/cases/{case}/urging", {"words": ""}).status_code == 403
    assert city.applicant.post(f"/cases/{case}/urging").status_code == 200
    assert city.applicant.post(f"/cases/{case}/urging").status_code == 409
    assert city.clerk.get(f"/tasks/{task}").json()["urges"] == 1


def test_a_task_is_sent_back_and_a_colleague_asked(city: City) -> None:
    with at("2025-03-13 14:20"):
        ok(city.apply(), 201)
        ok(city.act("clerk", "accept"))
        ok(city.act("reviewer", "propose_approve", opinion="材料齐全，建议准予许可。"))
        task = city.task("decider")["token"]
        found = ok(city.decider.get(f"/tasks/{task}/targets"))["items"]
        assert [each["to"] for each in found] == ["review", "examine"]
        assert city.decider.post(f"/tasks/{task}/send-back", {"to": "examine", "reason": "请重办"}).status_code == 409
        assert city.decider.post(f"/tasks/{task}/send-back", {"to": "review", "reason": ""}).status_code == 422
        back = ok(city.decider.post(f"/tasks/{task}/send-back", {"to": "review", "reason": "面积不符，请再核。"}))
        assert back == {"task": task, "state": "cancelled", "held": False}
        review = city.task("reviewer")["token"]
        refused = city.reviewer.post(f"/tasks/{review}/asking", {"to": [], "reason": "如何？"})
        assert [each["path"] for each in refused.json()["errors"]] == ["/to"]
        assert city.reviewer.post(f"/tasks/{review}/opinion", {"words": "同意。"}).status_code == 409
