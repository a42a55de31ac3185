"""Why a key was revoked and a mandate ended is kept whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0004_until_when_a_tenure_counted"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="revoke_reason",
            field=models.TextField(blank=True, verbose_name="reason of the revocation"),
        ),
        migrations.AlterField(
            model_name="mandate",
            name="end_reason",
            field=models.TextField(blank=True, verbose_name="reason of the end"),
        ),
    ]
