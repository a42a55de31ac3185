"""The words of running work: tasks, processes, timers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProcessState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("process", "Running")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", pgettext_lazy("process", "Cancelled")
    FAILED = "failed", _("Ended by an error")


class End(models.TextChoices):
    """How a token ended."""

    COMPLETED = "completed", _("Done")
    CANCELLED = "cancelled", pgettext_lazy("process", "Cancelled")
    PASSED = "passed", _("Passed without waiting")


class MessageKind(models.TextChoices):
    MESSAGE = "message", pgettext_lazy("process", "Message")
    SIGNAL = "signal", pgettext_lazy("process", "Signal")


class StartKind(models.TextChoices):
    """By what a process begins of itself."""

    MESSAGE = "message", pgettext_lazy("process", "Message")
    SIGNAL = "signal", pgettext_lazy("process", "Signal")
    TIMER = "timer", pgettext_lazy("process", "Timer")


class TroubleKind(models.TextChoices):
    """What stands still."""

    ACTION = "action", _("An action failed")
    TIMER = "timer", _("A timer could not fire")
    MESSAGE = "message", _("A message could not be taken in")
    ESCALATION = "escalation", _("Nobody saw to an escalation")
    ERROR = "error", _("An error ended the process")


class Asked(models.TextChoices):
    """Why a task is more than a step of the model; the engine's words, and who was added to several who sign."""

    BEFORE = "before", _("Asked before")
    AFTER = "after", _("Signs after")
    ALONGSIDE = "alongside", _("Signs along")
    DELEGATED = "delegated", _("Delegated")
    RETURNED = "returned", _("Sent back")
    WITHDRAWN = "withdrawn", pgettext_lazy("task", "Withdrawn")


class TaskState(models.TextChoices):
    """`offered` is no work yet: an ad-hoc sub-process that lies in the inbox of who may start something there."""

    OPEN = "open", _("Waiting to be taken")
    CLAIMED = "claimed", _("In hand")
    OFFERED = "offered", _("On offer")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", pgettext_lazy("process", "Cancelled")


class RelocationState(models.TextChoices):
    """Where an order to move processes to another version stands."""

    PLANNING = "planning", _("Dry run under way")
    PLANNED = "planned", _("Planned, nothing moved")
    MOVING = "moving", _("Moving")
    MOVED = "moved", pgettext_lazy("relocation", "Moved")
    UNDOING = "undoing", _("Moving back")
    UNDONE = "undone", pgettext_lazy("relocation", "Moved back")


class ItemState(models.TextChoices):
    """What came of one process of such an order."""

    READY = "ready", _("Can move")
    BLOCKED = "blocked", _("Cannot move")
    MOVED = "moved", pgettext_lazy("relocation", "Moved")
    REFUSED = "refused", _("Not moved: it has changed meanwhile")
    UNDONE = "undone", pgettext_lazy("relocation", "Moved back")
    KEPT = "kept", _("Not moved back: work has gone on")
