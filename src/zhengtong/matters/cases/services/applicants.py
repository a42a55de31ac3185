"""Who applies: the person himself, or the organisation or person somebody acts for under a mandate."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import SignInNeeded
from zhengtong.foundation.policy import Actor, mask_name
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.people.identity.models import Organisation, Person


@dataclass(frozen=True)
class Applicant:
    """The applicant as a case keeps him; `label` may be shown to officials' lists, `details` is kept sealed."""

    kind: str
    label: str
    person_id: int | None = None
    organisation_id: int | None = None
    agent_person_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> tuple[str, int]:
        """Whom other authorities are asked about."""
        if self.organisation_id is not None:
            return "organisation", self.organisation_id
        return "person", self.person_id or 0


def ask_applicant(by: Actor) -> Callable[[], Applicant]:
    """The one in whose name the actor applies, asked together with other reads; the answer is SignInNeeded for none."""
    kind, _sep, key = (by.principal or "").partition(":")
    if kind == "org":
        organisation = identity.ask_organisation(int(key))
        return lambda: _known(_as_organisation(by, organisation()))
    if kind == "person":
        person = identity.ask_person(int(key))
        return lambda: _known(_as_person(by, person()))
    return lambda: _known(None)


def _as_organisation(by: Actor, organisation: "Organisation | None") -> Applicant | None:
    if organisation is None:
        return None
    return Applicant(
        "organisation",
        organisation.name_zh,
        organisation_id=organisation.id,
        agent_person_id=by.person_id,
        details={
            "name": organisation.name_zh,
            "uscc": organisation.uscc,
            "region": organisation.division_code,
            "agent": by.name,
        },
    )


def _as_person(by: Actor, person: "Person | None") -> Applicant | None:
    if person is None:
        return None
    return Applicant(
        "person",
        mask_name(person.name),
        person_id=person.id,
        agent_person_id=by.person_id if by.person_id != person.id else None,
        details={
            "name": person.name,
            "document_number": person.document_number,
            "birth_date": person.birth_date,
            "region": person.division_code,
            "phone": person.phone,
        },
    )


def _known(applicant: Applicant | None) -> Applicant:
    if applicant is None:
        raise SignInNeeded("cases.sign_in", _("Sign in as the applicant or somebody the applicant has authorised."))
    return applicant
