"""Words of the specimens in both languages, and the people and navigation of the fictional district."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language

from zhengtong.foundation.ui.shells import Entry


def _say(zh: str, en: str) -> str:
    return en if (get_language() or "zh").startswith("en") else zh


both = lazy(_say, str)


def rows(names: str, *values: Sequence[Any]) -> list[dict[str, Any]]:
    """Tuples made into dicts by the space-separated names; missing tails are left out."""
    keys = names.split()
    return [dict(zip(keys, value, strict=False)) for value in values]


def person(zh: str, en: str, post_zh: str = "", post_en: str = "") -> Mapping[str, Any]:
    return {"name": both(zh, en), "post": both(post_zh, post_en) if post_zh else ""}


def _entries(*lines: tuple[str, str, str, str]) -> dict[str, Entry]:
    return {name: Entry(both(zh, en), route, order=place) for place, (name, zh, en, route) in enumerate(lines)}


PORTAL_NAVIGATION = _entries(
    ("home", "首页", "Home", "/ui/page/home/"),
    ("people", "个人办事", "For people", "/ui/page/guide/"),
    ("enterprises", "法人办事", "For enterprises", "/ui/page/guide/"),
    ("one_thing", "一件事", "Life events", "/ui/page/form/"),
    ("openness", "政务公开", "Open government", "/ui/page/law/"),
    ("participation", "政民互动", "Have your say", "/ui/page/states/"),
    ("progress", "查进度", "Check progress", "/ui/page/progress/"),
)
DESK_NAVIGATION = _entries(
    ("cases", "办件", "Cases", "/ui/page/inbox/"),
    ("documents", "公文", "Documents", "/ui/page/print/"),
    ("meetings", "会议", "Meetings", "/ui/"),
    ("registers", "登记簿", "Registers", "/ui/"),
    ("supervision", "监察", "Supervision", "/ui/page/dashboard/"),
    ("statistics", "统计", "Statistics", "/ui/"),
)
