"""Policies by model: laid down once, then asked for a queryset, SQL, search tokens or a decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar, cast

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotAllowed
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.policy import bound
from zhengtong.foundation.policy.actor import ALL, Actor
from zhengtong.foundation.policy.bound import Bound, Sql, Tokens
from zhengtong.foundation.policy.predicates import HasPermission, Predicate

M = TypeVar("M", bound=Model)
Masker = Callable[[Any], str]
FULL = "pi.full"


@dataclass(frozen=True, slots=True)
class Rule:
    """One branch: for whom and which rows, and what is masked for those who come by it.

    `masks` maps a field to its masking function; the permission `lifted_by` lifts them all.
    """

    name: str
    when: Predicate
    masks: Mapping[str, Masker] = field(default_factory=dict)
    lifted_by: str = FULL


@dataclass(frozen=True, slots=True)
class Policy:
    """Permitting rules and denying rules of one model; a denying rule beats every permitting one."""

    permits: tuple[Rule, ...] = ()
    denies: tuple[Rule, ...] = ()

    def bind(self, actor: Actor) -> Bound:
        """The condition on rows this actor may meet."""
        permit = bound.some([rule.when.bind(actor) for rule in self.permits])
        deny = bound.some([rule.when.bind(actor) for rule in self.denies])
        return bound.every([permit, bound.inverse(deny)])


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one object and by which rule; `masks` are the obligations (security.md §4)."""

    effect: str
    rule: str
    masks: Mapping[str, Masker] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.effect == "permit"


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission that code asks for; `kind` (business, sys, sec, audit) says which roles may carry it.

    What is `lent` goes to whoever stands in for an absent official; other rights stay his alone.
    """

    code: str
    label: object
    kind: str = "business"
    lent: bool = False


def declare_permission(code: str, label: object, *, kind: str = "business", lent: bool = False) -> str:
    """Make a permission known, so that a role can carry it; answers its code."""
    known = registry.permissions.all().get(code)
    if not isinstance(known, Permission):
        registry.permissions.add(code, Permission(code, label, kind, lent))
    return code


def may_be_lent(code: str) -> bool:
    """Whether a permission goes to whoever stands in for an absent official."""
    known = registry.permissions.all().get(code)
    return isinstance(known, Permission) and known.lent


NOTHING = Policy()
_policies: dict[tuple[type[Model], str], Policy] = {}
_scopes: dict[type[Model], Mapping[str, str]] = {}


def register(
    model: type[Model],
    policy: Policy | Predicate,
    *,
    action: str = "read",
    scope: Mapping[str, str] | None = None,
) -> None:
    """Lay down who may `action` (default: read) the rows of `model`; once a model and action.

    `scope` names the fields that place a row, for `may` and `require`: `{"org": "organisation_id",
    "region": "division_code", "person": "applicant_id"}`.
    """
    if (model, action) in _policies:
        raise ValueError(f"{model.__name__}: the policy of {action!r} is already laid down")
    _policies[model, action] = policy if isinstance(policy, Policy) else Policy((Rule("default", policy),))
    if scope is not None:
        _scopes[model] = MappingProxyType(dict(scope))


def policy_of(model: type[Model], action: str = "read") -> Policy:
    """The policy laid down; an unregistered model has one that permits nothing (deny by default)."""
    return _policies.get((model, action), NOTHING)


def scope_of(model: type[Model]) -> Mapping[str, str]:
    """The fields that place a row of `model`, by kind of scope; empty when none were named."""
    return _scopes.get(model, MappingProxyType({}))


def _bound(actor: Actor, key: object, source: Policy | HasPermission) -> Bound:
    """`source` bound to the actor, kept until one of his grants ends."""
    known = actor.bound.get(key)
    if known is not None and known[0] is source and (known[2] is None or clock.now() < known[2]):
        return cast(Bound, known[1])
    condition = source.bind(actor)
    actor.bound[key] = (source, condition, actor.changes_at())
    return condition


def _condition(actor: Actor, model: type[Model], action: str) -> Bound:
    return _bound(actor, (model, action), policy_of(model, action))


@lru_cache(maxsize=4096)
def _placed(permission: str, scope: tuple[tuple[str, str], ...]) -> HasPermission:
    return HasPermission(permission, **dict(scope))


def filter_for(actor: Actor, model: type[Model], action: str = "read") -> Q:
    """The policy as a queryset filter."""
    return bound.to_q(_condition(actor, model, action))


def visible(actor: Actor, model: type[M], action: str = "read") -> QuerySet[M]:
    """The rows of `model` the actor may read (or `action`)."""
    rows: QuerySet[M] = model._default_manager.filter(filter_for(actor, model, action))
    return rows


def sql_for(
    actor: Actor,
    model: type[Model],
    columns: Mapping[str, str] | None = None,
    *,
    mark: str = "%s",
    action: str = "read",
) -> Sql:
    """The policy as a WHERE condition with parameters; `columns` overrides the SQL name of a field."""
    return bound.to_sql(_condition(actor, model, action), columns or {}, mark)


def search_tokens(actor: Actor, model: type[Model], action: str = "read") -> Tokens:
    """The policy as tokens to ask the index for; NotIndexable where it cannot be said so."""
    return bound.to_tokens(_condition(actor, model, action))


def index_tokens(row: Model, action: str = "read") -> frozenset[str]:
    """The tokens under which a row is indexed, so that `search_tokens` finds it for whoever may read it."""
    rules = policy_of(_model(row), action)
    fields = {found for rule in (*rules.permits, *rules.denies) for found in rule.when.fields()}
    return frozenset().union(*(bound.carried_tokens(row, name, shape) for name, shape in fields))


def decide(actor: Actor, row: Model, action: str = "read") -> Decision:
    """Permit or deny one object, with the rule that decided and the masking it obliges.

    Coming by several rules, the actor sees what any of them shows.
    """
    rules = policy_of(_model(row), action)
    for rule in rules.denies:
        if bound.holds(rule.when.bind(actor), row):
            return Decision("deny", rule.name)
    matching = [rule for rule in rules.permits if bound.holds(rule.when.bind(actor), row)]
    if not matching:
        return Decision("deny", "no rule matches")
    kept = [{} if _lifted(rule, actor, row) else rule.masks for rule in matching]
    masks = {name: masker for name, masker in kept[0].items() if all(name in other for other in kept)}
    clearest = min(matching, key=lambda rule: len(rule.masks))
    return Decision("permit", clearest.name, masks)


def allows(actor: Actor, row: Model, action: str = "read") -> bool:
    """Whether the actor may read (or `action`) this object."""
    return bound.holds(_condition(actor, _model(row), action), row)


def may(actor: Actor, permission: str, row: Model | None = None) -> bool:
    """Whether the actor holds the permission, for `row` when given (placed by the fields named at `register`)."""
    if row is None:
        return actor.holds(permission)
    if actor.scopes(permission) == {ALL} and not actor.scopes(permission, deny=True):
        return True
    model = _model(row)
    placed = _placed(permission, tuple(scope_of(model).items()))
    return bound.holds(_bound(actor, (model, permission, "may"), placed), row)


def require(actor: Actor, permission: str, row: Model | None = None) -> None:
    """NotAllowed unless `may`."""
    if not may(actor, permission, row):
        raise NotAllowed("policy.denied", _("You may not do this."), permission=permission)


def shown(actor: Actor, row: Model, action: str = "read") -> "Shown":
    """The object as this actor may see it; NotAllowed when he may not at all."""
    decision = decide(actor, row, action)
    if not decision:
        raise NotAllowed("policy.denied", _("You may not see this."), rule=decision.rule)
    return Shown(row, decision.masks)


class Shown:
    """A read-only view of an object whose masked fields answer masked."""

    __slots__ = ("_masks", "_row")

    def __init__(self, row: Model, masks: Mapping[str, Masker]) -> None:
        object.__setattr__(self, "_row", row)
        object.__setattr__(self, "_masks", masks)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._row, name)
        masker = self._masks.get(name)
        return value if masker is None else masker(value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("what is shown is not written")

    def __str__(self) -> str:
        masker = self._masks.get("name")
        return masker(self._row.name) if masker else str(self._row)


def _lifted(rule: Rule, actor: Actor, row: Model) -> bool:
    return bool(rule.masks) and may(actor, rule.lifted_by, row)


def _model(row: Model) -> type[Model]:
    model = row._meta.concrete_model
    return model if model is not None else type(row)
