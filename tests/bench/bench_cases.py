"""What a case costs: four transactions through the real verbs against the driver alone writing the same rows.

The verbs run with everything on (permission check, validation, events, encryption). The comparator replays what they
wrote, captured in a run that is not timed, into a copy of the database taken before, one transaction after the other;
both databases must then hold the same rows. Run as a program (`postgres` for the other database, `--quick` for a
glance), or call `figures()` or `postgres_figures()`, each in a process of its own.
"""

import json
import pathlib
import sqlite3
import statistics
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from bench.crowd import Crowd  # noqa: E402 after the path is set
from bench.raw import Capture, PostgresRaw, SqliteRaw, Transaction, assert_same, dump_postgres, dump_sqlite  # noqa: E402
from bench.scene import DAY, STEPS, Office, folder, percentile, settle  # noqa: E402

ROUNDS, CASES = 45, 8
"""So many that most of what is timed is written into a log that has reached its size. While SQLite's log still grows,
each commit waits for the file system as well, and ours has grown before the driver's begins: in the run captured."""
SUBMISSIONS, SESSION_SAVES = 960, 200

Raw = SqliteRaw | PostgresRaw


def figures(rounds: int = ROUNDS, cases: int = CASES, submissions: int = SUBMISSIONS) -> dict[str, float]:
    """Milliseconds a case, ratios, and waits of 32 submitters, on SQLite."""
    with folder() as place:
        settle(str(place / "ours.sqlite3"), place)
        office = _warm()
        _copy(place / "ours.sqlite3", place / "raw.sqlite3")
        captured = _capture(office, rounds * cases)
        from django.db import connection

        connection.ensure_connection()
        kept = dump_sqlite(sqlite3.connect(place / "ours.sqlite3"))
        raw = SqliteRaw(str(place / "raw.sqlite3"))
        measured = _against(raw, office, captured, rounds)
        assert_same(raw.dump(), kept)
        _copy(place / "ours.sqlite3", place / "alone.sqlite3")
        captured = _capture_submissions(office, submissions)
        with Crowd(office) as crowd:
            measured |= _crowd(crowd, SqliteRaw(str(place / "alone.sqlite3")), captured)
            measured |= _foreign(crowd)
    return {name: round(value, 3) for name, value in sorted(measured.items())}


def postgres_figures(rounds: int = ROUNDS, cases: int = CASES) -> dict[str, float]:
    """Milliseconds a case and the ratio on PostgreSQL, in two round trips a transaction on both sides."""
    import psycopg

    import postgres

    server = postgres.server()
    address = server.create("bench_ours")
    with folder() as place:
        settle(address, place)
        office = _warm()
        from django.db import connection

        connection.close()
        with psycopg.connect(server.address(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench_raw TEMPLATE bench_ours")
        captured = _capture(office, rounds * cases)
        with connection.cursor() as cursor:
            kept = dump_postgres(cursor)
        raw = PostgresRaw(server.address("bench_raw"))
        measured = _against(raw, office, captured, rounds)
        assert_same(raw.dump(), kept)
        raw.connection.close()
        connection.close()
    return {f"postgres_{name}": round(value, 3) for name, value in sorted(measured.items())}


def _warm() -> Office:
    office = Office()
    for _ in range(8):
        office.case()
    return office


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    with sqlite3.connect(source) as here, sqlite3.connect(target) as there:
        here.backup(there)


def _capture(office: Office, cases: int) -> list[Transaction]:
    capture = Capture()
    with capture.listening():
        for _ in range(cases):
            office.case(before=capture.next)
    return capture.transactions


def _against(raw: Raw, office: Office, captured: list[Transaction], rounds: int) -> dict[str, float]:
    """Rounds that alternate, so that a busy machine weighs on both alike; medians over the rounds."""
    prepared = [raw.prepare(transaction) for transaction in captured]
    share = len(prepared) // rounds
    theirs, ours, ratios = [], [], []
    for turn in range(rounds):
        for transaction in prepared[:2]:  # neither side begins cold
            raw.prepare(transaction)
        begun = time.perf_counter()
        for transaction in prepared[turn * share : (turn + 1) * share]:
            raw.write(transaction)
        theirs.append((time.perf_counter() - begun) / share * len(STEPS))
        ours.append(_time_cases(office, share // len(STEPS)))
        ratios.append(theirs[-1] / ours[-1])
    return {
        "case_ms": statistics.median(ours) * 1000,
        "raw_case_ms": statistics.median(theirs) * 1000,
        "case_over_raw": statistics.median(ratios),
    }


def _time_cases(office: Office, cases: int) -> float:
    """Seconds a case: the four acts, without the reading that finds each task."""
    spent = 0.0
    begun = 0.0

    def start() -> None:
        nonlocal begun
        begun = time.perf_counter()

    def stop() -> None:
        nonlocal spent
        spent += time.perf_counter() - begun

    for _ in range(cases):
        office.case(start, stop)
    return spent / cases


def _capture_submissions(office: Office, submissions: int) -> list[Transaction]:
    from zhengtong.foundation.core import clock

    capture = Capture()
    with capture.listening(), clock.frozen(DAY):
        for _ in range(submissions):
            capture.next()
            office.submit()
    return capture.transactions


def _crowd(crowd: Crowd, raw: SqliteRaw, captured: list[Transaction]) -> dict[str, float]:
    """32 submitters at once against the driver writing the same kind of submissions one by one, in turns."""
    prepared = [raw.prepare(transaction) for transaction in captured]
    turns, waits, ratios = 4, [], []
    share = len(prepared) // turns
    for turn in range(turns):
        begun = time.perf_counter()
        for transaction in prepared[turn * share : (turn + 1) * share]:
            raw.write(transaction)
        alone = share / (time.perf_counter() - begun)
        spent = crowd.submit(share)
        ratios.append(share / spent.pop() / alone)
        waits += spent
    return {
        "crowd_over_raw": statistics.median(ratios),
        "crowd_p50_ms": percentile(waits, 0.5),
        "crowd_p99_ms": percentile(waits, 0.99),
        "crowd_p99_over_p50": percentile(waits, 0.99) / percentile(waits, 0.5),
    }


def _foreign(crowd: Crowd) -> dict[str, float]:
    """Session saves, which know nothing of the gate, while 32 submitters never pause."""
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store.create()
    crowd.begin()
    waits = []
    for number in range(SESSION_SAVES):
        begun = time.perf_counter()
        store["n"] = number
        store.save()
        waits.append(time.perf_counter() - begun)
        time.sleep(0.002)
    crowd.end()
    return {"foreign_p50_ms": percentile(waits, 0.5), "foreign_p99_ms": percentile(waits, 0.99)}


if __name__ == "__main__":
    small: dict[str, int] = {"rounds": 2, "cases": 2} if "--quick" in sys.argv else {}
    if "postgres" in sys.argv:
        result = postgres_figures(**small)
    else:
        result = figures(**small, **({"submissions": 64} if small else {}))
    sys.stdout.write(json.dumps(result, indent=2) + "\n")
