"""The living page in a real browser: axe finds nothing, nothing scrolls sideways, keys and scripts do their work."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, expect

from axe import faults
from zhengtong.foundation.ui import specimens

pytestmark = pytest.mark.journey
WIDTHS = (320, 360, 768, 1024)
SPOKEN_ON_A_PHONE = ("home", "form", "progress", "inbox", "states")


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the test's own words are enough."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ui/page"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


def opened(browser: Browser, url: str, *, width: int = 1280, locale: str = "zh-CN", **given: object) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale, **given)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    return page


def test_what_nobody_can_read_is_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=en><title>A picture</title><main><h1>A picture</h1><img src=a.png></main>")
    told, elsewhere = faults(page), faults(page, {"exclude": ["img"]})
    page.close()
    assert told == [("image-alt", ['<img src="a.png">'])]
    assert elsewhere == []


@pytest.mark.parametrize("name", specimens.PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, address: str, name: str) -> None:
    broken, wide = {}, {}
    page = opened(browser, f"{address}/{name}/")
    broken["zh-hans"] = faults(page)
    for language in ("zh-hans", "en"):
        if language == "en":
            page.context.add_cookies([{"name": "django_language", "value": language, "url": address}])
            page.reload()
        assert page.locator("html").get_attribute("lang").lower() == language
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide[language, width] = page.evaluate("document.documentElement.scrollWidth")
            if (language, width) == ("en", 360) and name in SPOKEN_ON_A_PHONE:
                broken["en"] = faults(page)
    page.context.close()
    assert {language: found for language, found in broken.items() if found} == {}
    assert {key: found for key, found in wide.items() if found > key[1]} == {}


def test_the_policy_is_never_broken_and_no_script_fails(browser: Browser, address: str) -> None:
    said: list[str] = []
    for name in ("home", "form", "inbox", "workspace"):
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/{name}/")
        expect(page.locator("html")).to_have_attribute("data-script", "on")
        page.close()
    assert said == []


def test_the_first_stop_of_the_tab_key_is_the_skip_link(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/home/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.context.close()


def test_a_page_with_faults_puts_focus_on_the_summary_and_its_links_reach_the_fields(
    browser: Browser, address: str
) -> None:
    page = opened(browser, f"{address}/form/")
    expect(page.locator(".zt-error-summary")).to_be_focused()
    page.locator(".zt-error-summary a").nth(1).click()
    assert page.evaluate("document.activeElement.id") == "f-phone"
    assert page.title().startswith("错误：")
    page.context.close()


def test_the_desk_is_worked_by_keys_but_not_while_typing(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/inbox/", width=1440)
    expect(page.locator("html")).to_have_attribute("data-script", "on")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-zt-chosen]").inner_text() == "4"
    page.keyboard.press("/")
    page.keyboard.type("jx")
    assert page.locator(".zt-ink-bar__search input").input_value() == "jx"
    assert page.locator("[data-zt-chosen]").inner_text() == "4"
    page.locator("h1").click()
    page.keyboard.press("Escape")
    assert page.locator("[data-zt-bulk]").is_hidden()
    page.context.close()


def test_without_scripts_the_phone_menu_and_every_form_still_work(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/home/", width=360, java_script_enabled=False)
    page.locator(".zt-menu summary").click()
    page.locator(".zt-menu .zt-language button").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.context.close()


def test_characters_left_are_counted_by_character(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/fields/")
    page.locator("#f-long").fill("𠮷家" * 3)
    expect(page.locator("#f-long-count")).to_contain_text("194")
    page.context.close()
