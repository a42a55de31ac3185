"""Background work of processes: waking timers that are due, bringing messages, trying again what failed."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import TroubleKind
from zhengtong.matters.workflow.models import Message, Timer
from zhengtong.matters.workflow.queries import stalled
from zhengtong.matters.workflow.queries.relocations import at_work
from zhengtong.matters.workflow.queries.starts import starts_due
from zhengtong.matters.workflow.registry import subjects

_log = logging.getLogger(__name__)
SLICE_SECONDS = 2.0
"""For so long one kind of work goes on before another has its turn."""


def wake() -> None:
    """Do what is due, a slice of each kind, so that however much there is the other chores have their turn."""
    for work in (fire_due_timers, begin_due_processes, deliver_messages, retry_stalled):
        until = time.monotonic() + SLICE_SECONDS
        while work(until=until) and time.monotonic() < until:
            pass


def fire_due_timers(limit: int = 100, until: float | None = None) -> int:
    """Fire what is due, each timer in a write of its own, so that one that fails keeps none of the others back.

    Answers how many fired. A timer that fails is tried again, later each time, and is seen in the console; those
    of a suspended process wait. `until` bounds the time as well, on the monotonic clock.
    """
    due = Timer.objects.filter(due_at__lte=clock.now(), fired_at__isnull=True, cancelled_at__isnull=True)
    due = due.filter(process__suspended=False)
    return _each(list(due.select_related("process").order_by("due_at")[:limit]), _fire, until)


def begin_due_processes(limit: int = 100, until: float | None = None) -> int:
    """Begin the processes whose instant has come, each in a write of its own; answers how many began.

    After a pause each instant that passed meanwhile has its process. One that fails is tried again, later each time.
    """
    return _each(list(starts_due(clock.now()).values_list("id", "due_at")[:limit]), _begin, until)


def deliver_messages(limit: int = 100, until: float | None = None) -> int:
    """Bring messages and signals to whoever awaits them; answers how many were brought."""
    due = Message.objects.filter(delivered_at__isnull=True, ready=True, due_at__lte=clock.now())
    return _each(list(due.order_by("due_at", "id").values_list("id", flat=True)[:limit]), _deliver, until)


def retry_stalled(limit: int = 100, until: float | None = None) -> int:
    """Ask once more for actions that failed in the background; answers how many were done now."""
    due = stalled(clock.now())
    return _each(list(due.order_by("due_at").values_list("id", flat=True)[:limit]), _retry, until)


def work_on_relocations() -> None:
    """Go on with orders to move processes to another version, for a while: other chores want their turn too."""
    until = time.monotonic() + SLICE_SECONDS
    for order in at_work():
        while services.work_on(order) and time.monotonic() < until:
            pass


def _each(found: list[Any], do: Callable[[Any], bool], until: float | None) -> int:
    done = 0
    for one in found:
        done += do(one)
        if until is not None and time.monotonic() >= until:
            break
    return done


def _fire(timer: Timer) -> bool:
    def job(stalls: services.Stalls) -> None:
        now = clock.now()
        subject = subjects.get(timer.process.subject_kind)(timer.process.subject_id, SYSTEM, now)
        services.fire(by=SYSTEM, timer=timer, subject=subject, now=now, stalls=stalls)

    try:
        services.in_background(job)
    except Exception as error:  # noqa: BLE001 whatever an action raises must not stop the other timers
        _log.exception("timer %s of process %s failed", timer.id, timer.process_id)
        reason, now = services.kind_of(error), clock.now()
        write(lambda: _postpone(timer, reason, services.later(now, timer.attempts)))
        return False
    return True


def _postpone(timer: Timer, reason: str, due: Any) -> None:
    """Set the next attempt."""
    Timer.objects.filter(id=timer.id).update(due_at=due, attempts=timer.attempts + 1, last_error=reason)
    place = (timer.process_id, timer.number, timer.element)
    services.note_trouble(place, TroubleKind.TIMER, reason, now=clock.now(), due=due)


def _begin(instant: tuple[int, dt.datetime]) -> bool:
    start_id, due = instant
    had: list[bool] = []

    def job(stalls: services.Stalls) -> None:
        had.append(services.begin_due(start_id=start_id, due=due, now=clock.now(), stalls=stalls))

    try:
        services.in_background(job)
    except Exception as error:  # noqa: BLE001 as with timers
        _log.exception("start %s could not begin a process", start_id)
        reason, now = services.kind_of(error), clock.now()
        write(lambda: services.postpone_start(start_id=start_id, due=due, reason=reason, now=now))
        return False
    return had[-1]


def _deliver(message_id: int) -> bool:
    had: list[bool] = []

    def job(stalls: services.Stalls) -> None:
        had.append(services.deliver_message(message_id=message_id, now=clock.now(), stalls=stalls))

    try:
        services.in_background(job)
    except Exception as error:  # noqa: BLE001 as with timers
        _log.exception("message %s could not be delivered", message_id)
        reason = services.kind_of(error)
        write(lambda: services.postpone_message(message_id=message_id, reason=reason, now=clock.now()))
        return False
    return had[-1]


def _retry(trouble_id: int) -> bool:
    return services.retry_action(trouble_id=trouble_id)
