"""How fast the gate is: raw SQL one by one against 32 submitters, and how long a foreign writer waits meanwhile.

Run as a program (`postgres` as argument for the other database), or call `figures()` or `postgres_figures()`, each in
a process of its own. Both sides write the same rows, which is asserted.
"""

import json
import os
import pathlib
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

SUBMITTERS = 32
ROWS = 3_200
SESSION_SAVES = 200
PAYLOAD = "x" * 200


def figures() -> dict[str, float]:
    """Writes a second, ratios, and waits in milliseconds; one run on one machine."""
    with tempfile.TemporaryDirectory(prefix="zt-bench-", dir=os.environ.get("ZT_BENCH_DIR")) as folder:
        _settle(pathlib.Path(folder) / "gate.sqlite3")
        raw = [_raw(pathlib.Path(folder) / f"raw-{turn}.sqlite3") for turn in range(2)]
        measured = _gate() | _alone() | _foreign() | _statements()
        raw.append(_raw(pathlib.Path(folder) / "raw-last.sqlite3"))
        from zhengtong.foundation.core import writes

        writes.stop()
    one_by_one = statistics.median(raw)
    measured["raw_per_second"] = one_by_one
    measured["gate_over_raw"] = measured["gate_per_second"] / one_by_one
    measured["alone_over_raw"] = measured["alone_per_second"] / one_by_one
    return {name: round(value, 3) for name, value in sorted(measured.items())}


def _settle(path: pathlib.Path) -> None:
    _settle_at(str(path))


