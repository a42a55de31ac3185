"""What a decision costs: one table of 20 rules and 3 inputs, ours with and without reasons, and the peers' on it.

Each peer runs in a process and an environment of its own (`build/bench-venv`, made by `make bench`). Rounds alternate,
times are the processor's, so that a busy machine weighs on all alike; medians count.
"""

import gc
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from engines.dmn_drafting import compiled, decision, document, given, literal, table  # noqa: E402
from zhengtong.engines.dmn import compile_model, decide, read  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = ROOT / "build" / "bench-venv" / "bin" / "python"
PEERS = {"zen": ("zen_table.py", ""), "zen_batch": ("zen_table.py", "batch"), "spiff": ("spiff_table.py", "")}
COLUMNS = (("age", "number"), ("place", "string"), ("poor", "boolean"))
BANDS = ((0, 18), (18, 30), (30, 45), (45, 60), (60, 200))
DECISIONS = 50
ROUNDS, TURNS = 15, 50

ROWS = [
    [low, high, place, poor, (number * 2 + at) * 2 + side]
    for number, (low, high) in enumerate(BANDS)
    for at, place in enumerate(("city", "county"))
    for side, poor in enumerate((True, False))
]
FACTS: list[dict[str, Any]] = [{"age": low + 1, "place": place, "poor": poor} for low, _, place, poor, _ in ROWS]


class Peer:
    """A peer's process: told how many rounds to run, it says how long they took."""

    def __init__(self, name: str, task: pathlib.Path) -> None:
        program, option = PEERS[name]
        command = [str(PYTHON), str(pathlib.Path(__file__).parent / "peers" / program), str(task), option]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._line() == "ready", f"{name} did not start, or answers otherwise"

    def seconds(self, turns: int) -> float:
        """Of the processor, for so many rounds."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{turns}\n")
        self._process.stdin.flush()
        return float(self._line())

    def end(self) -> None:
        """Let it go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def figures(rounds: int = ROUNDS, turns: int = TURNS, peers: tuple[str, ...] = tuple(PEERS)) -> dict[str, float]:
    """Decisions a second of the processor: `decisions_a_second`, with reasons `traced_a_second`, and each peer's.

    `ours_over_…` is how many times as many we make as a peer, `model_ms` reading and compiling 50 decisions.
    """
    task = {"rows": ROWS, "facts": FACTS, "answers": [row[-1] for row in ROWS]}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "table.json"
        path.write_text(json.dumps(task), encoding="utf-8")
        ours = {"decisions": _ours(trace=False), "traced": _ours(trace=True)}
        others = {name: Peer(name, path) for name in peers}
        workers: dict[str, Callable[[int], float]] = {**ours, **{name: peer.seconds for name, peer in others.items()}}
        speeds = _alternating(workers, rounds, turns)
        for peer in others.values():
            peer.end()
    found = {f"{name}_a_second": speed for name, speed in speeds.items()}
    found |= {f"ours_over_{name}": speeds["decisions"] / speeds[name] for name in peers}
    found["model_ms"] = _model_ms()
    return {name: round(value, 2) for name, value in found.items()}


def _ours(*, trace: bool) -> Callable[[int], float]:
    rows = [(f"[{low}..{high})", f'"{place}"', str(poor).lower(), str(fee)) for low, high, place, poor, fee in ROWS]
    logic = table("UNIQUE", COLUMNS, (("", "number"),), *rows)
    decisions = compiled(
        *(given(*each) for each in COLUMNS), decision("d", logic, inputs=[name for name, _ in COLUMNS])
    )
    assert [decide(decisions, facts, decision="d").value for facts in FACTS] == [row[-1] for row in ROWS]

    def seconds(turns: int) -> float:
        begun = time.process_time()
        for _ in range(turns):
            for facts in FACTS:
                decide(decisions, facts, decision="d", trace=trace)
        return time.process_time() - begun

    return seconds


def _alternating(workers: dict[str, Callable[[int], float]], rounds: int, turns: int) -> dict[str, float]:
    """Decisions a second, the median of rounds that take turns."""
    times: dict[str, list[float]] = {name: [] for name in workers}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, work in workers.items():
                times[name].append(work(turns))
    finally:
        if collecting:
            gc.enable()
    return {name: turns * len(FACTS) / max(statistics.median(taken), 1e-9) for name, taken in times.items()}


def model_of(decisions: int) -> bytes:
    """A model in which each decision needs the one before; four of five are tables of ten rules."""
    names = [name for name, _ in COLUMNS]
    elements = [given(*each) for each in COLUMNS]
    for number in range(decisions):
        before = [f"n{number - 1}"] if number else []
        rows = [(f"[{n * 10}..{n * 10 + 10})", "-", "true" if n % 3 else "-", str(n * number)) for n in range(10)]
        logic = table("FIRST", COLUMNS, (("", "number"),), *rows)
        if number % 5 == 0:
            logic = literal(f'if age > {number} and place = "city" then age * 2 else {before[0] if before else "0"}')
        elements.append(decision(f"n{number}", logic, inputs=names, decisions=before, kind="number"))
    return document(*elements)


def _model_ms() -> float:
    xml = model_of(DECISIONS)
    taken = []
    for _ in range(9):
        begun = time.process_time()
        compile_model(read(xml))
        taken.append((time.process_time() - begun) * 1e3)
    return statistics.median(taken)


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    print(json.dumps(figures(2, 2) if quick else figures()))  # noqa: T201
