"""What the living page shows: one fictional case of March 2025 and every component's states, in both languages."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.foundation.core.clock import LOCAL_ZONE
from zhengtong.foundation.ui.specimens import applying, desk, home, papers, states
from zhengtong.foundation.ui.specimens.wording import DESK_NAVIGATION, PORTAL_NAVIGATION, person

THEN = dt.datetime(2025, 3, 13, 14, 20, tzinfo=LOCAL_ZONE)


@dataclasses.dataclass(frozen=True)
class Page:
    """One page: its context, and what a door's middleware would have set on the request."""

    context: Callable[[], dict[str, Any]]
    request: Mapping[str, Any]


VISITOR = {"zt_navigation": {"portal": PORTAL_NAVIGATION}}
CITIZEN = {**VISITOR, "zt_person": person("张三", "Zhang San")}
OFFICIAL = {
    "zt_navigation": {"desk": DESK_NAVIGATION},
    "zt_person": person("赵敏", "Zhao Min", "审查岗", "reviewer"),
    "zt_unread": 3,
}
SUPERVISOR = {**OFFICIAL, "zt_person": person("周正", "Zhou Zheng", "监察室", "supervision")}

PAGES: dict[str, Page] = {
    "index": Page(states.index, VISITOR),
    "home": Page(home.home, VISITOR),
    "guide": Page(home.guide, VISITOR),
    "form": Page(applying.form, CITIZEN),
    "check": Page(applying.check_answers, CITIZEN),
    "progress": Page(applying.progress, CITIZEN),
    "inbox": Page(desk.inbox, OFFICIAL),
    "workspace": Page(desk.workspace, OFFICIAL),
    "dashboard": Page(desk.dashboard, SUPERVISOR),
    "console": Page(desk.console, OFFICIAL),
    "law": Page(papers.law, VISITOR),
    "elder": Page(home.elder, VISITOR),
    "licence": Page(papers.licence, CITIZEN),
    "verify": Page(papers.verify, VISITOR),
    "states": Page(states.states, VISITOR),
    "fields": Page(states.fields, VISITOR),
    "print": Page(papers.letter, VISITOR),
}
