"""The food licence and everybody around it: an item in use, an applicant, a clerk, a reviewer, a decider, a head."""

import copy
import dataclasses
import functools
import io
import pathlib
from typing import Any
from unittest import mock

import yaml

from factories import identity as people
from zhengtong.foundation.files.services import store
from zhengtong.foundation.policy import SYSTEM, Actor, Grant
from zhengtong.matters.catalog import services as catalog
from zhengtong.matters.catalog.models import ServiceItem
from zhengtong.matters.catalog.packs import Pack, findings_of, load_pack
from zhengtong.matters.catalog.services import releases

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOOD = ROOT / "packs" / "market-supervision" / "food-business-licence"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclasses.dataclass(frozen=True)
class World:
    """Actors and the item of one little city."""

    item: ServiceItem
    applicant: Actor
    clerk: Actor
    reviewer: Actor
    decider: Actor
    head: Actor
    agency_id: int


def officer(agency_id: int, name: str, *permissions: str) -> Actor:
    """A staff actor with permissions over an agency."""
    account = people.account("staff", holder=people.person(name=name))
    scope = f"org:{agency_id}"
    grants = frozenset(Grant(permission, scope) for permission in ("case.read", *permissions))
    return Actor(
        account_id=account.id,
        person_id=account.person_id,
        kind="staff",
        name=name,
        organisation_id=agency_id,
        grants=grants,
        assurance=3,
    )


def world() -> World:
    """An agency with its officers, the food licence open for application, and 京味餐饮 with its representative."""
    agency = people.agency(uscc="1111010800000102XJ", name_zh="示范区市场监督管理局", division_code="110108")
    item = installed(FOOD, agency.id)
    company = people.enterprise(uscc="91110108MA01A00373", name_zh="京味餐饮有限公司")
    account = people.account("citizen", holder=people.person(name="张三", document_number="110108199003070024"))
    applicant = Actor(
        account_id=account.id,
        person_id=account.person_id,
        kind="citizen",
        name="张三",
        on_behalf_of=f"org:{company.id}",
        assurance=2,
    )
    return World(
        item=item,
        applicant=applicant,
        clerk=officer(agency.id, "孙洁", "task.clerk"),
        reviewer=officer(agency.id, "赵敏", "task.reviewer"),
        decider=officer(agency.id, "钱卫", "task.decider"),
        head=officer(agency.id, "周正", "task.head", "case.extend", "case.terminate"),
        agency_id=agency.id,
    )


def installed(folder: pathlib.Path, agency_id: int) -> ServiceItem:
    """A pack of ours, released and in use at an agency.

    Its files are read and checked once in a process: most tests stand on one, and those of packs do without this.
    """
    pack, findings = _checked(folder)
    catalog.ensure_release_key()
    known = {"pack_of_files": lambda _files: pack, "findings_of": lambda _pack, **_house: findings}
    with mock.patch.multiple(releases, **known):
        released = catalog.release_pack(by=SYSTEM, folder=folder)
        return catalog.install_pack(by=SYSTEM, released=released, organisation_id=agency_id)


@functools.cache
def _checked(folder: pathlib.Path) -> tuple[Pack, Any]:
    pack = load_pack(folder)
    return pack, findings_of(pack)


@functools.cache
def _read(path: pathlib.Path) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return made


def full_answers(folder: pathlib.Path) -> dict[str, Any]:
    """The complete answers that come with a pack."""
    return copy.deepcopy(_read(folder / "examples" / "answers-full.yaml"))


def answers(by: Actor, **given: Any) -> dict[str, Any]:
    """Complete answers of the applicant, with files of his own."""
    made = full_answers(FOOD)
    for key in ("floor_plan", "safety_rules"):
        made[key] = [upload(by, f"{key}.pdf")]
    return made | given


def upload(by: Actor, name: str = "paper.pdf", data: bytes = PDF) -> str:
    """A stored file of the actor; answers its token."""
    return store(by=by, name=name, stream=io.BytesIO(data), purpose="material", sensitive=True).token
