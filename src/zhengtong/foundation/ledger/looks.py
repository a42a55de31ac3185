"""What of the ledger can be looked at: that it is ours, that it is sealed in time, that what follows is delivered."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.health import Answer, ill, look, well
from zhengtong.foundation.core.keys import CannotOpen
from zhengtong.foundation.ledger import queries

LATE = dt.timedelta(minutes=10)
SILENT = dt.timedelta(minutes=1)
"""Background work seals every second; an older unsealed event says that nobody does it."""


@look("ledger", _("Ledger"))
def ledger() -> Answer:
    """Whether every event was written by this house, and its keys open what it wrote."""
    held = queries.held_back()
    if held:
        return ill(_("%(count)d events were not written by this house and are held back.") % {"count": held})
    try:
        queries.newest_key_opens()
    except CannotOpen:
        return ill(_("The key that signs the log does not open: the master key is not the one it was sealed with."))
    return well(_("%(count)d events are sealed, none is held back.") % {"count": queries.sealed_size()})


@look("background", _("Background work"))
def background() -> Answer:
    """Whether somebody seals, and so does all the other work in the background."""
    waits = queries.oldest_unsealed()
    if waits is not None and waits > SILENT:
        minutes = int(waits.total_seconds() // 60)
        return ill(_("Nothing has been sealed for %(minutes)d minutes: it does not run.") % {"minutes": minutes})
    return well(_("Events are sealed as they come."))


@look("deliveries", _("Deliveries"))
def deliveries() -> Answer:
    """Whether what follows an event follows."""
    state = queries.outbox()
    if state.abandoned:
        return ill(_("%(count)d deliveries were given up.") % {"count": state.abandoned})
    if state.oldest_due is not None and state.oldest_due > LATE:
        minutes = int(state.oldest_due.total_seconds() // 60)
        return ill(_("A delivery has been due for %(minutes)d minutes.") % {"minutes": minutes})
    return well(_("Everything has been delivered or is about to be."))
