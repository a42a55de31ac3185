"""Scenario S03 as its citizen lives it: on a phone, from the search to the licence; officials act through services."""

import pathlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from axe import faults
from factories import cases as made
from factories import identity as people
from journeys.conftest import DESK, PHONE, Time
from portal.conftest import City, city, seal
from zhengtong.foundation.files.signing import ensure_signing_key
from zhengtong.matters.cases.models import Case, Draft

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Visitor = Callable[..., Page]
PUBLIC = ("/", "/services/departments/", "/progress/", "/verify/", "/verify/receipt/", "/windows/")


@pytest.fixture
def town(settings: Any, tmp_path: pathlib.Path, time: Time) -> City:
    settings.VAR = settings.ZT_FILES = tmp_path
    ensure_signing_key()
    time.set("2025-03-03 08:50")
    return city()


def sound(page: Page) -> None:
    """Nothing that axe finds, nothing that scrolls sideways."""
    # What a closed disclosure holds is not seen; axe measures it against whatever is drawn in its place.
    assert faults(page, {"exclude": [[".zt-disclosure:not([open]) > div"]]}) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def sign_in(page: Page, town: City) -> None:
    page.get_by_label("用户名或电子邮箱").or_(page.locator("input[name=login]")).first.fill(town.account.username)
    page.locator("input[name=password]").fill(people.PASSWORD)
    page.locator("main form button[type=submit], main form .govuk-button").first.click()


def test_from_search_to_licence_on_a_phone(town: City, visit: Visitor, time: Time, tmp_path: pathlib.Path) -> None:
    plan = tmp_path / "平面布局图.pdf"
    plan.write_bytes(made.PDF)
    page = visit(PHONE)

    page.goto("/")
    sound(page)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("开饭馆")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="食品经营许可").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("食品经营许可")
    sound(page)
    page.locator(".zt-start-bar").get_by_role("link", name="开始办理").click()

    for chosen in ("新开店，第一次办", "开饭馆、小吃店、饮品店", "有了", "热菜、热食"):
        page.get_by_label(chosen, exact=True).check()
    sound(page)
    page.get_by_role("button", name="继续").last.click()
    time.set("2025-03-03 09:40")
    sign_in(page, town)
    expect(page.get_by_role("heading", name="您为谁办")).to_be_visible()
    page.get_by_text("为别人办").click()
    page.get_by_role("button", name="京味餐饮有限公司").click()
    page.get_by_role("button", name="为京味餐饮有限公司办理").click()

    first_page(page, time)
    operations(page)
    staff(page)
    page.locator("#f-floor_plan").set_input_files(plan)
    page.locator("#f-safety_rules").set_input_files(plan)
    page.get_by_label(re.compile("我承诺")).check()
    sound(page)
    page.get_by_role("button", name="保存，去核对").last.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("核对")
    sound(page)
    time.set("2025-03-03 10:02")
    page.get_by_role("button", name="提交申请").dblclick()
    expect(page.get_by_role("heading", name="已收到您的申请")).to_be_visible()
    sound(page)
    case = Case.objects.get()
    assert case.short_no == "110108202503030001"
    follow(page, town, time, case, plan)


def first_page(page: Page, time: Time) -> None:
    """What is known is there already; what is typed saves itself; a wrong number is said kindly."""
    expect(page.locator("#f-holder_name")).to_have_value("京味餐饮有限公司")
    page.locator("#f-representative_residence").fill("北京市海淀区中关村街道 27 号")
    with page.expect_response(re.compile("/save/")) as saved:
        page.locator("#f-representative_phone").fill("1380000567")
        page.locator("#f-premises_differ-1").check()
    assert saved.value.ok
    assert Draft.objects.get().answers["representative_phone"] == "1380000567"
    page.locator("#f-has_warehouse-1").check()
    page.locator("#f-by_agent-1").check()
    page.locator("button.zt-button--big").click()
    summary = page.get_by_role("alert").first
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("11 位")
    sound(page)
    page.locator("#f-representative_phone").fill("13800005678")
    page.locator("button.zt-button--big").click()


