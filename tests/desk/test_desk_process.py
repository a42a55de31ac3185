"""The process of a case: its steps in words, for whom the case is; its model with a drawing."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import translation
from lxml import etree

from factories import cases as made
from factories import identity as people
from factories.desks import Desk, at, give, signed_in
from zhengtong.engines.bpmn import read
from zhengtong.engines.bpmn.layout import drawn_whole
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.progress import lasting, progress_of

pytestmark = pytest.mark.django_db
READS = 12


def page(client: Client, case: Case, status: int = 200) -> str:
    answer = client.get(f"/desk/cases/{case.token}/process/")
    assert answer.status_code == status
    return answer.content.decode()


def rows(text: str) -> list[tuple[str, str]]:
    return re.findall(r'data-zt-element="(\w+)" data-zt-state="(\w+)"', text)


def test_what_was_done_is_done_now_and_comes_next_is_a_table(desk: Desk) -> None:
    case = desk.case()
    with at("2025-03-14 16:20"):
        desk.act("clerk", "accept", case)
    with at("2025-03-17 10:20"):
        text = page(desk.client("reviewer"), case)
    past = ["receive", "rules", "examine", "accept"]
    following = [("review", "now"), ("testing", "next"), ("decide", "next")]
    assert rows(text) == [(element, "done") for element in past] + following
    assert "1 天 2 小时" in text
    assert "2 天 18 小时" in text
    assert "孙洁（受理人员）" in text


def test_the_same_in_english(desk: Desk) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    client.cookies["django_language"] = "en"
    text = page(client, case)
    assert "Examine" in text
    assert "under a minute" in text


def test_timers_that_wait_are_told_with_their_hour(desk: Desk) -> None:
    case = desk.case()
    assert case.process_id is not None
    found = progress_of(case.process_id)
    assert found is not None
    (timer,) = [place for place in found.places if place.wait == "timer"]
    assert (timer.element, timer.due is not None) == ("acceptance_expired", True)
    assert "，3 月" in page(desk.client("clerk"), case)


def test_a_finished_process_has_nothing_now_and_nothing_next(desk: Desk) -> None:
    case = desk.case()
    desk.act("clerk", "return", case, reasons="不属于本机关职权")
    assert {state for _element, state in rows(page(desk.client("clerk"), case))} == {"done"}


def test_who_may_not_see_the_case_sees_no_process(desk: Desk) -> None:
    case = desk.case()
    other = people.agency()
    stranger = made.officer(other.id, "吴远")
    give(stranger, other, "case.read", "task.clerk")
    client = signed_in(stranger)
    page(client, case, 404)
    assert client.get(f"/desk/cases/{case.token}/process/model.bpmn").status_code == 404
    assert Client(HTTP_HOST="localhost").get(f"/desk/cases/{case.token}/process/").status_code in (302, 401, 403)


def test_the_model_comes_with_its_drawing(desk: Desk) -> None:
    case = desk.case()
    answer = desk.client("clerk").get(f"/desk/cases/{case.token}/process/model.bpmn")
    assert answer["Content-Disposition"].startswith("attachment")
    assert drawn_whole(read(answer.content))
    assert etree.fromstring(answer.content).find("{*}process") is not None


def test_the_page_takes_a_fixed_number_of_reads(desk: Desk, django_assert_num_queries: object) -> None:
    case = desk.reviewed()
    client = desk.client("decider")
    page(client, case)
    with django_assert_num_queries(READS):  # type: ignore[operator] # pytest-django gives a fixture no type
        page(client, case)


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (dt.timedelta(seconds=59), "不到 1 分钟", "under a minute"),
        (dt.timedelta(minutes=1), "1 分钟", "1 minute"),
        (dt.timedelta(hours=2, minutes=40), "2 小时", "2 hours"),
        (dt.timedelta(days=1), "1 天", "1 day"),
        (dt.timedelta(days=3, hours=1), "3 天 1 小时", "3 days 1 hour"),
    ],
)
def test_how_long_something_took_in_words(span: dt.timedelta, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert lasting(span) == chinese
    with translation.override("en"):
        assert lasting(span) == english
