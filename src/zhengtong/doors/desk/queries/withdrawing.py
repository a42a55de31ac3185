"""Taking back what one did (撤回): whether it is still possible, and the page that asks why."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries.asking import Row, Typed, asking
from zhengtong.doors.desk.queries.matters import Matter, all_tasks
from zhengtong.doors.desk.queries.saying import locale, moment_words
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.services.looking_back import why_not_withdrawn
from zhengtong.matters.workflow.services.manners import manners

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


def last_act(actor: Actor, tasks: "Iterable[Task]") -> "Task | None":
    """The task that the actor did last."""
    done = [each for each in tasks if each.state == TaskState.DONE and each.assignee_id == actor.account_id]
    return max(done, key=_when, default=None)


def may_withdraw(actor: Actor, tasks: "list[Task]") -> bool:
    """Whether the actor can take back what he did last; looked into only where nobody has done anything since."""
    own = last_act(actor, tasks)
    if own is None or own.process.suspended or own.process.ended_at is not None:
        return False
    later = any(each.state == TaskState.DONE and _when(each) > _when(own) for each in tasks)
    return not later and why_not_withdrawn(own) is None


def withdrawing(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """What the actor did last and when, and what bars taking it back."""
    task = last_act(actor, all_tasks(matter))
    reads = matter.reads(actor)
    page = asking(
        matter,
        typed,
        task=task,
        title=_("Take back what you did"),
        submit=_("Take it back"),
        intro=_done(task) if task is not None else "",
        reason_label=_("Why you take it back"),
        barred=_barred(task),
    )
    if not reads:
        page |= {"back_url": reverse("desk:back"), "back_label": _("Back to tasks")}
    return page


def _done(task: "Task") -> str:
    said = OUTCOMES[task.outcome].label if task.outcome in OUTCOMES else task.words or ""
    when = moment_words(task.completed_at) if task.completed_at is not None else ""
    return _("You did this on %(when)s: %(said)s. Once taken back it is yours to do again.") % {
        "when": when,
        "said": said,
    }


def _barred(task: "Task | None") -> str:
    if task is None:
        return _("You have done nothing here that could be taken back.")
    refusal = why_not_withdrawn(task)
    if refusal is None:
        return ""
    stands = manners.get(task.subject_kind).why_it_stands(task, refusal)
    return str(stands.message) if stands is not None else refusal.text(locale())


def _when(task: "Task") -> tuple[float, int]:
    at = task.completed_at
    return (at.timestamp() if at is not None else 0.0, task.id)
