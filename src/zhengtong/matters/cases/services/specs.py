"""What a case needs to know of its service item, in the version it was opened under."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.calendars import Limit
from zhengtong.engines.forms import Form
from zhengtong.foundation.core.errors import Conflict
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog.packs.rules import Rulebook, Wording
from zhengtong.matters.workflow.definitions import define

LICENSING = "01"
EXTENSION_DAYS = 10


@dataclass(frozen=True)
class Material:
    """One material the item asks for; `how` is upload, online or exempt (免提交)."""

    code: str
    name: str
    name_en: str
    how: str


@dataclass(frozen=True)
class Spec:
    """The item as cases use it; `basis` are its articles as letters cite them."""

    item_id: int
    name: str
    name_en: str
    implement_code: str
    agency_id: int
    region: str
    promise: Limit
    legal: Limit
    correction_days: int
    procedures: Mapping[str, int]
    licence: bool
    mark: str
    remedies: Mapping[str, Any]
    basis: tuple[str, ...]
    result_name: str
    approval_reasons: str
    form: Form
    process_xml: bytes
    materials: tuple[Material, ...]
    rulebook: Rulebook | None
    wordings: Mapping[str, Wording]
    instant: bool = False
    matter: str = "licence"
    delivery_modes: tuple[str, ...] = ("electronic",)
    extension_days: int = EXTENSION_DAYS
    assurance: int = 2

    def ask_definition(self) -> Callable[[], int]:
        """The definition by which a new case runs: the one published for the item, else that of its pack.

        Asked together with other reads; the answer is `Conflict` unless the item takes applications now.
        """
        asked = catalog.ask_opening(self.item_id)

        def definition() -> int:
            opening = asked()
            if opening is None:
                raise Conflict("cases.not_open", _("This service does not take applications at the moment."))
            return opening.definition_id or define(self.process_xml)

        return definition


@functools.lru_cache(maxsize=512)
def spec_of(item_id: int) -> Spec:
    """The item of a case. A published version never changes, so it is read once a server process."""
    item = catalog.item_spec(item_id)
    if item.organisation_id is None:
        raise Conflict("cases.no_agency", _("No authority has been linked to this service yet."))
    return Spec(
        item_id=item.id,
        name=item.name,
        name_en=item.name_en,
        implement_code=item.implement_code,
        agency_id=item.organisation_id,
        region=item.region,
        promise=item.promise,
        legal=item.legal,
        correction_days=item.correction_days,
        procedures=item.special_procedures,
        licence=item.item_type == LICENSING,
        mark=item.mark,
        remedies=item.remedy_facts,
        basis=tuple(f"《{each['law']}》{each['article']}" for each in item.stated["setting_basis"]),
        result_name=item.say("result.name"),
        approval_reasons=item.approval_reasons,
        form=item.form,
        process_xml=item.files["process.bpmn"],
        materials=tuple(
            Material(
                entry["code"],
                item.say(f"materials.{entry['code']}.name"),
                item.say(f"materials.{entry['code']}.name", "en"),
                entry["how"],
            )
            for entry in item.stated["materials"]
        ),
        rulebook=item.rulebook,
        wordings=item.wordings,
        instant=item.instant,
        matter=item.matter,
        delivery_modes=tuple(item.stated.get("delivery_modes") or ("electronic",)),
    )