def operations(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("经营项目")
    page.get_by_label("自制饮品制售").check()
    page.locator("#f-online-1").check()
    sound(page)
    page.locator("button.zt-button--big").click()


def staff(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("人员与设备")
    page.locator("[name='managers.0.name']").fill("李四")
    page.locator("[name='managers.0.sex']").select_option("male")
    page.locator("[name='managers.0.number']").fill("110108198505121237")
    page.locator("#f-staff_count").fill("4")
    for place, (name, count, where) in enumerate((("冷藏柜", "2", "食材库"), ("消毒柜", "1", "清洗间"))):
        if place:
            page.get_by_role("button", name=re.compile("设备")).last.click()
        page.locator(f"[name='equipment.{place}.name']").fill(name)
        page.locator(f"[name='equipment.{place}.count']").fill(count)
        page.locator(f"[name='equipment.{place}.place']").fill(where)
    sound(page)
    page.locator("button.zt-button--big").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("材料与声明")


def follow(page: Page, town: City, time: Time, case: Case, plan: pathlib.Path) -> None:
    """Correction, the stopped clock, the licence, the evaluation; each as the citizen sees it."""
    time.set("2025-03-03 10:20")
    town.act("clerk", "request_correction", case.id, gaps=[{"text": "未标面积", "material": "floor_plan"}])
    time.set("2025-03-03 10:25")
    page.goto(f"/cases/{case.token}/")
    expect(page.get_by_text("平面布局图：未标面积")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="去补正").click()
    expect(page.locator("#f-floor_plan-asked")).to_be_in_viewport(ratio=1)
    expect(page.locator("#f-floor_plan")).to_be_in_viewport()
    sound(page)
    page.locator("#f-floor_plan").set_input_files(plan)
    page.get_by_role("button", name="保存，去核对").last.click()
    expect(page.get_by_text("已被替换")).to_be_visible()
    page.get_by_role("button", name="提交补正材料").click()
    expect(page.get_by_role("heading", name="已收到您补正的材料")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="看全部材料").click()
    expect(page.get_by_text("已被替换")).to_be_visible()
    sound(page)

    time.set("2025-03-03 10:30")
    town.act("clerk", "accept", case.id)
    time.set("2025-03-03 10:35")
    town.act("reviewer", "suspend", case.id, procedure="TESTING", planned_days=3)
    page.goto(f"/cases/{case.token}/")
    expect(page.locator(".zt-clock")).to_contain_text("期限暂停")
    sound(page)
    time.set("2025-03-03 10:40")
    town.act("reviewer", "resume", case.id, result="检测合格")
    town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，检测合格，建议准予许可。")
    town.act("decider", "approve", case.id)
    town.act("clerk", "issue", case.id)
    seal()
    page.goto(f"/cases/{case.token}/")
    expect(page.get_by_text("已准予许可，证照已发到您的证照库")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="现在验证").click()
    expect(page.get_by_text("这张回执是真的，没有被改动")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="去评价").click()
    page.get_by_label("非常满意").check()
    page.get_by_role("button", name="提交评价").last.click()
    page.get_by_role("link", name="出示证照").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("食品经营许可证")
    sound(page)
    page.get_by_role("link", name="出示证照").click()
    expect(page.get_by_text("这张证照是真的，现在有效")).to_be_visible()
    sound(page)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_public_pages_are_sound(town: City, visit: Visitor, address: str, size: dict[str, int]) -> None:
    page = visit(size)
    page.goto(address)
    sound(page)


@pytest.mark.parametrize("elder", [False, True], ids=["plain", "elder"])
def test_at_four_hundred_per_cent_nothing_scrolls_sideways_and_the_menu_covers_not_its_button(
    town: City, visit: Visitor, elder: bool
) -> None:
    """1280 pixels enlarged four times are 320 (WCAG 1.4.10)."""
    page = visit({"width": 320, "height": 256}, elder=elder)
    for address in (*PUBLIC, "/services/", town.guide):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    page.goto("/services/")
    cards = "[...document.querySelectorAll('.zt-service-card')]"
    right = "Math.max(...[...card.querySelectorAll('.zt-tags li')].map(tag => tag.getBoundingClientRect().right))"
    within = f"{cards}.every(card => {right} < card.getBoundingClientRect().right - 4)"
    assert page.evaluate(within), "tags stay within their card"
    button = page.locator(".zt-menu summary")
    button.click()
    box, sheet = button.bounding_box(), page.locator(".zt-menu__sheet").bounding_box()
    assert box is not None
    assert sheet is not None
    assert sheet["y"] >= box["y"] + box["height"] - 1
    button.click()
    expect(page.locator(".zt-menu__sheet")).to_be_hidden()


def test_without_scripts_the_questions_lead_on(town: City, visit: Visitor) -> None:
    page = visit(PHONE, scripts=False, account=town.account, capacity=f"mandate:{town.mandate.pk}")
    page.goto(f"{town.guide}situation/")
    for chosen in ("新开店，第一次办", "开饭馆、小吃店、饮品店", "有了", "热菜、热食"):
        page.get_by_label(chosen, exact=True).check()
    page.get_by_role("button", name="继续").last.click()
    page.get_by_role("button", name="为京味餐饮有限公司办理").click()
    expect(page.locator("#f-holder_name")).to_have_value("京味餐饮有限公司")
    page.locator("button.zt-button--big").click()
    expect(page.get_by_role("alert").first).to_contain_text("处需要修改")
    expect(page.get_by_role("alert").first).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_who_adds_or_takes_away_goes_on_where_he_was(town: City, visit: Visitor, scripts: bool) -> None:
    """The page comes anew; whoever works by keyboard or on a phone is not sent back to its beginning."""
    page = visit(PHONE, scripts=scripts, account=town.account, capacity=f"mandate:{town.mandate.pk}")
    page.goto(f"/apply/{town.draft().token}/page/people/")
    page.locator("[name='equipment.0.name']").fill("冷藏柜")
    page.get_by_role("button", name="加一项：设备").press("Enter")
    expect(page.locator("[name='equipment.1.name']")).to_be_focused()
    expect(page.locator("[name='equipment.1.name']")).to_be_in_viewport()
    page.get_by_role("button", name="删除").last.press("Enter")
    expect(page.locator("[name='equipment.1.name']")).to_have_count(0)
    expect(page.locator("#f-equipment")).to_be_focused()
    expect(page.locator("#f-equipment")).to_be_in_viewport()


def test_elder_pages_are_sound_and_the_choice_is_remembered(town: City, visit: Visitor) -> None:
    page = visit(PHONE)
    page.goto("/")
    page.locator(".zt-menu").get_by_role("button", name="长辈版").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("您今天要办什么事")
    sound(page)
    page.goto(town.guide)
    expect(page.get_by_text("您要准备 3 样")).to_be_visible()
    sound(page)


def test_the_keyboard_reaches_the_content_first(town: City, visit: Visitor) -> None:
    page = visit(DESK)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
