"""One step of a case: how many statements it takes, and that it reads nothing that grows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import cases as made
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import services
from zhengtong.matters.workflow.queries import open_task

pytestmark = pytest.mark.django_db
DAY = dt.datetime(2025, 3, 5, 10, tzinfo=clock.LOCAL_ZONE)


def act(world: made.World, who: str, outcome: str, case_id: int, **entry: object) -> int:
    """Act on the waiting task; answers how many statements it took."""
    task = open_task("case", case_id)
    assert task is not None
    with CaptureQueriesContext(connection) as seen:
        services.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)
    return len(seen)


def test_a_case_takes_so_many_statements_however_many_there_are() -> None:
    world = made.world()
    answers = made.answers(world.applicant)
    counts = []
    with clock.frozen(DAY):
        for _ in range(3):
            with CaptureQueriesContext(connection) as seen:
                receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
            case = receipt.case_id
            counts.append(
                (
                    len(seen),
                    act(world, "clerk", "accept", case),
                    act(world, "reviewer", "propose_approve", case, opinion="材料齐全"),
                    act(world, "decider", "approve", case),
                )
            )
    assert counts[1] == counts[2]
    most = (27, 28, 22, 34)  # savepoints of the test among them
    assert all(count <= limit for count, limit in zip(counts[2], most, strict=True)), counts


def test_what_is_refused_is_recorded_on_its_case() -> None:
    world = made.world()
    with clock.frozen(DAY):
        receipt = services.submit_application(
            by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant)
        )
        task = open_task("case", receipt.case_id)
        assert task is not None
        with pytest.raises(NotAllowed):
            services.act(by=world.reviewer, task_id=task.id, outcome="accept", entry={})
        act(world, "clerk", "accept", receipt.case_id)
        with pytest.raises(Conflict) as late:
            services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
    assert late.value.code == "workflow.already_handled"
    assert late.value.details["by"] == "孙洁"
    types = [entry.type for entry in ledger.timeline(("case", receipt.case_id))]
    assert types.count("case.act.refused") == 2
