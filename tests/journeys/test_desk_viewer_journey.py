"""The viewer in a real browser: by mouse, by keys, without scripts; nothing typed beside it is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from factories import cases as made
from factories import desks
from journeys.desk_support import Windows, clean
from zhengtong.doors.cli.demo_city import papers
from zhengtong.matters.cases.models import Case, MaterialNote

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OPINION = "写到一半的意见，还没有提交。"


def with_papers(city: desks.Desk) -> Case:
    by = city.world.applicant
    plan = made.upload(by, "plan.png", papers.floor_plan())
    case = city.case(floor_plan=[plan], safety_rules=[made.upload(by, "rules.pdf", papers.house_rules())])
    city.act("clerk", "accept", case)
    return case


def test_a_note_is_pinned_where_one_clicks_and_the_page_is_turned_and_enlarged(
    city: desks.Desk, windows: Windows
) -> None:
    case = with_papers(city)
    page = windows.of(city.world.reviewer)
    page.goto(f"{windows.address}/desk/cases/{case.token}/")
    page.wait_for_function("document.documentElement.dataset.script === 'on'")
    opinion = page.get_by_label("意见", exact=True).locator("visible=true")
    opinion.fill(OPINION)
    page.locator("h1").click()

    page.keyboard.press("n")
    sheet = page.locator(".desk-sheet")
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25)
    page.get_by_label("批注内容").fill("备餐间与烹饪区之间请补画门。")
    clean(page)
    page.get_by_role("button", name="钉上批注").click()
    expect(page.locator(".zt-viewer__notes")).to_contain_text("请补画门")
    expect(page.locator(".desk-pin")).to_have_count(1)
    note = MaterialNote.objects.get()
    assert (abs(note.x - 750) <= 3, abs(note.y - 250) <= 3) == (True, True)

    page.locator("h1").click()
    page.keyboard.press("+")
    expect(page.locator("[data-zoom='150']")).to_be_visible()
    page.keyboard.press("r")
    expect(sheet).to_have_attribute("viewBox", re.compile(r"^0 0 \d+ 1000$"))
    clean(page)
    page.keyboard.press("]")
    expect(page.locator(".zt-viewer__tools")).to_contain_text("rules.pdf")
    expect(page.locator(".zt-material-list [aria-current]")).to_contain_text("食品安全")
    expect(opinion).to_have_value(OPINION)
    clean(page)

    page.keyboard.press("[")
    page.get_by_role("button", name="划去").click()
    expect(page.locator(".zt-viewer__notes s")).to_contain_text("请补画门")
    expect(page.locator(".desk-pin")).to_have_count(0)
    expect(opinion).to_have_value(OPINION)


def test_a_reader_of_pdf_takes_no_word_out_of_the_hand_and_is_reached_all_the_same(
    city: desks.Desk, whole_chromium: Browser, live_server: Any
) -> None:
    case, windows = city.accepted(), Windows(whole_chromium, live_server.url)
    page = windows.of(city.world.reviewer)
    page.add_init_script("addEventListener('blur', () => { document.documentElement.dataset.asked = '1'; })")
    page.goto(f"{windows.address}/desk/cases/{case.token}/", wait_until="domcontentloaded")
    opinion = page.get_by_label("意见", exact=True).locator("visible=true")
    opinion.fill("")
    page.locator("html[data-asked][data-script='on']").wait_for(state="attached")
    page.keyboard.type(OPINION)
    expect(opinion).to_have_value(OPINION)
    page.locator("iframe").click()
    expect(page.locator("iframe")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("]")
    expect(page.locator(".zt-viewer__turn")).to_contain_text("第 2 份")
    expect(opinion).to_have_value(OPINION)


def test_without_scripts_page_place_and_note_are_a_form_and_a_list(city: desks.Desk, windows: Windows) -> None:
    case = with_papers(city)
    page = windows.of(city.world.reviewer, script=False)
    page.goto(f"{windows.address}/desk/cases/{case.token}/?m=1")
    page.get_by_role("link", name="放大").click()
    page.get_by_role("link", name="向右旋转").click()
    expect(page.locator(".desk-sheet")).to_have_attribute("viewBox", "0 0 1414 1000")
    page.get_by_text("写批注").click()
    page.get_by_label("位置").select_option(label="右下")
    page.get_by_label("批注内容").fill("落款缺日期。")
    page.get_by_role("button", name="钉上批注").click()
    expect(page.locator(".zt-viewer__notes")).to_contain_text("第 1 页右下")
    expect(page.locator("[data-zoom='150'] .desk-pin")).to_have_count(1)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_on_a_phone_and_in_both_languages_everything_is_in_reach(
    city: desks.Desk,
    windows: Windows,
    locale: str,
) -> None:
    case = with_papers(city)
    page = windows.of(city.world.reviewer, width=360, locale=locale)
    for more in ("?m=1", "?side=precedents", "transfer/"):
        page.goto(f"{windows.address}/desk/cases/{case.token}/{more}")
        clean(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, more
