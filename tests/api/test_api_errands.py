"""Errands over HTTP: every verb of the desk, with stable codes, once a key, for whom the desk lets do it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.conftest import Program, at, program
from factories.errands import Office, stands, waiting
from zhengtong.doors.api.api.naming import number_name
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
    for path in (
        *(address, f"{address}/officials", f"{address}/copies"),
        *(f"{address}/processes", f"{address}/processes/1/model"),
    ):
        refused(stranger.get(path), 404, "workflow.no_errand")
    for act in ("halt", "termination"):
        refused(stranger.post(f"{address}/{act}", {"reason": WHY}), 404, "workflow.no_errand")
    for act, body in (("take", {}), ("send-back", {"to": "draft", "reason": WHY}), ("complete", {"outcome": "agree"})):
        refused(stranger.post(f"/tasks/{task['token']}/{act}", body), 404, "workflow.no_task")
    assert Errand.objects.count() == 1
    assert waiting().state == "open"


def test_the_model_of_what_moves_it_is_a_bpmn_file_with_a_drawing(office: Office) -> None:
    office.drafted()
    reviewer = of(office.reviewer)
    address = f"/handling/errands/{first(reviewer)['errand']}/processes"
    (moving,) = ok(reviewer.get(address))["items"]
    assert (moving["number"], moving["name"], moving["state"], moving["halted"]) == (1, "通报", "running", False)
    answer = reviewer.get(f"{address}/1/model")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="process.bpmn"'
    assert b"BPMNDiagram" in answer.content
    for number in (0, 2, 10**18):
        refused(reviewer.get(f"{address}/{number}/model"), 404, "api.no_process")


def offers_of(errand: Errand) -> str:
    return f"/handling/errands/{number_name('errand', errand.id)}/offers"


def test_what_an_errand_offers_is_started_once_a_key_and_ended(office: Office) -> None:
    errand = office.improvised()
    reviewer, clerk = of(office.reviewer), of(office.clerk)
    assert first(reviewer)["state"] == "offered"
    address = f"/handling/errands/{first(reviewer)['errand']}/offers"
    assert address == offers_of(errand)
    (found,) = ok(reviewer.get(address))["items"]
    assert (found["name"], found["activities"]) == ("按需走访", [{"activity": "visit", "name": "走访"}])
    assert found["may_end"] is True
    assert ok(reviewer.get(address, Accept_Language="en"))["items"][0]["activities"][0]["name"] == "Visit"
    here = f"{address}/{found['token']}"
    for _twice in range(2):
        assert ok(reviewer.post(f"{here}/start", {"activity": "visit"}, key="one")) == {"offer": found["token"]}
    assert stands() == [("visit", "")]
    refused(reviewer.post(f"{here}/start", {"activity": "other"}, key="one"), 409, "idempotency.mismatch")
    refused(reviewer.post(f"{here}/start", {"activity": "look"}), 422, "bpmn.not_on_offer")
    refused(reviewer.post(f"{here}/start", {}), 422, "request.invalid")
    refused(reviewer.post(f"{here}/start", {"activity": "visit"}, Idempotency_Key=""), 400, "idempotency.key")
    ok(reviewer.post(f"{here}/start", {"activity": "visit"}))
    assert stands() == [("visit", "")] * 2
    ok(clerk.post(f"/tasks/{first(clerk)['token']}/complete", {"outcome": "done"}))
    for _twice in range(2):
        ok(reviewer.post(f"{here}/ending", key="end"))
    assert (stands(), Process.objects.get().state) == ([], "ended")
    assert ok(reviewer.get(address))["items"] == []
    refused(reviewer.post(f"{here}/start", {"activity": "visit"}), 409, "workflow.offer_gone")
    refused(reviewer.post(f"{here}/ending"), 409, "workflow.offer_gone")


def test_who_does_not_hold_its_post_starts_nothing_of_an_errand(office: Office) -> None:
    errand = office.improvised()
    address = offers_of(errand)
    token = ok(of(office.reviewer).get(address))["items"][0]["token"]
    ok(of(office.head).get(address.removesuffix("/offers")))
    assert ok(of(office.head).get(address))["items"] == []
    refused(of(office.clerk).get(address), 404, "workflow.no_errand")
    here = f"{address}/{token}"
    for act, body in (("start", {"activity": "visit"}), ("ending", None)):
        refused(of(office.head).post(f"{here}/{act}", body), 403, "workflow.not_yours")
        refused(of(office.bystander).post(f"{here}/{act}", body), 404, "workflow.no_errand")
        refused(of(office.stranger).post(f"{here}/{act}", body), 404, "workflow.no_errand")
        refused(program(office.reviewer.account_id or 0, "read").post(f"{here}/{act}", body), 403, "api.scope")
    refused(of(office.stranger).get(address), 404, "workflow.no_errand")
    assert stands() == []


def test_an_offer_is_of_its_errand_alone(office: Office) -> None:
    one, other, plain = office.improvised(), office.improvised(), office.drafted()
    reviewer = of(office.reviewer)
    token = ok(reviewer.get(offers_of(one)))["items"][0]["token"]
    assert ok(reviewer.get(offers_of(plain)))["items"] == []
    own = number_name("offer", waiting().id)
    for address in (f"{offers_of(other)}/{token}", f"{offers_of(plain)}/{own}", f"{offers_of(one)}/forged"):
        refused(reviewer.post(f"{address}/start", {"activity": "visit"}), 409, "workflow.offer_gone")
        refused(reviewer.post(f"{address}/ending"), 409, "workflow.offer_gone")
    assert stands() == [("check", "")]


def test_nothing_is_on_offer_while_an_errand_is_halted_and_a_condition_says_when_it_is_over(office: Office) -> None:
    address = offers_of(office.improvised(until="enough = true"))
    reviewer, head = of(office.reviewer), of(office.head)
    (found,) = ok(reviewer.get(address))["items"]
    assert found["may_end"] is False
    refused(reviewer.post(f"{address}/{found['token']}/ending"), 422, "bpmn.adhoc_condition")
    ok(head.post(f"{address.removesuffix('/offers')}/halt", {"reason": WHY}))
    assert ok(reviewer.get(address))["items"] == []
    refused(reviewer.post(f"{address}/{found['token']}/start", {"activity": "visit"}), 422, "bpmn.suspended")
    assert stands() == []


def listing(caller: Program, query: str = "", size: int = 2) -> list[dict[str, Any]]:
    """Every row of the list, page by page."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = ok(caller.get(f"/handling/errands?size={size}{query}{f'&cursor={cursor}' if cursor else ''}"))
        assert len(page["items"]) <= size
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = page["next"]


