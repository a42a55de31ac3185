"""Every read of the lineage of facts."""

from django.db.models import QuerySet

from zhengtong.foundation.policy import Actor, visible
from zhengtong.records.exchange.models import FactAnswer


def visible_to(actor: Actor) -> QuerySet[FactAnswer]:
    """The questions and answers the actor may read, newest first."""
    return visible(actor, FactAnswer).order_by("-id")


def of_subject(subject: tuple[str, int]) -> QuerySet[FactAnswer]:
    """Who asked about somebody, newest first."""
    return FactAnswer.objects.filter(subject_kind=subject[0], subject_id=subject[1]).order_by("-id")


def about_principal(actor: Actor) -> QuerySet[FactAnswer]:
    """Who asked about whom the actor acts for: what “who used my data” shows, newest first."""
    kind, _sep, key = (actor.principal or "").partition(":")
    subject = {"person": "person", "org": "organisation"}.get(kind)
    return of_subject((subject, int(key))) if subject else FactAnswer.objects.none()
