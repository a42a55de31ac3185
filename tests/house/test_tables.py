"""Tables obey the floors that imports obey, migrations follow one another, and no key opens everything."""

import io
from collections.abc import Iterator
from itertools import permutations

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from house_sources import order

OURS = "zhengtong."


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith(OURS)]


def place(model: type[models.Model]) -> int:
    """Where the app of a model stands; other people's tables lie under every floor."""
    if not model.__module__.startswith(OURS):
        return -1
    return order().index(".".join(model.__module__.split(".")[1:3]))


def pointers() -> Iterator[tuple[type[models.Model], str, type[models.Model]]]:
    for model in own_models():
        for field in model._meta.get_fields():
            related = field.related_model
            if field.concrete and isinstance(related, type) and issubclass(related, models.Model):
                yield model, field.name, related


def test_there_is_something_to_test() -> None:
    assert len(own_models()) > 20
    assert len(list(pointers())) > 10


def test_a_table_points_only_downwards() -> None:
    upwards = [
        f"{model._meta.label}.{name} -> {related._meta.label}"
        for model, name, related in pointers()
        if place(related) > place(model)
    ]
    assert not upwards


def test_no_table_points_anywhere() -> None:
    """A generic key could point to any floor: subjects are a kind and an identifier instead."""
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    assert not generic


def test_identifiers_are_made_in_the_process() -> None:
    """No sequences of the database (DESIGN §6, §7): a distributed one could not bear them."""
    counted = [
        model._meta.label
        for model in own_models()
        if isinstance(model._meta.pk, models.AutoField) and not model._meta.auto_created
    ]
    assert not counted


def test_migrations_follow_one_another() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith(OURS)}
    for label in labels & loader.migrated_apps:
        names = sorted(name for app, name in loader.disk_migrations if app == label)
        assert len(loader.graph.leaf_nodes(label)) == 1, f"{label}: more than one last migration"
        assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1)), f"{label}: {names}"


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_django_s_own_administration_is_not_installed() -> None:
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.django_db
def test_no_account_can_be_a_superuser() -> None:
    account = apps.get_model("identity.Account")
    names = {field.name for field in account._meta.get_fields()}
    if "is_superuser" in names:
        with pytest.raises(IntegrityError), transaction.atomic():
            account.objects.create(username="root", kind="admin", is_superuser=True)
    assert not hasattr(account._default_manager, "create_superuser")


def whole_indexes(table: str) -> Iterator[tuple[str, list[str], bool]]:
    """Each index over all rows of a table: its name, its columns, and whether it allows each value once."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    for name, told in found.items():
        if (told["index"] or told["unique"]) and told["columns"] and not is_partial(name):
            yield name, told["columns"], told["unique"]


def is_partial(name: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [name])
        else:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        found = cursor.fetchone()
    return bool(found and found[0] and " WHERE " in found[0])


@pytest.mark.django_db
def test_no_index_repeats_the_beginning_of_another() -> None:
    tables = [model._meta.db_table for model in own_models()]
    needless = [
        f"{short} finds nothing that {long} would not find"
        for table in tables
        for (short, beginning, once), (long, columns, _) in permutations(whole_indexes(table), 2)
        if not once and columns[: len(beginning)] == beginning
    ]
    assert needless == []


@pytest.mark.django_db
def test_a_number_key_is_the_table_itself() -> None:
    """On SQLite only a key declared as `integer` is; under any other name of the same it is a second tree of pages."""
    if connection.vendor != "sqlite":
        pytest.skip("a matter of SQLite's")
    kinds = {}
    with connection.cursor() as cursor:
        for model in own_models():
            cursor.execute("SELECT lower(type) FROM pragma_table_info(%s) WHERE pk", [model._meta.db_table])
            kinds[model._meta.db_table] = {kind for (kind,) in cursor.fetchall()}
    assert kinds["cases_case"] == {"integer"}
    assert [table for table, found in kinds.items() if "bigint" in found] == []
