"""Our case of four transactions against the same case with django-viewflow and with SpiffWorkflow.

Each peer runs in a process and an environment of its own (`build/bench-venv`, made by `make bench`), on a copy of the
same database with the same durability, and writes, besides its own state, the very rows of ours by the driver alone.
Run as a program (`postgres` for the other database, `--quick` for a glance), or call `figures()` or
`postgres_figures()`, each in a process of its own.
"""

import contextlib
import json
import pathlib
import pickle
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from bench.bench_cases import _capture, _copy, _time_cases, _warm  # noqa: E402
from bench.scene import Office, folder, settle  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build" / "bench-venv" / "bin" / "python"
PEERS = ("viewflow", "spiff")
ROUNDS, CASES = 7, 6


class Peer:
    """A peer's process: told how many cases to run, it says how long they took."""

    def __init__(self, name: str, address: str, rows: pathlib.Path) -> None:
        program = pathlib.Path(__file__).parent / "peers" / f"{name}_case.py"
        command = [str(PYTHON), str(program), address, str(rows)]
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
        rows = _keep(place, office, (rounds + 1) * cases)
        with _peers(rows, lambda name: str(place / f"{name}.sqlite3")) as peers:
            measured = _compare(office, peers, rounds, cases)
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
        rows = _keep(place, office, (rounds + 1) * cases)
        with _peers(rows, lambda name: server.address(f"bench_{name}")) as peers:
            measured = _compare(office, peers, rounds, cases)
        connection.close()
    return {f"postgres_{name}": value for name, value in measured.items()}


def _keep(place: pathlib.Path, office: Office, cases: int) -> pathlib.Path:
    path = place / "captured.pickle"
    path.write_bytes(pickle.dumps(_capture(office, cases)))
    return path


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


def _compare(office: Office, peers: dict[str, Peer], rounds: int, cases: int) -> dict[str, float]:
    """Medians over rounds that alternate."""
    for peer in peers.values():
        peer.seconds_a_case(cases)
    times: dict[str, list[float]] = {name: [] for name in ("ours", *peers)}
    for _ in range(rounds):
        times["ours"].append(_time_cases(office, cases))
        for name, peer in peers.items():
            times[name].append(peer.seconds_a_case(cases))
    measured = {f"peers_{name}_case_ms": statistics.median(found) * 1000 for name, found in times.items()}
    for name in peers:
        pairs = zip(times[name], times["ours"], strict=True)
        measured[f"peers_{name}_over_ours"] = statistics.median(theirs / ours for theirs, ours in pairs)
    return {name: round(value, 3) for name, value in sorted(measured.items())}


if __name__ == "__main__":
    small = {"rounds": 1, "cases": 2} if "--quick" in sys.argv else {}
    result = postgres_figures(**small) if "postgres" in sys.argv else figures(**small)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
