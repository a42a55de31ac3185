"""Acting for an organisation or for another person (代理, 法定代表人, 监护)."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import events, registry, rules
from zhengtong.people.identity.choices import MandateKind
from zhengtong.people.identity.models import Mandate, Organisation, Person


def give_mandate(
    *,
    by: Actor,
    agent: Person,
    kind: str,
    principal_person: Person | None = None,
    principal_organisation: Organisation | None = None,
    scope: Sequence[str] = (),
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    evidence: str = "",
    evidence_file: int | None = None,
) -> Mandate:
    """Let `agent` act for exactly one principal.

    A person gives his own; the legal representative gives his organisation's; an agent cannot pass it on
    (民法典 第169条). An official with the permission records any, and only he records representatives and guardians.
    Raises NotAllowed, Invalid (the term, the principal).
    """
    if (principal_person is None) == (principal_organisation is None) or agent == principal_person:
        raise Invalid("identity.principal", _("Name one principal, other than the agent."))
    begin = valid_from or clock.today()
    rules.check_term(begin, valid_to)
    mandate = Mandate(
        agent=agent,
        kind=kind,
        principal_person=principal_person,
        principal_organisation=principal_organisation,
        scope=list(scope),
        valid_from=begin,
        valid_to=valid_to,
        evidence=evidence,
        evidence_file=evidence_file,
    )
    if not _may_give(by, mandate):
        raise NotAllowed("identity.not_yours_to_give", _("You may not give this mandate."))

    def job() -> Mandate:
        mandate.save(force_insert=True)
        payload = {"agent": agent.pk, "principal": mandate.principal, "kind": kind, "scope": list(scope)}
        ledger.record(by=by, type=events.MANDATE_GIVEN, subject=("mandate", mandate.pk), payload=payload)
        return mandate

    return write(job)


def end_mandate(*, by: Actor, mandate: Mandate, reason: str) -> Mandate:
    """End a mandate at this instant: its principal, its agent, or an official with the permission.

    Raises NotAllowed, Conflict (already ended).
    """
    if by.person_id != mandate.agent_id and not _may_give(by, mandate):
        raise NotAllowed("identity.not_yours_to_end", _("You may not end this mandate."))

    def job() -> Mandate:
        row = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if row.ended_at is not None:
            raise Conflict("identity.mandate_ended", _("This mandate has already ended."))
        row.ended_at, row.end_reason = clock.now(), reason
        row.save(update_fields=["ended_at", "end_reason"])
        subject = ("mandate", row.pk)
        ledger.record(by=by, type=events.MANDATE_ENDED, subject=subject, payload={}, reason=reason)
        return row

    return write(job)


def _may_give(by: Actor, mandate: Mandate) -> bool:
    if policy.may(by, registry.GIVE_MANDATE, mandate):
        return True
    if mandate.kind != MandateKind.AGENT:
        return False
    if mandate.principal_person_id is not None:
        return by.person_id == mandate.principal_person_id and by.on_behalf_of is None
    if by.mandate_id is None:
        return False
    return Mandate.objects.filter(
        pk=by.mandate_id,
        agent_id=by.person_id,
        kind=MandateKind.LEGAL_REPRESENTATIVE,
        principal_organisation_id=mandate.principal_organisation_id,
        ended_at=None,
    ).exists()
