"""The words of a clock: which clock, how it stands, and what light it shows (services.md §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockName(models.TextChoices):
    """Which limit a clock watches."""

    CORRECTION_NOTICE = "correction_notice", _("Decide on completeness")
    CORRECTION_DUE = "correction_due", _("Applicant completes the papers")
    PROMISE = "promise", _("Promised limit")
    LEGAL = "legal", _("Statutory limit")
    SERVE = "serve", _("Issue and serve the licence")
    EVALUATION = "evaluation", _("Invitation to evaluate")


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Stopped for a special procedure")
    STOPPED = "stopped", _("Met or ended")


class Light(models.TextChoices):
    """红黄绿灯 (services.md §4.5): never stored, worked out from the dates on which it turns."""

    GREEN = "green", _("Green light")
    YELLOW = "yellow", _("Yellow light")
    RED = "red", _("Red light")
    PAUSED = "paused", _("Clock stopped")
    NONE = "none", _("No clock")


class Card(models.TextChoices):
    """黄牌 and 红牌: marks of supervision, not lights."""

    YELLOW = "yellow", _("Yellow card")
    RED = "red", _("Red card")
