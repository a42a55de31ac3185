"""Verbs that tell: put into the inbox, hand to the provider, try again."""

import datetime as dt
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound, Refusal
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.messages.choices import Channel, DispatchState
from zhengtong.foundation.messages.models import Dispatch, Message
from zhengtong.foundation.messages.providers import email_provider
from zhengtong.foundation.messages.queries import stuck, visible_to
from zhengtong.foundation.messages.registry import RETRY, templates
from zhengtong.foundation.policy import SYSTEM, Actor, require

_log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
FIRST_RETRY = dt.timedelta(seconds=30)
LONGEST_RETRY = dt.timedelta(hours=1)
GIVE_UP_AFTER = 48
SWEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Recipient:
    """Whom to tell; with an e-mail address the message also leaves the house."""

    person_id: int | None = None
    organisation_id: int | None = None
    email: str = ""
    locale: str = "zh-hans"


def tell(
    *, to: Recipient, template: str, params: Mapping[str, Any], stable_id: str, address: str = ""
) -> Message | None:
    """Tell once: a second call with the same `stable_id` changes nothing and answers None."""
    templates.get(template).draw(to.locale, dict(params))

    def put_in() -> Message | None:
        message, created = Message.objects.get_or_create(
            stable_id=stable_id,
            defaults={
                "person_id": to.person_id,
                "organisation_id": to.organisation_id,
                "template": template,
                "params": dict(params),
                "address": address,
                "created_at": clock.now(),
            },
        )
        if not created:
            return None
        if to.email:
            Dispatch.objects.create(
                message=message, channel=Channel.EMAIL, address=to.email, locale=to.locale, due_at=clock.now()
            )
        return message

    return write(put_in)


def dispatch_due(limit: int = 50) -> int:
    """Hand what is due to the provider; what it cannot take waits longer each time, at most an hour.

    Answers how many left. What is taken up is claimed for two minutes, so that two senders do not send the same. The
    provider may still see a message twice, after a crash between its answer and our note; the stable id lets it
    drop the repeat. A message that cannot be drawn delays only itself.
    """
    claimed = write(lambda: _claim(limit))
    due = Dispatch.objects.filter(id__in=claimed).select_related("message").order_by("due_at", "id")
    return sum(_send(dispatch) for dispatch in due)


def _claim(limit: int) -> list[int]:
    now = clock.now()
    due = Dispatch.objects.filter(state=DispatchState.WAITING, due_at__lte=now).order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    ids = list(due.values_list("id", flat=True)[:limit])
    Dispatch.objects.filter(id__in=ids).update(due_at=now + LEASE)
    return ids


def _send(dispatch: Dispatch) -> bool:
    message = dispatch.message
    try:
        subject, text = templates.get(message.template).draw(dispatch.locale, message.params)
        reference = email_provider().send(
            stable_id=message.stable_id, address=dispatch.address, subject=subject, text=text
        )
    except Exception as error:  # noqa: BLE001 whatever one message raises, the others are sent
        _postpone(dispatch, error)
        return False
    dispatch.state, dispatch.sent_at, dispatch.provider_reference = DispatchState.SENT, clock.now(), reference
    write(lambda: dispatch.save(update_fields=["state", "sent_at", "provider_reference"]))
    return True


def _postpone(dispatch: Dispatch, error: Exception) -> None:
    """Set the next attempt. Only the error's kind is kept: its words may hold an address."""
    dispatch.attempts += 1
    dispatch.last_error = error.code if isinstance(error, Refusal) else type(error).__name__
    dispatch.due_at = clock.now() + min(FIRST_RETRY * 2 ** min(dispatch.attempts - 1, 20), LONGEST_RETRY)
    if dispatch.attempts >= GIVE_UP_AFTER:
        dispatch.state = DispatchState.FAILED
        _log.error("message %s: given up after %s attempts", dispatch.message_id, dispatch.attempts)
    write(lambda: dispatch.save(update_fields=["attempts", "last_error", "due_at", "state"]))


def retry_stuck(*, by: Actor) -> int:
    """Send every stuck message again from now on; answers how many. Raises NotAllowed."""
    require(by, RETRY)

    def job() -> int:
        ids = list(stuck().values_list("id", flat=True))
        Dispatch.objects.filter(id__in=ids).update(state=DispatchState.WAITING, attempts=0, due_at=clock.now())
        if ids:
            ledger.record(by=by, type="messages.retried", subject=("dispatch", ids[0]), payload={"dispatches": ids})
        return len(ids)

    return write(job)


def sweep(*, at_most: int = 500, seconds: float = SWEEP_SECONDS) -> int:
    """Forget what was sent by e-mail, and what was read in the inbox, more than `ZT_TOLD_DAYS` ago; answers how many.

    The oldest first, `at_most` of each in one write that also says so in the ledger, and on until none is left or the
    time is up. What nobody has read stays, and what has not left yet, or was given up, with its message.
    """
    before = clock.now() - dt.timedelta(days=settings.ZT_TOLD_DAYS)
    sent = Dispatch.objects.filter(sent_at__lt=before, state=DispatchState.SENT).order_by("sent_at", "id")
    held = Dispatch.objects.filter(message=OuterRef("id")).exclude(state=DispatchState.SENT)
    over = Message.objects.filter(~Exists(held), read_at__lt=before).order_by("read_at", "id")

    def batch() -> int:
        left = list(sent.values_list("id", flat=True)[:at_most])
        Dispatch.objects.filter(id__in=left).delete()
        read = list(over.values_list("id", flat=True)[:at_most])
        Message.objects.filter(id__in=read).delete()
        if left or read:
            told = {"read": len(read), "sent": len(left), "before": before.isoformat()}
            ledger.record(by=SYSTEM, type="messages.swept", subject=("message", 0), payload=told)
        return len(left) + len(read)

    gone, until = 0, time.monotonic() + seconds
    while found := write(batch) if sent.exists() or over.exists() else 0:
        gone += found
        if time.monotonic() > until:
            break
    return gone


def mark_read(*, by: Actor, message_id: int) -> None:
    """Note when the reader opened it, once; NotFound for a message that is not his."""
    mine = visible_to(by).filter(id=message_id)
    if not mine.exists():
        raise NotFound("messages.no_message", _("There is no such message."))
    write(lambda: Message.objects.filter(id=message_id, read_at__isnull=True).update(read_at=clock.now()))
