"""A served city, a real browser, and a clock that the test turns: what every journey stands on."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from factories import desks
from journeys.desk_support import Windows
from zhengtong.foundation.core import clock

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Time:
    """The hour on every clock of the house, in the test and in the served pages alike."""

    def __init__(self) -> None:
        self.instant: dt.datetime | None = None

    def set(self, text: str) -> None:
        """Turn the clocks to a local time."""
        self.instant = dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE).astimezone(dt.UTC)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Clocks that stand where the test sets them; a frozen context would not reach the serving thread."""
    held, real = Time(), clock.now
    monkeypatch.setattr(clock, "now", lambda: held.instant or real())
    return held


Visitor = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Visitor]:
    """Open a browser window of a size; `account` is signed in by cookie, acting in `capacity`."""
    contexts: list[BrowserContext] = []

    def opened(
        size: dict[str, int] = DESK,
        *,
        account: Any = None,
        capacity: str = "self",
        scripts: bool = True,
        elder: bool = False,
    ) -> Page:
        context = chromium.new_context(
            viewport=size, locale="zh-CN", java_script_enabled=scripts, base_url=live_server.url
        )  # type: ignore[arg-type]
        contexts.append(context)
        if account is not None:
            context.add_cookies([{"name": "zt_session", "value": _session(account, capacity), "url": live_server.url}])
        if elder:
            context.add_cookies([{"name": "zt_mode", "value": "elder", "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def _session(account: Any, capacity: str) -> str:
    from portal.conftest import signed_in

    return str(signed_in(account, capacity).session.session_key)


@pytest.fixture
def city(settings: Any, monkeypatch: pytest.MonkeyPatch) -> desks.Desk:
    """The officials' city at 14:20 on Thursday 13 March, in the server's threads too."""
    settings.ZT_REQUIRE_STAFF_MFA = False
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2025, 3, 13, 6, 20, tzinfo=dt.UTC))
    return desks.desk()


@pytest.fixture
def windows(live_server: Any, chromium: Browser) -> Windows:
    """Windows of officials on the served city."""
    return Windows(chromium, live_server.url)
