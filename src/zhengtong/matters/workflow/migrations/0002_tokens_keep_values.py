from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="token",
            name="data",
            field=models.TextField(blank=True, default="", help_text="what the engine keeps; never personal data"),
        ),
        migrations.AddField(model_name="token", name="turn", field=models.PositiveIntegerField(default=0)),
        migrations.AlterField(model_name="token", name="origins", field=models.TextField(blank=True)),
    ]
