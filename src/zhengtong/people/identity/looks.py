"""What of accounts can be looked at: whether officials show a second factor."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.health import Answer, look, soon, well


@look("second_factor", _("Second factor"))
def second_factor() -> Answer:
    """Whether officials are asked for one (GB/T 22239-2019 8.1.4.1 d)."""
    if not settings.ZT_REQUIRE_STAFF_MFA:
        return soon(_("Officials sign in without a second factor: for demonstrations only."))
    return well(_("Officials show one at each sign-in."))
