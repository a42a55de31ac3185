"""Where the present thread stands: inside a job or not, and what shall happen once the job has ended."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from zhengtong.foundation.core.statements.sending import here

T = TypeVar("T")
Job = Callable[[], Any]
logger = logging.getLogger("zhengtong.writes")

SPOILED = "a database error was swallowed inside this write, so nothing of it was kept"


class Scope(threading.local):
    """Database connections belong to threads, and so does this (never to a context, which travels)."""

    inside = False
    afterwards: list[Job] | None = None


scope = Scope()


def perform(job: Callable[[], T], connection: BaseDatabaseWrapper, afterwards: list[Job]) -> T:
    """Run `job` in the transaction that is open on `connection`.

    Raises what the job raises, or TransactionManagementError where it went on after a database error: its
    transaction is lost, so its answer must not be believed.
    """
    scope.inside, scope.afterwards = True, afterwards
    here.enter(connection)
    try:
        answer = job()
    finally:
        scope.inside, scope.afterwards = False, None
        here.leave()
    if connection.needs_rollback:
        raise TransactionManagementError(SPOILED)
    return answer


def join(job: Callable[[], T], connection: BaseDatabaseWrapper) -> T:
    """Run `job` as a part of the job around it; where it fails the whole fails, even if the error is caught.

    (An `atomic()` around the inner write makes it a part that may fail alone.)
    """
    try:
        return job()
    except BaseException:
        connection.needs_rollback = True
        raise


def take_hooks(connection: BaseDatabaseWrapper) -> list[Job]:
    """The on-commit hooks registered so far, taken off the connection."""
    hooks = [entry[1] for entry in connection.run_on_commit]
    connection.run_on_commit = []
    return hooks


def run_contained(hooks: list[Job]) -> None:
    """Run each hook; one that raises is logged and the rest still run: what is committed stays committed."""
    for hook in hooks:
        try:
            hook()
        except Exception:
            logger.exception("a hook after commit failed: %s", getattr(hook, "__qualname__", repr(hook)))
