"""The words in which a policy is written; each binds to an actor and leaves a condition on rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhengtong.foundation.policy import bound
from zhengtong.foundation.policy.actor import ALL, Actor
from zhengtong.foundation.policy.bound import FALSE, TRUE, Bound, Constant, Value

Field = tuple[str, str]
"""A field's path and its shape: `value` or `region`."""


class Predicate:
    """Who may meet which rows; combine with `&`, `|` and `~`."""

    def bind(self, actor: Actor) -> Bound:
        """The condition on rows that remains for this actor."""
        raise NotImplementedError

    def fields(self) -> Iterator[Field]:
        """The row fields the predicate may ask for, whoever the actor."""
        return iter(())

    def __and__(self, other: "Predicate") -> "Predicate":
        return And(self, other)

    def __or__(self, other: "Predicate") -> "Predicate":
        return Or(self, other)

    def __invert__(self) -> "Predicate":
        return Not(self)


@dataclass(frozen=True, slots=True)
class Always(Predicate):
    """Everybody, every row."""

    def bind(self, actor: Actor) -> Bound:  # noqa: ARG002 the same for all
        return TRUE


@dataclass(frozen=True, slots=True)
class Never(Predicate):
    """Nobody, no row."""

    def bind(self, actor: Actor) -> Bound:  # noqa: ARG002 the same for all
        return FALSE


class And(Predicate):
    """All parts."""

    def __init__(self, *parts: Predicate) -> None:
        self.parts = parts

    def bind(self, actor: Actor) -> Bound:
        return bound.every([part.bind(actor) for part in self.parts])

    def fields(self) -> Iterator[Field]:
        for part in self.parts:
            yield from part.fields()


class Or(Predicate):
    """One part at least."""

    def __init__(self, *parts: Predicate) -> None:
        self.parts = parts

    def bind(self, actor: Actor) -> Bound:
        return bound.some([part.bind(actor) for part in self.parts])

    def fields(self) -> Iterator[Field]:
        for part in self.parts:
            yield from part.fields()


@dataclass(frozen=True, slots=True)
class Not(Predicate):
    """What the part leaves out."""

    part: Predicate

    def bind(self, actor: Actor) -> Bound:
        return bound.inverse(self.part.bind(actor))

    def fields(self) -> Iterator[Field]:
        return self.part.fields()


@dataclass(frozen=True, slots=True)
class FieldIn(Predicate):
    """The field names something the actor is: `FieldIn("organisation_id", "org")`."""

    field: str
    kind: str

    def bind(self, actor: Actor) -> Bound:
        return _scoped(self.field, self.kind, actor.tokens)

    def fields(self) -> Iterator[Field]:
        yield self.field, _shape(self.kind)


@dataclass(frozen=True, slots=True)
class Owner(Predicate):
    """The row belongs to the actor's person, or to the one he acts for."""

    field: str
    kind: str = "person"

    def bind(self, actor: Actor) -> Bound:
        return _scoped(self.field, self.kind, actor.tokens)

    def fields(self) -> Iterator[Field]:
        yield self.field, "value"


class HasPermission(Predicate):
    """The actor holds the permission in a scope that contains the row.

    Name the row's field for each kind of scope: `HasPermission("cases.read", org="organisation_id",
    region="division_code", person="applicant_id")`. With no field the permission suffices in any scope.
    Denying grants take rows away again (deny overrides).
    """

    def __init__(self, permission: str, **scope: str) -> None:
        self.permission = permission
        self.scope = scope

    def bind(self, actor: Actor) -> Bound:
        return bound.every([self._reach(actor, deny=False), bound.inverse(self._reach(actor, deny=True))])

    def _reach(self, actor: Actor, *, deny: bool) -> Bound:
        tokens = actor.scopes(self.permission, deny=deny)
        if ALL in tokens or (tokens and not self.scope):
            return TRUE
        return bound.some([_scoped(field, kind, tokens) for kind, field in self.scope.items()])

    def fields(self) -> Iterator[Field]:
        for kind, field in self.scope.items():
            yield field, _shape(kind)


class StandsIn(Predicate):
    """The field names an absent colleague for whom the actor stands in, in the organisation that the row is of:
    `StandsIn("who_id", org="agency_id")`.
    """

    def __init__(self, field: str, *, org: str) -> None:
        self.field = field
        self.org = org

    def bind(self, actor: Actor) -> Bound:
        return bound.some(
            [
                bound.every([bound.within(self.field, frozenset({absent})), bound.within(self.org, frozenset({place}))])
                for absent, place in sorted(actor.stands_in())
            ]
        )

    def fields(self) -> Iterator[Field]:
        yield self.field, "value"
        yield self.org, "value"


class ServesAt(Predicate):
    """The field names an organisation where the actor holds a post or a grant: `ServesAt("agency_id")`."""

    def __init__(self, field: str) -> None:
        self.field = field

    def bind(self, actor: Actor) -> Bound:
        return TRUE if actor.places is None else bound.within(self.field, actor.places)

    def fields(self) -> Iterator[Field]:
        yield self.field, "value"


class FieldIs(Predicate):
    """The field has one of the values: `FieldIs("state", "published", "repealed")`."""

    def __init__(self, field: str, *values: Value) -> None:
        self.field = field
        self.values = frozenset(values)

    def bind(self, actor: Actor) -> Bound:  # noqa: ARG002 the same for all
        return bound.within(self.field, self.values)

    def fields(self) -> Iterator[Field]:
        yield self.field, "value"


@dataclass(frozen=True, slots=True)
class LabelWithin(Predicate):
    """The row's security label is no higher than the actor's clearance (security.md §2 B7)."""

    field: str

    def bind(self, actor: Actor) -> Bound:
        return bound.AtMost(self.field, actor.clearance)

    def fields(self) -> Iterator[Field]:
        yield self.field, "value"


class ActorKind(Predicate):
    """The actor is of one of these kinds: `ActorKind("staff", "admin")`."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = frozenset(kinds)

    def bind(self, actor: Actor) -> Bound:
        return Constant(actor.kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Assured(Predicate):
    """The actor's real name is known at least this well (security.md §10.1)."""

    level: int

    def bind(self, actor: Actor) -> Bound:
        return Constant(actor.assurance >= self.level)


def _shape(kind: str) -> str:
    return "region" if kind == "region" else "value"


def _scoped(field: str, kind: str, tokens: frozenset[str]) -> Bound:
    names = [token.partition(":")[2] for token in tokens if token.startswith(kind + ":")]
    if kind == "region":
        return bound.some([bound.Below(field, name) for name in sorted(names)])
    return bound.within(field, frozenset(int(name) if name.isdecimal() else name for name in names))
