"""Messages and signals between processes: kept until whoever awaits them has them, each brought once.

A message goes to the process of the same subject that has awaited it longest, never to its sender; where none does,
to the process that begins by it. A signal goes to every process that awaited it when it was broadcast, and to all that
begin by it. Each is taken in a write of its own, in which it counts as delivered.
"""

import datetime as dt

from django.db.models import Min

from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.state import State
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow.choices import MessageKind, ProcessState, TroubleKind
from zhengtong.matters.workflow.models import Message, Process, Token
from zhengtong.matters.workflow.queries.starts import starts_for
from zhengtong.matters.workflow.registry import subjects
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.starting import begin_by
from zhengtong.matters.workflow.services.stepping import Run, Stalls, advance, keep, run_of
from zhengtong.matters.workflow.services.troubles import later, note_trouble


def deliver_message(*, message_id: int, now: dt.datetime, stalls: Stalls | None = None) -> bool:
    """Bring one message to whoever awaits it, or a signal to the next who does; call within a write.

    Answers whether somebody had it. Raises what the step of the receiver raises.
    """
    message = _taken(message_id)
    if message is None:
        return False
    receiver = _receiver(message)
    if receiver is None:
        return _begun(message, now, stalls)
    process_id, number = receiver
    _mark(message, process_id, now)
    if Process.objects.filter(id=process_id, suspended=True).exists():
        own = _copy_for(message, process_id)
        own.ready = False
        own.save()
        return False
    run = _run(process_id, now, stalls)
    if _at_large(run.state, number):
        keep(run, message.data)
    if message.kind == MessageKind.MESSAGE:
        advance(run, on.MessageReceived(message.name, message.data, number))
    else:
        advance(run, on.SignalReceived(message.name, message.data))
    return True


def postpone_message(*, message_id: int, reason: str, now: dt.datetime) -> None:
    """A receiver could not take it in: try again later, and show it; a signal goes on to the others meanwhile."""
    message = _taken(message_id)
    if message is None:
        return
    receiver = _receiver(message)
    if receiver is None:  # it was to begin a process
        _try_later(message, reason, now)
        return
    process_id, number = receiver
    if message.kind == MessageKind.SIGNAL and message.process_id is None:
        Message.objects.filter(id=message.id).update(reached=process_id)
        message = _copy_for(message, process_id)
    _try_later(message, reason, now)
    element = Token.objects.get(process_id=process_id, number=number, ended_at=None).element
    note_trouble((process_id, number, element), TroubleKind.MESSAGE, reason, now=now, due=message.due_at)


def _try_later(message: Message, reason: str, now: dt.datetime) -> None:
    message.due_at = later(now, message.attempts)
    message.attempts += 1
    message.last_error = reason
    message.save()


def _begun(message: Message, now: dt.datetime, stalls: Stalls | None) -> bool:
    """Nobody awaits it: begin the process that begins by it, or keep it. Each start has a copy of a signal."""
    if message.start_id is not None:
        start = starts_for(message).filter(id=message.start_id).first()
    elif message.kind == MessageKind.MESSAGE and message.process_id is None:
        start = starts_for(message).first()
    else:
        if message.process_id is None:
            for each in starts_for(message).filter(opened_at__lte=message.sent_at):
                _copy_of(message, start_id=each.id).save()
        start = None
    if start is None:
        _nobody(message, now)
        return False
    process_id = begin_by(start_id=start.id, message=message, now=now, stalls=stalls)
    if process_id is None:  # closed this moment, perhaps by its successor: looked at again
        return False
    Message.objects.filter(id=message.id).update(delivered_at=now, process_id=process_id)
    return True


def _taken(message_id: int) -> Message | None:
    """The message while it is on its way, locked so that nobody else brings it."""
    return Message.objects.select_for_update().filter(id=message_id, delivered_at=None).first()


def _receiver(message: Message) -> tuple[int, int] | None:
    """The process that is to have it next, and the number of the token that awaits it."""
    kind = message.kind
    if message.start_id is not None:
        return None
    waiting = Token.objects.filter(
        name=message.name, wait=kind, ended_at__isnull=True, process__state=ProcessState.RUNNING
    )
    if message.process_id is not None:
        waiting = waiting.filter(process_id=message.process_id)
        waiting = waiting.filter(process__suspended=False)
    elif kind == MessageKind.MESSAGE:
        subject = {"process__subject_kind": message.subject_kind, "process__subject_id": message.subject_id}
        waiting = waiting.filter(**subject, process__suspended=False).exclude(process_id=message.sender_id)
    else:  # tokens that came later than the signal have not heard it
        waiting = waiting.filter(process_id__gt=message.reached, id__lt=message.id)
        waiting = waiting.exclude(process_id=message.sender_id)
    if kind == MessageKind.MESSAGE:
        return waiting.order_by("id").values_list("process_id", "number").first()
    found = waiting.values("process_id").annotate(first=Min("number")).order_by("process_id").first()
    return (found["process_id"], found["first"]) if found else None


def _copy_for(message: Message, process_id: int) -> Message:
    """A signal for one process that cannot take it in now, found again by that process's subject."""
    process = Process.objects.get(id=process_id)
    copy = _copy_of(message, process_id=process_id)
    copy.subject_kind, copy.subject_id = process.subject_kind, process.subject_id
    return copy


def _copy_of(message: Message, **meant_for: int) -> Message:
    return Message(
        kind=message.kind,
        name=message.name,
        data=message.data,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        sender_id=message.sender_id,
        sent_at=message.sent_at,
        due_at=message.due_at,
        **meant_for,
    )


def _nobody(message: Message, now: dt.datetime) -> None:
    """A message is kept until it is awaited, and what a suspended process is to have until it is resumed.

    Of a signal everybody else has had it.
    """
    waits = message.process_id is not None and Process.objects.filter(id=message.process_id, suspended=True).exists()
    if waits or (message.kind == MessageKind.MESSAGE and message.process_id is None):
        Message.objects.filter(id=message.id).update(ready=False)
    else:
        Message.objects.filter(id=message.id).update(delivered_at=now)


def _mark(message: Message, process_id: int, now: dt.datetime) -> None:
    if message.kind == MessageKind.SIGNAL and message.process_id is None:
        Message.objects.filter(id=message.id).update(reached=process_id)
    else:
        Message.objects.filter(id=message.id).update(delivered_at=now, process_id=process_id)


def _run(process_id: int, now: dt.datetime, stalls: Stalls | None) -> Run:
    kind, number = Process.objects.values_list("subject_kind", "subject_id").get(id=process_id)
    subject = subjects.get(kind)(number, SYSTEM, now)
    return run_of(rows.take(process_id), subject, SYSTEM, now, stalls)


def _at_large(state: State, number: int) -> bool:
    """Whether what a token brings belongs to the whole process: nothing around it has data of its own."""
    token = state.find(number)
    while token is not None and token.scope:
        token = state.find(token.scope)
        if token is not None and token.data:
            return False
    return True