def test_errands_are_listed_page_by_page_for_whom_they_are_to_be_read(office: Office) -> None:
    first_one, *_more, over = (office.begin() for _each in range(5))
    offers = office.improvised()
    head, clerk, reviewer, stranger = (of(who) for who in (office.head, office.clerk, office.reviewer, office.stranger))
    ok(head.post(f"/handling/errands/{number_name('errand', over.id)}/termination", {"reason": "活动已取消。"}))
    ok(head.post(f"/handling/errands/{number_name('errand', first_one.id)}/halt", {"reason": WHY}))
    found = listing(head)
    names = [number_name("errand", each.id) for each in Errand.objects.order_by("-id")]
    assert [each["errand"] for each in found] == names
    assert {each["errand"] for each in listing(clerk)} == set(names) - {number_name("errand", offers.id)}
    assert [each["title"] for each in listing(reviewer)] == ["走访工作"]
    assert listing(stranger) == listing(of(office.bystander)) == []
    assert ok(stranger.get("/handling/errands")) == {"items": [], "next": None}
    told = {each["errand"]: each for each in found}
    ended, halted = told[number_name("errand", over.id)], told[names[-1]]
    assert (ended["state"], ended["ended_at"] is None, halted["halted"], halted["ended_at"]) == (
        "cancelled", False, True, None,
    )  # fmt: skip
    assert ok(head.get(f"/handling/errands/{ended['errand']}"))["state"] == "cancelled"
    assert [each["errand"] for each in listing(head, "&state=ended")] == [ended["errand"]]
    assert len(listing(head, "&state=running")) == 5
    assert [each["title"] for each in listing(head, "&q=走访")] == ["走访工作"]
    assert len(listing(head, f"&agency={office.agency.uscc}")) == 6
    assert listing(head, "&agency=91110108MA01A00373") == []
    refused(head.get("/handling/errands?state=halted"), 422, "request.invalid")
    refused(head.get("/handling/errands?size=101"), 422, "request.invalid")
    refused(program(office.head.account_id or 0, "read").get("/handling/errands"), 403, "api.scope")


def test_a_cursor_of_errands_is_of_its_reader_and_its_filters(office: Office) -> None:
    for _each in range(3):
        office.begin()
    cursor = ok(of(office.head).get("/handling/errands?size=1"))["next"]
    for who, query in ((office.clerk, ""), (office.stranger, ""), (office.head, "&state=running")):
        refused(of(who).get(f"/handling/errands?size=1{query}&cursor={cursor}"), 422, "request.cursor")


def test_the_list_of_errands_costs_the_same_however_long_it_is(office: Office) -> None:
    head, costs = of(office.head), []
    for more in (2, 6):
        for _each in range(more):
            office.begin()
        head.get("/handling/errands")
        with CaptureQueriesContext(connection) as spoken:
            assert len(ok(head.get("/handling/errands"))["items"]) >= more
        assert not [each["sql"] for each in spoken if "COUNT(" in each["sql"].upper()]
        costs.append(len(spoken))
    assert costs[0] == costs[1], [each["sql"] for each in spoken]


def test_one_without_a_task_says_what_it_waits_for_and_until_when(office: Office) -> None:
    errand = office.waited()
    address = f"/handling/errands/{number_name('errand', errand.id)}"
    told = ok(of(office.head).get(address))
    assert (told["items"], told["state"], told["begun_by"], told["agency"]) == (
        [], "running", "message", office.agency.uscc,
    )  # fmt: skip
    assert [(each["name"], each["state"], each["wait"], each["due"]) for each in told["steps"]] == [
        ("公示期满", "now", "timer", "2025-03-16T06:20:00Z"),
        ("归档", "next", "", None),
    ]
    assert ok(of(office.head).get(address, Accept_Language="en"))["steps"][1]["name"] == "File"
    for who in (office.stranger, office.clerk, office.bystander):
        refused(of(who).get(address), 404, "workflow.no_errand")
    done = office.drafted()
    (draft, *_more) = ok(of(office.clerk).get(f"/handling/errands/{number_name('errand', done.id)}"))["steps"]
    assert (draft["element"], draft["state"], draft["by"], draft["role"]) == ("draft", "done", "孙洁", "clerk")
