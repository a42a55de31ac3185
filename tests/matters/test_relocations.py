"""Running processes move to another version: a dry run first, each once, tasks in the same hands, and back again."""

import pytest

from factories import desks, versions
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.choices import ItemState, RelocationState, TaskState
from zhengtong.matters.workflow.models import Process, Relocation, RelocationItem, Task, Timer, Token
from zhengtong.matters.workflow.queries.relocations import item_counts, items_of
from zhengtong.matters.workflow.queries.relocations import versions as known_versions
from zhengtong.matters.workflow.services.relocating import WORK

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def through(order: Relocation) -> Relocation:
    """Work until nothing is left to do."""
    for _slice in range(50):
        if not services.work_on(order.id, most=2):
            break
    order.refresh_from_db()
    return order


def ordered(source: int, target: int, **how: object) -> Relocation:
    """An order whose dry run is over."""
    return through(services.order_relocation(by=SYSTEM, source=source, target=target, **how))  # type: ignore[arg-type] # passed on as given


def moved(source: int, target: int, **how: object) -> Relocation:
    order = ordered(source, target, **how)
    services.begin_moving(by=SYSTEM, order=order)
    return through(order)


def undone(order: Relocation) -> Relocation:
    services.begin_undoing(by=SYSTEM, order=order)
    return through(order)


def rows_of(case: Case) -> tuple[object, ...]:
    """Everything that runs for a case, but for the counters."""
    process = case.process_id
    tokens = Token.objects.filter(process_id=process, ended_at=None)
    work = Task.objects.filter(process_id=process)
    timers = Timer.objects.filter(process_id=process)
    return (
        Process.objects.values_list("definition_id", "state", "data").get(id=process),
        sorted(map(str, tokens.values_list("number", "element", "wait", "due", "flow", "host", "name", "origins"))),
        sorted(map(str, work.values_list("id", "number", *WORK, "state", "assignee_id", "claimed_at"))),
        sorted(map(str, timers.values_list("number", "element", "due_at", "fired_at", "cancelled_at"))),
    )


def test_the_dry_run_moves_nothing_and_counts_what_moves_where(desk: desks.Desk) -> None:
    found = [desk.case(), desk.case(), desk.case()]
    found[2] = desk.accepted()
    before = [rows_of(case) for case in found]
    source = versions.process_of(found[0]).definition_id
    order = ordered(source, versions.renamed(source), mapping=versions.RENAMED)
    assert [rows_of(case) for case in found] == before
    assert order.state == RelocationState.PLANNED
    assert item_counts(order) == {ItemState.READY: 4}
    pairs = {(old, new): (can, no) for old, new, can, no in order.summary["moves"]}
    assert pairs["examine", "first_look"] == (3, 0)
    assert pairs["review", "review"] == (1, 0)
    assert order.total == 4


def test_what_cannot_move_says_why_and_hinders_nothing_else(desk: desks.Desk) -> None:
    waiting, further = desk.case(), desk.accepted()
    source = versions.process_of(waiting).definition_id
    order = moved(source, versions.without_examination(source))
    assert item_counts(order) == {ItemState.BLOCKED: 1, ItemState.MOVED: 1}
    (blocked,) = items_of(order, ItemState.BLOCKED)
    assert blocked.process_id == waiting.process_id
    assert "migration.kind_differs" in {code for code, _element, _params in blocked.remarks}
    assert versions.process_of(waiting).definition_id == source
    assert versions.process_of(further).definition_id == order.target_id


def test_a_task_stays_the_task_it_was_in_the_hand_it_was_in(desk: desks.Desk) -> None:
    case = desk.case()
    task = desks.task_of(case)
    cases.take_task(by=desk.world.clerk, task_id=task.id)
    source = versions.process_of(case).definition_id
    moved(source, versions.renamed(source), mapping=versions.RENAMED)
    kept = Task.objects.get(id=task.id)
    assert (kept.element, kept.name, kept.state) == ("first_look", "初审", TaskState.CLAIMED)
    assert (kept.assignee_id, kept.number) == (desk.world.clerk.account_id, task.number)
    desk.act("clerk", "accept", case)
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    desk.act("decider", "approve", case, reasons="符合条件。")
    case.refresh_from_db()
    assert (case.state, desks.task_of(case).element) == ("APPROVED", "award")


