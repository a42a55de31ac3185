"""The drawing of a process in a real browser: marked from its list, by mouse and keyboard, without scripts the list."""

import pytest
from playwright.sync_api import expect

from factories import desks
from journeys.desk_support import Windows, clean

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PATIENCE = 20_000  # milliseconds: a drawing takes its time on a busy machine


def test_the_process_of_a_case_is_drawn_with_what_was_done_is_done_now_and_comes_next(
    city: desks.Desk, windows: Windows
) -> None:
    case = city.accepted()
    page = windows.of(city.world.reviewer)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{windows.address}/desk/cases/{case.token}/")
    page.get_by_role("link", name="办理流程").click()
    drawing = page.locator("[data-drawn]")
    expect(drawing).to_be_visible(timeout=PATIENCE)
    expect(drawing.locator(".zt-at-now .djs-visual")).to_have_count(1)
    expect(drawing.locator("[data-element-id='examine'].zt-at-done")).to_have_count(1)
    expect(drawing.locator("[data-element-id='review'].zt-at-now")).to_have_count(1)
    expect(drawing.locator(".bjs-powered-by")).to_be_visible()
    clean(page)
    page.locator("[data-zt-show='decide']").focus()
    page.keyboard.press("Enter")
    expect(drawing.locator("[data-element-id='decide'].zt-at-chosen")).to_have_count(1)
    page.get_by_role("button", name="看全图").click()
    assert said == []


def test_on_a_phone_and_without_scripts_the_list_says_it(city: desks.Desk, windows: Windows) -> None:
    case = city.accepted()
    page = windows.of(city.world.reviewer, script=False, width=360)
    page.goto(f"{windows.address}/desk/cases/{case.token}/process/")
    expect(page.locator(".zt-process")).to_be_hidden()
    expect(page.get_by_role("row").filter(has_text="正在办")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
