"""What of processes can be looked at: their timers."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.health import Answer, ill, look, well
from zhengtong.matters.workflow.queries import stuck_timers
from zhengtong.matters.workflow.queries.starts import failing_starts

COUNTED = 100


@look("timers", _("Timers"))
def timers() -> Answer:
    """Whether every timer that was due has fired."""
    count = len(stuck_timers()[:COUNTED])
    return ill(_("%(count)d timers failed.") % {"count": count}) if count else well(_("None is stuck."))


@look("starts", _("Processes that begin of themselves"))
def starts() -> Answer:
    """Whether every process that was to begin of itself has begun."""
    count = failing_starts()
    return ill(_("%(count)d could not begin.") % {"count": count}) if count else well(_("None is behind."))