def test_a_timer_runs_on_and_fires_once_under_its_new_name(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    moved(
        source,
        versions.version(source, ('"acceptance_expired"', '"too_late"')),
        mapping={"acceptance_expired": "too_late"},
    )
    assert Timer.objects.get(process_id=case.process_id).element == "too_late"
    with desks.at("2025-03-25 09:00"):
        assert tasks.fire_due_timers() == 1
        assert tasks.fire_due_timers() == 0
    case.refresh_from_db()
    assert case.state == "ACCEPTED"


def test_a_clock_that_is_gone_wakes_nobody_and_one_that_is_new_does(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    target = versions.without_bell(source)
    there = moved(source, target, mapping={})
    assert Token.objects.filter(process_id=case.process_id, ended_at=None).count() == 1
    with desks.at("2025-03-25 09:00"):
        assert tasks.fire_due_timers() == 0
    back = moved(target, source)
    assert item_counts(there) == item_counts(back) == {ItemState.MOVED: 1}
    with desks.at("2025-03-25 09:00"):
        assert tasks.fire_due_timers() == 1


def test_another_role_takes_a_task_out_of_a_hand_that_does_not_hold_it(desk: desks.Desk) -> None:
    case = desk.case()
    task = desks.task_of(case)
    cases.take_task(by=desk.world.clerk, task_id=task.id)
    before = rows_of(case)
    source = versions.process_of(case).definition_id
    order = moved(source, versions.by_reviewers(source))
    freed = Task.objects.get(id=task.id)
    assert (freed.role, freed.state, freed.assignee_id) == ("reviewer", TaskState.OPEN, None)
    assert freed.queue == f"{freed.agency_id}:reviewer"
    undone(order)
    assert rows_of(case) == before


@pytest.mark.parametrize("kind", ["renamed", "without_bell", "by_reviewers", "without_outcome"])
def test_undoing_leaves_every_row_as_it_was(desk: desks.Desk, kind: str) -> None:
    found = [desk.case(), desk.accepted()]
    before = [rows_of(case) for case in found]
    source = versions.process_of(found[0]).definition_id
    mapping = versions.RENAMED if kind == "renamed" else {}
    order = moved(source, getattr(versions, kind)(source), mapping=mapping)
    assert [rows_of(case) for case in found] != before
    assert item_counts(undone(order)) == {ItemState.UNDONE: 2}
    assert [rows_of(case) for case in found] == before
    desk.act("clerk", "accept", found[0])


def test_what_has_gone_on_since_is_not_moved_back(desk: desks.Desk) -> None:
    one, other = desk.case(), desk.case()
    source = versions.process_of(one).definition_id
    order = moved(source, versions.renamed(source), mapping=versions.RENAMED)
    desk.act("clerk", "accept", one)
    assert item_counts(undone(order)) == {ItemState.KEPT: 1, ItemState.UNDONE: 1}
    (kept,) = items_of(order, ItemState.KEPT)
    assert (kept.process_id, kept.error) == (one.process_id, "workflow.acted_since")
    assert versions.process_of(one).definition_id == order.target_id
    assert versions.process_of(other).definition_id == source


def test_what_has_ended_between_dry_run_and_move_is_left_alone(desk: desks.Desk) -> None:
    one, other = desk.case(), desk.case()
    source = versions.process_of(one).definition_id
    order = ordered(source, versions.renamed(source), mapping=versions.RENAMED)
    cases.withdraw_case(by=desk.world.applicant, case_id=one.id, reason="另行申请")
    services.begin_moving(by=SYSTEM, order=order)
    through(order)
    assert item_counts(order) == {ItemState.REFUSED: 1, ItemState.MOVED: 1}
    (refused,) = items_of(order, ItemState.REFUSED)
    assert refused.error == "workflow.not_there"
    assert versions.process_of(other).definition_id == order.target_id


def test_who_has_acted_meanwhile_is_moved_from_where_he_now_is(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    order = ordered(source, versions.renamed(source), mapping=versions.RENAMED)
    desk.act("clerk", "accept", case)
    services.begin_moving(by=SYSTEM, order=order)
    assert item_counts(through(order)) == {ItemState.MOVED: 1}
    assert desks.task_of(case).element == "review"


def test_each_process_of_an_order_leaves_its_trace(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    order = undone(moved(source, versions.renamed(source), mapping=versions.RENAMED))
    entries = ledger.timeline(("process", case.process_id or 0))
    kinds = [entry.type for entry in entries if entry.type.startswith("workflow.relocat")]
    assert sorted(kinds) == ["workflow.relocated", "workflow.relocation_undone"]
    told = next(entry.payload for entry in entries if entry.type == "workflow.relocated")
    assert told is not None
    assert told["moves"] == [["acceptance_expired", "acceptance_expired"], ["examine", "first_look"]]
    orders = [entry.type for entry in ledger.timeline(("relocation", order.id))]
    assert sorted(orders) == [
        "workflow.relocation_begun",
        "workflow.relocation_planned",
        "workflow.relocation_taken_back",
    ]


def test_an_order_goes_through_its_states_in_order(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    order = services.order_relocation(by=SYSTEM, source=source, target=versions.renamed(source))
    with pytest.raises(Conflict):
        services.begin_moving(by=SYSTEM, order=order)
    with pytest.raises(Conflict):
        services.begin_undoing(by=SYSTEM, order=order)
    through(order)
    services.begin_moving(by=SYSTEM, order=order)
    with pytest.raises(Conflict):
        services.begin_moving(by=SYSTEM, order=order)


def test_two_versions_are_needed_and_a_right(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    for target in (source, 1):
        with pytest.raises(Invalid):
            services.order_relocation(by=SYSTEM, source=source, target=target)
    with pytest.raises(NotAllowed):
        services.order_relocation(by=desk.world.decider, source=source, target=versions.renamed(source))
    assert not Relocation.objects.exists()


def test_the_background_does_what_is_ordered(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    order = services.order_relocation(
        by=SYSTEM, source=source, target=versions.renamed(source), mapping=versions.RENAMED
    )
    tasks.work_on_relocations()
    order.refresh_from_db()
    services.begin_moving(by=SYSTEM, order=order)
    tasks.work_on_relocations()
    assert item_counts(order) == {ItemState.MOVED: 1}
    assert RelocationItem.objects.get().left_version == versions.process_of(case).version


def test_versions_are_listed_with_what_runs_them(desk: desks.Desk) -> None:
    case = desk.case()
    source = versions.process_of(case).definition_id
    target = versions.renamed(source)
    found = {each.id: each.running for each in known_versions()}
    assert (found[source], found[target]) == (1, 0)
