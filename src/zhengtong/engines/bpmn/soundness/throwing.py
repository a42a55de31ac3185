"""What is thrown in a level, and which event of it or around it catches that."""

from collections.abc import Iterable
from dataclasses import dataclass

from zhengtong.engines.bpmn.graph import Graph, Kind, Node

ANY = "*"
"""The code of an error that whoever does a task may raise, whatever it is."""


@dataclass(frozen=True, slots=True, order=True)
class Thrown:
    """An error, an escalation or a signal, by its code."""

    trigger: str
    code: str


@dataclass(frozen=True, slots=True)
class Inside:
    """What can come out of a level: its ordinary end, and what is thrown and not caught in it.

    `passes` says that the end may be reached without ever resting, `rests` that a token may rest.
    """

    completes: bool = True
    thrown: frozenset[Thrown] = frozenset()
    passes: bool = False
    rests: bool = True


COMPENSATE, CANCEL = "compensate", "cancel"
"""Triggers: what undoes what was completed, and what ends a transaction."""

RAISING = frozenset({Kind.TASK, Kind.ACTION, Kind.DECISION})
"""Whoever answers for these may answer with an error."""


def is_boundary(node: Node) -> bool:
    """Whether the node is an event at the border of an activity."""
    return node.tag == "boundaryEvent"


def thrown_by(node: Node) -> frozenset[Thrown]:
    """What a node itself throws."""
    if node.kind is Kind.ERROR or (node.kind is Kind.THROW and node.trigger == "escalation"):
        return frozenset({Thrown("error" if node.kind is Kind.ERROR else "escalation", node.code)})
    if node.kind is Kind.CANCEL:
        return frozenset({Thrown(CANCEL, "")})
    undoing = node.kind is Kind.THROW and node.trigger == COMPENSATE  # and whoever undoes may raise one
    return frozenset({Thrown("error", ANY)}) if node.kind in RAISING or undoing else frozenset()


def cuts_off(graph: Graph, scope: str, thrown: Thrown, first: tuple[str, ...] = ()) -> bool | None:
    """Whether throwing an escalation or a signal in a level ends that level, with whoever throws; None where nothing in
    the process says so.

    An escalation comes to the nearest event that catches it, a signal to all. `first` are events nearer than the level.
    """
    handled = False
    while True:
        around = graph.nodes[scope] if scope else None
        handlers = () if handled else around.handlers if around else graph.handlers
        for names in (first, handlers, around.attached if around else ()):
            found = _cut(thrown, [graph.nodes[name] for name in names])
            if found or (found is False and thrown.trigger == "escalation"):
                return found
        if around is None:
            return None
        # What an event sub-process throws is not for those beside it; one that interrupts has ended their waiting.
        handled = around.triggered and (thrown.trigger == "escalation" or graph.nodes[around.inner].interrupting)
        first, scope = (), around.scope


def _cut(thrown: Thrown, events: list[Node]) -> bool | None:
    if thrown.trigger == "signal":
        same = [event for event in events if event.trigger == "signal" and event.code == thrown.code]
        return any(event.interrupting for event in same) if same else None
    catching, _ = caught_by(events, [thrown])
    return catching[0].interrupting if catching else None


def throws_of(graph: Graph) -> frozenset[Thrown]:
    """The escalations and signals that a process, or one that it calls, throws somewhere."""
    found: set[Thrown] = set()
    seen, stack = {graph.process}, [graph]
    while stack:
        at = stack.pop()
        for node in at.nodes.values():
            if node.kind is Kind.THROW and node.trigger in ("escalation", "signal"):
                found.add(Thrown(node.trigger, node.code))
            if node.called and node.called not in seen:
                seen.add(node.called)
                stack.append(at.library[node.called])
    return frozenset(found)


def caught_by(events: Iterable[Node], thrown: Iterable[Thrown]) -> tuple[list[Node], frozenset[Thrown]]:
    """The events at one place that may catch something, and what passes it; signals are not caught but heard.

    Of two events the one that names the code is nearer than the one that names none.
    """
    events = list(events)
    catching: dict[str, Node] = {}
    passing: set[Thrown] = set()
    for each in thrown:
        matching = [event for event in events if event.trigger == each.trigger]
        if each.code == ANY:
            catching |= {event.id: event for event in matching}
            if all(event.code for event in matching):
                passing.add(each)
            continue
        matching = [event for event in matching if event.code in ("", each.code)]
        if matching:
            nearest = next((event for event in matching if event.code), matching[0])
            catching[nearest.id] = nearest
        else:
            passing.add(each)
    return [event for event in events if event.id in catching], frozenset(passing)
