"""The tables of processes that begin of themselves."""

from django.db import models

from zhengtong.foundation.core.models import Record
from zhengtong.matters.workflow.choices import StartKind


class Start(Record):
    """By what a definition begins of itself: a message, a signal, or the instants of a timer; closed by its successor.

    Of a timer `due_at` is the next instant and `left` how many there are (None: for ever); `wake_at` is when that is
    tried, later than `due_at` where it failed. `begun` counts the processes, `begun_at` is when the last of them began.
    """

    definition = models.ForeignKey("Definition", on_delete=models.PROTECT)
    key = models.CharField(max_length=200, help_text="the id of the process, by which versions follow one another")
    element = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=StartKind)
    name = models.CharField(max_length=200, blank=True)
    agency_id = models.BigIntegerField(null=True, help_text="whose tasks they are where no matter says")
    due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    left = models.PositiveIntegerField(null=True)
    begun = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "element"], condition=models.Q(closed_at__isnull=True), name="one_open_start_an_element"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(closed_at__isnull=True, kind="message"),
                name="one_open_start_a_message",
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], condition=models.Q(closed_at__isnull=True), name="start_waiting"),
            models.Index(fields=["name", "id"], condition=models.Q(closed_at__isnull=True), name="start_listening"),
        ]


class Errand(Record):
    """What a process is about that began of itself and moves no other matter: an errand of an agency (事务).

    The instant it began for is kept, so that the database itself bears no second process for it.
    """

    start = models.ForeignKey(Start, on_delete=models.PROTECT)
    agency_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True, help_text="the instant of the timer that began it")
    red_on = models.DateField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["start", "due_at"], condition=models.Q(due_at__isnull=False), name="one_errand_an_instant"
            )
        ]
        indexes = [
            models.Index(fields=["agency_id", "-id"], name="errand_of_agency"),
            models.Index(fields=["agency_id", "title", "-id"], name="errand_titled_here"),
            models.Index(fields=["title", "-id"], name="errand_titled"),
        ]
