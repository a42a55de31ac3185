"""An elder in the browser: large letters everywhere, the whole way to the licence, and the page read aloud."""

import pathlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from factories import cases as made
from journeys.conftest import DESK, PHONE, Time
from journeys.test_citizen_s03 import sign_in, sound
from portal.conftest import City, city, seal
from zhengtong.foundation.files.signing import ensure_signing_key
from zhengtong.matters.cases.models import Case

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Visitor = Callable[..., Page]
SMALLEST, LOWEST, BUTTON = 19, 44, 72
BIG = "button.zt-button--big"

SMALL_TEXT = """(least) => {
  const found = [];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const { data, parentElement: at } = nodes.currentNode;
    if (!data.trim() || at.closest("script, svg, option, .zt-vh, .zt-official-seal") || !at.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(at).fontSize);
    if (size < least - 0.05) found.push([data.trim().slice(0, 20), size]);
  }
  return found;
}"""
LOW_TARGETS = """(least) => [...document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden])")]
  .filter((at) => at.checkVisibility() && !at.closest(".zt-vh, .zt-skip, p, .zt-timeline, .zt-list, .govuk-hint"))
  .map((at) => [at.outerHTML.slice(0, 80), (at.matches("[type=radio], [type=checkbox]") ? at.labels[0] : at)])
  .map(([html, at]) => [html, at.getBoundingClientRect().height]).filter(([, height]) => height < least - 0.5)"""


@pytest.fixture
def town(settings: Any, tmp_path: pathlib.Path, time: Time) -> City:
    settings.VAR = settings.ZT_FILES = tmp_path
    ensure_signing_key()
    time.set("2025-03-03 09:50")
    return city()


