"""When a key's secret was told to its holder; whoever has one already was told when it was issued."""

from typing import Any

from django.db import migrations, models


def collected_when_issued(apps: Any, schema_editor: Any) -> None:
    apps.get_model("identity", "ApiKey").objects.update(collected_at=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_api_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="collected_at",
            field=models.DateTimeField(null=True, verbose_name="collected at"),
        ),
        migrations.RunPython(collected_when_issued, migrations.RunPython.noop),
    ]
