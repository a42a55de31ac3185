"""Names of what is recorded here, as people read them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

name_events(
    {
        "register.entered": _("Entry made in a register"),
        "register.corrected": _("Entry in a register corrected"),
        "register.ended": _("Entry in a register ended"),
    }
)
