"""Reads where the records lie: a path to an SQLite file, or the address of a PostgreSQL."""

import pathlib
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_POSTGRES = ("postgres", "postgresql")


def database(address: str) -> dict[str, Any]:
    """Django's settings for `address`: `postgres://user:password@host:port/name?option=value`, or a file path.

    On PostgreSQL the options are libpq's, and `isolation=serializable` chooses the isolation level.
    Raises ImproperlyConfigured for any other scheme.
    """
    scheme, separator, _rest = address.partition("://")
    if separator and scheme in _POSTGRES:
        return _postgres(address)
    if separator:
        raise ImproperlyConfigured(f"ZHENGTONG_DATABASE: the scheme {scheme}:// is unknown; give a path or postgres://")
    return _sqlite(address)


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "zhengtong.foundation.core.sqlite",
        "NAME": path if path == ":memory:" else str(pathlib.Path(path)),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20.0, "cached_statements": 512},
    }


def _postgres(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    _choose_isolation(options)
    return {
        "ENGINE": "zhengtong.foundation.core.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _choose_isolation(options: dict[str, Any]) -> None:
    chosen = options.pop("isolation", None)
    if chosen is None:
        return
    from psycopg import IsolationLevel

    try:
        options["isolation_level"] = IsolationLevel[chosen.upper().replace("-", "_")]
    except KeyError:
        raise ImproperlyConfigured(f"ZHENGTONG_DATABASE: isolation={chosen} is unknown") from None
