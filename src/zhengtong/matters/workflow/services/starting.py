"""Processes that begin of themselves: what they begin by is opened, closed, and brings each exactly one process.

A message or signal of another process begins one about the same matter, so that answers find their way back; one from
outside that names no matter, and the instant of a timer, begin an errand.
"""

import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import Graph, Opening, openings
from zhengtong.engines.bpmn.state import State
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid, NotFound
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM, Actor, require
from zhengtong.matters.workflow.choices import MessageKind, StartKind
from zhengtong.matters.workflow.definitions import define, graph_of
from zhengtong.matters.workflow.definitions import going_on as unchanged_starts
from zhengtong.matters.workflow.models import Message, Start
from zhengtong.matters.workflow.queries import starts as queries
from zhengtong.matters.workflow.registry import REPAIR, Subject, subjects
from zhengtong.matters.workflow.services.errands import open_errand
from zhengtong.matters.workflow.services.rows import Running
from zhengtong.matters.workflow.services.stepping import Data, Stalls, enter, run_of
from zhengtong.matters.workflow.services.troubles import check_reason, later
from zhengtong.people.identity import queries as identity

LONGEST_NAME = 200


def put_in_force(*, by: Actor, xml: bytes) -> int:
    """Store a definition and have it begin by what it begins by, in place of its version before; answers its id.

    Raises ModelRefused for what cannot be executed, Invalid for what cannot begin of itself as drawn, with the element
    and the reason of each fault; then everything stays as it was.
    """

    def job() -> int:
        number = define(xml)
        _open(by, number)
        return number

    return write(job)


def close_starts(*, by: Actor, key: str, reason: str, definition_id: int | None = None) -> int:
    """Have a process begin of itself no longer; answers how many starts that closed. What runs goes on.

    With `definition_id` only while it begins by that version, so that nobody closes another than he saw. Raises
    NotAllowed, Invalid (no reason), NotFound where none was open.
    """
    require(by, REPAIR)
    check_reason(reason)

    def job() -> int:
        open_ones = queries.open_starts().filter(key=key)
        if definition_id is not None:
            open_ones = open_ones.filter(definition_id=definition_id)
        found = list(open_ones.select_for_update())
        if not found:
            raise NotFound("workflow.no_start", _("No process of this name begins of itself."))
        _close(by, found, clock.now(), reason.strip())
        return len(found)

    return write(job)


def _open(by: Actor, number: int) -> None:
    now, graph = clock.now(), graph_of(number)
    former = list(queries.open_starts().filter(key=graph.process).select_for_update())
    keep = unchanged_starts(graph)
    going_on = {row.element: row for row in former if row.element in keep}
    faults = queries.faults_of(graph, now, frozenset(going_on))
    if faults:
        sentence = _("The process cannot begin of itself as it is drawn.")
        raise Invalid("workflow.starts", sentence, [(each.element, each.code, each.text) for each in faults])
    agency = identity.organisation_by_uscc(graph.agency) if graph.agency else None
    _close(by, former, now, "")
    for opening in openings(graph, now):
        row = _row(opening, number, graph, now)
        row.agency_id = agency.pk if agency else None
        before = going_on.get(opening.element)
        if before is not None:
            row.due_at, row.wake_at, row.left = before.due_at, before.due_at, before.left
        row.save(force_insert=True)
        if row.kind == StartKind.MESSAGE:
            _look_again(row.name)
        told = {"process": graph.process, "element": row.element, "kind": row.kind, "name": row.name}
        ledger.record(by=by, type="workflow.start_opened", subject=("definition", number), payload=told)


def _look_again(name: str) -> None:
    """What was kept because nobody awaited it may begin a process now; what is just being put aside as well."""
    kept = Message.objects.filter(kind=MessageKind.MESSAGE, name=name, delivered_at__isnull=True)
    kept.filter(process_id__isnull=True).update(ready=True)


def _row(opening: Opening, number: int, graph: Graph, now: dt.datetime) -> Start:
    return Start(
        definition_id=number,
        key=graph.process,
        element=opening.element,
        kind=StartKind(opening.trigger),
        name=opening.name,
        due_at=opening.due,
        wake_at=opening.due,
        left=opening.times if opening.trigger == StartKind.TIMER else None,
        opened_at=now,
    )


