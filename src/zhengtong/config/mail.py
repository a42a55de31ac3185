"""Reads which mail server takes what leaves the house, in one address."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PATIENCE_SECONDS = 10
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_server(address: str) -> dict[str, Any]:
    """Django's settings for `smtp://host:port`, `smtp+starttls://user:password@host:port` or `smtps://…`.

    `smtps` speaks TLS from the first byte, `smtp+starttls` asks for it and goes no further without. A password over
    plain `smtp`, another scheme or a missing host raises ImproperlyConfigured.
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        known = ", ".join(f"{scheme}://" for scheme in _PORTS)
        raise ImproperlyConfigured(f"ZHENGTONG_EMAIL_SERVER: one of {known}, then user:password@host:port")
    if parts.password and parts.scheme == "smtp":
        raise ImproperlyConfigured("ZHENGTONG_EMAIL_SERVER: a password needs smtp+starttls:// or smtps://")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": PATIENCE_SECONDS,
    }
