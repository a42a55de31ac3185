"""The migrated database that a run shares: made once, whole or not at all, and complete."""

import pathlib
import time
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import migrated
from faults.house import at_once, database_at


def test_who_asks_at_the_same_time_waits_for_the_first(tmp_path: pathlib.Path) -> None:
    made = []

    def make(begun: pathlib.Path) -> None:
        made.append(begun)
        time.sleep(0.05)
        begun.write_text("whole")

    told = at_once([lambda: migrated._once(tmp_path / "it", make).read_text()] * 8)
    assert (told, len(made)) == (["whole"] * 8, 1)


def test_what_failed_half_way_is_made_again(tmp_path: pathlib.Path) -> None:
    def half(begun: pathlib.Path) -> None:
        begun.write_text("half")
        raise OSError

    with pytest.raises(OSError):
        migrated._once(tmp_path / "it", half)
    assert migrated._once(tmp_path / "it", lambda begun: begun.write_text("whole")).read_text() == "whole"


def test_a_copy_has_nothing_left_to_migrate(
    migrated_file: pathlib.Path, tmp_path: pathlib.Path, django_db_blocker: Any
) -> None:
    copy = migrated.copy(migrated_file, tmp_path / "folder" / "copy.sqlite3")
    with django_db_blocker.unblock(), database_at(str(copy), tmp_path):
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
        ours = {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("zhengtong.")}
        assert len(ours) > 60
        assert not ours - set(connection.introspection.table_names())
