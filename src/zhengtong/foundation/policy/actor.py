"""Who acts: an immutable actor with his grants in hand, and the context that carries him."""

import contextvars
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from zhengtong.foundation.core import clock

ALL = "all"
EVERY_PERMISSION = "*"


def region_prefix(code: str) -> str:
    """The digits every division below `code` begins with: 110000 → 11, 110108 → 110108, 110108001000 → 110108001.

    Levels end at 2, 4, 6, 9 and 12 digits (GB/T 2260, GB/T 10114).
    """
    for longer, shorter in ((12, 9), (9, 6), (6, 4), (4, 2)):
        if len(code) == longer and not code[shorter:].strip("0"):
            code = code[:shorter]
    return code


def region_prefixes(code: str) -> tuple[str, ...]:
    """The prefix of each division that contains `code`, widest first: 110108 → 11, 1101, 110108."""
    own = region_prefix(code)
    return tuple(own[:length] for length in (2, 4, 6, 9, 12) if length <= len(own))


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission within one scope.

    `scope` is `all` or a token: `org:123`, `region:1101` (a prefix, see `region_prefix`), `person:55`, `unit:9`.
    `until` is the instant at which it ends (that instant no longer included); None while open.
    A grant with `deny` takes away what others give (deny overrides). `source` names the role, for explanation;
    `lent_by` is the account of the absent colleague for whom the actor stands in by this grant, None for his own.
    """

    permission: str
    scope: str = ALL
    until: dt.datetime | None = None
    deny: bool = False
    source: str = ""
    lent_by: int | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody (or something) acting in one capacity.

    `kind`: anonymous, system, citizen, enterprise, staff or admin. `on_behalf_of` is the token of the principal
    (`person:55`, `org:7`) when acting under a mandate. `assurance` and `clearance` go from 0 to 3 (GB/T 22239-2019
    8.1.4.2 g for the labels).
    `capacity` is the name of the post held or of the one acted for, as the reader sees it; `serves_at` are the
    organisations of all posts held, that of the present one among them.
    Build through identity's `actor_for`; tests may build it directly.
    """

    account_id: int | None = None
    person_id: int | None = None
    kind: str = "anonymous"
    name: str = ""
    organisation_id: int | None = None
    post_id: int | None = None
    grants: frozenset[Grant] = frozenset()
    assurance: int = 0
    on_behalf_of: str | None = None
    locale: str = "zh-hans"
    clearance: int = 0
    mandate_id: int | None = None
    unit_id: int | None = None
    capacity: str = ""
    serves_at: frozenset[int] = frozenset()

    @cached_property
    def places(self) -> frozenset[int] | None:
        """The organisations where he holds a post or a grant of his own; None for one whose grants reach further."""
        scopes = {grant.scope for grant in self.grants if not grant.deny}
        if any(not scope.startswith("org:") for scope in scopes):
            return None
        present = frozenset() if self.organisation_id is None else frozenset({self.organisation_id})
        return present | self.serves_at | {int(scope.removeprefix("org:")) for scope in scopes}

    @cached_property
    def tokens(self) -> frozenset[str]:
        """What the actor is (`account:…`, `person:…`, `org:…`, `unit:…`, `post:…`) and whom he acts for."""
        named = {
            "account": self.account_id,
            "person": self.person_id,
            "org": self.organisation_id,
            "unit": self.unit_id,
            "post": self.post_id,
        }
        own = {f"{kind}:{key}" for kind, key in named.items() if key is not None}
        return frozenset(own | ({self.on_behalf_of} if self.on_behalf_of else set()))

    @cached_property
    def principal(self) -> str | None:
        """The token of the one whose rights and duties arise: the principal under a mandate, else the person."""
        return self.on_behalf_of or (f"person:{self.person_id}" if self.person_id is not None else None)

    @cached_property
    def _granted(self) -> dict[tuple[str, bool], tuple[frozenset[str], tuple[Grant, ...]]]:
        lasting: dict[tuple[str, bool], set[str]] = {}
        ending: dict[tuple[str, bool], list[Grant]] = {}
        for grant in self.grants:
            key = (grant.permission, grant.deny)
            if grant.until is None:
                lasting.setdefault(key, set()).add(grant.scope)
            else:
                ending.setdefault(key, []).append(grant)
        keys = lasting.keys() | ending.keys()
        return {key: (frozenset(lasting.get(key, ())), tuple(ending.get(key, ()))) for key in keys}

    @cached_property
    def bound(self) -> dict[object, tuple[object, object, dt.datetime | None]]:
        """What predicates have been bound to this actor already; kept by the kernel, see `decisions`."""
        return {}

    def stands_in_for(self) -> frozenset[int]:
        """The accounts of the absent colleagues for whom he stands in at this instant."""
        instant = clock.now()
        lent = (each for each in self.grants if each.lent_by is not None and (not each.until or instant < each.until))
        return frozenset(each.lent_by for each in lent if each.lent_by is not None)

    def stands_in(self) -> frozenset[tuple[int, int]]:
        """For whom he stands in and in which organisation, account and organisation by their numbers, now."""
        instant = clock.now()
        return frozenset(
            (each.lent_by, int(each.scope.removeprefix("org:")))
            for each in self.grants
            if each.lent_by is not None and each.scope.startswith("org:") and (not each.until or instant < each.until)
        )

    def by_himself(self) -> "Actor":
        """The same actor without what he was lent by absent colleagues."""
        return replace(self, grants=frozenset(grant for grant in self.grants if grant.lent_by is None))

    def changes_at(self) -> dt.datetime | None:
        """The next instant at which one of his grants ends; None when none will."""
        instant = clock.now()
        return min((ends for ends in self._ends if ends > instant), default=None)

    @cached_property
    def _ends(self) -> tuple[dt.datetime, ...]:
        return tuple({grant.until for grant in self.grants if grant.until is not None})

    def scopes(self, permission: str, *, deny: bool = False) -> frozenset[str]:
        """The scope tokens within which the permission is granted (or denied) at this instant."""
        found = self._granted.get((permission, deny)) or self._granted.get((EVERY_PERMISSION, deny))
        if found is None:
            return frozenset()
        lasting, ending = found
        if not ending:
            return lasting
        instant = clock.now()
        return lasting | {grant.scope for grant in ending if grant.until is not None and instant < grant.until}

    def holds(self, permission: str) -> bool:
        """Whether the permission is granted in any scope and nowhere denied for all."""
        return bool(self.scopes(permission)) and ALL not in self.scopes(permission, deny=True)


ANONYMOUS = Actor()
SYSTEM = Actor(
    kind="system",
    name="系统",
    grants=frozenset({Grant(EVERY_PERMISSION, source="system")}),
    assurance=3,
    clearance=3,
)

_current: contextvars.ContextVar[Actor] = contextvars.ContextVar("actor", default=ANONYMOUS)


def current() -> Actor:
    """The actor of this context; ANONYMOUS when nobody was named."""
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Within the block, `actor` is the current one (of this thread or task)."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
