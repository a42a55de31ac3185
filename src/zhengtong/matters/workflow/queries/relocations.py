"""Reads of orders to move processes to another version, and of the versions there are."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from zhengtong.engines.bpmn.migrating import Remark
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.workflow.choices import ItemState, ProcessState, RelocationState
from zhengtong.matters.workflow.models import Definition, Process, Relocation, RelocationItem

AT_WORK = (RelocationState.PLANNING.value, RelocationState.MOVING.value, RelocationState.UNDOING.value)


@dataclass(frozen=True, slots=True)
class Version:
    """One definition, without its text, and how many processes run it."""

    id: int
    name: str
    digest: str
    stored_at: dt.datetime
    running: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as people and programs read it: how far it is, what moves where, what is to be known.

    `moves` are (from, to, how many can, how many cannot); `remarks` come with how many processes each is about.
    """

    id: int
    state: RelocationState
    total: int
    counts: Mapping[ItemState, int]
    moves: tuple[tuple[str, str, int, int], ...]
    remarks: tuple[tuple[Remark, int], ...]
    versions: tuple[Version, Version]

    @property
    def state_label(self) -> str:
        """In the reader's language."""
        return str(self.state.label)

    @property
    def at_work(self) -> bool:
        """Whether there is work to do."""
        return self.state.value in AT_WORK

    @property
    def finished(self) -> int:
        """How many processes the present part is done with."""
        waiting = {RelocationState.MOVING: ItemState.READY, RelocationState.UNDOING: ItemState.MOVED}.get(self.state)
        return sum(count for state, count in self.counts.items() if state is not waiting)

    @property
    def well(self) -> bool:
        """Whether all can move, have moved, or are back."""
        good = {RelocationState.PLANNED: ItemState.READY, RelocationState.MOVED: ItemState.MOVED}
        return not set(self.counts) - {good.get(self.state, ItemState.UNDONE)}

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "order": self.id,
            "state": self.state.value,
            "from": self.versions[0].digest,
            "to": self.versions[1].digest,
            "total": self.total,
            "counts": {state.value: count for state, count in self.counts.items()},
            "moves": [{"from": old, "to": new, "can": can, "cannot": no} for old, new, can, no in self.moves],
            "remarks": [{**remark.as_dict(), "processes": count} for remark, count in self.remarks],
        }


def order_of(row: Relocation) -> Order:
    """An order as it stands now; three queries."""
    found = {each.id: each for each in _versions(Definition.objects.filter(id__in=(row.source_id, row.target_id)))}
    summary = row.summary
    return Order(
        row.id,
        RelocationState(row.state),
        row.total,
        item_counts(row),
        tuple((old, new, can, no) for old, new, can, no in summary.get("moves", ())),
        tuple((Remark(code, element, params), count) for code, element, params, count in summary.get("remarks", ())),
        (found[row.source_id], found[row.target_id]),
    )


def versions(limit: int = 500, also: Iterable[int] = ()) -> list[Version]:
    """The definitions, those stored last first, at most so many; those of `also` in any case."""
    newest = Definition.objects.order_by("-stored_at", "-id").values_list("id", flat=True)[:limit]
    return _versions(Definition.objects.filter(id__in={*newest, *also}).order_by("-stored_at", "-id"))


def names_of(numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The name and the digest of definitions."""
    rows = Definition.objects.filter(id__in=numbers).values_list("id", "name", "digest")
    return {number: (name, digest) for number, name, digest in rows}


def running_by(numbers: Iterable[int]) -> dict[int, int]:
    """How many processes run each of these definitions; those of none are left out."""
    found = Process.objects.filter(state=ProcessState.RUNNING, definition_id__in=list(numbers))
    return dict(found.values_list("definition_id").annotate(running=Count("id")))


def _versions(rows: "QuerySet[Definition]") -> list[Version]:
    found = list(rows.values_list("id", "name", "digest", "stored_at"))
    counts = running_by(row[0] for row in found)
    return [Version(*row, counts.get(row[0], 0)) for row in found]


def relocations(actor: Actor) -> QuerySet[Relocation]:
    """The orders this actor may see."""
    return visible(actor, Relocation)


def item_counts(order: Relocation) -> Mapping[ItemState, int]:
    """How many processes of an order are in which state."""
    rows = RelocationItem.objects.filter(relocation_id=order.id).values_list("state").annotate(count=Count("id"))
    counts = dict(rows)
    return {state: counts[state.value] for state in ItemState if state.value in counts}


def items_of(order: Relocation, *states: str) -> QuerySet[RelocationItem]:
    """The processes of an order, in the order of their planning."""
    rows = RelocationItem.objects.filter(relocation_id=order.id).select_related("process").order_by("id")
    return rows.filter(state__in=states) if states else rows


def at_work() -> list[int]:
    """The orders at which there is work to do."""
    open_orders = Relocation.objects.filter(state__in=AT_WORK)
    return list(open_orders.order_by("id").values_list("id", flat=True))
