"""Deliveries that are due, and each as its handler receives it, content opened."""

from collections.abc import Sequence

from django.db.models import QuerySet

from zhengtong.foundation.ledger.models import OutboxEntry
from zhengtong.foundation.ledger.queries.contents import open_content, unwrap_key
from zhengtong.foundation.ledger.registry import Delivery


def entries(ids: Sequence[int]) -> QuerySet[OutboxEntry]:
    """The outbox entries of `ids` with their events, oldest event first; one query for all."""
    return OutboxEntry.objects.filter(id__in=ids).select_related("event__payload__key").order_by("event_id", "id")


def delivery_of(entry: OutboxEntry) -> Delivery:
    """What the handler receives; CannotOpen where the content was tampered with."""
    event, held = entry.event, entry.event.payload
    subject = (event.subject_kind, event.subject_id)
    payload = None
    if held.key.wrapped:
        payload = open_content(unwrap_key(held.key.wrapped, subject), event.id, held.closed).read()[1]
    return Delivery(
        id=entry.id,
        attempt=entry.attempts,
        event_id=event.id,
        type=event.type,
        subject=subject,
        actor_id=event.actor_id,
        recorded_at=event.recorded_at,
        effective_at=event.effective_at,
        imported=event.imported,
        payload=payload,
    )
