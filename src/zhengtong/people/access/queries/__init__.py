"""Every read of access: the grants of an actor, the roles in one hand, and why something is allowed or not."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import Exists, Model, Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.statements import Prepared
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor, Grant
from zhengtong.people.access import rules
from zhengtong.people.access.choices import RoleKind, ScopeKind
from zhengtong.people.access.models import Absence, Role, RoleExclusion, RoleGrant, RoleInheritance, RolePermission
from zhengtong.people.access.queries import absences
from zhengtong.people.access.queries.outlived import marked, outlived
from zhengtong.people.access.registry import READ_LOG
from zhengtong.people.identity import queries as identity

OPEN_TYPES = ("access.", "audit.", "calendar.", "console.", "ledger.", "messages.", "workflow.timer") + tuple(
    f"identity.{what}" for what in ("account", "api_key", "appointed", "organisation", "password", "post", "sign",
                                    "capacity", "tenure", "unit")
)  # fmt: skip
"""Events of administration, whose contents the audit administrator reads; of all others he sees the envelope only."""


def _alive(instant: dt.datetime) -> Q:
    """Neither revoked nor over; perhaps not yet begun."""
    return Q(revoked_at=None) & (Q(valid_to=None) | Q(valid_to__gt=instant))


def visible_grants(actor: Actor) -> QuerySet[RoleGrant]:
    """The grants the actor may see."""
    return policy.visible(actor, RoleGrant).select_related("role", "account", "post", "organisation")


def role_by_code(code: str) -> Role | None:
    """The role of that code, or None."""
    return Role.objects.filter(code=code).first()


def visible_roles(actor: Actor) -> QuerySet[Role]:
    """The roles the actor may see, administrators' first, then by code."""
    return policy.visible(actor, Role).order_by("kind", "code")


def carried_by(role: Role) -> list[str]:
    """The permissions of a role itself, its parents' left out."""
    return sorted(RolePermission.objects.filter(role=role).values_list("permission", flat=True))


def neighbours(role: Role) -> tuple[list[Role], list[Role]]:
    """The roles a role inherits from, and those it excludes (whichever of the two said so)."""
    apart = Q(excluded_by__role=role) | Q(exclusions__other=role)
    return (
        list(Role.objects.filter(heirs__role=role).order_by("code")),
        list(Role.objects.filter(apart).distinct().order_by("code")),
    )


def administrators() -> dict[int, str]:
    """The accounts that hold or have held an administrator's role of their own, and the kind of it."""
    rows = RoleGrant.objects.exclude(role__kind=RoleKind.BUSINESS).exclude(account=None)
    return dict(rows.order_by("id").values_list("account_id", "role__kind"))


def log_lines(actor: Actor, wanted: ledger.Wanted, *, before: int | None = None, limit: int = 50) -> ledger.Found:
    """A page of the log as the audit administrator may see it: of business no content and no reason, and names of
    citizens masked. Raises NotAllowed."""
    policy.require(actor, READ_LOG)
    found = ledger.search_log(wanted, before=before, limit=limit, open_types=OPEN_TYPES)
    lines = tuple(
        line if line.actor_kind in ("staff", "admin", "system") else replace(line, actor=policy.mask_name(line.actor))
        for line in found.lines
    )
    return replace(found, lines=lines)


def parents() -> dict[int, frozenset[int]]:
    """The parents of each role that has any."""
    found: dict[int, set[int]] = {}
    for role, parent in _inheritances():
        found.setdefault(role, set()).add(parent)
    return {role: frozenset(above) for role, above in found.items()}


@Prepared
def _inheritances() -> QuerySet[RoleInheritance, tuple[int, int]]:
    return RoleInheritance.objects.values_list("role_id", "parent_id")


def exclusions() -> list[tuple[int, int]]:
    """All pairs of roles that must not meet."""
    return list(RoleExclusion.objects.values_list("role_id", "other_id"))


