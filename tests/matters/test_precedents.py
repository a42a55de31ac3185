"""Precedents: the newest decided cases of the item that the reader may see, at the cost of a page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import cases as made
from factories import desks
from factories import identity as people
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.queries import visible_to
from zhengtong.matters.cases.queries.precedents import precedents

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with desks.at("2025-03-05 10:00"):
        yield desks.desk()


def decided(desk: desks.Desk, outcome: str = "approve", **given: object) -> Case:
    """A case accepted on Wednesday 5 March and decided on Monday 10 March."""
    case = desk.case(**given)
    desk.act("clerk", "accept", case)
    with desks.at("2025-03-10 15:00"):
        if desks.task_of(case).element == "site_check":
            desk.act("reviewer", "checked", case, result="与平面图一致", companions="赵敏、陈波")
        desk.act("reviewer", f"propose_{outcome}", case, opinion=f"经审查，建议：{outcome}。")
        desk.act("decider", outcome, case, reasons="符合或不符合规定的条件")
    return case


def copies(case: Case, number: int) -> None:
    """More decided cases of the same item, each a day earlier than the last."""
    names = [field.attname for field in Case._meta.concrete_fields if field.attname != "id"]
    values = {name: getattr(Case.objects.get(id=case.id), name) for name in names}
    rows = []
    for place in range(number):
        own = {"token": f"old{number}-{place}", "short_no": f"{number}-{place:08d}", "case_no": None}
        own["decided_on"] = dt.date(2025, 3, 9) - dt.timedelta(days=place % 700)
        rows.append(Case(**values | own))
    Case.objects.bulk_create(rows)


def test_outcome_days_and_opinion_of_the_last_ones(desk: desks.Desk) -> None:
    good, bad = decided(desk), decided(desk, "refuse")
    found = {each.token: each for each in precedents(desk.world.reviewer, desk.accepted())}
    assert set(found) == {good.token, bad.token}
    assert (found[good.token].outcome, found[good.token].days, found[good.token].kept) == ("approve", 3, True)
    assert (found[bad.token].outcome, found[bad.token].opinion) == ("refuse", "经审查，建议：refuse。")
    assert found[bad.token].reviewer == "赵敏"


def test_those_of_the_same_situation_stand_first_and_running_ones_nowhere(desk: desks.Desk) -> None:
    alike = decided(desk)
    other = decided(desk, activity="canteen", canteen_kind="staff", school_canteen=False)
    running, case = desk.accepted(), desk.accepted()
    found = precedents(desk.world.reviewer, case)
    assert [(each.token, each.alike) for each in found] == [(alike.token, True), (other.token, False)]
    assert running.token not in {each.token for each in found}
    assert case.token not in {each.token for each in precedents(desk.world.reviewer, alike)}


def test_nobody_sees_more_than_he_may(desk: desks.Desk) -> None:
    case = decided(desk)
    stranger = made.officer(people.agency().id, "吴远", "task.reviewer")
    assert precedents(stranger, case) == []
    assert precedents(desk.world.applicant, desk.accepted())[0].token == case.token, "his own, like any case he may see"


def test_the_cost_is_that_of_a_page_however_many_were_decided(desk: desks.Desk) -> None:
    first, case = decided(desk), desk.accepted()
    counts = []
    for more in (0, 30, 300):
        copies(first, more)
        with CaptureQueriesContext(connection) as seen:
            found = precedents(desk.world.reviewer, case)
        counts.append(len(seen))
    assert len(found) == 8
    assert counts[1] == counts[2] <= 10, counts


def test_it_walks_an_index_and_sorts_nothing(desk: desks.Desk) -> None:
    case = decided(desk)
    rows = visible_to(desk.world.reviewer).filter(decided_on__isnull=False, item_id=case.item_id)
    plan = rows.order_by("-decided_on", "-id")[:24].explain()
    if connection.vendor == "sqlite":
        assert "case_precedents" in plan
        assert "TEMP B-TREE" not in plan
