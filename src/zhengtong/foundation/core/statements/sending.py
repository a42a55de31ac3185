"""Sends a fixed statement by the shortest way that keeps every promise of Django's own cursor.

The short way is the driver itself, while nobody listens; where queries are being logged or wrapped (tests counting
queries, DEBUG), and for whatever writes outside a transaction, Django's cursor is used.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOST = "the transaction was rolled back by the database; nothing more may be written in it"


class Here(threading.local):
    """The connection of the job this thread is in, so that it is not looked up for every statement.

    `debugging`: settings.DEBUG, under which Django logs every query.
    """

    connection: BaseDatabaseWrapper | None = None
    debugging = False

    def enter(self, connection: BaseDatabaseWrapper) -> None:
        """A job begins."""
        self.connection, self.debugging = connection, settings.DEBUG

    def leave(self) -> None:
        """The job has ended."""
        self.connection = None


here = Here()


def connection_now() -> BaseDatabaseWrapper:
    """The connection of this thread."""
    return here.connection or connections[DEFAULT_DB_ALIAS]


class Text:
    """One statement in the parameter styles of Django and of the driver."""

    __slots__ = ("django", "driver")

    def __init__(self, sql: str, vendor: str) -> None:
        self.django = sql
        self.driver = sql.replace("%s", "?").replace("%%", "%") if vendor == "sqlite" else sql


def send(
    connection: BaseDatabaseWrapper,
    text: Text,
    params: Sequence[Any],
    *,
    prepare: bool | None = None,
    reading: bool = False,
    heard: bool = True,
) -> Any:
    """Execute and return the cursor. `reading`: the statement changes nothing, so it needs no turn to write.

    Where it is not `heard`, nobody asks the cursor for anything.
    """
    raw = connection.connection
    if here.connection is connection:
        listened = here.debugging or connection.force_debug_cursor or connection.execute_wrappers
    else:
        listened = connection.queries_logged or connection.execute_wrappers
    inside = connection.in_atomic_block
    if raw is None or listened or not (inside or (reading and is_alive(connection))):
        cursor = connection.cursor()
        cursor.execute(text.django, params)
        return cursor
    if inside and connection.needs_rollback:
        connection.validate_no_broken_transaction()  # raises
    if connection.vendor != "sqlite":
        return _send_postgres(connection, text.driver, params, prepare=prepare, heard=heard)
    if inside and not raw.in_transaction:
        raise DatabaseError(LOST)
    try:
        return raw.execute(text.driver, params)
    except Exception:  # passed on, the database's own as Django's
        with connection.wrap_database_errors:
            raise


def is_alive(connection: BaseDatabaseWrapper) -> bool:
    """Whether Django would use the connection as it is, without trying first whether it still answers."""
    return connection.health_check_done or not connection.health_check_enabled  # type: ignore[attr-defined] # the stubs lack both


def _send_postgres(connection: Any, sql: str, params: Sequence[Any], *, prepare: bool | None, heard: bool) -> Any:
    cursor = connection.fixed_cursor(heard=heard)
    try:
        cursor.execute(sql, params, prepare=prepare)
    except Exception:  # passed on, the database's own as Django's
        with connection.wrap_database_errors:
            raise
    return cursor


def in_pipeline(connection: BaseDatabaseWrapper) -> bool:
    """Whether answers lie in the future on this connection."""
    return connection.vendor == "postgresql" and getattr(connection.connection, "_pipeline", None) is not None


def fetch(connection: BaseDatabaseWrapper, cursor: Any) -> list[Any]:
    """All rows; database errors as Django's."""
    try:
        rows: list[Any] = cursor.fetchall()
    except Exception:  # passed on, the database's own as Django's; a context around every call would cost as much as it
        with connection.wrap_database_errors:
            raise
    return rows


def answer(connection: BaseDatabaseWrapper, cursor: Any) -> Callable[[], list[Any]]:
    """What gives the rows when they are wanted.

    SQLite's are read at once: there an unread answer is a statement in progress, and while one is, no savepoint can
    be opened or undone, so an error between the question and its answer would cost the whole transaction.
    """
    if connection.vendor != "sqlite":
        return lambda: fetch(connection, cursor)
    rows = fetch(connection, cursor)
    return lambda: rows


def affected(connection: BaseDatabaseWrapper, cursor: Any) -> int:
    """How many rows the statement changed; in a pipeline this waits for the answer."""
    try:
        return int(cursor.rowcount)
    except Exception:  # passed on, the database's own as Django's; a context around every call would cost as much as it
        with connection.wrap_database_errors:
            raise
