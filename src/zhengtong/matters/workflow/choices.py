"""The words of running work: tasks, processes, timers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProcessState(models.TextChoices):
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


class TaskState(models.TextChoices):
    OPEN = "open", _("Waiting to be taken")
    CLAIMED = "claimed", _("In hand")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
