"""Why a record was corrected is kept whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registerrecord",
            name="reason",
            field=models.TextField(blank=True),
        ),
    ]
