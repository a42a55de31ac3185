"""Names of what is recorded here, as people read them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

name_events(
    {
        "messages.retried": _("Stuck messages sent again"),
        "messages.swept": _("Messages read and sent long ago are no longer kept"),
    }
)