def grants_for(account: "identity.Account", post: "identity.Post | None") -> Iterator[Grant]:
    """What the account has of its own and through the post it acts in, as grants of the policy kernel.

    While it stands in for a colleague of the same organisation, also what of his may be lent; asked in the same query.
    """
    instant, today = clock.now(), clock.today()
    if post is None:
        rows = _held_by_account(account.pk, today, instant)
    else:
        rows = _held_in_post(account.pk, post.pk, post.organisation_id, today, instant)
    if not rows and account.kind != "staff":
        return
    covered = absences.covered_by(account.pk, today, post.organisation_id if post is not None else None)
    standing_in = rows[0].standing_in if rows else covered.exists()  # type: ignore[attr-defined] # annotated by `_held`
    over = outlived(rows)
    rows = [row for row in rows if row.pk not in over]
    if not rows and not standing_in:
        return
    carried = _permissions({row.role_id for row in rows})
    mine = [row for row in rows if row.account_id == account.pk or (post is not None and row.post_id == post.pk)]
    yield from _grants(mine, carried, account, post)
    if standing_in:
        for absence in covered:
            theirs = absences.of(absence, rows, list(absences.posts_in(absence)))
            yield from absences.lent(absence, list(_grants(theirs, carried, absence.account, None)))


@Prepared
def _held_by_account(account_id: int, day: dt.date, instant: dt.datetime) -> QuerySet[RoleGrant]:
    return _held(Q(account_id=account_id), absences.covered_by(account_id, day), day, instant)


@Prepared
def _held_in_post(
    account_id: int, post_id: int, organisation_id: int, day: dt.date, instant: dt.datetime
) -> QuerySet[RoleGrant]:
    covered = absences.covered_by(account_id, day, organisation_id)
    return _held(Q(account_id=account_id) | Q(post_id=post_id), covered, day, instant)


def _held(own: Q, covered: QuerySet[Absence], day: dt.date, instant: dt.datetime) -> QuerySet[RoleGrant]:
    rows = RoleGrant.objects.filter(own | absences.lenders(covered, day), _alive(instant), valid_from__lte=instant)
    return (
        marked(rows, day)
        .select_related("role", "organisation", "post__organisation")
        .annotate(standing_in=Exists(covered))
        .order_by("id")
    )


def _grants(
    rows: Iterable[RoleGrant],
    carried: Mapping[int, frozenset[str]],
    account: "identity.Account",
    post: "identity.Post | None",
) -> Iterator[Grant]:
    for row in rows:
        for scope in scope_tokens(row, account, post or row.post):
            for permission in carried[row.role_id]:
                yield Grant(permission, scope, row.valid_to, row.deny, row.role.code)


def _permissions(roles: set[int]) -> dict[int, frozenset[str]]:
    above = parents()
    reach = {role: rules.closure([role], above) for role in roles}
    carried: dict[int, set[str]] = {}
    every = frozenset().union(*reach.values())
    for role, permission in _carried(every):
        carried.setdefault(role, set()).add(permission)
    return {
        role: frozenset(code for inherited in within for code in carried.get(inherited, ()))
        for role, within in reach.items()
    }


def _carried(roles: frozenset[int]) -> Iterable[tuple[int, str]]:
    if not 0 < len(roles) <= _FEW_ROLES:
        return RolePermission.objects.filter(role_id__in=roles).values_list("role_id", "permission")
    some = [*roles, *[next(iter(roles))] * (_FEW_ROLES - len(roles))]
    return _carried_by_few(*some)


_FEW_ROLES = 6


@Prepared
def _carried_by_few(a: int, b: int, c: int, d: int, e: int, f: int) -> QuerySet[RolePermission, tuple[int, str]]:
    return RolePermission.objects.filter(role_id__in=(a, b, c, d, e, f)).values_list("role_id", "permission")


def scope_tokens(row: RoleGrant, account: "identity.Account", post: "identity.Post | None") -> Iterable[str]:
    """The scope of a grant as tokens; a scope that cannot be placed reaches nothing."""
    organisation = row.organisation or (post.organisation if post is not None else None)
    match row.scope:
        case ScopeKind.ALL:
            return ("all",)
        case ScopeKind.SELF:
            return (f"person:{account.person_id}",) if account.person_id is not None else ()
        case ScopeKind.REGION:
            code = row.division_code or (organisation.division_code if organisation else "")
            return (f"region:{policy.region_prefix(code)}",) if code else ()
        case ScopeKind.ORG:
            return (f"org:{organisation.pk}",) if organisation else ()
    return tuple(f"org:{key}" for key in identity.subtree(organisation.pk)) if organisation else ()


