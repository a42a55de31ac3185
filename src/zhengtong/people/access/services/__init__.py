"""Verbs of access: define roles, grant and revoke them, and keep apart what must not meet in one hand."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import queries as ledger_queries
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.ledger.queries import Found, LogVerdict, Wanted
from zhengtong.foundation.policy import Actor, Permission
from zhengtong.people.access import events, queries, rules
from zhengtong.people.access.choices import RoleKind, ScopeKind
from zhengtong.people.access.models import Role, RoleExclusion, RoleGrant, RoleInheritance, RolePermission
from zhengtong.people.access.queries.outlived import outlived_grants
from zhengtong.people.access.registry import EXPORT_LOG, GRANT_ROLE, MANAGE_ROLES, READ_LOG
from zhengtong.people.access.services.absences import end_absence as end_absence
from zhengtong.people.access.services.absences import enter_absence as enter_absence
from zhengtong.people.access.services.separation import check_hand
from zhengtong.people.identity import queries as identity

EXAMINATIONS = ("log", 0)
EXAMINED_AT_ONCE = 50_000
"""Events a page may recompute while somebody waits."""
NOBODY: list[int | None] = [None]

ADMINISTRATORS = {
    RoleKind.SYSTEM: ("sys_admin", "系统管理员", "System administrator"),
    RoleKind.SECURITY: ("sec_admin", "安全管理员", "Security administrator"),
    RoleKind.AUDIT: ("audit_admin", "审计管理员", "Audit administrator"),
}


def define_role(
    *,
    by: Actor,
    code: str,
    name_zh: str,
    name_en: str,
    permissions: Iterable[str],
    kind: str = RoleKind.BUSINESS,
    parents: Sequence[Role] = (),
    exclusive_with: Sequence[Role] = (),
    max_holders: int | None = None,
) -> Role:
    """Define a role, or define it anew; parents and exclusions are replaced by those given.

    Raises NotAllowed, Invalid (an unknown permission, or one of another kind of role), Conflict (somebody holds
    already what this would forbid, or the role would inherit what it excludes).
    """
    policy.require(by, MANAGE_ROLES)
    wanted = frozenset(permissions)
    _check_permissions(wanted, kind)

    def job() -> Role:
        role, _made = Role.objects.update_or_create(
            code=code,
            defaults={"name_zh": name_zh, "name_en": name_en, "kind": kind, "max_holders": max_holders},
        )
        RolePermission.objects.filter(role=role).delete()
        RolePermission.objects.bulk_create(
            RolePermission(role=role, permission=permission) for permission in sorted(wanted)
        )
        RoleInheritance.objects.filter(role=role).delete()
        for parent in parents:
            RoleInheritance.objects.create(role=role, parent=parent)
        RoleExclusion.objects.filter(role=role).delete()
        for other in exclusive_with:
            RoleExclusion.objects.create(role=role, other=other)
        check_hand(rules.closure([role.pk], queries.parents()))
        _check_all_holders(role)
        payload = {"code": code, "permissions": sorted(wanted), "kind": str(kind)}
        ledger.record(by=by, type=events.ROLE_DEFINED, subject=("role", role.pk), payload=payload)
        return role

    return write(job)


def install_roles(*, by: Actor) -> dict[str, Role]:
    """The roles of the three administrators, each with all permissions of its kind; run again after an upgrade."""
    made = {}
    for kind, (code, name_zh, name_en) in ADMINISTRATORS.items():
        carried = [code for code, permission in _known().items() if permission.kind == kind]
        made[code] = define_role(by=by, code=code, name_zh=name_zh, name_en=name_en, permissions=carried, kind=kind)
    return made


def grant_role(
    *,
    by: Actor,
    role: Role,
    account: "identity.Account | None" = None,
    post: "identity.Post | None" = None,
    scope: str,
    organisation: "identity.Organisation | None" = None,
    division_code: str = "",
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    deny: bool = False,
    reason: str = "",
) -> RoleGrant:
    """Give a role to an account or to a post (then to whoever holds it), within a scope and a term.

    Raises NotAllowed; Invalid (no single holder, the term, a scope without place); Conflict: nobody grants to
    himself; exclusive roles, and an administrator's with any other, never meet in one hand, inherited or not.
    """
    policy.require(by, GRANT_ROLE)
    grant = RoleGrant(
        role=role,
        account=account,
        post=post,
        scope=scope,
        organisation=organisation,
        division_code=division_code,
        valid_from=valid_from or clock.now(),
        valid_to=valid_to,
        deny=deny,
        reason=reason,
        granted_by_id=by.account_id,
    )
    _check_grant(by, grant)

    def job() -> RoleGrant:
        people = _people_of(account, post)
        identity.lock_people(person_id for person_id in people if person_id is not None)
        if not deny:
            for person_id in people or NOBODY:
                _check_gain(role, person_id, account, post)
            _check_room(role)
        grant.save(force_insert=True)
        payload = {"role": role.code, "scope": scope, "account": grant.account_id, "post": grant.post_id}
        subject = ("role_grant", grant.pk)
        ledger.record(by=by, type=events.ROLE_GRANTED, subject=subject, payload=payload, reason=reason)
        return grant

    return write(job)


def revoke_grant(*, by: Actor, grant: RoleGrant, reason: str) -> RoleGrant:
    """End a grant at this instant. Raises NotAllowed, Conflict (already revoked)."""
    policy.require(by, GRANT_ROLE)

    def job() -> RoleGrant:
        row = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        if row.revoked_at is not None:
            raise Conflict("access.revoked", _("This grant has already been revoked."))
        row.revoked_at, row.revoke_reason = clock.now(), reason
        row.save(update_fields=["revoked_at", "revoke_reason"])
        subject = ("role_grant", row.pk)
        ledger.record(by=by, type=events.GRANT_REVOKED, subject=subject, payload={}, reason=reason)
        return row

    return write(job)


def end_outlived_grants() -> int:
    """End the grants whose holder has left what they were given for; answers how many.

    They count for nothing from the end of his last day (`queries.outlived`); ended, they do not revive where he comes
    back in another post.
    """
    found = outlived_grants()
    for grant in found:
        revoke_grant(by=policy.SYSTEM, grant=grant, reason=str(_("Its holder has left the post it was given with.")))
    return len(found)


def note_log_read(*, by: Actor, wanted: Wanted) -> None:
    """Record that the log was searched, and for what (security.md §6). Raises NotAllowed."""
    policy.require(by, READ_LOG)
    _trace_log(by, events.LOG_READ, _told(wanted))


def export_log(*, by: Actor, wanted: Wanted, reason: str, before: int | None = None, limit: int = 5000) -> Found:
    """Up to `limit` lines to take away, recorded with what was asked, how many, and why, before they are answered.

    Raises NotAllowed, Invalid (no reason).
    """
    policy.require(by, EXPORT_LOG)
    if not reason.strip():
        sentence = _("Say why the log is exported.")
        raise Invalid("access.export_reason", sentence, [("reason", "access.export_reason", str(sentence))])
    found = queries.log_lines(by, wanted, before=before, limit=limit)
    _trace_log(by, events.LOG_EXPORTED, {**_told(wanted), "lines": len(found.lines)}, reason)
    return found


def examine_log(*, by: Actor) -> LogVerdict:
    """Recompute the whole log and record the outcome. Raises NotAllowed, Conflict (too large to be waited for)."""
    policy.require(by, READ_LOG)
    if ledger_queries.sealed_size() > EXAMINED_AT_ONCE:
        raise Conflict(
            "access.log_large", _("The log is too large to wait for. Run “zhengtong ledger verify” instead.")
        )
    verdict = ledger_queries.verify_log()
    told = {"size": verdict.size, "events": verdict.events, "faults": [fault.code for fault in verdict.faults]}
    ledger.record(by=by, type=events.LOG_EXAMINED, subject=EXAMINATIONS, payload=told)
    return verdict


def _trace_log(by: Actor, event: str, told: Mapping[str, object], reason: str = "") -> None:
    ledger.record(by=by, type=event, subject=("account", by.account_id or 0), payload=told, reason=reason)


def _told(wanted: Wanted) -> dict[str, object]:
    return {name: value for name, value in asdict(wanted).items() if value not in ("", None, (), False)}


def guard_holder(*, person_id: int | None, account_id: int | None = None, post_id: int | None = None) -> None:
    """Refuse (Conflict) that a person comes to an account or a post whose roles must not join what he has."""
    accounts = [] if account_id is None else [account_id]
    posts = [] if post_id is None else [post_id]
    check_hand(queries.roles_in_hand(person_id, account_ids=accounts, post_ids=posts))


def _check_gain(
    role: Role, person_id: int | None, account: "identity.Account | None", post: "identity.Post | None"
) -> None:
    held = queries.roles_in_hand(
        person_id,
        account_ids=[account.pk] if account is not None else [],
        post_ids=[post.pk] if post is not None else [],
    )
    check_hand(held | {role.pk})


def _check_all_holders(role: Role) -> None:
    above = queries.parents()
    heirs = {heir for heir in [role.pk, *above] if role.pk in rules.closure([heir], above)}
    for grant in RoleGrant.objects.filter(role_id__in=heirs, revoked_at=None, deny=False):
        for person_id in _people_of(grant.account, grant.post) or NOBODY:
            _check_gain(grant.role, person_id, grant.account, grant.post)


def _people_of(account: "identity.Account | None", post: "identity.Post | None") -> list[int | None]:
    if account is not None:
        return [account.person_id] if account.person_id is not None else []
    return [*identity.present_and_coming_holders(post.pk)] if post is not None else []


def _check_room(role: Role) -> None:
    if role.max_holders is not None:
        alive = RoleGrant.objects.filter(role=role, revoked_at=None, deny=False).exclude(valid_to__lte=clock.now())
        if alive.count() >= role.max_holders:
            raise Conflict("access.full", _("This role has as many holders as it may have."))


def _check_grant(by: Actor, grant: RoleGrant) -> None:
    if (grant.account_id is None) == (grant.post_id is None):
        raise Invalid("access.holder", _("Name an account or a post."))
    if grant.valid_to is not None and grant.valid_to <= grant.valid_from:
        raise Invalid("access.term", _("The grant would end before it begins."))
    placed = grant.organisation_id or grant.post_id or (grant.division_code and grant.scope == ScopeKind.REGION)
    if grant.scope in (ScopeKind.ORG, ScopeKind.ORG_TREE, ScopeKind.REGION) and not placed:
        raise Invalid("access.place", _("Name the organisation or division the grant is for."))
    own = by.person_id is not None and by.person_id in _people_of(grant.account, grant.post)
    if own or (by.account_id is not None and by.account_id == grant.account_id):
        raise Conflict("access.oneself", _("Nobody grants a role to himself."))


def _check_permissions(wanted: frozenset[str], kind: str) -> None:
    known = _known()
    if unknown := sorted(wanted - known.keys()):
        raise Invalid("access.permission_unknown", _("No such permission."), permissions=unknown)
    if foreign := sorted(code for code in wanted if known[code].kind != kind):
        raise Invalid(
            "access.permission_kind", _("A role of this kind cannot carry this permission."), permissions=foreign
        )


def _known() -> dict[str, Permission]:
    return {code: thing for code, thing in registry.permissions.all().items() if isinstance(thing, Permission)}
