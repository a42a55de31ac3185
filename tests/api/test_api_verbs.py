"""Every verb of approval over HTTP: with the same services, and so the same rights, as the desk."""

from typing import Any

import pytest

from api.conftest import City, Program, at, program
from factories import access, desks, versions
from factories import identity as people
from zhengtong.matters.cases.models import Case
from zhengtong.people.identity.models import Account, Organisation

pytestmark = pytest.mark.django_db
WHY = "请一并签署。"
OPINION = "材料齐全，建议准予许可。"


@pytest.fixture(autouse=True)
def day() -> Any:
    with at("2025-03-13 14:20"):
        yield


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def refused(answer: Any, status: int, code: str) -> Any:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    return answer.json()


def employ(city: City, name: str, *permissions: str) -> tuple[Program, Account]:
    """Another official of the agency, with a program of his."""
    agency = Organisation.objects.get(id=city.world.agency_id)
    post = people.post(agency, name_zh=f"{name}岗")
    account = people.officer(post, holder=people.person(name=name))
    if permissions:
        access.grant(access.role(*permissions), post=post, organisation=agency, valid_from=desks.LONG_AGO)
    return program(account.pk, "read", "handle"), account


def whom(caller: Program, task: str, name: str) -> str:
    """The token by which a task's colleague is named."""
    found = ok(caller.get(f"/tasks/{task}/colleagues"))["items"]
    return str(next(each["token"] for each in found if each["name"] == name))


def official_token(caller: Program, case: str, name: str) -> str:
    """The token by which an official of the case's authority is named."""
    found = ok(caller.get(f"/handling/cases/{case}/officials"))["items"]
    return str(next(each["token"] for each in found if each["name"] == name))


def cosigned(city: City) -> str:
    """A case whose review one reviewer signs, and more can."""
    token = str(ok(city.apply(), 201)["case"])
    case = Case.objects.get(token=token)
    versions.run_as(case, versions.cosigned(versions.process_of(case).definition_id, 1))
    ok(city.act("clerk", "accept"))
    return token


def test_one_more_of_several_signs_along(city: City) -> None:
    other, _account = employ(city, "郑洁", "case.read", "task.reviewer")
    case = cosigned(city)
    task = city.task("reviewer")["token"]
    sent = {"to": [whom(city.reviewer, task, "郑洁")], "reason": WHY, "way": "alongside"}
    assert ok(city.reviewer.post(f"/tasks/{task}/asking", sent))["held"] is False
    refused(city.reviewer.post(f"/tasks/{task}/asking", sent), 409, "workflow.signs_already")
    added = next(each for each in ok(other.get(f"/cases/{case}/tasks"))["items"] if each["mine"])
    done = {"outcome": "propose_approve", "entry": {"opinion": "同意。"}}
    assert ok(other.post(f"/tasks/{added['token']}/complete", done))["state"] == "REVIEWING"
    done = {"outcome": "propose_approve", "entry": {"opinion": OPINION}}
    assert ok(city.reviewer.post(f"/tasks/{task}/complete", done))["state"] == "DECIDING"


def test_an_act_is_taken_back_until_the_next_has_acted(city: City) -> None:
    other, _account = employ(city, "吴远")
    ok(city.apply(), 201)
    ok(city.act("clerk", "accept"))
    task = city.task("reviewer")["token"]
    case = ok(city.reviewer.get(f"/tasks/{task}"))["case"]
    to = [official_token(city.reviewer, case, "吴远")]
    ok(city.reviewer.post(f"/tasks/{task}/asking", {"to": to, "reason": WHY}))
    asked = ok(other.get(f"/cases/{case}/tasks"))["items"][0]["token"]
    ok(other.post(f"/tasks/{asked}/opinion", {"words": "同意。"}))
    lacking = refused(other.post(f"/tasks/{asked}/withdrawal", {"reason": ""}), 422, "workflow.reason")
    assert [each["path"] for each in lacking["errors"]] == ["/reason"]
    refused(city.reviewer.post(f"/tasks/{asked}/withdrawal", {"reason": "说错了"}), 403, "workflow.not_your_act")
    anew = ok(other.post(f"/tasks/{asked}/withdrawal", {"reason": "说错了"}, key="once"))
    assert ok(other.post(f"/tasks/{asked}/withdrawal", {"reason": "说错了"}, key="once")) == anew
    ok(other.post(f"/tasks/{anew['new_task']}/opinion", {"words": "不同意。"}))
    done = {"outcome": "propose_approve", "entry": {"opinion": OPINION}}
    ok(city.reviewer.post(f"/tasks/{task}/complete", done))
    refused(other.post(f"/tasks/{anew['new_task']}/withdrawal", {"reason": "说错了"}), 422, "bpmn.withdraw_late")
    refused(city.reviewer.post(f"/tasks/{task}/withdrawal", {"reason": "说错了"}), 409, "cases.act_stands")


