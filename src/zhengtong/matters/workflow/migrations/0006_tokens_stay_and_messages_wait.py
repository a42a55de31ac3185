from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import zhengtong.foundation.core.identifiers
import zhengtong.matters.workflow.models
from zhengtong.engines.bpmn import read


def name_definitions(apps: Any, _schema_editor: Any) -> None:
    """Each definition stored so far has one process and calls nothing outside its text."""
    for definition in apps.get_model("workflow", "Definition").objects.filter(key=""):
        definition.key = read(bytes(definition.xml)).process_ids[0]
        definition.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0005_relocations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=zhengtong.foundation.core.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(choices=[("message", "Message"), ("signal", "Signal")], max_length=12)),
                ("name", models.CharField(max_length=200)),
                (
                    "data",
                    models.JSONField(
                        decoder=zhengtong.matters.workflow.models.Reading,
                        default=dict,
                        encoder=zhengtong.matters.workflow.models.Writing,
                    ),
                ),
                ("subject_kind", models.CharField(max_length=16)),
                ("subject_id", models.BigIntegerField()),
                ("sender_id", models.BigIntegerField()),
                ("process_id", models.BigIntegerField(null=True)),
                ("reached", models.BigIntegerField(default=0)),
                ("ready", models.BooleanField(default=True)),
                ("sent_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Trouble",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=zhengtong.foundation.core.identifiers.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("element", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("action", "An action failed"),
                            ("timer", "A timer could not fire"),
                            ("message", "A message could not be taken in"),
                            ("escalation", "Nobody saw to an escalation"),
                            ("error", "An error ended the process"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=1)),
                ("due_at", models.DateTimeField(help_text="when it is tried again by itself", null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by_id", models.BigIntegerField(null=True)),
                ("settled_how", models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="token",
            name="one_token_a_number",
        ),
        migrations.AddField(
            model_name="definition",
            name="calls",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="definition",
            name="key",
            field=models.CharField(db_index=True, default="", max_length=200),
        ),
        migrations.RunPython(name_definitions, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name="task",
            name="held",
            field=models.BooleanField(
                default=False, help_text="others were asked; it can be completed once they answered"
            ),
        ),
        migrations.AddField(model_name="process", name="suspended", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="process",
            name="error",
            field=models.CharField(blank=True, default="", help_text="of one that failed: its code", max_length=200),
        ),
        migrations.AddField(
            model_name="token",
            name="end",
            field=models.CharField(
                blank=True,
                choices=[("completed", "Done"), ("cancelled", "Cancelled"), ("passed", "Passed without waiting")],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="token",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="process",
            name="data",
            field=models.JSONField(
                decoder=zhengtong.matters.workflow.models.Reading,
                default=dict,
                encoder=zhengtong.matters.workflow.models.Writing,
            ),
        ),
        migrations.AlterField(
            model_name="process",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("ended", "Ended"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Ended by an error"),
                ],
                default="running",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("wait__in", ["message", "signal"])),
                fields=["name", "process"],
                name="token_listening",
            ),
        ),
        migrations.AddConstraint(
            model_name="token",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("process", "number"),
                name="one_live_token_a_number",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("delivered_at__isnull", True), ("ready", True)),
                fields=["due_at"],
                name="message_ready",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("delivered_at__isnull", True)),
                fields=["subject_kind", "subject_id", "name"],
                name="message_kept",
            ),
        ),
        migrations.AddField(
            model_name="trouble",
            name="process",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="workflow.process"),
        ),
        migrations.AddIndex(
            model_name="trouble",
            index=models.Index(condition=models.Q(("settled_at__isnull", True)), fields=["since"], name="trouble_open"),
        ),
        migrations.AddIndex(
            model_name="trouble",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("settled_at__isnull", True)),
                fields=["due_at"],
                name="trouble_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="trouble",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__gt", 0), ("settled_at__isnull", True)),
                fields=("process", "number", "kind"),
                name="one_open_trouble_a_token",
            ),
        ),
    ]
