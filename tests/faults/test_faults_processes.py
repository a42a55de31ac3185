"""Timers and messages of processes outlive whoever fires them and happen once; a step is two round trips."""

import datetime as dt
import os
import pathlib
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import postgres
from engines.bpmn_drawing import chain, document, line, message, node, service, task, timer
from factories import cases as cities
from factories import identity as people
from factories import processes as made
from factories.processes import NOW, Trial, begin
from faults import house as houses
from faults.house import at_once
from foundation.test_core_postgres import Wire
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Errand, Message, Process, Start, Task, Timer
from zhengtong.matters.workflow.queries import in_trouble

START, END = node("startEvent", "s"), node("endEvent", "e")
SLEEPER = document(
    START,
    node("intermediateCatchEvent", "c", timer()),
    service("act"),
    task("z"),
    END,
    chain("s", "c", "act", "z", "e"),
)
LISTENER = document(
    START, node("receiveTask", "r", messageRef="message_m"), service("act"), task("z"), END,
    chain("s", "r", "act", "z", "e"),
)  # fmt: skip
SENDER = document(START, node("intermediateThrowEvent", "t", message()), task("y"), END, chain("s", "t", "y", "e"))
MANY = 8
TESTS = pathlib.Path(__file__).resolve().parents[1]


def due_timers() -> None:
    for _ in range(MANY):
        begin(SLEEPER)


def sent_messages() -> None:
    for _ in range(MANY):
        subject = Trial()
        begin(LISTENER, subject)
        begin(SENDER, subject)


def begun_by(trigger: str) -> bytes:
    body = node("startEvent", "s", trigger), service("act"), task("z"), END, chain("s", "act", "z", "e")
    drawn = document(*body, zt_agency=people.agency().uscc or "")
    return drawn.replace(b'process id="p"', b'process id="of_itself"')


def due_starts() -> None:
    """The instants of one timer start: each is to begin one process."""
    with clock.frozen(clock.now() - dt.timedelta(days=MANY, hours=1)):
        services.put_in_force(by=SYSTEM, xml=begun_by(timer(f"R{MANY}/P1D", "timeCycle")))


def begun_by_messages() -> None:
    services.put_in_force(by=SYSTEM, xml=begun_by(message()))
    for _ in range(MANY):
        begin(SENDER, Trial())


def instants() -> int:
    """One call takes one instant of each start: as many calls as there are."""
    return sum(tasks.begin_due_processes() for _ in range(MANY))


WORK = {
    "timers": (due_timers, tasks.fire_due_timers),
    "messages": (sent_messages, tasks.deliver_messages),
    "starts": (due_starts, instants),
    "message starts": (begun_by_messages, tasks.deliver_messages),
}


def each_once(what: str) -> None:
    assert Task.objects.filter(element="z").count() == MANY
    assert len(set(Task.objects.filter(element="z").values_list("process_id", flat=True))) == MANY
    assert not in_trouble()
    if what == "timers":
        assert not Timer.objects.filter(fired_at=None)
        assert not Timer.objects.filter(attempts__gt=0)
    elif what == "starts":
        assert len(set(Errand.objects.values_list("due_at", flat=True))) == MANY
        assert list(Start.objects.values_list("left", "begun", "attempts")) == [(0, MANY, 0)]
    else:
        assert not Message.objects.filter(delivered_at=None)


@pytest.mark.parametrize("what", WORK)
def test_two_workers_at_once_do_each_once(
    what: str, world_on_both: cities.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.offer(monkeypatch, "act", lambda _call: None)
    prepare, work = WORK[what]
    prepare()
    done = at_once([work, work, work])
    assert sum(done) >= MANY  # a timer that another fired first counts for both
    each_once(what)


@pytest.mark.parametrize("what", WORK)
def test_killed_in_the_middle_the_next_worker_does_the_rest_once(
    what: str, world: cities.World, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.offer(monkeypatch, "act", lambda _call: None)
    prepare, work = WORK[what]
    prepare()
    command = [sys.executable, "-m", "faults.dying", str(connection.settings_dict["NAME"]), str(tmp_path), what]
    source = str(TESTS.parent / "src")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(TESTS), source))}
    died = subprocess.run(command, cwd=TESTS, env=environment, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    assert Task.objects.filter(element="z").count() == 2, "two were done and kept; the third left nothing"
    assert work() == MANY - 2
    assert work() == 0
    each_once(what)


@pytest.fixture
def counted(postgres_template: Any, django_db_blocker: Any) -> Any:
    """The house on PostgreSQL, behind something that counts round trips."""
    var, _city = postgres_template
    folder, name = _parts(postgres.server().copy("house"))
    between = Wire(f"{folder}/.s.PGSQL.5432")
    with (
        django_db_blocker.unblock(),
        houses.database_at(f"postgres://postgres@127.0.0.1:{between.port}/{name}", var),
    ):
        yield between
    between.close()


def _parts(address: str) -> tuple[str, str]:
    """The folder of the server's socket and the name of the database."""
    before, _sign, folder = address.partition("host=")
    return folder.partition("&")[0], before.rstrip("?").rpartition("/")[2]


def task_of(process: Process) -> int:
    return Task.objects.values_list("id", flat=True).get(process_id=process.id, state="open")


def step(process: Process, task_id: int) -> None:
    def job() -> None:
        held = services.Hold(task_id)
        subject = Trial(process.subject_id)
        data = {"outcome": "yes"}
        services.complete_task(by=SYSTEM, task=held.task, subject=subject, data=data, now=NOW, held=held)

    write(job, pipelined=True)


@pytest.mark.postgres
def test_a_step_is_two_round_trips_on_postgresql(counted: Wire) -> None:
    runs = [begin(line(8))]
    for run in runs:
        for number in range(8):
            task_id = task_of(run)
            counted.trips = 0
            step(run, task_id)
            assert counted.trips == 2, f"step {number}"
    assert Process.objects.get(id=runs[0].id).state == "ended"


def test_a_step_is_as_many_statements_in_a_long_process_as_in_a_short_one(world: cities.World) -> None:
    counts = []
    for length in (3, 60):
        run = begin(line(length))
        for _ in range(2):
            task_id = task_of(run)
            with CaptureQueriesContext(connection) as seen:
                step(run, task_id)
            counts.append(
                len([each for each in seen if not each["sql"].startswith(("BEGIN", "COMMIT", "SAVE", "REL"))])
            )
    # task, process, tokens; task done, process moved, token ended; token and task inserted
    assert counts == [8, 8, 8, 8]
