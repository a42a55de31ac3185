"""How the ledger is doing, for the console and for monitors."""

import datetime as dt
from dataclasses import dataclass

from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event, OutboxEntry, TreeHead


@dataclass(frozen=True, slots=True)
class Health:
    """Sealed size, the age of the oldest unsealed event, events held back, and the state of deliveries."""

    size: int
    oldest_unsealed: dt.timedelta | None
    held: int
    oldest_due: dt.timedelta | None
    abandoned: int


def health() -> Health:
    """Read from indexes over what waits, so the cost does not grow with the log."""
    now = clock.now()
    unsealed = Event.objects.filter(leaf_index=None, held=False).order_by("id").values_list("recorded_at", flat=True)
    waiting = OutboxEntry.objects.filter(delivered_at=None, abandoned_at=None).order_by("due_at")
    oldest, due = unsealed.first(), waiting.values_list("due_at", flat=True).first()
    return Health(
        size=TreeHead.objects.order_by("-size").values_list("size", flat=True).first() or 0,
        oldest_unsealed=now - oldest if oldest else None,
        held=Event.objects.filter(held=True).count(),
        oldest_due=max(now - due, dt.timedelta()) if due else None,
        abandoned=OutboxEntry.objects.filter(abandoned_at__isnull=False, delivered_at=None).count(),
    )
