"""Fault tests share one template of a house; each works on a copy."""

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

import faults.house as houses
from factories import cases as made
from zhengtong.foundation.files.signing import ensure_signing_key


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Any:
    """The file of a house with one item open, its people, and the folder of its keys and papers."""
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock():
        return folder / "template.sqlite3", folder, houses.build(folder / "template.sqlite3", folder)


@pytest.fixture
def world(template: Any, tmp_path: pathlib.Path, django_db_blocker: Any) -> Iterator[made.World]:
    """A little city on a file of its own, written through the true gate."""
    file, var, city = template
    with django_db_blocker.unblock(), houses.database_at(str(houses.copy(file, tmp_path)), var):
        ensure_signing_key()
        yield city
