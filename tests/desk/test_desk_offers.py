"""Ad-hoc sub-processes on the desk: a button for each activity on offer, and one that says nothing more is needed."""

import re

import pytest
from django.test import Client

from factories import versions
from factories.desks import Desk
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.queries import open_tasks

pytestmark = pytest.mark.django_db

READS, OFFERS = 24, 2
"""Of the page of any case, and of what is on offer."""


def improvised(desk: Desk, until: str = "") -> Case:
    case = desk.case()
    versions.run_as(case, versions.improvised(versions.process_of(case).definition_id, until))
    desk.act("clerk", "accept", case)
    return case


def look(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.token}/").content.decode()


def form(shown: str, url: str) -> dict[str, str]:
    """What the first form to this address would send, its button left out."""
    text = shown.partition(f'action="{url}"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(once|offer)" value="([^"]+)"', text))


def test_what_is_on_offer_is_started_and_ended(desk: Desk) -> None:
    case, reviewer = improvised(desk), desk.client("reviewer")
    start, end = (f"/desk/cases/{case.token}/offers/{verb}/" for verb in ("start", "end"))
    shown = look(reviewer, case)
    assert "按需核查" in shown
    assert "目前不需要办理" not in shown
    assert re.findall(r'name="activity" value="(\w+)"', shown) == ["visit", "test"]
    sent = form(shown, start) | {"activity": "visit"}
    for _again in range(2):
        assert reviewer.post(start, sent).status_code == 302
    assert [task.element for task in open_tasks("case", case.id)] == ["visit"]
    assert "现场走访" in look(reviewer, case)
    number = re.findall(r'name="offer" value="(\d+)"', shown)[-1]
    assert reviewer.post(end, form(shown, end) | {"offer": number}).status_code == 302
    shown = look(reviewer, case)
    assert "按需核查" not in shown
    assert 'value="propose_approve"' in shown
    gone = reviewer.post(start, sent | {"once": "another"})
    assert gone.status_code == 409
    assert "那里已经没有可以启动的事项" in gone.content.decode()
    assert "启动了可选事项" in reviewer.get(f"/desk/cases/{case.token}/?side=history").content.decode()


def test_another_post_sees_no_buttons_and_starts_nothing(desk: Desk) -> None:
    case, clerk = improvised(desk), desk.client("clerk")
    shown = look(clerk, case)
    assert "offers/start" not in shown
    number = re.findall(r'name="offer" value="(\d+)"', look(desk.client("reviewer"), case))[0]
    refused = clerk.post(f"/desk/cases/{case.token}/offers/start/", {"offer": number, "activity": "visit", "once": "x"})
    assert refused.status_code == 403
    assert list(open_tasks("case", case.id)) == []
    stranger = desk.client("applicant")
    assert stranger.post(f"/desk/cases/{case.token}/offers/end/", {"offer": number}).status_code == 403


def test_what_a_condition_ends_has_no_button_for_that(desk: Desk) -> None:
    case, reviewer = improvised(desk, until='outcome = "checked"'), desk.client("reviewer")
    shown = look(reviewer, case)
    assert "offers/start" in shown
    assert "offers/end" not in shown
    number = form(shown, f"/desk/cases/{case.token}/offers/start/")["offer"]
    refused = reviewer.post(f"/desk/cases/{case.token}/offers/end/", {"offer": number, "once": "x"})
    assert refused.status_code == 409
    unknown = reviewer.post(
        f"/desk/cases/{case.token}/offers/start/", {"offer": number, "activity": "decide", "once": "y"}
    )
    assert unknown.status_code == 409


def test_however_much_was_started_the_page_takes_as_many_reads(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    case, reviewer = improvised(desk), desk.client("reviewer")
    number = form(look(reviewer, case), f"/desk/cases/{case.token}/offers/start/")["offer"]
    for time in range(5):
        sent = {"offer": number, "activity": "visit", "once": f"time-{time}"}
        assert reviewer.post(f"/desk/cases/{case.token}/offers/start/", sent).status_code == 302
    with django_assert_max_num_queries(READS + OFFERS):  # type: ignore[operator] # pytest-django gives a fixture no type
        assert look(reviewer, case).count("offers/start") == 2
