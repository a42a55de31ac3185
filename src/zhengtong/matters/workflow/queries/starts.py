"""What keeps a process from beginning of itself, and by what others do."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import BpmnError, Graph, Opening, openings
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.workflow.choices import StartKind
from zhengtong.matters.workflow.models import Definition, Message, Process, Start
from zhengtong.people.identity import queries as identity

SHORTEST_PERIOD = dt.timedelta(minutes=1)
"""No process begins more often by itself: each is rows for good."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a process cannot begin of itself as drawn: at which element, and a sentence in the reader's language."""

    code: str
    element: str
    text: str


def open_starts() -> QuerySet[Start]:
    """By what processes begin of themselves, now."""
    return Start.objects.filter(closed_at__isnull=True).order_by("id")


def visible_to(actor: Actor) -> QuerySet[Start]:
    """The open starts that this actor may see."""
    return visible(actor, Start).filter(closed_at__isnull=True).order_by("id")


def starts_due(now: dt.datetime) -> QuerySet[Start]:
    """Starts whose instant has come, that of longest ago first."""
    return open_starts().filter(wake_at__lte=now).order_by("wake_at", "id")


def starts_for(message: Message) -> QuerySet[Start]:
    """The starts that a message or signal triggers; a process does not begin others of its own kind."""
    found = open_starts().filter(kind=message.kind, name=message.name)
    sender = Process.objects.filter(id=message.sender_id).values("definition_id")
    return found.exclude(key__in=Definition.objects.filter(id__in=sender).values("key"))


def failing_starts() -> int:
    """How many starts, and messages that are to begin something, failed and wait to be tried again."""
    messages = Message.objects.filter(delivered_at__isnull=True, attempts__gt=0, ready=True)
    named = open_starts().exclude(name="").values("name")
    return open_starts().filter(attempts__gt=0).count() + messages.filter(
        Q(start_id__isnull=False) | Q(process_id__isnull=True, kind=StartKind.MESSAGE, name__in=named)
    ).count()  # fmt: skip


def faults_of(graph: Graph, now: dt.datetime, going_on: frozenset[str] = frozenset()) -> list[Fault]:
    """Everything that keeps a process from beginning of itself as drawn; nothing for one that others begin.

    `going_on` are the starts that go on from a version before.
    """
    try:
        found = openings(graph, now)
    except BpmnError as error:
        return [Fault(error.code, str(error.position or ""), error.text(_locale()))]
    faults = [fault for opening in found for fault in _faults(graph, opening, going_on)]
    return faults + list(_of_errands(graph, found))


def _locale() -> str:
    return get_language() or ""


def _faults(graph: Graph, opening: Opening, going_on: frozenset[str]) -> Iterator[Fault]:
    place, told = opening.element, {"element": opening.element, "name": opening.name}
    node = graph.nodes[place]
    if opening.trigger not in StartKind.values:
        text = _("Nothing tells when “%(element)s” is to begin a process: use a message, a signal or a timer.")
        yield Fault("workflow.start_untold", place, text % told)
    elif node.timer is not None and node.timer.clock:
        text = _("“%(element)s” waits for the clock of a matter, but before it begins there is none.")
        yield Fault("workflow.start_clock", place, text % told)
    elif node.timer is not None and opening.due is None and place not in going_on:
        yield Fault("workflow.start_past", place, _("The time of “%(element)s” is past: it would never begin.") % told)
    elif opening.cycle and not opening.cycle.period.months and opening.cycle.period.span < SHORTEST_PERIOD:
        text = _("“%(element)s” would begin a process more often than once a minute.")
        yield Fault("workflow.start_often", place, text % told)
    elif opening.trigger == StartKind.MESSAGE and _taken(graph, opening):
        text = _("Message “%(name)s” begins another process already; “%(element)s” needs a message of its own.")
        yield Fault("workflow.start_taken", place, text % told)


def _taken(graph: Graph, opening: Opening) -> bool:
    return open_starts().filter(kind=StartKind.MESSAGE, name=opening.name).exclude(key=graph.process).exists()


def _of_errands(graph: Graph, found: tuple[Opening, ...]) -> Iterator[Fault]:
    """What an errand lacks: an agency unless the process names one, clocks, and rules."""
    if not found:
        return
    if graph.agency and identity.organisation_by_uscc(graph.agency) is None:
        text = _("No agency has the credit code “%(code)s”.") % {"code": graph.agency[:40]}
        yield Fault("workflow.start_agency_unknown", graph.process, text)
    if not any(opening.trigger == StartKind.TIMER for opening in found):
        return
    nodes = [node for each in (graph, *graph.library.values()) for node in each.nodes.values()]
    if not graph.agency and any(node.role for node in nodes):
        text = _("Say whose tasks these are: give the process the credit code of an agency (zt:agency).")
        yield Fault("workflow.start_agency", graph.process, text)
    for node in nodes:
        if node.decision or (node.timer is not None and node.timer.clock):
            text = _("“%(element)s” needs the rules or clocks of a matter, which what begins by a timer has not.")
            yield Fault("workflow.start_matterless", node.id, text % {"element": node.id})
