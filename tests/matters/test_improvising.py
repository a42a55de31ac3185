"""Ad-hoc sub-processes through the database: what is offered is started by its post, and ends as the model says."""

from collections.abc import Iterator

import pytest

from factories import desks, versions
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.services.improvising import Offer, improvises, offers

pytestmark = pytest.mark.django_db
FOUND = {"result": "面积相符。", "companions": "孙洁、周正"}


@pytest.fixture
def desk() -> Iterator[desks.Desk]:
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def improvised(desk: desks.Desk, until: str = "") -> Case:
    """A case whose process offers a visit and a test."""
    case = desk.case()
    versions.run_as(case, versions.improvised(versions.process_of(case).definition_id, until))
    desk.act("clerk", "accept", case)
    return case


def offer(case: Case) -> Offer:
    (only,) = offers(case.process_id or 0)
    return only


def offered(case: Case) -> list[str]:
    return [each.element for found in offers(case.process_id or 0) for each in found.activities]


def waiting(case: Case) -> list[str]:
    return [task.element for task in workflow.open_tasks("case", case.id)]


def start(desk: desks.Desk, case: Case, element: str) -> None:
    services.start_activity(by=desk.world.reviewer, case_id=case.id, number=offer(case).number, element=element)


def test_each_is_started_as_often_as_needed_until_somebody_says_it_is_over(desk: desks.Desk) -> None:
    case = improvised(desk)
    assert improvises(versions.process_of(case).definition_id)
    assert (offer(case).role, offer(case).may_end, waiting(case)) == ("reviewer", True, [])
    assert [(each.element, each.name) for each in offer(case).activities] == [
        ("visit", "现场走访"),
        ("test", "抽样检测"),
    ]
    for element in ("visit", "visit", "test"):
        start(desk, case, element)
    assert waiting(case) == ["visit", "visit", "test"]
    first = workflow.open_tasks("case", case.id)[0]
    services.act(by=desk.world.reviewer, task_id=first.id, outcome="checked", entry=FOUND)
    assert [each.text for each in queries.opinions_of(case)] == ["面积相符。"]
    services.end_activities(by=desk.world.reviewer, case_id=case.id, number=offer(case).number)
    assert (waiting(case), offers(case.process_id or 0)) == (["review"], [])
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    case.refresh_from_db()
    assert case.state == State.DECIDING
    kinds = [entry.type for entry in ledger.timeline(("process", case.process_id or 0))]
    assert (kinds.count("workflow.activity_started"), kinds.count("workflow.activities_ended")) == (3, 1)


def test_a_condition_ends_it_and_nobody_else_does(desk: desks.Desk) -> None:
    case = improvised(desk, until='outcome = "checked"')
    assert not offer(case).may_end
    with pytest.raises(EngineError) as refusal:
        services.end_activities(by=desk.world.reviewer, case_id=case.id, number=offer(case).number)
    assert refusal.value.code == "bpmn.adhoc_condition"
    start(desk, case, "visit")
    desk.act("reviewer", "checked", case, **FOUND)
    assert waiting(case) == ["review"]


def test_another_post_starts_nothing_and_what_is_not_on_offer_is_refused(desk: desks.Desk) -> None:
    case = improvised(desk)
    number = offer(case).number
    for by in (desk.world.clerk, desk.world.applicant):
        with pytest.raises(NotAllowed):
            services.start_activity(by=by, case_id=case.id, number=number, element="visit")
        with pytest.raises(NotAllowed):
            services.end_activities(by=by, case_id=case.id, number=number)
    for element, code in (("review", "bpmn.not_on_offer"), ("nothing", "bpmn.not_on_offer")):
        with pytest.raises(EngineError) as refusal:
            services.start_activity(by=desk.world.reviewer, case_id=case.id, number=number, element=element)
        assert refusal.value.code == code
    for elsewhere in (0, number + 1):
        with pytest.raises(Conflict) as gone:
            services.start_activity(by=desk.world.reviewer, case_id=case.id, number=elsewhere, element="visit")
        assert gone.value.code == "workflow.offer_gone"
    assert (offered(case), waiting(case)) == (["visit", "test"], [])


def test_nothing_is_on_offer_while_the_case_is_halted_nor_once_it_is_closed(desk: desks.Desk) -> None:
    case, head = improvised(desk), desk.world.head
    desks.give(head, desk.agency, "case.halt")
    number = offer(case).number
    services.halt_case(by=desk.again("head"), case_id=case.id, reason="等待上级答复")
    assert offers(case.process_id or 0) == []
    with pytest.raises(EngineError) as refusal:
        services.start_activity(by=desk.world.reviewer, case_id=case.id, number=number, element="visit")
    assert refusal.value.code == "bpmn.suspended"
    services.terminate_case(by=head, case_id=case.id, reason="申请人已注销，无须继续办理。")
    with pytest.raises(Conflict) as over:
        services.start_activity(by=desk.world.reviewer, case_id=case.id, number=number, element="visit")
    assert over.value.code == "cases.over"


def test_a_process_without_one_reads_nothing(desk: desks.Desk, django_assert_num_queries: object) -> None:
    case = desk.accepted()
    definition = versions.process_of(case).definition_id
    improvises(definition)
    with django_assert_num_queries(0):  # type: ignore[operator] # pytest-django gives a fixture no type
        assert not improvises(definition)
