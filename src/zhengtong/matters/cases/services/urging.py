"""Urging on a case (催办): by an official who waits for it, by a supervisor, by its applicant."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.queries.following import may_urge
from zhengtong.matters.cases.services.applying import own_work
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.work import KIND, take_by_task
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import open_tasks


def urge_task(*, by: Actor, task_id: int, words: str = "") -> None:
    """Urge the holder of an open task of a case. Raises NotAllowed, and as `workflow.urge_task`."""

    def job() -> None:
        work, held = take_by_task(task_id, by=by)
        about.append(work.case.id)
        if not may_urge(by, work.case):
            raise NotAllowed("cases.may_not_urge", _("Whoever has handled this case, or may by his post, can urge it."))
        workflow.urge_task(by=by, task=held.task, words=words, now=work.now)

    about: list[int] = []
    with recorded_refusals(by, about):
        write(job)


def urge_case(*, by: Actor, case_id: int) -> None:
    """As its applicant, urge on whatever of the case waits in the office (催一催).

    Raises NotFound (another's case), Conflict (nothing waits there now, urged lately).
    """

    def job() -> None:
        work = own_work(by, case_id)
        waiting = list(open_tasks(KIND, case_id))
        if not waiting:
            raise Conflict("cases.nothing_waits", _("Nothing of this case waits in the office now."))
        for task in waiting:
            workflow.urge_task(by=by, task=task, now=work.now)
        ledger.record(by=by, type="case.urged", subject=work.subject, payload={"tasks": len(waiting)})

    with recorded_refusals(by, case_id):
        write(job)
