"""Who applies: the person himself, or the organisation or person somebody acts for under a mandate."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import SignInNeeded
from zhengtong.foundation.policy import Actor, mask_name
from zhengtong.people.identity import queries as identity


@dataclass(frozen=True)
class Applicant:
    """The applicant as a case keeps him; `label` may be shown to officials' lists, `details` is kept sealed."""

    kind: str
    label: str
    person_id: int | None = None
    organisation_id: int | None = None
    agent_person_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


def applicant_of(by: Actor) -> Applicant:
    """The one in whose name the actor applies; SignInNeeded when nobody is."""
    kind, _sep, key = (by.principal or "").partition(":")
    if kind == "org":
        organisation = identity.organisation(int(key))
        if organisation is not None:
            return Applicant(
                "organisation",
                organisation.name_zh,
                organisation_id=organisation.id,
                agent_person_id=by.person_id,
                details={"name": organisation.name_zh, "uscc": organisation.uscc, "agent": by.name},
            )
    if kind == "person":
        person = identity.person(int(key))
        if person is not None:
            agent = by.person_id if by.person_id != person.id else None
            return Applicant(
                "person",
                mask_name(person.name),
                person_id=person.id,
                agent_person_id=agent,
                details={"name": person.name, "document_number": person.document_number, "phone": person.phone},
            )
    raise SignInNeeded("cases.sign_in", _("Sign in as the applicant or somebody the applicant has authorised."))
