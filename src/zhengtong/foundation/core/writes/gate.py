"""The gate for writes on SQLite: one thread runs jobs in order of arrival, many to a commit.

Whoever finds nobody writing runs the job in its own thread (a hand-over costs 60 to 110 µs); from then until that job
is done, all others go to the writer. Both take the same first-come turn, so the order is that of arrival.

A job is answered only after the commit that holds it has been verified. Where the batch as a whole fails (disk full,
a deferred constraint), it is rolled back and each job runs again alone, to get its own answer; so a job may run more
than once, and must do nothing outside the database except through on-commit hooks and the outbox.
"""

import atexit
import contextvars
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.writes.scope import SPOILED, Job, logger, perform, run_contained, take_hooks
from zhengtong.foundation.core.writes.whole import Whole

T = TypeVar("T")

QUEUE_LIMIT = 2048
BATCH_LIMIT = 256
# A batch that lasts this long commits. Other serving processes wait with batches of their own, which grow meanwhile, so
# little is lost by it; a lone write behind it (a session, say) is let in sooner.
BATCH_SECONDS = 0.016
FAIR_SECONDS = 0.004
# Every statement gives the interpreter away, and a thread that wants it back waits so long for each that computes: at
# Python's own 5 ms a lone write among 32 busy threads waits 150 ms and more.
SWITCH_SECONDS = 0.001
_SAVEPOINT, _RELEASE = "SAVEPOINT zt_job", "RELEASE zt_job"
_UNDO = ("ROLLBACK TO zt_job", _RELEASE)


class Withdrawn(Exception):
    """The writer had closed before it took the job; nothing of it ran."""


class Task:
    """A job on its way: whoever acquires `claim` owns it, and `answered` opens when its fate is settled."""

    __slots__ = ("afterwards", "answer", "answered", "claim", "context", "error", "hooks", "job", "language")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.context = contextvars.copy_context()
        self.language = translation.get_language()
        self.claim = threading.Lock()
        self.answered = threading.Lock()
        self.answered.acquire()
        self.answer: Any = None
        self.error: BaseException | None = None
        self.hooks: list[Job] = []
        self.afterwards: list[Job] = []

    def run(self, connection: Any) -> bool:
        """Run the job in the caller's context (a fresh copy: it may run twice); True when it did not raise."""
        self.answer, self.error, self.hooks, self.afterwards = None, None, [], []
        try:
            self.answer = self.context.copy().run(self._perform, connection)
        except BaseException as error:  # noqa: BLE001 whatever a job raises is its caller's, even SystemExit
            self.error = error
            connection.run_on_commit = []
            return False
        self.hooks = take_hooks(connection)
        return True

    def _perform(self, connection: Any) -> Any:
        # Django's own locals stay behind in their thread (asgiref tags them), so the language is carried by hand.
        if self.language is not None:
            translation.activate(self.language)
        return perform(self.job, connection, self.afterwards)

    def fail(self, error: BaseException) -> None:
        self.answer, self.error, self.hooks = None, error, []


class Lost(transaction.TransactionManagementError):
    """The transaction is not the one we began."""


class Batch:
    """One transaction on the writer's connection."""

    def __init__(self, alias: str) -> None:
        connection: Any = connections[alias]
        connection.lone = False
        self.connection = connection
        self.tasks: list[Task] = []
        self._atomic = Whole(connection, durable=True)
        self._atomic.__enter__()
        self._raw = self.connection.connection
        self._begun = time.monotonic()

    def is_full(self) -> bool:
        """Whether it shall commit before it takes another task."""
        lasted = time.monotonic() - self._begun
        turns = self.connection.turns
        most = FAIR_SECONDS if turns is not None and turns.lone_awaited() else BATCH_SECONDS
        return len(self.tasks) >= BATCH_LIMIT or lasted >= most

    def attempt(self, task: Task) -> bool:
        """Run one task in a savepoint of its own; False when the whole batch has to end (see `lone_failure`).

        The first needs no savepoint: nothing else is lost when it fails. Raises when the transaction is lost.
        """
        first = not self.tasks
        self.tasks.append(task)
        if not first:
            self._raw.execute(_SAVEPOINT)
        done = task.run(self.connection)
        if not self._raw.in_transaction:
            raise Lost(SPOILED)
        if first:
            return done
        if done:
            self._raw.execute(_RELEASE)
        else:
            for statement in _UNDO:
                self._raw.execute(statement)
            self.connection.needs_rollback = False
        return True

    def commit(self) -> None:
        """Commit, and make sure of it."""
        if self.connection.connection is not self._raw or not self._raw.in_transaction:
            raise Lost(SPOILED)
        self._atomic.__exit__(None, None, None)
        if self._raw.in_transaction:
            raise Lost("COMMIT left the transaction open")

    def roll_back(self, error: BaseException) -> None:
        """Leave nothing behind, at the price of the connection if need be."""
        connection = self.connection
        try:
            if connection.atomic_blocks:
                self._atomic.__exit__(type(error), error, error.__traceback__)
            if connection.connection is not None and connection.connection.in_transaction:
                raise Lost("ROLLBACK left the transaction open")
            connection.run_on_commit = []
        except Exception:  # noqa: BLE001 whatever state it is in, the next batch begins on a new one
            logger.warning("the writer's connection could not be rolled back and is given up", exc_info=True)
            connection.abandon()
            del connections[connection.alias]


