"""What stood on offer before it lay in inboxes lies there after the upgrade, and nothing else changes by it."""

import importlib
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from engines.bpmn_drawing import document, flow, message, node
from factories import desks, versions
from factories.errands import Office, waiting
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries, services, tasks
from zhengtong.matters.workflow.definitions import define
from zhengtong.matters.workflow.models import Definition, Errand, Process, Task, Token
from zhengtong.matters.workflow.services.improvising import offers

pytestmark = pytest.mark.django_db
KEPT = [field.attname for field in Task._meta.concrete_fields if field.attname not in ("id", "created_at")]


@pytest.fixture
def desk() -> Iterator[desks.Desk]:
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


@pytest.fixture
def office() -> Iterator[Office]:
    with desks.at("2025-03-13 14:20"):
        yield Office()


def upgrade() -> None:
    step = importlib.import_module("zhengtong.matters.cases.migrations.0008_what_stood_on_offer_waits")
    step.lay_in_inboxes(apps, SimpleNamespace(connection=connection))


def told() -> list[dict[str, Any]]:
    """Every task there is, but for its own number and when it was laid there."""
    return list(Task.objects.order_by("process_id", "number").values(*KEPT))


def as_before() -> list[dict[str, Any]]:
    """The rows as they were before the upgrade that lays what is on offer in inboxes; and as they ought to be."""
    right = told()
    assert Task.objects.filter(state="offered").delete()[0]
    assert not Task.objects.filter(state="offered").exists()
    return right


def improvised(desk: desks.Desk) -> Case:
    case = desk.case()
    versions.run_as(case, versions.improvised(versions.process_of(case).definition_id))
    desk.act("clerk", "accept", case)
    return case


def test_a_case_gets_the_very_row_it_would_have(desk: desks.Desk) -> None:
    case = improvised(desk)
    cases.start_activity(
        by=desk.world.reviewer, case_id=case.id, number=offers(case.process_id or 0)[0].number, element="test"
    )
    right = as_before()
    for _twice in range(2):
        upgrade()
        assert told() == right
    row = Task.objects.get(state="offered")
    assert [each.id for each in queries.inbox([f"{case.agency_id}:reviewer"])] == [row.id]
    cases.end_activities(by=desk.world.reviewer, case_id=case.id, number=row.number)
    row.refresh_from_db()
    assert row.state == "cancelled"
    upgrade()
    assert not Task.objects.filter(state="offered").exists()


def test_an_errand_gets_it_and_what_it_offers_is_started(office: Office) -> None:
    errands = [office.improvised(), office.improvised()]
    right = as_before()
    for _twice in range(2):
        upgrade()
        assert told() == right
    row = Task.objects.get(state="offered", subject_id=errands[0].id)
    services.improvise_errand(by=office.reviewer, errand_id=errands[0].id, task_id=row.id, element="visit")
    assert waiting().subject_id == errands[0].id


def test_it_is_found_in_a_process_that_another_calls(office: Office) -> None:
    inside = node("userTask", "visit", name="走访", zt_role="clerk")
    look = node("adHocSubProcess", "look", inside, name="按需走访", zt_role="reviewer")
    inner = document(node("startEvent", "s"), look, flow("s", "look"))
    define(inner.replace(b'<process id="p"', b'<process id="inner"'))
    begins = node("startEvent", "s", message())
    call = node("callActivity", "call", calledElement="inner")
    xml = document(begins, call, flow("s", "call"), name="查访", zt_agency=office.agency.uscc or "")
    services.put_in_force(by=SYSTEM, xml=xml)
    services.send_message(by=SYSTEM, name="m", data={})
    tasks.deliver_messages()
    right = as_before()
    upgrade()
    assert told() == right


def test_what_is_over_ended_or_nobodys_to_start_gets_none(office: Office) -> None:
    ended, nobodys = office.improvised(), office.improvised(role="")
    over = office.improvised(cancelRemainingInstances="false")
    running = office.drafted()
    services.terminate_errand(by=office.head, errand_id=ended.id, reason="活动已取消。")
    offer = Task.objects.get(state="offered", subject_id=over.id)
    services.improvise_errand(by=office.reviewer, errand_id=over.id, task_id=offer.id, element="visit")
    Task.objects.filter(state__in=("offered", "cancelled")).delete()
    services.end_activities(
        by=office.reviewer,
        process_id=Process.objects.get(subject_id=over.id).id,
        number=offer.number,
        subject=_in_hand(over),
        now=over.opened_at,
    )
    assert Token.objects.filter(process__subject_id=over.id, number=offer.number, ended_at=None).exists()
    before = told()
    upgrade()
    assert told() == before
    assert {running.id} <= {row["subject_id"] for row in before}
    assert not Task.objects.filter(subject_id=nobodys.id).exists()


def test_a_model_that_can_no_longer_be_read_hinders_no_upgrade(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    lost, sound = office.improvised(), office.improvised(until="enough = true")
    Definition.objects.filter(id=Process.objects.get(subject_id=lost.id).definition_id).update(xml=b"<not-bpmn/>")
    Task.objects.filter(state="offered").delete()
    with caplog.at_level(logging.WARNING):
        upgrade()
    assert [row.subject_id for row in Task.objects.filter(state="offered")] == [sound.id]
    assert str(Process.objects.get(subject_id=lost.id).id) in caplog.text


def _in_hand(errand: Errand) -> Any:
    from zhengtong.matters.workflow.registry import subjects

    return subjects.get("errand")(errand.id, SYSTEM, errand.opened_at)
