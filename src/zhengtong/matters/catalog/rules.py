"""What an item must satisfy before it may be in use: limits (services.md §1.3) and four-level sameness (§1.2)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.matters.catalog.choices import HandlingKind, Status
from zhengtong.matters.catalog.models import ReleasedPack, ServiceItem

# From where an item may go where: DRAFT → REVIEWING → PUBLISHED → SUSPENDED → CANCELLED, and the ways back.
MOVES: Mapping[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.REVIEWING, Status.CANCELLED}),
    Status.REVIEWING: frozenset({Status.DRAFT, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.SUSPENDED, Status.CANCELLED}),
    Status.SUSPENDED: frozenset({Status.PUBLISHED, Status.CANCELLED}),
    Status.CANCELLED: frozenset(),
}
MANAGE = "catalog.manage"
READ_MODELS = policy.declare_permission(
    "catalog.read_models", _("Read the rules and processes of services"), kind="sys"
)

policy.register(ReleasedPack, policy.HasPermission(READ_MODELS) | policy.HasPermission(MANAGE))
policy.register(ServiceItem, policy.FieldIs("current", True) | policy.HasPermission(MANAGE, org="organisation_id"))


class Same(NamedTuple):
    """What must be equal on all four levels (四级四同)."""

    name: str
    item_type: str
    setting_basis: tuple[tuple[str, str], ...]


def sameness_of(item: ServiceItem) -> Same:
    """Name, type and setting basis (law and article) of an item."""
    bases = tuple((str(basis["law"]), str(basis["article"])) for basis in item.stated.get("setting_basis", []))
    return Same(item.name, item.item_type, bases)


def four_level_sameness(item: ServiceItem, others: Iterable[ServiceItem]) -> tuple[str, ...]:
    """Which of `name`, `item_type`, `setting_basis` differ from others of the same basic code; empty is right.

    Items that state no setting basis (imported lists) are not compared on it.
    """
    own = sameness_of(item)
    different: set[str] = set()
    for other in others:
        if other.basic_code != item.basic_code or not item.basic_code:
            continue
        theirs = sameness_of(other)
        for field in Same._fields:
            mine, his = getattr(own, field), getattr(theirs, field)
            if mine != his and mine and his:
                different.add(field)
    return tuple(sorted(different))


def limit_faults(item: ServiceItem) -> tuple[str, ...]:
    """Codes of what keeps the limits from being published."""
    if item.promise_limit is None or item.legal_limit is None:
        return ("catalog.limits_missing",) if item.open else ()
    if item.promise_unit != item.legal_unit:
        return ("catalog.limit_units",)
    if item.promise_limit > item.legal_limit:
        return ("catalog.promise_above_legal",)
    if item.handling_kind == HandlingKind.INSTANT and item.promise_limit > 1:
        return ("catalog.instant_promise",)
    return ()
