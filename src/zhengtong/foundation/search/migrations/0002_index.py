"""The full-text index, made by each database in its own way from the same tokens."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from zhengtong.foundation.search import index


def make(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    index.create(editor)


def unmake(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    index.drop(editor)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
