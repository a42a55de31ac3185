"""How the ledger is doing: read from indexes over what waits, so the cost does not grow with the log."""

import datetime as dt
from dataclasses import dataclass

from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event, OutboxEntry, SigningKey, TreeHead


@dataclass(frozen=True, slots=True)
class Outbox:
    """How late the oldest delivery that is due is (None: nothing waits), and how many were given up."""

    oldest_due: dt.timedelta | None
    abandoned: int


def sealed_size() -> int:
    """How many events are sealed."""
    return TreeHead.objects.order_by("-size").values_list("size", flat=True).first() or 0


def held_back() -> int:
    """How many events were not written by this house and are kept out of the tree."""
    return Event.objects.filter(held=True).count()


def oldest_unsealed() -> dt.timedelta | None:
    """For how long the oldest event has waited for the sealer; None when none waits."""
    waiting = Event.objects.filter(leaf_index=None, held=False).order_by("id")
    recorded = waiting.values_list("recorded_at", flat=True).first()
    return clock.now() - recorded if recorded else None


def outbox() -> Outbox:
    """The state of deliveries."""
    waiting = OutboxEntry.objects.filter(delivered_at=None, abandoned_at=None).order_by("due_at")
    due = waiting.values_list("due_at", flat=True).first()
    return Outbox(
        oldest_due=max(clock.now() - due, dt.timedelta()) if due else None,
        abandoned=OutboxEntry.objects.filter(abandoned_at__isnull=False, delivered_at=None).count(),
    )


def newest_key_opens() -> bool:
    """Whether the key that signs heads opens (True where none has been made yet); CannotOpen where it does not."""
    newest = SigningKey.objects.order_by("-version").first()
    return newest is None or bool(newest.private)
