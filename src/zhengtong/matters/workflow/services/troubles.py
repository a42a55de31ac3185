"""What stands still is written down: why, since when, how often it was tried and when it is tried again."""

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Invalid
from zhengtong.matters.workflow.choices import TroubleKind
from zhengtong.matters.workflow.models import Trouble

LONGEST_WAIT_MINUTES = 60
LEAST_REASON = 2
LONGEST_REASON = 500


def later(now: dt.datetime, attempts: int) -> dt.datetime:
    """When something that has failed so many times before is tried again: later each time, an hour at most."""
    return now + dt.timedelta(minutes=min(2 ** min(attempts, 6), LONGEST_WAIT_MINUTES))


def note_trouble(
    place: tuple[int, int, str], kind: TroubleKind, reason: str, *, now: dt.datetime, due: dt.datetime | None
) -> None:
    """Note that the token (process, number, element) failed once more; call within a write."""
    process_id, number, element = place
    known = Trouble.objects.filter(process_id=process_id, number=number, kind=kind, settled_at=None)
    if not known.update(reason=reason, last_at=now, due_at=due, attempts=F("attempts") + 1):
        Trouble.objects.create(
            process_id=process_id,
            number=number,
            element=element,
            kind=kind,
            reason=reason,
            since=now,
            last_at=now,
            due_at=due,
        )


def check_reason(reason: str) -> None:
    """Invalid unless it says something and not too much."""
    if not LEAST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        sentence = str(_("Say why, in 2 to 500 characters."))
        raise Invalid("workflow.repair", _("Please complete what is marked."), [("reason", "required", sentence)])
