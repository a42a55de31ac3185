"""Who serves in which post on a day, and through which accounts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.statements import Prepared
from zhengtong.foundation.policy import Actor, visible
from zhengtong.people.identity.choices import AccountKind, AccountState
from zhengtong.people.identity.models import Account, Person, Post, Tenure
from zhengtong.people.identity.queries.terms import on

MOST_NAMED = 300  # officials in one list to choose from


def posts_of_accounts(accounts: QuerySet[Any, Any], day: dt.date) -> QuerySet[Any, Any]:
    """The posts that the holders of these accounts hold on a day, as a part of another query; `accounts` gives ids."""
    terms = Tenure.objects.filter(on(day), on(day, "post__"), person__accounts__in=accounts)
    return terms.values("post_id")


def overlapping_tenures(person_id: int, post_id: int, begin: dt.date, end: dt.date | None) -> QuerySet[Tenure]:
    """Tenures of that person in that post that share a day with the term."""
    terms = Tenure.objects.filter(person_id=person_id, post_id=post_id).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=begin)
    )
    return terms if end is None else terms.filter(valid_from__lte=end)


def posts_held(person_id: int, day: dt.date | None = None) -> list[Post]:
    """The posts a person holds on a day, his appointed one first."""
    order = {"appointed": 0, "concurrent": 1, "acting": 2}
    tenures = _tenures(person_id, day or clock.today())
    return [tenure.post for tenure in sorted(tenures, key=lambda tenure: order[tenure.kind])]


@Prepared
def _tenures(person_id: int, day: dt.date) -> QuerySet[Tenure]:
    terms = Tenure.objects.filter(on(day), on(day, "post__"), person_id=person_id)
    return terms.select_related("post", "post__organisation", "post__unit").order_by("kind", "valid_from", "id")


def holders_of(post_id: int, day: dt.date | None = None) -> list[Person]:
    """Who holds a post on a day."""
    return list(Person.objects.filter(on(day, "tenures__"), tenures__post_id=post_id).distinct())


def posts_of(organisation_id: int, kind_of_work: str | None = None, day: dt.date | None = None) -> list[Post]:
    """The posts of an organisation on a day, of one kind of work when named."""
    posts = Post.objects.filter(on(day), organisation_id=organisation_id).order_by("id")
    return list(posts.filter(kind_of_work=kind_of_work) if kind_of_work else posts)


def posts_named(actor: Actor, words: str) -> QuerySet[Post]:
    """The posts of today that the actor may see, those with the words in their name or their organisation's."""
    rows = visible(actor, Post).filter(on()).select_related("organisation")
    named = Q(name_zh__contains=words) | Q(name_en__icontains=words) | Q(organisation__name_zh__contains=words)
    return rows.filter(named) if words else rows


def officials_in(accounts: Iterable[int], posts: Iterable[int]) -> list[tuple[Account, Post | None]]:
    """By name: the active officials of these accounts, without a post, and those who hold one of the posts today."""
    held: dict[int | None, list[Post | None]] = {}
    for term in Tenure.objects.filter(on(), on(None, "post__"), post_id__in=list(posts)).select_related("post"):
        held.setdefault(term.person_id, []).append(term.post)
    own = {key: [None] for key in accounts}
    his = Q(pk__in=list(own)) | Q(person_id__in=list(held))
    rows = Account.objects.filter(his, kind=AccountKind.STAFF, state=AccountState.ACTIVE).select_related("person")
    named = rows.order_by("person__name", "id")[:MOST_NAMED]
    return [(row, post) for row in named for post in (*own.get(row.pk, ()), *held.get(row.person_id, ()))]


def officials_at(organisation_id: int) -> list[tuple[Account, Post | None]]:
    """By name: the active officials who hold a post of an organisation today, with that post."""
    return officials_in((), [post.pk for post in posts_of(organisation_id)])


class Term(NamedTuple):
    """That somebody serves in a post of an organisation from a day to a day, both included; None while open.

    `counted_until` is until when he was taken to serve, where an end was entered; it may lie after that.
    """

    organisation_id: int
    begin: dt.date
    end: dt.date | None
    counted_until: dt.datetime | None


def terms_over(day: dt.date) -> QuerySet[Tenure]:
    """The tenures that are over on a day, by their own end or their post's: a part of another query."""
    return Tenure.objects.filter(Q(valid_to__lt=day) | Q(post__valid_to__lt=day))


def terms_of(account_ids: Iterable[int]) -> dict[int, list[Term]]:
    """When and where the people of these accounts serve and served, by account; a post that closes ends its terms.

    Nothing is read for none.
    """
    wanted = set(account_ids)
    terms = Tenure.objects.filter(person__accounts__in=wanted).order_by("id")
    read = (
        "person__accounts__id",
        "post__organisation_id",
        "valid_from",
        "valid_to",
        "post__valid_to",
        "counted_until",
    )
    found: dict[int, list[Term]] = {}
    for account, organisation, begin, end, closing, counted_until in terms.values_list(*read) if wanted else ():
        last = min((day for day in (end, closing) if day is not None), default=None)
        found.setdefault(account, []).append(Term(organisation, begin, last, counted_until))
    return found


def hands_of(person_id: int, day: dt.date) -> tuple[list[int], list[int]]:
    """The accounts of a person that are not closed, and the posts he holds on that day or later."""
    accounts = Account.objects.filter(person_id=person_id).exclude(state=AccountState.CLOSED)
    posts = Tenure.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), person_id=person_id)
    return list(accounts.values_list("pk", flat=True)), list(posts.values_list("post_id", flat=True))


def present_and_coming_holders(post_id: int) -> list[int]:
    """The people who hold a post today or will."""
    terms = Tenure.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today()), post_id=post_id)
    return list(terms.values_list("person_id", flat=True).distinct())


def lock_people(people: Iterable[int]) -> None:
    """Hold the rows of these people until the transaction ends, so that what they hold is checked in turn."""
    list(Person.objects.select_for_update().filter(pk__in=list(people)).order_by("pk"))
