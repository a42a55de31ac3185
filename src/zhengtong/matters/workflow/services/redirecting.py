"""Mending what is stuck by having it go on elsewhere: looked at first, then done as it was seen, kept in the ledger."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import BpmnError, Node, State, Wait
from zhengtong.engines.bpmn.repairing import possible, redirect
from zhengtong.engines.bpmn.state import NOTES
from zhengtong.engines.bpmn.state import Token as Standing
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM, Actor, require
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Process, Trouble
from zhengtong.matters.workflow.registry import REPAIR
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.relocating import standing
from zhengtong.matters.workflow.services.repairs import open_trouble, settle_trouble, subject_of
from zhengtong.matters.workflow.services.stepping import Stalls, in_background, run_of, take_up
from zhengtong.matters.workflow.services.troubles import check_reason

Place = tuple[str, Wait]
"""An element and what a token there waits for."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The dry run: what is taken away and what comes instead, for a process that stands at `version`."""

    to: str
    version: int
    cancelled: tuple[Place, ...]
    added: tuple[Place, ...]
    ends: bool


def places_elsewhere(*, by: Actor, trouble: Trouble) -> list[Node]:
    """The elements at which what is stuck could go on, in document order. Raises NotAllowed."""
    require(by, REPAIR)
    process = trouble.process
    graph, state = graph_of(process.definition_id), _state(process)
    names = possible(graph, state, trouble.number, process.data, clock.now()) if trouble.number else []
    known = [each.nodes for each in (graph, *graph.library.values())]
    return [next(nodes[name] for nodes in known if name in nodes) for name in names]


def look_elsewhere(*, by: Actor, trouble: Trouble, to: str) -> Outlook:
    """What going on at `to` would take away and bring; nothing is done. Raises NotAllowed, Conflict: it cannot."""
    require(by, REPAIR)
    process = trouble.process
    try:
        outcome = redirect(
            graph_of(process.definition_id), _state(process), trouble.number, to, process.data, clock.now()
        )
    except BpmnError as error:
        raise _refused(error, by) from error
    cancelled, added = (_places(tokens) for tokens in (outcome.change.cancelled, outcome.change.added))
    return Outlook(to, process.version, cancelled, added, outcome.state.ended)


def go_on_elsewhere(*, by: Actor, trouble_id: int, to: str, version: int, reason: str) -> None:
    """Take away where it is stuck and go on at `to`, as it was seen when the process stood at `version`.

    Raises NotAllowed, Invalid (no reason), NotFound (it is over meanwhile), Conflict: it has moved on since, or cannot
    go on there without work being lost or done twice. Then nothing has happened. An action that fails there is as
    stuck as one that fails in the background.
    """
    require(by, REPAIR)
    check_reason(reason)

    def job(stalls: Stalls) -> None:
        now, trouble = clock.now(), open_trouble(trouble_id)
        run = run_of(rows.take(trouble.process_id), subject_of(trouble.process, now), SYSTEM, now, stalls)
        if run.process.version != version:
            raise Conflict("workflow.moved_on", _("The process has moved on since you looked. Look once more."))
        try:
            outcome = redirect(run.graph, run.state, trouble.number, to, run.process.data, now)
        except BpmnError as error:
            raise _refused(error, by) from error
        told = {
            "element": trouble.element,
            "to": to,
            "cancelled": [place for place, _wait in _places(outcome.change.cancelled)],
            "added": [place for place, _wait in _places(outcome.change.added)],
        }
        subject = ("process", trouble.process_id)
        ledger.record(by=by, type="workflow.redirected", subject=subject, payload=told, reason=reason.strip())
        settle_trouble(trouble, by, "redirected", now)
        take_up(run, outcome)

    in_background(job)


def _state(process: Process) -> State:
    return State(standing([process.id])[process.id].tokens, process.next_token, process.suspended)


def _places(tokens: tuple[Standing, ...]) -> tuple[Place, ...]:
    return tuple((token.element, token.wait) for token in tokens if token.wait not in NOTES)


def _refused(error: BpmnError, by: Actor) -> Conflict:
    return Conflict("workflow.not_there", error.text(by.locale), reason=error.code)
