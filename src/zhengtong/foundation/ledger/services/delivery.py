"""The outbox: brings each event to each handler at least once after its commit, and again until it is taken."""

import datetime as dt
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Refusal
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger.models import OutboxEntry
from zhengtong.foundation.ledger.queries.deliveries import delivery_of, entries
from zhengtong.foundation.ledger.registry import MEND, Delivery, Subscription, subscription
from zhengtong.foundation.ledger.services.recording import record
from zhengtong.foundation.policy import SYSTEM, Actor, acting, require

LEASE = dt.timedelta(minutes=2)  # a delivery whose worker died comes up again after this
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=2), dt.timedelta(minutes=30)
MOST_ATTEMPTS = 100  # about two days
SWEEP_SECONDS = 5.0
_SETTLE_SECONDS = 0.25
logger = logging.getLogger("zhengtong.ledger")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did: deliveries taken, failed for now, and given up."""

    delivered: int = 0
    failed: int = 0
    abandoned: int = 0


def deliver_outbox(limit: int = 100) -> Delivered:
    """Bring up to `limit` due deliveries to their handlers; a handler that raises delays only its own delivery.

    A delivery is claimed for two minutes, brought, then ticked off: whoever dies in between leaves it to be brought
    again under the same id. After a failure the pause doubles from two seconds to half an hour; after a hundred
    failures the delivery is put aside until `retry_abandoned`.
    """
    taken: list[int] = []
    delivered = failed = abandoned = 0
    ticked = time.monotonic()
    with acting(SYSTEM):
        for entry in entries(write(lambda: _claim(limit))):
            error = _bring(entry, taken)
            if error is None:
                delivered += 1
            else:
                failed += 1
                abandoned += _note_failure(entry, error)
            if time.monotonic() - ticked > _SETTLE_SECONDS:
                _tick_off(taken)
                ticked = time.monotonic()
        _tick_off(taken)
    return Delivered(delivered, failed, abandoned)


def retry_abandoned(*, by: Actor = SYSTEM) -> int:
    """Bring deliveries that were given up again from now on; answers how many. Raises NotAllowed."""
    require(by, MEND)
    given_up = OutboxEntry.objects.filter(abandoned_at__isnull=False, delivered_at=None)

    def job() -> int:
        found = given_up.update(abandoned_at=None, attempts=0, due_at=clock.now())
        if found:
            record(by=by, type="ledger.deliveries_retried", subject=("outbox", 0), payload={"deliveries": found})
        return found

    return write(job)


def sweep_outbox(*, at_most: int = 1000, seconds: float = SWEEP_SECONDS) -> int:
    """Remove deliveries that were taken more than `ZT_DELIVERY_DAYS` ago; answers how many.

    The oldest first, `at_most` in one write that also says so in the ledger, and on until none is left or the time is
    up. What was not taken stays, also where it was given up.
    """
    before = clock.now() - dt.timedelta(days=settings.ZT_DELIVERY_DAYS)
    over = OutboxEntry.objects.filter(delivered_at__lt=before).order_by("delivered_at")

    def sweep() -> int:
        ids = list(over.values_list("id", flat=True)[:at_most])
        OutboxEntry.objects.filter(id__in=ids, delivered_at__isnull=False).delete()
        if ids:
            told = {"deliveries": len(ids), "taken_before": before.isoformat()}
            record(by=SYSTEM, type="ledger.deliveries_swept", subject=("outbox", 0), payload=told)
        return len(ids)

    gone, until = 0, time.monotonic() + seconds
    while found := write(sweep) if over.exists() else 0:
        gone += found
        if found < at_most or time.monotonic() > until:
            break
    return gone


def _claim(limit: int) -> list[int]:
    now = clock.now()
    due = OutboxEntry.objects.filter(delivered_at=None, abandoned_at=None, due_at__lte=now).order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    ids = list(due.values_list("id", flat=True)[:limit])
    if ids:
        OutboxEntry.objects.filter(id__in=ids).update(due_at=now + LEASE, attempts=F("attempts") + 1)
    return ids


def _bring(entry: OutboxEntry, taken: list[int]) -> Exception | None:
    """Call the handler; the error it raised, or None when the delivery was taken (`taken` waits to be ticked off)."""
    try:
        taker, delivery = subscription(entry.handler), delivery_of(entry)
        if taker.in_write:
            write(lambda: _take_once(taker, delivery))
        else:
            taker.handler(delivery)
            taken.append(delivery.id)
    except Exception as error:  # noqa: BLE001 whatever one handler raises, the others are served
        return error
    return None


def _take_once(taker: Subscription, delivery: Delivery) -> None:
    if _still_open([delivery.id]).update(delivered_at=clock.now(), last_error=""):
        taker.handler(delivery)


def _still_open(ids: Sequence[int]) -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(id__in=ids, delivered_at=None)


def _tick_off(taken: list[int]) -> None:
    if taken:
        now, ids = clock.now(), tuple(taken)
        write(lambda: _still_open(ids).update(delivered_at=now, last_error=""))
        taken.clear()


def _note_failure(entry: OutboxEntry, error: Exception) -> bool:
    """Set the next attempt; True when it was the last. Only the error's kind is kept: its words may be private."""
    now = clock.now()
    last = entry.attempts >= MOST_ATTEMPTS
    pause = min(FIRST_PAUSE * 2 ** min(entry.attempts - 1, 20), LONGEST_PAUSE)
    kind = error.code if isinstance(error, Refusal | EngineError) else type(error).__name__
    gone = now if last else None
    write(lambda: _still_open([entry.id]).update(due_at=now + pause, last_error=kind[:160], abandoned_at=gone))
    logger.warning("delivery %d to %s failed (attempt %d): %s", entry.id, entry.handler, entry.attempts, kind)
    return last
