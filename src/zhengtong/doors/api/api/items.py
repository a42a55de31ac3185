"""The catalogue for programs: items in use, their guide, their form with its texts, their situational questions."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema

from zhengtong.doors.api.api.callers import actor_of
from zhengtong.doors.api.api.pages import Cursor, Page, Size, place_of, sign
from zhengtong.engines.forms import describe_page
from zhengtong.foundation.search import queries as search
from zhengtong.matters.catalog import queries as catalog

router = Router(tags=["items"])
SERVICE = "service"


class Item(Schema):
    """A service item in the version in use. `open`: it takes applications here."""

    token: str
    name: str
    department: str
    item_type: str
    implement_code: str
    version: int
    open: bool


class LimitShown(Schema):
    number: int | None
    unit: str


class MaterialShown(Schema):
    """`how`: upload, online (filled in), or exempt (the government supplies it). `only_when`: FEEL over answers."""

    code: str
    name: str
    issuer: str
    requirement: str
    necessity: str
    how: str
    question: str
    only_when: str


class ItemWhole(Item):
    """The guide of an item."""

    everyday_name: str
    summary: str
    legal_limit: LimitShown
    promise_limit: LimitShown
    charged: bool
    max_visits: int | None
    materials: list[MaterialShown]
    setting_basis: list[dict[str, Any]]


class FormShown(Schema):
    """`schema` is JSON Schema 2020-12 with hints under `zt`; `pages` are its pages in the reader's language."""

    item: str
    form_schema: dict[str, Any]
    pages: list[dict[str, Any]]


class Option(Schema):
    """One answer; `leads` names where it leads when it is not this item."""

    code: str
    label: str
    leads: str | None


class Situation(Schema):
    """A question asked before the form."""

    code: str
    question: str
    options: list[Option]


class Situations(Schema):
    """The situational questions of an item."""

    items: list[Situation]


@router.get("/items", response=Page[Item], summary=_("List service items"))
def list_items(
    request: HttpRequest,
    cursor: Cursor,
    size: Size,
    department: str = Query("", max_length=200),
    item_type: str = Query("", max_length=2),
    audience: str = Query("", max_length=40),
    life_event: str = Query("", max_length=40),
    open: bool = Query(False, description="only those that take applications"),
) -> dict[str, Any]:
    """Items in use, those open for application first."""
    after = place_of(request, cursor)
    page = catalog.visible_items(
        actor_of(request),
        department=department,
        item_type=item_type,
        audience=audience,
        life_event=life_event,
        open_only=open,
        cursor=after[0] if after else "",
        size=size,
    )
    return {"items": [shown(item) for item in page.items], "next": sign(request, [page.next]) if page.next else None}


@router.get("/items/search", response=Page[Item], summary=_("Find service items by words"))
def find_items(request: HttpRequest, size: Size, q: str = Query(..., min_length=1, max_length=100)) -> dict[str, Any]:
    """Items that hold all of the words (names, everyday names, synonyms, department), best first; one page."""
    actor = actor_of(request)
    ids = [entry.object_id for entry in search.visible_to(actor, q, kinds=[SERVICE], limit=size)]
    found = catalog.visible_to(actor).filter(current=True).in_bulk(ids)
    return {"items": [shown(found[key]) for key in ids if key in found], "next": None}


@router.get("/items/{token}", response=ItemWhole, summary=_("Read the guide of an item"))
def read_item(request: HttpRequest, token: str) -> dict[str, Any]:
    """One version of an item; older versions stay readable by their own tokens to those who manage them."""
    item = catalog.item_by_token(actor_of(request), token)
    return shown(item) | {
        "everyday_name": _spoken(item, "everyday_name"),
        "summary": _spoken(item, "summary"),
        "legal_limit": {"number": item.legal_limit, "unit": item.legal_unit},
        "promise_limit": {"number": item.promise_limit, "unit": item.promise_unit},
        "charged": item.charged,
        "max_visits": item.max_visits,
        "materials": [_material(row) for row in catalog.materials_of(item)],
        "setting_basis": list(item.stated.get("setting_basis") or []),
    }


@router.get("/items/{token}/form", response=FormShown, summary=_("Read the form of an item"))
def read_form(request: HttpRequest, token: str) -> dict[str, Any]:
    """What to answer: the schema to check against, and pages, questions, options and help in the reader's language."""
    spec = catalog.item_spec(catalog.item_by_token(actor_of(request), token).id)
    locale = get_language() or "zh-hans"
    return {
        "item": spec.token,
        "form_schema": json.loads(spec.files["form.json"]),
        "pages": [describe_page(spec.form, page, {}, locale) for page in spec.form.pages],
    }


@router.get("/items/{token}/situations", response=Situations, summary=_("Read the situational questions of an item"))
def read_situations(request: HttpRequest, token: str) -> dict[str, Any]:
    """What to ask before the form: some answers lead elsewhere (a filing, another service, nothing to do)."""
    spec = catalog.item_spec(catalog.item_by_token(actor_of(request), token).id)
    locale = get_language() or "zh-hans"
    return {"items": [_situation(spec, entry, locale) for entry in spec.stated.get("situations") or []]}


def shown(item: Any) -> dict[str, Any]:
    """An item as lists show it."""
    return {
        "token": item.token,
        "name": _spoken(item, "name"),
        "department": _spoken(item, "department"),
        "item_type": item.item_type,
        "implement_code": item.implement_code,
        "version": item.version,
        "open": catalog.takes_cases(item),
    }


def _situation(spec: catalog.ItemSpec, entry: dict[str, Any], locale: str) -> dict[str, Any]:
    where = f"situations.{entry['code']}"
    return {
        "code": entry["code"],
        "question": spec.say(f"{where}.question", locale),
        "options": [
            {
                "code": option["code"],
                "label": spec.say(f"{where}.options.{option['code']}", locale),
                "leads": option.get("leads"),
            }
            for option in entry["options"]
        ],
    }


def _material(row: Any) -> dict[str, Any]:
    return {name: _spoken(row, name) for name in ("name", "issuer", "requirement")} | {
        name: getattr(row, name) for name in ("code", "necessity", "how", "question", "only_when")
    }


def _spoken(row: Any, name: str) -> str:
    """A text in the reader's language, Chinese where no English was written."""
    english = (get_language() or "").startswith("en")
    return str((english and getattr(row, f"{name}_en")) or getattr(row, name))
