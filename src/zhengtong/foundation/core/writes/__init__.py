"""The one gate for writes: `write(job)` runs a job in one transaction and answers after a verified commit.

On SQLite the jobs of all threads go, in order of arrival, through one writer thread, many to a commit; on PostgreSQL
each is a transaction of its own thread, retried on serialisation failure and deadlock (DESIGN §6).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from zhengtong.foundation.core.writes.answers import refusal_for
from zhengtong.foundation.core.writes.gate import Gate, Withdrawn
from zhengtong.foundation.core.writes.scope import Job, join, logger, run_contained, scope
from zhengtong.foundation.core.writes.transactions import pipeline_of, run_here

__all__ = ["in_write", "pipeline", "regardless", "stop", "write"]

T = TypeVar("T")

_gate = Gate(DEFAULT_DB_ALIAS)
stop = _gate.stop


def write(job: Callable[[], T], *, key: str | None = None, pipelined: bool = False) -> T:
    """Run `job` in one transaction and answer what it returns, after the commit.

    * A job may run more than once: it does nothing outside the database except through `transaction.on_commit`.
    * A `write` inside a job joins it: one transaction, and an error that crosses the inner one undoes the whole.
    * On-commit hooks run in the caller's thread before `write` returns; one that raises is logged.
    * The caller's context (actor, locale, frozen clock) is the job's.
    * `key` names the work in the log. `pipelined` (PostgreSQL): statements whose answer nobody asks for go out
      together with the COMMIT, so their errors come late, but never after the commit.

    Raises what the job raises; Unavailable when the database is busy, full or away;
    TransactionManagementError inside somebody else's `atomic()`, or when the job swallowed a database error.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if scope.inside:
        return join(job, connection)
    _refuse_foreign(connection)
    afterwards: list[Job] = []
    try:
        return _run(job, connection, afterwards, pipelined=pipelined)
    except Exception as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        logger.error("write %s refused: %s (%s)", key or getattr(job, "__qualname__", "?"), refusal.code, error)
        raise refusal from error
    finally:
        run_contained([partial(write, later) for later in afterwards])


def regardless(job: Job) -> None:
    """Have `job` written in a transaction of its own once the present write has ended, however it ends.

    So a refusal is recorded although what it refused is rolled back. Outside a write it is written at once.
    """
    if scope.afterwards is None:
        write(job)
    else:
        scope.afterwards.append(job)


def pipeline() -> AbstractContextManager[None]:
    """On PostgreSQL, inside a write or around reads alone: statements within go out together, each answered when asked.

    On leaving all have been answered and checked. Elsewhere it changes nothing.
    """
    return pipeline_of(connections[DEFAULT_DB_ALIAS])


def in_write() -> bool:
    """Whether this thread is inside a job."""
    return scope.inside


def _run(job: Callable[[], T], connection: BaseDatabaseWrapper, afterwards: list[Job], *, pipelined: bool) -> T:
    if settings.ZT_WRITES_INLINE or not _has_gate(connection):
        return run_here(connection, job, afterwards, pipelined=pipelined)
    alone = _gate.enter()
    try:
        return run_here(connection, job, afterwards) if alone else _queue(job, connection, afterwards)
    finally:
        _gate.leave()


def _queue(job: Callable[[], T], connection: BaseDatabaseWrapper, afterwards: list[Job]) -> T:
    try:
        task = _gate.submit(job)
    except Withdrawn:
        return run_here(connection, job, afterwards)
    afterwards.extend(task.afterwards)
    if task.error is not None:
        raise task.error
    run_contained(task.hooks)
    answer: T = task.answer
    return answer


def _has_gate(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor != "sqlite":
        return False
    return not connection.is_in_memory_db()  # type: ignore[attr-defined] # SQLite's wrapper has it


def _refuse_foreign(connection: BaseDatabaseWrapper) -> None:
    """A transaction not ours can neither be joined (it may never commit) nor waited for (it holds the turn)."""
    if not connection.in_atomic_block:
        return
    if settings.ZT_WRITES_INLINE and all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return
    raise transaction.TransactionManagementError(
        "write() inside somebody else's atomic(): call it outside, or make the outer block a write() itself"
    )
