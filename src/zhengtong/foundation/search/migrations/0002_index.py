"""The full-text index, made by each database in its own way from the same tokens."""

from django.db import migrations

from zhengtong.foundation.search import index


def make(apps, editor):
    index.create(editor)


def unmake(apps, editor):
    index.drop(editor)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
