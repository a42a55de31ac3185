"""When the clocks of a subject say other days, what waits for them waits for those days."""

from zhengtong.matters.workflow.models import Timer, Token
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services.processes import show_anew


def follow_dates(*, process_id: int, subject: Subject) -> int:
    """Have timers that wait for a clock of the subject wake when it now runs out, and show its tasks with its dates.

    Answers how many timers moved. Call within a write, with the subject taken.
    """
    show_anew(subject=subject)
    named = Token.objects.filter(process_id=process_id, wait="timer").exclude(name="")
    clocks = dict(named.values_list("number", "name"))
    waiting = Timer.objects.filter(process_id=process_id, number__in=clocks, fired_at=None, cancelled_at=None)
    moved = 0
    for timer in waiting:
        due = subject.timer_due(clocks[timer.number])
        if due != timer.due_at:
            moved += Timer.objects.filter(id=timer.id, fired_at=None).update(due_at=due, attempts=0, last_error="")
    return moved