class Writer:
    """The thread and its queue; closed once and then replaced."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.closed = False
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))
        self._queue: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"writer-{alias}", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        return not self.closed and self._thread.is_alive()

    def put(self, task: Task) -> None:
        """Queue `task`; raises Unavailable when too many wait, Withdrawn when the writer closed meanwhile."""
        if self._queue.qsize() >= QUEUE_LIMIT:
            raise Unavailable("writes.overloaded", _("Too much is being saved at this moment. Please try again."))
        self._queue.put(task)
        if self.closed and task.claim.acquire(blocking=False):
            raise Withdrawn

    def close(self, patience: float) -> None:
        """Finish what has been queued, then end."""
        self.closed = True
        self._queue.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(patience)

    def is_this_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def _serve(self) -> None:
        try:
            while (task := self._queue.get()) is not None:
                if not self._serve_batch(task):
                    break
        finally:
            connections.close_all()

    def _serve_batch(self, first: Task) -> bool:
        """One batch from beginning to answers; False when the end of the queue has been met."""
        tasks: list[Task] = []
        more = True
        try:
            more = self._run_batch(first, tasks)
        except BaseException as error:  # noqa: BLE001 the writer outlives everything; each waiting caller hears of it
            logger.exception("a batch of %d writes failed", len(tasks))
            for task in tasks:
                task.fail(error)
        for task in tasks:
            task.answered.release()
        return more

    def _run_batch(self, first: Task, tasks: list[Task]) -> bool:
        try:
            batch = Batch(self.alias)
        except Exception as error:  # noqa: BLE001 no transaction to be had: all who waited hear why
            connections[self.alias].close()
            return self._refuse_all(first, tasks, error)
        batch.tasks = tasks
        more = True
        try:
            more, failed = self._fill(batch, first)
            if failed:
                batch.roll_back(failed)
            elif tasks:
                batch.commit()
            else:
                batch.roll_back(Withdrawn())
        except Exception as error:  # noqa: BLE001 the batch failed, not necessarily its jobs
            batch.roll_back(error)
            if len(tasks) == 1:
                tasks[0].fail(tasks[0].error or error)
            else:
                self._one_by_one(tasks)
        return more

    def _fill(self, batch: Batch, first: Task) -> tuple[bool, BaseException | None]:
        """Run what has queued until nothing waits or the time is up: (is there more, why the batch must end)."""
        task: Task | None = first
        while task is not None:
            if task.claim.acquire(blocking=False) and not batch.attempt(task):
                return True, task.error
            if batch.is_full():
                return True, None
            try:
                task = self._queue.get_nowait()
            except queue.Empty:
                return True, None
        return False, None

    def _one_by_one(self, tasks: list[Task]) -> None:
        for task in tasks:
            try:
                batch = Batch(self.alias)
            except Exception as error:  # noqa: BLE001 this one's own answer
                task.fail(error)
                continue
            try:
                if batch.attempt(task):
                    batch.commit()
                else:
                    assert task.error is not None
                    batch.roll_back(task.error)
            except Exception as error:  # noqa: BLE001 this one's own answer
                batch.roll_back(error)
                task.fail(task.error or error)

    def _refuse_all(self, first: Task, tasks: list[Task], error: Exception) -> bool:
        waiting: list[Task | None] = [first]
        while not self._queue.empty():
            waiting.append(self._queue.get_nowait())
        for task in waiting:
            if task is not None and task.claim.acquire(blocking=False):
                task.fail(error)
                tasks.append(task)
        return None not in waiting


class Gate:
    """Starts the writer when first needed, again after a fork, and closes it when the program ends."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset)
        atexit.register(self.end)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._count_lock = threading.Lock()
        self._inside = 0
        self._writer: Writer | None = None
        self._ended = False

    def enter(self) -> bool:
        """Count a caller in, who calls `leave` however it ends; True for one who finds nobody else inside."""
        with self._count_lock:
            self._inside += 1
            return self._inside == 1

    def leave(self) -> None:
        """Count a caller out."""
        with self._count_lock:
            self._inside -= 1

    def submit(self, job: Callable[[], T]) -> Task:
        """The finished task of `job`. Raises Unavailable (too many wait) or Withdrawn (the program is ending)."""
        task = Task(job)
        self._current().put(task)
        try:
            task.answered.acquire()
        except BaseException:  # interrupted while waiting: either it never began, or it is brought to its end
            if not task.claim.acquire(blocking=False):
                task.answered.acquire()
                run_contained(task.hooks)
            raise
        return task

    def stop(self, patience: float = 30.0) -> None:
        """Finish what has been queued and let the thread go; the next write starts another."""
        with self._lock:
            writer, self._writer = self._writer, None
        if writer is not None:
            writer.close(patience)

    def end(self) -> None:
        """The program ends: finish what has been queued; whatever comes later runs where it stands."""
        self._ended = True
        self.stop()

    def _current(self) -> Writer:
        writer = self._writer
        if writer is None or not writer.alive():
            with self._lock:
                if self._ended:
                    raise Withdrawn
                writer = self._writer
                if writer is None or not writer.alive():
                    writer = self._writer = Writer(self._alias)
        if writer.is_this_thread():
            raise RuntimeError("the writer thread must not wait for itself")
        return writer