def large(page: Page) -> None:
    """On a desk and on a phone: sound, no letter under 19 pixels, nothing to press under 44, no button under 72
    (LOOK §2)."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type] # the stubs want their own mapping
        sound(page)
        assert page.evaluate(SMALL_TEXT, SMALLEST) == []
        assert page.evaluate(LOW_TARGETS, LOWEST) == []
        heights = page.locator("main .govuk-button:visible:not(.zt-search *)").evaluate_all(
            "all => all.map(each => each.offsetHeight)"
        )
        assert not [height for height in heights if height < BUTTON]


def test_from_search_to_licence(town: City, visit: Visitor, time: Time, tmp_path: pathlib.Path) -> None:
    plan = tmp_path / "平面图.pdf"
    plan.write_bytes(made.PDF)
    page = visit(PHONE, elder=True)
    page.goto("/")
    large(page)
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("开饭馆")
    page.get_by_role("button", name="搜索").click()
    large(page)
    page.get_by_role("link", name="看一看 食品经营许可").click()
    expect(page.get_by_text("手画的也行，拍照上传")).to_be_visible()
    large(page)
    page.get_by_role("link", name="开始办理").click()
    for chosen in ("新开店，第一次办", "开饭馆、小吃店、饮品店", "有了", "热菜、热食"):
        large(page)
        page.get_by_role("link", name=chosen).click()
    large(page)
    sign_in(page, town)
    large(page)
    page.get_by_role("button", name="京味餐饮有限公司").click()
    page.get_by_role("button", name="为京味餐饮有限公司办理").click()
    fill_in(page, plan)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("请抄下来", exact=True)).to_be_visible()
    large(page)
    afterwards(page, town, time, Case.objects.get(), plan)


def fill_in(page: Page, plan: pathlib.Path) -> None:
    """One group of questions after another; none asks for more than fits together."""
    expect(page.get_by_role("heading", level=1)).to_have_text("经营者")
    page.locator(BIG).click()
    expect(page.get_by_role("alert").first).to_be_focused()
    large(page)
    page.locator("#f-representative_residence").fill("北京市海淀区中关村街道 27 号")
    page.locator("#f-representative_phone").fill("13800005678")
    page.locator(BIG).click()
    for key in ("premises_differ", "has_warehouse"):
        page.locator(f"#f-{key}-1").check()
    onwards(page, "联系和代办")
    page.locator("#f-by_agent-1").check()
    onwards(page, "做什么生意")
    onwards(page, "卖什么")
    onwards(page, "怎么卖")
    page.locator("#f-online-1").check()
    onwards(page, "人员")
    page.locator("[name='managers.0.name']").fill("李四")
    page.locator("[name='managers.0.sex']").select_option("male")
    page.locator("[name='managers.0.number']").fill("110108198505121237")
    page.locator("#f-staff_count").fill("4")
    onwards(page, "设施设备")
    for cell, value in (("name", "冷藏柜"), ("count", "2"), ("place", "食材库")):
        page.locator(f"[name='equipment.0.{cell}']").fill(value)
    onwards(page, "要您交的材料")
    page.locator("#f-floor_plan").set_input_files(plan)
    page.locator("#f-safety_rules").set_input_files(plan)
    onwards(page, "声明")
    page.get_by_label(re.compile("我承诺")).check()
    onwards(page, "请核对您填的内容")


def onwards(page: Page, title: str) -> None:
    large(page)
    page.locator(BIG).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def afterwards(page: Page, town: City, time: Time, case: Case, plan: pathlib.Path) -> None:
    time.set("2025-03-03 10:00")
    town.act("clerk", "request_correction", case.id, gaps=[{"text": "未标面积", "material": "floor_plan"}])
    page.goto("/my/")
    large(page)
    page.get_by_role("link", name="看进度").click()
    large(page)
    page.get_by_role("button", name="去补正").click()
    expect(page.locator("#f-floor_plan-asked")).to_be_in_viewport(ratio=1)
    large(page)
    page.locator("#f-floor_plan").set_input_files(plan)
    page.locator(BIG).click()
    expect(page.get_by_text("已被替换")).to_be_visible()
    page.get_by_role("button", name="提交补正材料").click()
    expect(page.get_by_role("heading", name="已收到您补正的材料")).to_be_visible()
    large(page)
    time.set("2025-03-03 10:05")
    town.act("clerk", "accept", case.id)
    town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，建议准予许可。")
    town.act("decider", "approve", case.id)
    town.act("clerk", "issue", case.id)
    seal()
    page.goto(f"/cases/{case.token}/")
    page.get_by_role("link", name="去评价").click()
    large(page)
    page.get_by_label("非常满意").check()
    page.get_by_role("button", name="提交评价").last.click()
    large(page)
    page.goto("/my/licences/")
    large(page)
    page.get_by_role("link", name="出示证照").click()
    large(page)
    page.get_by_role("link", name="出示证照").click()
    expect(page.get_by_text("这张证照是真的，现在有效")).to_be_visible()
    large(page)


# A voice that says what it was given to say, and when it is done only when the test lets it be.
VOICE = """(voices) => {
  window.said = [];
  const heard = [];
  const engine = {
    voices, now: null,
    getVoices() { return this.voices; },
    speak(utterance) { window.said.push(utterance.text); this.now = utterance; },
    cancel() { const cut = this.now; this.now = null; if (cut) cut.onerror({ error: "canceled" }); },
    addEventListener(_name, listener) { heard.push(listener); },
    come(later) { this.voices = later; heard.forEach((listener) => listener()); },
    done() { const spoken = this.now; this.now = null; spoken.onend({}); },
    fail() { const spoken = this.now; this.now = null; spoken.onerror({ error: "synthesis-failed" }); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: engine });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""
CHINESE = {"lang": "zh_CN", "localService": True}
ENGLISH = {"lang": "en-GB", "localService": True}


def speaking(visit: Visitor, *voices: dict[str, Any], **given: Any) -> Page:
    page = visit(PHONE, elder=True, **given)
    page.add_init_script(f"({VOICE})({list(voices)})".replace("True", "true").replace("False", "false"))
    return page


class TestReadingAloud:
    def test_in_order_with_what_is_read_marked(self, town: City, visit: Visitor) -> None:
        page = speaking(visit, CHINESE)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(town.guide)
        page.get_by_role("button", name="读给我听").click()
        order = []
        while page.evaluate("Boolean(speechSynthesis.now)"):
            marked = page.locator(".zt-reading")
            expect(marked).to_have_count(1)
            expect(marked).to_be_in_viewport()
            order.append((page.evaluate("said.at(-1)"), marked.inner_text()))
            page.evaluate("speechSynthesis.done()")
        assert all(said in re.sub(r"\s+", " ", shown) for said, shown in order)
        said = [said for said, _shown in order]
        assert said[:3] == ["返回上一页", "食品经营许可", "开小吃店、饭馆之前，先办这个证。"]
        assert said.index("店里的平面图") < said.index("食品安全制度") < said.index("怎么办")
        assert not {"长辈版", "示范区政务服务", "English"} & set(said), "the main content alone"
        expect(page.locator(".zt-reading")).to_have_count(0)
        expect(page.get_by_role("button", name="读给我听")).to_be_visible()
        assert complaints == [], "the policy is kept"

    def test_by_keyboard_pause_go_on_stop(self, town: City, visit: Visitor) -> None:
        page = speaking(visit, CHINESE)
        page.goto(town.guide)
        page.get_by_role("button", name="读给我听").focus()
        page.keyboard.press("Enter")
        page.evaluate("speechSynthesis.done()")
        expect(page.get_by_role("button", name="停一下")).to_be_focused()
        page.keyboard.press("Enter")
        assert page.evaluate("[speechSynthesis.now, said.length]") == [None, 2]
        expect(page.get_by_role("button", name="接着读")).to_be_focused()
        page.keyboard.press("Space")
        assert page.evaluate("said[2] === said[1]"), "the sentence begins again"
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="不读了")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="读给我听")).to_be_focused()
        assert page.evaluate("[speechSynthesis.now, said.length]") == [None, 3]
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="停一下")).to_be_hidden()
        expect(page.locator(".zt-reading")).to_have_count(0)
        sound(page)

    @pytest.mark.parametrize(
        ("voices", "language", "shown"),
        [
            ([], "zh-hans", False),
            ([ENGLISH], "zh-hans", False),
            ([CHINESE], "en", False),
            ([ENGLISH], "en", True),
            ([{"lang": "zh-HK", "localService": True}], "zh-hans", False),
            ([{"lang": "zh-CN", "localService": False}], "zh-hans", False),
            ([{"lang": "cmn-Hans-CN", "localService": True}], "zh-hans", True),
        ],
        ids=["silent", "english only", "chinese only", "english", "cantonese", "far away", "mandarin"],
    )
    def test_offered_only_where_this_device_speaks_the_language(
        self, town: City, visit: Visitor, voices: list[dict[str, Any]], language: str, shown: bool
    ) -> None:
        page = speaking(visit, *voices)
        page.goto("/")
        page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
        page.goto("/")
        assert page.locator("[data-zt-speech]").is_visible() == shown

    def test_voices_that_come_late_are_noticed(self, town: City, visit: Visitor) -> None:
        page = speaking(visit)
        page.goto("/")
        expect(page.locator("[data-zt-speech]")).to_be_hidden()
        page.evaluate("speechSynthesis.come([{ lang: 'zh-CN', localService: true }])")
        expect(page.get_by_role("button", name="读给我听")).to_be_visible()

    def test_without_scripts_there_is_no_dead_button(self, town: City, visit: Visitor) -> None:
        page = visit(PHONE, elder=True, scripts=False)
        page.goto(town.guide)
        assert "读给我听" not in page.locator("body").inner_text()

    def test_a_voice_that_fails_says_so_and_whom_to_call(self, town: City, visit: Visitor) -> None:
        page = speaking(visit, CHINESE)
        page.goto("/")
        page.get_by_role("button", name="读给我听").click()
        page.evaluate("speechSynthesis.fail()")
        expect(page.get_by_role("status").filter(has_text="打 12345，有人读给您听")).to_be_attached()
        expect(page.get_by_role("button", name="读给我听")).to_be_visible()

    def test_what_is_hidden_or_typed_is_not_read(self, town: City, visit: Visitor) -> None:
        page = speaking(visit, CHINESE, account=town.account, capacity=f"mandate:{town.mandate.pk}")
        draft = town.draft(answers=town.answers())
        page.goto(f"/apply/{draft.token}/page/business/?part=operator")
        page.get_by_role("button", name="读给我听").click()
        for _sentence in range(80):
            if not page.evaluate("Boolean(speechSynthesis.now)"):
                break
            page.evaluate("speechSynthesis.done()")
        said = page.evaluate("said")
        assert "法定代表人身份证号码" in said
        assert not [sentence for sentence in said if "110108199003070024" in sentence]
