"""The backend Django loads: its cursors tell the truth about row counts and savepoints inside a pipeline."""

# mypy: disable-error-code="misc,attr-defined"
# (the stubs of Django know only a part of its backends)

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.base import Database

from zhengtong.foundation.core.postgresql.cursors import Cursor

__all__ = ["Database", "DatabaseWrapper"]

# Fixed statements (core.statements) are prepared on the server after so many runs; Django's own never are.
PREPARE_AFTER = 5


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with our cursor."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["cursor_factory"] = Cursor
        if params.get("prepare_threshold") is None:
            params["prepare_threshold"] = PREPARE_AFTER
        return params
