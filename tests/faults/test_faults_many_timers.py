"""Very many timers due at once: they fire in slices, and whoever works at the desk meanwhile hardly notices."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from bench.scene import percentile
from engines.bpmn_drawing import chain, document, node, task, timer
from factories import cases as cities
from factories.processes import Trial, begin
from faults.test_faults_processes import step, task_of
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.matters.workflow import tasks
from zhengtong.matters.workflow.models import Process, Task, Timer, Token
from zhengtong.matters.workflow.queries import inbox

SLEEPER = document(
    node("startEvent", "s"), node("intermediateCatchEvent", "c", timer()), task("z"), node("endEvent", "e"),
    chain("s", "c", "z", "e"),
)  # fmt: skip
DESK = document(node("startEvent", "s"), task("a"), task("b"), node("endEvent", "e"), chain("s", "a", "b", "e"))
ACTS, FEWEST_ACTS = 60, 10


def many(count: int) -> None:
    """So many processes that wait for a timer that is due, as rows like those of one that was begun."""
    first = begin(SLEEPER)
    ids = [new_id() for _ in range(count - 1)]
    own = columns(Process.objects.get(id=first.id))
    Process.objects.bulk_create([Process(**own | {"id": each, "subject_id": new_id()}) for each in ids], 500)
    for row in (Token.objects.get(process_id=first.id), Timer.objects.get(process_id=first.id)):
        copies = [type(row)(**columns(row) | {"process_id": each}) for each in ids]
        type(row).objects.bulk_create(copies, 500)


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}


def work_meanwhile(count: int) -> dict[str, float]:
    """Fire them all in the background while tasks are completed and the inbox is read; figures in milliseconds."""
    desks = [(run, task_of(run)) for run in (begin(DESK, Trial()) for _ in range(ACTS))]
    many(count)
    queue = Task.objects.values_list("queue", flat=True).first() or ""
    over = threading.Event()

    def fire() -> None:
        try:
            while Timer.objects.filter(fired_at=None).exists():
                tasks.wake()
        finally:
            connection.close()
            over.set()

    worker = threading.Thread(target=fire, daemon=True)
    begun = time.perf_counter()
    worker.start()
    acts, reads = [], []
    for run, task_id in desks:
        if over.is_set():
            break
        acts.append(timed(lambda run=run, task_id=task_id: step(run, task_id)))
        reads.append(timed(lambda: inbox([queue])))
        time.sleep(0.02)
    assert over.wait(1800)
    worker.join(60)
    spent = time.perf_counter() - begun
    return {
        "timers_a_second": count / spent,
        "act_p50_ms": percentile(acts, 0.5),
        "act_p99_ms": percentile(acts, 0.99),
        "read_p99_ms": percentile(reads, 0.99),
        "acts": float(len(acts)),
    }


def timed(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def check(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = work_meanwhile(count)
    with capsys.disabled():
        print(f"\n{count} timers: {found}")  # noqa: T201 the figures are asked for
    assert Task.objects.filter(element="z").count() == count
    assert found["acts"] >= FEWEST_ACTS, "the desk worked while timers fired"
    assert found["act_p99_ms"] < 1000
    assert found["read_p99_ms"] < 1000


def test_a_thousand_timers_do_not_stop_the_desk(
    world_on_both: cities.World, capsys: pytest.CaptureFixture[str]
) -> None:
    check(1000, capsys)


@pytest.mark.long
def test_ten_thousand_timers_do_not_stop_the_desk(
    world_on_both: cities.World, capsys: pytest.CaptureFixture[str]
) -> None:
    check(10_000, capsys)
