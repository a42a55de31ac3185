"""The desk in a real browser: one Chromium, each official signed in in a window of his own."""

import dataclasses

from playwright.sync_api import Browser, Page

from axe import faults
from factories import desks
from zhengtong.foundation.policy import Actor

COOKIE = "zt_session"


@dataclasses.dataclass(frozen=True)
class Windows:
    """Opens windows of officials on a running server."""

    browser: Browser
    address: str

    def of(self, actor: Actor, *, locale: str = "zh-CN", script: bool = True, width: int = 1440) -> Page:
        """A window in which this official is signed in."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, java_script_enabled=script
        )
        key = desks.signed_in(actor).cookies[COOKIE].value
        context.add_cookies([{"name": COOKIE, "value": key, "url": self.address}])
        return context.new_page()


def clean(page: Page) -> None:
    """Axe finds nothing on this page."""
    assert faults(page) == []
