"""The indexes by which what was read, and what was sent, is found when it is kept no longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("zt_messages", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False)), fields=["sent_at", "id"], name="dispatch_sent"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("read_at__isnull", False)), fields=["read_at", "id"], name="message_read"
            ),
        ),
    ]
