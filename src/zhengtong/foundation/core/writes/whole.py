"""A whole transaction at half the price of Django's `atomic`, where nothing about it is out of the ordinary."""

from types import TracebackType
from typing import Any

from django.db.transaction import Atomic

from zhengtong.foundation.core.statements.sending import is_alive


class Whole(Atomic):
    """An `atomic()` that on SQLite, as the outermost, begins and commits by the shortest way.

    Django turns autocommit off and on again, and looks its connection up at every turn, which costs as much as the
    step of a process. Whatever is not ordinary (a block inside another, a connection to be made, an error, another
    database) goes Django's own way.
    """

    def __init__(self, connection: Any, *, durable: bool = False) -> None:
        super().__init__(using=connection.alias, savepoint=True, durable=durable)
        self._connection = connection
        self._short = False

    def __enter__(self) -> None:
        connection = self._connection
        ready = connection.vendor == "sqlite" and connection.connection is not None and connection.autocommit
        if not ready or connection.in_atomic_block or not is_alive(connection):
            super().__enter__()
            return
        connection.commit_on_exit, connection.needs_rollback = True, False
        connection._start_transaction_under_autocommit()
        connection.autocommit = False
        connection.in_atomic_block = True
        connection.atomic_blocks.append(self)
        self._short = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        connection = self._connection
        short, self._short = self._short, False
        ordinary = kind is None and not (connection.needs_rollback or connection.run_on_commit)
        if not (short and ordinary) or connection.closed_in_transaction:
            super().__exit__(kind, error, traceback)
            return
        try:
            connection.validate_thread_sharing()
            connection._commit()
        except BaseException as failure:  # passed on, whatever it is, once the transaction is undone
            super().__exit__(type(failure), failure, failure.__traceback__)
            raise
        connection.atomic_blocks.pop()
        connection.errors_occurred = connection.in_atomic_block = False
        connection.autocommit = True
