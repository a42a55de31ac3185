"""Tasks of processes that began of themselves: found in the inbox, taken in hand, completed by whoever may."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engines.bpmn_drawing import chain, document, node, task, timer
from factories.desks import Desk, signed_in
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def weekly(desk: Desk) -> Desk:
    """A weekly report that began of itself at the agency: written by a clerk, approved by a reviewer."""
    uscc = Organisation.objects.get(id=desk.world.agency_id).uscc or ""
    body = (
        node("startEvent", "s", timer("R/P7D", "timeCycle")), task("write", name="起草周报"),
        node("userTask", "check", name="核稿", zt_role="reviewer", zt_outcomes="agree again"), node("endEvent", "e"),
        chain("s", "write", "check", "e"),
    )  # fmt: skip
    with clock.frozen(clock.now() - dt.timedelta(days=7)):
        services.put_in_force(by=SYSTEM, xml=document(*body, name="周报", zt_agency=uscc))
    tasks.begin_due_processes()
    return desk


def typed(client: Any, number: int, **given: str) -> dict[str, str]:
    page = client.get(f"/desk/errands/{number}/").content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    return {"task": str(number), "once": once, **given}


def test_it_is_found_in_the_inbox_and_completed_step_by_step(weekly: Desk) -> None:
    first = Task.objects.get()
    clerk = weekly.client("clerk")
    inbox = clerk.get("/desk/").content.decode()
    assert f"/desk/errands/{first.id}/" in inbox
    assert "周报" in inbox
    assert "起草周报" in clerk.get(f"/desk/errands/{first.id}/").content.decode()
    given = typed(clerk, first.id)
    assert clerk.post(f"/desk/errands/{first.id}/", given).status_code == 302
    assert clerk.post(f"/desk/errands/{first.id}/", given).status_code == 302, "a double click does it once"
    second = Task.objects.get(state="open")
    reviewer = weekly.client("reviewer")
    empty = reviewer.post(f"/desk/errands/{second.id}/", typed(reviewer, second.id))
    assert empty.status_code == 422
    assert "请选择办理结果" in empty.content.decode()
    reviewer.post(f"/desk/errands/{second.id}/", typed(reviewer, second.id, outcome="agree"))
    assert Process.objects.get().state == "ended"
    assert Process.objects.get().data.get("outcome", "agree") == "agree"
    done = Event.objects.filter(type="workflow.errand_task_done", subject_kind="errand").order_by("id")
    assert list(done.values_list("actor_id", flat=True)) == [
        weekly.world.clerk.account_id,
        weekly.world.reviewer.account_id,
    ]


def test_it_is_taken_in_hand_with_others_from_the_inbox(weekly: Desk) -> None:
    first = Task.objects.get()
    clerk = weekly.client("clerk")
    assert clerk.post("/desk/take/", {"chosen": [first.id]}).status_code == 200
    first.refresh_from_db()
    assert (first.state, first.assignee_id) == ("claimed", weekly.world.clerk.account_id)
    other = signed_in(weekly.colleague("clerk"))
    page = other.get(f"/desk/errands/{first.id}/").content.decode()
    assert "同事正在办理" in page
    refused = other.post(f"/desk/errands/{first.id}/", {"task": str(first.id), "once": "k" * 20})
    assert refused.status_code == 409
    first.refresh_from_db()
    assert first.state == "claimed"


def test_nobody_else_sees_or_completes_it(weekly: Desk) -> None:
    first = Task.objects.get()
    for client in (weekly.client("reviewer"), signed_in(weekly.world.applicant)):
        assert client.get(f"/desk/errands/{first.id}/").status_code in (403, 404)
        assert client.post(f"/desk/errands/{first.id}/", {"once": "k" * 20}).status_code in (403, 404)
    case = weekly.case()
    task_of_case = Task.objects.get(subject_id=case.id)
    assert weekly.client("clerk").get(f"/desk/errands/{task_of_case.id}/").status_code == 404
    first.refresh_from_db()
    assert first.state == "open"


def test_its_page_takes_few_reads(weekly: Desk) -> None:
    clerk, number = weekly.client("clerk"), Task.objects.get().id
    clerk.get(f"/desk/errands/{number}/")
    with CaptureQueriesContext(connection) as queries:
        clerk.get(f"/desk/errands/{number}/")
    assert len(queries) <= 16, "its history, its other tasks and its copies among them"


def test_in_english(weekly: Desk) -> None:
    clerk = weekly.client("clerk")
    page = clerk.get(f"/desk/errands/{Task.objects.get().id}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Complete the task" in page
