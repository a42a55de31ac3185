"""What lies on the Registry about events: who is to hear of which, and what each type is called."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import Shelf, registry
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
event_names: Shelf[object] = registry.shelf("event_names")
REFUSED = "refused"
"""What stands behind the type of an event that records a refusal."""


def name_events(names: Mapping[str, object]) -> None:
    """Say what types of events are called in the reader's language; each app does for those it records."""
    for type_, name in names.items():
        event_names.add(type_, name)


def event_name(type_: str) -> str:
    """What a type of event is called; a refusal after what was refused, a type nobody records any more as it is."""
    done, _dot, last = type_.rpartition(".")
    if last == REFUSED and done in event_names:
        return _("Refused: %(event)s") % {"event": event_names.get(done)}
    return str(event_names.get(type_)) if type_ in event_names else type_


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


name_events(
    {
        "ledger.content_destroyed": _("Content of events destroyed"),
        "ledger.deliveries_retried": _("Deliveries brought again"),
        "ledger.deliveries_swept": _("Deliveries taken long ago are no longer kept"),
        "ledger.keys_rotated": _("New version of a key"),
    }
)
