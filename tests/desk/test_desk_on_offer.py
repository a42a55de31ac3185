"""A case at which something may be started as needed lies in the inbox of whoever may start it, until that is over."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engines.bpmn_drawing import chain, document, node
from engines.bpmn_drawing import timer as timed
from factories import versions
from factories.desks import Desk
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services.work import take
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow import services as running
from zhengtong.matters.workflow import tasks
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.progress import progress_of
from zhengtong.matters.workflow.services.improvising import offers
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db


def improvised(desk: Desk, until: str = "") -> Case:
    case = desk.case()
    versions.run_as(case, versions.improvised(versions.process_of(case).definition_id, until))
    desk.act("clerk", "accept", case)
    return case


def inbox(desk: Desk, who: str, query: str = "") -> str:
    return desk.client(who).get(f"/desk/{query}").content.decode()


def listed(desk: Desk, who: str, case: Case, query: str = "") -> bool:
    return f"/desk/cases/{case.token}/" in inbox(desk, who, query)


def number(case: Case) -> int:
    return offers(case.process_id or 0)[0].number


def end(desk: Desk, case: Case) -> None:
    services.end_activities(by=desk.world.reviewer, case_id=case.id, number=number(case))


def test_it_lies_with_whoever_may_start_or_end_it_and_with_nobody_else(desk: Desk) -> None:
    case = improvised(desk)
    for query in ("", "?list=free", "?list=all", "?step=reviewer"):
        assert listed(desk, "reviewer", case, query), query
    assert not listed(desk, "reviewer", case, "?list=me")
    for who in ("clerk", "decider", "head"):
        assert not listed(desk, who, case, "?list=all"), who
    shown = inbox(desk, "reviewer")
    assert "按需核查" in shown
    assert "可启动" in shown
    found, _more = workflow.waiting([f"{desk.agency.pk}:reviewer"], account_id=None, today=clock.today())
    assert [each.holder for each in found] == ["free"]


def test_it_stays_while_something_was_started_and_goes_when_it_is_over(desk: Desk) -> None:
    case = improvised(desk)
    services.start_activity(by=desk.world.reviewer, case_id=case.id, number=number(case), element="test")
    assert listed(desk, "reviewer", case)
    assert listed(desk, "clerk", case)
    end(desk, case)
    (row,) = Task.objects.filter(subject_id=case.id, element="look_into")
    assert row.state == "cancelled"
    known = progress_of(case.process_id or 0)
    assert known is not None
    assert [each.state for each in known.places if each.element == "look_into"] == []
    assert [task.element for task in workflow.open_tasks("case", case.id)] == ["review"]
    assert "按需核查" not in inbox(desk, "reviewer")


def test_a_condition_that_comes_true_takes_it_away(desk: Desk) -> None:
    case = improvised(desk, until='outcome = "checked"')
    services.start_activity(by=desk.world.reviewer, case_id=case.id, number=number(case), element="visit")
    desk.act("reviewer", "checked", case, result="面积相符。", companions="孙洁、周正")
    assert "按需核查" not in inbox(desk, "reviewer")


def test_a_case_that_ends_takes_it_along(desk: Desk) -> None:
    case = improvised(desk)
    services.terminate_case(by=desk.world.head, case_id=case.id, reason="申请人已注销，无须继续办理。")
    assert not listed(desk, "reviewer", case, "?list=all")


def test_sent_back_to_it_it_is_there_again(desk: Desk) -> None:
    case = improvised(desk)
    services.start_activity(by=desk.world.reviewer, case_id=case.id, number=number(case), element="visit")
    desk.act("reviewer", "checked", case, result="面积相符。", companions="孙洁、周正")
    end(desk, case)
    task = workflow.open_task("case", case.id)
    assert task is not None
    services.send_back_task(by=desk.world.reviewer, task_id=task.id, to="look_into", reason="还需走访一次。")
    (row,) = Task.objects.filter(subject_id=case.id, state="offered")
    assert (row.element, row.number) == ("look_into", number(case))


def test_nobody_takes_it_in_hand_nor_hands_it_on_and_the_page_says_why(desk: Desk) -> None:
    case = improvised(desk)
    row = Task.objects.get(subject_id=case.id, state="offered")
    with pytest.raises(Conflict) as refusal:
        services.take_task(by=desk.world.reviewer, task_id=row.id)
    assert refusal.value.code == "workflow.on_offer"
    with pytest.raises(Conflict):
        services.act(by=desk.world.reviewer, task_id=row.id, outcome="", entry={})
    client = desk.client("reviewer")
    said = client.post("/desk/take/", {"chosen": str(row.id), "action": "take"}).content.decode()
    assert "这里没有要认领的任务" in said
    row.refresh_from_db()
    assert (row.state, row.assignee_id) == ("offered", None)


def test_its_light_follows_the_case(desk: Desk) -> None:
    case, later = improvised(desk), dt.date(2025, 12, 1)

    def job() -> None:
        work = take(case.id, by=SYSTEM)
        work.case.red_on = later
        running.show_anew(subject=work)

    write(job)
    assert Task.objects.get(subject_id=case.id, state="offered").red_on == later


def test_however_much_is_on_offer_the_inbox_takes_as_many_reads(desk: Desk) -> None:
    client = desk.client("reviewer")
    improvised(desk)

    def reads() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/desk/").status_code == 200
        return len(found)

    reads()
    one = reads()
    for _time in range(3):
        improvised(desk)
    assert reads() == one


def test_an_errand_offers_on_its_own_page(desk: Desk) -> None:
    uscc = Organisation.objects.get(id=desk.world.agency_id).uscc or ""
    inside = node("userTask", "visit", name="走访", zt_role="clerk")
    body = (
        node("startEvent", "s", timed("R/P7D", "timeCycle")),
        node("adHocSubProcess", "look", inside, name="按需走访", zt_role="reviewer"), node("endEvent", "e"),
        chain("s", "look", "e"),
    )  # fmt: skip
    with clock.frozen(clock.now() - dt.timedelta(days=7)):
        running.put_in_force(by=SYSTEM, xml=document(*body, name="周报", zt_agency=uscc))
    tasks.begin_due_processes()
    row, client = Task.objects.get(state="offered"), desk.client("reviewer")
    url = f"/desk/errands/{row.id}/"
    assert url in client.get("/desk/").content.decode()

    def sent(chosen: str) -> Any:
        page = client.get(url).content.decode()
        once = page.split('name="once" value="')[1].split('"')[0]
        return client.post(url, {"task": str(row.id), "once": once, "outcome": chosen})

    assert "走访" in client.get(url).content.decode()
    assert sent("visit").status_code == 302
    assert Task.objects.get(state="open").element == "visit"
    assert sent("-").status_code == 302
    assert not Task.objects.filter(state__in=["open", "offered"]).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of so few rows PostgreSQL scans them all")
def test_an_inbox_with_what_is_on_offer_reads_one_stretch_of_one_index(desk: Desk) -> None:
    improvised(desk)
    queue = f"{desk.agency.pk}:reviewer"
    with CaptureQueriesContext(connection) as found:
        assert [task.state for task in workflow.inbox([queue])] == ["offered"]
    (sent,) = found.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sent['sql']}")
        plan = str(cursor.fetchall())
    assert "USING INDEX task_waiting (queue=?)" in plan
    assert "TEMP B-TREE" not in plan
