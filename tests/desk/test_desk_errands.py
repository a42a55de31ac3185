"""The page of all errands: found from the navigation, each led to its page, for whom it is to be read."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import desks
from factories.desks import signed_in
from factories.errands import Office, waiting
from zhengtong.doors.desk.queries import finding
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.services import together

pytestmark = pytest.mark.django_db
MOST_READS = 12


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    settings.ZT_REQUIRE_STAFF_MFA = False
    with desks.at("2025-03-13 14:20"):
        yield Office()


def page(client: Client, query: str = "", language: str = "zh-CN") -> str:
    answer = client.get(f"/desk/errands/{query}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def rows(client: Client, query: str = "") -> list[int]:
    answer = client.get(f"/desk/errands/{query}")
    assert answer.status_code == 200
    return [row["id"] for row in answer.context["table"]["rows"]]


def test_it_is_reached_from_the_navigation_and_leads_to_each_errand(office: Office) -> None:
    drafted, offered = office.drafted(), office.improvised()
    head = signed_in(office.head)
    assert '<a href="/desk/errands/">事务</a>' in html.unescape(head.get("/desk/").content.decode())
    told = page(head)
    assert '<a href="/desk/errands/" aria-current="page">事务</a>' in told
    assert rows(head) == [offered.id, drafted.id]
    for task in (waiting(), Task.objects.get(state="offered")):
        address = f"/desk/errands/whole/{task.subject_id}/"
        assert f'<a href="{address}">{task.title}</a>' in told
        own = html.unescape(head.get(address).content.decode())
        assert f'<a href="/desk/errands/{task.id}/">{task.name}</a>' in own
        assert address in head.get(f"/desk/errands/{task.id}/").content.decode()
    for words in ("核稿", "未分派", "可启动", "运行中", "3.13", "4.12"):
        assert words in told, words


def test_nobody_sees_those_of_others(office: Office) -> None:
    office.drafted()
    for who in (office.stranger, office.bystander):
        told = page(signed_in(who))
        assert "通报" not in told
        assert "还没有事务" in told
        assert rows(signed_in(who), "?state=running") == rows(signed_in(who), "?q=通报") == []
        assert rows(signed_in(who), "?after=9000000000000000000") == []
    assert Client(HTTP_HOST="localhost").get("/desk/errands/").status_code in (302, 401, 403)


def test_running_and_ended_are_told_apart_and_words_find(office: Office) -> None:
    over, halted, visits = office.drafted(), office.begin(), office.improvised()
    services.terminate_errand(by=office.head, errand_id=over.id, reason="活动已取消。")
    together.halt(by=office.head, about=("errand", halted.id), reason="等待上级答复。")
    head = signed_in(office.head)
    assert rows(head, "?state=running") == [visits.id, halted.id]
    assert rows(head, "?state=ended") == [over.id]
    assert rows(head, "?q=走访") == rows(head, f"?q={visits.id}") == [visits.id]
    assert rows(head, "?state=ended&q=走访") == []
    assert "没有符合条件的" in page(head, "?state=ended&q=走访")
    assert 'name="state" value="ended"' in page(head, "?state=ended&q=走访")
    assert "已挂起" in page(head)
    for odd in ("?state=x", "?after=x", "?after=²", "?after=" + "9" * 40):
        assert rows(head, odd) == [visits.id, halted.id, over.id], odd


def test_pages_follow_one_another(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [office.begin().id for _each in range(5)][::-1]
    monkeypatch.setattr(finding, "PAGE", 2)
    client, query, found = signed_in(office.clerk), "", []
    for _page in range(3):
        answer = client.get(f"/desk/errands/{query}")
        found += [row["id"] for row in answer.context["table"]["rows"]]
        query = answer.context["next_url"]
    assert (found, query) == (made, "")
    assert client.get(f"/desk/errands/?after={made[1]}").context["first_url"] == "/desk/errands/"


def test_in_english_and_in_a_fixed_number_of_reads(office: Office) -> None:
    head = signed_in(office.head)
    told = page(head, language="en")
    for words in ("Errands", "No errands here", "Title or number", "Errands running", "Urgent from"):
        assert words in told

    def reads() -> int:
        with CaptureQueriesContext(connection) as spoken:
            page(head)
        assert not [each["sql"] for each in spoken if "COUNT(" in each["sql"].upper()]
        return len(spoken)

    counted = []
    for more in (1, 4):
        for _each in range(more):
            office.drafted()
            office.improvised()
        counted.append(reads())
    assert counted[0] == counted[1] <= MOST_READS


def test_one_without_any_task_stands_there_with_its_page(office: Office) -> None:
    errand = office.improvised(role="")
    assert not Task.objects.exists()
    head = signed_in(office.head)
    assert f'<a href="/desk/errands/whole/{errand.id}/">走访工作</a>' in page(head)
    assert head.get(f"/desk/errands/whole/{errand.id}/").status_code == 200
