"""What every page shell needs: the site's names, the reader's mode and language, and a door's navigation."""

import dataclasses
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import registry

MODE_COOKIE, SIZE_COOKIE = "zt_mode", "zt_size"
MODES, SIZES = ("plain", "elder"), ("large", "larger")
SITE = {
    "name": _("Demonstration District Government Services"),
    "desk_name": _("Demonstration District Office"),
    "host": _("Run by the Demonstration District People's Government"),
    "owner": _("Demonstration District People's Government"),
    "operator": _("Demonstration District Government Services Bureau"),
    "hotline": "12345",
    "hours": _("Working days 9:00–17:00"),
}
# Pages every shell points to, by the names the doors give them.
LINKS = {
    "home": "portal:home",
    "login": "portal:login",
    "logout": "portal:logout",
    "account": "portal:account",
    "mine": "portal:mine",
    "accessibility": "portal:accessibility",
    "privacy": "portal:privacy",
    "verify": "portal:verify",
    "book": "portal:book",
    "desk": "desk:inbox",
    "desk_search": "desk:search",
    "desk_messages": "desk:messages",
    "console": "console:home",
    "console_search": "console:search",
    "console_messages": "console:messages",
}


@dataclasses.dataclass(frozen=True)
class Entry:
    """A line of a door's navigation; apps lay it on `registry.navigation` under `<door>.<name>`.

    `route` is a URL name, or an address beginning with `/`. Lower `order` comes first.
    """

    label: object
    route: str
    order: int = 100
    icon: str = ""

    @property
    def url(self) -> str:
        """The address, or `#` while the route does not exist in this deployment."""
        return address(self.route)


def navigation(door: str, current: str = "") -> list[dict[str, object]]:
    """The entries of one door in order, as {name, label, url, icon, current}."""
    prefix = f"{door}."
    laid = registry.navigation.all().items()
    entries = {name.removeprefix(prefix): entry for name, entry in laid if name.startswith(prefix)}
    kept = {name: entry for name, entry in entries.items() if isinstance(entry, Entry)}
    return as_lines(kept, current)


def as_lines(entries: Mapping[str, Entry], current: str) -> list[dict[str, object]]:
    """Entries by name made into lines, ordered, the current one marked."""
    ordered = sorted(entries.items(), key=lambda pair: (pair[1].order, pair[0]))
    return [
        {"name": name, "label": entry.label, "url": entry.url, "icon": entry.icon, "current": name == current}
        for name, entry in ordered
    ]


def link(name: str) -> str:
    """The address of a page shells point to, `#` while this deployment has none; settings.ZT_LINKS overrides."""
    return address((LINKS | getattr(settings, "ZT_LINKS", {})).get(name, ""))


def address(route: str) -> str:
    """A URL name or a path made into an address; `#` for a name this deployment lacks."""
    if route.startswith("/"):
        return route
    try:
        return reverse(route)
    except NoReverseMatch:
        return "#"


def help_ways() -> list[dict[str, object]]:
    """How an elder gets a person's help, in words, icon and address."""
    windows = link("book")
    return [
        {"label": _("Ask family"), "icon": "users", "url": f"{windows}#family"},
        {"label": _("Call 12345"), "icon": "phone", "url": f"tel:{SITE['hotline']}"},
        {"label": _("Nearby window"), "icon": "map-pin", "url": windows},
        {"label": _("Home visit"), "icon": "house", "url": f"{windows}#visit"},
    ]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `zt` with site, mode, size, language and this page's own address.

    A door's middleware may set `request.zt_person` ({name, post}), `request.zt_unread` and `request.zt_navigation`.
    """
    mode, size = request.COOKIES.get(MODE_COOKIE), request.COOKIES.get(SIZE_COOKIE)
    language = get_language() or settings.LANGUAGE_CODE
    chinese = language.startswith("zh")
    return {
        "zt": {
            "site": SITE | getattr(settings, "ZT_SITE", {}),
            "mode": mode if mode in MODES else "plain",
            "size": size if size in SIZES else "large",
            "lang": "zh-Hans" if chinese else "en",
            "other_language": ("en", "English") if chinese else ("zh-hans", "中文"),
            "here": request.get_full_path(),
            "person": getattr(request, "zt_person", None),
            "unread": getattr(request, "zt_unread", 0),
            "navigation": getattr(request, "zt_navigation", {}),
        }
    }
