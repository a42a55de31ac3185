"""A whole house on a real file behind the true gate, for tests of what goes wrong; and people who act at once."""

import collections
import contextlib
import dataclasses
import pathlib
import re
import resource
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from databases import leading_to
from factories import cases as made
from factories import desks
from factories import identity as people
from zhengtong.config.databases import database as database_settings
from zhengtong.foundation.core import writes
from zhengtong.foundation.core.models import Sequence as Numbers
from zhengtong.foundation.ledger.models import Event, OutboxEntry
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.models import Case, CaseMaterial, Draft, Notice, Submission
from zhengtong.matters.deadlines.models import Clock
from zhengtong.matters.workflow import definitions
from zhengtong.matters.workflow.models import Definition, Process, Task, Timer, Token
from zhengtong.people.identity.adapter import SESSION_CAPACITY, SESSION_MARK
from zhengtong.people.identity.models import Account, Mandate, Organisation

COUNTED = (
    Case,
    Submission,
    CaseMaterial,
    Notice,
    Draft,
    Process,
    Token,
    Task,
    Timer,
    Clock,
    Event,
    OutboxEntry,
    Numbers,
)


@contextlib.contextmanager
def database_at(address: str, var: pathlib.Path) -> Iterator[None]:
    """Have every thread's default connection lead to `address`, through the true gate, for the block."""
    definitions._kept.clear()  # another database, another id
    with leading_to(database_settings(address)), override_settings(ZT_WRITES_INLINE=False, VAR=var):
        try:
            yield
        finally:
            writes.stop()


def build(address: str, var: pathlib.Path) -> made.World:
    """Make what lacks of the tables, and the little city, once; the whole is then copied for each test."""
    with database_at(address, var):
        call_command("migrate", verbosity=0)
        world = made.world()
        _let_in(world)
    return world


def settle(path: pathlib.Path) -> None:
    """Carry the log into the file, so that the file alone can be copied."""
    with contextlib.closing(sqlite3.connect(path)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _let_in(world: made.World) -> None:
    """Officials hold their roles and the applicant his mandate, so that they can sign in."""
    agency = Organisation.objects.get(id=world.agency_id)
    for who, permissions in desks.ROLES.items():
        desks.give(getattr(world, who), agency, *permissions)
    holder = Account.objects.get(id=world.applicant.account_id).person
    company = Organisation.objects.get(id=int(str(world.applicant.on_behalf_of).removeprefix("org:")))
    people.mandate(holder, principal_organisation=company)


def browser(actor: Actor, client: Client | None = None) -> Client:
    """A browser (a new one unless given) in which somebody is signed in, an applicant for his enterprise."""
    account = Account.objects.get(id=actor.account_id)
    client = client or Client(HTTP_HOST="localhost")
    client.force_login(account)
    session = client.session
    session[SESSION_MARK] = account.session_mark
    if actor.on_behalf_of:
        session[SESSION_CAPACITY] = f"mandate:{Mandate.objects.get(agent_id=actor.person_id).id}"
    session.save()
    return client


def copy(template: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """A house of one's own."""
    return pathlib.Path(shutil.copy(template, folder / "records.sqlite3"))


def counts() -> dict[str, int]:
    """How many rows each table of a case holds, and where every series of numbers stands."""
    rows = {model.__name__: model.objects.count() for model in COUNTED}
    return rows | {f"no {key}": last for key, last in Numbers.objects.values_list("key", "last")}


def at_once(jobs: Sequence[Callable[[], Any]], patience: float = 60) -> list[Any]:
    """Run every job in a thread of its own, all let go at the same moment; what each answered or raised, in order."""
    gate, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(patience)
            answers[place] = job()
        except Exception as error:  # noqa: BLE001 handed to the test
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"
    return answers


def another(applicant: Actor, number: int) -> Actor:
    """Somebody else of the same enterprise: another account, so that answers of one are not those of the other."""
    return dataclasses.replace(applicant, account_id=(applicant.account_id or 0) + number)


MATERIALS = 7
"""Rows of materials that one food application makes."""
EVENTS = ["case.receive", "case.ruled", "case.submit"]


@contextlib.contextmanager
def disk_of(room: int) -> Iterator[None]:
    """Let no file of this process grow past the database's log and `room` bytes more, as on a disk that is full."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = pathlib.Path(str(connection.settings_dict["NAME"]) + "-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(0, log.stat().st_size + room), usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def half_made() -> list[str]:
    """What is wrong with the cases as rows: each freshly received one has all its parts once, and nothing is left over.

    For houses in which cases were handed in and nothing else was done with them.
    """
    faults: list[str] = []
    one_each = {
        "submission": (Submission, "case_id"),
        "process": (Process, "subject_id"),
        "open task": (Task.objects.filter(state="open"), "subject_id"),
        "clock": (Clock.objects.filter(name="correction_notice", state="running"), "subject_id"),
        "receipt": (Notice.objects.filter(kind="receipt"), "case_id"),
        "timer": (Timer.objects.filter(fired_at=None, cancelled_at=None), "process__subject_id"),
    }
    cases = set(Case.objects.values_list("id", flat=True))
    for name, (rows, column) in one_each.items():
        found = collections.Counter(getattr(rows, "objects", rows).values_list(column, flat=True))
        faults += [f"{name} of {key}: {found[key]}" for key in cases | set(found) if found[key] != (key in cases)]
    materials = collections.Counter(CaseMaterial.objects.values_list("case_id", flat=True))
    faults += [
        f"materials of {key}: {materials[key]}"
        for key in cases | set(materials)
        if materials[key] != MATERIALS * (key in cases)
    ]
    events: dict[int, list[str]] = {key: [] for key in cases}
    for key, kind in Event.objects.filter(subject_kind="case").values_list("subject_id", "type"):
        events.setdefault(key, []).append(kind)
    faults += [f"events of {key}: {kinds}" for key, kinds in events.items() if sorted(kinds) != EVENTS]
    processes = set(Process.objects.values_list("id", flat=True))
    faults += [
        f"process of {case}"
        for case, process in Case.objects.values_list("id", "process_id")
        if process not in processes
    ]
    definitions_used = set(Process.objects.values_list("definition_id", flat=True))
    if definitions_used - set(Definition.objects.values_list("id", flat=True)):
        faults.append("a process whose model is not stored")
    if set(Token.objects.values_list("process_id", flat=True)) != processes:
        faults.append("a process without a token, or a token without its process")
    return faults + gaps()


def gaps() -> list[str]:
    """Series of numbers that are not 1, 2, 3 … as far as their papers go."""
    series: dict[str, list[int]] = {}
    for short, full in Case.objects.values_list("short_no", "case_no"):
        series.setdefault(f"short {short[:14]}", []).append(int(short[14:]))
        series.setdefault(f"case {full[:37]}", []).append(int(full[37:]))
    for kind, number in Notice.objects.values_list("kind", "number"):
        series.setdefault(f"notice {kind}", []).append(int(re.findall(r"\d+", number)[-1]))
    return [f"{key} has gaps" for key, used in series.items() if sorted(used) != list(range(1, len(used) + 1))]
