"""Pure rules of separation: what roles imply, what must not meet in one hand, and who acted before on one matter."""

from collections.abc import Iterable, Mapping

from zhengtong.foundation import policy
from zhengtong.people.access.choices import RoleKind
from zhengtong.people.access.models import Absence, Role, RoleGrant
from zhengtong.people.access.registry import GRANT_ROLE, MANAGE_ABSENCES, READ_LOG

BARRED_TOGETHER: frozenset[frozenset[str]] = frozenset(
    {
        frozenset({"clerk", "decider"}),
        frozenset({"reviewer", "decider"}),
        frozenset({"reviewer", "head"}),
    }
)
"""Duties no person may do both of on one matter: who accepts or reviews does not decide (行政许可法 第34条 reading)."""


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


def same_person_barred(
    acts: Iterable[tuple[int | None, str]],
    *,
    person_id: int | None,
    duty: str,
    together: frozenset[frozenset[str]] = BARRED_TOGETHER,
) -> str | None:
    """Dynamic separation of duty: the earlier duty on this matter that bars the person from `duty`, or None.

    `acts` are (person, duty) of what was done on the matter. Somebody unknown is barred by any act of somebody
    unknown, since they may be one.
    """
    return next(
        (done for who, done in acts if who == person_id and frozenset({done, duty}) in together and done != duty),
        None,
    )


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
