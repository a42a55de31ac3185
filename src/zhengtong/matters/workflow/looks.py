"""What of processes can be looked at: their timers."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.health import Answer, ill, look, well
from zhengtong.matters.workflow.queries import stuck_timers

COUNTED = 100


@look("timers", _("Timers"))
def timers() -> Answer:
    """Whether every timer that was due has fired."""
    count = len(stuck_timers()[:COUNTED])
    return ill(_("%(count)d timers failed.") % {"count": count}) if count else well(_("None is stuck."))
