"""Reads of orders to move processes to another version, and of the versions there are."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.workflow.choices import ItemState, ProcessState
from zhengtong.matters.workflow.models import Definition, Process, Relocation, RelocationItem


@dataclass(frozen=True, slots=True)
class Version:
    """One definition, without its text, and how many processes run it."""

    id: int
    name: str
    digest: str
    stored_at: object
    running: int


def versions(limit: int = 500) -> list[Version]:
    """The definitions, those stored last first."""
    rows = Definition.objects.order_by("-stored_at", "-id").values_list("id", "name", "digest", "stored_at")[:limit]
    found = list(rows)
    counts = dict(
        Process.objects.filter(state=ProcessState.RUNNING, definition_id__in=[row[0] for row in found])
        .values_list("definition_id")
        .annotate(running=Count("id"))
    )
    return [Version(*row, counts.get(row[0], 0)) for row in found]


def relocations(actor: Actor) -> QuerySet[Relocation]:
    """The orders this actor may see."""
    return visible(actor, Relocation)


def item_counts(order: Relocation) -> Mapping[ItemState, int]:
    """How many processes of an order are in which state."""
    rows = RelocationItem.objects.filter(relocation_id=order.id).values_list("state").annotate(count=Count("id"))
    return {ItemState(state): count for state, count in rows}


def items_of(order: Relocation, *states: str) -> QuerySet[RelocationItem]:
    """The processes of an order, in the order of their planning."""
    rows = RelocationItem.objects.filter(relocation_id=order.id).select_related("process").order_by("id")
    return rows.filter(state__in=states) if states else rows


def at_work() -> list[int]:
    """The orders at which there is work to do."""
    open_orders = Relocation.objects.filter(state__in=("planning", "moving", "undoing"))
    return list(open_orders.order_by("id").values_list("id", flat=True))
