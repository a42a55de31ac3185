"""The old-age allowance and everybody around it: the civil affairs bureau, its officers, old people who apply."""

import dataclasses
import datetime as dt
from typing import Any

from factories import identity as people
from factories.cases import ROOT, full_answers, installed, officer
from zhengtong.foundation.policy import Actor
from zhengtong.matters.catalog.models import ServiceItem

FOLDER = ROOT / "packs" / "civil-affairs" / "old-age-allowance"


@dataclasses.dataclass(frozen=True)
class Bureau:
    """The item in use and who works at the bureau."""

    item: ServiceItem
    clerk: Actor
    reviewer: Actor
    decider: Actor
    agency_id: int


def bureau() -> Bureau:
    """示范区民政局 with its officers, the allowance open for application."""
    agency = people.agency(uscc="11110108000001046D", name_zh="示范区民政局", division_code="110108")
    return Bureau(
        item=installed(FOLDER, agency.id),
        clerk=officer(agency.id, "沈玉", "task.clerk"),
        reviewer=officer(agency.id, "韩梅", "task.reviewer"),
        decider=officer(agency.id, "姜德", "task.decider"),
        agency_id=agency.id,
    )


def applicant(birth: dt.date = dt.date(1933, 2, 15), *, division: str = "110108", **given: Any) -> Actor:
    """Somebody born that day, registered in a division, signed in for himself."""
    made = {"name": "王福寿", "document_number": people.number(birth=birth), "division_code": division}
    person = people.person(**{**made, "address": "北京市示范区和平街道 3 号院 2 号楼 101 室"} | given)
    account = people.account("citizen", holder=person)
    return Actor(account_id=account.id, person_id=person.id, kind="citizen", name=person.name, assurance=2)


def answers(**given: Any) -> dict[str, Any]:
    """What he answers, complete and valid."""
    return full_answers(FOLDER) | given
