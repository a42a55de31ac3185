"""Names of what is recorded here, as people read them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

name_events(
    {
        "catalog.pack_released": _("Service pack released"),
        "catalog.imported": _("List of items imported"),
        "catalog.edited": _("Service item edited"),
        "catalog.draft": _("Service item put back to draft"),
        "catalog.reviewing": _("Service item sent to review"),
        "catalog.process_changed": _("Process of a service changed for new cases"),
        "catalog.published": _("Service item put in use"),
        "catalog.suspended": _("Service item suspended"),
        "catalog.cancelled": _("Service item cancelled"),
    }
)
