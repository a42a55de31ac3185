"""The list of errands: whoever reads one finds it there, nobody else does, newest first, at the cost of a page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import access, desks
from factories import identity as people
from factories.errands import Office, waiting
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.policy import ANONYMOUS, SYSTEM, Actor, Grant
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Copy, Errand
from zhengtong.matters.workflow.queries import errands
from zhengtong.matters.workflow.queries.errands import Chosen, listed
from zhengtong.matters.workflow.services import together

pytestmark = pytest.mark.django_db
WHY = "数字有误，请再核。"


@pytest.fixture
def office() -> Iterator[Office]:
    with desks.at("2025-03-13 14:20"):
        yield Office()


def ids(actor: Actor, **chosen: Any) -> list[int]:
    return [each.id for each in listed(actor, Chosen(**chosen))]


def opens(actor: Actor) -> list[int]:
    """The errands whose page opens for the actor, newest first: asked one by one, without the list."""
    found = []
    for each in Errand.objects.order_by("-id"):
        try:
            errands.errand_for(actor, each.id)
        except NotFound:
            continue
        found.append(each.id)
    return found


def by_every_rule(actor: Actor) -> list[int]:
    """The same, by what is asked of one errand alone."""
    return [
        each.id
        for each in Errand.objects.order_by("-id")
        if actor.kind == "staff"
        and (errands.reads(actor, each) or Copy.objects.filter(
            subject_kind="errand", subject_id=each.id, account_id=actor.account_id, taken_back_at=None
        ).exists())
    ]  # fmt: skip


def elsewhere(office: Office) -> tuple[Office, Errand]:
    """Another agency with an errand of its own."""
    other = Office.__new__(Office)
    other.agency = people.agency()
    other.clerk = other.officer("钱进", "task.clerk", "errand.read")
    other.reviewer = other.officer("吴远", "task.reviewer")
    return other, other.drafted()


def test_one_finds_what_one_reads_and_nothing_else(office: Office) -> None:
    first, second, third = office.drafted(), office.drafted(), office.begin()
    other, foreign = elsewhere(office)
    newest = [third.id, second.id, first.id]
    assert ids(office.head) == ids(office.clerk) == newest
    assert ids(office.reviewer) == [second.id, first.id]
    assert (ids(office.bystander), ids(office.stranger)) == ([], [])
    assert ids(other.clerk) == [foreign.id]
    for who in (office.head, office.clerk, office.reviewer, office.bystander, office.stranger, other.clerk):
        assert ids(who) == opens(who) == by_every_rule(who)


def test_who_is_no_official_of_the_house_finds_none(office: Office) -> None:
    office.drafted()
    grants = office.head.grants
    for kind in ("citizen", "enterprise", "admin", "anonymous"):
        assert ids(Actor(account_id=office.head.account_id, kind=kind, grants=grants)) == []
    assert ids(Actor(kind="staff", grants=grants)) == ids(ANONYMOUS) == ids(SYSTEM) == []


def test_a_grant_elsewhere_opens_that_agency_and_one_for_all_every_agency(office: Office) -> None:
    here = office.drafted()
    other, foreign = elsewhere(office)
    role = access.role("errand.read")
    access.grant(role, account=people_account(office.bystander), organisation=other.agency, valid_from=desks.LONG_AGO)
    assert ids(office.again(office.bystander)) == [foreign.id]
    whole = Actor(account_id=1, kind="staff", grants=frozenset({Grant("errand.read")}))
    assert ids(whole) == opens(whole) == [foreign.id, here.id]
    but = frozenset({Grant("errand.read"), Grant("errand.read", f"org:{other.agency.id}", deny=True)})
    denied = Actor(account_id=1, kind="staff", grants=but)
    assert ids(denied) == opens(denied) == [here.id]
    region = Actor(account_id=1, kind="staff", grants=frozenset({Grant("errand.read", "region:11")}))
    assert ids(region) == opens(region) == []


def people_account(who: Actor) -> Any:
    from zhengtong.people.identity.models import Account

    return Account.objects.get(id=who.account_id)


def test_a_copy_and_a_question_bring_it_and_taken_back_take_it_away(office: Office) -> None:
    errand, _other = office.drafted(), office.drafted()
    reader, key = office.bystander, office.bystander.account_id or 0
    task = waiting(subject_id=errand.id)
    together.send_copies(by=office.clerk, about=("errand", errand.id), account_ids=[key], words="")
    assert ids(reader) == opens(reader) == [errand.id]
    together.ask_colleagues(by=office.reviewer, task_id=task.id, account_ids=[key], reason="口径对吗？")
    assert ids(reader) == [errand.id], "once, by whatever ways"
    copy = Copy.objects.get()
    services.take_back_copy(by=office.clerk, copy_id=copy.id)
    assert ids(reader) == [errand.id]
    together.ask_no_longer(by=office.reviewer, task_id=waiting(who_id=key).id)
    assert ids(reader) == opens(reader) == []


def test_running_ended_and_found_by_words_or_number(office: Office) -> None:
    over, runs = office.drafted(), office.improvised()
    services.terminate_errand(by=office.head, errand_id=over.id, reason="活动已取消。")
    head = office.head
    assert (ids(head, state="running"), ids(head, state="ended")) == ([runs.id], [over.id])
    assert ids(head, words="走访") == ids(head, words="visits") == ids(head, words=str(runs.id)) == [runs.id]
    number = str(over.id)
    assert ids(head, words=f"{number[:6]} {number[6:]}") == [over.id]
    for nothing in ("办公", "%", "_", "9" * 30, "走访' OR 1=1 --"):
        assert ids(head, words=nothing) == [], nothing
    assert ids(head, words="走访", state="ended") == []
    assert (ids(head, agency_id=office.agency.id), ids(head, agency_id=0)) == ([runs.id, over.id], [])
    assert ids(office.stranger, words=str(runs.id)) == []
    told = errands.standings([over.id, runs.id, 1])
    assert [told[each].state for each in (over.id, runs.id, 1)] == ["cancelled", "running", "ended"]
    assert (told[over.id].ended_at is None, told[runs.id].ended_at) == (False, None)


def test_pages_follow_one_another_without_a_gap(office: Office) -> None:
    made = [office.begin().id for _each in range(5)][::-1]
    walked: list[int] = []
    before = None
    while page := listed(office.clerk, Chosen(), before=before, limit=2):
        walked += [each.id for each in page]
        before = page[-1].id
    assert walked == made


def test_what_shows_it_waits_before_it_is_on_offer(office: Office) -> None:
    errand = office.improvised()
    (row,) = errands.offered(errand.id)
    assert errands.shown_by([errand.id])[errand.id].state == "offered"
    services.improvise_errand(by=office.reviewer, errand_id=errand.id, task_id=row.id, element="visit")
    assert errands.shown_by([errand.id])[errand.id].element == "visit"
    office.done(office.clerk)
    assert errands.shown_by([errand.id])[errand.id].id == row.id
    assert errands.shown_by([1]) == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of so few rows PostgreSQL scans them all")
def test_no_table_is_read_whole(office: Office, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    office.drafted()
    for who in (office.clerk, office.head, office.bystander):
        with django_assert_max_num_queries(3), CaptureQueriesContext(connection) as found:
            listed(who, Chosen())
        for sent in found.captured_queries:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sent['sql']}")
                plan = [str(row[3]) for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN")], (sent["sql"], plan)
