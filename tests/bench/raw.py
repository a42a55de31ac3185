"""The comparator: what our verbs wrote, captured, and written again by the driver alone into an identical database."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Statement = tuple[str, Any]
Transaction = list[Statement]
_CHECKED = re.compile(r"^WITH touched AS \((.*) RETURNING 1\) SELECT 1 / .*$", re.DOTALL)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=10000",
    "cache_size=-32768",
    "foreign_keys=ON",
)


class Capture:
    """Every write between two calls of `next`, with its parameters, as Django sent it."""

    def __init__(self) -> None:
        self.transactions: list[Transaction] = []

    def next(self) -> None:
        """What follows is another transaction."""
        self.transactions.append([])

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to the connection of this thread."""
        from django.db import connection

        with connection.execute_wrapper(self._note):
            yield

    def _note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not many, "the hot path sends fixed statements"
        if sql.startswith(("INSERT", "UPDATE", "DELETE", "WITH touched")):
            checked = _CHECKED.match(sql)
            plain = tuple(str.__str__(value) if isinstance(value, str) else value for value in params)
            self.transactions[-1].append((checked.group(1) if checked else sql, plain))
        return execute(sql, params, many, context)


class SqliteRaw:
    """The driver on a copy of the database, with the same durability."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        for pragma in _PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")

    def prepare(self, transaction: Transaction) -> Transaction:
        """The statements in the driver's own style."""
        return [(sql.replace("%s", "?"), params) for sql, params in transaction]

    def write(self, transaction: Transaction) -> None:
        """One transaction."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        for sql, params in transaction:
            execute(sql, params).fetchall()
        execute("COMMIT")

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        return dump_sqlite(self.connection)


def dump_sqlite(connection: Any) -> dict[str, list[Any]]:
    """Every row of every table, as the file holds it."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))
        for table in tables
        if not table.startswith(("search_", "sqlite_"))
    }


class PostgresRaw:
    """The driver in two round trips a transaction: BEGIN with the locked load, then all writes with the COMMIT."""

    def __init__(self, address: str) -> None:
        import psycopg

        self.connection = psycopg.connect(address, autocommit=True, prepare_threshold=5)
        self.connection.execute("SET TIME ZONE 'UTC'")  # as Django's: instants are compared as text

    def prepare(self, transaction: Transaction) -> Transaction:
        return transaction

    def write(self, transaction: Transaction) -> None:
        """One transaction."""
        raw = self.connection
        with raw.pipeline():
            raw.execute("BEGIN")
            raw.execute("SELECT * FROM cases_case WHERE id = %s FOR UPDATE", (case_of(transaction),)).fetchone()
            for sql, params in transaction:
                raw.execute(sql, params)
            raw.execute("COMMIT")

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.connection.cursor() as cursor:
            return dump_postgres(cursor)


def case_of(transaction: Transaction) -> int:
    """The case a transaction changes (0 for one that it makes): the key of its guarded update."""
    for sql, params in transaction:
        if sql.startswith('UPDATE "cases_case"'):
            return int(params[-2])
    return 0


def dump_postgres(cursor: Any) -> dict[str, list[Any]]:
    """Every row of every table, as text."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
        rows[table] = [row[0] for row in cursor.fetchall()]
    return rows


def assert_same(raw: dict[str, list[Any]], ours: dict[str, list[Any]]) -> None:
    """Both databases hold the same rows; says which table differs, and how."""
    for table in ours.keys() | raw.keys():
        theirs, mine = raw.get(table), ours.get(table)
        if theirs != mine:
            missing = [row for row in mine or () if row not in (theirs or ())][:2]
            more = [row for row in theirs or () if row not in (mine or ())][:2]
            raise AssertionError(f"the comparator wrote other rows into {table}: without {missing}, with {more}")
