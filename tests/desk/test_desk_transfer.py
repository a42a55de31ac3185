"""The page that hands a task on: colleagues to choose from, refusals beside their field, nothing typed lost."""

import re

import pytest
from django.test import Client

from factories import access, desks
from factories import cases as made
from factories import identity as people
from factories.desks import Desk, signed_in, task_of
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db
READS = 15


def form(client: Client, case: Case) -> tuple[str, dict[str, str]]:
    """The page and what it would send, the colleague not chosen."""
    shown = client.get(f"/desk/cases/{case.token}/transfer/").content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', shown) for name in ("task", "once")}
    return shown, {name: each[1] for name, each in found.items() if each}


def test_the_workspace_offers_it_to_whom_the_task_is_open(desk: Desk) -> None:
    case = desk.accepted()
    target = f"/desk/cases/{case.token}/transfer/"
    assert target in desk.client("reviewer").get(f"/desk/cases/{case.token}/").content.decode()
    assert target not in desk.client("clerk").get(f"/desk/cases/{case.token}/").content.decode()
    services.take_task(by=desk.colleague("reviewer", "郑洁"), task_id=task_of(case).id)
    assert target not in desk.client("reviewer").get(f"/desk/cases/{case.token}/").content.decode()


def test_a_task_is_handed_on_and_the_history_says_to_whom_and_why(desk: Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer", "郑洁")
    client = desk.client("reviewer")
    shown, given = form(client, case)
    assert "郑洁" in shown
    assert "孙洁" not in shown.split("<main", 1)[1]
    url = f"/desk/cases/{case.token}/transfer/"
    sent = given | {"to": f"{to.account_id} ", "reason": "本周外出核查"}
    for _again in range(2):
        assert client.post(url, sent)["Location"] == f"/desk/cases/{case.token}/"
    assert task_of(case).assignee_id == to.account_id
    history = client.get(f"/desk/cases/{case.token}/?side=history").content.decode()
    assert history.count("赵敏 → 郑洁：本周外出核查") == 1
    assert case.token in signed_in(to).get("/desk/?list=me").content.decode()
    assert case.token not in client.get("/desk/?list=me").content.decode()


def test_what_lacks_is_said_beside_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer", "郑洁")
    client = desk.client("reviewer")
    _shown, given = form(client, case)
    url = f"/desk/cases/{case.token}/transfer/"
    nobody = client.post(url, given | {"reason": "本周外出核查"})
    assert nobody.status_code == 422
    assert 'id="to-error"' in nobody.content.decode()
    assert "本周外出核查" in nobody.content.decode()
    why = client.post(url, given | {"to": f"{to.account_id} ", "reason": ""})
    assert why.status_code == 422
    assert 'id="reason-error"' in why.content.decode()
    assert re.search(rf'value="{to.account_id} "[^>]*checked', why.content.decode())


def test_the_slower_of_two_learns_who_has_it_and_keeps_his_words(desk: Desk) -> None:
    case, to = desk.accepted(), desk.colleague("reviewer", "郑洁")
    client = desk.client("reviewer")
    _shown, given = form(client, case)
    services.take_task(by=to, task_id=task_of(case).id)
    answer = client.post(
        f"/desk/cases/{case.token}/transfer/", given | {"to": f"{to.account_id} ", "reason": "写好的原因"}
    )
    assert answer.status_code == 409
    assert re.search(r"郑洁已于 \d+ 月 \d+ 日 \d+:\d\d 处理", answer.content.decode())
    assert "写好的原因" in answer.content.decode()


def test_it_is_closed_to_others(desk: Desk) -> None:
    case, to = desk.accepted(), desk.colleague("clerk", "郑洁")
    clerk = desk.client("clerk")
    shown, _given = form(clerk, case)
    assert "<textarea" not in shown
    given = {"task": str(task_of(case).id), "once": "k", "to": f"{to.account_id} ", "reason": "本周外出"}
    assert clerk.post(f"/desk/cases/{case.token}/transfer/", given).status_code == 403
    elsewhere = people.agency()
    stranger = made.officer(elsewhere.id, "吴远")
    desks.give(stranger, elsewhere, "case.read", "task.reviewer")
    assert signed_in(stranger).post(f"/desk/cases/{case.token}/transfer/", given).status_code == 404
    assert task_of(case).assignee_id is None


def test_colleagues_are_read_in_a_fixed_number_of_queries(desk: Desk, django_assert_num_queries: object) -> None:
    case = desk.accepted()
    role = access.role("task.reviewer")
    agency = Organisation.objects.get(id=desk.world.agency_id)
    for number in range(30):
        post = people.post(agency, name_zh=f"审查{number}岗")
        people.officer(post)
        access.grant(role, post=post, valid_from=desks.LONG_AGO)
    client = desk.client("reviewer")
    form(client, case)
    with django_assert_num_queries(READS):  # type: ignore[operator]
        shown, _given = form(client, case)
    assert shown.count('name="to"') == 30
