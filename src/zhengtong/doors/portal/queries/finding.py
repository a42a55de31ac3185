"""Search results and lists of services."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.portal.choices import ENTERPRISE_STOPS, PERSON_STOPS
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.queries.items import card
from zhengtong.foundation.policy import Actor
from zhengtong.foundation.search import queries as search
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog.choices import Audience, ItemType

PAGE = 20
SUGGESTED = 8
Shown = dict[str, Any]


def results(words: str, start: int, locale: str, *, size: int = PAGE) -> Shown:
    """One page of hits; with none, the nearest."""
    found = search.find(words, kinds=("service",), limit=size + 1, offset=start) if words else []
    near = search.nearest(words, kinds=("service",)) if words and not found and not start else []
    address = reverse("portal:search")
    link = lambda place: f"{address}?{urlencode({'q': words, 'from': place})}"  # noqa: E731 two addresses of one form
    return {
        "words": words,
        "crumbs": home_crumbs(),
        "hits": [_hit(entry, locale) for entry in found[:size]],
        "near": [_hit(entry, locale) for entry in near],
        "next_url": link(start + size) if len(found) > size else "",
        "previous_url": link(max(0, start - size)) if start else "",
        "first": start + 1,
        "last": start + len(found[:size]),
    }


def suggestions(words: str, locale: str) -> list[Shown]:
    """The first hits, as the search field's list shows them."""
    found = search.find(words, kinds=("service",), limit=SUGGESTED) if words else []
    return [{"label": hit["name"], "note": hit["department"], "url": hit["url"]} for hit in _hits(found, locale)]


def _hits(entries: Iterable[Any], locale: str) -> list[Shown]:
    return [_hit(entry, locale) for entry in entries]


def _hit(entry: Any, locale: str) -> Shown:
    english = locale == "en"
    return {
        "name": (entry.title_en or entry.title) if english else entry.title,
        "words": (entry.summary_en or entry.summary) if english else entry.summary,
        "url": entry.address,
        "department": (english and entry.labels.get("department_en")) or entry.labels.get("department", ""),
        "open": entry.labels.get("open", False),
    }


def listed(actor: Actor, audience: str, given: Mapping[str, str], locale: str) -> Shown:
    """One page of services by cursor; a kind that does not exist finds nothing."""
    chosen = {"people": Audience.PERSON, "enterprises": Audience.ENTERPRISE}.get(audience, "")
    page = catalog.visible_items(
        actor,
        department=given["department"],
        item_type=given["item_type"],
        cursor=given["cursor"],
        audience=chosen,
        size=PAGE,
    )
    kept = {key: given[key] for key in ("department", "item_type") if given[key]}
    here = reverse(f"portal:{audience or 'services'}")
    return {
        "audience": audience,
        "kind": "enterprise" if audience == "enterprises" else "person",
        "heading": {"people": _("Services for people"), "enterprises": _("Services for enterprises")}.get(
            audience, _("All services")
        ),
        "crumbs": home_crumbs(),
        "stops": {"people": stops_of(PERSON_STOPS), "enterprises": stops_of(ENTERPRISE_STOPS)}.get(audience, []),
        "open": [card(item, locale) for item in page.items if item.open],
        "listed": [_line(item, locale) for item in page.items if not item.open],
        "conditions": _conditions(actor, kept, here, locale),
        "next_url": f"{here}?{urlencode({**kept, 'cursor': page.next})}" if page.next else "",
        "first_url": f"{here}?{urlencode(kept)}" if given["cursor"] else "",
    }


def _line(item: Any, locale: str) -> Shown:
    shown = card(item, locale)
    return {
        "label": shown["name"],
        "note": item.department if locale != "en" else item.department_en or item.department,
        "url": shown["url"],
    }


def _conditions(actor: Actor, kept: Mapping[str, str], here: str, locale: str) -> list[Shown]:
    """The filters in force in the reader's words, each with the address without it."""
    words = dict(ItemType.choices)
    if locale == "en" and "department" in kept:
        words |= {row["department"]: row["department_en"] or row["department"] for row in catalog.departments(actor)}
    return [
        {
            "label": words.get(value, value),
            "url": f"{here}?{urlencode({other: kept[other] for other in kept if other != key})}",
        }
        for key, value in kept.items()
    ]


def ways_in(actor: Actor, locale: str) -> Shown:
    """Departments and kinds of items, with counts and addresses."""
    here = reverse("portal:services")
    types = dict(ItemType.choices)
    found = catalog.departments(actor)
    return {
        "crumbs": home_crumbs(),
        "total": sum(row["items"] for row in found),
        "departments": [
            {
                "label": (row["department_en"] or row["department"]) if locale == "en" else row["department"],
                "note": ngettext("%(count)s service", "%(count)s services", row["items"]) % {"count": row["items"]},
                "url": f"{here}?{urlencode({'department': row['department']})}",
            }
            for row in found
        ],
        "types": [
            {
                "label": types.get(row["item_type"], row["item_type"]),
                "note": ngettext("%(count)s service", "%(count)s services", row["items"]) % {"count": row["items"]},
                "url": f"{here}?{urlencode({'item_type': row['item_type']})}",
            }
            for row in catalog.item_types(actor)
        ],
    }


def stops_of(stops: Iterable[tuple[Any, str, str]]) -> list[Shown]:
    address = reverse("portal:search")
    return [
        {"label": label, "icon": icon, "url": f"{address}?{urlencode({'q': words})}"} for label, icon, words in stops
    ]
