"""The console in a real browser: axe finds nothing in both languages, the calendar is entered by keys alone."""

import re

import pytest
from playwright.sync_api import Browser

from axe import faults
from console.conftest import administrator
from console.test_starts import put
from console.test_stuck import stuck_process
from engines.bpmn_drawing import message
from factories import desks, versions
from factories import identity as make
from factories.processes import waiting
from zhengtong.foundation.ledger import services
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.deadlines.models import CalendarYear
from zhengtong.matters.workflow import services as relocating
from zhengtong.matters.workflow.models import Start, Trouble

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAGES = {
    "sys": ("", "organisations/", "organisations/add/", "people/", "accounts/", "keys/", "keys/grant/", "calendar/",
            "calendar/2026/", "calendar/enter/", "models/", "models/begin/", "moves/", "moves/plan/",
            "health/", "stuck/", "starts/"),
    "sec": ("roles/", "roles/define/", "grants/", "grants/give/", "grants/give/posts/", "explain/"),
    "audit": ("log/", "log/?view=administrators", "log/export/", "proof/"),
}  # fmt: skip


def opened(chromium: Browser, live_server, who, *, locale: str = "zh-CN", scripts: bool = True):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale=locale, java_script_enabled=scripts)
    cookie = who.browser.cookies["zt_session"].value
    context.add_cookies([{"name": "zt_session", "value": cookie, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing(kind, locale, chromium, live_server, settings):
    who = administrator(kind, settings)
    make.post(make.agency(name_zh="示范区市场监督管理局", name_en="Market Supervision"), name_en="Window")
    services.seal_all()
    page, found = opened(chromium, live_server, who, locale=locale), {}
    for path in PAGES[kind]:
        page.goto(f"{live_server.url}/console/{path}")
        assert page.locator("h1").count() == 1, path
        if broken := faults(page):
            found[path] = broken
    page.context.close()
    assert found == {}


def test_the_notice_is_entered_without_scripts_by_keys(chromium, live_server, settings):
    page = opened(chromium, live_server, administrator("sys", settings), scripts=False)
    page.goto(f"{live_server.url}/console/calendar/enter/?year=2027")
    page.locator("#f-source").fill("国办发明电〔2026〕1 号")
    page.locator("#f-holidays").fill("2027-01-01 至 2027-01-03 元旦")
    page.locator("#f-source").press("Enter")
    assert page.locator("[data-kind=holiday]").count() == 3
    page.get_by_role("button", name="录入此通知").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console/calendar/2027/"))
    page.context.close()
    assert CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_stuck_process_is_skipped_without_scripts(locale, chromium, live_server, settings, monkeypatch):
    who, run = administrator("sys", settings), stuck_process(monkeypatch)
    trouble = Trouble.objects.get()
    page, found = opened(chromium, live_server, who, locale=locale), {}
    elsewhere = f"stuck/mend/{trouble.id}/elsewhere/"
    pages = ("stuck/", f"stuck/{run.id}/", f"stuck/mend/{trouble.id}/", f"stuck/{run.id}/end/")
    for path in (*pages, elsewhere, f"{elsewhere}look/?to=z"):
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}/console/{path}")
            if broken := faults(page):
                found[path] = broken
    page.context.close()
    assert found == {}
    page = opened(chromium, live_server, who, locale=locale, scripts=False)
    page.goto(f"{live_server.url}/console/stuck/mend/{trouble.id}/")
    page.locator("input[value=skip]").check()
    page.locator("#f-reason").fill("款项已由银行发放")
    page.locator("main form button[type=submit]").first.press("Enter")
    page.wait_for_url(re.compile(f"/console/stuck/{run.id}/"))
    page.context.close()
    assert waiting(run) == ["z"]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_start_is_closed_without_scripts_on_a_narrow_screen(locale, chromium, live_server, settings):
    who = administrator("sys", settings)
    put(message(), name="接收通报")
    key, found = Start.objects.get().pk, {}
    page = opened(chromium, live_server, who, locale=locale)
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("starts/", f"starts/{key}/", f"starts/{key}/close/"):
        page.goto(f"{live_server.url}/console/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        found[path] = faults(page)
    page.context.close()
    assert not {path: rules for path, rules in found.items() if rules}
    page = opened(chromium, live_server, who, locale=locale, scripts=False)
    page.goto(f"{live_server.url}/console/starts/{key}/")
    page.locator("main a[href$='/close/']").press("Enter")
    page.locator("#f-reason").fill("改由窗口受理")
    page.locator("main form button[type=submit]").first.press("Enter")
    page.wait_for_url(re.compile("/console/starts/$"))
    page.context.close()
    assert Start.objects.get().closed_at is not None


def test_a_move_is_followed_on_a_narrow_screen(chromium, live_server, settings):
    who = administrator("sys", settings)
    with desks.at("2025-03-13 14:20"):
        source = versions.process_of(desks.desk().case()).definition_id
    target, found = versions.renamed(source), {}
    for locale in ("zh-CN", "en-GB"):
        order = relocating.order_relocation(by=SYSTEM, source=source, target=target)
        page = opened(chromium, live_server, who, locale=locale)
        page.set_viewport_size({"width": 360, "height": 740})
        for path in ("moves/", "moves/plan/", "going on", "planned", f"moves/{order.pk}/begin/"):
            if path == "planned":
                while relocating.work_on(order.pk):
                    pass
            asked = path if path.startswith("moves") else f"moves/{order.pk}/?still"
            page.goto(f"{live_server.url}/console/{asked}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
            found[locale, path] = faults(page)
        page.context.close()
    assert not {place: rules for place, rules in found.items() if rules}
