"""What is thrown in a level, and which event of it or around it catches that."""

from collections.abc import Iterable
from dataclasses import dataclass

from zhengtong.engines.bpmn.graph import Kind, Node

ANY = "*"
"""The code of an error that whoever does a task may raise, whatever it is."""


@dataclass(frozen=True, slots=True, order=True)
class Thrown:
    """An error or an escalation, by its code."""

    trigger: str
    code: str


@dataclass(frozen=True, slots=True)
class Inside:
    """What can come out of a level: its ordinary end, and what is thrown and not caught in it."""

    completes: bool = True
    thrown: frozenset[Thrown] = frozenset()


RAISING = frozenset({Kind.TASK, Kind.ACTION, Kind.DECISION})
"""Whoever answers for these may answer with an error."""


def thrown_by(node: Node) -> frozenset[Thrown]:
    """What a node itself throws."""
    if node.kind is Kind.ERROR or (node.kind is Kind.THROW and node.trigger == "escalation"):
        return frozenset({Thrown("error" if node.kind is Kind.ERROR else "escalation", node.code)})
    return frozenset({Thrown("error", ANY)}) if node.kind in RAISING else frozenset()


def caught_by(events: Iterable[Node], thrown: Iterable[Thrown]) -> tuple[list[Node], frozenset[Thrown]]:
    """The events at one place that may catch something, and what passes it.

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
