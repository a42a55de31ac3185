"""The indexes of the filters of that list: by title, here and anywhere, and those that run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0015_errands_are_listed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(fields=["agency_id", "title", "-id"], name="errand_titled_here"),
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(fields=["title", "-id"], name="errand_titled"),
        ),
        migrations.AddIndex(
            model_name="process",
            index=models.Index(
                condition=models.Q(("state", "running"), ("subject_kind", "errand")),
                fields=["subject_kind", "subject_id"],
                name="process_of_errand",
            ),
        ),
    ]
