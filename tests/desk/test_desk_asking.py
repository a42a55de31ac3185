"""Small pages of the desk: urging, copies sent and read, several tasks handed on at once."""

import re

import pytest
from django.test import Client

from factories import desks
from factories import identity as people
from factories.desks import Desk, signed_in, task_of
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db
COPIES_READS = 9  # one of them because the reader has no role: does he stand in for somebody?


def serving(desk: Desk, name: str) -> Actor:
    """An official who holds a post of the agency that permits nothing."""
    post = people.post(Organisation.objects.get(id=desk.world.agency_id), name_zh=f"{name}岗")
    return identity.actor_for(people.officer(post, holder=people.person(name=name)))


def form(client: Client, url: str) -> tuple[str, dict[str, str]]:
    shown = client.get(url).content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', shown) for name in ("task", "once")}
    return shown, {name: each[1] for name, each in found.items() if each}


def test_who_waits_for_a_case_urges_once(desk: Desk) -> None:
    case = desk.accepted()
    clerk, url = desk.client("clerk"), f"/desk/cases/{case.token}/urge/"
    assert url in clerk.get(f"/desk/cases/{case.token}/").content.decode()
    _shown, given = form(clerk, url)
    for _again in range(2):
        assert clerk.post(url, given | {"reason": "申请人周五开业。"}).status_code == 302
    assert task_of(case).urges == 1
    history = clerk.get(f"/desk/cases/{case.token}/?side=history").content.decode()
    assert history.count("申请人周五开业。") == 1
    assert url not in history
    assert "催办 1 次" in desk.client("reviewer").get("/desk/").content.decode()
    late = clerk.post(url, given | {"once": "another", "reason": "再催"})
    assert late.status_code == 409
    assert "起可再次催办" in late.content.decode()
    assert "再催" in late.content.decode()


def test_who_has_nothing_to_do_with_it_is_offered_nothing(desk: Desk) -> None:
    case = desk.accepted()
    url = f"/desk/cases/{case.token}/urge/"
    assert url not in desk.client("decider").get(f"/desk/cases/{case.token}/").content.decode()
    shown, given = form(desk.client("decider"), url)
    assert "<textarea" not in shown
    assert desk.client("decider").post(url, given | {"task": str(task_of(case).id), "once": "k"}).status_code == 403
    assert task_of(case).urges == 0


def test_a_copy_is_sent_read_and_taken_back(desk: Desk) -> None:
    case, reader = desk.accepted(), serving(desk, "吴远")
    clerk, mine = desk.client("clerk"), signed_in(reader)
    assert mine.get(f"/desk/cases/{case.token}/").status_code == 404
    shown, given = form(clerk, f"/desk/cases/{case.token}/copy/")
    assert "吴远" in shown
    sent = given | {"to": str(reader.account_id), "reason": "请知悉。"}
    assert clerk.post(f"/desk/cases/{case.token}/copy/", sent).status_code == 302
    tab = mine.get("/desk/copies/").content.decode()
    assert "请知悉。" in tab
    assert "未阅" in tab
    answer = mine.get(f"/desk/cases/{case.token}/?side=history")
    assert answer.status_code == 200
    opened = answer.content.decode()
    assert f"/desk/cases/{case.token}/copy/" not in opened
    assert 'name="outcome"' not in opened
    mark = re.search(r'action="(/desk/copies/\d+/read/)"', tab)
    assert mark
    assert mine.post(mark[1]).status_code == 302
    assert "未阅" not in mine.get("/desk/copies/").content.decode()
    history = clerk.get(f"/desk/cases/{case.token}/?side=history").content.decode()
    assert "孙洁 → 吴远" in history
    back = re.search(r'action="(/desk/cases/[^"]+/take-back/)"', history)
    assert back
    assert back[1] not in desk.client("reviewer").get(f"/desk/cases/{case.token}/?side=history").content.decode()
    assert clerk.post(back[1]).status_code == 302
    assert mine.get(f"/desk/cases/{case.token}/").status_code == 404
    assert case.token not in mine.get("/desk/copies/").content.decode()


def test_copies_come_in_pages_with_the_same_number_of_reads(desk: Desk, django_assert_num_queries: object) -> None:
    reader = serving(desk, "吴远")
    case = desk.accepted()
    for number in range(3):
        if number:
            case = desk.accepted()
        services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[reader.account_id or 0])
    mine = signed_in(reader)
    mine.get("/desk/copies/")
    with django_assert_num_queries(COPIES_READS):  # type: ignore[operator] # pytest-django gives a fixture no type
        shown = mine.get("/desk/copies/").content.decode()
    assert shown.count("/read/") == 3


def test_several_tasks_are_handed_on_at_once(desk: Desk) -> None:
    cases, to = [desk.accepted() for _each in range(3)], desk.colleague("reviewer", "郑洁")
    client = desk.client("reviewer")
    ids = [str(task_of(case).id) for case in cases]
    moved = client.post("/desk/take/", {"action": "hand_on", "chosen": ids})
    assert moved.status_code == 302
    shown, given = form(client, moved["Location"])
    assert shown.count('name="chosen"') == 3
    nobody = client.post("/desk/hand-on/", {"chosen": ids, "reason": "本周外出核查"})
    assert nobody.status_code == 422
    assert "本周外出核查" in nobody.content.decode()
    services.take_task(by=to, task_id=int(ids[2]))
    sent = {"chosen": ids, "to": f"{to.account_id} ", "reason": "本周外出核查", **given}
    assert client.post("/desk/hand-on/", sent).status_code == 302
    inbox = client.get("/desk/").content.decode()
    assert "已转办 2 项任务" in inbox
    assert "郑洁已于" in inbox
    assert [task_of(case).assignee_id for case in cases] == [to.account_id] * 3


def test_tasks_of_different_steps_are_not_handed_on_together(desk: Desk) -> None:
    agency = Organisation.objects.get(id=desk.world.agency_id)
    desks.give(desk.world.reviewer, agency, "task.clerk")
    ids = [task_of(desk.accepted()).id, task_of(desk.case()).id]
    shown = desk.client("reviewer").get(f"/desk/hand-on/?chosen={ids[0]}&chosen={ids[1]}").content.decode()
    assert "<textarea" not in shown


def test_an_absence_is_entered_seen_and_ended(desk: Desk) -> None:
    absent, other = serving(desk, "李雷"), serving(desk, "吴远")
    mine = signed_in(absent)
    shown, given = form(mine, "/desk/absences/new/")
    assert "吴远" in shown
    assert 'name="who"' not in shown
    sent = given | {"to": str(other.account_id), "begins_on": "2025-03-17", "ends_on": "2025-03-21", "reason": "年休假"}
    wrong = mine.post("/desk/absences/new/", sent | {"ends_on": "2025-03-16"})
    assert wrong.status_code == 422
    assert 'id="ends_on-error"' in wrong.content.decode()
    assert "年休假" in wrong.content.decode()
    assert mine.post("/desk/absences/new/", sent).status_code == 302
    twice = mine.post("/desk/absences/new/", sent | {"once": "another"})
    assert twice.status_code == 409
    assert "2025-03-17" in twice.content.decode()
    assert "李雷离岗，吴远代理" in signed_in(other).get("/desk/absences/").content.decode()
    listed = mine.get("/desk/absences/").content.decode()
    end = re.search(r'action="(/desk/absences/\d+/end/)"', listed)
    assert end
    assert signed_in(other).post(end[1]).status_code == 403
    assert mine.post(end[1]).status_code == 302
    assert end[1] not in mine.get("/desk/absences/").content.decode()
