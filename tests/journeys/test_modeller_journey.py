"""A process drawn in the browser by one, reviewed and published by another."""

import pytest
from playwright.sync_api import Page, expect

from console.conftest import administrator
from console.test_browser import opened
from console.test_models import begun
from journeys.desk_support import clean
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.matters.modelling.models import ModelVersion

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PATIENCE = 20_000  # milliseconds: a drawing takes its time on a busy machine


def listening(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def within(page: Page, element: str) -> bool:
    drawing, palette = (page.locator(each).first.bounding_box() for each in (".djs-container", ".djs-palette"))
    box = page.locator(f"[data-element-id='{element}']").first.bounding_box()
    assert drawing is not None
    assert palette is not None
    assert box is not None
    return palette["x"] + palette["width"] <= box["x"] <= box["x"] + box["width"] <= drawing["x"] + drawing["width"]


def test_drawn_by_one_and_published_by_another(chromium, live_server, settings):
    first, second = administrator("sys", settings), administrator("sys", settings)
    page = opened(chromium, live_server, first)
    said = listening(page)
    page.goto(f"{live_server.url}/console/models/begin/")
    page.get_by_label("中文名称").fill("请假审批")
    page.get_by_role("button", name="开始").click()
    page.get_by_role("link", name="第 1 版").click()
    expect(page.locator("[data-drawn]")).to_be_visible(timeout=PATIENCE)
    clean(page)
    page.get_by_role("link", name="画图").click()
    expect(page.locator("[data-zt-modeller][data-drawn]")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    palette, begin = (page.locator(each).bounding_box() for each in (".djs-palette", "[data-element-id='start']"))
    assert palette is not None
    assert begin is not None
    assert palette["x"] + palette["width"] <= begin["x"], "the palette hides no step"

    page.get_by_label("元素", exact=True).select_option("step_1")
    page.get_by_label("中文名称").fill("部门审核")
    page.get_by_label("角色").select_option("reviewer")
    page.get_by_label("角色").press("Tab")
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    expect(page.locator(".djs-shape[data-element-id^='Activity_']")).to_have_count(1)
    clean(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    expect(page.get_by_text("须改").first).to_be_visible()

    page.locator("[data-blocking] a").first.click()
    page.get_by_label("角色").select_option("head")
    page.get_by_label("中文名称").fill("主管审批")
    page.keyboard.press("Tab")
    page.locator(".djs-context-pad [data-action='append.end-event']").click()
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("检查通过")).to_be_visible()
    version = ModelVersion.objects.get()
    graph = compile_process(read(bytes(version.xml)))
    assert [(node.name, node.role) for node in graph.nodes.values() if node.kind == "task"] == [
        ("部门审核", "reviewer"),
        ("主管审批", "head"),
    ]
    page.get_by_role("link", name="查看这一版").click()
    page.get_by_role("link", name="提交复核").click()
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_role("link", name="发布")).to_have_count(0)
    assert said == []

    other = opened(chromium, live_server, second)
    other.goto(f"{live_server.url}/console/models/versions/{version.pk}/")
    other.get_by_role("link", name="发布").click()
    other.get_by_label("意见").fill("同意发布。")
    other.get_by_role("button", name="发布").click()
    expect(other.get_by_text("这一版不再改动")).to_be_visible()
    version.refresh_from_db()
    assert version.state == "published"


def test_a_list_of_steps_is_written_without_scripts_and_altered_as_a_drawing(chromium, live_server, settings):
    who = administrator("sys", settings)
    plain = opened(chromium, live_server, who, scripts=False)
    plain.set_viewport_size({"width": 360, "height": 740})
    version = begun(who)
    address = f"{live_server.url}/console/models/versions/{version.pk}"
    plain.goto(f"{address}/steps/")
    plain.get_by_label("环节", exact=True).fill("填写申请")
    plain.get_by_role("button", name="加一步").click()
    second = plain.get_by_role("group", name="第 2 步")
    second.get_by_label("环节", exact=True).fill("班子会签")
    second.get_by_label("办理方式").select_option("sign")
    second.get_by_label("由谁办").select_option("decider")
    second.get_by_label("可退回到").select_option(label="1. 填写申请")
    plain.get_by_role("button", name="保存草稿").last.click()
    expect(plain.get_by_text("草稿已保存。")).to_be_visible()
    assert plain.evaluate("document.documentElement.scrollWidth") <= 360

    page = opened(chromium, live_server, who)
    said = listening(page)
    page.goto(f"{address}/steps/")
    expect(page.locator("[data-drawn]")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("group", name="第 1 步").get_by_label("会签人数")).to_be_hidden()
    expect(page.get_by_role("group", name="第 2 步").get_by_label("会签人数")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="画图").click()
    expect(page.locator("[data-zt-modeller][data-drawn]")).to_be_visible(timeout=PATIENCE)
    for step in ("start", "step_1", "step_2", "end"):
        assert within(page, step), f"{step} lies within the drawing"
    page.get_by_label("元素", exact=True).select_option("step_2")
    page.get_by_label("中文名称").fill("领导会签")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    page.goto(f"{address}/steps/")
    expect(page.get_by_role("group", name="第 2 步").get_by_label("环节", exact=True)).to_have_value("领导会签")
    assert said == []


def test_drawn_by_the_keyboard_alone(chromium, live_server, settings):
    who = administrator("sys", settings)
    version = begun(who)
    page = opened(chromium, live_server, who)
    said = listening(page)
    page.goto(f"{live_server.url}/console/models/versions/{version.pk}/edit/")
    expect(page.locator("[data-zt-modeller][data-drawn]")).to_be_visible(timeout=PATIENCE)
    clean(page)

    def press(name: str) -> None:
        """Reach a button by Tab from the list of elements, and press it."""
        page.get_by_label("元素", exact=True).focus()
        button = page.locator(".zt-modeller__side").get_by_role("button", name=name, exact=True)
        for _step in range(20):
            page.keyboard.press("Tab")
            if button.evaluate("each => each === document.activeElement"):
                break
        expect(button).to_be_focused()
        page.keyboard.press("Enter")

    def choose(element: str) -> None:
        page.get_by_label("元素", exact=True).select_option(element)

    choose("step_1_end")
    press("删去")
    choose("step_1")
    press("择一分支")
    expect(page.locator("[data-zt-added]")).to_contain_text("已添加：择一分支 Gateway_")
    gateway = page.get_by_label("元素", exact=True).input_value()
    press("人工步骤")
    page.get_by_label("中文名称").fill("补办")
    page.get_by_label("角色").select_option("reviewer")
    step = page.get_by_label("元素", exact=True).input_value()
    page.get_by_label("连到").select_option("end")
    press("连线")
    choose(gateway)
    page.get_by_label("连到").select_option("end")
    press("连线")
    choose("end")
    expect(page.locator("[data-zt-add='bpmn:UserTask']")).to_have_attribute("aria-disabled", "true")
    clean(page)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    version.refresh_from_db()
    flows = read(bytes(version.xml)).tree.iter("{*}sequenceFlow")
    ways = {(flow.get("sourceRef"), flow.get("targetRef")) for flow in flows}
    assert ways == {("start", "step_1"), ("step_1", gateway), (gateway, step), (gateway, "end"), (step, "end")}
    assert said == []
