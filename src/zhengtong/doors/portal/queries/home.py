"""The home page: figures anybody may check, what is open, what was just closed."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.cache import caches
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.portal.choices import ENTERPRISE_STOPS, PERSON_STOPS
from zhengtong.doors.portal.queries.finding import stops_of
from zhengtong.doors.portal.queries.items import card, named
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.catalog import queries as catalog

FIGURES_KEPT = 30
POPULAR, POPULAR_KEPT = 5, 600
OLD_AGE = "old_age"
"""The event of a life, as packs name it (`life_events`), whose services elders see first."""


class Home(NamedTuple):
    """Everything the home page shows."""

    figures: cases.Figures
    closed: list[Any]
    services: list[dict[str, Any]]
    for_elders: list[dict[str, Any]]
    popular: list[dict[str, str]]
    popular_title: str
    person_stops: list[dict[str, Any]]
    enterprise_stops: list[dict[str, Any]]


def home(actor: Actor, locale: str) -> Home:
    """The figures are at most half a minute old: the page says of when they are."""
    found = catalog.visible_items(actor, open_only=True, size=6).items
    figures, closed = caches["near"].get("portal.figures") or _counted()
    title, chips = popular(found, locale)
    return Home(
        figures=figures,
        closed=[just_closed(case, locale) for case in closed],
        services=[card(item, locale) for item in found],
        for_elders=_for_elders(found, locale),
        popular=chips,
        popular_title=title,
        person_stops=stops_of(PERSON_STOPS),
        enterprise_stops=stops_of(ENTERPRISE_STOPS),
    )


def _for_elders(items: Iterable[Any], locale: str) -> list[dict[str, Any]]:
    """At most three: what is meant for old age before the others."""
    first = sorted(items, key=lambda item: OLD_AGE not in (item.stated.get("life_events") or ()))
    return [card(item, locale) | {"label": named(item, locale)} for item in first[:3]]


def _counted() -> tuple[cases.Figures, list[Any]]:
    counted = (cases.figures(), cases.closed_lately(4))
    caches["near"].set("portal.figures", counted, FIGURES_KEPT)
    return counted


def figure_rows(figures: cases.Figures) -> list[dict[str, Any]]:
    """The figures as the card shows them; what cannot be counted yet is a dash."""
    cases_word = _("cases")
    return [
        {"label": _("Received today"), "value": figures.received, "unit": cases_word},
        {"label": _("Closed today"), "value": figures.closed, "unit": cases_word},
        {
            "label": _("Average time"),
            "value": _shown(figures.average),
            "unit": _("working days") if figures.average is not None else "",
        },
        {"label": _("On time"), "value": _shown(figures.on_time), "unit": "%" if figures.on_time is not None else ""},
    ]


def _shown(value: float | None) -> float | str:
    return "—" if value is None else value


def just_closed(case: Any, locale: str) -> dict[str, Any]:
    """A line of the public list: masked name, service, how it ended."""
    days = (case.decided_on - case.accepted_on).days if case.accepted_on and case.decided_on else None
    ended = "" if days is None else (_("decided at once") if days == 0 else ngettext("%d day", "%d days", days) % days)
    name = case.item_name_en if locale == "en" and case.item_name_en else case.item_name
    return {"label": f"{case.applicant_label}　{name}", "at": case.closed_at, "note": ended}


def popular(items: Iterable[Any], locale: str) -> tuple[str, list[dict[str, str]]]:
    """What is applied for most, counted; where nothing was lately, everyday words to try, and a title that says so."""
    counted = caches["near"].get("portal.popular")
    if counted is None:
        counted = _applied_for()
        caches["near"].set("portal.popular", counted, POPULAR_KEPT)
    if counted:
        return _("Often done"), [
            {"label": name_en or name if locale == "en" else name, "url": reverse("portal:guide", args=[token])}
            for name, name_en, token in counted
        ]
    return _("For example"), _everyday(items, locale)


def _applied_for() -> list[tuple[str, str, str]]:
    """Name, English name and token of the services applied for most; versions of one service count together."""
    applied = cases.applied_for_lately()
    counts: Counter[int] = Counter()
    found = catalog.open_versions(applied)
    for number, item in found.items():
        counts[item.id] += applied[number]
    items = {item.id: item for item in found.values()}
    best = (items[number] for number, _count in counts.most_common(POPULAR))
    return [(item.name, item.name_en, item.token) for item in best]


def _everyday(items: Iterable[Any], locale: str) -> list[dict[str, str]]:
    """Open services and the everyday words people find them by."""
    words: list[str] = []
    for item in items:
        stated = (item.stated.get("search") or {}).get("synonyms") or []
        mine = [word for word in stated if word.isascii() == (locale == "en")]
        words += [named(item, locale), *mine[:: max(1, len(mine) // (POPULAR - 1))]]
    return [{"label": word, "url": f"{reverse('portal:search')}?{urlencode({'q': word})}"} for word in words[:POPULAR]]


def shortcuts() -> list[dict[str, Any]]:
    """What is wanted most beside searching."""
    return [
        {"label": _("Check progress"), "icon": "list-checks", "url": reverse("portal:progress")},
        {"label": _("My licences"), "icon": "id-card", "url": reverse("portal:licences")},
        {"label": _("Go to a window"), "icon": "map-pin", "url": reverse("portal:book")},
    ]


def promises() -> list[dict[str, Any]]:
    """What the house stands for, each with the page that shows it."""
    return [
        {
            "icon": "calendar-check-2",
            "title": _("Limits you can check"),
            "words": _("Every limit is written out day by day, up to the last one."),
            "link": _("See how days are counted"),
            "url": reverse("portal:numbers"),
        },
        {
            "icon": "copy-check",
            "title": _("Nothing given twice"),
            "words": _("What government already holds is fetched, and its source is named."),
            "link": _("Who asked for my data"),
            "url": reverse("portal:asked"),
        },
        {
            "icon": "shield-check",
            "title": _("A record nobody can alter"),
            "words": _("Each step enters a public log. Anyone can verify a receipt."),
            "link": _("Verify a receipt"),
            "url": reverse("portal:verify_receipt"),
        },
    ]
