"""Starting what an ad-hoc sub-process of a case offers, and saying that it is over."""

from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.returning import running_process
from zhengtong.matters.cases.services.work import take
from zhengtong.matters.workflow import services as workflow


def start_activity(*, by: Actor, case_id: int, number: int, element: str) -> None:
    """Start an activity that is on offer at the token `number` of the case's process; raises as
    `workflow.start_activity`, and Conflict for a closed case.
    """

    def job() -> None:
        work = take(case_id, by=by)
        where = {"process_id": running_process(work), "number": number}
        workflow.start_activity(by=by, **where, element=element, subject=work, now=work.now)
        work.flush()

    with recorded_refusals(by, case_id):
        write(job)


def end_activities(*, by: Actor, case_id: int, number: int) -> None:
    """Say that what is on offer at the token `number` is over; raises as `start_activity`."""

    def job() -> None:
        work = take(case_id, by=by)
        where = {"process_id": running_process(work), "number": number}
        workflow.end_activities(by=by, **where, subject=work, now=work.now)
        work.flush()

    with recorded_refusals(by, case_id):
        write(job)
