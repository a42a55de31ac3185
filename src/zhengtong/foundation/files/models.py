"""The table of stored files: the content lies in the folder, what is known about it here."""

from django.db import models

from zhengtong.foundation.core.fields import SealedText
from zhengtong.foundation.core.models import Record
from zhengtong.foundation.files.choices import Retention, ScanState


class StoredFile(Record):
    """One file: written once, never changed; its content is found by token and proved by digest."""

    token = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, help_text="SM3 of the plain content, hex")
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = SealedText()
    purpose = models.CharField(max_length=60)
    sensitive = models.BooleanField(default=True)
    key_version = models.PositiveIntegerField(null=True, help_text="of the key that closed it; null: stored plain")
    retention = models.CharField(max_length=16, choices=Retention, default=Retention.CASE)
    scan_state = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)
    scanner = models.CharField(max_length=40, blank=True)
    account_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-id"], name="file_of_person"),
            models.Index(fields=["organisation_id", "-id"], name="file_of_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sensitive=False) | models.Q(key_version__isnull=False),
                name="file_sensitive_is_closed",
            )
        ]

    def __str__(self) -> str:
        return self.token
