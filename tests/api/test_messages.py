"""Messages and signals over HTTP: to a case, an errand, what begins by them; by nobody without a grant for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.conftest import City, Program, at, program
from api.test_fuzz import call, quick, value, visible
from engines.bpmn_drawing import chain, document, flow, message, node, signal, task
from factories import access, desks
from factories import identity as people
from factories.processes import waiting
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Errand, Message, Process
from zhengtong.matters.workflow.registry import subjects
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db
END = node("endEvent", "e")
LISTENS = (
    node("startEvent", "s", message("m")), node("intermediateCatchEvent", "r", message("n")), task("a"), END,
)  # fmt: skip


@pytest.fixture(autouse=True)
def day() -> Any:
    with at("2025-03-13 14:20"):
        yield


def agency(city: City) -> Organisation:
    return Organisation.objects.get(id=city.world.agency_id)


def put(city: City, *body: str, ids: tuple[str, ...] = ("s", "r", "a", "e"), key: str = "p") -> None:
    xml = document(*body, chain(*ids), zt_agency=agency(city).uscc or "", name="收款")
    services.put_in_force(by=SYSTEM, xml=xml.replace(b'id="p"', f'id="{key}"'.encode()))


def sender(city: City, *permissions: str, scope: str = "organisation") -> Program:
    """The program of an official of the agency with these permissions there, or in the whole house."""
    place = agency(city)
    post = people.post(place, name_zh="接口岗")
    account = people.officer(post)
    given = {"organisation": place} if scope == "organisation" else {"scope": "all"}
    if permissions:
        access.grant(access.role(*permissions), post=post, valid_from=desks.LONG_AGO, **given)
    return program(account.pk, "send", "read")


@pytest.fixture
def bank(city: City) -> Program:
    return sender(city, "process.send", "case.read")


def ok(answer: Any, status: int = 202) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def refused(answer: Any, status: int, code: str) -> Any:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    return answer.json()


def told(who: Program, sent: Any) -> dict[str, Any]:
    found: dict[str, Any] = ok(who.get(f"/messages/{sent['message']}"), 200)
    return found


def test_what_begins_by_it_begins_and_its_errand_is_named(city: City, bank: Program) -> None:
    put(city, *LISTENS)
    sent = ok(bank.post("/messages", {"name": "m", "data": {"amount": 12.5, "urgent": True}}))
    assert told(bank, sent)["state"] == "waiting"
    tasks.wake()
    run, seen = Process.objects.get(subject_kind="errand"), told(bank, sent)
    assert (seen["state"], seen["case"]) == ("delivered", None)
    assert run.data == {"amount": 12.5, "urgent": True}
    more = ok(bank.post("/messages", {"name": "n", "errand": seen["errand"], "data": {"bank": "x"}}))
    tasks.wake()
    assert waiting(run) == ["a"]
    assert told(bank, more)["errand"] == seen["errand"]
    event = Event.objects.filter(type="workflow.message_sent").order_by("id").first()
    assert event is not None
    assert event.actor_id is not None


def test_a_case_is_reached_by_its_token(city: City, bank: Program) -> None:
    put(city, *LISTENS)
    token = ok(city.apply(), 201)["case"]
    case = Case.objects.get(token=token)
    sent = ok(bank.post("/messages", {"name": "m", "case": token}))
    tasks.wake()
    run = Process.objects.exclude(id=case.process_id).get(subject_kind="case", subject_id=case.id)
    assert told(bank, sent)["case"] == token
    ok(bank.post("/messages", {"name": "n", "case": token}))
    tasks.wake()
    assert waiting(run) == ["a"]
    assert not Errand.objects.exists()


def test_what_is_known_but_not_awaited_yet_is_kept_until_it_is(city: City, bank: Program) -> None:
    body = (node("startEvent", "s", message("m")), task("t"), *LISTENS[1:])
    put(city, *body, ids=("s", "t", "r", "a", "e"))
    first = ok(bank.post("/messages", {"name": "m"}))
    tasks.wake()
    errand = told(bank, first)["errand"]
    early = ok(bank.post("/messages", {"name": "n", "errand": errand}))
    tasks.wake()
    assert told(bank, early)["state"] == "kept"
    run = Process.objects.get(subject_kind="errand")
    held_task = run.task_set.get(element="t")

    def job() -> None:
        held = services.Hold(held_task.id)
        subject = subjects.get("errand")(run.subject_id, SYSTEM, held_task.created_at)
        services.complete_task(by=SYSTEM, task=held.task, subject=subject, data={}, now=held_task.created_at, held=held)

    write(job, pipelined=True)
    tasks.wake()
    assert waiting(run) == ["a"]
    assert told(bank, early)["state"] == "delivered"


def test_a_name_that_nothing_takes_is_refused_and_nothing_kept(city: City, bank: Program) -> None:
    put(city, *LISTENS)
    token = ok(city.apply(), 201)["case"]
    for sent in ({"name": "unheard"}, {"name": "n"}, {"name": "n", "case": token}):
        told_ = refused(bank.post("/messages", sent), 422, "workflow.message_unknown")
        assert told_["errors"][0]["path"] == "/name"
    assert not Message.objects.exists()


def test_a_signal_reaches_all_and_nobody_is_no_fault(city: City) -> None:
    whole = sender(city, "process.send", scope="all")
    for key in ("p1", "p2"):
        put(city, node("startEvent", "s", signal("g")), task("a"), END, ids=("s", "a", "e"), key=key)
    sent = ok(whole.post("/signals", {"name": "g", "data": {"level": 2}}))
    for _ in range(3):
        tasks.wake()
    assert [run.data for run in Process.objects.filter(subject_kind="errand")] == [{"level": 2}] * 2
    assert told(whole, sent)["state"] == "over"
    unheard = ok(whole.post("/signals", {"name": "nobody hears"}))
    tasks.wake()
    assert told(whole, unheard)["state"] == "over"


def test_nobody_sends_without_the_grant_for_that_place(city: City, bank: Program) -> None:
    put(city, *LISTENS)
    token = ok(city.apply(), 201)["case"]
    without = sender(city, "case.read")
    for path, sent in (("/messages", {"name": "m"}), ("/messages", {"name": "m", "case": token}),
                       ("/signals", {"name": "g"})):  # fmt: skip
        refused(without.post(path, sent), 403, "policy.denied")
    refused(bank.post("/signals", {"name": "g"}), 403, "policy.denied")  # his grant is for one agency
    elsewhere = people.post(people.agency(), name_zh="外机关接口岗")
    account = people.officer(elsewhere)
    access.grant(access.role("process.send"), post=elsewhere, organisation=people.agency(), valid_from=desks.LONG_AGO)
    other = program(account.pk, "send")
    refused(other.post("/messages", {"name": "m"}), 403, "policy.denied")
    refused(other.post("/messages", {"name": "m", "case": token}), 404, "cases.unknown")
    refused(city.clerk.post("/messages", {"name": "m"}), 403, "api.scope")
    refused(Program("").post("/messages", {"name": "m"}), 401, "api.sign_in")
    assert not Message.objects.exists()
    assert Event.objects.filter(type="workflow.message_sent.refused").count() == 5


def test_what_became_of_it_is_told_to_its_sender_alone(city: City, bank: Program) -> None:
    put(city, *LISTENS)
    sent = ok(bank.post("/messages", {"name": "m"}))
    other = sender(city, "process.send")
    for name in (sent["message"], "nonsense", "message:1.x"):
        refused(other.get(f"/messages/{name}"), 404, "workflow.no_message")
    tasks.wake()
    errand = told(bank, sent)["errand"]
    for name in (sent["message"], "nonsense", f"{errand}x"):
        refused(bank.post("/messages", {"name": "n", "errand": name}), 404, "workflow.no_errand")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "request.invalid"),
        ({"name": ""}, 422, "request.invalid"),
        ({"name": "x" * 201}, 422, "request.invalid"),
        ({"name": "m", "data": []}, 422, "request.invalid"),
        ({"name": "m", "data": {str(key): 1 for key in range(101)}}, 422, "request.invalid"),
        ({"name": "m", "data": {"text": "长" * 6000}}, 413, "workflow.message_large"),
        ({"name": "m", "data": {"": 1}}, 422, "workflow.message_data"),
        ({"name": "m", "data": {"k" * 81: 1}}, 422, "workflow.message_data"),
        ({"name": "m", "data": {"list": [{"$number": "1e999999999"}]}}, 422, "workflow.message_data"),
        ({"name": "m", "data": {"$date": "2025-01-01"}}, 422, "workflow.message_data"),
        ({"name": "m", "data": {"big": 2**63}}, 400, "request.http_400"),
        ({"name": "m\0n"}, 400, "request.http_400"),
        ({"name": "m", "case": "x", "errand": "y"}, 404, "cases.unknown"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_code(
    sent: Any, status: int, code: str, city: City, bank: Program
) -> None:
    put(city, *LISTENS)
    answer = refused(bank.post("/messages", sent), status, code)
    if code == "workflow.message_data":
        assert all(fault["path"].startswith("/data") for fault in answer["errors"])
    assert not Message.objects.exists()


@quick
@given(sent=st.dictionaries(st.sampled_from(("name", "data", "case", "errand", "x")), value, max_size=5), key=visible)
def test_whatever_is_sent_the_answer_is_one_that_is_documented(city: City, bank: Program, sent: Any, key: str) -> None:
    for path in ("/messages", "/signals"):
        call(bank, "POST", path, sent, Idempotency_Key=key)
        call(bank, "POST", path, {"name": "m", "data": sent}, Idempotency_Key=f"{key}2")
    call(bank, "GET", f"/messages/{key.replace('/', '').replace('?', '').replace('#', '').replace('%', '')}x")


def test_about_two_things_at_once_it_is_refused(city: City, bank: Program) -> None:
    token = ok(city.apply(), 201)["case"]
    refused(bank.post("/messages", {"name": "x", "case": token, "errand": "y"}), 422, "workflow.message_about")


def test_strange_values_are_kept_as_they_are_and_stop_nothing(city: City, bank: Program) -> None:
    choice = node("exclusiveGateway", "g", default="g_a")
    body = (node("startEvent", "s", message("m")), choice, task("a"), task("b"), END)
    flows = (
        flow("s", "g"),
        flow("g", "b", 'outcome = "b" and amount > 1'),
        flow("g", "a"),
        flow("a", "e"),
        flow("b", "e"),
    )
    services.put_in_force(by=SYSTEM, xml=document(*body, *flows, zt_agency=agency(city).uscc or ""))
    strange = {"outcome": {"deep": [[[None]]]}, "amount": 1e308, "流程": "<b>", "a b": -0.0, "agency_id": 7}
    sent = ok(bank.post("/messages", {"name": "m", "data": strange}))
    tasks.wake()
    assert told(bank, sent)["state"] == "delivered"
    assert waiting(Process.objects.get(subject_kind="errand")) == ["a"]


def test_sent_twice_it_is_one_and_another_body_is_another_act(city: City, bank: Program) -> None:
    put(city, *LISTENS)
    first, second = (bank.post("/messages", {"name": "m"}, key="same") for _again in range(2))
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    refused(bank.post("/messages", {"name": "m", "data": {"x": 1}}, key="same"), 409, "idempotency.mismatch")
    refused(bank.call("POST", "/messages", {"name": "m"}), 400, "idempotency.key")
    assert Message.objects.count() == 1


def test_what_nobody_awaited_begins_the_process_that_is_published_later(city: City) -> None:
    services.send_message(by=SYSTEM, name="m", data={})
    tasks.wake()
    assert not Message.objects.get().ready
    put(city, *LISTENS)
    tasks.wake()
    assert Process.objects.filter(subject_kind="errand").count() == 1
