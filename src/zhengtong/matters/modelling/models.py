"""The tables of process models: a name, and its versions with their texts."""

from django.db import models
from django.db.models import F, Q

from zhengtong.foundation.core.models import Record
from zhengtong.matters.modelling.choices import Standing


class ProcessModel(Record):
    """A process by name; what it is stands in its versions.

    One with an `item_key` is that of a service: what is published runs its new cases.
    """

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    item_key = models.CharField(max_length=200, blank=True, default="", help_text="of the service it runs")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_key"], condition=~Q(item_key=""), name="model_one_a_service")
        ]


class ModelVersion(Record):
    """One version: the whole BPMN text. `revision` grows with every saving, so that nobody overwrites another unseen.

    `editors` are the accounts that saved it; none of them, nor who submitted it, may review it. A published version
    never changes; `definition_id` is that text among the definitions that processes run by. One with a `release_id`
    came with that pack, signed by who released it. `replaced_id` is the definition that ran new cases before.
    """

    model = models.ForeignKey(ProcessModel, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=Standing, default=Standing.DRAFT)
    xml = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SM3 over the text")
    revision = models.PositiveIntegerField(default=1)
    editors = models.JSONField(default=list)
    saved_by = models.BigIntegerField(null=True)
    saved_by_name = models.CharField(max_length=100, blank=True)
    saved_at = models.DateTimeField()
    submitted_by = models.BigIntegerField(null=True)
    submitted_by_name = models.CharField(max_length=100, blank=True)
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField(max_length=100, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=500, blank=True, help_text="of the last review")
    definition_id = models.BigIntegerField(null=True)
    release_id = models.BigIntegerField(null=True)
    replaced_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="model_version_once"),
            models.UniqueConstraint(
                fields=["model"], condition=~Q(state=Standing.PUBLISHED), name="model_one_version_in_hand"
            ),
            models.CheckConstraint(
                condition=~Q(state=Standing.PUBLISHED)
                | Q(definition_id__isnull=False, release_id__isnull=False)
                | Q(definition_id__isnull=False, reviewed_by__isnull=False) & ~Q(reviewed_by=F("submitted_by")),
                name="model_published_by_a_second_person",
            ),
        ]
