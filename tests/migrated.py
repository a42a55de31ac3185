"""One migrated database a run: whoever needs every table takes a copy of it.

Migrations are slow, and the same for each worker, each house of the fault tests and each program that a test starts.
The first to ask makes them from nothing, in the folder of the run, and the others wait; no later run finds anything.
Whoever took a copy still migrates, which finds nothing to do.
"""

import contextlib
import fcntl
import pathlib
import shutil
import sqlite3
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection

from databases import leading_to
from zhengtong.config.databases import database as database_settings


def file(folder: pathlib.Path) -> pathlib.Path:
    """The migrated SQLite file of the run whose folder this is."""
    return _once(folder / "migrated.sqlite3", _migrate_file)


def load(file: pathlib.Path, name: str) -> contextlib.closing[sqlite3.Connection]:
    """Fill a database in memory, which lasts as long as what is answered is not closed."""
    filled = sqlite3.connect(name, uri=True)
    with contextlib.closing(sqlite3.connect(file)) as source:
        source.backup(filled)
    return contextlib.closing(filled)


def copy(file: pathlib.Path, to: pathlib.Path) -> pathlib.Path:
    """A migrated file of one's own at `to`, in a folder that is made if it lacks."""
    to.parent.mkdir(parents=True, exist_ok=True)
    return pathlib.Path(shutil.copy(file, to))


def postgres_template(folder: pathlib.Path, default: dict[str, Any]) -> str:
    """The name of a migrated database on the server of these settings, from which others can be made."""
    name = f"{default['NAME']}_migrated"

    def make(mark: pathlib.Path) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        with leading_to(default | {"NAME": name}):
            call_command("migrate", verbosity=0)
        mark.touch()

    _once(folder / name, make)
    return name


def _migrate_file(place: pathlib.Path) -> None:
    """In memory, where no disk is waited for, and only then into the file."""
    with leading_to(database_settings(":memory:")):
        call_command("migrate", verbosity=0)
        with contextlib.closing(connection.connection) as whole, contextlib.closing(sqlite3.connect(place)) as target:
            whole.backup(target)


def _once(place: pathlib.Path, make: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """`place`, made by whichever process of the run asks first."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            make(begun := place.with_suffix(".begun"))
            begun.rename(place)
    return place
