"""The backend Django loads: its cursors tell the truth about row counts and savepoints inside a pipeline."""

# mypy: disable-error-code="misc,attr-defined"
# (the stubs of Django know only a part of its backends)

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.base import Database
from psycopg.pq import TransactionStatus

from zhengtong.foundation.core.postgresql.cursors import Cursor, FixedCursor, unheard

__all__ = ["Database", "DatabaseWrapper"]

# Fixed statements (core.statements) are prepared on the server after so many runs; Django's own never are.
PREPARE_AFTER = 5
# So many are kept on the server: a serving process has a few hundred, each in one or two combinations of types, and the
# driver's own hundred would have them made anew by turns.
PREPARED_KEPT = 500


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with our cursor."""

    keeps_autocommit = False
    """Whether the transaction around is begun and committed by statements, so that the driver's autocommit stays on."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["cursor_factory"] = Cursor
        if params.get("prepare_threshold") is None:
            params["prepare_threshold"] = PREPARE_AFTER
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        made = super().get_new_connection(conn_params)
        made.prepared_max = PREPARED_KEPT
        return made

    def fixed_cursor(self, *, heard: bool) -> FixedCursor:
        """What sends a fixed statement; where it is not `heard`, nobody asks it for anything."""
        raw = self.connection
        return FixedCursor(raw) if heard or raw._pipeline is None else unheard(raw)

    def keep_autocommit(self) -> None:
        """Leave autocommit on although `atomic` turns it off: the transaction begins and commits in a pipeline."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.keeps_autocommit = True

    def _set_autocommit(self, autocommit: bool) -> None:
        if not self.keeps_autocommit:
            super()._set_autocommit(autocommit)

    def _commit(self) -> None:
        if not (self.keeps_autocommit and self.connection.info.transaction_status == TransactionStatus.IDLE):
            super()._commit()

    def connect(self) -> None:
        self.keeps_autocommit = False
        super().connect()
