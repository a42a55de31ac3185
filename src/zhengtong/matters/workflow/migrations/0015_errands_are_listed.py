"""The indexes of the list of errands: those of an agency, newest first, and those about which somebody was asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0014_one_index_fewer"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(fields=["agency_id", "-id"], name="errand_of_agency"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("who_id__isnull", False)),
                fields=["who_id", "subject_kind"],
                name="task_in_person",
            ),
        ),
    ]
