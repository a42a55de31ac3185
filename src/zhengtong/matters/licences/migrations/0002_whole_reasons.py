"""Why a licence ended is kept whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licences", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="licence",
            name="end_reason",
            field=models.TextField(blank=True),
        ),
    ]
