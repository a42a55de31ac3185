"""Urging on a case as its applicant (催一催); officials urge as on any matter."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.services.applying import own_work
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.work import KIND
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import open_tasks


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
