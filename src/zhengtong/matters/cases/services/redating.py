"""A case whose clocks are counted with another notice: its dates, tasks and timers follow, and people are told."""

from collections.abc import Mapping

from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases.services.work import KIND, Work, take
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.deadlines.registry import Moved, Recount
from zhengtong.matters.deadlines.services import Dates
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import open_task

_COLUMNS = {ClockName.PROMISE.value: "promise_due", ClockName.LEGAL.value: "legal_due"}


def follow_notice(case_id: int, year: int, recount: Recount) -> None:
    """Carry the dates that the notice of `year` moved to the case and all that waits for them; within a write.

    Where a last day is another one, the ledger records both days, and whoever has the case in hand is told.
    """
    work = take(case_id, by=SYSTEM)
    moved = recount()
    if not moved:
        return
    work.change(**{column: moved[name].due_on for name, column in _COLUMNS.items() if name in moved})
    running = [name for name, row in deadlines.clocks_of(work.subject).items() if row.stopped_on is None]
    counting = deadlines.counting(running)
    if counting is not None and counting in moved and not work.case.paused:
        now = moved[counting]
        work.urgency(Dates(now.due_on, now.yellow_on, now.red_on))
    _record(work, year, {name: each for name, each in moved.items() if each.later})
    work.flush()
    if work.case.process_id is not None:
        workflow.follow_dates(process_id=work.case.process_id, subject=work)


def _record(work: Work, year: int, later: Mapping[str, Moved]) -> None:
    if not later:
        return
    task = open_task(KIND, work.case.id)
    officer = (task.assignee_id if task else None) or work.case.reviewer_id or work.case.first_contact_id
    days = {name: {"from": each.due_before, "to": each.due_on} for name, each in later.items()}
    work.chapter.record(by=SYSTEM, type="case.redated", payload={"year": year, "clocks": days, "account": officer})
