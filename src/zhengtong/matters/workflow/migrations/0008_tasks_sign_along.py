"""Several who sign can become more: a task says that it was added to them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0007_tasks_say_who_asked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="asked",
            field=models.CharField(
                blank=True,
                choices=[
                    ("before", "Asked before"),
                    ("after", "Signs after"),
                    ("alongside", "Signs along"),
                    ("delegated", "Delegated"),
                    ("returned", "Sent back"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="",
                max_length=12,
            ),
        ),
    ]
