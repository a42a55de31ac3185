"""Mending what is stuck: timers that failed are fired again as soon as may be."""

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.workflow.models import Timer
from zhengtong.matters.workflow.queries import stuck_timers
from zhengtong.matters.workflow.registry import REPAIR


def retry_timers(*, by: Actor) -> int:
    """Fire the timers that failed as soon as may be; answers how many. Raises NotAllowed."""
    require(by, REPAIR)

    def job() -> int:
        rows = list(stuck_timers())
        Timer.objects.filter(id__in=[row.id for row in rows]).update(due_at=clock.now())
        for row in rows:
            payload = {"element": row.element, "attempts": row.attempts}
            ledger.record(by=by, type="workflow.timer_retried", subject=("process", row.process_id), payload=payload)
        return len(rows)

    return write(job)
