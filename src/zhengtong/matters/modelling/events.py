"""Names of what is recorded here, as people read them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

name_events(
    {
        "modelling.begun": _("Process model begun"),
        "modelling.service_begun": _("Process of a service taken from its pack, to be changed"),
        "modelling.pack_taken": _("Process of a pack put in force again"),
        "modelling.version_begun": _("New version of a process model begun"),
        "modelling.saved": _("Draft of a process model saved"),
        "modelling.submitted": _("Process model sent to review"),
        "modelling.returned": _("Process model sent back to draft"),
        "modelling.published": _("Process model published"),
    }
)
