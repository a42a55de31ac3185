"""加签 and 委派 on a case: colleagues of its authority are asked in person, and what they say is read there."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.work import take_by_task
from zhengtong.matters.workflow import services as workflow
from zhengtong.people.identity import queries as identity


def ask_colleagues(
    *, by: Actor, task_id: int, account_ids: Iterable[int], reason: str, delegated: bool = False
) -> None:
    """Ask colleagues about a case's open task, which is held until all have answered; `delegated`: have one do it.

    Who reviewed is not asked about the decision. Raises as `workflow.add_signers`, Conflict (does not serve there).
    """
    wanted = list(dict.fromkeys(account_ids))

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        workflow.require_task(by, held.task)
        workflow.stand_in(by=by, task=held.task, now=work.now)
        serving = {account.pk: account for account, _post in identity.officials_at(work.case.agency_id)}
        if any(key not in serving for key in wanted):
            raise Conflict(
                "cases.no_colleague", _("Only officials who serve at the authority of the case can be asked.")
            )
        if held.task.role == "decider" and work.case.reviewer_id in wanted:
            raise NotAllowed("cases.same_person", _("Whoever reviewed a case may not decide it."))
        to = [serving[key] for key in wanted]
        if delegated and len(to) > 1:
            raise Conflict("cases.one_delegate", _("A task is delegated to one colleague."))
        if delegated and to:
            workflow.delegate(by=by, task=held.task, to=to[0], reason=reason, subject=work, now=work.now)
        else:
            workflow.add_signers(by=by, task=held.task, to=to, reason=reason, subject=work, now=work.now)
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def give_opinion(*, by: Actor, task_id: int, words: str) -> None:
    """Say what one was asked to say about a case; raises as `workflow.answer`."""

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        workflow.answer(by=by, task=held.task, words=words, subject=work, now=work.now)
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def ask_no_longer(*, by: Actor, task_id: int) -> None:
    """Take a question about a case back that nobody has answered; raises as `workflow.ask_no_longer`."""

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        workflow.ask_no_longer(by=by, task=held.task, subject=work, now=work.now)
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def withdraw_opinion(*, by: Actor, task_id: int, reason: str) -> None:
    """Take back what one said when asked, while who asked has not acted on it; raises as `workflow.withdraw`.

    An act of the office itself is not taken back: what it does to the case, its actions have done with it, and the
    law's way back is to send it back.
    """

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        if held.task.who_id is None:
            raise Conflict("cases.act_stands", _("What was done on the case stands; ask for it to be sent back."))
        workflow.withdraw(by=by, task=held.task, reason=reason, subject=work, now=work.now)
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)
