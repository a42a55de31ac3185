"""Decision tables in the console: read as tables, tried with values, compared between versions."""

import base64
import re

import pytest

from axe import faults
from console.test_browser import opened
from factories import cases as made
from zhengtong.doors.console.views import gate
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.catalog.models import ReleasedPack

pytestmark = pytest.mark.django_db

HEAD = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="高龄津贴规则"
 namespace="urn:t">
<itemDefinition id="place" name="地方"><typeRef>string</typeRef>
<allowedValues><text>"本区","外地"</text></allowedValues></itemDefinition>
<inputData id="age" name="年龄"><variable id="av" name="年龄" typeRef="number"/></inputData>
<inputData id="home" name="户籍"><variable id="hv" name="户籍" typeRef="地方"/></inputData>
<decision id="amount" name="每月金额"><question>每月发多少</question>
<variable id="mv" name="每月金额" typeRef="number"/>
<informationRequirement id="r1"><requiredInput href="#age"/></informationRequirement>
<informationRequirement id="r2"><requiredInput href="#home"/></informationRequirement>
<decisionTable id="t" hitPolicy="UNIQUE">
<input id="i1" label="年龄"><inputExpression id="e1" typeRef="number"><text>年龄</text></inputExpression></input>
<input id="i2" label="户籍"><inputExpression id="e2" typeRef="地方"><text>户籍</text></inputExpression></input>
<output id="o" name="每月金额" typeRef="number"/><annotation name="依据"/>"""
RULE = """<rule id="{0}"><inputEntry id="{0}a"><text>{1}</text></inputEntry>
<inputEntry id="{0}b"><text>{2}</text></inputEntry>
<outputEntry id="{0}o"><text>{3}</text></outputEntry><annotationEntry><text>{4}</text></annotationEntry></rule>"""
TAIL = "</decisionTable></decision></definitions>"
RULES = [
    ("young", "&lt; 80", "-", "0", "第三十三条"),
    ("away", "&gt;= 80", '"外地"', "0", "第三十三条"),
    ("grant", "&gt;= 80", '"本区"', "100", "第三十三条 &lt;script&gt;"),
]


def model(rules=RULES) -> str:
    return HEAD + "".join(RULE.format(*rule) for rule in rules) + TAIL


def released(version: int, rules=RULES, *, pack_id: str = "civil-affairs/old-age") -> ReleasedPack:
    files = {"rules.dmn": base64.b64encode(model(rules).encode()).decode()}
    return ReleasedPack.objects.create(
        pack_id=pack_id,
        version=version,
        format="zhengtong-pack/1",
        digest=f"{version:064x}",
        files=files,
        released_by_name="孙洁",
        released_at=clock.now(),
        public_key="",
        signature="",
    )


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_models_are_listed_newest_first(system):
    released(1)
    newest = released(2)
    ReleasedPack.objects.create(
        pack_id="other/no-rules", version=1, format="f", digest="f" * 64, files={}, released_at=clock.now()
    )
    page = text_of(system.get("rules/"))
    assert page.index(f"/console/rules/{newest.pk}/") < page.index("civil-affairs/old-age</a>", page.index("最新"))
    assert "other/no-rules" not in page
    assert page.count("civil-affairs/old-age</a>") == 2, "nobody offers it: the pack's own name"


def test_the_list_comes_page_by_page_and_knows_the_newest_beyond_the_page(system, monkeypatch):
    monkeypatch.setattr(gate, "PAGE_SIZE", 2)
    for version in (3, 1, 2):
        released(version)
    first = system.get("rules/")
    later = system.get("rules/" + first.context["next_url"])
    rows = [row["cells"] for answer in (first, later) for row in answer.context["table"]["rows"]]
    assert [(cells[1]["value"], str(cells[2]["tags"][0]["label"])) for cells in rows] == [
        (2, "较早"),
        (1, "较早"),
        (3, "最新"),
    ]
    assert later.context["next_url"] == ""


def test_a_service_is_named_as_people_call_it_beside_its_pack(system):
    world = made.world()
    release = ReleasedPack.objects.get(id=world.item.pack_id)
    page = text_of(system.get("rules/"))
    assert f">{world.item.name}</a>" in page
    assert release.pack_id in page
    assert f"{release.pack_id}</a>" not in page
    assert world.item.name in text_of(system.get(f"rules/{release.pk}/"))
    found = text_of(system.get(f"models/begin/packs/?q={world.item.name[:4]}"))
    assert world.item.name in found


def test_the_search_in_the_bar_says_what_the_console_finds(system):
    page = text_of(system.get("rules/"))
    assert 'placeholder="机构、账户、页面"' in page
    assert "办件编号" not in page.split("</header>")[0]


def test_a_table_is_drawn_as_a_table(system):
    page = text_of(system.get(f"rules/{released(1).pk}/"))
    assert "每月发多少" in page
    assert "U · 只有一条规则命中" in page
    assert [line for line in ("&gt;= 80", "&quot;外地&quot;", "第三十三条") if line not in page] == []
    assert "<script>" not in page.split("<tbody>")[1].split("</tbody>")[0]
    assert "data-counted" not in page


def test_a_try_lights_the_trace_cell_by_cell_and_is_not_kept(system):
    release = released(1)
    before = Event.objects.count()
    page = text_of(system.post(f"rules/{release.pk}/", 200, fact0="82", fact1="本区"))
    row = re.findall(r"<tr data-counted>(.*?)</tr>", page, re.DOTALL)
    assert len(row) == 1
    assert row[0].count('data-state="pass"') == 2
    assert '<td data-side="then">100</td>' in row[0]
    assert page.count('data-state="fail"') == 2  # too young; lives elsewhere
    assert "每月金额" in page.split('id="said"')[1].split("</h3>")[0]
    assert 'value="82"' in page
    assert Event.objects.count() == before


def test_what_is_missing_is_named(system):
    page = text_of(system.post(f"rules/{released(1).pk}/", 200, fact0="82"))
    assert "data-counted" not in page
    assert "户籍" in page.split('id="said"')[1].split("</section>")[0]


@pytest.mark.parametrize("typed", ["eighty", "[1", "1e999999999", "9" * 150, "{}"])
def test_values_that_are_none_are_kept_and_refused_or_told(system, typed):
    answer = system.browser.post(f"/console/rules/{released(1).pk}/", {"fact0": typed, "fact1": "本区"})
    assert answer.status_code in (200, 422)
    assert typed in text_of(answer)


def test_a_choice_beyond_the_allowed_values_is_refused(system):
    page = text_of(system.post(f"rules/{released(1).pk}/", 422, fact0="82", fact1="月球"))
    assert "data-counted" not in page


def test_two_versions_are_compared_row_by_row(system):
    changed = [
        RULES[0],
        ("grant", "&gt;= 80", '"本区"', "120", "第三十三条"),
        ("old", "&gt;= 90", '"本区"', "500", "x"),
    ]
    old, new = released(1), released(2, changed)
    page = text_of(system.get(f"rules/{old.pk}/{new.pk}/"))
    assert 'data-change="same"' in page
    assert re.search(r"<del>100</del>\s*<ins>120</ins>|<ins>120</ins>", page)
    assert 'data-change="removed"' in page or 'data-change="changed"' in page
    assert "<ins>500</ins>" in page
    assert text_of(system.get(f"rules/{new.pk}/{old.pk}/")).count("<ins>500</ins>") == 1  # in order, however asked


def test_models_of_two_services_are_not_compared(system):
    other = released(3, pack_id="market/other")
    system.get(f"rules/{released(1).pk}/{other.pk}/", 404)


def test_other_administrators_are_not_let_in(security, audit):
    release = released(1)
    for administrator in (security, audit):
        administrator.get("rules/", 403)
        administrator.get(f"rules/{release.pk}/", 403)


def test_in_english(system):
    system.browser.cookies["django_language"] = "en"
    page = text_of(system.get(f"rules/{released(1).pk}/"))
    assert "exactly one rule applies" in page
    assert "Try with values" in page


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_tables_tries_and_comparisons_in_a_browser(locale, chromium, live_server, system):
    raised = ("grant", "&gt;= 80", '"本区"', "120", "第三十三条")
    old, new = released(1), released(2, [*RULES[:2], raised])
    page = opened(chromium, live_server, system, locale=locale, scripts=False)
    page.goto(f"{live_server.url}/console/rules/{new.pk}/")
    page.locator("#f-fact0").fill("82")
    page.locator("#f-fact1").select_option("本区")
    page.locator("#f-fact0").press("Enter")
    assert page.locator("tr[data-counted]").count() == 1
    assert page.locator("td[data-state=pass]").count() == 4  # two of the rule that counts, one each of those that fail
    page.context.close()
    page, found = opened(chromium, live_server, system, locale=locale), {}
    for path in ("rules/", f"rules/{new.pk}/", f"rules/{old.pk}/{new.pk}/"):
        page.goto(f"{live_server.url}/console/{path}")
        if broken := faults(page):
            found[path] = broken
    page.context.close()
    assert found == {}
