"""What an ad-hoc sub-process offers lies in an inbox: a state of tasks that acts on none, and the index of inboxes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0012_tasks_say_whose_place"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Waiting to be taken"),
                    ("claimed", "In hand"),
                    ("offered", "On offer"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.RemoveIndex(model_name="task", name="task_waiting"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "claimed", "offered"])),
                fields=["queue", "red_on", "id"],
                name="task_waiting",
            ),
        ),
    ]
