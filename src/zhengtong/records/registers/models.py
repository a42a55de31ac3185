"""One table of official records; what a register holds is declared on the Registry."""

from django.db import models

from zhengtong.foundation.core.fields import SealedJSON
from zhengtong.foundation.core.models import Record


class RegisterRecord(Record):
    """What a register says of a subject during a span of days.

    A correction closes no gap silently: the new row names the one it replaces, and the old one stays, with the
    instant from which it no longer counted as true.
    """

    register = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=64)
    data = SealedJSON()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source_case_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    replaces_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    imported = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "register"], name="record_of_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "number", "valid_from"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_standing_record_a_number_and_day",
            )
        ]
