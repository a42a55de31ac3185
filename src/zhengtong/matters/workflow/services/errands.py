"""Errands: what a process is about that began of itself and moves no other matter."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import Graph
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.models import Errand, Start
from zhengtong.matters.workflow.registry import Call, TaskFace, subjects

KIND = "errand"
DAYS = 30
"""After so many days its tasks turn red: no law sets a limit, but nothing lies for ever unseen."""


class ErrandInHand:
    """An errand as the subject of its process: it has a face and nothing that a step could change."""

    kind = KIND

    def __init__(self, row: Errand) -> None:
        self.row, self.rows = row, Outgoing()

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
        )
    )


def _load(number: int, _by: Actor, _now: dt.datetime) -> ErrandInHand:
    row = Errand.objects.filter(id=number).first()
    if row is None:
        raise NotFound("workflow.no_errand", _("There is no such errand."))
    return ErrandInHand(row)


subjects.add(KIND, _load)
