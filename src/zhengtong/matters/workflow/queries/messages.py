"""What became of messages and signals that were brought in from outside, for whoever brought them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.workflow.choices import ProcessState
from zhengtong.matters.workflow.models import Message, Process

WAITING, KEPT, FAILING, DELIVERED, OVER = "waiting", "kept", "failing", "delivered", "over"


@dataclass(frozen=True, slots=True)
class Brought:
    """A message as its bringer may know it. `about` is the matter whose process took it, None while none did.

    `state`: on its way, kept until somebody awaits it, tried again after a failure, taken in; of a signal: over.
    """

    id: int
    kind: str
    name: str
    state: str
    sent_at: dt.datetime
    about: tuple[str, int] | None


def brought(actor: Actor, number: int) -> Brought:
    """A message that the actor brought; NotFound for any other."""
    row = visible(actor, Message).filter(id=number, sender_id=0).first()
    if row is None:
        raise NotFound("workflow.no_message", _("There is no such message."))
    return Brought(row.id, row.kind, row.name, _state(row), row.sent_at, _about(row.process_id))


def _state(row: Message) -> str:
    if row.delivered_at is not None:
        return DELIVERED if row.process_id is not None else OVER
    if not row.ready:
        return KEPT
    return FAILING if row.attempts else WAITING


def _about(process_id: int | None) -> tuple[str, int] | None:
    found = Process.objects.filter(id=process_id or 0).values_list("subject_kind", "subject_id").first()
    return (found[0], found[1]) if found else None


def kept() -> QuerySet[Message]:
    """What nobody awaits; what is meant for one process only once that does not run any more."""
    running = Process.objects.filter(id=OuterRef("process_id"), state=ProcessState.RUNNING)
    return Message.objects.filter(~Exists(running), delivered_at__isnull=True, ready=False)
