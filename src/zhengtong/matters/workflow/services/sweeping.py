"""Messages that came before anybody awaited them and that nobody ever did: forgotten after a while, never silently."""

import datetime as dt

from django.conf import settings

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow.models import Message
from zhengtong.matters.workflow.queries.messages import kept


def sweep_messages(*, at_most: int = 200) -> int:
    """Forget up to `at_most` kept messages older than `ZT_MESSAGE_DAYS`, the oldest first; answers how many went.

    What a running process is to have when it is resumed stays. The ledger keeps of each its name, what it was about
    and when it was sent, never what it said.
    """
    limit = clock.now() - dt.timedelta(days=settings.ZT_MESSAGE_DAYS)

    def sweep() -> int:
        over = list(kept().filter(sent_at__lt=limit).select_for_update().order_by("sent_at", "id")[:at_most])
        for row in over:
            about = {"about": row.subject_kind, "number": row.subject_id}
            told = {"name": row.name, "kind": row.kind, **about, "sent_at": row.sent_at.isoformat()}
            ledger.record(by=SYSTEM, type="workflow.message_forgotten", subject=("message", row.id), payload=told)
        Message.objects.filter(id__in=[row.id for row in over]).delete()
        return len(over)

    if not kept().filter(sent_at__lt=limit).exists():
        return 0
    return write(sweep, key="sweep messages")
