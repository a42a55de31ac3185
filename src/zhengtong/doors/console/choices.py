"""The words of the log: families of events and kinds of subjects."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EVENT_FAMILIES = {
    "identity.signed": _("Signing in and out"),
    "identity.sign_in_failed": _("Failed sign-ins"),
    "identity.account": _("Accounts"),
    "identity.organisation": _("Organisations"),
    "identity.post": _("Posts"),
    "identity.appointed": _("Appointments"),
    "identity.person": _("Registered people"),
    "access.": _("Roles and grants"),
    "audit.": _("The log itself"),
    "calendar.": _("Calendar years"),
    "case.": _("Cases"),
    "licence.": _("Licences"),
    "console.": _("Pages of the console"),
    "messages.": _("Messages"),
    "note.": _("Notes on materials"),
    "identity.mandate": _("Mandates"),
    "identity.unit": _("Departments of organisations"),
    "identity.tenure": _("Tenures"),
    "identity.password": _("Passwords"),
    "identity.capacity": _("Choices of capacity"),
    "identity.api_key": _("Keys of programs"),
    "register.": _("Registers"),
    "catalog.": _("Service items"),
    "workflow.": _("Processes"),
    "ledger.": _("Contents and deliveries of the log"),
}
SUBJECT_KINDS = {
    "account": _("Account"),
    "person": _("Person"),
    "organisation": _("Organisation"),
    "role": _("Role"),
    "role_grant": _("Grant"),
    "calendar_year": _("Calendar year"),
    "case": pgettext_lazy("kind of subject", "Case"),
    "licence": _("Licence"),
    "log": _("Examination of the log"),
}
