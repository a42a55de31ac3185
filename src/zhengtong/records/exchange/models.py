"""Questions put to other authorities and what came back."""

from django.db import models

from zhengtong.foundation.core.fields import SealedJSON
from zhengtong.foundation.core.models import Record


class FactAnswer(Record):
    """The lineage of one fact: who asked what of whom, why, when, and what was answered."""

    fact = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    purpose_kind = models.CharField(max_length=16, help_text="draft, case …")
    purpose_id = models.BigIntegerField()
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=[(s, s) for s in ("found", "absent", "unreachable")])
    source = models.CharField(max_length=80)
    value = SealedJSON(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["purpose_kind", "purpose_id"], name="facts_of_purpose"),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="facts_of_subject"),
        ]
