"""Who reads an errand, which errands somebody reads, who urges one on, and what moves it."""

import datetime as dt
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor, filter_for, may, visible
from zhengtong.matters.workflow.choices import ProcessState, TaskState
from zhengtong.matters.workflow.events import OWN_ACTS
from zhengtong.matters.workflow.models import Errand, Process, Task
from zhengtong.matters.workflow.queries import SHOWN, WAITING, acted_on, put_to, tasks_of
from zhengtong.matters.workflow.queries.copies import copies_for
from zhengtong.matters.workflow.registry import READ_ERRANDS, ROLES, URGE_ERRANDS

KIND = "errand"


def visible_to(actor: Actor) -> QuerySet[Errand]:
    """The errands that the actor, an official, reads by what he holds (`reads`), or while a copy lets him.

    A question or a copy lets him as long as he serves where the errand lies.
    """
    if actor.kind != "staff" or actor.account_id is None:
        return Errand.objects.none()
    # A range, which PostgreSQL cannot turn into a hash of every task of the house; it looks at those of each errand.
    here = {"subject_kind": KIND, "subject_id__range": (OuterRef("id"), OuterRef("id"))}
    his = visible(actor, Task).filter(Q(who_id=None) | ~Q(state=TaskState.CANCELLED), **here)
    brought = copies_for(actor).order_by().filter(**here)
    if actor.places is not None:
        # Asked within, where PostgreSQL does not take it for a way to the errands instead of their order.
        place = {"place": ExpressionWrapper(OuterRef("agency_id"), output_field=BigIntegerField())}
        there = Q(place=None) | Q(place__in=actor.places)
        his, brought = his.alias(**place).filter(there), brought.alias(**place).filter(there)
    return Errand.objects.filter(filter_for(actor, Errand) | Q(Exists(his)) | Q(Exists(brought)))


