"""What of processes can be looked at: their timers, what begins of itself, messages that nobody awaits."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.health import Answer, ill, look, soon, well
from zhengtong.matters.workflow.queries import stuck_timers
from zhengtong.matters.workflow.queries.messages import kept
from zhengtong.matters.workflow.queries.starts import failing_starts

COUNTED = 100
WARNED = dt.timedelta(days=7)


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


@look("kept_messages", _("Messages that nobody awaits"))
def kept_messages() -> Answer:
    """Whether some will soon be forgotten that no process has awaited."""
    days = settings.ZT_MESSAGE_DAYS
    limit = clock.now() - dt.timedelta(days=days) + WARNED
    count = len(kept().filter(sent_at__lt=limit).values_list("id", flat=True)[:COUNTED])
    if count:
        return soon(_("%(count)d will be forgotten within a week.") % {"count": count})
    return well(_("None is kept longer than is usual; after %(days)d days they are forgotten.") % {"days": days})
