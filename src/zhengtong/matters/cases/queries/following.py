"""Who follows a case without having it in hand: whoever acted on it, who supervises, who was sent a copy."""

from collections.abc import Iterable

from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.registry import URGE
from zhengtong.matters.workflow.queries import acted_on
from zhengtong.matters.workflow.queries.copies import copies_for

KIND = "case"


def may_urge(actor: Actor, case: Case, *, acted: bool | None = None) -> bool:
    """Whether the actor, an official, may urge on who has the case: he has acted on it, or supervises by permission.

    `acted` says whether he has, where the reader knows it already.
    """
    if actor.kind != "staff" or actor.account_id is None:
        return False
    return may(actor, URGE, case) or (acted_on(actor, KIND, case.id) if acted is None else acted)


def brought_tokens(actor: Actor, case_ids: Iterable[int]) -> dict[int, str]:
    """The public tokens of those among these cases that a standing copy lets the actor read."""
    brought = copies_for(actor).filter(subject_kind=KIND, subject_id__in=list(case_ids)).values("subject_id")
    return dict(Case.objects.filter(id__in=brought).values_list("id", "token"))
