"""The names of what can happen to a case (services.md §5.2); the ledger records them as `case.<name>`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events


class Event(models.TextChoices):
    SUBMIT = "submit", _("Application submitted")
    RECEIVE = "receive", _("Application received")
    REQUEST_CORRECTION = "request_correction", _("Correction requested, everything listed at once")
    RESUBMIT = "resubmit", _("Correction submitted")
    CORRECTION_TIMEOUT = "correction_timeout", _("Time for correction ran out")
    ACCEPT = "accept", _("Application accepted")
    DEEM_ACCEPTED = "deem_accepted", _("Deemed accepted by silence")
    REFUSE_ACCEPTANCE = "refuse_acceptance", _("Acceptance refused")
    RETURN = "return", _("Application returned")
    START_REVIEW = "start_review", _("Review started")
    SUSPEND = "suspend", _("Special procedure started, clock stopped")
    RESUME = "resume", _("Special procedure ended, clock runs again")
    PROPOSE = "propose", _("Opinion given")
    SEND_BACK = "send_back", _("Sent back to review")
    APPROVE = "approve", _("Approved")
    REFUSE = "refuse", _("Refused")
    EXTEND = "extend", _("Time extended")
    DELIVER = "deliver", _("Result delivered")
    CLOSE = "close", _("Case closed")
    WITHDRAW = "withdraw", _("Withdrawn by the applicant")
    TERMINATE = "terminate", _("Terminated")
    ARCHIVE = "archive", _("Archived")


TYPE_PREFIX = "case."

name_events({TYPE_PREFIX + event.value: event.label for event in Event})
name_events(
    {
        "case.act": _("Act on a case"),
        "case.informed": _("Somebody was let know"),
        "case.delivery_chosen": _("Way of delivery chosen"),
        "case.evaluated": _("Evaluation given"),
        "case.ruled": _("Rules asked"),
        "case.redated": _("Last days counted anew"),
        "case.urged": _("Urged on by the applicant"),
        "case.viewed": _("Masked information viewed in full"),
        "note.written": _("Note written on a material"),
        "note.struck": _("Note on a material struck out"),
    }
)
