"""Our case of four transactions against the same case with django-viewflow and with SpiffWorkflow.

Each peer runs in a process and an environment of its own (`build/bench-venv`, made by `make bench`), on a copy of the
same database with the same durability. Two comparisons: `engine`, the process alone, its state kept after each of the
four steps on both sides; and `whole`, our whole case against the peer's process with, in the same transactions, the
very rows of ours written by the driver alone: without form, permission, calendar or encryption, so it favours the peer.
Run as a program (`postgres` for the other database, `--quick` for a glance), or call `figures()` or
`postgres_figures()`, each in a process of its own.
"""

import contextlib
import datetime as dt
import json
import pathlib
import pickle
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from bench.bench_cases import _capture, _copy, _time_cases, _warm  # noqa: E402
from bench.scene import DAY, STEPS, Office, folder, settle  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build" / "bench-venv" / "bin" / "python"
PROCESS = ROOT / "packs" / "market-supervision" / "food-business-licence" / "process.bpmn"
PEERS = ("viewflow", "spiff")
ROUNDS, CASES = 5, 24  # enough cases that no side is timed while its caches are cold


class Peer:
    """A peer's process: told how many cases to run, it says how long they took."""

    def __init__(self, name: str, address: str, given: object, program: str = "") -> None:
        program = str(pathlib.Path(__file__).parent / "peers" / f"{program or f'{name}_case'}.py")
        command = [str(PYTHON), program, address, str(given)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready", f"{name} did not start"

    def seconds_a_case(self, cases: int) -> float:
        """Run so many cases now."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{cases}\n")
        self._process.stdin.flush()
        return float(self._line()) / cases

    def end(self) -> None:
        """Let it go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def figures(rounds: int = ROUNDS, cases: int = CASES) -> dict[str, float]:
    """How many times the seconds of our case each peer takes, on SQLite."""
    with folder() as place:
        settle(str(place / "ours.sqlite3"), place)
        office = _warm()
        for name in PEERS:
            _copy(place / "ours.sqlite3", place / f"{name}.sqlite3")
        measured = _both(place, office, lambda name: str(place / f"{name}.sqlite3"), rounds, cases)
        from zhengtong.foundation.core import writes

        writes.stop()
    return measured


def postgres_figures(rounds: int = ROUNDS, cases: int = CASES) -> dict[str, float]:
    """The same on PostgreSQL."""
    import psycopg

    import postgres

    server = postgres.server()
    with folder() as place:
        settle(server.create("bench_ours"), place)
        office = _warm()
        from django.db import connection

        connection.close()
        with psycopg.connect(server.address(), autocommit=True) as admin:
            for name in PEERS:
                admin.execute(f'CREATE DATABASE "bench_{name}" TEMPLATE bench_ours')
        measured = _both(place, office, lambda name: server.address(f"bench_{name}"), rounds, cases)
        connection.close()
    return {f"postgres_{name}": value for name, value in measured.items()}


def _both(
    place: pathlib.Path, office: Office, address: Callable[[str], str], rounds: int, cases: int
) -> dict[str, float]:
    """The process alone, then the whole case."""
    count = (rounds + 1) * cases
    rows, nothing = place / "rows.pickle", place / "nothing.pickle"
    # Without the rows of our own process engine: the peers have theirs.
    kept = [[row for row in written if '"workflow_' not in row[0]] for written in _capture(office, count)]
    rows.write_bytes(pickle.dumps(kept))
    nothing.write_bytes(pickle.dumps([[]] * len(STEPS) * count))
    bare = BareCase(office)
    measured = {}
    for title, given, ours in (
        ("engine", nothing, bare.seconds_a_case),
        ("whole", rows, lambda cases: _time_cases(office, cases)),
    ):
        with _peers(given, address) as peers:
            found = _compare(ours, peers, rounds, cases)
        measured |= {f"peers_{title}_{name}": value for name, value in found.items()}
    return measured


class BareCase:
    """Our process engine alone: the real process of the food licence with actions that do nothing."""

    kind = "bench"

    def __init__(self, office: Office) -> None:
        from zhengtong.foundation.core.statements import Outgoing
        from zhengtong.matters.workflow.definitions import define
        from zhengtong.matters.workflow.registry import TaskFace, action

        action("bench.nothing@1")(lambda call: None)
        drawn = re.sub(rb'zt:action="[^"]*"', b'zt:action="bench.nothing@1"', PROCESS.read_bytes())
        self.definition = define(drawn)
        self.actors = (office.world.clerk, office.world.reviewer, office.world.decider)
        agency, day = office.world.agency_id, DAY.date()
        self._face = TaskFace(agency, "食品经营许可", "Food business licence", "京味餐饮有限公司", "s1", day, day)
        self.rows = Outgoing()
        self.id = 0

    def face(self) -> Any:
        """As a case's."""
        return self._face

    def timer_due(self, clock: str) -> dt.datetime:
        """A month from now."""
        return DAY + dt.timedelta(days=30)

    def decide(self, decision: str, _call: Any) -> dict[str, None]:
        """The peers ask no rules, so ours come to nothing."""
        return {decision: None}

    def flush(self) -> None:
        """Nothing of its own to write."""

    def seconds_a_case(self, cases: int) -> float:
        """Begin, then complete each task: four transactions a case."""
        spent = 0.0
        for _ in range(cases):
            spent += self._case()
        return spent / cases

    def _case(self) -> float:
        from zhengtong.foundation.core.identifiers import new_id
        from zhengtong.foundation.core.writes import write
        from zhengtong.matters.workflow import services
        from zhengtong.matters.workflow.queries import open_task

        self.id = process = new_id()
        begun = time.perf_counter()
        write(
            lambda: services.begin(
                by=self.actors[0], process_id=process, definition_id=self.definition, subject=self, data={}, now=DAY
            ),
            pipelined=True,
        )
        spent = time.perf_counter() - begun
        for actor, outcome in zip(self.actors, ("accept", "propose_approve", "approve"), strict=True):
            task = open_task(self.kind, self.id)
            assert task is not None, "the process waits for somebody"

            def step(actor: Any = actor, outcome: str = outcome, task_id: int = task.id) -> None:
                held = services.Hold(task_id)
                services.complete_task(
                    by=actor, task=held.task, subject=self, data={"outcome": outcome}, now=DAY, held=held
                )

            begun = time.perf_counter()
            write(step, pipelined=True)
            spent += time.perf_counter() - begun
        return spent


@contextlib.contextmanager
def _peers(rows: pathlib.Path, address: Callable[[str], str]) -> Iterator[dict[str, Peer]]:
    if not PYTHON.exists():
        raise SystemExit(f"{PYTHON} is missing: `make bench` makes it")
    peers = {name: Peer(name, address(name), rows) for name in PEERS}
    try:
        yield peers
    finally:
        for peer in peers.values():
            peer.end()


def _compare(ours: Callable[[int], float], peers: dict[str, Peer], rounds: int, cases: int) -> dict[str, float]:
    """Medians over rounds that alternate."""
    ours(cases)
    for peer in peers.values():
        peer.seconds_a_case(cases)
    times: dict[str, list[float]] = {name: [] for name in ("ours", *peers)}
    for _ in range(rounds):
        times["ours"].append(ours(cases))
        for name, peer in peers.items():
            times[name].append(peer.seconds_a_case(cases))
    measured = {f"{name}_case_ms": statistics.median(found) * 1000 for name, found in times.items()}
    for name in peers:
        pairs = zip(times[name], times["ours"], strict=True)
        measured[f"{name}_over_ours"] = statistics.median(theirs / ours for theirs, ours in pairs)
    return {name: round(value, 3) for name, value in sorted(measured.items())}


if __name__ == "__main__":
    small = {"rounds": 1, "cases": 2} if "--quick" in sys.argv else {}
    result = postgres_figures(**small) if "postgres" in sys.argv else figures(**small)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
