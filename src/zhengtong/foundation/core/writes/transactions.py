"""Writes in the caller's own thread: on PostgreSQL (retried when it must be), in tests, and as the program ends."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from zhengtong.foundation.core.writes.scope import SPOILED, Job, perform, run_contained, take_hooks
from zhengtong.foundation.core.writes.whole import Whole

T = TypeVar("T")

ATTEMPTS = 8
_AGAIN = frozenset({"40001", "40P01"})  # serialisation failure, deadlock
_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 4, 250


def run_here(
    connection: BaseDatabaseWrapper, job: Callable[[], T], afterwards: list[Job], *, pipelined: bool = False
) -> T:
    """Run `job` in a transaction of this thread, again (a bounded number of times) when the database asks for it."""
    nested = connection.in_atomic_block
    for attempt in range(1, ATTEMPTS + 1):
        afterwards.clear()
        try:
            return _run_once(connection, job, afterwards, pipelined=pipelined and not nested)
        except Exception as error:
            if nested or attempt == ATTEMPTS or sqlstate(error) not in _AGAIN:
                raise
        _pause(attempt)
    raise AssertionError("unreachable: the last attempt returns or raises")


def sqlstate(error: BaseException | None) -> str | None:
    """The five-character code of the database error that lies at the root of `error`, if one does."""
    for _depth in range(10):
        if error is None:
            return None
        code = getattr(error, "sqlstate", None)
        if code is not None:
            return str(code)
        error = error.__cause__ or error.__context__
    return None


def _pause(attempt: int) -> None:
    longest = min(_FIRST_PAUSE_MS << attempt, _LONGEST_PAUSE_MS)
    time.sleep((1 + secrets.randbelow(longest)) / 1000)


def _run_once(connection: BaseDatabaseWrapper, job: Callable[[], T], afterwards: list[Job], *, pipelined: bool) -> T:
    hooks: list[Job] = []
    commit: Any = None
    with _autocommit_kept(connection) if pipelined else nullcontext(), Whole(connection):
        outermost = len(connection.atomic_blocks) == 1
        with _whole_pipeline(connection) if pipelined else nullcontext():
            answer = perform(job, connection, afterwards)
            if outermost:
                hooks = take_hooks(connection)
                commit = _send_commit(connection)
        if outermost:
            _make_sure(connection, commit)
    run_contained(hooks)
    return answer


@contextlib.contextmanager
def _autocommit_kept(connection: Any) -> Iterator[None]:
    """On PostgreSQL: to turn autocommit off and on again costs as much as several statements."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.keep_autocommit()
    try:
        yield
    finally:
        connection.keeps_autocommit = False


@contextlib.contextmanager
def _whole_pipeline(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A pipeline around a whole transaction, its BEGIN included (the driver would wait for the answer to its own)."""
    if connection.vendor != "postgresql":
        yield
        return
    from zhengtong.foundation.core.postgresql.cursors import FixedCursor

    raw = connection.connection
    with pipeline_of(connection):
        FixedCursor(raw).execute(raw._get_tx_start_command().decode(), prepare=False)
        yield


def _send_commit(connection: BaseDatabaseWrapper) -> Any:
    """On PostgreSQL send COMMIT ourselves, so that its answer can be read (in a pipeline: once that has ended)."""
    if connection.vendor != "postgresql":
        return None
    from psycopg.pq import TransactionStatus

    from zhengtong.foundation.core.postgresql.cursors import COMMIT, FixedCursor

    raw = connection.connection
    with connection.wrap_database_errors:
        if raw._pipeline is None and raw.info.transaction_status == TransactionStatus.IDLE:
            return None
        cursor = FixedCursor(raw)
        cursor.execute(COMMIT, prepare=False)
        return cursor


def _make_sure(connection: BaseDatabaseWrapper, commit: Any) -> None:
    """What `atomic` is about to report as committed must be: a lost transaction ends without a word.

    PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and no error; SQLite's driver takes COMMIT where
    no transaction is open.
    """
    lost = commit is not None and commit.statusmessage != "COMMIT"
    if connection.vendor == "sqlite":
        lost = not connection.connection.in_transaction
    if lost:
        raise transaction.TransactionManagementError(SPOILED)


def pipeline_of(connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    """Within the block statements go out together; on leaving it every answer has come and been checked."""
    if connection.vendor != "postgresql" or connection.connection is None:
        return nullcontext()
    return _postgres_pipeline(connection)


@contextlib.contextmanager
def _postgres_pipeline(connection: BaseDatabaseWrapper) -> Iterator[None]:
    from psycopg.errors import PipelineAborted

    from zhengtong.foundation.core.postgresql.pipelines import pipeline

    try:
        with connection.wrap_database_errors, pipeline(connection.connection):
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, PipelineAborted):  # an error before was swallowed
            raise transaction.TransactionManagementError(SPOILED) from error
        raise
