"""Numbers without gaps, for the papers the law wants numbered so."""

from collections.abc import Callable

from django.db import transaction

from zhengtong.foundation.core.models import Sequence
from zhengtong.foundation.core.statements.sending import Text, answer, connection_now, send

_texts: dict[str, Text] = {}


def next_number(key: str, *, first: int = 1) -> int:
    """The next number under `key`: `first`, then one more each time, without a gap and without an end.

    Call it inside a write: the number is given back if the transaction does not commit, and others who want one
    under the same key wait until it ends. Raises TransactionManagementError outside a transaction.
    """
    return ask_number(key, first=first)()


def ask_number(key: str, *, first: int = 1) -> Callable[[], int]:
    """As `next_number`; what is answered fetches the number. In a pipeline several are asked for in one round trip.

    The number is taken when it is asked for: whoever asks uses it, or there is a gap.
    """
    connection = connection_now()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("next_number() outside a write would leave gaps")
    text = _texts.get(connection.vendor)
    if text is None:
        text = _texts[connection.vendor] = Text(_sql(), connection.vendor)
    rows = answer(connection, send(connection, text, (key, first)))
    return lambda: int(rows()[0][0])


def _sql() -> str:
    table = Sequence._meta.db_table
    return (
        f'INSERT INTO "{table}" ("key", "last") VALUES (%s, %s) '  # noqa: S608 the name comes from the model
        f'ON CONFLICT ("key") DO UPDATE SET "last" = "{table}"."last" + 1 RETURNING "last"'
    )
