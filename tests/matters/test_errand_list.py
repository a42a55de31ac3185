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
from zhengtong.matters.workflow.models import Copy, Errand, Process, Start, Task
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


AGENCIES, EACH, TITLES = 4, 400, 6
"""Beside the office: so many other agencies, each with so many errands, under so many titles."""
PAGE = 20
MOST_ROWS = 12 * PAGE
"""What may be looked at for a page of the list, in any table; the list is seven times as long."""


def crowd(office: Office) -> int:
    """A long list: of every agency the oldest and the newest run, the title of the oldest is rare; the rare title's
    number is answered."""
    first = office.begin()
    mould, process = Start.objects.get(id=first.start_id), Process.objects.get()
    agencies = [office.agency.id, *range(1, AGENCIES)]
    starts, rows, processes, tasks = [], [], [], []
    for place, agency in enumerate(agencies):
        for number in range(TITLES):
            key = 1 + place * TITLES + number
            starts.append(
                Start(id=key, definition_id=mould.definition_id, key=f"k{key}", element="s", kind="timer",
                      agency_id=agency, opened_at=mould.opened_at, closed_at=mould.opened_at)
            )  # fmt: skip
    for number in range(EACH * len(agencies)):
        place, turn = number % len(agencies), number // len(agencies)
        title = 0 if turn < 3 else 1 + turn % (TITLES - 1)
        runs = turn in (1, 2, EACH - 1)
        key = 1000 + number
        rows.append(
            Errand(id=key, start_id=1 + place * TITLES + title, agency_id=agencies[place], title=f"第{title}项检查",
                   red_on=first.red_on, opened_at=first.opened_at)
        )  # fmt: skip
        processes.append(
            Process(id=key, definition_id=process.definition_id, subject_kind="errand", subject_id=key,
                    state="running" if runs else "ended", started_at=first.opened_at)
        )  # fmt: skip
        tasks.append(
            Task(id=key, process_id=key, number=1, element="draft", role="clerk" if turn % 2 else "head",
                 agency_id=agencies[place], queue=f"{agencies[place]}:clerk", subject_kind="errand", subject_id=key,
                 state="open" if runs else "done", red_on=first.red_on, created_at=first.opened_at)
        )  # fmt: skip
    for found in (starts, rows, processes, tasks):
        found[0].__class__._default_manager.bulk_create(found)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return 1000


def looked_at(sql: str) -> int:
    """How many rows a statement looks at, in whatever table or index; on SQLite the steps of its machine tell, ten of
    which at least go into a row."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            return _rows_of(cursor.fetchone()[0][0]["Plan"])
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.connection.set_progress_handler(count, 10)
        try:
            cursor.execute(sql)
            cursor.fetchall()
        finally:
            connection.connection.set_progress_handler(None, 10)
        return steps


def _rows_of(node: dict[str, Any]) -> int:
    inner = sum(_rows_of(each) for each in node.get("Plans", ()))
    if "Scan" not in node["Node Type"]:
        return inner
    seen = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return inner + int(seen * node["Actual Loops"])


FILTERS = [
    {}, {"state": "running"}, {"state": "ended"}, {"words": "第0项"}, {"words": "第2项"}, {"words": "检查"},
    {"words": "没有"}, {"words": "第0项", "state": "ended"}, {"words": "第0项", "state": "running"}, {"words": "1000"},
]  # fmt: skip


def test_no_filter_costs_more_on_a_longer_list(office: Office) -> None:
    number = crowd(office)
    whole = Actor(account_id=1, kind="staff", grants=frozenset({Grant("errand.read")}))
    others = {"agency_id": office.agency.id}, {"agency_id": 2}, {"agency_id": 99}
    for who in (office.clerk, office.head, office.bystander, whole):
        for chosen in (*FILTERS, *others):
            with CaptureQueriesContext(connection) as found:
                listed(who, Chosen(**chosen), limit=PAGE)
            costs = {sent["sql"]: looked_at(sent["sql"]) for sent in found.captured_queries}
            dear = {sql: cost for sql, cost in costs.items() if cost > MOST_ROWS}
            assert not dear, (who.name, chosen, dear)
    assert ids(office.head, words="第0项")[-1] == number
    assert ids(office.clerk, state="running") == sorted(ids(office.clerk, state="running"), reverse=True)
    assert len(ids(whole, state="running")) == 3 * AGENCIES + 1
