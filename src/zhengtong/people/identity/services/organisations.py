"""Organisations, their tree, departments and posts, and who holds a post; all valid in time."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import events, queries, registry, rules
from zhengtong.people.identity.choices import KindOfWork, OrganisationKind, TenureKind
from zhengtong.people.identity.models import Organisation, OrgUnit, Person, Post, Subordination, Tenure
from zhengtong.people.identity.services.people import check_holder


def register_organisation(
    *,
    by: Actor,
    kind: str,
    name_zh: str,
    division_code: str,
    uscc: str | None = None,
    name_en: str = "",
    parent: Organisation | None = None,
    valid_from: dt.date | None = None,
    **described: str,
) -> Organisation:
    """Enter an agency or an enterprise, below `parent` from its first day when given.

    `described`: short_name_zh, short_name_en, address, phone. Raises NotAllowed (agencies need the permission to
    set up organisations, enterprises the one to register them), Invalid (the credit code), Conflict (it is taken).
    """
    organisation = Organisation(
        kind=kind,
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        uscc=rules.checked_uscc(uscc) if uscc else None,
        division_code=division_code,
        valid_from=valid_from or clock.today(),
        **described,
    )
    needed = registry.MANAGE_ORGANISATION if kind == OrganisationKind.AGENCY else registry.REGISTER_ORGANISATION
    policy.require(by, needed, organisation)

    def job() -> Organisation:
        if uscc and Organisation.objects.filter(uscc=organisation.uscc).exists():
            raise Conflict("identity.organisation_known", _("This credit code is already registered."))
        organisation.save(force_insert=True)
        _trace(by, events.ORGANISATION_REGISTERED, organisation, kind=kind, name=organisation.name_zh)
        if parent is not None:
            place_under(by=policy.SYSTEM, organisation=organisation, parent=parent, on=organisation.valid_from)
        return organisation

    return write(job)


def place_under(*, by: Actor, organisation: Organisation, parent: Organisation, on: dt.date | None = None) -> None:
    """Stand an organisation below another from a day on; its former place ends the day before.

    Raises NotAllowed, Conflict (it would stand below itself), Invalid (before the day of its former place).
    """
    policy.require(by, registry.MANAGE_ORGANISATION, organisation)
    day = on or clock.today()

    def job() -> None:
        if parent.pk in queries.subtree(organisation.pk, day):
            raise Conflict("identity.circle", _("An organisation cannot stand below itself."))
        for former in Subordination.objects.filter(organisation=organisation, valid_to=None):
            rules.check_term(former.valid_from, day - dt.timedelta(days=1))
            former.valid_to = day - dt.timedelta(days=1)
            former.save(update_fields=["valid_to"])
        Subordination.objects.create(organisation=organisation, parent=parent, valid_from=day)
        _trace(by, events.ORGANISATION_PLACED, organisation, parent=parent.pk, on=day.isoformat())

    write(job)


def succeed_organisation(
    *, by: Actor, organisation: Organisation, successor: Organisation, on: dt.date, reason: str
) -> Organisation:
    """Close an organisation with the day before `on` and name who takes over its rights and duties.

    Raises NotAllowed, Conflict (itself), Invalid (before its first day).
    """
    policy.require(by, registry.MANAGE_ORGANISATION, organisation)
    if successor.pk == organisation.pk:
        raise Conflict("identity.circle", _("An organisation cannot succeed itself."))
    last = on - dt.timedelta(days=1)
    rules.check_term(organisation.valid_from, last)

    def job() -> Organisation:
        organisation.valid_to, organisation.successor = last, successor
        organisation.save(update_fields=["valid_to", "successor"])
        _trace(by, events.ORGANISATION_SUCCEEDED, organisation, reason, successor=successor.pk, on=on.isoformat())
        return organisation

    return write(job)


def close_organisation(*, by: Actor, organisation: Organisation, last_day: dt.date, reason: str) -> Organisation:
    """Close an organisation at the end of a day, nobody succeeding it.

    Raises NotAllowed, Invalid (before its first day), Conflict (organisations or posts below it would outlive it).
    """
    policy.require(by, registry.MANAGE_ORGANISATION, organisation)
    rules.check_term(organisation.valid_from, last_day)

    def job() -> Organisation:
        later = last_day + dt.timedelta(days=1)
        if len(queries.subtree(organisation.pk, later)) > 1 or queries.posts_of(organisation.pk, day=later):
            raise Conflict(
                "identity.not_empty", _("Organisations or posts below it last longer. Close or move them first.")
            )
        organisation.valid_to = last_day
        organisation.save(update_fields=["valid_to"])
        _trace(by, events.ORGANISATION_CLOSED, organisation, reason, to=last_day.isoformat())
        return organisation

    return write(job)


def open_unit(
    *,
    by: Actor,
    organisation: Organisation,
    name_zh: str,
    name_en: str = "",
    parent: OrgUnit | None = None,
    valid_from: dt.date | None = None,
) -> OrgUnit:
    """Set up an internal department. Raises NotAllowed."""
    policy.require(by, registry.MANAGE_ORGANISATION, organisation)

    def job() -> OrgUnit:
        unit = OrgUnit.objects.create(
            organisation=organisation,
            name_zh=name_zh,
            name_en=name_en,
            parent=parent,
            valid_from=valid_from or clock.today(),
        )
        _trace(by, events.UNIT_OPENED, organisation, unit=unit.pk, name=name_zh)
        return unit

    return write(job)


def open_post(
    *,
    by: Actor,
    organisation: Organisation,
    name_zh: str,
    name_en: str = "",
    kind_of_work: str = KindOfWork.OTHER,
    unit: OrgUnit | None = None,
    valid_from: dt.date | None = None,
) -> Post:
    """Set up a post. Raises NotAllowed."""
    policy.require(by, registry.MANAGE_ORGANISATION, organisation)

    def job() -> Post:
        post = Post.objects.create(
            organisation=organisation,
            unit=unit,
            name_zh=name_zh,
            name_en=name_en,
            kind_of_work=kind_of_work,
            valid_from=valid_from or clock.today(),
        )
        _trace(by, events.POST_OPENED, organisation, post=post.pk, name=name_zh)
        return post

    return write(job)


def close_post(*, by: Actor, post: Post, last_day: dt.date, reason: str) -> Post:
    """Close a post at the end of a day. Raises NotAllowed, Invalid (the term), Conflict (somebody holds it longer)."""
    policy.require(by, registry.MANAGE_ORGANISATION, post)
    rules.check_term(post.valid_from, last_day)

    def job() -> Post:
        if Tenure.objects.filter(post=post).exclude(valid_to__lte=last_day).exists():
            raise Conflict("identity.post_held", _("Somebody holds this post longer. End the tenure first."))
        post.valid_to = last_day
        post.save(update_fields=["valid_to"])
        _trace(by, events.POST_CLOSED, post.organisation, reason, post=post.pk, to=last_day.isoformat())
        return post

    return write(job)


def appoint(
    *,
    by: Actor,
    person: Person,
    post: Post,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    kind: str = TenureKind.APPOINTED,
) -> Tenure:
    """Give a post to a person. Raises NotAllowed, Invalid (the term), Conflict (he holds it already, or what the
    post may do must not be in one hand with what he may do already)."""
    policy.require(by, registry.APPOINT, post)
    begin = valid_from or clock.today()
    rules.check_term(begin, valid_to)

    def job() -> Tenure:
        Person.objects.select_for_update().get(pk=person.pk)
        if queries.overlapping_tenures(person.pk, post.pk, begin, valid_to).exists():
            raise Conflict("identity.already_appointed", _("This person already holds this post in that time."))
        check_holder(person_id=person.pk, post_id=post.pk)
        tenure = Tenure.objects.create(person=person, post=post, kind=kind, valid_from=begin, valid_to=valid_to)
        payload = {"post": post.pk, "from": begin.isoformat(), "kind": kind}
        ledger.record(by=by, type=events.APPOINTED, subject=("person", person.pk), payload=payload)
        return tenure

    return write(job)


def end_tenure(*, by: Actor, tenure: Tenure, last_day: dt.date, reason: str) -> Tenure:
    """Let a person leave a post at the end of a day. Raises NotAllowed, Invalid (before his first day)."""
    policy.require(by, registry.APPOINT, tenure.post)
    rules.check_term(tenure.valid_from, last_day)

    def job() -> Tenure:
        row = Tenure.objects.select_for_update().get(pk=tenure.pk)
        until = clock.now()
        if row.valid_to is not None and row.valid_to < clock.today():
            until = dt.datetime.combine(row.valid_to + dt.timedelta(days=1), dt.time.min, clock.LOCAL_ZONE)
        tenure.counted_until = max(until, row.counted_until or until)
        tenure.valid_to = last_day
        tenure.save(update_fields=["valid_to", "counted_until"])
        payload = {"post": tenure.post_id, "to": last_day.isoformat()}
        subject = ("person", tenure.person_id)
        ledger.record(by=by, type=events.TENURE_ENDED, subject=subject, payload=payload, reason=reason)
        return tenure

    return write(job)


def _trace(by: Actor, event: str, organisation: Organisation, reason: str = "", **payload: Any) -> None:
    ledger.record(by=by, type=event, subject=("organisation", organisation.pk), payload=payload, reason=reason)
