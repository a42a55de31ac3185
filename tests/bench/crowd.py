"""Submitters at once, spread over the serving processes of a machine with two cores."""

import gc
import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from bench.scene import DAY, Office

SUBMITTERS, PROCESSES = 32, 2
WARM = 8
BEGIN_SECONDS = 0.05


class Crowd:
    """`PROCESSES` copies of this process, each with its share of the submitters; they end when the block is left."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def __enter__(self) -> "Crowd":
        from django.db import connections

        from zhengtong.foundation.core import writes

        writes.stop()
        connections.close_all()
        gc.collect()
        gc.freeze()  # what the copies share is not written to by looking for garbage
        fork = multiprocessing.get_context("fork")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(PROCESSES):
            here, there = fork.Pipe()
            process = fork.Process(target=_serve, args=(self._office, there), daemon=True)
            process.start()
            self._pipes.append(here)
            self._processes.append(process)
        self._answers()
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join(30)

    def submit(self, submissions: int) -> list[float]:
        """Each wait in seconds, and last the whole time."""
        begin = time.monotonic() + BEGIN_SECONDS
        for pipe in self._pipes:
            pipe.send((begin, submissions // PROCESSES))
        answers = self._answers()
        return [*(wait for waits, _ in answers for wait in waits), max(ended for _, ended in answers) - begin]

    def begin(self) -> None:
        """Let all submit without a pause, until `end`."""
        for pipe in self._pipes:
            pipe.send((time.monotonic(), 0))

    def end(self) -> None:
        for pipe in self._pipes:
            pipe.send("enough")
        self._answers()

    def _answers(self) -> list[Any]:
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers


def _serve(office: Office, pipe: Connection) -> None:
    """One process: for each order its waits and when it ended."""
    from zhengtong.foundation.core import clock, writes

    try:
        with clock.frozen(DAY):
            for _ in range(WARM):
                office.submit()
        pipe.send("ready")
        while (order := pipe.recv()) is not None:
            begin, submissions = order
            pipe.send((_at_once(office, begin, submissions, pipe), time.monotonic()))
    except Exception as error:  # noqa: BLE001 whoever waits for the answer hears of it
        pipe.send(error)
    writes.stop()


def _at_once(office: Office, begin: float, submissions: int, pipe: Connection) -> list[float]:
    """`submissions` by this process's submitters, or without number until a word comes."""
    waits: list[float] = []
    failed: list[Exception] = []
    left = iter(range(submissions)) if submissions else iter(lambda: pipe.poll() and pipe.recv(), "enough")
    taking = threading.Lock()
    over = False

    def work() -> None:
        nonlocal over
        while not over:
            with taking:
                over = over or next(left, None) is None
            if not over:
                begun = time.perf_counter()
                office.submit()
                waits.append(time.perf_counter() - begun)

    threads = [_submitter(work, begin, failed) for _ in range(SUBMITTERS // PROCESSES)]
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return waits


def _submitter(work: Callable[[], None], begin: float, failed: list[Exception]) -> threading.Thread:
    from django.db import connection

    from zhengtong.foundation.core import clock

    def run() -> None:
        connection.ensure_connection()
        time.sleep(max(0.0, begin - time.monotonic()))
        try:
            with clock.frozen(DAY):
                work()
        except Exception as error:  # noqa: BLE001 told by the process
            failed.append(error)
        connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
