"""SELECT with a fixed shape: rows of one table, found by equality."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from zhengtong.foundation.core.statements.columns import column_of, concrete, from_database, row_converter, to_database
from zhengtong.foundation.core.statements.sending import Text, connection_now, fetch, send
from zhengtong.foundation.core.statements.writing import Row, Statement, condition, convert, in_order, quote_columns


class _Question:
    def __init__(self, connection: BaseDatabaseWrapper, statement: "Select") -> None:
        model = statement.model
        wanted = [concrete(model, name) for name in statement.fields]
        found = [concrete(model, name) for name in statement.where]
        columns = ", ".join(quote_columns(connection, wanted))
        sql = f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608
        sql += f" WHERE {condition(connection, found)}"
        if statement.order_by:
            sql += " ORDER BY " + ", ".join(self._order(connection, model, name) for name in statement.order_by)
        if statement.limit is not None:
            sql += f" LIMIT {int(statement.limit)}"
        if statement.lock and connection.vendor == "postgresql":
            sql += " FOR UPDATE"  # on SQLite a write transaction is alone anyway
        self.text = Text(sql, connection.vendor)
        self.found = [to_database(field, connection) for field in found]
        self.row = row_converter([from_database(field, connection) for field in wanted])

    @staticmethod
    def _order(connection: BaseDatabaseWrapper, model: type[models.Model], name: str) -> str:
        column = connection.ops.quote_name(column_of(concrete(model, name.lstrip("-"))))
        return f"{column} DESC" if name.startswith("-") else column


class Select(Statement[_Question]):
    """`Select(Model, ("id", "state"), where=("case_id",), order_by=("id",), lock=True)`.

    `lock` locks the rows until the transaction ends, where the database locks rows.
    """

    def __init__(
        self,
        model: type[models.Model],
        fields: Sequence[str],
        *,
        where: Sequence[str],
        order_by: Sequence[str] = (),
        limit: int | None = None,
        lock: bool = False,
    ) -> None:
        super().__init__(model)
        self.fields, self.where, self.order_by = tuple(fields), tuple(where), tuple(order_by)
        self.limit, self.lock = limit, lock

    def build(self, connection: BaseDatabaseWrapper) -> _Question:
        return _Question(connection, self)

    def run(self, where: Row | None = None, /, **named: Any) -> list[tuple[Any, ...]]:
        """The rows found, each a tuple in the order of the fields, with Python's values."""
        connection = connection_now()
        form = self.built(connection)
        params = convert(form.found, in_order(self.where, named if where is None else where))
        return [form.row(row) for row in fetch(connection, send(connection, form.text, params))]

    def one(self, where: Row | None = None, /, **named: Any) -> tuple[Any, ...] | None:
        """The first row found, or None."""
        rows = self.run(where, **named)
        return rows[0] if rows else None