def _close(by: Actor, found: list[Start], now: dt.datetime, reason: str) -> None:
    Start.objects.filter(id__in=[row.id for row in found]).update(closed_at=now)
    for row in found:
        told = {"process": row.key, "element": row.element, "kind": row.kind, "name": row.name}
        ledger.record(
            by=by, type="workflow.start_closed", subject=("definition", row.definition_id), payload=told, reason=reason
        )


def begin_due(*, start_id: int, due: dt.datetime, now: dt.datetime, stalls: Stalls | None = None) -> bool:
    """Begin the process of one instant of a start, once however many try; call within a write.

    Answers whether this call did it. The next instant is set in the same write.
    """
    start = queries.open_starts().select_for_update().filter(id=start_id, due_at=due).first()
    if start is None:
        return False
    graph = graph_of(start.definition_id)
    opening = next(each for each in openings(graph, now) if each.element == start.element)
    start.left = None if start.left is None else start.left - 1
    start.due_at = start.wake_at = opening.after(due) if start.left is None or start.left else None
    start.begun, start.begun_at, start.attempts, start.last_error = start.begun + 1, now, 0, ""
    start.save()
    _begin(start, open_errand(start, graph, now, due), {}, now, stalls)
    return True


def begin_by(*, start_id: int, message: Message, now: dt.datetime, stalls: Stalls | None = None) -> int | None:
    """Begin the process that a message or signal triggers; call within a write.

    Answers the id of the process, None where the start was closed meanwhile.
    """
    start = queries.open_starts().select_for_update().filter(id=start_id).first()
    if start is None:
        return None
    start.begun, start.begun_at = start.begun + 1, now
    start.save()
    subject: Subject
    if message.subject_kind:
        subject = subjects.get(message.subject_kind)(message.subject_id, SYSTEM, now)
    else:
        subject = open_errand(start, graph_of(start.definition_id), now)
    return _begin(start, subject, message.data, now, stalls)


def _begin(start: Start, subject: Subject, data: Data, now: dt.datetime, stalls: Stalls | None) -> int:
    process = Running(new_id(), start.definition_id, dict(data), fresh=True)
    enter(run_of((process, State()), subject, SYSTEM, now, stalls), data, start.element)
    told = {"process": process.id, "start": start.element, "by": start.kind, "name": start.name}
    ledger.record(by=SYSTEM, type="workflow.begun", subject=(subject.kind, subject.id), payload=told)
    return process.id


def postpone_start(*, start_id: int, due: dt.datetime, reason: str, now: dt.datetime) -> None:
    """An instant could not begin its process: try again later, and show it; call within a write."""
    row = Start.objects.filter(id=start_id, due_at=due).first()
    if row is not None:
        wake = later(now, row.attempts)
        Start.objects.filter(id=start_id, due_at=due).update(
            wake_at=wake, attempts=row.attempts + 1, last_error=reason[:LONGEST_NAME]
        )


def send_message(
    *, by: Actor, name: str, data: Data, kind: MessageKind = MessageKind.MESSAGE, about: tuple[str, int] = ("", 0)
) -> int:
    """Bring a message or signal in from outside: to who awaits it about that matter, else to what begins by it.

    Kept until then. Answers its number; recorded. Raises Invalid for a name that no message can have.
    """
    if not 0 < len(name) <= LONGEST_NAME:
        sentence = _("Give the message a name of at most 200 characters.")
        raise Invalid("workflow.message", sentence, [("name", "workflow.message_name", sentence)])

    def job() -> int:
        now = clock.now()
        row = Message(kind=kind, name=name, data=dict(data), subject_kind=about[0], subject_id=about[1])
        row.sender_id, row.sent_at, row.due_at, row.brought_by_id = 0, now, now, by.account_id
        row.save(force_insert=True)
        told = {"name": name, "kind": row.kind, "about": about[0], "number": about[1]}
        ledger.record(by=by, type="workflow.message_sent", subject=("message", row.id), payload=told)
        return row.id

    return write(job)
