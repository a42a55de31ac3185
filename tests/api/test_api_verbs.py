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
    done = {"outcome": "propose_approve", "entry": {"opinion": OPINION}}
    assert ok(city.reviewer.post(f"/tasks/{task}/complete", done))["state"] == "REVIEWING"
    following = next(each for each in ok(other.get(f"/cases/{case}/tasks"))["items"] if each["mine"])
    assert following["outcomes"] == ["propose_approve", "propose_refuse", "suspend"]
    assert ok(other.post(f"/tasks/{following['token']}/complete", done))["state"] == "DECIDING"
