"""The words of running work: tasks, processes, timers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProcessState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("process", "Running")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", pgettext_lazy("process", "Cancelled")


class TaskState(models.TextChoices):
    OPEN = "open", _("Waiting to be taken")
    CLAIMED = "claimed", _("In hand")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", pgettext_lazy("process", "Cancelled")
