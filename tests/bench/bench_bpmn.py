"""What one step of the process engine costs, and that it does not depend on the length of the process."""

import gc
import statistics
import time
from collections.abc import Callable

from engines.bpmn_drawing import NOW, line
from zhengtong.engines.bpmn import Graph, State, TaskCompleted, compile_process, from_rows, read, start, step, to_rows
from zhengtong.engines.bpmn.soundness import examine

SHORT, LONG = 3, 200
ROUNDS, STEPS, COMPILES = 60, 150, 15


def figures() -> dict[str, float]:
    """Microseconds of processor time of one step at 3 and at 200 activities, and their ratio.

    Medians of interleaved rounds. `step` is the pure step; `stored` is the step with its state made from rows and
    turned into rows again. `process_compile_ms` is reading and compiling 200 activities, `process_examine_ms` examining
    them for soundness, in milliseconds of the processor.
    """
    short, long = _first(SHORT), _first(LONG)
    result: dict[str, float] = {}
    for name, work in (("step", _pure), ("stored", _stored)):
        samples = _interleaved(work, short, long)
        result[f"{name}_us_{SHORT}"] = samples[0]
        result[f"{name}_us_{LONG}"] = samples[1]
        result[f"{name}_ratio"] = samples[1] / samples[0]
    xml = line(LONG)
    graph = compile_process(read(xml))
    result["process_compile_ms"] = statistics.median(_ms(lambda: compile_process(read(xml))) for _ in range(COMPILES))
    result["process_examine_ms"] = statistics.median(_ms(lambda: examine(graph)) for _ in range(COMPILES))
    return {name: round(value, 3) for name, value in result.items()}


def _first(activities: int) -> tuple[Graph, State]:
    graph = compile_process(read(line(activities)))
    return graph, start(graph, {}, NOW).state


def _pure(graph: Graph, state: State) -> None:
    step(graph, state, TaskCompleted(1, {"outcome": "yes"}), {}, NOW)


def _stored(graph: Graph, state: State) -> None:
    state = from_rows(to_rows(state), state.next_id)
    to_rows(step(graph, state, TaskCompleted(1, {"outcome": "yes"}), {}, NOW).state)


def _interleaved(
    work: Callable[[Graph, State], None], short: tuple[Graph, State], long: tuple[Graph, State]
) -> tuple[float, float]:
    """Medians of processor time over rounds that alternate, so that a busy machine weighs on both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for case, sample in zip((short, long), times, strict=True):
                began = time.process_time()
                for _ in range(STEPS):
                    work(*case)
                sample.append((time.process_time() - began) / STEPS * 1e6)
    finally:
        if collecting:
            gc.enable()
    return statistics.median(times[0]), statistics.median(times[1])


def _ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


if __name__ == "__main__":
    for title, figure in figures().items():
        print(f"{title:>16} {figure:10.3f}")  # noqa: T201
