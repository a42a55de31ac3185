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
