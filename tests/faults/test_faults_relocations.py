"""Moving processes to another version: killed and gone on with, by two at once, while officials work; each once."""

import os
import pathlib
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

import postgres
from factories import cases as made
from factories import versions
from faults.house import at_once
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import ItemState, RelocationState
from zhengtong.matters.workflow.models import Process, Relocation, RelocationItem, Task, Token
from zhengtong.matters.workflow.queries import open_task
from zhengtong.matters.workflow.queries.relocations import item_counts
from zhengtong.matters.workflow.services.relocating import standing

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANY = 12
PROGRAM = """
import sys, time
import django; django.setup()
from zhengtong.matters.workflow import services
while services.work_on(int(sys.argv[1]), most=1):
    print("one", flush=True)
    time.sleep(0.05)
"""


@pytest.fixture
def world(world_on_both: made.World) -> made.World:
    return world_on_both


@pytest.fixture
def waiting(world: made.World) -> list[Case]:
    answers = made.answers(world.applicant)
    item = world.item.id
    receipts = [
        cases.submit_application(
            by=world.applicant, item_id=item, answers=answers | {"contact_name": f"联系人{number}"}
        )
        for number in range(MANY)
    ]
    return list(Case.objects.filter(id__in=[receipt.case_id for receipt in receipts]).order_by("id"))


def planned(found: list[Case]) -> Relocation:
    source = versions.process_of(found[0]).definition_id
    target = versions.renamed(source)
    order = services.order_relocation(by=SYSTEM, source=source, target=target, mapping=versions.RENAMED)
    through(order)
    assert item_counts(order) == {ItemState.READY: MANY}
    return order


def through(order: Relocation, most: int = 3) -> None:
    while services.work_on(order.id, most=most):
        pass
    order.refresh_from_db()


def each_once(order: Relocation, event: str, definition: int, element: str) -> None:
    """Every process moved, with one task, and one event of it."""
    assert set(Process.objects.values_list("definition_id", flat=True)) == {definition}
    assert Event.objects.filter(type=event).count() == MANY
    assert Task.objects.filter(state="open", element=element).count() == Task.objects.count() == MANY
    assert Token.objects.filter(element=element, ended_at=None).count() == MANY
    assert RelocationItem.objects.filter(relocation_id=order.id).count() == MANY


def killed(order: Relocation, after: int) -> int:
    """Have a program of its own work at the order, and kill it once it has done so many; how many are done."""
    env = {
        **os.environ,
        "ZHENGTONG_DATABASE": address(),
        "ZHENGTONG_VAR": str(settings.VAR),
        "DJANGO_SETTINGS_MODULE": "zhengtong.config.settings_test",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
    }
    command = [sys.executable, "-c", PROGRAM, str(order.id)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for _line in range(after):
            assert program.stdout.readline() == "one\n"
        os.kill(program.pid, signal.SIGKILL)
    time.sleep(0.2)
    return sum(count for state, count in item_counts(order).items() if state is not ItemState.READY)


def address() -> str:
    """The present database, as the environment names it."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(parts["NAME"])
    return postgres.server().address(str(parts["NAME"]))


def test_what_is_killed_is_gone_on_with(waiting: list[Case]) -> None:
    order = planned(waiting)
    services.begin_moving(by=SYSTEM, order=order)
    done = killed(order, after=4)
    assert 4 <= done < MANY
    through(order)
    assert order.state == RelocationState.MOVED
    assert item_counts(order) == {ItemState.MOVED: MANY}
    each_once(order, "workflow.relocated", order.target_id, "first_look")
    services.begin_undoing(by=SYSTEM, order=order)
    killed(order, after=2)
    through(order)
    assert item_counts(order) == {ItemState.UNDONE: MANY}
    each_once(order, "workflow.relocation_undone", order.source_id, "examine")


def test_four_at_once_move_each_once(waiting: list[Case]) -> None:
    order = planned(waiting)
    services.begin_moving(by=SYSTEM, order=order)
    assert at_once([lambda: through(Relocation.objects.get(id=order.id))] * 4) == [None] * 4
    assert item_counts(order) == {ItemState.MOVED: MANY}
    each_once(order, "workflow.relocated", order.target_id, "first_look")


def test_four_at_once_plan_each_once(waiting: list[Case]) -> None:
    source = versions.process_of(waiting[0]).definition_id
    target = versions.renamed(source)
    order = services.order_relocation(by=SYSTEM, source=source, target=target, mapping=versions.RENAMED)
    assert at_once([lambda: through(Relocation.objects.get(id=order.id), most=2)] * 4) == [None] * 4
    order.refresh_from_db()
    assert (order.state, item_counts(order)) == (RelocationState.PLANNED, {ItemState.READY: MANY})
    assert [pair for pair in order.summary["moves"] if pair[0] == "examine"] == [["examine", "first_look", MANY, 0]]


def test_officials_work_on_meanwhile(world: made.World, waiting: list[Case]) -> None:
    order = planned(waiting)
    services.begin_moving(by=SYSTEM, order=order)

    def accept_all() -> None:
        for case in waiting:
            task = open_task("case", case.id)
            assert task is not None
            cases.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})

    assert at_once([lambda: through(Relocation.objects.get(id=order.id)), accept_all]) == [None, None]
    through(order)
    counts = item_counts(order)
    assert counts.get(ItemState.MOVED, 0) + counts.get(ItemState.REFUSED, 0) == MANY
    assert Case.objects.filter(state="ACCEPTED").count() == MANY
    assert Task.objects.filter(state="open", element="review").count() == MANY
    for process in Process.objects.all():
        assert Token.objects.filter(process_id=process.id, element="review", ended_at=None).count() == 1


def test_where_a_process_stands_is_read_whole_though_work_goes_on_meanwhile(
    world: made.World, waiting: list[Case]
) -> None:
    """On PostgreSQL each read sees what was committed before it; here an official acts between the two."""
    process, task = versions.process_of(waiting[0]), open_task("case", waiting[0].id)
    assert task is not None
    asked: list[str] = []

    def between(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        if len(asked) == 2:
            cases.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
        return execute(sql, *rest)

    with connection.execute_wrapper(between):
        found = standing([process.id])[process.id]
    process.refresh_from_db()
    assert max(token.id for token in found.tokens) < found.next_id == process.next_token