def _settle_at(address: str) -> None:
    """Give this process Django on a fresh database with the few tables needed."""
    import django
    from django.conf import settings

    from zhengtong.config.databases import database

    settings.configure(
        DATABASES={"default": database(address)},
        ZT_WRITES_INLINE=False,
        USE_TZ=True,
        SECRET_KEY="measuring only",
        INSTALLED_APPS=["django.contrib.sessions", "zhengtong.foundation.core"],
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


_COLUMNS = "id, by_token, key_digest, body_digest, status, reference, created_at"


def _row(number: int) -> tuple[Any, ...]:
    return (number, "actor", f"{number:064}", PAYLOAD[:64], 201, '{"case": "token"}', "2026-02-17 00:00:00")


def _raw(path: pathlib.Path) -> float:
    """Rows a second by the driver alone, one transaction each, with the same durability and indexes."""
    from django.db import connection as django_connection

    with django_connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'core_idempotencykey' AND sql IS NOT NULL")
        schema = [sql for (sql,) in cursor.fetchall()]
    raw = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=10000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")
    for sql in schema:
        raw.execute(sql)
    places = ", ".join("?" * 7)
    begun = time.perf_counter()
    for number in range(ROWS):
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(f"INSERT INTO core_idempotencykey ({_COLUMNS}) VALUES ({places})", _row(number))
        raw.execute("COMMIT")
    rate = ROWS / (time.perf_counter() - begun)
    assert raw.execute(f"SELECT {_COLUMNS} FROM core_idempotencykey ORDER BY id").fetchall() == [
        _row(number) for number in range(ROWS)
    ]
    raw.close()
    return rate


def _insert() -> Callable[[int], None]:
    import datetime as dt

    from zhengtong.foundation.core.models import IdempotencyKey
    from zhengtong.foundation.core.statements import Insert
    from zhengtong.foundation.core.writes import write

    statement = Insert(IdempotencyKey, *_COLUMNS.split(", "))
    instant = dt.datetime(2026, 2, 17, tzinfo=dt.UTC)

    def insert(number: int) -> None:
        row = (*_row(number)[:5], {"case": "token"}, instant)
        write(lambda: statement.run(row))

    return insert


def _gate() -> dict[str, float]:
    waits = _submit(_insert(), ROWS)
    _assert_same_rows()
    return {
        "gate_per_second": ROWS / waits.pop(),
        "gate_p50_ms": _percentile(waits, 0.5),
        "gate_p99_ms": _percentile(waits, 0.99),
        "gate_p99_over_p50": _percentile(waits, 0.99) / _percentile(waits, 0.5),
    }


def _submit(insert: Callable[[int], None], rows: int) -> list[float]:
    """Each wait in seconds, and last the whole time."""
    from django.db import connection

    waits: list[float] = []
    start = threading.Barrier(SUBMITTERS + 1)

    def submitter(who: int) -> None:
        mine = []
        connection.ensure_connection()  # as in a server, where every thread has read something before it writes
        start.wait()
        for number in range(who, rows, SUBMITTERS):
            begun = time.perf_counter()
            insert(number)
            mine.append(time.perf_counter() - begun)
        waits.extend(mine)
        connection.close()

    threads = [threading.Thread(target=submitter, args=(who,)) for who in range(SUBMITTERS)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return [*waits, time.perf_counter() - begun]


def _assert_same_rows() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM core_idempotencykey ORDER BY id")
        raw = cursor.cursor.connection.execute(
            f"SELECT {_COLUMNS.replace('created_at', 'CAST(created_at AS TEXT)')} FROM core_idempotencykey ORDER BY id"
        ).fetchall()
    assert raw == [_row(number) for number in range(ROWS)]


def _alone() -> dict[str, float]:
    """One caller with nobody else there."""
    insert = _insert()
    begun = time.perf_counter()
    for number in range(10_000_000, 10_000_000 + ROWS):
        insert(number)
    return {"alone_per_second": ROWS / (time.perf_counter() - begun)}


def _foreign() -> dict[str, float]:
    """Session saves, which know nothing of the gate, while 32 submitters never pause."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    insert = _insert()
    stop = threading.Event()
    next_number = iter(range(20_000_000, 30_000_000)).__next__

    def submitter() -> None:
        while not stop.is_set():
            insert(next_number())
        connection.close()

    threads = [threading.Thread(target=submitter) for _ in range(SUBMITTERS)]
    for thread in threads:
        thread.start()
    store = SessionStore()
    store.create()
    waits = []
    for number in range(SESSION_SAVES):
        begun = time.perf_counter()
        store["n"] = number
        store.save()
        waits.append(time.perf_counter() - begun)
        time.sleep(0.002)
    stop.set()
    for thread in threads:
        thread.join()
    return {"foreign_p50_ms": _percentile(waits, 0.5), "foreign_p99_ms": _percentile(waits, 0.99)}


def _statements() -> dict[str, float]:
    """Microseconds an insert inside one transaction: the fixed statement and the ORM."""
    import datetime as dt

    from zhengtong.foundation.core.models import IdempotencyKey
    from zhengtong.foundation.core.statements import Insert
    from zhengtong.foundation.core.writes import write

    statement = Insert(IdempotencyKey, *_COLUMNS.split(", "))
    instant = dt.datetime(2026, 2, 17, tzinfo=dt.UTC)
    count = 2_000

    def fixed() -> None:
        for number in range(40_000_000, 40_000_000 + count):
            statement.run((*_row(number)[:5], {"case": "token"}, instant))

    def orm() -> None:
        for number in range(50_000_000, 50_000_000 + count):
            fields = dict(zip(_COLUMNS.split(", "), (*_row(number)[:5], {"case": "token"}, instant), strict=True))
            IdempotencyKey(**fields).save(force_insert=True)

    spent = {}
    for name, job in (("fixed_insert_us", fixed), ("orm_insert_us", orm)):
        begun = time.perf_counter()
        write(job)
        spent[name] = (time.perf_counter() - begun) / count * 1e6
    return spent


def postgres_figures() -> dict[str, float]:
    """A step (locked load; two inserts and a checked update) a second on PostgreSQL: the driver alone, and ours.

    Both make two round trips and write the same rows. Call in a process where Django is not settled yet.
    """
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
    import postgres

    address = postgres.server().create("bench_core")
    _settle_at(address)
    from django.db import connection

    steps = 600
    raw, ours, piecemeal = _raw_step(address), _our_step(pipelined=True), _our_step(pipelined=False)
    for step in (raw, ours, piecemeal):
        step(0)
    rates = {}
    for name, step, start in (("raw", raw, 1), ("pipelined", ours, 10_001), ("piecemeal", piecemeal, 20_001)):
        begun = time.perf_counter()
        for number in range(start, start + steps):
            step(number)
        rates[f"postgres_{name}_per_second"] = steps / (time.perf_counter() - begun)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last, count(*) FROM core_sequence s, core_idempotencykey i GROUP BY last")
        assert cursor.fetchall() == [(3 * steps + 3, 2 * (3 * steps + 3))]
    rates["postgres_pipelined_over_raw"] = rates["postgres_pipelined_per_second"] / rates["postgres_raw_per_second"]
    return {name: round(value, 3) for name, value in rates.items()}


_LOAD = "SELECT last FROM core_sequence WHERE key = %s FOR UPDATE"
_MOVE = "UPDATE core_sequence SET last = last + 1 WHERE key = %s AND last = %s"


def _raw_step(address: str) -> Callable[[int], None]:
    import psycopg
    from psycopg.types.json import Jsonb

    raw = psycopg.connect(address, autocommit=True)
    insert = f"INSERT INTO core_idempotencykey ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)"

    def row(number: int) -> tuple[Any, ...]:
        return (*_row(number)[:5], Jsonb({"case": "token"}), "2026-02-17 00:00:00+00")

    def step(number: int) -> None:
        with raw.pipeline():
            raw.execute("BEGIN")
            (last,) = raw.execute(_LOAD, ("step",)).fetchone() or (0,)
            raw.execute(insert, row(3 * number + 1_000_000))
            raw.execute(insert, row(3 * number + 1_000_001))
            raw.execute(_MOVE, ("step", last))
            raw.execute("COMMIT")

    raw.execute("INSERT INTO core_sequence VALUES ('step', 0)")
    return step


def _our_step(*, pipelined: bool) -> Callable[[int], None]:
    import datetime as dt

    from zhengtong.foundation.core.models import IdempotencyKey, Sequence
    from zhengtong.foundation.core.statements import Insert, Select, Update
    from zhengtong.foundation.core.writes import write

    load = Select(Sequence, ("last",), where=("key",), lock=True)
    insert = Insert(IdempotencyKey, *_COLUMNS.split(", "))
    move = Update(Sequence, add=("last",), where=("key", "last"))
    instant = dt.datetime(2026, 2, 17, tzinfo=dt.UTC)
    base = 2_000_000 if pipelined else 3_000_000

    def row(number: int) -> tuple[Any, ...]:
        return (*_row(number)[:5], {"case": "token"}, instant)

    def step(number: int) -> None:
        def job() -> None:
            found = load.one(("step",))
            assert found is not None
            insert.run(row(3 * number + base))
            insert.run(row(3 * number + base + 1))
            move.one((), ("step", found[0]))

        write(job, pipelined=pipelined)

    return step


def _percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


if __name__ == "__main__":
    measured = postgres_figures() if sys.argv[1:] == ["postgres"] else figures()
    sys.stdout.write(json.dumps(measured, indent=2) + "\n")