RUNNING, ENDED = "running", "ended"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of them are wanted: running or ended, with words in the title or as their number, of one agency."""

    state: str = ""
    words: str = ""
    agency_id: int | None = None

    @property
    def condition(self) -> Q:
        """As a condition on errands, but for what the words and what runs ask."""
        wanted = ~Q(Exists(_MOVING.filter(subject_id=OuterRef("id")))) if self.state == ENDED else Q()
        return wanted if self.agency_id is None else wanted & Q(agency_id=self.agency_id)

    @property
    def found(self) -> Q:
        """What the words ask, as a condition on errands."""
        if not self.words:
            return Q()
        found = Q(title__icontains=self.words) | Q(title_en__icontains=self.words)
        return found | Q(id=self.number) if self.number is not None else found

    @property
    def number(self) -> int | None:
        """The words as a number, written with or without gaps."""
        digits = "".join(self.words.split())
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


# Spelt out: SQLite does not see through bound values that the condition of the index `process_of_errand` is met.
_MOVING = Process.objects.filter(
    RawSQL("state = 'running' AND subject_kind = 'errand'", (), output_field=BooleanField())
).order_by("-subject_id")
MOST_TITLES, MOST_LOOKED_AT = 20, 500
AT_ONCE = 500


def listed(actor: Actor, chosen: Chosen, *, before: int | None = None, limit: int = 50) -> list[Errand]:
    """The newest errands that the actor reads, below the id `before`.

    Those of each agency where he holds anything are one stretch of an index (with words: one for each title that has
    them), and those of others are few: the ones about which he was asked, or has a copy. Who may read more than single
    agencies reads by id alone. So the cost is that of a page and of the work under way, however long the list is.
    """
    rows = visible_to(actor).filter(chosen.condition).order_by("-id")
    if chosen.state == RUNNING:
        return _running(rows.filter(chosen.found), before, limit)
    if before is not None:
        rows = rows.filter(id__lt=before)
    agencies = _agencies(actor)
    places = [Q()] if agencies is None else [Q(agency_id=each) for each in agencies]
    stretches = [rows.filter(place & way) for way in _ways(chosen, agencies) for place in places]
    if agencies is not None:
        asked = Task.objects.filter(put_to(actor), subject_kind=KIND).values("subject_id")
        brought = copies_for(actor).order_by().filter(subject_kind=KIND).values("subject_id")
        stretches += [rows.filter(chosen.found, id__in=asked), rows.filter(chosen.found, id__in=brought)]
    merged = heapq.merge(*(each[:limit] for each in stretches), key=lambda row: -row.id)
    return list(islice(dict.fromkeys(merged), limit))


def _running(rows: QuerySet[Errand], before: int | None, limit: int) -> list[Errand]:
    """Those of these errands that run, from what runs, a stretch of its index at a time: no plan walks what is over."""
    found: list[Errand] = []
    moving = _MOVING.values_list("subject_id", flat=True)
    while len(found) < limit:
        numbers = list((moving if before is None else moving.filter(subject_id__lt=before))[:AT_ONCE])
        found += rows.filter(id__in=numbers)[: limit - len(found)]
        if len(numbers) < AT_ONCE:
            break
        before = numbers[-1]
    return found


def _ways(chosen: Chosen, agencies: list[int] | None) -> list[Q]:
    """What is found in one stretch each: all, or every title with the words wanted, and a number.

    Words that more titles have than `MOST_TITLES` leave so little out that it is passed over.
    """
    if not chosen.words:
        return [Q()]
    titles = _titles(chosen.words, agencies)
    if len(titles) > MOST_TITLES:
        return [chosen.found]
    numbered = [Q(id=chosen.number)] if chosen.number is not None else []
    return [*(Q(title=each) for each in titles), *numbered]


# From one title to the next, as far as there are any: as many probes of an index as there are titles. The order by
# title, which is one, keeps PostgreSQL from walking the ids.
_TITLES = """
WITH RECURSIVE found(title) AS (
  SELECT min(title) FROM workflow_errand WHERE {here}
  UNION ALL SELECT (SELECT min(title) FROM workflow_errand WHERE {here} AND title > found.title) FROM found
  WHERE found.title IS NOT NULL
)
SELECT title, (
  SELECT title_en FROM workflow_errand WHERE {here} AND title BETWEEN found.title AND found.title
  ORDER BY title, id DESC LIMIT 1
)
FROM found WHERE title IS NOT NULL LIMIT {most}
"""


def _titles(words: str, agencies: list[int] | None) -> list[str]:
    """The titles with the words, in Chinese or in their newest English; more than `MOST_TITLES` where that is many."""
    found: set[str] = set()
    wanted = words.casefold()
    for place in ["true"] if agencies is None else [f"agency_id = {each:d}" for each in agencies]:
        with connection.cursor() as cursor:
            cursor.execute(_TITLES.format(here=place, most=MOST_LOOKED_AT))
            told = cursor.fetchall()
        found |= {zh for zh, en in told if wanted in zh.casefold() or wanted in en.casefold()}
        if len(told) == MOST_LOOKED_AT:
            return [""] * (MOST_TITLES + 1)
    return sorted(found)


def _agencies(actor: Actor) -> list[int] | None:
    """Those where he may read errands or hold a role; None where he may for the whole house."""
    held = {scope for name in (READ_ERRANDS, *(f"task.{role}" for role in ROLES)) for scope in actor.scopes(name)}
    if "all" in held:
        return None
    return sorted(int(scope.removeprefix("org:")) for scope in held if scope.startswith("org:"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How an errand stands: running while any process moves it, else as the last of them ended; `ended_at` is when."""

    state: str
    halted: bool
    ended_at: dt.datetime | None


def standings(numbers: Iterable[int]) -> dict[int, Standing]:
    """How errands stand; reads once."""
    found: dict[int, list[Process]] = {number: [] for number in numbers}
    for process in Process.objects.filter(subject_kind=KIND, subject_id__in=list(found)).defer("data").order_by("id"):
        found[process.subject_id].append(process)
    return {number: standing_of(processes) for number, processes in found.items()}


def standing_of(processes: list[Process]) -> Standing:
    """How an errand stands, from all its processes in the order in which they began."""
    if not processes:
        return Standing(ProcessState.ENDED, False, None)
    going = [each for each in processes if each.state == ProcessState.RUNNING]
    last = (going or processes)[-1]
    return Standing(last.state, any(each.suspended for each in going), last.ended_at)


