"""What remains of a predicate once the actor is known, and its four compilations.

Two-valued throughout: a missing value matches nothing, so its negation matches; SQL is written to agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model, Q

from zhengtong.foundation.policy.actor import region_prefixes

Value = int | str | bool
T = TypeVar("T")


class NotIndexable(ValueError):
    """The predicate cannot be said as groups of tokens; read it through the queryset instead."""


class Bound:
    """A condition on one row."""


@dataclass(frozen=True, slots=True)
class Constant(Bound):
    """True or false whatever the row."""

    value: bool


TRUE, FALSE = Constant(True), Constant(False)


@dataclass(frozen=True, slots=True)
class In(Bound):
    """The field's value is one of these."""

    field: str
    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Below(Bound):
    """The field's division code lies in the division of this prefix."""

    field: str
    prefix: str

    @property
    def end(self) -> str:
        """The first code after the division (digits only, so every collation agrees)."""
        return str(int(self.prefix) + 1).zfill(len(self.prefix))


@dataclass(frozen=True, slots=True)
class AtMost(Bound):
    """The field's label is no higher than this."""

    field: str
    limit: int


@dataclass(frozen=True, slots=True)
class Every(Bound):
    """All parts hold; never empty, never constant (see `every`)."""

    parts: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Some(Bound):
    """One part holds at least."""

    parts: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Inverse(Bound):
    """The part does not hold."""

    part: Bound


def every(parts: list[Bound]) -> Bound:
    """All of them, with constants folded away."""
    if FALSE in parts:
        return FALSE
    left = tuple(dict.fromkeys(part for part in parts if part != TRUE))
    return TRUE if not left else left[0] if len(left) == 1 else Every(left)


def some(parts: list[Bound]) -> Bound:
    """Any of them, with constants folded away."""
    if TRUE in parts:
        return TRUE
    left = tuple(dict.fromkeys(part for part in parts if part != FALSE))
    return FALSE if not left else left[0] if len(left) == 1 else Some(left)


def inverse(part: Bound) -> Bound:
    """The opposite, pushed no further than constants and double negation."""
    if isinstance(part, Constant):
        return Constant(not part.value)
    return part.part if isinstance(part, Inverse) else Inverse(part)


def within(name: str, values: frozenset[Value]) -> Bound:
    """`In`, or false where there is nothing to be in."""
    return In(name, values) if values else FALSE


def _fold(
    bound: Bound,
    leaf: Callable[[Bound], T],
    both: Callable[[list[T]], T],
    either: Callable[[list[T]], T],
    negate: Callable[[T], T],
) -> T:
    if isinstance(bound, Every):
        return both([_fold(part, leaf, both, either, negate) for part in bound.parts])
    if isinstance(bound, Some):
        return either([_fold(part, leaf, both, either, negate) for part in bound.parts])
    if isinstance(bound, Inverse):
        return negate(_fold(bound.part, leaf, both, either, negate))
    return leaf(bound)


# First: a queryset filter


def to_q(bound: Bound) -> Q:
    """A Django filter."""

    def both(parts: list[Q]) -> Q:
        return Q(*parts)

    def either(parts: list[Q]) -> Q:
        return Q(*parts, _connector=Q.OR)

    def negate(part: Q) -> Q:
        return ~part

    return _fold(bound, _leaf_q, both, either, negate)


def _leaf_q(bound: Bound) -> Q:
    match bound:
        case In(name, values):
            only = next(iter(values))
            return Q(**{name: only}) if len(values) == 1 else Q(**{f"{name}__in": sorted(values, key=str)})
        case Below(name, prefix):
            return Q(**{f"{name}__gte": prefix, f"{name}__lt": bound.end})
        case AtMost(name, limit):
            return Q(**{f"{name}__lte": limit})
        case Constant(True):
            return ~Q(pk__in=[])
    return Q(pk__in=[])


# Second: SQL for the analysis side

Sql = tuple[str, tuple[Value, ...]]


def to_sql(bound: Bound, columns: Mapping[str, str], mark: str = "%s") -> Sql:
    """A WHERE condition and its parameters; `columns` gives the SQL expression of each field named."""

    def leaf(part: Bound) -> Sql:
        if isinstance(part, Constant):
            return ("1=1" if part.value else "1=0", ())
        assert isinstance(part, In | Below | AtMost)
        column = columns.get(part.field) or _quoted(part.field)
        condition, params = _condition(part, column, mark)
        return f"({column} IS NOT NULL AND {condition})", params

    def joined(word: str) -> Callable[[list[Sql]], Sql]:
        return lambda parts: (
            "(" + f" {word} ".join(text for text, _ in parts) + ")",
            tuple(value for _, values in parts for value in values),
        )

    return _fold(bound, leaf, joined("AND"), joined("OR"), lambda part: (f"NOT {part[0]}", part[1]))


