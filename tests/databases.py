"""Real databases for tests that the in-memory one cannot serve: a file with its writer thread, and a PostgreSQL.

Import the fixtures by name; `database` runs a test on both.
"""

import contextlib
import pathlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.sessions.models import Session
from django.db import connection, connections, models
from django.test import override_settings

import postgres
from zhengtong.config.databases import database as database_settings
from zhengtong.foundation.core import writes
from zhengtong.foundation.core.fields import SealedJSON, SealedText
from zhengtong.foundation.core.models import IdempotencyKey, Record, Sequence, SharedValue

_registry = Apps()


class Shelf(Record):
    """Something to point at."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        apps, app_label = _registry, "samples"


class Sample(Record):
    """A column of every kind the project uses."""

    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.PROTECT)
    text = models.CharField(max_length=40, default="leaf")
    long_text = models.TextField(blank=True)
    number = models.IntegerField(default=7)
    small = models.PositiveSmallIntegerField(null=True)
    yes = models.BooleanField(default=True)
    perhaps = models.BooleanField(null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    ratio = models.FloatField(null=True)
    instant = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    hour = models.TimeField(null=True)
    span = models.DurationField(null=True)
    facts = models.JSONField(default=dict)
    ident = models.UUIDField(null=True)
    blob = models.BinaryField(null=True)
    address = models.GenericIPAddressField(null=True)
    secret = SealedText(null=True)
    secrets = SealedJSON(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.IntegerField(default=1, db_column="ver")
    fixed = models.CharField(max_length=10, db_default="kept")

    class Meta:
        apps, app_label = _registry, "samples"


TABLES = (Shelf, Sample, IdempotencyKey, Sequence, SharedValue, Session)


@contextlib.contextmanager
def leading_to(chosen: dict[str, Any]) -> Iterator[None]:
    """Have every thread's default connection lead to the database of these settings for the block."""
    usual, usual_settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": chosen})["default"]
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual
        connections.settings["default"] = usual_settings


@contextlib.contextmanager
def _instead(address: str, **options: Any) -> Iterator[None]:
    """Have every thread's default connection lead to `address`, with fresh tables, for the block."""
    chosen = database_settings(address)
    chosen["OPTIONS"].update(options)
    with leading_to(chosen), override_settings(ZT_WRITES_INLINE=False):
        with connection.schema_editor() as editor:
            for model in TABLES:
                editor.create_model(model)
        try:
            yield
        finally:
            writes.stop()
            with connection.schema_editor() as editor:
                for model in reversed(TABLES):
                    editor.delete_model(model)


@pytest.fixture
def sqlite_file(tmp_path: pathlib.Path, django_db_blocker: Any) -> Iterator[pathlib.Path]:
    """An SQLite file behind the true gate; its path."""
    path = tmp_path / "records.sqlite3"
    with django_db_blocker.unblock(), _instead(str(path)):
        yield path


@pytest.fixture(scope="session")
def postgres_address() -> str:
    """An empty database of the one server of this run."""
    try:
        return postgres.server().create("tests")
    except postgres.PostgresUnavailable as why:
        pytest.skip(f"no PostgreSQL can run here: {why}")


@pytest.fixture
def postgres_database(postgres_address: str, django_db_blocker: Any) -> Iterator[str]:
    """PostgreSQL as the default database; its address."""
    with django_db_blocker.unblock(), _instead(postgres_address):
        yield postgres_address


@pytest.fixture
def serializable(postgres_address: str, django_db_blocker: Any) -> Iterator[str]:
    """PostgreSQL with every transaction SERIALIZABLE, as the engines beyond one machine have it."""
    address = f"{postgres_address}&isolation=serializable"
    with django_db_blocker.unblock(), _instead(address):
        yield address


@pytest.fixture(
    params=[
        "sqlite_file",
        pytest.param("postgres_database", marks=pytest.mark.postgres),
        pytest.param("serializable", marks=pytest.mark.postgres),
    ]
)
def database(request: pytest.FixtureRequest) -> str:
    """The same guarantees on every database; the fixture's name."""
    request.getfixturevalue(request.param)
    return str(request.param)


_PRELUDE = """
import os, sys, threading, time
from django.conf import settings
from zhengtong.config.databases import database
settings.configure(DATABASES={"default": database(sys.argv[1])}, ZT_WRITES_INLINE=False, USE_TZ=True,
    INSTALLED_APPS=["zhengtong.foundation.core"])
import django; django.setup()
from django.db import connection, transaction
from zhengtong.foundation.core import writes
def sql(text, *params):
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount
"""


def run_program(body: str, path: pathlib.Path, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run `body` as a program of its own on the SQLite file at `path`, with `sql()` and `writes` at hand."""
    program = _PRELUDE + textwrap.dedent(body)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(path)],
        capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip
