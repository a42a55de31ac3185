"""The states of an electronic licence (services.md §3.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LicenceState(models.TextChoices):
    VALID = "VALID", _("Valid")
    SUSPENDED = "SUSPENDED", _("Suspended")
    EXPIRED = "EXPIRED", _("Expired")
    REPLACED = "REPLACED", _("Replaced by a later version")
    CANCELLED = "CANCELLED", pgettext_lazy("licence", "Cancelled")
    REVOKED = "REVOKED", _("Revoked for an error of the authority")
    REVOKED_PENALTY = "REVOKED_PENALTY", _("Revoked as a penalty")


ENDED = frozenset({"REPLACED", "CANCELLED", "REVOKED", "REVOKED_PENALTY"})
