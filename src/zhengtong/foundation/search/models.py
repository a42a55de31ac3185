"""What can be found: title, a line of summary, where it leads, and who may see it; the index lies beside."""

from django.db import models

from zhengtong.foundation.core.models import Record


class Entry(Record):
    """One findable thing. Never holds what is marked sensitive (DESIGN §6)."""

    kind = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    summary_en = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=200)
    labels = models.JSONField(default=dict, help_text="small facts to show beside the title")
    weight = models.PositiveSmallIntegerField(default=1, help_text="what can be applied for stands before the rest")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_a_thing")]
