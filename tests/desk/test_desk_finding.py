"""Finding: within what one may see, in pages, at the cost of a page."""

import datetime as dt

import pytest

from factories import cases as made
from factories import identity as people
from factories.desks import Desk, at, give, signed_in
from zhengtong.doors.desk.queries import turning
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.messages import services as messages
from zhengtong.people.access.models import Absence

pytestmark = pytest.mark.django_db
LIST_READS, FIGURE_READS = 16, 21


def test_search_finds_by_number_and_by_applicant_only_what_one_may_see(desk: Desk) -> None:
    case = desk.case()
    other = people.agency()
    stranger = made.officer(other.id, "吴远")
    give(stranger, other, "case.read", "task.clerk")
    ledger.deliver_outbox()
    for words in (case.short_no, "京味餐饮"):
        assert case.token in desk.client("clerk").get("/desk/search/", {"q": words}).content.decode()
        assert case.token not in signed_in(stranger).get("/desk/search/", {"q": words}).content.decode()
    assert case.token not in desk.client("clerk").get("/desk/search/", {"q": "春和面馆"}).content.decode()


def test_all_cases_by_state_with_a_fixed_number_of_reads(desk: Desk, django_assert_num_queries: object) -> None:
    running, decided = desk.case(), desk.reviewed()
    desk.act("decider", "approve", decided)
    desk.act("clerk", "issue", decided)
    client = desk.client("clerk")
    client.get("/desk/cases/")
    with django_assert_num_queries(LIST_READS):  # type: ignore[operator]
        page = client.get("/desk/cases/").content.decode()
    assert (running.token in page, decided.token in page) == (True, False)
    page = client.get("/desk/cases/", {"state": "closed"}).content.decode()
    assert (running.token in page, decided.token in page) == (False, True)


def test_the_figures_count_what_waits_and_list_what_is_red(desk: Desk, django_assert_num_queries: object) -> None:
    with at("2025-03-03 10:00"):
        late = desk.case()
    with at("2025-03-12 10:00"):
        fresh = desk.case()
        client = desk.client("decider")
        client.get("/desk/overview/")
        with django_assert_num_queries(FIGURE_READS):  # type: ignore[operator]
            answer = client.get("/desk/overview/")
        page = answer.content.decode()
    assert [figure["value"] for figure in answer.context["figures"]][:3] == [1, 0, 1]
    assert (late.token in page, fresh.token in page) == (True, False)


def test_other_cases_of_the_applicant_stand_beside(desk: Desk) -> None:
    first, second = desk.case(), desk.case()
    page = desk.client("clerk").get(f"/desk/cases/{first.token}/", {"tab": "related"}).content.decode()
    assert second.token in page


def test_the_bell_counts_and_a_message_is_read_once(desk: Desk) -> None:
    clerk = desk.world.clerk
    messages.tell(
        to=messages.Recipient(person_id=clerk.person_id),
        template="case.accept",
        params={"item": "食品经营许可", "item_en": "Food licence", "number": "1"},
        stable_id="test:1",
    )
    client = desk.client("clerk")
    answer = client.get("/desk/messages/")
    assert answer.wsgi_request.zt_unread == 1  # type: ignore[attr-defined]
    assert "食品经营许可" in answer.content.decode()
    client.post(f"/desk/messages/{answer.context['rows'][0]['id']}/read/")
    assert client.get("/desk/messages/").wsgi_request.zt_unread == 0  # type: ignore[attr-defined]


def test_messages_and_absences_go_on_on_the_next_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "PAGE", 2)
    clerk, other = desk.world.clerk, people.account("staff")
    for number in range(5):
        messages.tell(
            to=messages.Recipient(person_id=clerk.person_id),
            template="case.accept",
            params={"item": "食品经营许可", "item_en": "Food licence", "number": str(number)},
            stable_id=f"test:{number}",
        )
        day = dt.date(2025, 3, 1) + dt.timedelta(days=number)
        Absence.objects.create(
            account_id=clerk.account_id,
            substitute=other,
            organisation_id=desk.world.agency_id,
            begins_on=day,
            ends_on=day,
            entered_at=clock.now(),
        )
    for address in ("/desk/messages/", "/desk/absences/"):
        seen, at = [], address
        while at:
            answer = desk.client("clerk").get(at)
            seen.append(len(answer.context["rows"]))
            assert ("第一页" in answer.content.decode()) is (len(seen) > 1)
            following = answer.context["next_url"]
            at = following and address + following
        assert seen == [2, 2, 1]


def test_what_is_not_there_is_told_to_an_official_and_leads_back_to_his_tasks(desk: Desk) -> None:
    answer = desk.client("clerk").get("/desk/cases/nowhere/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "去我的待办" in page
    assert "替几家办事" not in page
