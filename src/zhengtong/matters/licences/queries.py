"""Every read of licences: the holder's wallet, the public check."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from zhengtong.engines.codes import is_licence_identifier
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.cases.choices import MaterialSource
from zhengtong.matters.cases.services import Obtained
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.matters.licences.choices import LicenceState
from zhengtong.matters.licences.models import Licence as Licence
from zhengtong.matters.licences.models import LicenceUse


def visible_to(actor: Actor) -> QuerySet[Licence]:
    """The licences this actor may see whole."""
    return visible(actor, Licence).order_by("-id")


def wallet(actor: Actor) -> QuerySet[Licence]:
    """The licences of whom the actor acts for, newest first."""
    kind, _sep, key = (actor.principal or "").partition(":")
    column = {"person": "holder_person_id", "org": "holder_organisation_id"}.get(kind)
    if column is None:
        return Licence.objects.none()
    return Licence.objects.filter(**{column: int(key)}).order_by("-id")


def uses_of(licence: Licence) -> QuerySet[LicenceUse]:
    """Who used a licence, newest first."""
    return LicenceUse.objects.filter(licence_id=licence.id).order_by("-id")


def of_case(case_id: int) -> Licence | None:
    """The newest licence a case led to."""
    return Licence.objects.filter(case_id=case_id).order_by("-version").first()


def standing(type_code: str, *, person_id: int | None = None, organisation_id: int | None = None) -> Licence | None:
    """The holder's valid licence of a type today: what makes a material 免提交."""
    rows = Licence.objects.filter(type_code=type_code, state=LicenceState.VALID)
    if organisation_id is not None:
        rows = rows.filter(holder_organisation_id=organisation_id)
    else:
        rows = rows.filter(holder_person_id=person_id)
    found = rows.order_by("-id").first()
    return found if found and state_on(found, clock.today()) == LicenceState.VALID else None


def in_place_of_materials(actor: Actor, item_id: int) -> dict[str, Obtained]:
    """The materials of an item that licences in the actor's wallet stand for, by code (以证照代材料)."""
    kind, _sep, key = (actor.principal or "").partition(":")
    holder = {"person": "person_id", "org": "organisation_id"}.get(kind)
    wanted = {
        entry["code"]: entry["licence_type_code"]
        for entry in item_spec(item_id).stated["materials"]
        if entry["how"] == "exempt" and entry.get("licence_type_code")
    }
    if holder is None or not wanted:
        return {}
    held = {code: standing(type_code, **{holder: int(key)}) for code, type_code in wanted.items()}
    return {code: Obtained(MaterialSource.LICENCE, licence_id=licence.id) for code, licence in held.items() if licence}


def state_on(licence: Licence, day: dt.date) -> LicenceState:
    """The state on a day: a valid licence past its last day has expired."""
    state = LicenceState(licence.state)
    if state is LicenceState.VALID and licence.valid_to is not None and day > licence.valid_to:
        return LicenceState.EXPIRED
    return state


@dataclass(frozen=True)
class PublicLicence:
    """What everybody may learn of a licence: its state and public fields, never the rest.

    `id` and `file_id` are for doors that check log and seal; they are not shown.
    """

    id: int
    file_id: int | None
    identifier: str
    name: str
    name_en: str
    number: str
    issuer_name: str
    holder_name: str
    issued_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    state: LicenceState
    fields: tuple[dict[str, Any], ...]
    token: str
    replaced: bool


def public_check(text: str) -> PublicLicence | None:
    """A licence by token, identifier or number as the public may see it; the newest version of a number."""
    wanted = text.strip()
    rows = Licence.objects.filter(token=wanted)
    if is_licence_identifier(wanted):
        rows = Licence.objects.filter(identifier=wanted)
    elif not rows.exists():
        rows = Licence.objects.filter(number=wanted.upper())
    licence = rows.order_by("-version").first()
    if licence is None:
        return None
    return PublicLicence(
        id=licence.id,
        file_id=licence.file_id,
        identifier=licence.identifier,
        name=licence.name,
        name_en=licence.name_en,
        number=licence.number,
        issuer_name=licence.issuer_name,
        holder_name=licence.holder_name,
        issued_on=licence.issued_on,
        valid_from=licence.valid_from,
        valid_to=licence.valid_to,
        state=state_on(licence, clock.today()),
        fields=tuple(entry for entry in licence.fields if entry.get("public")),
        token=licence.token,
        replaced=licence.replaced_by_id is not None,
    )
