"""Whoever stands in for an absent colleague hears what is put to that one, for he is the one who does it."""

import datetime as dt
from collections.abc import Iterator

import pytest

from factories import desks
from factories import identity as people
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.messages.registry import templates
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.queries import open_tasks
from zhengtong.people.access.models import Absence
from zhengtong.people.identity.models import Account

pytestmark = pytest.mark.django_db
TODAY = dt.date(2025, 3, 13)


@pytest.fixture
def desk() -> Iterator[desks.Desk]:
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def serving(desk: desks.Desk, name: str) -> Actor:
    found = desk.colleague("reviewer", name)
    account = Account.objects.get(id=found.account_id)
    assert account.person is not None
    people.tenure(account.person, people.post(desk.agency, name_zh=f"{name}岗"))
    return found


def away(desk: desks.Desk, absent: Actor, substitute: Actor, day: dt.date = TODAY) -> Absence:
    accounts = {"account_id": absent.account_id, "substitute_id": substitute.account_id}
    return Absence.objects.create(**accounts, organisation=desk.agency, begins_on=day, ends_on=day)


def told(who: Actor) -> list[tuple[str, str]]:
    deliver_outbox()
    found = messages.visible_to(who).order_by("id")
    return [(each.template, templates.get(each.template).draw("zh-hans", each.params)[0]) for each in found]


@pytest.mark.parametrize("way", [Asked.BEFORE, Asked.DELEGATED])
def test_what_is_asked_of_somebody_absent_is_told_to_his_substitute_too(desk: desks.Desk, way: Asked) -> None:
    case, absent, substitute = desk.accepted(), serving(desk, "郑洁"), serving(desk, "吴远")
    away(desk, absent, substitute)
    task = desks.task_of(case).id
    services.ask_colleagues(
        by=desk.world.reviewer, task_id=task, account_ids=[absent.account_id or 0], reason="消防条件如何？", way=way
    )
    name = {Asked.BEFORE: "workflow.signers_added", Asked.DELEGATED: "workflow.task_delegated"}[way]
    assert [template for template, _subject in told(absent)] == [name]
    ((template, subject),) = told(substitute)
    assert template == f"{name}.in_place"
    assert "您代郑洁" in subject
    assert told(substitute) == [(template, subject)]


def test_nobody_else_is_told_nor_he_who_stood_in_before(desk: desks.Desk) -> None:
    case, asked, other = desk.accepted(), serving(desk, "郑洁"), serving(desk, "吴远")
    away(desk, asked, other, dt.date(2025, 3, 12))
    away(desk, other, desk.world.clerk)
    ask = {"account_ids": [asked.account_id or 0], "reason": "消防条件如何？"}
    services.ask_colleagues(by=desk.world.reviewer, task_id=desks.task_of(case).id, **ask)
    assert (len(told(asked)), told(other), told(desk.world.clerk)) == (1, [], [])


def test_who_asked_and_went_away_has_his_answer_told_to_his_substitute(desk: desks.Desk) -> None:
    case, asked, substitute = desk.accepted(), serving(desk, "郑洁"), serving(desk, "吴远")
    ask = {"account_ids": [asked.account_id or 0], "reason": "消防条件如何？"}
    services.ask_colleagues(by=desk.world.reviewer, task_id=desks.task_of(case).id, **ask)
    away(desk, desk.world.reviewer, substitute)
    task = next(each for each in open_tasks("case", case.id) if each.who_id == asked.account_id)
    services.give_opinion(by=asked, task_id=task.id, words="消防合格。")
    assert [template for template, _subject in told(substitute)] == ["workflow.asked_answered.in_place"]


def test_urging_reaches_the_substitute_of_who_has_it_in_hand(desk: desks.Desk) -> None:
    case, substitute = desk.accepted(), serving(desk, "吴远")
    services.take_task(by=desk.world.reviewer, task_id=desks.task_of(case).id)
    away(desk, desk.world.reviewer, substitute)
    services.urge_case(by=desk.world.applicant, case_id=case.id)
    assert [template for template, _subject in told(substitute)] == ["workflow.task_urged.in_place"]
