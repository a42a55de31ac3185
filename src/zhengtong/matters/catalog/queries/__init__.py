"""Reading the catalogue: what is in use, browsed in pages, and what a case needs of its item."""

import base64
import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.engines import bpmn, calendars, forms
from zhengtong.engines.errors import LOCALES
from zhengtong.foundation.core.errors import Invalid, NotFound
from zhengtong.foundation.core.statements import Select
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.catalog.choices import MATTERS, HandlingKind, Status, TagKind
from zhengtong.matters.catalog.models import ItemFault, MaterialRequirement, ReleasedPack, ServiceItem
from zhengtong.matters.catalog.packs import Pack, pack_of_files
from zhengtong.matters.catalog.packs.rules import Rulebook, Wording, rulebook_of, wording_of
from zhengtong.matters.catalog.queries.releases import PROCESS as PROCESS
from zhengtong.matters.catalog.queries.releases import names_of_releases as names_of_releases
from zhengtong.matters.catalog.queries.releases import newest_with_rules as newest_with_rules
from zhengtong.matters.catalog.queries.releases import process_of as process_of
from zhengtong.matters.catalog.queries.releases import releases_for as releases_for
from zhengtong.matters.catalog.queries.releases import releases_with_rules as releases_with_rules
from zhengtong.matters.catalog.queries.releases import rules_of as rules_of

