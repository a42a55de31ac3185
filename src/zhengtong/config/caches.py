"""Where attempts are counted: in the one process that serves, or in the database for several."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Django's own bound of 300 entries would let a counter of attempts go as soon as 300 others try something.
_NEAR: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 50_000},
}
_SHARED: dict[str, Any] = {"BACKEND": "zhengtong.foundation.core.shared.SharedCache", "TIMEOUT": 300}


def caches(chosen: str, database: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Django's caches: `default` counts attempts, `near` is what a process keeps to itself.

    `chosen` is `local`, `database`, or empty: then a PostgreSQL, which may serve several processes, keeps the counts,
    and on SQLite the one process does. Raises ImproperlyConfigured for anything else.
    """
    known = {"local": _NEAR | {"LOCATION": "default"}, "database": _SHARED}
    usual = "database" if database["ENGINE"].endswith("postgresql") else "local"
    try:
        return {"default": known[chosen or usual], "near": _NEAR | {"LOCATION": "near"}}
    except KeyError:
        raise ImproperlyConfigured(f"ZHENGTONG_CACHE: {chosen} is unknown; local or database") from None
