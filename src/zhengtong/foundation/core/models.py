"""What every table shares, and tables everybody may lean on: answered requests, running numbers, shared values."""

from typing import ClassVar

from django.db import models

from zhengtong.foundation.core.identifiers import new_id


class Record(models.Model):
    """A row with a 63-bit, time-ordered identifier; never shown outside (DESIGN §6, identifiers)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class IdempotencyKey(Record):
    """A request that has been answered, so that its repetition gets the same answer; kept a day, then purged.

    Neither the key as it came nor any answer's text is kept: digests, a status, and names of what came of it.
    """

    by_token = models.CharField(max_length=64)
    key_digest = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=128)
    status = models.PositiveSmallIntegerField()
    reference = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by_token", "key_digest"], name="core_idempotency_once"),
        ]


class Sequence(models.Model):
    """The last number given under a key; it grows inside the transaction that uses the number, so no gap arises."""

    key = models.CharField(max_length=120, primary_key=True)
    last = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last__gte=0), name="core_sequence_not_negative"),
        ]


class SharedValue(models.Model):
    """A value that all serving processes know until its time is over (core.shared)."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField(help_text="JSON")
    expires_at = models.FloatField(null=True, db_index=True, help_text="seconds since 1970; null: never")
