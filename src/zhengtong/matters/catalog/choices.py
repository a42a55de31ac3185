"""Words of the implementation list (实施清单, services.md §1): statuses, kinds, sources."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEWING = "reviewing", pgettext_lazy("service item", "Under review")
    PUBLISHED = "published", _("In use")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", pgettext_lazy("service item", "Cancelled")


class ItemType(models.TextChoices):
    """事项类型 (GB/T 39554.1)."""

    ADMIN_LICENSE = "01", _("Administrative licence")
    ADMIN_PENALTY = "02", _("Administrative penalty")
    ADMIN_COERCION = "03", _("Administrative coercion")
    ADMIN_LEVY = "04", _("Administrative levy")
    ADMIN_PAYMENT = "05", _("Administrative payment")
    ADMIN_INSPECTION = "06", _("Administrative inspection")
    ADMIN_CONFIRMATION = "07", _("Administrative confirmation")
    ADMIN_REWARD = "08", _("Administrative reward")
    ADMIN_RULING = "09", _("Administrative ruling")
    OTHER_POWER = "10", _("Other administrative power")
    PUBLIC_SERVICE = "20", _("Public service")


class Level(models.TextChoices):
    """行使层级."""

    NATIONAL = "1", _("National")
    PROVINCE = "2", _("Province")
    CITY = "3", _("City")
    COUNTY = "4", _("County")
    TOWN = "5", _("Town or subdistrict")
    VILLAGE = "6", _("Village or community")


class PowerSource(models.TextChoices):
    OWN = "own", _("Exercised at this level by law")
    DELEGATED_DOWN = "delegated", _("Handed down from above")
    AUTHORISED = "authorised", _("Authorised from above")
    ENTRUSTED = "entrusted", _("Entrusted")


MATTERS = {ItemType.ADMIN_LICENSE.value: "licence", ItemType.ADMIN_PAYMENT.value: "benefit"}
"""What papers call a matter by its item type; every other is `other` (`engines.documents`)."""


class ImplementerNature(models.TextChoices):
    STATUTORY = "statutory", _("Statutory organ")
    AUTHORISED = "authorised", _("Authorised organisation")
    ENTRUSTED = "entrusted", _("Entrusted organisation")


class HandlingKind(models.TextChoices):
    INSTANT = "instant", _("Done on the spot")
    PROMISED = "promised", _("Done within a promise")


class ServiceObject(models.TextChoices):
    PERSON = "person", _("Natural person")
    ENTERPRISE = "enterprise", _("Enterprise legal person")
    INSTITUTION = "institution", _("Public institution")
    SOCIAL = "social", _("Social organisation")
    UNINCORPORATED = "unincorporated", _("Unincorporated enterprise")
    AGENCY = "agency", _("Administrative organ")
    OTHER = "other", _("Other organisation")


class LimitUnit(models.TextChoices):
    """Units of the calendars engine."""

    WORKING_DAY = "working_day", _("working days")
    NATURAL_DAY = "natural_day", _("natural days")
    HOUR = "hour", _("hours")
    MONTH = "month", _("months")


class ProcedureType(models.TextChoices):
    """特别程序 (services.md §4.4); the first eight are those of 行政许可法 第45条."""

    HEARING = "HEARING", _("Hearing")
    TENDER = "TENDER", _("Tender")
    AUCTION = "AUCTION", _("Auction")
    INSPECTION = "INSPECTION", _("Inspection")
    TESTING = "TESTING", _("Testing")
    QUARANTINE = "QUARANTINE", _("Quarantine")
    APPRAISAL = "APPRAISAL", _("Appraisal")
    EXPERT_REVIEW = "EXPERT_REVIEW", _("Expert review")
    SITE_CHECK = "SITE_CHECK", _("Site check")
    PUBLICITY = "PUBLICITY", _("Public notice")
    SUPERIOR_APPROVAL = "SUPERIOR_APPROVAL", _("Report to superior")
    MAJOR_DISCUSSION = "MAJOR_DISCUSSION", _("Collective discussion")


LICENSING_LAW_PROCEDURES = frozenset(ProcedureType.values[:8])


class MaterialType(models.TextChoices):
    FORM = "form", _("Application form")
    CERTIFICATE = "certificate", _("Certificate or licence")
    PROOF = "proof", _("Proof")
    APPROVAL = "approval", _("Approval document")
    OTHER = "other", _("Other")


class MaterialForm(models.TextChoices):
    PAPER = "paper", _("Paper")
    ELECTRONIC = "electronic", _("Electronic")
    EITHER = "either", _("Paper or electronic")


class Necessity(models.TextChoices):
    REQUIRED = "required", _("Required")
    OPTIONAL = "optional", _("Not required")
    TOLERATED = "tolerated", _("May follow later")


class MaterialSource(models.TextChoices):
    APPLICANT = "applicant", _("Prepared by the applicant")
    GOVERNMENT = "government", _("Issued by government")
    INTERMEDIARY = "intermediary", _("Made by an intermediary or statutory body")


class MaterialHow(models.TextChoices):
    """How it is given: 免提交, 在线填写, 上传."""

    EXEMPT = "exempt", _("No need to hand in")
    ONLINE = "online", _("Filled in online")
    UPLOAD = "upload", _("Uploaded")


class ResultType(models.TextChoices):
    LICENCE = "licence", _("Licence")
    APPROVAL = "approval", _("Approval document")
    OTHER = "other", _("Other")


class DeliveryMode(models.TextChoices):
    COUNTER = "counter", _("At the counter")
    POST = "post", _("By post")
    ELECTRONIC = "electronic", _("Electronically")


class Audience(models.TextChoices):
    PERSON = "person", _("For people")
    ENTERPRISE = "enterprise", _("For enterprises")


class TagKind(models.TextChoices):
    AUDIENCE = "audience", _("Audience")
    LIFE_EVENT = "life_event", _("Life event")
