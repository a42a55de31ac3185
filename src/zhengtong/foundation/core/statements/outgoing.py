"""Rows that a step has to insert, gathered while it runs and sent a table at a time when it ends."""

from collections import defaultdict

from zhengtong.foundation.core.statements.columns import Row
from zhengtong.foundation.core.statements.writing import Insert


class Outgoing:
    """Nothing gathered can be read back before `send`; tables are sent in the order in which they were first named."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: defaultdict[Insert, list[Row]] = defaultdict(list)

    def add(self, statement: Insert, row: Row) -> None:
        """Gather one row."""
        self._rows[statement].append(row)

    def send(self) -> None:
        """Insert what has been gathered; one statement a table."""
        rows, self._rows = self._rows, defaultdict(list)
        for statement, gathered in rows.items():
            statement.run(gathered)
