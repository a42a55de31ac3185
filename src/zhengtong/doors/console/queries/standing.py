"""How far a process is, as administrators see it: its steps without the names of people, and what failed in it."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.doors.console.choices import ELEMENTS, SUBJECT_KINDS
from zhengtong.engines.bpmn import Graph, Node
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.progress import NOW, STATES, WAITS, Place, lasting, progress_of
from zhengtong.matters.workflow.queries import tasks_of

Row = dict[str, Any]


def steps(process_id: int, failed: Collection[str], now: dt.datetime) -> list[Row]:
    """A row for each step; those where something failed are told so first."""
    found = progress_of(process_id)
    return [_row(place, place.element in failed, now) for place in found.places] if found is not None else []


def said(node: Node) -> str:
    """What a step is called, or what it is where it has no name, and its name in the model."""
    name = (node.name_en if (get_language() or "").startswith("en") else "") or node.name
    name = name or str(ELEMENTS.get(node.tag, ""))
    return f"{name} ({node.id})" if name else node.id


def named(graph: Graph, element: str) -> str:
    """What an element of a process, or of one it calls, is called; its name in the model where it is unknown."""
    known = (each.nodes.get(element) for each in (graph, *graph.library.values()))
    node = next((node for node in known if node is not None), None)
    return said(node) if node is not None else element


def where(trouble: Any) -> str:
    """Where something failed, in words."""
    if not trouble.element:
        return _("The whole process")
    return named(graph_of(trouble.process.definition_id), trouble.element)


def about(process: Any) -> str:
    """The matter that a process moves, by the number people know it by where it has one."""
    kind, number = process.subject_kind, process.subject_id
    first = tasks_of(kind, number).first()
    return f"{SUBJECT_KINDS.get(kind, kind)} {(first.reference if first is not None else '') or number}"


def _row(place: Place, failed: bool, now: dt.datetime) -> Row:
    english = (get_language() or "").startswith("en")
    stands = failed and place.state == NOW
    took = place.lasted
    if took is None and place.state == NOW and place.since is not None:
        took = max(now - place.since, dt.timedelta())
    words = lasting(took) if took is not None else ""
    return {
        "element": place.element,
        "name": (place.name_en if english else "") or place.name or place.element,
        "state": "blocking" if stands else place.state,
        "state_words": _("Stuck") if stands else STATES[place.state],
        "badge": _("Stuck") if stands else words or STATES[place.state],
        "detail": WAITS.get(place.wait, "") if place.wait else "",  # type: ignore[call-overload] # a Wait is its text
        "took": words,
    }