def test_who_was_asked_is_read_and_asked_no_longer(city: City) -> None:
    employ(city, "吴远")
    employ(city, "何静")
    case = str(ok(city.apply(), 201)["case"])
    ok(city.act("clerk", "accept"))
    task = city.task("reviewer")["token"]
    to = [official_token(city.reviewer, case, name) for name in ("吴远", "何静")]
    assert ok(city.reviewer.post(f"/tasks/{task}/asking", {"to": to, "reason": WHY}))["held"] is True
    asked = ok(city.reviewer.get(f"/tasks/{task}/asked"))["items"]
    assert [(each["name"], each["way"], each["words"]) for each in asked] == [
        ("吴远", "before", WHY), ("何静", "before", WHY),
    ]  # fmt: skip
    first, second = (each["token"] for each in asked)
    refused(city.head.post(f"/tasks/{first}/removal"), 404, "workflow.no_task")
    assert ok(city.reviewer.post(f"/tasks/{first}/removal"))["state"] == "cancelled"
    refused(city.reviewer.post(f"/tasks/{first}/removal"), 409, "workflow.task_gone")
    ok(city.reviewer.post(f"/tasks/{second}/removal"))
    done = {"outcome": "propose_approve", "entry": {"opinion": OPINION}}
    assert ok(city.reviewer.post(f"/tasks/{task}/complete", done))["state"] == "DECIDING"


def test_copies_are_sent_read_and_taken_back(city: City) -> None:
    other, _account = employ(city, "吴远")
    case = str(ok(city.apply(), 201)["case"])
    address = f"/handling/cases/{case}"
    assert other.get(f"/cases/{case}").status_code == 404
    to = [official_token(city.clerk, case, "吴远")]
    lacking = refused(city.clerk.post(f"{address}/copies", {"to": []}), 422, "workflow.copy")
    assert [each["path"] for each in lacking["errors"]] == ["/to"]
    refused(city.clerk.post(f"{address}/copies", {"to": ["nobody"]}), 409, "cases.no_colleague")
    assert ok(city.clerk.post(f"{address}/copies", {"to": to, "words": "请知悉"}))["given"] == 1
    assert ok(city.clerk.post(f"{address}/copies", {"to": to}))["given"] == 0
    mine = ok(other.get("/handling/copies"))["items"]
    assert [(each["case"], each["giver"], each["words"]) for each in mine] == [(case, "孙洁", "请知悉")]
    refused(other.post(f"{address}/copies", {"to": to}), 403, "policy.denied")
    ok(other.post(f"/handling/copies/{mine[0]['token']}/reading"))
    refused(city.clerk.post(f"/handling/copies/{mine[0]['token']}/reading"), 404, "workflow.no_copy")
    refused(other.post("/handling/copies/forged/reading"), 404, "workflow.no_copy")
    sent = ok(city.clerk.get(f"{address}/copies"))["items"][0]
    assert (sent["reader"], sent["mine"], sent["read_at"] is not None) == ("吴远", True, True)
    refused(other.post(f"/handling/copies/{sent['token']}/taking-back"), 404, "workflow.no_copy")
    ok(city.clerk.post(f"/handling/copies/{sent['token']}/taking-back"))
    assert ok(other.get("/handling/copies"))["items"] == []
    assert other.get(f"/cases/{case}").status_code == 404


def test_the_model_by_which_a_case_runs_is_a_bpmn_file_with_a_drawing(city: City) -> None:
    token = str(ok(city.apply(), 201)["case"])
    answer = city.reviewer.get(f"/handling/cases/{token}/process/model")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert b"BPMNDiagram" in answer.content
    refused(city.reviewer.get("/handling/cases/nosuchcase/process/model"), 404, "cases.unknown")


def test_a_case_is_halted_and_goes_on(city: City) -> None:
    case = str(ok(city.apply(), 201)["case"])
    refused(city.clerk.post(f"/cases/{case}/halt", {"reason": "等待上级答复"}), 403, "policy.denied")
    agency = Organisation.objects.get(id=city.world.agency_id)
    desks.give(city.world.head, agency, "case.halt")
    refused(city.head.post(f"/cases/{case}/halt", {"reason": ""}), 422, "workflow.reason")
    assert ok(city.head.post(f"/cases/{case}/halt", {"reason": "等待上级答复"}))["halted"] is True
    refused(city.head.post(f"/cases/{case}/halt", {"reason": "再挂起"}), 422, "bpmn.suspended")
    refused(city.act("clerk", "accept"), 422, "bpmn.suspended")
    assert ok(city.head.post(f"/cases/{case}/continuation"))["halted"] is False
    refused(city.head.post(f"/cases/{case}/continuation"), 422, "bpmn.not_suspended")
    ok(city.act("clerk", "accept"))


