from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_case_closed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("decided_on__isnull", False)),
                fields=["item_id", "-decided_on", "-id"],
                name="case_precedents",
            ),
        ),
    ]
