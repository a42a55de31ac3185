"""The fixed lists of identity, each value stored as a short English word."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """security.md §10: what the account is for."""

    CITIZEN = "citizen", _("Citizen")
    ENTERPRISE = "enterprise", _("Enterprise")
    STAFF = "staff", _("Staff")
    ADMIN = "admin", _("Administrator")


class AccountState(models.TextChoices):
    """security.md §10.1: 未激活, 正常, 锁定, 停用, 注销 (final)."""

    PENDING = "pending", _("Not yet activated")
    ACTIVE = "active", _("Active")
    LOCKED = "locked", _("Locked")
    DISABLED = "disabled", _("Disabled")
    CLOSED = "closed", _("Closed")


class Assurance(models.IntegerChoices):
    """security.md §10.1: how sure we are that the account holder is the person named."""

    NONE = 0, _("Not verified")
    L1 = 1, _("Phone number verified")
    L2 = 2, _("Name and identity number verified")
    L3 = 3, _("Face or certificate verified")


class Label(models.IntegerChoices):
    """security.md §2 B7: security labels of subjects and objects."""

    PUBLIC = 0, _("Public")
    INTERNAL = 1, _("Internal")
    SENSITIVE = 2, _("Sensitive")
    IMPORTANT = 3, _("Important")
