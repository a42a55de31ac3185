"""The words of a case: its states, how it ends, where it came from (services.md §5.1–5.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """The states of services.md §5.1; the law's state machine, not the process's."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Submitted")
    RECEIVED = "RECEIVED", _("Received")
    CORRECTION = "CORRECTION", _("Waiting for correction")
    ACCEPTED = "ACCEPTED", _("Accepted")
    NOT_ACCEPTED = "NOT_ACCEPTED", _("Not accepted")
    REVIEWING = "REVIEWING", _("Under review")
    SUSPENDED = "SUSPENDED", _("Special procedure")
    DECIDING = "DECIDING", _("Waiting for decision")
    APPROVED = "APPROVED", _("Approved")
    REFUSED = "REFUSED", _("Refused")
    DELIVERED = "DELIVERED", _("Delivered")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    RETURNED = "RETURNED", _("Returned")
    TERMINATED = "TERMINATED", _("Terminated")
    ARCHIVED = "ARCHIVED", _("Archived")


class CloseType(models.TextChoices):
    """How a case ended (办结类型)."""

    APPROVED = "approved", _("Closed: approved")
    REFUSED = "refused", _("Closed: refused")
    NOT_ACCEPTED = "not_accepted", _("Closed: not accepted")
    RETURNED = "returned", _("Closed: returned")
    WITHDRAWN = "withdrawn", _("Closed: withdrawn")
    TERMINATED = "terminated", _("Closed: terminated")
    FORWARDED = "forwarded", _("Closed: forwarded to a superior authority")


class CloseResult(models.TextChoices):
    """The result as statistics count it."""

    PASSED = "passed", _("Passed")
    NOT_PASSED = "not_passed", _("Not passed")
    OTHER = "other", _("Other")


class Channel(models.TextChoices):
    """Where an application came in; none may be forced (优化营商环境条例 2019 第37条)."""

    COUNTER = "counter", _("Counter")
    ONLINE = "online", _("Online")
    MOBILE = "mobile", _("Mobile")
    KIOSK = "kiosk", _("Self-service kiosk")
    POST = "post", pgettext_lazy("channel", "Post")
    API = "api", _("Programme interface")


class Outcome(models.TextChoices):
    """What a decision says (行政许可法 第38条)."""

    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Refuse")


class MaterialStatus(models.TextChoices):
    """How a material stands after examination."""

    PENDING = "pending", _("Not yet examined")
    QUALIFIED = "qualified", _("Qualified")
    MISSING = "missing", _("Missing or faulty")
    TOLERATED = "tolerated", _("Gap tolerated")


class MaterialSource(models.TextChoices):
    """Where a material came from; what sharing supplies is never demanded (国务院令第716号 第7条)."""

    UPLOAD = "upload", _("Uploaded by the applicant")
    FORM = "form", _("Filled in online")
    LICENCE = "licence", _("Taken from an electronic licence")
    REGISTER = "register", _("Taken from a register")
    COUNTER = "counter", _("Handed in at the counter")


class NoticeKind(models.TextChoices):
    """The papers a case sends."""

    RECEIPT = "receipt", _("Receipt of application")
    ACCEPTANCE = "acceptance", _("Notice of acceptance")
    NON_ACCEPTANCE = "non_acceptance", _("Notice of non-acceptance")
    CORRECTION = "correction", _("One-off correction notice")
    SPECIAL_PROCEDURE = "special_procedure", _("Notice of special procedure")
    EXTENSION = "extension", _("Notice of extension")
    APPROVAL = "approval", _("Decision of approval")
    REFUSAL = "refusal", _("Decision of refusal")
    DELIVERY = "delivery", _("Proof of delivery")


class ProcedureKind(models.TextChoices):
    """Special procedures (services.md §4.4)."""

    HEARING = "HEARING", _("Hearing")
    TENDER = "TENDER", _("Tender")
    AUCTION = "AUCTION", _("Auction")
    INSPECTION = "INSPECTION", _("Inspection")
    TESTING = "TESTING", _("Testing")
    QUARANTINE = "QUARANTINE", _("Quarantine")
    APPRAISAL = "APPRAISAL", _("Appraisal")
    EXPERT_REVIEW = "EXPERT_REVIEW", _("Expert review")
    SITE_CHECK = "SITE_CHECK", _("On-site check")
    PUBLICITY = "PUBLICITY", _("Publicity")
    SUPERIOR_APPROVAL = "SUPERIOR_APPROVAL", _("Report to a superior authority")
    MAJOR_DISCUSSION = "MAJOR_DISCUSSION", _("Collective discussion")


LICENSING_PROCEDURES = frozenset(
    {"HEARING", "TENDER", "AUCTION", "INSPECTION", "TESTING", "QUARANTINE", "APPRAISAL", "EXPERT_REVIEW"}
)
"""The only special procedures whose time is not counted for a licence (行政许可法 第45条)."""
