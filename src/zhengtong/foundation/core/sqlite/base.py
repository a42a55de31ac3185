"""The backend Django loads: WAL, full synchronisation, IMMEDIATE transactions, and a fair queue of writers."""

# mypy: disable-error-code="misc,attr-defined,has-type,method-assign"
# (the stubs of Django know only a part of its backends)

import contextlib
import functools
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, Database

from zhengtong.foundation.core.sqlite.turns import Turns, turns_of

__all__ = ["Database", "DatabaseWrapper"]

# FULL: under NORMAL an acknowledged case can be lost when the power fails.
# Temporary content in memory: each job of a batch has a savepoint, and what it would undo otherwise goes to a file.
_DURABLE = (
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=10000",
    "PRAGMA cache_size=-32768",
    "PRAGMA temp_store=MEMORY",
)
_WRITE_WORDS = frozenset({"INSE", "UPDA", "DELE", "REPL", "CREA", "DROP", "ALTE", "REIN", "VACU", "ANAL"})
_LOCKED = "database is locked: the turn to write did not come in time"
_LOST = "the transaction was rolled back by the database; nothing more may be written in it"


@functools.lru_cache(maxsize=2048)
def _question_marks(query: str) -> str:
    return str(FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which waits its turn before a lone write and refuses to go on in a lost transaction."""

    owner: "DatabaseWrapper"
    _holding = False

    def execute(self, query: str, params: Any = None) -> Any:
        if self._holding:
            self._let_go()
        if not self._waits(query):
            return super().execute(query, params)
        with self.owner.turn_to_write():
            answer = super().execute(query, params)
            if self.description is not None:  # RETURNING: the write ends only when its last row is fetched
                self._hold(super().fetchall())
            return answer

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        if not self._waits(query):
            return super().executemany(query, param_list)
        with self.owner.turn_to_write():
            return super().executemany(query, param_list)

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if param_names is None:
            return _question_marks(query)
        return str(super().convert_query(query, param_names=param_names))

    def _waits(self, query: str) -> bool:
        owner = self.owner
        if owner.has_turn:
            if owner.in_atomic_block and not self.connection.in_transaction:
                raise sqlite3.OperationalError(_LOST)
            return False
        return (
            owner.turns is not None
            and not self.connection.in_transaction
            and query.lstrip()[:4].upper() in _WRITE_WORDS
        )

    def _hold(self, rows: list[Any]) -> None:
        left = iter(rows)
        self._holding = True
        self.fetchone = lambda: next(left, None)
        self.fetchall = lambda: list(left)
        self.fetchmany = lambda size=1: list(itertools.islice(left, size or 1))

    def _let_go(self) -> None:
        self._holding = False
        for name in ("fetchone", "fetchall", "fetchmany"):
            del self.__dict__[name]


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that holds the write turn from BEGIN IMMEDIATE to the end of its transaction."""

    # The name matters: a primary key that is an INTEGER is the table itself; under any other it is one more tree of
    # pages that every insert keeps. Tables made before stay as they are.
    data_types: ClassVar = base.DatabaseWrapper.data_types | {"BigIntegerField": "integer"}

    turns: Turns | None = None
    has_turn = False
    lone = True  # what it writes in a turn is little; not so the writer's, whose batches last longer

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("timeout", 20.0)
        params.setdefault("cached_statements", 512)
        if self.transaction_mode is None:
            self.transaction_mode = "IMMEDIATE"
        self._patience = float(params["timeout"])
        name = str(params["database"])
        self.turns = None if name == ":memory:" else turns_of(name, on_disk=not self.is_in_memory_db())
        return params

    def get_new_connection(self, conn_params: Mapping[str, Any]) -> sqlite3.Connection:
        if not self.is_in_memory_db():
            os.makedirs(os.path.dirname(os.path.realpath(str(conn_params["database"]))), exist_ok=True)
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            self._write_ahead(connection)
        for pragma in _DURABLE:
            connection.execute(pragma)
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:  # noqa: ARG002 Django's signature
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.owner = self
        return cursor

    @contextlib.contextmanager
    def turn_to_write(self) -> Any:
        """Hold the turn within the block; django.db.OperationalError when it does not come in time."""
        self._take_turn()
        try:
            yield
        finally:
            self._give_turn()

    def _write_ahead(self, connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        with self.turn_to_write():
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":
            raise ImproperlyConfigured(
                f"SQLite cannot keep a write-ahead log beside {self.settings_dict['NAME']} (journal mode {mode}); "
                "put the database on a local disk, or use PostgreSQL"
            )

    def _take_turn(self) -> None:
        if self.turns is None or self.has_turn:
            return
        if not self.turns.take(self._patience, lone=self.lone):
            late = sqlite3.OperationalError(_LOCKED)
            late.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise late
        self.has_turn = True

    def _give_turn(self) -> None:
        if self.has_turn:
            self.has_turn = False
            assert self.turns is not None
            self.turns.give()

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self._take_turn()
        try:
            if self.queries_logged or self.execute_wrappers:
                super()._start_transaction_under_autocommit()
            else:  # nobody listens: straight to the driver, which is a third of the cost of a cursor
                with self.wrap_database_errors:
                    self.connection.execute(f"BEGIN {self.transaction_mode}")
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> None:
        self._ending(super()._commit if self.queries_logged else self._commit_quietly)

    def _commit_quietly(self) -> None:
        """As Django's own, without the watch that nobody reads."""
        if self.connection is not None:
            with self.wrap_database_errors:
                self.connection.commit()

    def _rollback(self) -> None:
        self._ending(super()._rollback)

    def _ending(self, end: Callable[[], None]) -> None:
        """Run `end` and give the turn back, unless the transaction is still open (a refused COMMIT)."""
        try:
            end()
        finally:
            if not self._in_transaction():
                self._give_turn()

    def _in_transaction(self) -> bool:
        try:
            return self.connection is not None and bool(self.connection.in_transaction)
        except sqlite3.ProgrammingError:  # closed behind our back
            return False

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_turn()

    def abandon(self) -> None:
        """Let go of a connection in an unknown state; the database rolls back what it had not committed."""
        with contextlib.suppress(Exception):
            self.connection.close()
        self._give_turn()

    def __del__(self) -> None:
        # A thread that ends inside a transaction must not keep the others waiting.
        self._give_turn()
