"""Every read of official records."""

import datetime as dt

from django.db.models import Q, QuerySet

from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor, visible
from zhengtong.records.registers.models import RegisterRecord

Subject = tuple[str, int]


def visible_to(actor: Actor) -> QuerySet[RegisterRecord]:
    """The records the actor may read, newest knowledge first: his own, or all with the permission."""
    return visible(actor, RegisterRecord).order_by("-recorded_at", "-id")


def standing(register: str, subject: Subject, on: dt.date | None = None) -> RegisterRecord | None:
    """The record that counts on a day (default: today), or None."""
    day = on or clock.today()
    return (
        RegisterRecord.objects.filter(
            register=register, subject_kind=subject[0], subject_id=subject[1], superseded_at__isnull=True
        )
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )


def history(register: str, subject: Subject) -> QuerySet[RegisterRecord]:
    """Everything ever recorded of a subject, newest knowledge first, superseded rows included."""
    return RegisterRecord.objects.filter(register=register, subject_kind=subject[0], subject_id=subject[1]).order_by(
        "-recorded_at", "-id"
    )


def as_known(register: str, subject: Subject, *, on: dt.date, at: dt.datetime) -> RegisterRecord | None:
    """What the register said at instant `at` about day `on`: both times of a bitemporal record."""
    return (
        RegisterRecord.objects.filter(
            register=register, subject_kind=subject[0], subject_id=subject[1], recorded_at__lte=at
        )
        .filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
        .order_by("-valid_from", "-recorded_at")
        .first()
    )
