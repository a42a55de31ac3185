"""The inbox of a person and what left for the outside."""

from django.db import models

from zhengtong.foundation.core.fields import SealedJSON, SealedText
from zhengtong.foundation.core.models import Record
from zhengtong.foundation.messages.choices import Channel, DispatchState


class Message(Record):
    """One message to one person or one organisation, drawn from a template in the reader's language."""

    stable_id = models.CharField(max_length=80, unique=True, help_text="the same cause tells only once")
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    template = models.CharField(max_length=60)
    params = SealedJSON(default=dict)
    address = models.CharField(max_length=200, blank=True, help_text="page it leads to")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-id"], name="message_of_person"),
            models.Index(fields=["organisation_id", "-id"], name="message_of_organisation"),
            models.Index(fields=["read_at", "id"], condition=models.Q(read_at__isnull=False), name="message_read"),
        ]


class Dispatch(Record):
    """One message on its way out; tried again until the provider takes it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    channel = models.CharField(max_length=8, choices=Channel)
    address = SealedText()
    locale = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=DispatchState, default=DispatchState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    provider_reference = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="dispatch_waiting"),
            models.Index(fields=["sent_at", "id"], condition=models.Q(sent_at__isnull=False), name="dispatch_sent"),
        ]
