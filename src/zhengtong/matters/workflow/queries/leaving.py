"""Who has left the work that lies in his hand: his post, his authority, or his account."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.models import Task
from zhengtong.people.access import queries as access
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.choices import AccountState

Tasks = QuerySet[Task, Any]
_GONE = (AccountState.DISABLED, AccountState.CLOSED)
"""A locked account is its holder's again in half an hour: his work waits for him."""


def who_does(agency_id: int, role: str) -> set[int]:
    """The accounts that hold a role at an agency now; of many no more than a list shows, see `may_no_longer`."""
    return {each.account_id for each in access.holders(f"task.{role}", agency_id)}


def who_serves(agency_id: int) -> set[int]:
    """The accounts of who holds a post of an agency today; of many no more than a list shows, see `has_left`."""
    return {account.pk for account, _post in identity.officials_at(agency_id)}


def has_left(account_id: int, agency_id: int) -> bool:
    """Whether an account reaches an agency in none of its capacities any more."""
    ways = _ways(account_id)
    return ways is not None and not any(way.places is None or agency_id in way.places for way in ways)


def may_no_longer(account_id: int, agency_id: int, role: str) -> bool:
    """Whether an account may do the work of a role at an agency in none of its capacities any more."""
    ways, task = _ways(account_id), Task(agency_id=agency_id, role=role)
    return ways is not None and not any(may(way, f"task.{role}", task) for way in ways)


def _ways(account_id: int) -> list[Actor] | None:
    """In what capacities an account acts; None while it is locked."""
    account = identity.account(account_id)
    if account is None or account.state in _GONE:
        return []
    return list(_capacities(account)) if account.is_active else None


def _capacities(account: identity.Account) -> Iterator[Actor]:
    yield identity.actor_for(account)
    for post in (identity.posts_held(account.person_id) if account.person_id is not None else [])[1:]:
        yield identity.actor_for(account, post=post)
