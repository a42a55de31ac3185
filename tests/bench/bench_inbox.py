"""An inbox does not grow with the table: pages and counts of a restricted officer at 10,000 and 1,000,000 cases.

The officer's own queues are the same in both; everything else belongs to others. Every query of a page must find its
rows by an index. Run as a program, or call `figures()` in a process of its own.
"""

import datetime as dt
import json
import pathlib
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from bench.scene import folder, percentile, settle  # noqa: E402

SMALL, LARGE = 10_000, 1_000_000
OWN = 3_000  # cases at the officer's agency, in both tables
ROUNDS, LOOKS = 12, 25
AGENCY = 1
TODAY = dt.date(2025, 3, 5)

# Eight of ten cases are closed; of the others the agency's clerk or reviewer has the task.
_CASES = """
INSERT INTO cases_case ({columns}) SELECT {values}
FROM (WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)
"""
_GIVEN = {
    "cases_case": {
        "id": "i",
        "token": "'t' || i",
        "short_no": "'s' || i",
        "case_no": "'c' || i",
        "agency_id": f"CASE WHEN i <= {OWN} THEN {AGENCY} ELSE 2 + i % 97 END",
        "region": "'110108'",
        "applicant_label": "'某餐饮有限公司' || i",
        "item_name": "'食品经营许可'",
        "state": "CASE i % 10 WHEN 0 THEN 'RECEIVED' WHEN 1 THEN 'REVIEWING' ELSE 'CLOSED' END",
        "applicant_organisation_id": "i % 50000",
        "process_id": "i",
        "red_on": "date('2025-02-20', '+' || (i % 40) || ' days')",
        "submitted_at": "'2025-03-01 02:00:00'",
    },
    "workflow_task": {
        "id": "i",
        "process_id": "i",
        "number": "1",
        "element": "'examine'",
        "name": "'受理审查'",
        "title": "'食品经营许可'",
        "label": "'某餐饮有限公司' || i",
        "reference": "'s' || i",
        "role": "CASE i % 2 WHEN 0 THEN 'clerk' ELSE 'reviewer' END",
        "agency_id": f"CASE WHEN i <= {OWN} THEN {AGENCY} ELSE 2 + i % 97 END",
        "queue": f"(CASE WHEN i <= {OWN} THEN {AGENCY} ELSE 2 + i % 97 END) || "
        "CASE i % 2 WHEN 0 THEN ':clerk' ELSE ':reviewer' END",
        "subject_kind": "'case'",
        "subject_id": "i",
        "state": "CASE i % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'claimed' ELSE 'done' END",
        "yellow_on": "date('2025-02-15', '+' || (i % 40) || ' days')",
        "red_on": "date('2025-02-20', '+' || (i % 40) || ' days')",
        "outcomes": "'[\"accept\"]'",
        "created_at": "'2025-03-01 02:00:00'",
    },
}


def figures(large: int = LARGE, rounds: int = ROUNDS, looks: int = LOOKS) -> dict[str, float]:
    """p95 milliseconds of each read at both sizes, and their ratios (median over alternating rounds)."""
    with folder() as place:
        settle(str(place / "small.sqlite3"), place)
        from django.db import connection

        connection.close()
        with sqlite3.connect(place / "small.sqlite3") as here, sqlite3.connect(place / "large.sqlite3") as there:
            here.backup(there)
        for name, cases in (("small", SMALL), ("large", large)):
            _fill(place / f"{name}.sqlite3", cases)
        _assert_indexed(place / "large.sqlite3")
        return _compare(place, rounds, looks)


def _fill(path: pathlib.Path, cases: int) -> None:
    """Rows by the driver in bulk; columns not named get the plainest value that fits."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA foreign_keys=OFF")
    for table, given in _GIVEN.items():
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        values = [given.get(name) or _plainest(kind, needed) for _at, name, kind, needed, _default, _key in columns]
        names = ", ".join(f'"{column[1]}"' for column in columns)
        connection.execute(_CASES.format(columns=names, values=", ".join(values), first=1, last=cases).replace(
            "INTO cases_case", f"INTO {table}"
        ))  # fmt: skip
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _plainest(kind: str, needed: int) -> str:
    if not needed:
        return "NULL"
    return "0" if kind.lower().startswith(("int", "big", "small", "bool")) else "''"


def _officer() -> Any:
    from zhengtong.foundation.policy import Actor, Grant

    scope = f"org:{AGENCY}"
    held = ("case.read", "task.clerk", "task.reviewer")
    return Actor(account_id=1, kind="staff", name="孙洁", grants=frozenset(Grant(code, scope) for code in held))


def reads() -> dict[str, Callable[[], Any]]:
    """What an officer looks at, each a read of its own."""
    from zhengtong.matters.cases import queries as cases
    from zhengtong.matters.workflow import queries as workflow

    officer = _officer()
    queues = workflow.queues_of(officer, ["clerk", "reviewer"])
    later = (dt.date(2025, 3, 10), 0)

    def page(after: workflow.Place | None) -> None:
        tasks = workflow.inbox(queues, after=after, limit=51)
        assert len(tasks) == 51, "the officer has work"
        cases.faces(officer, [task.subject_id for task in tasks])

    return {
        "first_page": lambda: page(None),
        "later_page": lambda: page(later),
        "figures": lambda: workflow.waiting(queues, account_id=1, today=TODAY),
        "newest_cases": lambda: cases.agency_cases(officer, states=["RECEIVED", "REVIEWING"], limit=51),
    }


def _open(path: pathlib.Path) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = str(path)
    connection.ensure_connection()


def _assert_indexed(path: pathlib.Path) -> None:
    """Ask for the plan of each query with its parameters bound, as it is really run."""
    from django.db import connection

    _open(path)
    for name, read in reads().items():
        seen: list[tuple[str, Any]] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any, seen: Any = seen) -> Any:
            seen.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            read()
        assert seen, f"{name} reads something"
        for sql, params in seen:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
                plan = [row[3] for row in cursor.fetchall()]
            scans = [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step]
            assert not scans, f"{name}: {scans} in {sql[:300]}"
            if '"workflow_task"."queue"' in sql:
                assert any("task_waiting" in step for step in plan), f"{name}: {plan}"


def _compare(place: pathlib.Path, rounds: int, looks: int) -> dict[str, float]:
    names = list(reads())
    spent: dict[tuple[str, str], list[float]] = {}
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for size in ("small", "large") if turn % 2 else ("large", "small"):
            _open(place / f"{size}.sqlite3")
            for name, read in reads().items():
                read()
                spent[size, name] = _times(read, looks) + spent.get((size, name), [])
        for name in names:
            now = [percentile(spent[size, name][:looks], 0.95) for size in ("large", "small")]
            ratios[name].append(now[0] / now[1])
    measured = {f"inbox_{name}_ratio": statistics.median(found) for name, found in ratios.items()}
    for (size, name), times in spent.items():
        measured[f"inbox_{name}_{size}_p95_ms"] = percentile(times, 0.95)
    measured["inbox_worst_ratio"] = max(statistics.median(found) for found in ratios.values())
    return {name: round(value, 3) for name, value in sorted(measured.items())}


def _times(read: Callable[[], Any], looks: int) -> list[float]:
    times = []
    for _ in range(looks):
        begun = time.perf_counter()
        read()
        times.append(time.perf_counter() - begun)
    return times


if __name__ == "__main__":
    small = {"large": 20_000, "rounds": 2, "looks": 5} if "--quick" in sys.argv else {}
    sys.stdout.write(json.dumps(figures(**small), indent=2) + "\n")