def roles_in_hand(
    person_id: int | None, *, account_ids: Iterable[int] = (), post_ids: Iterable[int] = ()
) -> frozenset[int]:
    """The roles a person has or will have: through all his accounts and all posts he holds or will hold,
    and through the accounts and posts named besides."""
    instant, today = clock.now(), clock.today()
    his = Q(account_id__in=list(account_ids)) | Q(post_id__in=list(post_ids))
    if person_id is not None:
        accounts, posts = identity.hands_of(person_id, today)
        his |= Q(account_id__in=accounts) | Q(post_id__in=posts)
    return frozenset(RoleGrant.objects.filter(his, _alive(instant), deny=False).values_list("role_id", flat=True))


@dataclass(frozen=True, slots=True)
class Holder:
    """An official and the capacity in which he holds something: `capacity` is a key of identity, empty for any."""

    account_id: int
    name: str
    capacity: str
    post: str


def holders(permission: str, organisation_id: int) -> list[Holder]:
    """The active officials whose roles permit this at an organisation now, by name, each in the first such capacity.

    What a denying grant takes away is left out, and so is who holds it everywhere: no queue is his. A fixed number of
    queries, and one for each level above the organisation. For a list to choose from: who acts on it asks `may`.
    """
    carrying = set(RolePermission.objects.filter(permission=permission).values_list("role_id", flat=True))
    above = parents()
    roles = carrying | {heir for heir in above if rules.closure([heir], above) & carrying}
    rows = RoleGrant.objects.filter(_alive(clock.now()), valid_from__lte=clock.now(), role_id__in=roles)
    found = list(marked(rows.filter(_reaching(organisation_id)), clock.today()))
    over = outlived(found)
    denied = {(row.account_id, row.post_id) for row in found if row.deny}
    giving = (row for row in found if not row.deny and row.scope != ScopeKind.ALL and row.pk not in over)
    given = {(row.account_id, row.post_id) for row in giving} - denied
    named = identity.officials_in([a for a, _post in given if a], [post for _a, post in given if post])
    first: dict[int, Holder] = {}
    for row, post in named:
        if (row.pk, None) not in denied:
            name, key = row.person.name if row.person else row.username, f"post:{post.pk}" if post else ""
            first.setdefault(row.pk, Holder(row.pk, name, key, post.name if post else ""))
    return list(first.values())


def _reaching(organisation_id: int) -> Q:
    """Grants that reach an organisation: given for it, for one above it with all below, or for everything."""
    tree = [organisation_id]
    while (above := identity.parent_of(tree[-1])) is not None and above.pk not in tree:
        tree.append(above.pk)
    own = Q(organisation_id=organisation_id) | Q(organisation=None, post__organisation_id=organisation_id)
    whole = Q(organisation_id__in=tree) | Q(organisation=None, post__organisation_id__in=tree)
    return Q(scope=ScopeKind.ALL) | Q(own, scope=ScopeKind.ORG) | Q(whole, scope=ScopeKind.ORG_TREE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether something is allowed, and the sentences that say why."""

    allowed: bool
    because: tuple[str, ...]


def why(actor: Actor, permission: str, row: Model | None = None) -> Explanation:
    """Explain to an administrator (or the actor) why the permission is there or not, for one object when given."""
    allowed = policy.may(actor, permission, row)
    found = [grant for grant in actor.grants if grant.permission in (permission, "*")]
    if not found:
        sentence = _("No role gives “%(permission)s”; what is not granted is denied.")
        return Explanation(allowed, (sentence % {"permission": permission},))
    said = [_line(grant) for grant in sorted(found, key=lambda grant: (grant.deny, grant.source, grant.scope))]
    if not allowed:
        said.append(_("None of these reaches the object, or a denial takes it away."))
    return Explanation(allowed, tuple(said))


def _line(grant: Grant) -> str:
    if grant.until is not None and clock.now() >= grant.until:
        sentence = _("Role “%(role)s” reached %(scope)s until %(until)s and has ended.")
    elif grant.deny:
        sentence = _("Role “%(role)s” takes it away within %(scope)s.")
    else:
        sentence = _("Role “%(role)s” gives it within %(scope)s.")
    until = clock.local(grant.until).strftime("%Y-%m-%d %H:%M") if grant.until else ""
    return sentence % {"role": grant.source, "scope": grant.scope, "until": until}
