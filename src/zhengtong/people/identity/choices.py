"""The fixed lists of identity, each value stored as a short English word."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AccountKind(models.TextChoices):
    """What the account is for (GB/T 22239-2019 8.1.4.2 a: accounts are allocated by purpose)."""

    CITIZEN = "citizen", _("Citizen")
    ENTERPRISE = "enterprise", _("Enterprise")
    STAFF = "staff", _("Staff")
    ADMIN = "admin", _("Administrator")


class AccountState(models.TextChoices):
    """未激活, 正常, 锁定, 停用, 注销; the last is final and its name is never given again."""

    PENDING = "pending", _("Not yet activated")
    ACTIVE = "active", _("Active")
    LOCKED = "locked", _("Locked")
    DISABLED = "disabled", _("Disabled")
    CLOSED = "closed", pgettext_lazy("account", "Closed")


class Assurance(models.IntegerChoices):
    """How sure we are that the account holder is the person named."""

    NONE = 0, _("Not verified")
    L1 = 1, _("Phone number verified")
    L2 = 2, _("Name and identity number verified")
    L3 = 3, _("Face or certificate verified")


class Label(models.IntegerChoices):
    """Security labels of subjects and objects (GB/T 22239-2019 8.1.4.2 g)."""

    PUBLIC = 0, _("Public")
    INTERNAL = 1, _("Internal")
    SENSITIVE = 2, _("Sensitive")
    IMPORTANT = 3, _("Important")


class DocumentType(models.TextChoices):
    """Papers by which a natural person is known, those of Hong Kong, Macao, Taiwan and abroad included."""

    RESIDENT_ID = "resident_id", _("Resident identity card")
    HOUSEHOLD_BOOK = "household_book", _("Household register")
    PASSPORT = "passport", _("Passport")
    HK_MACAO_PASS = "hk_macao_pass", _("Mainland travel permit for Hong Kong and Macao residents")
    TAIWAN_PASS = "taiwan_pass", _("Mainland travel permit for Taiwan residents")
    HK_MACAO_RESIDENCE = "hk_macao_residence", _("Residence permit for Hong Kong and Macao residents")
    TAIWAN_RESIDENCE = "taiwan_residence", _("Residence permit for Taiwan residents")
    FOREIGN_RESIDENCE = "foreign_residence", _("Foreign permanent resident identity card")


RESIDENT_NUMBERED = (
    DocumentType.RESIDENT_ID,
    DocumentType.HOUSEHOLD_BOOK,
    DocumentType.HK_MACAO_RESIDENCE,
    DocumentType.TAIWAN_RESIDENCE,
)
"""Papers that carry a citizen identity number with check character (GB 11643-1999)."""


class OrganisationKind(models.TextChoices):
    """Whether it governs or is governed."""

    AGENCY = "agency", _("Government agency")
    ENTERPRISE = "enterprise", _("Enterprise or other organisation")


class KindOfWork(models.TextChoices):
    """What the holder of a post does with cases; processes name these."""

    CLERK = "clerk", _("Window clerk")
    REVIEWER = "reviewer", _("Reviewer")
    INSPECTOR = "inspector", _("On-site inspector")
    DECIDER = "decider", _("Decider")
    HEAD = "head", _("Head of the agency")
    ADMINISTRATOR = "administrator", _("Administrator")
    OTHER = "other", _("Other")


class TenureKind(models.TextChoices):
    """On what footing a post is held."""

    APPOINTED = "appointed", _("Appointed")
    CONCURRENT = "concurrent", _("Concurrent")
    ACTING = "acting", _("Acting")


class MandateKind(models.TextChoices):
    """By what right one acts for another (民法典 第61条, 第161–163条, 第34条)."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    AGENT = "agent", _("Authorised agent")
    GUARDIAN = "guardian", _("Guardian")


class KeyState(models.TextChoices):
    """What has become of a key."""

    WAITING = "waiting", _("To be collected")
    IN_FORCE = "in_force", _("In force")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", pgettext_lazy("of a key", "Revoked")


class KeyScope(models.TextChoices):
    """What a program may do with its key, within what its account may do anyway."""

    READ = "read", _("Read")
    APPLY = "apply", _("Apply and follow cases")
    HANDLE = "handle", _("Handle cases as an official")
    SEND = "send", _("Send messages to processes")
    MODEL = "model", _("Draw, review and publish process models")
