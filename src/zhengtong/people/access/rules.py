"""Pure rules of separation: what roles imply, and what must not meet in one hand."""

from collections.abc import Iterable, Mapping

from zhengtong.foundation import policy
from zhengtong.people.access.choices import RoleKind
from zhengtong.people.access.models import Absence, Role, RoleGrant
from zhengtong.people.access.registry import GRANT_ROLE, MANAGE_ABSENCES, READ_LOG


def closure(roles: Iterable[int], parents: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """The roles and all they inherit, however deep; a circle does no harm."""
    found: set[int] = set()
    waiting = list(roles)
    while waiting:
        role = waiting.pop()
        if role not in found:
            found.add(role)
            waiting.extend(parents.get(role, frozenset()))
    return frozenset(found)


def excluded_pair(held: frozenset[int], pairs: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The first pair of roles among those held that must not meet, or None."""
    return next((pair for pair in pairs if pair[0] in held and pair[1] in held), None)


def kinds_apart(kinds: Iterable[str]) -> bool:
    """Whether these kinds of role may be in one hand: business together, an administrator's quite alone."""
    found = set(kinds)
    return len(found) <= 1 or found == {RoleKind.BUSINESS}


def lay_down_policies() -> None:
    """Roles are known inside; grants are seen by their holder, the security and the audit administrator."""
    policy.register(Role, policy.ActorKind("staff", "admin", "system"))
    policy.register(
        RoleGrant,
        policy.FieldIn("account_id", "account")
        | policy.FieldIn("post_id", "post")
        | policy.HasPermission(GRANT_ROLE)
        | policy.HasPermission(READ_LOG),
    )
    policy.register(
        Absence,
        policy.FieldIn("account_id", "account")
        | policy.FieldIn("substitute_id", "account")
        | policy.HasPermission(MANAGE_ABSENCES, org="organisation_id"),
        scope={"org": "organisation_id"},
    )
