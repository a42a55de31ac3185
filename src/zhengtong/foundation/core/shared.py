"""What all serving processes must know together for a while: attempts counted against a limit, codes just used.

A Django cache kept in the database: JSON values only (nothing that runs when it is read), each act one statement, so
that two processes never count over one another. For what a process may keep to itself there is the cache `near`.
"""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from zhengtong.foundation.core.models import SharedValue
from zhengtong.foundation.core.writes import in_write, write

T = TypeVar("T")
_TABLE = SharedValue._meta.db_table
_FRESH = "(expires_at IS NULL OR expires_at > %s)"
_PUT = (
    f"INSERT INTO {_TABLE} (key, value, expires_at) VALUES (%s, %s, %s) "  # noqa: S608 the name comes from the model
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
)
_ADD = f"{_PUT} WHERE {_TABLE}.expires_at <= %s"
_GROW = (
    f"UPDATE {_TABLE} SET value = CAST(CAST(value AS BIGINT) + %s AS TEXT) "  # noqa: S608 the name comes from the model
    f"WHERE key = %s AND {_FRESH} RETURNING value"
)


class SharedCache(BaseCache):
    """Django's cache of that name where `CACHES` says so; one table, one row a key."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put unless a fresh value stands there; True for exactly one of those who come at once."""
        row = self._row(key, value, timeout, version)
        return _change(lambda: _execute(_ADD, (*row, time.time()))) == 1

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` where there is none or its time is over."""
        name = self.make_and_validate_key(key, version)
        row = SharedValue.objects.filter(key=name).values_list("value", "expires_at").first()
        if row is None or (row[1] is not None and row[1] <= time.time()):
            return default
        return json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put, whatever stood there."""
        row = self._row(key, value, timeout, version)
        _change(lambda: _execute(_PUT, row))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a fresh value another time; False where there is none."""
        name, until = self.make_and_validate_key(key, version), self.get_backend_timeout(timeout)
        fresh = SharedValue.objects.filter(key=name).exclude(expires_at__lte=time.time())
        return _change(lambda: fresh.update(expires_at=until)) == 1

    def delete(self, key: str, version: int | None = None) -> bool:
        """Take away; whether anything was there."""
        name = self.make_and_validate_key(key, version)
        return _change(lambda: SharedValue.objects.filter(key=name).delete()[0]) == 1

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a whole number; ValueError where none stands there. Nobody's count is lost."""
        name = self.make_and_validate_key(key, version)

        def grow() -> list[tuple[str]]:
            with connection.cursor() as cursor:
                cursor.execute(_GROW, (delta, name, time.time()))
                return list(cursor.fetchall())

        rows = _change(grow)
        if not rows:
            raise ValueError(f"Key '{key}' not found")
        return int(rows[0][0])

    def clear(self) -> None:
        """Forget everything."""
        _change(lambda: SharedValue.objects.all().delete())

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> tuple[str, str, float | None]:
        return self.make_and_validate_key(key, version), json.dumps(value), self.get_backend_timeout(timeout)


def purge_shared_values(*, at_most: int = 5000) -> int:
    """Remove up to `at_most` values whose time is over; answers how many."""
    over = SharedValue.objects.filter(expires_at__lte=time.time()).values_list("key", flat=True)[:at_most]
    return write(lambda: SharedValue.objects.filter(key__in=list(over)).delete()[0], key="purge shared values")


def is_shared() -> bool:
    """Whether all processes count together."""
    return isinstance(caches["default"], SharedCache)


def _execute(sql: str, params: tuple[Any, ...]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _change(job: Callable[[], T]) -> T:
    """In a transaction of its own, or as a part of whatever is open."""
    if connection.in_atomic_block and not in_write():
        return job()
    return write(job, key="shared value")