def _quoted(name: str) -> str:
    if not name.isidentifier() or "__" in name:
        raise ValueError(f"give the SQL column of {name!r}")
    return f'"{name}"'


def _condition(part: In | Below | AtMost, column: str, mark: str) -> Sql:
    match part:
        case In(_, values):
            ordered = tuple(sorted(values, key=str))
            return f"{column} IN ({', '.join([mark] * len(ordered))})", ordered
        case Below(_, prefix):
            return f"{column} >= {mark} AND {column} < {mark}", (prefix, part.end)
        case AtMost(_, limit):
            return f"{column} <= {mark}", (limit,)


# Third: tokens for search


@dataclass(frozen=True, slots=True)
class Tokens:
    """A document is found if it carries one token of every group and none of `none_of`.

    `any_of == ()` with an empty `none_of` finds everything; an empty group finds nothing.
    """

    any_of: tuple[frozenset[str], ...] = ()
    none_of: frozenset[str] = field(default_factory=frozenset)

    @property
    def never(self) -> bool:
        """Whether nothing at all can be found."""
        return frozenset() in self.any_of

    def match(self, carried: frozenset[str] | set[str]) -> bool:
        """Whether a document carrying these tokens is found."""
        return all(group & carried for group in self.any_of) and not (self.none_of & carried)


def to_tokens(bound: Bound) -> Tokens:
    """The tokens to ask the index for; NotIndexable where a negation stands inside an alternative."""
    return _fold(bound, _leaf_tokens, _both_tokens, _either_tokens, _not_tokens)


def _leaf_tokens(bound: Bound) -> Tokens:
    match bound:
        case In(name, values):
            return Tokens((frozenset(value_token(name, value) for value in values),))
        case Below(name, prefix):
            return Tokens((frozenset({region_token(name, prefix)}),))
        case AtMost(name, limit):
            return Tokens((frozenset(value_token(name, level) for level in range(limit + 1)),))
        case Constant(True):
            return Tokens()
    return Tokens((frozenset(),))


def _both_tokens(parts: list[Tokens]) -> Tokens:
    groups = dict.fromkeys(group for part in parts for group in part.any_of)
    return Tokens(tuple(groups), frozenset().union(*(part.none_of for part in parts)))


def _either_tokens(parts: list[Tokens]) -> Tokens:
    if any(part.none_of for part in parts):
        raise NotIndexable("a negation inside an alternative")
    groups: list[frozenset[str]] = [frozenset()]
    for part in parts:
        groups = [left | right for left in groups for right in part.any_of]
    return Tokens(tuple(dict.fromkeys(groups)))


def _not_tokens(part: Tokens) -> Tokens:
    if part.none_of or len(part.any_of) != 1:
        raise NotIndexable("a negation of more than alternatives")
    return Tokens((), part.any_of[0])


def value_token(name: str, value: Value) -> str:
    """The token a document carries for the value of a field."""
    return f"{name}:{int(value) if isinstance(value, bool) else value}"


def region_token(name: str, prefix: str) -> str:
    """The token a document carries for each division it lies in."""
    return f"{name}^{prefix}"


# Fourth: yes or no for one object


def holds(bound: Bound, row: object) -> bool:
    """Whether one object meets the condition; fields may be paths (`case__organisation_id`)."""
    match bound:  # the commonest first
        case In(name, values):
            return value_of(row, name) in values
        case Every(parts):
            return all(holds(part, row) for part in parts)
        case Some(parts):
            return any(holds(part, row) for part in parts)
        case Inverse(part):
            return not holds(part, row)
        case Constant(constant):
            return constant
        case Below(name, prefix):
            code = value_of(row, name)
            return isinstance(code, str) and code.startswith(prefix)
        case AtMost(name, limit):
            label = value_of(row, name)
            return isinstance(label, int) and label <= limit
    return False


def value_of(row: object, path: str) -> object:
    """The value at a field path of an object or mapping; None where any step is missing."""
    if isinstance(row, Model) and "__" not in path:
        return getattr(row, path)
    value: object = row
    for step in path.split("__"):
        if value is None:
            return None
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step)
    return value


def carried_tokens(row: object, name: str, shape: str) -> frozenset[str]:
    """The tokens a document carries for one field: its value, or for a `region` each division it lies in."""
    value = value_of(row, name)
    if value is None:
        return frozenset()
    if shape == "region":
        return frozenset(region_token(name, prefix) for prefix in region_prefixes(str(value)))
    return frozenset({value_token(name, value)}) if isinstance(value, int | str) else frozenset()
