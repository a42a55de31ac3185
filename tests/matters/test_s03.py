"""Scenario S03: the food licence with correction, special procedure, e-licence and evaluation, date by date."""

import dataclasses
import datetime as dt
from contextlib import AbstractContextManager

import pytest

from factories import cases as made
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.core.models import Sequence
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.models import Case, Notice, SpecialProcedure
from zhengtong.matters.cases.services.papers import notice_facts
from zhengtong.matters.deadlines.queries import calendar, clock_of, clocks_of, engine_clock, suspensions_of
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences import services as licence_services
from zhengtong.matters.workflow.queries import light_of, open_task

pytestmark = pytest.mark.django_db


def at(text: str) -> AbstractContextManager[None]:
    """Hold time still at a local instant."""
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


def act(world: made.World, who: str, outcome: str, case_id: int, **entry: object) -> None:
    task = open_task("case", case_id)
    assert task is not None
    services.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)


@pytest.fixture
def world() -> made.World:
    return made.world()


def test_the_whole_case(world: made.World) -> None:
    Sequence.objects.create(key="licence:1110000000000401XA001:1111010800000102XJ:2025", last=122)
    with at("2025-03-03 10:02"):
        receipt = services.submit_application(
            by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant)
        )
    case = Case.objects.get(id=receipt.case_id)
    assert (case.state, case.short_no) == ("RECEIVED", "110108202503030001")
    assert case.case_no == "1111010800000102XJ411013100400025030300001"
    subject = ("case", case.id)
    assert clock_of(subject, "correction_notice").due_on == dt.date(2025, 3, 10)

    with at("2025-03-04 15:20"):
        act(world, "clerk", "request_correction", case.id, gaps=["平面布局图未标面积", "缺进货查验制度"])
    case.refresh_from_db()
    assert case.state == "CORRECTION"
    correction = clock_of(subject, "correction_due")
    assert (case.yellow_on, case.red_on) == (correction.yellow_on, correction.red_on), "the clock that runs lights it"
    assert light_of(dt.date(2025, 3, 11), case.yellow_on, case.red_on) == "green", "the notice's limit has ended"

    with at("2025-03-05 09:48"):
        services.submit_correction(by=world.applicant, case_id=case.id, answers=made.answers(world.applicant))
        with pytest.raises(Conflict) as second:
            act(world, "clerk", "request_correction", case.id, gaps=["再补一份"])
    assert second.value.code == "cases.second_correction"

    with at("2025-03-05 10:15"):
        act(world, "clerk", "accept", case.id)
    case.refresh_from_db()
    assert (case.state, case.accepted_on) == ("ACCEPTED", dt.date(2025, 3, 5))
    assert (case.promise_due, case.legal_due) == (dt.date(2025, 3, 19), dt.date(2025, 4, 2))

    with at("2025-03-10 09:30"):
        act(world, "reviewer", "suspend", case.id, procedure="TESTING", planned_days=3)
    with at("2025-03-12 16:40"):
        tested = "检测合格" + "，各项数据附后" * 200
        act(world, "reviewer", "resume", case.id, result=tested)
    assert SpecialProcedure.objects.get(case_id=case.id).result == tested
    case.refresh_from_db()
    assert (case.state, case.promise_due, case.legal_due) == ("REVIEWING", dt.date(2025, 3, 21), dt.date(2025, 4, 7))

    with at("2025-03-17 11:05"):
        act(world, "reviewer", "propose_approve", case.id, opinion="材料齐全,检测合格,建议准予许可。")
        task = open_task("case", case.id)
        assert task is not None
        both = dataclasses.replace(world.reviewer, grants=world.decider.grants)

        with pytest.raises(NotAllowed):
            services.act(by=both, task_id=task.id, outcome="approve", entry={})
    with at("2025-03-18 10:00"):
        act(world, "decider", "approve", case.id)
    case.refresh_from_db()
    assert case.state == "APPROVED"
    with at("2025-03-19 09:10"):
        act(world, "clerk", "issue", case.id)

    case.refresh_from_db()
    assert (case.state, case.close_type, case.light_at_close) == ("CLOSED", "approved", "green")
    promise = engine_clock(clock_of(subject, "promise"), suspensions_of(subject), calendar())
    assert promise.used(dt.date(2025, 3, 18)) == 7
    assert clock_of(subject, "serve").due_on == dt.date(2025, 4, 1)
    assert {row.state for row in clocks_of(subject).values()} == {"stopped"}

    licence = licences.of_case(case.id)
    assert licence is not None
    assert licence.issued_on == dt.date(2025, 3, 19)
    assert licence.identifier == "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D"
    reissued = licence_services.reissue_licence(
        by=made.officer(world.agency_id, "周正", "licence.change"),
        licence_id=licence.id,
        entries=[],
        holder_name="京味楼餐饮有限公司",
        reason="名称变更",
    )
    assert reissued.identifier.endswith("2025000123.002.B")
    licence.refresh_from_db()
    assert licence.state == "REPLACED"

    with at("2025-03-19 20:00"):
        services.evaluate_case(by=world.applicant, case_id=case.id, grade=5)
    assert [row.grade for row in queries.evaluations_of(case)] == [5]
    kinds = [notice.kind for notice in Notice.objects.filter(case_id=case.id).order_by("id")]
    assert kinds == ["receipt", "correction", "acceptance", "special_procedure", "approval", "delivery"]
    papers = [notice_facts(notice, case) for notice in Notice.objects.filter(case_id=case.id)]
    assert {paper["verification"]["case_no"] for paper in papers} == {case.short_no}, (
        "papers bear the number that the applicant asks with"
    )


def test_an_item_with_a_case_never_changes_again(world: made.World) -> None:
    services.submit_application(by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant))
    world.item.refresh_from_db()
    assert world.item.used