PAGE = 20
_OPEN = Select(ServiceItem, ("definition_id",), where=("id", "open", "current", "status"))
MOST = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One page of items; `next` is the cursor of the following page, empty on the last."""

    items: tuple[ServiceItem, ...]
    next: str


def visible_to(actor: Actor) -> QuerySet[ServiceItem]:
    """Items in use for everybody; all versions of their organisation for those who manage the catalogue."""
    return visible(actor, ServiceItem)


def visible_items(
    actor: Actor,
    *,
    department: str = "",
    item_type: str = "",
    audience: str = "",
    life_event: str = "",
    open_only: bool = False,
    cursor: str = "",
    size: int = PAGE,
) -> Page:
    """A page of items in use, those open for application first; `cursor` comes from the page before.

    `department` is a department's name. Never counts the table; raises Invalid for a cursor that is none.
    """
    chosen = visible_to(actor).filter(current=True)
    for column, value in (("department", department), ("item_type", item_type)):
        if value:
            chosen = chosen.filter(**{column: value})
    for kind, value in ((TagKind.AUDIENCE, audience), (TagKind.LIFE_EVENT, life_event)):
        if value:
            chosen = chosen.filter(tags__kind=kind, tags__value=value)
    if open_only:
        chosen = chosen.filter(open=True)
    chosen = _after(chosen, cursor)
    size = max(1, min(size, MOST))
    found = list(chosen.order_by("-open", "id")[: size + 1])
    more = len(found) > size
    return Page(tuple(found[:size]), _cursor(found[size - 1]) if more else "")


def _cursor(item: ServiceItem) -> str:
    return f"{int(item.open)}-{item.id}"


def _after(chosen: QuerySet[ServiceItem], cursor: str) -> QuerySet[ServiceItem]:
    if not cursor:
        return chosen
    flag, dash, number = cursor.partition("-")
    if not dash or flag not in ("0", "1") or not number.isdecimal() or len(number) > 19:
        raise Invalid("catalog.cursor", _("This page address is not valid; start from the first page"))
    later = Q(open=bool(int(flag)), id__gt=int(number))
    return chosen.filter(later | Q(open=False) if flag == "1" else later)


def departments(actor: Actor) -> Sequence[Mapping[str, Any]]:
    """Departments with items in use: `department`, `department_en`, `items`; in order of their name.

    By name, because published lists give one department several codes.
    """
    return list(
        visible_to(actor)
        .filter(current=True)
        .values("department", "department_en")
        .annotate(items=Count("id"))
        .order_by("department", "department_en")
    )


def item_types(actor: Actor) -> Sequence[Mapping[str, Any]]:
    """Item types in use with how many items each."""
    return list(
        visible_to(actor).filter(current=True).values("item_type").annotate(items=Count("id")).order_by("item_type")
    )


def item_by_token(actor: Actor, token: str) -> ServiceItem:
    """The item version of that token; NotFound where it is not to be seen."""
    found = visible_to(actor).filter(token=token).first()
    if found is None:
        raise NotFound("catalog.unknown", _("There is no such service"))
    return found


def current_item(key: str) -> ServiceItem | None:
    """The version in use of a key (a pack's id, or `external:` and the code of an imported item)."""
    return ServiceItem.objects.filter(key=key, current=True).first()


def items_with_packs(actor: Actor, words: str = "") -> QuerySet[ServiceItem]:
    """The items in use that came with a pack, with these words in a name or in the key, by name."""
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(key__icontains=words)
    return visible_to(actor).filter(named, current=True, pack__isnull=False).order_by("name", "id")


@lru_cache(maxsize=32)
def pack_of(release_id: int) -> Pack:
    """A released pack, read; a release never changes."""
    files = ReleasedPack.objects.values_list("files", flat=True).get(id=release_id)
    return pack_of_files({name: base64.b64decode(raw) for name, raw in files.items()})


def open_versions(ids: Collection[int]) -> dict[int, ServiceItem]:
    """For each of these item versions the one of its key that takes applications now; those of none are left out."""
    keys = dict(ServiceItem.objects.filter(id__in=ids).values_list("id", "key"))
    found = {item.key: item for item in ServiceItem.objects.filter(key__in=keys.values(), current=True, open=True)}
    return {number: found[key] for number, key in keys.items() if key in found}


def versions_of(item_id: int, most: int) -> list[int]:
    """The newest versions of an item, by the id of any of them."""
    key = ServiceItem.objects.filter(id=item_id).values("key")[:1]
    return list(ServiceItem.objects.filter(key=key).order_by("-version").values_list("id", flat=True)[:most])


def takes_cases(item: ServiceItem) -> bool:
    """Whether the item takes new applications now."""
    return item.open and item.current and item.status == Status.PUBLISHED


@dataclass(frozen=True, slots=True)
class Opening:
    """That an item takes new applications now; `definition_id` is the process published for them, None: the pack's."""

    definition_id: int | None


def ask_opening(item_id: int) -> Callable[[], Opening | None]:
    """Whether the item version of that id takes new applications now, and how; asked together with other reads."""
    found = _OPEN.ask((item_id, True, True, Status.PUBLISHED.value))
    return lambda: next((Opening(*row) for row in found()), None)


def materials_of(item: ServiceItem) -> Sequence[MaterialRequirement]:
    """The item's materials in order."""
    return list(MaterialRequirement.objects.filter(item=item).order_by("position"))


def faults_of(item: ServiceItem) -> Sequence[ItemFault]:
    """What is wrong with an imported item."""
    return list(ItemFault.objects.filter(item=item).order_by("id"))


def fault_counts() -> Sequence[Mapping[str, Any]]:
    """Faults of all imported items by code, most frequent first."""
    return list(ItemFault.objects.values("code").annotate(items=Count("item", distinct=True)).order_by("-items"))


@dataclass(frozen=True)
class ItemSpec:
    """What a case needs of the item version it is under; immutable, so that it may be kept in memory.

    `files` are the pack's; `form` and `graph` are compiled once. `effective_from` tells the version's age.
    """

    id: int
    token: str
    key: str
    version: int
    name: str
    name_en: str
    department: str
    department_en: str
    organisation_id: int | None
    region: str
    implement_code: str
    item_type: str
    licence_type_code: str
    stated: Mapping[str, Any]
    texts: Mapping[str, Any]
    files: Mapping[str, bytes]
    effective_from: dt.date | None

    def say(self, key: str, locale: str = "zh-hans") -> str:
        """The pack's text of a dotted key, empty where there is none."""
        found: Any = self.texts.get("en" if locale.startswith("en") else "zh-hans", {})
        for part in key.split("."):
            found = found.get(part, "") if isinstance(found, Mapping) else ""
        return found if isinstance(found, str) else ""

    @property
    def mark(self) -> str:
        """The authority's mark in document numbers (机关代字)."""
        return str(self.stated["documents"]["mark"])

    @property
    def seal(self) -> Mapping[str, str]:
        """The seal of its papers: authority and code."""
        return dict(self.stated["documents"]["seal"])

    @property
    def legal(self) -> calendars.Limit:
        """法定时限."""
        return self._limit("legal", 20)

    @property
    def promise(self) -> calendars.Limit:
        """承诺时限."""
        return self._limit("promise", 20)

    @property
    def correction(self) -> calendars.Limit:
        """How long the applicant has to correct (default 15 working days, services.md §9)."""
        return self._limit("correction_due", 15)

    @property
    def correction_days(self) -> int:
        """The number of `correction`."""
        return self.correction.number

    def _limit(self, name: str, default: int) -> calendars.Limit:
        stated = self.stated["limits"].get(name) or {"number": default, "unit": "working_day"}
        return calendars.Limit(stated["number"], calendars.Unit(stated["unit"]))

    @property
    def approval_reasons(self) -> str:
        """The drafted reasons of an approval, Chinese."""
        return self.say("approval_reasons")

    @property
    def remedies(self) -> str:
        """Where and until when to turn, one sentence, Chinese (行政许可法 第38条)."""
        facts = self.remedy_facts
        return (
            f"对本决定不服的，可以在{facts['review_days']}日内向{facts['review_organ']}申请行政复议，"
            f"或者在{facts['suit_months']}个月内向{facts['court']}提起行政诉讼。"
        )

    @property
    def remedy_facts(self) -> Mapping[str, Any]:
        """The remedies as `engines.documents` asks for them."""
        stated = self.stated["remedies"]
        return {
            "review_organ": self.say("remedies.review_organ"),
            "review_days": stated["review_days"],
            "court": self.say("remedies.court"),
            "suit_months": stated["suit_months"],
        }

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(self.stated["roles"])

    @property
    def special_procedures(self) -> Mapping[str, int]:
        """Allowed special procedures and the most working days each may take."""
        return {entry["type"]: entry["max_days"] for entry in self.stated.get("special_procedures") or []}

    @property
    def result(self) -> Mapping[str, Any]:
        """type, licence_type_code, serial and number templates, valid_years, fields."""
        return dict(self.stated["result"])

    @property
    def template(self) -> str | None:
        """The Typst source of the result, None where the house's own is used."""
        raw = self.files.get(self.result.get("template") or "result.typ")
        return None if raw is None else raw.decode("utf-8")

    @cached_property
    def form(self) -> forms.Form:
        """The compiled form."""
        return forms.compile_form(json.loads(self.files["form.json"]))

    @cached_property
    def rulebook(self) -> Rulebook | None:
        """The compiled rules, None where the pack has none."""
        return rulebook_of(self.files, self.stated, self.form)

    @cached_property
    def wordings(self) -> Mapping[str, Wording]:
        """How the rules are told, by locale."""
        rules = self.stated.get("rules")
        return {locale: wording_of(rules, self.texts, self.form, locale) for locale in LOCALES}

    @property
    def instant(self) -> bool:
        """即办件: decided as soon as it is handed in."""
        return bool(self.stated["item"]["handling_kind"] == HandlingKind.INSTANT)

    @property
    def matter(self) -> str:
        """What papers call it: `licence`, `benefit` or `other`."""
        return MATTERS.get(self.item_type, "other")

    @cached_property
    def graph(self) -> bpmn.Graph:
        """The compiled process."""
        return bpmn.compile_process(bpmn.read(self.files[PROCESS]))


def item_spec(item_id: int) -> ItemSpec:
    """What a case needs of its item version; NotFound for an unknown id, or an item that came without a pack.

    A version in use never changes and is read once a process; only its authority may be linked later, so a version
    without one is read anew.
    """
    spec = _kept(item_id)
    return spec if spec.organisation_id is not None else _spec(item_id)


@lru_cache(maxsize=512)
def _kept(item_id: int) -> ItemSpec:
    return _spec(item_id)


def _spec(item_id: int) -> ItemSpec:
    item = ServiceItem.objects.select_related("pack").filter(id=item_id).first()
    if item is None or item.pack is None:
        raise NotFound("catalog.unknown", _("There is no such service"))
    return ItemSpec(
        id=item.id,
        token=item.token,
        key=item.key,
        version=item.version,
        name=item.name,
        name_en=item.name_en,
        department=item.department,
        department_en=item.department_en,
        organisation_id=item.organisation_id,
        region=item.region,
        implement_code=item.implement_code,
        item_type=item.item_type,
        licence_type_code=item.licence_type_code,
        stated=item.stated,
        texts=item.texts,
        files={name: base64.b64decode(raw) for name, raw in item.pack.files.items()},
        effective_from=item.effective_from,
    )


def forget_specs() -> None:
    """Read specs anew: after an implementer was linked, and between tests."""
    _kept.cache_clear()
    pack_of.cache_clear()
