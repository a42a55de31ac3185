"""A task that a substitute did says by account whom he did it for, so that nobody signs twice in one round."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0011_messages_say_who_brought_them"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="absent_id",
            field=models.BigIntegerField(help_text="that one's account", null=True),
        ),
    ]