def shown_by(numbers: Iterable[int]) -> dict[int, Task]:
    """The task by which each of these errands, which the reader reads, is shown, where it has any; reads once."""
    whole = Task.objects.filter(subject_kind=KIND, subject_id__in=list(numbers))
    latest = whole.order_by().values("subject_id").annotate(latest=Max("id")).values("latest")
    found: dict[int, list[Task]] = {}
    for task in whole.filter(Q(state__in=SHOWN) | Q(id__in=latest)).defer("words").order_by("id"):
        found.setdefault(task.subject_id, []).append(task)
    leading = {number: _leading(tasks) for number, tasks in found.items()}
    return {number: task for number, task in leading.items() if task is not None}


def reads(actor: Actor, errand: Errand) -> bool:
    """Whether the actor, an official, reads an errand by what he holds: as `handles`, or because he was asked about it
    in person, until the question is taken back.
    """
    if actor.places is not None and errand.agency_id is not None and errand.agency_id not in actor.places:
        return False
    return handles(actor, errand) or _tasks(actor, errand).exclude(state=TaskState.CANCELLED).exists()


def handles(actor: Actor, errand: Errand) -> bool:
    """Whether an errand is his by his post: he may read those of its agency, or holds the role of one of its tasks."""
    if actor.kind != "staff" or actor.account_id is None:
        return False
    return may(actor, READ_ERRANDS, errand) or _tasks(actor, errand).filter(who_id=None).exists()


def _tasks(actor: Actor, errand: Errand) -> QuerySet[Task]:
    found = visible(actor, Task) if actor.kind == "staff" else Task.objects.none()
    return found.filter(subject_kind=KIND, subject_id=errand.id)


def errand_for(actor: Actor, number: int) -> Errand:
    """One errand that the actor reads by what he holds, or while a copy lets him; NotFound else."""
    found = visible_to(actor).filter(id=number).first()
    if found is None:
        raise NotFound("workflow.no_errand", _("There is no such errand."))
    return found


def errand_task(actor: Actor, task_id: int) -> tuple[Errand, Task]:
    """A task of an errand that the actor reads, with that errand; NotFound else."""
    task = Task.objects.filter(id=task_id, subject_kind=KIND).select_related("process").first()
    read = visible_to(actor).filter(id=task.subject_id).first() if task is not None else None
    if task is None or read is None:  # the same to whoever may not read it
        raise NotFound("workflow.no_task", _("There is no such task"))
    return read, task


def may_urge(actor: Actor, errand: Errand, *, acted: bool | None = None) -> bool:
    """Whether the actor, an official, may urge on who has it: he has acted on it, or supervises by permission.

    `acted` says whether he has, where the reader knows it already.
    """
    if actor.kind != "staff" or actor.account_id is None:
        return False
    return may(actor, URGE_ERRANDS, errand) or (acted_on(actor, KIND, errand.id) if acted is None else acted)


def processes_of(number: int) -> QuerySet[Process]:
    """Every process that moved an errand, in the order in which they began."""
    return Process.objects.filter(subject_kind=KIND, subject_id=number).order_by("id")


def running(number: int) -> list[int]:
    """Those that move it now."""
    return list(processes_of(number).filter(state=ProcessState.RUNNING).values_list("id", flat=True))


def happened(errand: Errand) -> list[Any]:
    """Its history, newest first: its own events, and what officials did among themselves on its processes."""
    inside = ledger.timelines("process", processes_of(errand.id).values_list("id", flat=True), OWN_ACTS)
    found = [*ledger.timeline((KIND, errand.id)), *inside]
    return sorted(found, key=lambda each: each.event_id, reverse=True)


def offered(number: int) -> list[Task]:
    """Where something of an errand may be started as needed, in the order in which it began."""
    return list(tasks_of(KIND, number).filter(state=TaskState.OFFERED))


def errand(number: int) -> Errand | None:
    """One errand, whoever reads it."""
    return Errand.objects.filter(id=number).first()


def _leading(tasks: list[Task]) -> Task | None:
    """What waits comes before what is on offer, and either before what is over."""
    for states in (WAITING, (TaskState.OFFERED,)):
        found = next((task for task in tasks if task.state in states), None)
        if found is not None:
            return found
    return tasks[-1] if tasks else None
