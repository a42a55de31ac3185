"""Background work of processes: waking timers that are due."""

import datetime as dt
import logging
import time

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Refusal
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Timer
from zhengtong.matters.workflow.queries.relocations import at_work
from zhengtong.matters.workflow.registry import subjects

_log = logging.getLogger(__name__)
LONGEST_WAIT_MINUTES = 60
LONGEST_TURN_SECONDS = 2.0


def fire_due_timers(limit: int = 100) -> int:
    """Fire what is due, each timer in a write of its own, so that one that fails keeps none of the others back.

    Answers how many fired. A timer that fails is tried again, later each time, and is seen in the console.
    """
    now = clock.now()
    due = Timer.objects.filter(due_at__lte=now, fired_at__isnull=True, cancelled_at__isnull=True)
    fired = 0
    for timer in due.select_related("process").order_by("due_at")[:limit]:
        fired += _fire(timer)
    return fired


def _fire(timer: Timer) -> bool:
    def job() -> None:
        now = clock.now()
        subject = subjects.get(timer.process.subject_kind)(timer.process.subject_id, SYSTEM, now)
        services.fire(by=SYSTEM, timer=timer, subject=subject, now=now)

    try:
        write(job)
    except Exception as error:  # noqa: BLE001 whatever an action raises must not stop the other timers
        _log.exception("timer %s of process %s failed", timer.id, timer.process_id)
        _postpone(timer, error)
        return False
    return True


def _postpone(timer: Timer, error: Exception) -> None:
    """Set the next attempt. Only the error's kind is kept: its words may be private."""
    kind = error.code if isinstance(error, Refusal | EngineError) else type(error).__name__
    minutes = min(2**timer.attempts, LONGEST_WAIT_MINUTES)
    later = clock.now() + dt.timedelta(minutes=minutes)
    write(
        lambda: Timer.objects.filter(id=timer.id).update(
            due_at=later, attempts=timer.attempts + 1, last_error=kind[:200]
        )
    )


def work_on_relocations() -> None:
    """Go on with orders to move processes to another version, for a while: other chores want their turn too."""
    until = time.monotonic() + LONGEST_TURN_SECONDS
    for order in at_work():
        while services.work_on(order) and time.monotonic() < until:
            pass
