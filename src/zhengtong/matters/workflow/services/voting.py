"""会签: in one round everybody signs in one place, whichever hats he wears (posts, substitution, 加签).

Whoever signs for an absent colleague gives that one's signature and his own: neither signs in the round again. What
was taken back and what belongs to a round that was undone (退回) hinders nobody.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import Poll, poll_of
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.following import account_of
from zhengtong.matters.workflow.services.stepping import Run
from zhengtong.people.access.queries.absences import name_of_absent, pairs_away
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.queries import Account

_SIGNER = ("assignee_id", "absent_id", "who_id")


def forbid_second_vote(by: Actor, task: Task, run: Run) -> None:
    """Conflict where the actor, or the one he acts for, has signed in the round of an open task already, or is named
    to sign there in a place of his own. Nothing is read where no vote is taken.
    """
    poll = _poll(run, task)
    if poll is None or not poll.counted or by.account_id is None or _is_helper(run, task):
        return
    hats = {by.account_id, *_known((task.absent_id, task.who_id))}
    signed = _accounts(_signatures(task.process_id, poll))
    if by.account_id in signed:
        raise Conflict("workflow.voted_already", _("You have signed already; another of the several signs this one."))
    named = {account for number, account in _named(poll) if number != task.number and task.who_id != by.account_id}
    persons = identity.persons_of(hats | signed | named)
    for hat in sorted(hats):
        if persons[hat] in {persons[each] for each in signed}:
            sentence = _("%(name)s has signed in this round already, in person or by a substitute; once is enough.")
            raise Conflict("workflow.voted_already", sentence % {"name": name_of_absent(hat)})
        if persons[hat] in {persons[each] for each in named}:
            sentence = _("%(name)s is named to sign here in a place of his own; somebody else signs this one.")
            raise Conflict("workflow.votes_elsewhere", sentence % {"name": name_of_absent(hat)})


def require_new(by: Actor, task: Task, run: Run, asked: list[Account]) -> None:
    """Conflict where one of those to be added to the several of an open task signs there already: has signed, has it
    in hand, is listed and yet to be asked, or stands in today for one of these or is away with one of them standing
    in. Nothing is read where there are not several.
    """
    poll = _poll(run, task)
    if poll is None:
        return
    numbers = [token.id for token in run.state.tokens if _beside(run, task, token.id)]
    in_hand = Task.objects.filter(process_id=task.process_id, number__in=numbers, state=TaskState.CLAIMED)
    coming = _accounts(in_hand.values_list(*_SIGNER)) | {account for _number, account in _named(poll)}
    coming |= set() if _is_helper(run, task) else _known((by.account_id,))
    signing = coming | _accounts(_signatures(task.process_id, poll))
    away = pairs_away(task.agency_id)
    persons = identity.persons_of({*signing, *(account.pk for account in asked)})
    for account in asked:
        if persons[account.pk] in {persons[each] for each in signing}:
            raise Conflict("workflow.signs_already", _("%s signs here already.") % name_of_absent(account.pk))
        _forbid_stand_in(account.pk, coming, signing, away)


def _forbid_stand_in(key: int, coming: set[int], signing: set[int], away: set[tuple[int, int]]) -> None:
    for absent, substitute in sorted(away):
        if (substitute == key and absent in coming) or (absent == key and substitute in signing):
            sentence = _("%(name)s stands in today for %(absent)s, and one of the two signs here already.")
            told = {"name": name_of_absent(substitute), "absent": name_of_absent(absent)}
            raise Conflict("workflow.signs_already", sentence % told)


def _poll(run: Run, task: Task) -> Poll | None:
    return poll_of(run.graph, run.state, task.number, lambda: rows.past_of(task.process_id))


def _is_helper(run: Run, task: Task) -> bool:
    """Whether a task only says something about another, and is no signature."""
    token = run.state.find(task.number)
    return token is not None and bool(token.host)


def _beside(run: Run, task: Task, number: int) -> bool:
    own, other = run.state.find(task.number), run.state.find(number)
    return own is not None and other is not None and other.scope == own.scope and not other.host


def _signatures(process_id: int, poll: Poll) -> Iterable[tuple[int | None, ...]]:
    if not poll.signed:
        return []
    return Task.objects.filter(process_id=process_id, number__in=poll.signed).values_list(*_SIGNER)


def _accounts(signers: Iterable[tuple[int | None, ...]]) -> set[int]:
    return {account for signer in signers for account in _known(signer)}


def _known(accounts: Iterable[int | None]) -> set[int]:
    return {account for account in accounts if account is not None}


def _named(poll: Poll) -> list[tuple[int, int]]:
    """The tasks and accounts of those who are to sign yet."""
    found = ((number, account_of(who)) for number, who in poll.named)
    return [(number, account) for number, account in found if account is not None]
