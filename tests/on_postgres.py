"""Runs pytest with a PostgreSQL of its own as the database of every test: `python tests/on_postgres.py [options]`.

What the first run proved on the embedded default, this one proves on the other database. Where no PostgreSQL can
start it says so and ends well: the first run said the same of each test that needs one. Tests that ask for no database,
or bring their own, are the very same in both runs and are left to the first; nothing here is about what a crash leaves,
so the server does not wait for the disk.
"""

import os
import pathlib
import subprocess
import sys

import pytest

import postgres

DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_setup", "live_server"}


def main(arguments: list[str]) -> int:
    """The exit status of pytest; 0 where no server can run."""
    try:
        address = postgres.server(durable=False).create("zhengtong")
    except postgres.PostgresUnavailable as why:
        print(f"not run on PostgreSQL: {why}")  # noqa: T201 this is a program
        return 0
    print(f"once more on PostgreSQL: {' '.join(arguments)}")  # noqa: T201
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "cache_dir=.pytest_cache/postgres",
        "-p",
        "on_postgres",
        *arguments,
    ]
    here = os.pathsep.join([str(pathlib.Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"ZHENGTONG_DATABASE": address, "PYTHONPATH": here}
    return subprocess.run(command, env=environment, check=False).returncode


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would do here exactly what it did in the first run."""
    asking = [item for item in items if asks_for_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_for_the_database(item)])
    items[:] = asking


def asks_for_the_database(item: pytest.Item) -> bool:
    """Whether a test, or a fixture of ours that it stands on, asks for the database of the run."""
    if item.get_closest_marker("django_db"):
        return True
    found = item._fixtureinfo  # what pytest-django adds to every test asks for it too, so the whole list says nothing
    ours = [each for all_of_a_name in found.name2fixturedefs.values() for each in all_of_a_name if not _added(each)]
    asked = set(found.argnames).union(*(fixture.argnames for fixture in ours))
    return bool(asked & DATABASE)


def _added(fixture: pytest.FixtureDef[object]) -> bool:
    return fixture.func.__module__.startswith("pytest_django")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
