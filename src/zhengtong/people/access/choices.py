"""The fixed lists of access."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleKind(models.TextChoices):
    """Business roles, and those of the three administrators that nobody may join (三员分立)."""

    BUSINESS = "business", _("Business")
    SYSTEM = "sys", _("System administration")
    SECURITY = "sec", _("Security administration")
    AUDIT = "audit", _("Audit administration")


class ScopeKind(models.TextChoices):
    """How far a role reaches: 本人, 本单位, 本单位及下级, 本区域, 全部."""

    SELF = "self", _("Oneself")
    ORG = "org", _("One's organisation")
    ORG_TREE = "org_tree", _("One's organisation and those below it")
    REGION = "region", _("A division")
    ALL = "all", _("Everything")
