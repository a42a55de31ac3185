"""Until when somebody was taken to hold a post, where his last day is entered as one before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_collected_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenure",
            name="counted_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="counted until"),
        ),
    ]
