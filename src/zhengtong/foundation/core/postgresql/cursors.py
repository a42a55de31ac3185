"""Cursors that behave inside a pipeline as Django expects of them outside one.

In a pipeline an answer comes when somebody asks for it, an error with it, and after an error the server ignores
everything until the next synchronisation: so whoever meets an error here synchronises before passing it on.
"""

# mypy: disable-error-code="misc,attr-defined,no-untyped-call"
# (the stubs of Django know only a part of its backends)

import contextlib
from typing import Any

import psycopg
from django.db.backends.postgresql.base import Cursor as DjangoCursor

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


class FixedCursor(Pipelined, psycopg.Cursor[Any]):
    """What fixed statements get: values are bound by the server, which prepares a statement that returns."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        try:
            return psycopg.Cursor.execute(self, query, params, **options)  # none of them ends a savepoint
        except psycopg.Error:
            self._synchronise()
            raise
