"""Errands over HTTP: every verb of the desk, with stable codes, once a key, for whom the desk lets do it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from api.conftest import Program, at, program
from factories.errands import Office, stands, waiting
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.models import Errand, Process

pytestmark = pytest.mark.django_db
WHY = "数字有误，请再核。"


@pytest.fixture
def office() -> Iterator[Office]:
    cache.clear()
    with at("2025-03-13 14:20"):
        yield Office()


def of(who: Actor) -> Program:
    return program(who.account_id or 0, "read", "handle")


def ok(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def refused(answer: Any, status: int, code: str) -> Any:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()


def first(caller: Program) -> dict[str, Any]:
    found: dict[str, Any] = ok(caller.get("/tasks"))["items"][0]
    return found


def official(caller: Program, errand: str, name: str) -> str:
    found = ok(caller.get(f"/handling/errands/{errand}/officials"))["items"]
    return str(next(each["token"] for each in found if each["name"] == name))


def test_it_is_found_taken_and_completed_step_by_step(office: Office) -> None:
    office.begin()
    clerk, reviewer, head = of(office.clerk), of(office.reviewer), of(office.head)
    task = first(clerk)
    assert (task["case"], task["title"], task["outcomes"]) == (None, "通报", [])
    ok(clerk.post(f"/tasks/{task['token']}/take"))
    assert stands() == [("draft", "孙洁")]
    done = {"outcome": "done", "entry": {"opinion": "初稿已拟。"}}
    for _twice in range(2):
        answer = clerk.post(f"/tasks/{task['token']}/complete", done, key="one")
        assert ok(answer) == {"case": None, "state": None}
    check = first(reviewer)["token"]
    wrong = refused(reviewer.post(f"/tasks/{check}/complete", {"outcome": "maybe"}), 422, "workflow.outcome")
    assert wrong["errors"][0]["path"] == "/outcome"
    ok(reviewer.post(f"/tasks/{check}/complete", {"outcome": "agree"}))
    refused(reviewer.post(f"/tasks/{check}/complete", {"outcome": "agree"}), 409, "workflow.already_handled")
    ok(head.post(f"/tasks/{first(head)['token']}/complete", {"outcome": "agree"}))
    assert Process.objects.get().state == "ended"
    told = ok(clerk.get(f"/handling/errands/{task['errand']}"))
    assert (told["state"], [each["words"] for each in told["history"]][-2]) == ("ended", "初稿已拟。")


def test_handed_on_sent_back_and_taken_back(office: Office) -> None:
    office.begin()
    clerk, second, reviewer = of(office.clerk), of(office.second), of(office.reviewer)
    task = first(clerk)["token"]
    to = next(each["token"] for each in ok(clerk.get(f"/tasks/{task}/colleagues"))["items"] if each["name"] == "何静")
    ok(clerk.post(f"/tasks/{task}/transfer", {"to": to, "reason": "我去开会。"}))
    ok(second.post(f"/tasks/{task}/complete", {"outcome": "done"}))
    new = ok(second.post(f"/tasks/{task}/withdrawal", {"reason": "还要改。"}))["new_task"]
    ok(second.post(f"/tasks/{new}/complete", {"outcome": "done"}))
    check = first(reviewer)["token"]
    assert [each["to"] for each in ok(reviewer.get(f"/tasks/{check}/targets"))["items"]] == ["draft"]
    back = f"/tasks/{check}/send-back"
    for to in ("", "s"):
        said = refused(reviewer.post(back, {"to": to, "reason": WHY}), 409, "errands.no_applicant")
        assert "事务没有申请人" in said["detail"]
    ok(reviewer.post(back, {"to": "draft", "reason": WHY}))
    again = first(second)
    assert (again["holder"], again["words"]) == ("何静", WHY)
    refused(second.post(f"/tasks/{new}/withdrawal", {"reason": "还要改。"}), 422, "bpmn.withdraw_not_done")


def test_colleagues_are_asked_and_answer(office: Office) -> None:
    office.drafted()
    reviewer, bystander = of(office.reviewer), of(office.bystander)
    task = first(reviewer)
    asked = {"to": [official(reviewer, task["errand"], "韩梅")], "reason": "口径对吗？"}
    assert ok(reviewer.post(f"/tasks/{task['token']}/asking", asked))["held"] is True
    (own,) = ok(bystander.get("/handling/asked"))["items"]
    assert (own["words"], own["errand"]) == ("口径对吗？", task["errand"])
    refused(reviewer.post(f"/tasks/{task['token']}/complete", {"outcome": "agree"}), 409, "workflow.held")
    ok(bystander.get(f"/handling/errands/{own['errand']}"))
    ok(bystander.post(f"/tasks/{own['token']}/opinion", {"words": "口径无误。"}))
    assert ok(bystander.get("/handling/asked"))["items"] == []
    ok(reviewer.post(f"/tasks/{task['token']}/asking", asked | {"way": "delegated"}))
    (question,) = [
        each for each in ok(reviewer.get(f"/tasks/{task['token']}/asked"))["items"] if each["state"] == "claimed"
    ]
    ok(reviewer.post(f"/tasks/{question['token']}/removal"))
    ok(reviewer.post(f"/tasks/{task['token']}/complete", {"outcome": "agree"}))
    assert stands() == [("sign", "")]


def test_it_is_urged_copied_halted_and_ended_as_posts_permit(office: Office) -> None:
    office.drafted()
    clerk, head, reader = of(office.clerk), of(office.head), of(office.bystander)
    address = f"/handling/errands/{first(of(office.reviewer))['errand']}"
    refused(reader.get(address), 404, "workflow.no_errand")
    assert ok(clerk.post(f"{address}/urging", {"words": "今天要发。"}))["state"] == "running"
    refused(head.post(f"{address}/urging"), 409, "workflow.urged_lately")
    to = official(clerk, address.rpartition("/")[2], "韩梅")
    assert ok(clerk.post(f"{address}/copies", {"to": [to]})) == {"given": 1}
    (copy,) = ok(reader.get("/handling/copies"))["items"]
    assert (copy["case"], copy["title"]) == (None, "通报")
    ok(reader.get(f"/handling/errands/{copy['errand']}"))
    refused(reader.post(f"{address}/copies", {"to": [to]}), 403, "errands.not_yours")
    assert [each["reader"] for each in ok(clerk.get(f"{address}/copies"))["items"]] == ["韩梅"]
    for act in ("halt", "termination"):
        refused(clerk.post(f"{address}/{act}", {"reason": WHY}), 403, "policy.denied")
        refused(head.post(f"{address}/{act}", {"reason": ""}), 422, "workflow.reason")
    assert ok(head.post(f"{address}/halt", {"reason": WHY}))["halted"] is True
    assert ok(head.post(f"{address}/continuation"))["halted"] is False
    ended = head.post(f"{address}/termination", {"reason": "活动已取消。"}, key="end")
    assert ok(ended) == ok(head.post(f"{address}/termination", {"reason": "活动已取消。"}, key="end"))
    assert (ok(ended)["state"], stands()) == ("cancelled", [])
    refused(head.post(f"{address}/termination", {"reason": WHY}), 409, "errands.over")
    refused(clerk.post(f"{address}/urging"), 409, "errands.nothing_waits")


def test_another_agency_finds_nothing(office: Office) -> None:
    office.drafted()
    reviewer, stranger = of(office.reviewer), of(office.stranger)
    task = first(reviewer)
    address = f"/handling/errands/{task['errand']}"
    for path in (address, f"{address}/officials", f"{address}/copies"):
        refused(stranger.get(path), 404, "workflow.no_errand")
    for act in ("halt", "termination"):
        refused(stranger.post(f"{address}/{act}", {"reason": WHY}), 404, "workflow.no_errand")
    for act, body in (("take", {}), ("send-back", {"to": "draft", "reason": WHY}), ("complete", {"outcome": "agree"})):
        refused(stranger.post(f"/tasks/{task['token']}/{act}", body), 404, "workflow.no_task")
    assert Errand.objects.count() == 1
    assert waiting().state == "open"
