"""Every read of identity: who is whom on a day, and the actor an account becomes in one capacity."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.seals import sm3
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotAllowed, SignInNeeded
from zhengtong.foundation.core.fields import blind_index
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.core.statements import Load, Prepared
from zhengtong.foundation.policy import Actor, Grant
from zhengtong.people.identity.choices import AccountKind, AccountState, DocumentType, OrganisationKind
from zhengtong.people.identity.models import Account as Account
from zhengtong.people.identity.models import ApiKey as ApiKey
from zhengtong.people.identity.models import Mandate as Mandate
from zhengtong.people.identity.models import Organisation as Organisation
from zhengtong.people.identity.models import Person as Person
from zhengtong.people.identity.models import Post as Post
from zhengtong.people.identity.models import Subordination
from zhengtong.people.identity.models import Tenure as Tenure
from zhengtong.people.identity.queries.serving import Term as Term
from zhengtong.people.identity.queries.serving import hands_of as hands_of
from zhengtong.people.identity.queries.serving import holders_of as holders_of
from zhengtong.people.identity.queries.serving import lock_people as lock_people
from zhengtong.people.identity.queries.serving import officials_at as officials_at
from zhengtong.people.identity.queries.serving import officials_in as officials_in
from zhengtong.people.identity.queries.serving import overlapping_tenures as overlapping_tenures
from zhengtong.people.identity.queries.serving import posts_held as posts_held
from zhengtong.people.identity.queries.serving import posts_named as posts_named
from zhengtong.people.identity.queries.serving import posts_of as posts_of
from zhengtong.people.identity.queries.serving import posts_of_accounts as posts_of_accounts
from zhengtong.people.identity.queries.serving import present_and_coming_holders as present_and_coming_holders
from zhengtong.people.identity.queries.serving import terms_of as terms_of
from zhengtong.people.identity.queries.serving import terms_over as terms_over
from zhengtong.people.identity.queries.terms import on as on

GrantSource = Callable[[Account, Post | None], Iterable[Grant]]
Guard = Callable[..., None]
_LONGEST_ID = 20
_PERSON = Load(Person, where=("id",))
_ORGANISATION = Load(Organisation, where=("id",))


def visible_people(actor: Actor) -> QuerySet[Person]:
    """The people the actor may look up; draw each through `policy.shown`."""
    return policy.visible(actor, Person)


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The organisations the actor may see."""
    return policy.visible(actor, Organisation)


def visible_accounts(actor: Actor) -> QuerySet[Account]:
    """The accounts the actor may see, with their people."""
    return policy.visible(actor, Account).select_related("person")


def visible_posts(actor: Actor) -> QuerySet[Post]:
    """The posts the actor may see, with their organisations."""
    return policy.visible(actor, Post).select_related("organisation", "unit")


def visible_tenures(actor: Actor) -> QuerySet[Tenure]:
    """The tenures the actor may see, with people and posts."""
    return policy.visible(actor, Tenure).select_related("person", "post__organisation")


def officials_found(actor: Actor, typed: str, limit: int = 50) -> list[Person]:
    """People an administrator may appoint: by the number of a paper anybody, by a name's beginning officials only.

    Draw each through `policy.shown`.
    """
    tidy = "".join(typed.split())
    papers = [document_index(kind, tidy) for kind in DocumentType.values]
    official = Q(tenures__isnull=False) | Q(accounts__kind__in=(AccountKind.STAFF, AccountKind.ADMIN))
    found = visible_people(actor).filter(Q(document_index__in=papers) | (Q(name__startswith=tidy) & official))
    return list(found.distinct().order_by("id")[:limit]) if tidy else []


def agency_tree(day: dt.date | None = None) -> list[tuple[int, Organisation]]:
    """Every agency of a day with its depth, each followed by those below it; agencies are public. Two queries."""
    rows = Organisation.objects.filter(on(day), kind=OrganisationKind.AGENCY).order_by("id")
    agencies = {row.pk: row for row in rows}
    below: dict[int | None, list[int]] = {}
    above = dict(Subordination.objects.filter(on(day)).values_list("organisation_id", "parent_id"))
    for key in agencies:
        parent = above.get(key)
        below.setdefault(parent if parent in agencies else None, []).append(key)
    tree: list[tuple[int, Organisation]] = []
    waiting = [(0, key) for key in reversed(below.get(None, []))]
    while waiting:
        depth, key = waiting.pop()
        tree.append((depth, agencies[key]))
        waiting.extend((depth + 1, child) for child in reversed(below.get(key, [])))
    return tree


def document_index(document_type: str, number: str) -> str:
    """The blind index of a paper; papers that carry a citizen's number are found by that number alike."""
    return blind_index(number.upper(), f"document:{document_type}")


def person_by_document(document_type: str, number: str) -> Person | None:
    """The person known by a paper, or None."""
    return Person.objects.filter(
        document_type=document_type, document_index=document_index(document_type, number)
    ).first()


def person(person_id: int) -> Person | None:
    """For services: the person of that identifier, whoever asks."""
    return _PERSON.one((person_id,))


