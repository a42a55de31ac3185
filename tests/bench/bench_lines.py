"""A completed task through the database, in a process of 3 tasks and in one of 200, against SpiffWorkflow.

On our side everything is on: the policy is asked, the tokens stay as history, and an event of the matter is recorded in
the same transaction. On the other side there is the process alone, its state read and kept by the driver. What the
driver alone takes for the very rows of ours says how far any engine could come that keeps them. Run as a program
(`--quick` for a glance), or call `figures()`, in a process of its own.
"""

import json
import pathlib
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from bench.bench_cases import _copy  # noqa: E402 after the path is set
from bench.bench_peers import Peer  # noqa: E402 after the path is set
from bench.raw import Capture, SqliteRaw  # noqa: E402 after the path is set
from bench.scene import DAY, folder, settle  # noqa: E402

SIZES = (3, 200)
ROUNDS, STEPS = 5, 120  # enough steps that neither side is timed while its caches are cold


class Line:
    """Our side: processes of so many tasks in a row, each completed by whoever holds its role."""

    def __init__(self, world: Any, count: int) -> None:
        from engines.bpmn_drawing import chain, document, node, task
        from zhengtong.matters.workflow.definitions import define

        names = [f"t{number}" for number in range(count)]
        drawn = [node("startEvent", "s"), *(task(name) for name in names), node("endEvent", "e")]
        self.definition = define(document(*drawn, chain("s", *names, "e")))
        self.count, self.world, self.done = count, world, 0
        self._subject: Any = None

    def seconds(self, steps: int, before: Callable[[], None] = lambda: None) -> float:
        """Of so many completions; finding each task is not counted. `before` is called before each."""
        from zhengtong.foundation.core.writes import write
        from zhengtong.matters.workflow.queries import open_task

        spent = 0.0
        for _ in range(steps):
            if self.done % self.count == 0:
                self._begin()
            self.done += 1
            task = open_task("bench", self._subject.id)
            assert task is not None, "the line goes on"
            before()
            begun = time.perf_counter()
            write(lambda task_id=task.id: self._step(task_id), pipelined=True)
            spent += time.perf_counter() - begun
        return spent

    def _begin(self) -> None:
        from zhengtong.foundation.core.identifiers import new_id
        from zhengtong.foundation.core.writes import write
        from zhengtong.matters.workflow import services

        subject = self._subject = Matter(new_id(), self.world)

        def begin() -> None:
            subject.open()
            given = {"process_id": subject.id, "definition_id": self.definition, "subject": subject}
            services.begin(by=self.world.clerk, data={}, now=DAY, **given)

        write(begin, pipelined=True)

    def _step(self, task_id: int) -> None:
        from zhengtong.matters.workflow import services

        held, subject, by = services.Hold(task_id), self._subject, self.world.clerk
        subject.open()
        services.complete_task(by=by, task=held.task, subject=subject, data={}, now=DAY, held=held)


class Matter:
    """What the processes are about: its event of each step goes out with the rows of the process."""

    kind = "bench"

    def __init__(self, number: int, world: Any) -> None:
        from zhengtong.matters.workflow.registry import TaskFace

        self.id, self._world, self._fresh = number, world, True
        day = DAY.date()
        self._face = TaskFace(world.agency_id, "试办", "Trial", "京味餐饮有限公司", "s1", day, day)

    def open(self) -> None:
        """Take it in hand for one step."""
        from zhengtong.foundation.core.statements import Outgoing
        from zhengtong.foundation.ledger.services import Chapter

        self.rows = Outgoing()
        self._chapter = Chapter((self.kind, self.id), self.rows, new_subject=self._fresh)
        self._fresh = False

    def face(self) -> Any:
        """As a case's."""
        return self._face

    def flush(self) -> None:
        """The event of the step."""
        self._chapter.record(by=self._world.clerk, type="bench.done", payload={"outcome": "done"})


def figures(rounds: int = ROUNDS, steps: int = STEPS) -> dict[str, float]:
    """Milliseconds a completion, and how many times ours SpiffWorkflow takes, at each size (SQLite)."""
    measured: dict[str, float] = {}
    with folder() as place:
        settle(str(place / "ours.sqlite3"), place)
        from factories import cases as made

        world = made.world()
        for size in SIZES:
            line = Line(world, size)
            measured |= _raw(place, line, size, steps)
            measured |= _compare(place, line, size, rounds, steps)
        from zhengtong.foundation.core import writes

        writes.stop()
    return {name: round(value, 3) for name, value in measured.items()}


def _raw(place: pathlib.Path, line: Line, size: int, steps: int) -> dict[str, float]:
    """The driver alone, writing into a copy what the steps of a line write (what begins a line is not counted)."""
    line.seconds(8)
    _copy(place / "ours.sqlite3", place / f"raw{size}.sqlite3")
    capture, kept = Capture(), []
    raw = SqliteRaw(str(place / f"raw{size}.sqlite3"))
    capture.next()

    def step() -> None:
        kept.append(len(capture.transactions))
        capture.next()

    with capture.listening():
        for _ in range(steps):
            line.seconds(1, step)
            capture.next()
    spent = 0.0
    for number, transaction in enumerate(map(raw.prepare, capture.transactions)):
        begun = time.perf_counter()
        raw.write(transaction)
        spent += (time.perf_counter() - begun) * (number in kept)
    return {f"line_{size}_raw_ms": spent / steps * 1000}


def _compare(place: pathlib.Path, line: Line, size: int, rounds: int, steps: int) -> dict[str, float]:
    """Medians over rounds that alternate, so that a busy machine weighs on both alike."""
    peer = Peer("spiff", str(place / "spiff.sqlite3"), str(size), program="spiff_line")
    try:
        line.seconds(8)
        peer.seconds_a_case(8)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(line.seconds(steps) / steps)
            theirs.append(peer.seconds_a_case(steps))
    finally:
        peer.end()
    ratio = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
    return {
        f"line_{size}_ours_ms": statistics.median(ours) * 1000,
        f"line_{size}_spiff_ms": statistics.median(theirs) * 1000,
        f"line_{size}_spiff_over_ours": ratio,
    }


if __name__ == "__main__":
    small = {"rounds": 1, "steps": 6} if "--quick" in sys.argv else {}
    sys.stdout.write(json.dumps(figures(**small), indent=2) + "\n")
