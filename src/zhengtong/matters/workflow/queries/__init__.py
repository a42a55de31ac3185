"""Every read of tasks and processes; an inbox reads stretches of one index, whatever the table's size."""

import datetime as dt
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.statements import Prepared
from zhengtong.foundation.policy import Actor, may, visible
from zhengtong.matters.workflow.choices import TaskState, TroubleKind
from zhengtong.matters.workflow.models import Definition, Process, Task, Timer, Token, Trouble
from zhengtong.people.access import queries as access
from zhengtong.people.access.queries import Holder

WAITING = (TaskState.OPEN, TaskState.CLAIMED)
SHOWN = (*WAITING, TaskState.OFFERED)
"""What lies in an inbox: tasks that wait, and what is on offer."""
COUNT_LIMIT = 1000
# Spelt out: SQLite does not see through bound values that the condition of the index `task_waiting` is met.
_STILL_WAITING = RawSQL("workflow_task.state IN ('open', 'claimed', 'offered')", (), output_field=BooleanField())

Place = tuple[dt.date, int]
"""Where a page of the inbox ends: the red date and id of its last task."""


def visible_to(actor: Actor) -> QuerySet[Task]:
    """The tasks this actor may see."""
    return visible(actor, Task)


def queues_of(actor: Actor, roles: Iterable[str]) -> list[str]:
    """The queues whose tasks are the actor's to do: `agency:role` for each organisation he holds the role in."""
    return [
        f"{scope.partition(':')[2]}:{role}"
        for role in roles
        for scope in sorted(actor.scopes(f"task.{role}"))
        if scope.startswith("org:")
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of an inbox is wanted; what is left empty wants everything.

    `light` is red, yellow, green or paused on `today`; `holder` is `me`, `free` (nobody's yet) or `mine` (both) as
    `account_id` sees it, who stands
    in for those who are `away`; `title` is an item's name and `label` the beginning of an applicant's.
    """

    today: dt.date
    light: str = ""
    holder: str = ""
    title: str = ""
    label: str = ""
    account_id: int | None = None
    away: frozenset[int] = frozenset()

    @property
    def condition(self) -> Q:
        """As a condition on tasks."""
        wanted = _of_light(self.light, self.today) & _of_holder(self.holder, self.account_id, self.away)
        if self.title:
            wanted &= Q(title=self.title)
        return wanted & Q(label__startswith=self.label) if self.label else wanted


def _of_light(light: str, today: dt.date) -> Q:
    running = Q(paused=False)
    late = Q(yellow_on__lte=today)
    return {
        "paused": Q(paused=True),
        "red": running & Q(red_on__lte=today),
        "yellow": running & late & Q(red_on__gt=today),
        "green": running & Q(red_on__gt=today) & (Q(yellow_on__isnull=True) | Q(yellow_on__gt=today)),
    }.get(light, Q())


def _of_holder(holder: str, account_id: int | None, away: frozenset[int]) -> Q:
    free = Q(state__in=(TaskState.OPEN, TaskState.OFFERED))
    own = Q(state=TaskState.CLAIMED, assignee_id=account_id)
    if away:
        own = Q(state=TaskState.CLAIMED, assignee_id__in=[account_id, *sorted(away)])
    return {"me": own, "free": free, "mine": free | own}.get(holder, Q())


def inbox(
    queues: Iterable[str], *, after: Place | None = None, limit: int = 50, wanted: Wanted | None = None
) -> list[Task]:
    """The most urgent waiting tasks of some queues: by the day they turn red, then by age.

    Each queue is one stretch of the index `task_waiting`, read no further than the page (with conditions: than the
    queue); the stretches are merged.
    """
    stretches = []
    for queue in queues:
        rows = Task.objects.filter(_STILL_WAITING, queue=queue).order_by("red_on", "id")
        if wanted is not None:
            rows = rows.filter(wanted.condition)
        if after is not None:
            rows = rows.filter(Q(red_on__gt=after[0]) | Q(red_on=after[0], id__gt=after[1]), red_on__gte=after[0])
        stretches.append(rows[:limit])
    return list(islice(heapq.merge(*stretches, key=lambda task: (task.red_on, task.id)), limit))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting task as figures see it; `holder` is me, free or other."""

    queue: str
    light: str
    holder: str
    title: str
    title_en: str


def waiting(
    queues: Iterable[str], *, account_id: int | None, today: dt.date, away: frozenset[int] = frozenset()
) -> tuple[list[Waiting], bool]:
    """What waits in each queue, most urgent first, read no further than a bound a queue; and whether more waits."""
    found: list[Waiting] = []
    more = False
    for queue in queues:
        rows = Task.objects.filter(_STILL_WAITING, queue=queue).order_by("red_on", "id")
        read = rows.values_list("red_on", "yellow_on", "paused", "assignee_id", "title", "title_en")[:COUNT_LIMIT]
        before = len(found)
        for red_on, yellow_on, paused, assignee, title, title_en in read:
            holder = "free" if assignee is None else "me" if assignee == account_id or assignee in away else "other"
            found.append(Waiting(queue, light_of(today, yellow_on, red_on, paused=paused), holder, title, title_en))
        more = more or len(found) - before == COUNT_LIMIT
    return found, more


def light_of(today: dt.date, yellow_on: dt.date | None, red_on: dt.date | None, *, paused: bool = False) -> str:
    """The light on a day, from the dates on which it turns."""
    if paused:
        return "paused"
    if red_on is not None and today >= red_on:
        return "red"
    if yellow_on is not None and today >= yellow_on:
        return "yellow"
    return "green"


def tasks_of(kind: str, subject_id: int) -> QuerySet[Task]:
    """Every task a subject ever had, in order of creation."""
    return Task.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("id")


def open_task(kind: str, subject_id: int) -> Task | None:
    """The subject's waiting task, or None."""
    return next(iter(_first_open(kind, subject_id)), None)


@Prepared
def _first_open(kind: str, subject_id: int) -> QuerySet[Task]:
    return open_tasks(kind, subject_id)[:1]


def open_tasks(kind: str, subject_id: int) -> QuerySet[Task]:
    """Every waiting task of a subject, in order of creation."""
    return tasks_of(kind, subject_id).filter(state__in=WAITING)


def acted_on(actor: Actor, kind: str, subject_id: int) -> bool:
    """Whether the actor has done a task of this subject."""
    return tasks_of(kind, subject_id).filter(state=TaskState.DONE, assignee_id=actor.account_id).exists()


def wants_words(task: Task) -> bool:
    """Whether a task asks one person what he thinks, and for no outcome."""
    return task.who_id is not None and not task.outcomes


def asked_in_person(actor: Actor, kind: str, subject_id: int) -> bool:
    """Whether the actor was asked about this subject and has not answered."""
    if actor.account_id is None:
        return False
    return open_tasks(kind, subject_id).filter(put_to(actor)).exists()


def is_own(actor: Actor, task: Task) -> bool:
    """Whether a task was put in person to the actor, who still serves there, or to an absent colleague for whom he
    stands in there."""
    if task.who_id is None:
        return False
    mine = task.who_id == actor.account_id and (actor.places is None or task.agency_id in actor.places)
    return mine or (task.who_id, task.agency_id) in actor.stands_in()


def put_to(actor: Actor) -> Q:
    """Tasks put in person to the actor, as long as he serves there, or to an absent colleague for whom he stands in."""
    found = Q(who_id=actor.account_id or 0)
    if actor.places is not None:
        found &= Q(agency_id__in=actor.places)
    for absent, agency_id in actor.stands_in():
        found |= Q(who_id=absent, agency_id=agency_id)
    return found


def asked_about(actor: Actor, kind: str, subject_ids: Iterable[int]) -> set[int]:
    """About which of these subjects the actor was asked and has not answered; nothing is read for none."""
    wanted = list(subject_ids)
    if not wanted or actor.account_id is None or actor.kind != "staff":
        return set()
    tasks = asked_of(actor).filter(subject_kind=kind, subject_id__in=wanted)
    return set(tasks.values_list("subject_id", flat=True))


def asked_of(actor: Actor) -> QuerySet[Task]:
    """What was asked in person of the actor, or of whom he stands in for, and waits; the most urgent first."""
    hands = [actor.account_id or 0, *sorted(actor.stands_in_for())]
    held = Task.objects.filter(put_to(actor), state=TaskState.CLAIMED, assignee_id__in=hands)
    return held.order_by("red_on", "id")


def in_reach(actor: Actor, task: Task) -> bool:
    """Whether the task waits and the actor, or an absent colleague for whom he stands in, holds it, or nobody does."""
    free = task.state == TaskState.OPEN or (
        task.state == TaskState.CLAIMED
        and task.assignee_id is not None
        and (task.assignee_id == actor.account_id or task.assignee_id in actor.stands_in_for())
    )
    if is_own(actor, task):
        return task.state in WAITING and not task.held
    return free and task.who_id is None and not task.held and may(actor, f"task.{task.role}", task)


def colleagues(actor: Actor, task: Task) -> list[Holder]:
    """To whom the actor may hand a task on: the others who hold its role where it lies, by name."""
    if not in_reach(actor, task):
        return []
    found = access.holders(f"task.{task.role}", task.agency_id)
    return [each for each in found if each.account_id != actor.account_id]


def tokens_of(process_id: int) -> QuerySet[Token]:
    """Where a process stands."""
    return Token.objects.filter(process_id=process_id, ended_at__isnull=True).order_by("number")


def history(process_id: int) -> QuerySet[Token]:
    """Every token a process ever had, live and ended, in the order in which they came; `origins` tell the descent."""
    return Token.objects.filter(process_id=process_id).order_by("id")


def tasks_by_id(actor: Actor, ids: Iterable[int]) -> dict[int, Task]:
    """The tasks of these ids that the actor may see."""
    return visible_to(actor).in_bulk(list(ids))


def stuck_timers() -> QuerySet[Timer]:
    """Timers that failed at least once and still wait: for the console's health page."""
    return Timer.objects.filter(attempts__gt=0, fired_at__isnull=True, cancelled_at__isnull=True).order_by("due_at")


def process(process_id: int) -> Process:
    """One process."""
    return Process.objects.get(id=process_id)


def task_numbered(process_id: int, number: int) -> Task | None:
    """The task at which a token of a process stands or stood."""
    return Task.objects.filter(process_id=process_id, number=number).first()


def task(task_id: int) -> Task:
    """One task; NotFound for an unknown one."""
    found = Task.objects.filter(id=task_id).first()
    if found is None:
        raise NotFound("workflow.no_task", _("There is no such task"))
    return found


def in_trouble() -> QuerySet[Trouble]:
    """What stands still now, and what ended or escalated and nobody has taken note of."""
    live = Token.objects.filter(process_id=OuterRef("process_id"), number=OuterRef("number"), ended_at__isnull=True)
    return Trouble.objects.filter(Q(number=0) | Exists(live), settled_at__isnull=True)


def stalled(now: dt.datetime) -> QuerySet[Trouble]:
    """Actions that failed and are due to be tried again."""
    return in_trouble().filter(kind=TroubleKind.ACTION, due_at__lte=now, process__suspended=False)


def troubles_for(actor: Actor) -> QuerySet[Trouble]:
    """What stands still, as far as the actor may see and mend it, what is new first."""
    return visible(actor, Trouble).filter(id__in=in_trouble().values("id")).order_by("-since", "-id")


def process_for(actor: Actor, process_id: int) -> Process | None:
    """A process for whoever mends processes; None where there is none or it is not his to see."""
    return visible(actor, Process).filter(id=process_id).first()


def definition_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of definitions by id."""
    return dict(Definition.objects.filter(id__in=list(ids)).values_list("id", "name"))
