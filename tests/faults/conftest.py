"""Fault tests share one template of a house; each works on a copy."""

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

import faults.house as houses
import migrated
import postgres
from factories import cases as made
from zhengtong.foundation.files.signing import ensure_signing_key


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_file: pathlib.Path,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Any:
    """The file of a house with one item open, its people, and the folder of its keys and papers."""
    folder = tmp_path_factory.mktemp("house")
    file = migrated.copy(migrated_file, folder / "template.sqlite3")
    with django_db_blocker.unblock():
        city = houses.build(str(file), folder)
    houses.settle(file)
    return file, folder, city


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Any:
    """The same house as a database of the one PostgreSQL of this run."""
    try:
        address = postgres.server().create("house")
    except postgres.PostgresUnavailable as why:
        pytest.skip(f"no PostgreSQL can run here: {why}")
    with django_db_blocker.unblock():
        folder = tmp_path_factory.mktemp("house-on-postgres")
        return folder, houses.build(address, folder)


@pytest.fixture
def deployment(tmp_path: pathlib.Path, migrated_file: pathlib.Path) -> pathlib.Path:
    """The folder of a house that has its tables and as yet nothing else, for programs of their own."""
    migrated.copy(migrated_file, tmp_path / "zhengtong.sqlite3")
    return tmp_path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world_on_both(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[made.World]:
    """A little city on a file, then one on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("world_on_file")
        return
    var, city = request.getfixturevalue("postgres_template")
    address = postgres.server().copy("house")
    with django_db_blocker.unblock(), houses.database_at(address, var):
        yield city


@pytest.fixture
def world_on_file(template: Any, tmp_path: pathlib.Path, django_db_blocker: Any) -> Iterator[made.World]:
    """A little city on a file of its own, written through the true gate."""
    file, var, city = template
    with django_db_blocker.unblock(), houses.database_at(str(houses.copy(file, tmp_path)), var):
        ensure_signing_key()
        yield city


@pytest.fixture
def world(world_on_file: made.World) -> made.World:
    """The little city of most tests here; those that are to end the same on both databases put theirs in its place."""
    return world_on_file
