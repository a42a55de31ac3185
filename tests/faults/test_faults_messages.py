"""A message sent twice at the same moment is one, begins one process, and both senders are told the same."""

from typing import Any

import pytest

from api.conftest import Program, program
from engines.bpmn_drawing import chain, document, message, node, task
from factories import access, desks
from factories import cases as cities
from factories import identity as people
from faults.house import at_once
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Message, Process
from zhengtong.people.identity.models import Organisation

BEGINS = (node("startEvent", "s", message()), task("a"), node("endEvent", "e"), chain("s", "a", "e"))
MANY = 6


@pytest.fixture
def bank(world_on_both: cities.World) -> Program:
    """A program that may send to the agency's processes, one of which begins by a message."""
    agency = Organisation.objects.get(id=world_on_both.agency_id)

    def job() -> int:
        post = people.post(agency, name_zh="接口岗")
        account = people.officer(post)
        access.grant(access.role("process.send"), post=post, organisation=agency, valid_from=desks.LONG_AGO)
        return account.pk

    account_id = write(job)
    services.put_in_force(by=SYSTEM, xml=document(*BEGINS, zt_agency=agency.uscc or ""))
    return program(account_id, "send")


def sent(bank: Program, key: str) -> Any:
    return bank.post("/messages", {"name": "m", "data": {"amount": 1}}, key=key)


def test_sent_many_times_at_once_under_one_key_it_is_one(bank: Program) -> None:
    answers = at_once([lambda: sent(bank, "same")] * MANY)
    assert {answer.status_code for answer in answers} == {202}, [answer.content for answer in answers]
    assert len({answer.json()["message"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == MANY - 1
    at_once([tasks.deliver_messages] * 3)
    assert Message.objects.count() == 1
    assert Process.objects.filter(subject_kind="errand").count() == 1
    assert Event.objects.filter(type="workflow.message_sent").count() == 1


def test_those_of_other_keys_are_each_their_own(bank: Program) -> None:
    answers = at_once([lambda key=key: sent(bank, f"key {key}".replace(" ", "-")) for key in range(MANY)])  # type: ignore[misc] # a lambda of its own each
    assert {answer.status_code for answer in answers} == {202}
    at_once([tasks.deliver_messages] * 3)
    assert Process.objects.filter(subject_kind="errand").count() == MANY
    assert not Message.objects.filter(delivered_at=None)
