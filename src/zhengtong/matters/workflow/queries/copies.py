"""Every read of copies: what was sent to an official, by whom a matter is read, and what a copy lets him read."""

from django.db.models import QuerySet

from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.workflow.models import Copy

MOST_COUNTED = 100


def copies_for(actor: Actor) -> QuerySet[Copy]:
    """The standing copies sent to the actor, newest first."""
    return visible(actor, Copy).filter(account_id=actor.account_id or 0, taken_back_at=None).order_by("-id")


def unread(actor: Actor) -> int:
    """How many of them he has not read, counted no further than a bound."""
    return len(copies_for(actor).filter(read_at=None).values_list("id")[:MOST_COUNTED])


def copies_of(kind: str, subject_id: int) -> QuerySet[Copy]:
    """Every copy of a matter, in order, for whoever handles it."""
    return Copy.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("id")


def may_read(actor: Actor, kind: str, subject_id: int) -> bool:
    """Whether a copy that stands lets the actor, an official, read this matter."""
    if actor.kind != "staff" or actor.account_id is None:
        return False
    return copies_for(actor).filter(subject_kind=kind, subject_id=subject_id).exists()
