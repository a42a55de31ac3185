"""Tables of the ledger: events and their hidden content, the tree over them, and what waits to be delivered."""

from django.db import models
from django.db.models import Q

from zhengtong.foundation.core.fields import SealedText
from zhengtong.foundation.core.models import Record


class Event(Record):
    """One thing that happened. `envelope` is what is sealed; the other columns repeat it for queries.

    `mac` is HMAC-SM3 of the envelope under a key of the house, so that a row written past the house shows before
    it is sealed; such a row is `held` back from the tree. `leaf_index` and `leaf_hash` are the sealer's.
    """

    leaf_index = models.BigIntegerField(null=True, unique=True)
    leaf_hash = models.BinaryField(null=True)
    envelope = models.BinaryField()
    mac = models.BinaryField()
    type = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    effective_reason = models.CharField(max_length=200, blank=True)
    imported = models.BooleanField(default=False)
    held = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="ledger_event_subject"),
            models.Index(fields=["actor_id", "id"], name="ledger_event_actor"),
            models.Index(fields=["id"], name="ledger_event_unsealed", condition=Q(leaf_index=None, held=False)),
            models.Index(fields=["id"], name="ledger_event_held", condition=Q(held=True)),
        ]


class SubjectKey(Record):
    """The key that closes the content of one subject's events; destroying it destroys the content for good."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    wrapped = models.TextField(blank=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.BigIntegerField(null=True)
    destroyed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="ledger_key_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(destroyed_at=None), name="ledger_one_live_key"
            ),
            models.CheckConstraint(condition=Q(destroyed_at=None) | Q(wrapped=""), name="ledger_destroyed_key_is_gone"),
        ]


class Payload(models.Model):
    """The content of one event: nonce, then salt and canonical JSON closed by SM4-GCM under its subject's key.

    The salt lies inside: beside a destroyed content it would let a guess be checked against the commitment.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    key = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="+")
    closed = models.BinaryField()


class Tile(models.Model):
    """Up to 256 neighbouring nodes of one level of the tree (levels 0, 8, 16 …), their hashes one after another.

    `id` is level · 2^56 + index, so that a node's tile is found by its primary key.
    """

    id = models.BigIntegerField(primary_key=True)
    hashes = models.BinaryField()


class LogState(models.Model):
    """One row: how large the sealed tree is and its frontier; its lock lets one sealer work at a time."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    peaks = models.BinaryField()


class SigningKey(Record):
    """An SM2 key pair that signs heads; the private half is sealed, the public half is published."""

    version = models.IntegerField(unique=True)
    public = models.BinaryField()
    private = SealedText()
    created_at = models.DateTimeField()


class TreeHead(Record):
    """A signed statement of size, root and time; `text` is exactly what was signed."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    recorded_at = models.DateTimeField()
    text = models.TextField()
    signature = models.BinaryField()
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")


class OutboxEntry(Record):
    """One event due to one handler; its id is the delivery's stable name. Never holds content or messages of errors."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = models.CharField(max_length=160)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="ledger_outbox_due", condition=Q(delivered_at=None, abandoned_at=None)
            ),
            models.Index(fields=["id"], name="ledger_outbox_given_up", condition=Q(abandoned_at__isnull=False)),
            models.Index(fields=["delivered_at"], name="ledger_outbox_done", condition=Q(delivered_at__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="ledger_one_delivery")]
