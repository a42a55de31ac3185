"""A start says when it last began a process; for those that have, what their errands tell is taken over."""

from typing import Any

from django.db import migrations, models
from django.db.models import Max


def from_errands(apps: Any, schema_editor: Any) -> None:
    start, errand = (apps.get_model("workflow", name) for name in ("Start", "Errand"))
    alias = schema_editor.connection.alias
    found = errand.objects.using(alias).values_list("start_id").annotate(last=Max("opened_at"))
    for number, last in found.order_by():
        start.objects.using(alias).filter(id=number).update(begun_at=last)


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0009_processes_begin_of_themselves"),
    ]

    operations = [
        migrations.AddField(
            model_name="start",
            name="begun_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(from_errands, migrations.RunPython.noop),
    ]
