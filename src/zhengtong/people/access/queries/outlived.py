"""Which grants have outlived the service they were given for: deny by default (GB/T 22239-2019 8.1.4.2 c)."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from zhengtong.foundation.core import clock
from zhengtong.people.access.choices import RoleKind, ScopeKind
from zhengtong.people.access.models import RoleGrant
from zhengtong.people.identity import queries as identity


def marked(rows: QuerySet[RoleGrant], day: dt.date) -> QuerySet[RoleGrant]:
    """The same grants with their roles, each marked where its account's holder had left a post by a day (`moved`)."""
    left = identity.terms_over(day).filter(person__accounts=OuterRef("account_id"))
    return rows.select_related("role").annotate(moved=Exists(left))


def outlived(rows: Iterable[RoleGrant]) -> frozenset[int]:
    """Those of these grants (`marked`), by their number, whose holder has left.

    A business role given to an account holds as long as its holder serves: where it was given for, if he has served
    there since; else anywhere, if he has served anywhere since. Whoever was taken to serve when it was given has, also
    where his last day was later entered as one before. One who never held a post has none to leave; what is
    given to a post goes with the post by itself; what takes away stays, and administrators, who need no post, are
    ended by hand. Nothing is read where none of the holders ever left a post.
    """
    own = [row for row in rows if row.moved and not row.deny and row.role.kind == RoleKind.BUSINESS]  # type: ignore[attr-defined] # annotated by `marked`
    terms = identity.terms_of(row.account_id for row in own if row.account_id is not None)
    return frozenset(row.pk for row in own if _has_left(row, terms.get(row.account_id or 0, [])))


def outlived_grants() -> list[RoleGrant]:
    """Every grant that stands and has outlived the service it was given for."""
    alive = RoleGrant.objects.filter(revoked_at=None, deny=False, role__kind=RoleKind.BUSINESS).exclude(account=None)
    rows = list(marked(alive.exclude(valid_to__lte=clock.now()), clock.today()))
    over = outlived(rows)
    return [row for row in rows if row.pk in over]


def _has_left(row: RoleGrant, terms: list[identity.Term]) -> bool:
    today, since = clock.today(), clock.local(row.granted_at).date()
    served = [each for each in terms if each.begin <= today and _counted(each, since, row.granted_at)]
    place = _place(row) if served else frozenset()
    there = [each for each in served if each.organisation_id in place] or served
    return bool(there) and not any(each.end is None or each.end >= today for each in there)


def _counted(term: identity.Term, since: dt.date, granted_at: dt.datetime) -> bool:
    """Whether a term had not ended when something was given, or nobody had entered yet that it had."""
    return term.end is None or term.end >= since or (term.counted_until is not None and term.counted_until > granted_at)


def _place(row: RoleGrant) -> frozenset[int]:
    if row.organisation_id is None:
        return frozenset()
    return (
        identity.subtree(row.organisation_id) if row.scope == ScopeKind.ORG_TREE else frozenset({row.organisation_id})
    )