def ask_person(person_id: int) -> Callable[[], Person | None]:
    """As `person`; asked together with other reads."""
    found = _PERSON.ask((person_id,))
    return lambda: next(iter(found()), None)


def organisation(organisation_id: int) -> Organisation | None:
    """The organisation of that identifier."""
    return _ORGANISATION.one((organisation_id,))


def ask_organisation(organisation_id: int) -> Callable[[], Organisation | None]:
    """As `organisation`; asked together with other reads."""
    found = _ORGANISATION.ask((organisation_id,))
    return lambda: next(iter(found()), None)


def organisation_by_uscc(uscc: str) -> Organisation | None:
    """The organisation of that credit code, or None."""
    return Organisation.objects.filter(uscc=uscc.upper()).first()


def account(account_id: int) -> Account | None:
    """For services and doors: the account of that identifier, with its person."""
    return next(iter(_account(account_id)), None)


@Prepared
def _account(account_id: int) -> QuerySet[Account]:
    return Account.objects.filter(pk=account_id).select_related("person")


def persons_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Whose each account is: the same word for accounts of one person, one of its own where it is nobody's."""
    wanted = set(account_ids)
    found = dict(Account.objects.filter(pk__in=wanted).values_list("pk", "person_id")) if wanted else {}
    return {key: f"person:{found[key]}" if found.get(key) else f"account:{key}" for key in wanted}


def account_by_name(username: str) -> Account | None:
    """The account of that sign-in name, without regard to case."""
    return Account.objects.filter(username__iexact=username).select_related("person").first()


def account_by_sign_in(typed: str) -> Account | None:
    """The account that signs in by this name, or by this verified e-mail address."""
    if "@" in typed:
        verified = EmailAddress.objects.filter(email__iexact=typed, verified=True).first()
        if verified is not None:
            return Account.objects.filter(pk=verified.user_id).first()
    return account_by_name(typed) if typed else None


def newest_factor(account: Account) -> Authenticator:
    """The second factor added last; recovery codes are none. Raises Authenticator.DoesNotExist."""
    factors = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return factors.latest("created_at", "id")


def parent_of(organisation_id: int, day: dt.date | None = None) -> Organisation | None:
    """What an organisation stands below on a day."""
    return Organisation.objects.filter(on(day, "subordinates__"), subordinates__organisation_id=organisation_id).first()


def subtree(organisation_id: int, day: dt.date | None = None) -> frozenset[int]:
    """The organisation and all that stand below it on a day; one query a level."""
    found = {organisation_id}
    level = {organisation_id}
    while level:
        below = Subordination.objects.filter(on(day), parent_id__in=level).values_list("organisation_id", flat=True)
        level = set(below) - found
        found |= level
    return frozenset(found)


def mandates_held(person_id: int, day: dt.date | None = None) -> list[Mandate]:
    """The mandates by which a person may act for others on a day."""
    return list(
        Mandate.objects.filter(on(day), agent_id=person_id, ended_at=None)
        .select_related("principal_person", "principal_organisation")
        .order_by("id")
    )


@dataclass(frozen=True, slots=True)
class Capacity:
    """One way in which an account may act: `key` is `self`, `mandate:<id>` or `post:<id>`."""

    key: str
    name: str
    detail: str = ""


def capacities(account: Account) -> list[Capacity]:
    """All ways in which the account may act today: its posts for staff, else oneself and the mandates held."""
    if account.person is None:
        return [Capacity("self", account.username)]
    if account.kind in (AccountKind.STAFF, AccountKind.ADMIN):
        posts = posts_held(account.person.pk)
        held = [Capacity(f"post:{post.pk}", post.name, post.organisation.name) for post in posts]
        return held or [Capacity("self", account.person.name)]
    mandates = mandates_held(account.person.pk)
    own = Capacity("self", account.person.name)
    return [own, *(Capacity(f"mandate:{m.pk}", principal_name(m), m.get_kind_display()) for m in mandates)]


def principal_name(mandate: Mandate) -> str:
    """The name of the one acted for."""
    principal = mandate.principal_organisation or mandate.principal_person
    return principal.name if principal is not None else ""


def actor_for(account: Account, mandate: int | Mandate | None = None, post: int | Post | None = None) -> Actor:
    """The actor an account becomes in one capacity: for oneself, under a mandate, or in a post.

    Staff who name no post act in their first. Under a mandate nobody has an official's rights. Raises NotAllowed
    where the mandate or post is not (or no longer) his, or the account may not act at all.
    """
    if not account.is_active:
        raise NotAllowed("identity.account_inactive", _("This account is not active."))
    if mandate is not None:
        return _mandated(account, _mandate_of(account, mandate))
    posts = _posts_of(account)
    held = _chosen(posts, post)
    return Actor(
        **_base(account),
        serves_at=frozenset(each.organisation_id for each in posts),
        organisation_id=held.organisation_id if held else None,
        post_id=held.pk if held else None,
        unit_id=held.unit_id if held else None,
        capacity=held.name if held else "",
        grants=frozenset(grants_of(account, held)),
    )


