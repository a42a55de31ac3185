"""Turns what a failing database says into an answer a reader understands, where the reader can do something."""

import sqlite3

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Refusal, Unavailable
from zhengtong.foundation.core.statements.writing import is_stale, stale
from zhengtong.foundation.core.writes.transactions import sqlstate

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_NO_ROOM_STATES = ("53", "58")  # PostgreSQL: insufficient resources, system error
_AWAY_STATES = ("08", "57P")  # connection trouble, the server going down


def refusal_for(error: BaseException) -> Refusal | None:
    """The refusal that says `error` to a reader, or None where the error is a fault of ours."""
    if is_stale(error):
        return stale()
    if not isinstance(error, OperationalError):
        return None
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    if code is not None:
        return _from_sqlite(int(code) & 0xFF)
    return _from_postgres(sqlstate(error))


def _from_sqlite(code: int) -> Refusal | None:
    if code in _BUSY:
        return _busy()
    return _no_room() if code in _NO_ROOM else None


def _from_postgres(state: str | None) -> Refusal | None:
    if state is None or state.startswith(_AWAY_STATES):
        return Unavailable("writes.away", _("The records cannot be reached at this moment. Please try again."))
    if state.startswith("40"):
        return _busy()
    return _no_room() if state.startswith(_NO_ROOM_STATES) else None


def _busy() -> Refusal:
    return Unavailable("writes.busy", _("Too much is being saved at this moment. Please try again."))


def _no_room() -> Refusal:
    return Unavailable(
        "writes.no_room", _("Nothing can be saved at this moment: storage is full or failing. Nothing was changed.")
    )
