"""Cursors that behave inside a pipeline as Django expects of them outside one.

In a pipeline an answer comes when somebody asks for it, an error with it, and after an error the server ignores
everything until the next synchronisation: so whoever meets an error here synchronises before passing it on.
"""

# mypy: disable-error-code="misc,attr-defined,no-untyped-call"
# (the stubs of Django know only a part of its backends)

import contextlib
import functools
from typing import Any

import psycopg
from django.db.backends.postgresql.base import Cursor as DjangoCursor
from psycopg._queries import PostgresQuery, _query2pg_nocache
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus

TOGETHER = 4
"""So many fixed statements go out at once."""
COMMIT = "COMMIT"
_ENDS_OF_SAVEPOINTS = ("RELEASE SAVEPOINT", "ROLLBACK TO")


class Pipelined:
    """Mixed into a driver's cursor."""

    @property
    def rowcount(self) -> int:
        self._fetch_pipeline()
        return int(self._rowcount)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        try:
            answer = super().execute(query, params, **options)
            # The end of a savepoint is where Django expects the errors of what lies within.
            if self._conn._pipeline is not None and str(query).startswith(_ENDS_OF_SAVEPOINTS):
                self._conn._pipeline.sync()
        except psycopg.Error:
            self._synchronise()
            raise
        return answer

    def _fetch_pipeline(self) -> None:
        try:
            super()._fetch_pipeline()
        except psycopg.Error:
            self._synchronise()
            raise

    def _synchronise(self) -> None:
        if self._conn._pipeline is not None:
            with contextlib.suppress(psycopg.Error):
                self._conn._pipeline.sync()


class Cursor(Pipelined, DjangoCursor):
    """What Django gets: values are bound by the client."""


class FixedQuery(PostgresQuery):
    """The text of a fixed statement is taken apart once, however long it is (the driver gives up at 50 values)."""

    def convert(self, query: Any, vars: Any) -> None:
        self.query, self._want_formats, self._order, self._parts = _taken_apart(query, self._tx.encoding)
        self.dump(vars if vars is not None else ())

    def dump(self, vars: Any) -> None:
        formats = self._want_formats
        if formats is None or len(vars) != len(formats):
            super().dump(vars)  # names the fault
            return
        self.params = self._tx.dump_sequence(vars, formats)
        self.types, self.formats = self._tx.types or (), self._tx.formats


def _transformer_of(conn: Any) -> Any:
    """What binds values for all fixed statements of a connection: a fresh one has each type to learn anew."""
    kept = getattr(conn, "_fixed_transformer", None)
    if kept is None:
        kept = conn._fixed_transformer = Transformer(conn)
    return kept


@functools.lru_cache(maxsize=1024)
def _taken_apart(query: str, encoding: str) -> Any:
    return _query2pg_nocache(query.encode(encoding), encoding)


class FixedCursor(Pipelined, psycopg.Cursor[Any]):
    """What fixed statements get: values are bound by the server, which prepares a statement that returns.

    In a pipeline they are handed to the network a few at a time and left to themselves: the server works on them while
    the next are prepared. The driver's own way polls the socket for each, which costs more than the statement. Answers
    are read where somebody asks for one, or the pipeline ends; before that, whatever is left goes out. A COMMIT
    waits for that, so that it travels together with the question whether it was done.
    """

    _query_cls = FixedQuery

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None, **options: Any) -> Any:
        try:
            pipeline = self._conn._pipeline
            if pipeline is not None and self._conn.autocommit and not options:
                return self._hand_over(pipeline, query, params, prepare)
            return psycopg.Cursor.execute(self, query, params, prepare=prepare, **options)  # none ends a savepoint
        except psycopg.Error:
            self._synchronise()
            raise

    def _select_current_result(self, i: int, format: Any = None) -> None:
        if self._results[i].status == ExecStatus.TUPLES_OK:
            self._tx = Transformer(self)  # rows are read later, perhaps after others' answers have come
        super()._select_current_result(i, format)

    def _hand_over(self, pipeline: Any, query: Any, params: Any, prepare: bool | None) -> "FixedCursor":
        conn = self._conn
        with conn.lock:
            self._tx = _transformer_of(conn)
            bound = self._convert_query(query, params)
            known, key = conn._prepared._names, (bound.query, bound.types)
            name = known.get(key) if prepare is None else None
            if name is None:
                self._introduce(pipeline, bound, prepare)
            else:
                known.move_to_end(key)
                _send_all(pipeline.command_queue)
                conn.pgconn.send_query_prepared(
                    name, bound.params, param_formats=bound.formats, result_format=self.format
                )
                pipeline.result_queue.append((self, None))
            if query != COMMIT and not len(pipeline.result_queue) % TOGETHER:
                conn.pgconn.flush()  # what the network does not take now goes later
            if conn._prepared._to_flush:
                conn.wait(conn._prepared.maintain_gen(conn))
        return self

    def _introduce(self, pipeline: Any, bound: PostgresQuery, prepare: bool | None) -> None:
        """Send what the server has not prepared yet, preparing it where it comes often."""
        for _wait in self._maybe_prepare_gen(bound, prepare=prepare):
            raise AssertionError("in a pipeline nothing is waited for here")
        _send_all(pipeline.command_queue)


def _send_all(commands: Any) -> None:
    while commands:
        commands.popleft()()


class Unheard(FixedCursor):
    """One for all those statements of a connection whose answers nobody reads; errors come as they do to any."""

    def _set_results(self, results: Any) -> None:
        """Nothing is kept."""


def unheard(conn: Any) -> Unheard:
    """A connection's cursor for what is sent in its pipeline and never asked after."""
    kept: Unheard | None = getattr(conn, "_unheard", None)
    if kept is None:
        kept = conn._unheard = Unheard(conn)
    return kept
