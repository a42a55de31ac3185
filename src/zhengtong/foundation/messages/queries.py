"""Every read of the inbox."""

from django.db.models import Q, QuerySet

from zhengtong.foundation.messages.choices import DispatchState
from zhengtong.foundation.messages.models import Dispatch, Message
from zhengtong.foundation.policy import Actor, visible


def visible_to(actor: Actor) -> QuerySet[Message]:
    """The reader's own messages, and those of the organisation he acts for; nobody else's."""
    return visible(actor, Message).order_by("-id")


def stuck() -> QuerySet[Dispatch]:
    """What has been tried more than five times or given up: for the health page."""
    return Dispatch.objects.filter(
        Q(state=DispatchState.FAILED) | Q(state=DispatchState.WAITING, attempts__gt=5)
    ).order_by("due_at")
