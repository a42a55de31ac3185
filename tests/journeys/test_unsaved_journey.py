"""Who leaves a page of the desk with words that nobody keeps is asked first."""

import pytest
from playwright.sync_api import Dialog, Page

from factories import desks
from journeys.desk_support import Windows
from zhengtong.matters.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OPINION = "写到一半的意见"


class Asked:
    """How often the browser asked, and what the official answers."""

    def __init__(self, page: Page) -> None:
        self.count, self.leave = 0, False
        page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        assert dialog.type == "beforeunload"
        self.count += 1
        (dialog.accept if self.leave else dialog.dismiss)()


def at_work(city: desks.Desk, windows: Windows) -> tuple[Page, Asked, Case]:
    case = city.case()
    city.act("clerk", "accept", case)
    page = windows.of(city.world.reviewer)
    page.goto(f"{windows.address}/desk/cases/{case.token}/")
    page.wait_for_function("document.documentElement.dataset.script === 'on'")
    return page, Asked(page), case


def test_words_in_an_opinion_are_not_lost_by_a_link(city: desks.Desk, windows: Windows) -> None:
    page, asked, _case = at_work(city, windows)
    home = page.locator(".zt-ink-bar__nav a").first
    opinion = page.get_by_label("意见", exact=True).locator("visible=true")
    before = opinion.input_value()
    opinion.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(OPINION)
    home.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert (asked.count, opinion.input_value()) == (1, before + OPINION)

    opinion.fill(before)
    home.click()
    page.wait_for_url("**/desk/")
    assert asked.count == 1, "as it was, nothing is lost"


def test_what_is_sent_or_saved_asks_nothing(city: desks.Desk, windows: Windows) -> None:
    page, asked, _case = at_work(city, windows)
    page.get_by_label("意见", exact=True).locator("visible=true").click()
    page.keyboard.type(OPINION)
    page.get_by_role("button", name="存草稿").click()
    page.wait_for_load_state()
    page.locator(".zt-ink-bar__nav a").first.click()
    page.wait_for_url("**/desk/")
    assert asked.count == 0


def test_what_a_refused_page_keeps_is_not_lost_by_a_link(city: desks.Desk, windows: Windows) -> None:
    page, asked, case = at_work(city, windows)
    city.colleague("reviewer")
    page.goto(f"{windows.address}/desk/cases/{case.token}/transfer/")
    page.locator("textarea").first.click()
    page.keyboard.type("请接手")
    page.locator("main form button.govuk-button").click()
    page.wait_for_load_state()
    assert page.locator("textarea").first.input_value() == "请接手"
    page.locator("h1").click()
    page.locator(".zt-ink-bar__nav a").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert (asked.count, page.locator("textarea").first.input_value()) == (1, "请接手")
