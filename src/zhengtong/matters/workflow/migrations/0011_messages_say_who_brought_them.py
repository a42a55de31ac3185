"""A message from outside says which account brought it, so that only that one learns what became of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0010_starts_say_when_they_last_began"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="brought_by_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
