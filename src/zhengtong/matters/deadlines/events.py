"""Names of what is recorded here, as people read them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

name_events(
    {
        "calendar.entered": _("Yearly notice of holidays entered"),
        "calendar.redated": _("Running clocks counted on with a notice"),
    }
)
