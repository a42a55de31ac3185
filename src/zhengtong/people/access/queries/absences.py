"""Who is away and who stands in for him (代理), on a day and in an organisation, and what he is lent with it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet

from zhengtong.engines.calendars import end_of
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor, Grant
from zhengtong.people.access.models import Absence, RoleGrant
from zhengtong.people.identity import queries as identity

IN_PERSON = "task.in_person"
"""What every substitute is lent and no role carries: to do what is asked by name of whom he stands in for."""


def visible_absences(actor: Actor) -> QuerySet[Absence]:
    """The absences the actor may see: his own, those he stands in for, those of whom he administers; newest first."""
    return policy.visible(actor, Absence).select_related("account__person", "substitute__person").order_by("-id")


def standing() -> QuerySet[Absence]:
    """Absences that were not ended before their time."""
    return Absence.objects.filter(ended_at=None).select_related("account__person", "substitute__person")


def overlapping(begins_on: dt.date, ends_on: dt.date) -> QuerySet[Absence]:
    """Those of them that share a day with a term."""
    return standing().filter(begins_on__lte=ends_on, ends_on__gte=begins_on)


def covered_by(account_id: int, day: dt.date, organisation_id: int | None = None) -> QuerySet[Absence]:
    """The absences of a day in which an account stands in, in one organisation when named."""
    found = overlapping(day, day).filter(substitute_id=account_id)
    return found if organisation_id is None else found.filter(organisation_id=organisation_id)


def pairs_away(organisation_id: int) -> set[tuple[int, int]]:
    """Who is away from an organisation today, and who stands in for him: their accounts."""
    today = clock.today()
    found = overlapping(today, today).filter(organisation_id=organisation_id)
    return set(found.values_list("account_id", "substitute_id"))


def lenders(absences: QuerySet[Absence], day: dt.date) -> Q:
    """The grants of those who are away, as a condition that asks for them within the query of grants itself."""
    away = absences.values("account_id")
    return Q(account_id__in=away) | Q(post_id__in=identity.posts_of_accounts(away, day))


def name_of_absent(account_id: int) -> str:
    """The name of an official who is away."""
    account = identity.account(account_id)
    return (account.person.name if account.person else account.username) if account is not None else ""


def last_instant(absence: Absence) -> dt.datetime:
    """The instant at which an absence is over by itself."""
    return end_of(absence.ends_on).astimezone(dt.UTC)


def posts_in(absence: Absence) -> Iterator[int]:
    """The posts of who is away, in the organisation from which he is."""
    if absence.account.person_id is not None:
        for post in identity.posts_held(absence.account.person_id):
            if post.organisation_id == absence.organisation_id:
                yield post.pk


def lent(absence: Absence, grants: list[Grant]) -> Iterator[Grant]:
    """What of the grants of who is away goes to his substitute: what may be lent, within the organisation, for the
    time of the absence, nothing that is denied to himself; and to do what is asked of him in person there."""
    place, until = f"org:{absence.organisation_id}", last_instant(absence)
    yield Grant(IN_PERSON, place, until, lent_by=absence.account_id)
    denied = {(grant.permission, grant.scope) for grant in grants if grant.deny}
    for grant in grants:
        open_ = not grant.deny and grant.scope == place and (grant.permission, place) not in denied
        if open_ and policy.may_be_lent(grant.permission):
            ends = min(until, grant.until) if grant.until is not None else until
            yield Grant(grant.permission, place, ends, source=grant.source, lent_by=absence.account_id)


def of(absence: Absence, rows: Sequence[RoleGrant], posts: list[int]) -> list[RoleGrant]:
    """Those grants that are of who is away, his account's or his posts'."""
    return [row for row in rows if row.account_id == absence.account_id or row.post_id in posts]