def actor_in(account: Account, key: str) -> Actor:
    """As `actor_for`, from the key of a capacity: empty or `self`, `mandate:<id>`, `post:<id>`.

    What is no such key is nobody's capacity (NotAllowed): who names one never acts in another without being told.
    """
    if key in ("", "self"):
        return actor_for(account)
    kind, _colon, number = key.partition(":")
    if kind not in ("mandate", "post") or not number.isascii() or not number.isdecimal() or len(number) >= _LONGEST_ID:
        raise NotAllowed("identity.no_capacity", _("You have no such capacity, or it has ended."))
    return actor_for(account, **{kind: int(number)})


def visible_api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of programs the actor may look at, newest first: his own, or all for who manages accounts."""
    return policy.visible(actor, ApiKey).select_related("account").order_by("-id")


def api_keys_of(account: Account) -> QuerySet[ApiKey]:
    """The keys of one account, newest first."""
    return ApiKey.objects.filter(account=account).order_by("-id")


def key_digest(secret: str) -> str:
    """By what a secret is found; the secret itself is kept nowhere."""
    return sm3(secret.encode()).hex()


def api_key(secret: str) -> ApiKey:
    """The key whose secret this is, with its account. SignInNeeded says only that it is not (or no longer) one."""
    found = ApiKey.objects.select_related("account__person").filter(digest=key_digest(secret)).first()
    usable = (
        found is not None
        and found.revoked_at is None
        and clock.now() < found.expires_at
        and found.account.state == AccountState.ACTIVE
    )
    if found is None or not usable:
        raise SignInNeeded("identity.key", _("This key is unknown, has expired or was revoked."))
    return found


def actor_by_key(key: ApiKey, wanted: str = "") -> Actor:
    """The actor a program becomes: in the capacity it asks for, else the key's own, else the account's first.

    NotAllowed where the key is bound to another capacity, or the account has no such one (any more).
    """
    chosen = capacity_named(key.account, wanted) if wanted else key.capacity
    if key.capacity and chosen != key.capacity:
        raise NotAllowed("identity.key_capacity", _("This key is bound to another capacity."))
    return actor_in(key.account, chosen)


def capacity_named(account: Account, name: str) -> str:
    """The key of a capacity from a name that outsiders may write: also `org:<credit code>`. NotAllowed if not his."""
    kind, _colon, code = name.partition(":")
    if kind in ("self", "mandate", "post"):
        return name
    if kind == "org" and account.person_id is not None:
        for post in posts_held(account.person_id) if account.kind in (AccountKind.STAFF, AccountKind.ADMIN) else ():
            if post.organisation.uscc == code.upper():
                return f"post:{post.pk}"
        for mandate in mandates_held(account.person_id):
            if mandate.principal_organisation and mandate.principal_organisation.uscc == code.upper():
                return f"mandate:{mandate.pk}"
    raise NotAllowed("identity.no_capacity", _("You have no such capacity, or it has ended."))


def grants_of(account: Account, post: Post | None) -> Iterable[Grant]:
    """What every source of grants (access registers one) gives the account in that post."""
    for source in registry.grant_sources.all().values():
        yield from cast(GrantSource, source)(account, post)


def ask_guards(**holder: Any) -> None:
    """Let every guard of separations (access registers one) refuse by Conflict."""
    for guard in registry.holder_guards.all().values():
        cast(Guard, guard)(**holder)


def _base(account: Account) -> dict[str, Any]:
    return {
        "account_id": account.pk,
        "person_id": account.person_id,
        "kind": account.kind,
        "name": account.person.name if account.person else account.username,
        "assurance": account.assurance,
        "clearance": account.clearance,
        "locale": account.locale,
    }


def _mandated(account: Account, mandate: Mandate) -> Actor:
    return Actor(
        **_base(account),
        organisation_id=mandate.principal_organisation_id,
        on_behalf_of=mandate.principal,
        mandate_id=mandate.pk,
        capacity=principal_name(mandate),
    )


def _mandate_of(account: Account, mandate: int | Mandate) -> Mandate:
    key = mandate if isinstance(mandate, int) else mandate.pk
    official = account.kind in (AccountKind.STAFF, AccountKind.ADMIN)
    theirs = _mandates(key, account.person_id, clock.today()) if account.person_id is not None else []
    if not theirs or official:
        raise NotAllowed("identity.no_mandate", _("You have no such mandate, or it has ended."))
    return theirs[0]


@Prepared
def _mandates(mandate_id: int, agent_id: int, day: dt.date) -> QuerySet[Mandate]:
    theirs = Mandate.objects.filter(on(day), pk=mandate_id, agent_id=agent_id, ended_at=None)
    return theirs.select_related("principal_person", "principal_organisation")


def _posts_of(account: Account) -> list[Post]:
    official = account.kind in (AccountKind.STAFF, AccountKind.ADMIN)
    return posts_held(account.person_id) if official and account.person_id is not None else []


def _chosen(held: list[Post], post: int | Post | None) -> Post | None:
    if post is None:
        return held[0] if held else None
    key = post if isinstance(post, int) else post.pk
    for candidate in held:
        if candidate.pk == key:
            return candidate
    raise NotAllowed("identity.no_post", _("You do not hold this post, or no longer."))
