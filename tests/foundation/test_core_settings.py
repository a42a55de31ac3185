"""Settings of a deployment: where the records lie, and what never reaches a log."""

import logging

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from psycopg import IsolationLevel

from zhengtong.config import keeping
from zhengtong.config.databases import database
from zhengtong.config.privacy import PrivateFormatter, redact


def test_a_path_is_sqlite_with_every_safety_on():
    chosen = database("/var/lib/zhengtong/records.sqlite3")
    assert chosen["ENGINE"] == "zhengtong.foundation.core.sqlite"
    assert chosen["NAME"] == "/var/lib/zhengtong/records.sqlite3"
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (chosen["CONN_MAX_AGE"], chosen["ATOMIC_REQUESTS"]) == (None, False)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_is_postgresql(scheme):
    chosen = database(f"{scheme}://zt%40gov:p%2Fss@db.example:5433/records?sslmode=verify-full&isolation=serializable")
    assert chosen["ENGINE"] == "zhengtong.foundation.core.postgresql"
    assert [chosen[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "records", "zt@gov", "p/ss", "db.example", "5433",
    ]  # fmt: skip
    assert chosen["OPTIONS"] == {"sslmode": "verify-full", "isolation_level": IsolationLevel.SERIALIZABLE}
    assert (chosen["CONN_MAX_AGE"], chosen["ATOMIC_REQUESTS"]) == (None, False)


def test_a_socket_folder_may_be_the_host():
    assert database("postgres://me@/records?host=/run/postgresql")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("address", ["mysql://x/y", "postgres://x/y?isolation=none"])
def test_what_is_unknown_is_refused(address):
    with pytest.raises(ImproperlyConfigured, match="ZHENGTONG_DATABASE"):
        database(address)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("identity 11010519491231002X refused", "11010519491231002X"),
        ("phone 13800138000", "13800138000"),
        ("phone 138 0013 8000", "138 0013 8000"),
        ("credit code 91350100M000100Y43.", "91350100M000100Y43"),
        ("card 6222 0210 0111 1111 111", "6222 0210 0111 1111 111"),
        ("mail to zhang.san@example.cn failed", "zhang.san@example.cn"),
        ("GET /reset?token=abcDEF123&next=/ ", "abcDEF123"),
        ("password=hunter2", "hunter2"),
    ],
)
def test_what_is_personal_never_reaches_a_log(text, hidden):
    line = redact(text)
    assert hidden not in line
    assert "[" in line


@pytest.mark.parametrize("text", ["batch of 32 writes in 20 ms", "2026-02-17 09:00:00,123 INFO", "GB/T 9704-2012"])
def test_what_is_not_stays_readable(text):
    assert redact(text) == text


def test_a_traceback_is_redacted_too():
    try:
        raise ValueError("11010519491231002X")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed for %s", ("13800138000",), sys.exc_info())
    line = PrivateFormatter().format(record)
    assert "11010519491231002X" not in line
    assert "13800138000" not in line
    assert "Traceback" in line


def test_a_browser_is_told_what_our_pages_may_do():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'none'"]
    assert "'unsafe-inline'" not in str(policy)
    assert settings.SECURE_CONTENT_TYPE_NOSNIFF
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.X_FRAME_OPTIONS == "DENY"
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_what_is_done_with_is_kept_so_many_days_and_never_too_few(monkeypatch):
    assert keeping.days("ZT_TEST_DAYS", 30) == 30
    monkeypatch.setenv("ZT_TEST_DAYS", "200")
    assert keeping.days("ZT_TEST_DAYS", 30, least=keeping.HALF_A_YEAR) == 200
    for odd in ("182", "-1", "x", "1.5", "²"):
        monkeypatch.setenv("ZT_TEST_DAYS", odd)
        with pytest.raises(ImproperlyConfigured, match=r"ZT_TEST_DAYS: .* from 183 on"):
            keeping.days("ZT_TEST_DAYS", 300, least=keeping.HALF_A_YEAR)
