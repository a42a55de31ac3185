"""One licence over the desk in a real browser: examined, reviewed, decided, issued, by four different hands."""

import pytest
from playwright.sync_api import expect

from factories import desks
from journeys.desk_support import Windows, clean
from zhengtong.matters.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_licence_from_examination_to_delivery(city: desks.Desk, windows: Windows) -> None:
    case = city.case()
    home = f"{windows.address}/desk/"

    clerk = windows.of(city.world.clerk)
    clerk.goto(home)
    clean(clerk)
    clerk.wait_for_function("document.documentElement.dataset.script === 'on'")
    clerk.keyboard.press("j")
    clerk.keyboard.press("x")
    expect(clerk.locator("[data-zt-bulk]")).to_be_visible()
    clerk.keyboard.press("e")
    expect(clerk.locator(".zt-notice")).to_contain_text("已领取 1 件")
    clerk.get_by_role("link", name="食品经营许可").first.click()
    clean(clerk)
    clerk.get_by_role("button", name="提交受理意见").click()
    expect(clerk.locator(".zt-notice")).to_contain_text("受理")

    reviewer = windows.of(city.world.reviewer)
    reviewer.goto(f"{home}cases/{case.token}/")
    clean(reviewer)
    reviewer.locator("h1").click()
    reviewer.keyboard.press("]")
    expect(reviewer.locator(".zt-viewer__turn")).to_contain_text("第 2 份")
    opinion = reviewer.get_by_label("意见", exact=True).locator("visible=true")
    opinion.fill("材料齐全，场所、设备、人员符合要求，建议准予许可。")
    opinion.press("Control+Enter")
    expect(reviewer.locator(".zt-notice")).to_contain_text("建议准予")

    decider = windows.of(city.world.decider)
    decider.goto(f"{home}cases/{case.token}/?side=opinions")
    expect(decider.locator(".desk-list")).to_contain_text("人员符合要求")
    clean(decider)
    decider.get_by_role("button", name="作出决定").click()
    expect(decider.locator(".zt-notice")).to_contain_text("准予")

    clerk.goto(f"{home}cases/{case.token}/")
    clerk.get_by_role("button", name="发证并送达").click()
    expect(clerk.locator(".desk-closing")).to_contain_text("准予")
    closed = Case.objects.get(id=case.id)
    assert (closed.state, closed.close_type) == ("CLOSED", "approved")
    assert closed.reviewer_id != closed.decider_id


def test_without_scripts_tasks_are_taken_and_corrections_asked_for(city: desks.Desk, windows: Windows) -> None:
    case = city.case()
    clerk = windows.of(city.world.clerk, script=False)
    clerk.goto(f"{windows.address}/desk/")
    clerk.locator("tbody .zt-check").check()
    clerk.get_by_role("button", name="领取勾选的办件").click()
    clerk.get_by_role("link", name="食品经营许可").first.click()
    clerk.get_by_text("一次性补正", exact=True).click()
    clerk.get_by_role("button", name="提交受理意见").click()
    clerk.get_by_label("经营场所平面布局图").fill("未标明各功能区面积")
    clerk.get_by_role("button", name="先看告知书").click()
    expect(clerk.locator(".zt-sheet")).to_contain_text("未标明各功能区面积")
    clerk.get_by_role("button", name="送达告知书").click()
    assert Case.objects.get(id=case.id).state == "CORRECTION"


def test_only_what_the_chosen_outcome_asks_for_stands_open(city: desks.Desk, windows: Windows) -> None:
    case = city.accepted()
    reviewer = windows.of(city.world.reviewer)
    reviewer.goto(f"{windows.address}/desk/cases/{case.token}/")
    days = reviewer.get_by_label("所需工作日")
    expect(days).to_be_hidden()
    reviewer.get_by_text("特别程序", exact=True).click()
    expect(days).to_be_visible()
    clean(reviewer)


def test_in_english_the_list_and_what_the_search_finds_fit_a_window_of_1280(city: desks.Desk, windows: Windows) -> None:
    for _each in range(2):
        city.case()
    page = windows.of(city.world.clerk, locale="en-US", width=1280)
    page.goto(f"{windows.address}/desk/?list=all")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("tbody tr").count() == 2
    over = "(each) => each.scrollWidth - each.clientWidth"
    assert page.locator(".zt-table-wrap").evaluate(over) == 0
    shown = page.locator(".zt-ink-bar__search input")
    words = """(field) => { const pen = document.createElement("canvas").getContext("2d");
      pen.font = getComputedStyle(field).font; return pen.measureText(field.placeholder).width - field.clientWidth; }"""
    assert shown.evaluate(words) <= 0


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_tasks_are_cards_and_what_is_to_be_done_is_one_tap_away(
    city: desks.Desk, windows: Windows, script: bool
) -> None:
    case = city.case()
    page = windows.of(city.world.clerk, script=script, width=360)
    page.goto(f"{windows.address}/desk/")
    row = page.get_by_role("row").filter(has_text="食品经营许可")
    expect(row.get_by_role("rowheader")).to_contain_text("食品经营许可")
    for words in (case.applicant_label, "受理"):
        box = row.get_by_role("cell").filter(has_text=words).last.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 360, words
    if script:
        assert page.locator(".zt-table-wrap").evaluate("(each) => each.scrollWidth - each.clientWidth") == 0
        clean(page)
        words = page.get_by_text("全选").bounding_box()
        assert words is not None
        assert words["width"] > 20, "the box above the cards says what it does"
        page.get_by_text("全选").click()
        expect(row.get_by_role("checkbox")).to_be_checked()
        page.get_by_text("全选").click()
    row.get_by_role("link").click()
    expect(page.get_by_role("link", name="受理意见")).to_be_visible()
    for link in page.locator(".zt-rule-check__trace > a:visible").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 24
    page.get_by_role("link", name="受理意见").click()
    expect(page.get_by_role("button", name="提交受理意见")).to_be_in_viewport()
    if script:
        clean(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        away = page.locator(".desk-jump").bounding_box()
        assert away is not None
        assert away["height"] <= 1, "where all columns are in view it is there for the keyboard alone"
        page.get_by_role("link", name="下一件").first.focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="受理意见")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('#decide'))")
