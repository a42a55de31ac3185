"""How a peer that decides a table talks with the bench: rows and facts from a file, rounds by lines."""

import json
import pathlib
import sys
import time
from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]


def answer(prepare: Callable[[list[list[Any]]], Callable[[Facts], Any]], path: str) -> None:
    """Each line read is a number of rounds over all facts; the line written is the processor's seconds they took."""
    task = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    decide = prepare(task["rows"])

    def ask(everything: list[Facts]) -> list[Any]:
        return [decide(facts) for facts in everything]

    _serve(ask, task)


def answer_together(prepare: Callable[[list[list[Any]]], Callable[[list[Facts]], list[Any]]], path: str) -> None:
    """The same for a peer that is asked about all facts at once."""
    task = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    _serve(prepare(task["rows"]), task)


def _serve(ask: Callable[[list[Facts]], list[Any]], task: dict[str, Any]) -> None:
    facts = task["facts"]
    assert [int(fee) for fee in ask(facts)] == task["answers"], "it answers otherwise"
    _say("ready")
    for line in sys.stdin:
        begun = time.process_time()
        for _ in range(int(line)):
            ask(facts)
        _say(str(time.process_time() - begun))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
