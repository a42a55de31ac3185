"""Why a grant was revoked is kept whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_one_index_fewer"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rolegrant",
            name="revoke_reason",
            field=models.TextField(blank=True, verbose_name="reason of the revocation"),
        ),
    ]
