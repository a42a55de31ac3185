"""加签 and 委派 on a case: colleagues of its authority are asked in person, and what they say is read there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.services.handling import forbid_reviewer, recorded_refusals
from zhengtong.matters.cases.services.opinions import keep_opinion
from zhengtong.matters.cases.services.work import Work, take_by_task
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.choices import Asked
from zhengtong.people.access.queries import holders
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.queries import Account

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

LATE = "bpmn.withdraw_late"
ACT_STANDS = _("What was done on the case stands; ask for it to be sent back.")


def ask_colleagues(
    *, by: Actor, task_id: int, account_ids: Iterable[int], reason: str, way: Asked = Asked.BEFORE
) -> None:
    """Have colleagues sign a case's open task too: before it or do it instead (it is held until all have answered),
    alongside as more of several who sign, or one after another once it is done.

    Who reviewed is not asked about the decision. Whoever signs alongside or after gives an outcome that counts, so he
    must hold the post of the step. Raises as `workflow.add_signers`, Conflict (does not serve there, lacks the post).
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
        for key in wanted:
            forbid_reviewer(work, held.task, key)
        to = [serving[key] for key in wanted]
        _require_post(held.task, to, way)
        _ask(work, held.task, to, reason, way)
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def _require_post(task: "Task", to: list[Account], way: Asked) -> None:
    if way not in (Asked.AFTER, Asked.ALONGSIDE) or not task.outcomes:
        return
    holding = {each.account_id for each in holders(f"task.{task.role}", task.agency_id)}
    lacking = next((each for each in to if each.pk not in holding), None)
    if lacking is not None:
        sentence = _("%(name)s does not hold the post that this step asks for; have him sign before you.")
        name = lacking.person.name if lacking.person else lacking.username
        raise Conflict("workflow.colleague_without_role", sentence % {"name": name}, role=task.role)


def _ask(work: Work, task: "Task", to: list[Account], reason: str, way: Asked) -> None:
    if way == Asked.DELEGATED and len(to) > 1:
        raise Conflict("cases.one_delegate", _("A task is delegated to one colleague."))
    if way == Asked.DELEGATED and to:
        workflow.delegate(by=work.by, task=task, to=to[0], reason=reason, subject=work, now=work.now)
    elif way == Asked.ALONGSIDE:
        workflow.add_alongside(by=work.by, task=task, to=to, reason=reason, subject=work, now=work.now)
    else:
        after = way == Asked.AFTER
        workflow.add_signers(by=work.by, task=task, to=to, reason=reason, subject=work, now=work.now, after=after)


def give_opinion(*, by: Actor, task_id: int, words: str) -> None:
    """Say what one was asked to say about a case; raises as `workflow.answer`."""

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        workflow.require_task(by, held.task)
        forbid_reviewer(work, held.task, by.account_id or 0)
        workflow.stand_in(by=by, task=held.task, now=work.now)
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


def name_no_longer(*, by: Actor, task_id: int) -> None:
    """Have nobody sign after one's own task of a case; raises as `workflow.name_no_longer`."""

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        workflow.name_no_longer(by=by, task=held.task, subject=work, now=work.now)
        work.flush()

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def withdraw_act(*, by: Actor, task_id: int, reason: str) -> int:
    """Take back what one did or said, while nobody acted after it; answers the new task in its place.

    Raises as `workflow.withdraw`, Conflict where it has done something to the case: its actions are done with it, and
    the law's way back is to send it back.
    """

    def job() -> int:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        try:
            new = workflow.withdraw(by=by, task=held.task, reason=reason, subject=work, now=work.now)
        except EngineError as error:
            if error.code != LATE or held.task.who_id is not None:
                raise
            raise Conflict("cases.act_stands", ACT_STANDS) from None
        if held.task.outcomes:
            keep_opinion(work, held.task.stage, "withdrawn", reason.strip())
        work.flush()
        return new.id

    about: list[int] = []
    with recorded_refusals(by, about):
        return write(job)
