"""What an application around a peer would write besides the process: the very rows of ours, by the driver alone.

So a peer is charged for its process engine and for the cheapest way of writing the rest, never for more.
"""

import pickle
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

STEPS = 4


def cases(path: str) -> Iterator[list[list[tuple[str, Any]]]]:
    """The four transactions of each captured case."""
    with open(path, "rb") as file:
        transactions = pickle.load(file)
    return iter([transactions[at : at + STEPS] for at in range(0, len(transactions), STEPS)])


def answer(run_case: Callable[[list[list[tuple[str, Any]]]], None], path: str) -> None:
    """Each line read is a number of cases to run; the line written is the seconds they took."""
    waiting = cases(path)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        begun = time.perf_counter()
        for _ in range(int(line)):
            run_case(next(waiting))
        sys.stdout.write(f"{time.perf_counter() - begun}\n")
        sys.stdout.flush()
