"""Who is to hear of which events: handlers by name, laid on the Registry's shelf of events."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.policy import declare_permission

MEND = declare_permission("ledger.mend", _("Bring deliveries again that were given up"), kind="sys")

Subject = tuple[str, int]
"""What an event is about: a kind (`case`) and its identifier inside."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event brought to one handler. `id` stays the same however often it is brought."""

    id: int
    attempt: int
    event_id: int
    type: str
    subject: Subject
    actor_id: int | None
    recorded_at: dt.datetime
    effective_at: dt.datetime
    imported: bool
    payload: Mapping[str, object] | None
    """The content; None where it has been destroyed meanwhile."""


Handler = Callable[[Delivery], object]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler, the event types it wants (exact, or a beginning with `*`), and how it is called."""

    pattern: str
    name: str
    handler: Handler
    in_write: bool

    def wants(self, type_: str) -> bool:
        if self.pattern.endswith("*"):
            return type_.startswith(self.pattern[:-1])
        return type_ == self.pattern


_by_type: dict[str, tuple[str, ...]] = {}


def subscribe(event_type: str, name: str, handler: Handler, *, in_write: bool = False) -> None:
    """Have `handler` called after the commit of every event of `event_type` (or `case.*`, or `*`).

    Delivered at least once: a handler finds out by `delivery.id` whether it has done its work already. With
    `in_write` the handler runs in the very transaction that ticks the delivery off, so what it writes happens
    exactly once; it must then do nothing outside the database. `name` is for good: deliveries wait under it.
    """
    registry.events.add(name, Subscription(event_type, name, handler, in_write))
    _by_type.clear()


def subscription(name: str) -> Subscription:
    """The subscription of that name; LookupError where nobody took it."""
    return cast(Subscription, registry.events.get(name))


def listeners(type_: str) -> tuple[str, ...]:
    """The names of all that want events of `type_`."""
    names = _by_type.get(type_)
    if names is None:
        found = (thing for thing in registry.events.all().values() if isinstance(thing, Subscription))
        names = _by_type[type_] = tuple(each.name for each in found if each.wants(type_))
    return names
