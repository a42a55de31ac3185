"""By what a process begins of itself: the messages and signals it begins by, and the instants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.instants import Cycle
from zhengtong.engines.bpmn.state import State
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.steps.waiting import first_due


@dataclass(frozen=True, slots=True)
class Opening:
    """One start with a trigger: `trigger` is `message`, `signal`, `timer`, or what cannot be watched for from outside.

    `name` is that of the message or signal. A timer has the first instant not yet past, `due` (None where a clock
    outside says, or none is left), and the `cycle` it repeats by, with the `times` that are left (None: for ever).
    """

    element: str
    trigger: str
    name: str = ""
    due: datetime | None = None
    cycle: Cycle | None = None
    times: int | None = 1

    def after(self, due: datetime) -> datetime | None:
        """The instant that follows one of its instants, whatever the number of those left; None where it is the last.

        Raises `bpmn.timer_failed` beyond year 9999.
        """
        if self.cycle is None:
            return None
        try:
            return self.cycle.period.after(due)
        except OverflowError:
            raise BpmnError("bpmn.timer_failed", position=self.element, element=self.element, value="9999") from None


def openings(graph: Graph, now: datetime) -> tuple[Opening, ...]:
    """The starts of a process that a message, a signal or an instant triggers, as they stand at `now`.

    Instants before `now` are over: they count among the times of a repetition and begin nothing. Raises what
    computing an instant raises.
    """
    return tuple(_openings(graph, now))


def _openings(graph: Graph, now: datetime) -> Iterator[Opening]:
    for name in graph.starts:
        node = graph.nodes[name]
        if node.timer is not None:
            yield _timed(graph, node, now)
        elif node.trigger == "signal":
            yield Opening(name, "signal", node.code)
        elif node.trigger == "message" or node.message:
            yield Opening(name, "message", node.message)
        elif node.trigger:
            yield Opening(name, node.trigger)


def _timed(graph: Graph, node: Node, now: datetime) -> Opening:
    if node.timer is None or node.timer.clock:
        return Opening(node.id, "timer", times=None)
    due, cycle = first_due(Run(graph, State(), {}, now), node, node.timer, 0)
    if due is None:
        return Opening(node.id, "timer")
    if cycle is None:
        return Opening(node.id, "timer", due=due if due >= now else None)
    over, due = _skipped(Opening(node.id, "timer", cycle=cycle), cycle, due, now)
    left = None if cycle.times is None else cycle.times - over
    return Opening(node.id, "timer", due=due if left is None or left > 0 else None, cycle=cycle, times=left)


def _skipped(opening: Opening, cycle: Cycle, due: datetime, now: datetime) -> tuple[int, datetime]:
    """How many instants are over at `now`, and the first that is not."""
    over, period = 0, cycle.period
    if not period.months and due < now:
        over = -((due - now) // period.span)
        return over, due + over * period.span
    while due < now:
        over, due = over + 1, opening.after(due) or now
    return over, due
