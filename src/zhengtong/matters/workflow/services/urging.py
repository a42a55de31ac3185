"""Urging whoever has a task to go on with it (催办): seldom enough to be heeded, counted, told."""

import datetime as dt

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import WAITING
from zhengtong.matters.workflow.services.processes import taken_by

LONGEST_WORDS = 200


def urge_task(*, by: Actor, task: Task, words: str = "", now: dt.datetime | None = None) -> None:
    """Urge the holder of a waiting task, or all who might take it; call within a write, with the subject taken.

    Whether the actor may is the subject's to know. Once in `ZT_URGE_HOURS`, whoever urges. The ledger keeps it on the
    process, from where holders are told. Raises Invalid (too many words), Conflict (his own task, done meanwhile, or
    urged lately: `at` and `again` say when and from when on).
    """
    instant = now or clock.now()
    if len(words.strip()) > LONGEST_WORDS:
        sentence = _("At most 200 characters.")
        raise Invalid("workflow.urge", _("Please complete what is marked."), [("reason", "too_long", str(sentence))])
    if task.state == TaskState.CLAIMED and task.assignee_id == by.account_id:
        raise Conflict("workflow.urge_oneself", _("This task lies in your own hands."))
    free = Q(urged_at=None) | Q(urged_at__lte=instant - period())
    urged = Task.objects.filter(free, id=task.id, state__in=WAITING)
    if not urged.update(urges=F("urges") + 1, urged_at=instant):
        raise _too_late(Task.objects.get(id=task.id))
    told = {"task": task.id, "element": task.element, "from": by.name, "urges": task.urges + 1}
    subject = ("process", task.process_id)
    ledger.record(by=by, type="workflow.task_urged", subject=subject, payload=told, reason=words.strip())


def in_peace(task: Task) -> bool:
    """Whether it was urged so lately that nobody urges it now."""
    return task.urged_at is not None and task.urged_at + period() > clock.now()


def period() -> dt.timedelta:
    """How long a task that was urged is left in peace."""
    return dt.timedelta(hours=settings.ZT_URGE_HOURS)


def _too_late(task: Task) -> Conflict:
    if task.state not in WAITING or task.urged_at is None:
        return taken_by(task)
    at, again = (
        clock.local(instant).strftime("%Y-%m-%d %H:%M") for instant in (task.urged_at, task.urged_at + period())
    )
    return Conflict(
        "workflow.urged_lately",
        _("It was urged at %(at)s; the next time is from %(again)s on.") % {"at": at, "again": again},
        at=at,
        again=again,
    )