def test_who_is_away_names_a_substitute_who_does_his_tasks(city: City) -> None:
    other, _account = employ(city, "吴远")
    found = ok(city.clerk.get("/handling/colleagues"))["items"]
    to = next(each["token"] for each in found if each["name"] == "吴远")
    me = next(each["token"] for each in found if each["name"] == "孙洁")
    term = {"begins_on": "2025-03-13", "ends_on": "2025-03-14"}
    backwards = refused(
        city.clerk.post("/handling/absences", {"to": to, **term, "ends_on": "2025-03-12"}), 422, "access.absence"
    )
    assert [each["path"] for each in backwards["errors"]] == ["/ends_on"]
    refused(other.post("/handling/absences", {"to": to, "who": me, **term}), 403, "policy.denied")
    ok(city.apply(), 201)
    assert ok(other.get("/tasks"))["items"] == []
    entered = ok(city.clerk.post("/handling/absences", {"to": to, **term, "reason": "外出培训"}), 201)["absence"]
    shown = ok(other.get("/handling/absences"))["items"]
    assert [(each["absent"], each["substitute"], each["state"]) for each in shown] == [("孙洁", "吴远", "now")]
    task = ok(other.get("/tasks"))["items"][0]["token"]
    ok(other.post(f"/tasks/{task}/complete", {"outcome": "accept", "entry": {}}))
    assert "代" in ok(city.clerk.get(f"/tasks/{task}"))["holder"]
    refused(other.post(f"/handling/absences/{entered}/ending"), 403, "policy.denied")
    ok(city.clerk.post(f"/handling/absences/{entered}/ending"))
    assert ok(other.get("/handling/absences"))["items"][0]["state"] == "over"
    refused(city.clerk.post(f"/handling/absences/{entered}/ending"), 409, "access.absence_over")


def test_what_is_on_offer_is_started_and_ended(city: City) -> None:
    token = str(ok(city.apply(), 201)["case"])
    case = Case.objects.get(token=token)
    versions.run_as(case, versions.improvised(versions.process_of(case).definition_id))
    ok(city.act("clerk", "accept"))
    address = f"/handling/cases/{token}/offers"
    assert ok(city.clerk.get(address))["items"] == []
    found = ok(city.reviewer.get(address))["items"][0]
    assert (found["name"], [each["activity"] for each in found["activities"]]) == ("按需核查", ["visit", "test"])
    here = f"{address}/{found['token']}"
    refused(city.clerk.post(f"{here}/start", {"activity": "visit"}), 403, "workflow.not_yours")
    refused(city.reviewer.post(f"{here}/start", {"activity": "decide"}), 422, "bpmn.not_on_offer")
    refused(city.reviewer.post(f"{address}/forged/start", {"activity": "visit"}), 409, "workflow.offer_gone")
    for _again in range(2):
        ok(city.reviewer.post(f"{here}/start", {"activity": "visit"}, key="once"))
    assert [each["name"] for each in ok(city.reviewer.get(f"/cases/{token}/tasks"))["items"]] == ["现场走访"]
    refused(city.clerk.post(f"{here}/ending"), 403, "workflow.not_yours")
    ok(city.reviewer.post(f"{here}/ending"))
    assert [each["name"] for each in ok(city.reviewer.get(f"/cases/{token}/tasks"))["items"]] == ["审查"]
    refused(city.reviewer.post(f"{here}/ending"), 409, "workflow.offer_gone")


def test_a_colleague_signs_after(city: City) -> None:
    other, _account = employ(city, "郑洁", "case.read", "task.reviewer")
    case = str(ok(city.apply(), 201)["case"])
    ok(city.act("clerk", "accept"))
    task = city.task("reviewer")["token"]
    to = [whom(city.reviewer, task, "郑洁")]
    refused(
        city.reviewer.post(f"/tasks/{task}/asking", {"to": to, "reason": WHY, "way": "alongside"}),
        422, "bpmn.not_several",
    )  # fmt: skip
    refused(
        city.reviewer.post(f"/tasks/{task}/asking", {"to": to, "reason": WHY, "way": "later"}), 422, "request.invalid"
    )
    ok(city.reviewer.post(f"/tasks/{task}/asking", {"to": to, "reason": WHY, "way": "after"}))
    assert ok(city.reviewer.get(f"/tasks/{task}/asked"))["following"] == ["郑洁"]
    ok(city.reviewer.post(f"/tasks/{task}/following/removal"))
    refused(city.reviewer.post(f"/tasks/{task}/following/removal"), 409, "workflow.nobody_named")
    ok(city.reviewer.post(f"/tasks/{task}/asking", {"to": to, "reason": WHY, "way": "after"}))
    done = {"outcome": "propose_approve", "entry": {"opinion": OPINION}}
    assert ok(city.reviewer.post(f"/tasks/{task}/complete", done))["state"] == "REVIEWING"
    following = next(each for each in ok(other.get(f"/cases/{case}/tasks"))["items"] if each["mine"])
    assert following["outcomes"] == ["propose_approve", "propose_refuse", "suspend"]
    assert ok(other.post(f"/tasks/{following['token']}/complete", done))["state"] == "DECIDING"
