"""What came of a special procedure is kept whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_what_stood_on_offer_waits"),
    ]

    operations = [
        migrations.AlterField(
            model_name="specialprocedure",
            name="result",
            field=models.TextField(blank=True),
        ),
    ]
