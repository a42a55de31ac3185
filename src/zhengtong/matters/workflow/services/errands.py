"""Errands: what a process is about that began of itself and moves no other matter."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import Graph
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed, NotFound
from zhengtong.foundation.core.statements import Load, Outgoing
from zhengtong.foundation.policy import SYSTEM, Actor, require
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Errand, Start
from zhengtong.matters.workflow.queries import errands as queries
from zhengtong.matters.workflow.queries.errands import KIND
from zhengtong.matters.workflow.registry import HALT_ERRANDS, Call, TaskFace, subjects
from zhengtong.matters.workflow.services.manners import Manner, manners
from zhengtong.matters.workflow.services.processes import Hold
from zhengtong.matters.workflow.services.rows import by_task

DAYS = 30
"""After so many days its tasks turn red: no law sets a limit, but nothing lies for ever unseen."""


class ErrandInHand:
    """An errand as the subject of its process: it has a face and nothing that a step could change."""

    kind = KIND

    def __init__(self, row: Errand, by: Actor, now: dt.datetime) -> None:
        self.row, self.by, self.now, self.rows = row, by, now, Outgoing()

    @property
    def id(self) -> int:
        return self.row.id

    def face(self) -> TaskFace:
        """Its agency and the name of its process; Conflict where no agency is named."""
        row = self.row
        if row.agency_id is None:
            raise Conflict("workflow.errand_agency", _("Nobody says whose tasks these are."))
        return TaskFace(row.agency_id, row.title, row.title_en, "", str(row.id), None, row.red_on)

    def timer_due(self, clock: str) -> dt.datetime:
        """Refused: no clock runs for an errand."""
        raise Conflict("workflow.errand_clock", _("An errand has no clock."), clock=clock)

    def decide(self, decision: str, call: Call) -> Mapping[str, object]:  # noqa: ARG002 as the protocol has it
        """Refused: an errand has no rules."""
        raise Conflict("workflow.errand_rules", _("An errand has no rules."), decision=decision)

    def flush(self) -> None:
        """Nothing of it changes."""


def open_errand(start: Start, graph: Graph, now: dt.datetime, due: dt.datetime | None = None) -> ErrandInHand:
    """A new errand for a process about to begin; IntegrityError for a second one of the same instant."""
    return ErrandInHand(
        Errand.objects.create(
            start=start,
            agency_id=start.agency_id,
            title=graph.name or graph.process,
            title_en=graph.name_en,
            due_at=due,
            red_on=clock.local(now).date() + dt.timedelta(days=DAYS),
            opened_at=now,
        ),
        SYSTEM,
        now,
    )


class ErrandManner(Manner[ErrandInHand]):
    """An errand has no applicant, and no law of its own beside what its process draws."""

    kind, area = KIND, "errands"

    def take(self, number: int, by: Actor) -> ErrandInHand:
        """Locked, so that two officials act on one errand one after the other."""
        return _taken(_errand.ask((number,))(), by, clock.now())

    def take_by_task(self, task_id: int, by: Actor) -> tuple[ErrandInHand, Hold]:
        """The errand is locked before its task is read."""
        errand = _errand_of_task.ask((task_id,))
        held = Hold(task_id)
        found = errand()
        if not found or held.task.subject_kind != KIND:
            raise NotFound("workflow.no_task", _("There is no such task"))
        return _taken(found, by, clock.now()), held

    def require_reader(self, matter: ErrandInHand) -> None:
        """Whoever reads it by his post."""
        if not queries.handles(matter.by, matter.row):
            raise NotAllowed("errands.not_yours", _("This errand is handled by another post."))

    def require_halter(self, matter: ErrandInHand) -> None:
        """Whoever holds `errand.halt` there."""
        require(matter.by, HALT_ERRANDS, matter.row)

    def may_urge(self, matter: ErrandInHand) -> bool:
        """Whoever has acted on it, and supervisors."""
        return queries.may_urge(matter.by, matter.row)

    def running(self, matter: ErrandInHand) -> list[int]:
        """All of them: a message may have begun more than one about it."""
        found = queries.running(matter.id)
        if not found:
            raise Conflict("errands.over", _("This errand is over; nothing of it runs."))
        return found

    def go_back(self, matter: ErrandInHand, held: Hold, to: str, *, direct: bool) -> None:  # noqa: ARG002 as the manner has it
        """Never to the applicant: there is none."""
        process, _state = held.process()
        if not to or to in graph_of(process.definition_id).starts:
            raise Conflict(
                "errands.no_applicant", _("An errand has no applicant; choose the step to which it is to go back.")
            )


def _load(number: int, by: Actor, now: dt.datetime) -> ErrandInHand:
    return _taken(_errand.ask((number,))(), by, now)


def _taken(found: list[Errand], by: Actor, now: dt.datetime) -> ErrandInHand:
    if not found:
        raise NotFound("workflow.no_errand", _("There is no such errand."))
    return ErrandInHand(found[0], by, now)


_errand = Load(Errand, where=("id",), lock=True)
_errand_of_task = Load(Errand, where=(by_task("id"),), lock=True)
subjects.add(KIND, _load)
manners.add(KIND, ErrandManner())
