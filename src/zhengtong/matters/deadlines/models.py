"""Clocks and their pauses as rows, and the yearly notices that the package does not yet carry."""

from django.db import models

from zhengtong.foundation.core.models import Record
from zhengtong.matters.deadlines.choices import ClockName, ClockState


class CalendarYear(Record):
    """The State Council's yearly notice of holidays and working weekends, entered by an administrator."""

    year = models.PositiveSmallIntegerField(unique=True)
    holidays = models.JSONField(help_text="ISO date off work → name of the holiday")
    workdays = models.JSONField(help_text="ISO dates of weekends worked")
    source = models.CharField(max_length=200, help_text="number or title of the notice")
    entered_by = models.BigIntegerField()
    entered_at = models.DateTimeField()
    redating_due_at = models.DateTimeField(null=True, help_text="when clocks are counted with it; null: done")
    redating_cursor = models.BigIntegerField(default=0, help_text="the last clock that was looked at")
    redated = models.PositiveIntegerField(default=0, help_text="subjects whose dates moved or became known")
    undated = models.PositiveIntegerField(default=0, help_text="subjects that could not be counted in this round")


class Clock(Record):
    """One limit of one subject. Lights are not stored: the dates on which they turn are."""

    subject_kind = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=24, choices=ClockName)
    state = models.CharField(max_length=12, choices=ClockState, default=ClockState.RUNNING)
    start_on = models.DateField()
    number = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)
    extension = models.PositiveIntegerField(default=0)
    extended_on = models.DateField(null=True)
    article = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, help_text="last day; empty while a suspension is open")
    yellow_on = models.DateField(null=True)
    red_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "name"], name="one_clock_of_a_name_a_subject")
        ]


class Suspension(Record):
    """A pause of all handling clocks of a subject: half-open (start, end] (services.md §4.3)."""

    subject_kind = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    article = models.CharField(max_length=120)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    planned_days = models.PositiveIntegerField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="suspension_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(end_on__isnull=True),
                name="one_open_suspension_a_subject",
            )
        ]
