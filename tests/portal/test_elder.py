"""The elder's view: own templates at the same addresses, three things a list, one group of questions at a time."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import cases as made
from factories import identity as people
from factories.allowance import bureau
from portal.conftest import SITUATION, City, address, as_posted, at, page_text, seal, signed_in
from zhengtong.engines.forms import Form
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.catalog.queries import item_spec

pytestmark = pytest.mark.django_db
PLAIN = (
    "/",
    "/search/",
    "/search/?q=开饭馆",
    "/search/?q=火箭",
    "/progress/",
    "/verify/",
    "/verify/?q=JY2",
    "/windows/",
)
OWN = ("/my/", "/my/cases/", "/my/messages/", "/my/licences/")
OF_CASE = ("", "materials/", "received/", "withdraw/", "delivery/", "evaluate/")
WAYS = ("请家人帮办", "打 12345", "去附近窗口", "预约上门")


def elder(browser: Client, language: str = "zh-hans") -> Client:
    browser.cookies["zt_mode"] = "elder"
    browser.cookies["django_language"] = language
    return browser


def assert_elders(answer: Any) -> str:
    """The page has its own template, one column, ways to a person's help, and no lists of small tools."""
    names = [template.name for template in answer.templates]
    assert any(str(name).startswith("portal/elder/") for name in names), answer.request["PATH_INFO"]
    text = page_text(answer)
    assert text.count("<h1") == 1
    assert "zt-columns" not in text
    assert 'aria-label="主导航"' not in text
    assert "data-zt-after" not in text, "nothing that waits for a timer"
    return text


@pytest.fixture
def himself(town: City) -> Client:
    return elder(signed_in(town.account, f"mandate:{town.mandate.pk}"))


class TestTemplates:
    def test_what_is_meant_for_old_age_is_offered_first(self, town: City, visitor: Client) -> None:
        bureau()
        text = assert_elders(elder(visitor).get("/"))
        assert 0 < text.index("高龄津贴") < text.index("食品经营许可")

    @pytest.mark.parametrize("page", PLAIN)
    def test_public_pages(self, town: City, visitor: Client, page: str) -> None:
        text = assert_elders(elder(visitor).get(page))
        assert all(way in text for way in WAYS) or page == "/windows/"

    @pytest.mark.parametrize("page", OWN)
    def test_own_pages(self, town: City, himself: Client, page: str) -> None:
        town.submitted()
        assert all(way in assert_elders(himself.get(page)) for way in WAYS)

    @pytest.mark.parametrize("page", OF_CASE)
    def test_pages_of_a_case(self, town: City, himself: Client, page: str) -> None:
        case = town.submitted()
        assert_elders(himself.get(f"/cases/{case.token}/{page}"))

    def test_a_licence_and_its_public_check(self, town: City, himself: Client, visitor: Client) -> None:
        case = town.submitted()
        with at("2025-03-13 09:30"):
            town.act("clerk", "accept", case.id)
            town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，建议准予许可。")
            town.act("decider", "approve", case.id)
            town.act("clerk", "issue", case.id)
        seal()
        (held,) = himself.get("/my/licences/").context["licences"]
        assert "出示证照" in assert_elders(himself.get(held["url"]))
        checked = elder(visitor).get(f"/verify/?q={held['number']}", follow=True)
        assert "这张证照是真的" in assert_elders(checked)

    def test_signing_in_has_large_letters_and_help(self, db: None, visitor: Client) -> None:
        text = page_text(elder(visitor).get("/account/login/"))
        assert 'class="zt-citizen zt-elder"' in text
        assert all(way in text for way in WAYS)
        assert 'aria-label="主导航"' not in text

    def test_pages_without_an_own_template_have_the_elders_masthead(self, town: City, visitor: Client) -> None:
        text = page_text(elder(visitor).get("/services/departments/"))
        assert 'aria-label="主导航"' not in text
        assert "长辈版" in text

    def test_english_is_whole(self, town: City, visitor: Client) -> None:
        text = page_text(elder(visitor, "en").get(town.guide))
        assert "Get this licence before you open a snack bar or restaurant." in text
        assert "A plan of the shop" in text
        body = re.sub(r"<[^>]*lang=\"zh-hans\"[^>]*>[^<]*|《[^》]*》", "", text)
        assert not re.search(r"[一-鿿]{2}", body), "a Chinese word is left"


class TestThreeAList:
    def test_of_cases(self, town: City, himself: Client) -> None:
        for _number in range(4):
            town.submitted()
        first = himself.get("/my/cases/")
        assert len(first.context["cases"]) == 3
        later = himself.get(first.context["next_url"])
        assert len(later.context["cases"]) == 1
        assert len(himself.get("/my/").context["cases"]) == 4
        assert page_text(himself.get("/my/")).count("zt-elder-way") == 3

    def test_of_hits(self, town: City, visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        found = elder(visitor).get("/search/?q=开饭馆").context["hits"]
        asked: list[int] = []

        def find(_words: str, *, limit: int, offset: int, **_more: Any) -> list[Any]:
            asked.append(offset)
            return []

        monkeypatch.setattr("zhengtong.foundation.search.queries.find", find)
        visitor.get("/search/?q=开饭馆&from=3")
        assert len(found) <= 3
        assert asked == [3]


class TestQuestions:
    def test_one_at_a_time_each_answer_a_button(self, town: City, visitor: Client) -> None:
        page = elder(visitor).get(f"{town.guide}situation/")
        for code in SITUATION.values():
            question = page.context["question"]
            assert question["step"].startswith("第 ")
            (chosen,) = [choice["url"] for choice in question["choices"] if choice["url"].endswith(f"={code}")]
            assert page.context["question"]["back_url"]
            page = visitor.get(chosen)
        assert page.status_code == 302
        assert page.headers["Location"].startswith(f"{town.guide}start/?")

    def test_an_answer_that_leads_elsewhere_says_so_at_once_and_one_can_go_back(
        self, town: City, visitor: Client
    ) -> None:
        page = elder(visitor).get(f"{town.guide}situation/?kind_of_request=new&activity=prepackaged_only")
        assert_elders(page)
        assert page.context["question"]["heading"] == "不用办许可，备案即可"
        back = visitor.get(page.context["question"]["back_url"])
        assert back.context["question"]["heading"] == "您主要做什么"

    @pytest.mark.parametrize("query", ["kind_of_request=nonsense", "activity=%3Cscript%3E", "kind_of_request="])
    def test_what_is_no_answer_is_asked_again(self, town: City, visitor: Client, query: str) -> None:
        page = elder(visitor).get(f"{town.guide}situation/?{query}")
        assert page.context["question"]["heading"] == "您要办哪一种"
        assert "<script>" not in page.content.decode()


class TestForm:
    def form(self, town: City) -> Form:
        form: Form = item_spec(town.world.item.id).form
        return form

    def fill(self, town: City, browser: Client, place: str) -> Any:
        """Post the group an address shows, as a browser would."""
        shown = browser.get(place)
        assert_elders(shown)
        page = shown.context["page"]
        keys = {field["key"] for section in page["sections"] for field in section["fields"] if field["visible"]}
        form = self.form(town)
        posted = as_posted({key: value for key, value in town.answers().items() if key in keys}, form, keys)
        posted |= {
            key: SimpleUploadedFile(f"{key}.pdf", made.PDF) for key in ("floor_plan", "safety_rules") if key in keys
        }
        answer = browser.post(page["action"], posted | page["hidden"] | {"_action": "continue"})
        return self.fill(town, browser, place) if answer.context and answer.context.get("fresh") else answer

    def test_every_group_in_turn_to_the_receipt(self, town: City, himself: Client) -> None:
        draft = town.draft()
        place, seen, steps = himself.get(f"/apply/{draft.token}/").headers["Location"], [], []
        while "/check/" not in place:
            seen.append(re.findall(r"part=(\w+)", place)[0])
            steps.append(himself.get(place).context["step"])
            answer = self.fill(town, himself, place)
            assert answer.status_code == 302, page_text(answer)[-4000:]
            place = answer.headers["Location"]
        assert seen == [
            *("operator", "premises", "contact"),
            *("kind", "items", "ways"),
            *("managers", "equipment"),
            *("uploads", "declaration"),
        ]
        assert steps == [f"第 {number} 步，共 15 步" for number in range(5, 15)]
        check = himself.get(place)
        assert check.context["step"] == "第 15 步，共 15 步"
        assert_elders(check)
        done = himself.post(place, {"_key": draft.token})
        assert "查询码" in assert_elders(himself.get(done.headers["Location"]))
        assert Case.objects.count() == 1

    def test_a_group_is_judged_alone_and_leaves_the_others_as_they_are(self, town: City, himself: Client) -> None:
        draft = town.draft(answers={"contact_name": "李四", "premises": "和平路 18 号", "has_warehouse": False})
        sent = {"_part": "operator", "_action": "continue", "holder_name": "京味餐饮有限公司"}
        answer = himself.post(address(draft, "business"), sent)
        assert answer.status_code == 422
        assert "经营场所" not in {row["label"] for row in answer.context["page"]["sections"][0]["fields"]}
        kept = Draft.objects.get(id=draft.id).answers
        assert kept["contact_name"] == "李四"
        assert kept["has_warehouse"] is False

    def test_a_whole_page_sent_after_the_view_was_changed_loses_nothing(self, town: City, himself: Client) -> None:
        draft = town.draft()
        form = self.form(town)
        keys = {field.key for field in form.fields_of(form.page("business"))}
        assert himself.post(address(draft, "business"), as_posted(town.answers(), form, keys)).status_code == 302
        kept = Draft.objects.get(id=draft.id).answers
        assert kept["holder_name"]
        assert kept["contact_name"]

    def test_going_on_another_day_begins_where_something_is_missing(self, town: City, himself: Client) -> None:
        draft = town.draft()
        self.fill(town, himself, f"{address(draft, 'business')}?part=operator")
        assert "part=premises" in himself.get(f"/apply/{draft.token}/").headers["Location"]

    def test_what_is_changed_from_checking_comes_back_to_checking(self, town: City, himself: Client) -> None:
        draft = town.draft(answers=town.answers())
        check = himself.get(f"/apply/{draft.token}/check/")
        links = [row["change_url"] for section in check.context["sections"] for row in section["rows"]]
        (link,) = [link for link in links if link.endswith("#f-premises")]
        assert "part=premises" in link
        assert self.fill(town, himself, link).headers["Location"] == f"/apply/{draft.token}/check/"

    def test_two_windows_keep_the_group_that_was_typed(self, town: City, himself: Client) -> None:
        draft = town.draft(answers=town.answers())
        old = draft.version
        himself.post(address(draft, "business"), {"_part": "contact", "contact_name": "王五", "_version": old})
        sent = {"_part": "contact", "contact_name": "赵六", "contact_phone": "13800005678", "by_agent": "false"}
        late = himself.post(address(draft, "business"), sent | {"_version": old})
        assert late.status_code == 409
        chosen = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', late.content.decode()))
        assert chosen["_part"] == "contact"
        assert himself.post(address(draft, "business"), chosen).status_code == 302
        kept = Draft.objects.get(id=draft.id).answers
        assert (kept["contact_name"], kept["holder_name"]) == ("赵六", town.answers()["holder_name"])

    def test_a_session_that_ends_under_a_group_loses_nothing(self, town: City) -> None:
        draft = town.draft(answers=town.answers())
        stranger = elder(Client(HTTP_HOST="localhost"))
        sent = {"_part": "contact", "contact_name": "赵六", "contact_phone": "13800005678", "by_agent": "false"}
        away = stranger.post(address(draft, "business"), sent)
        assert "part%3Dcontact" in away.headers["Location"]
        stranger.post("/account/login/", {"login": town.account.username, "password": people.PASSWORD})
        stranger.post("/account/act-as/", {"capacity": f"mandate:{town.mandate.pk}"})
        back = stranger.get(f"{address(draft, 'business')}?part=contact")
        assert "刚才填的内容都在" in page_text(back)
        kept = Draft.objects.get(id=draft.id).answers
        assert (kept["contact_name"], kept["holder_name"]) == ("赵六", town.answers()["holder_name"])

    @pytest.mark.parametrize("part", ["nothing", "", "<script>", "x" * 5000])
    def test_a_group_that_does_not_exist_is_the_first(self, town: City, himself: Client, part: str) -> None:
        draft = town.draft()
        page = himself.get(address(draft, "people"), {"part": part})
        assert page.context["page"]["hidden"]["_part"] == "managers"


class TestAfterwards:
    def test_a_correction_begins_with_everything_given_and_what_is_asked(self, town: City) -> None:
        case = town.submitted()
        with at("2025-03-04 15:20"):
            town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
        with at("2025-03-05 09:30"):
            himself = elder(signed_in(town.account, f"mandate:{town.mandate.pk}"))
            begun = himself.post(f"/cases/{case.token}/correct/")
            opened = himself.get(begun.headers["Location"], follow=True)
            assert opened.redirect_chain[-1][0].endswith("/check/")
            text = assert_elders(opened)
        assert "平面布局图未标面积" in text
        assert "floor_plan.pdf" in text

    def test_evaluating_asks_the_grade_and_nothing_one_would_have_to_study(self, town: City, himself: Client) -> None:
        case = town.submitted()
        himself.post(f"/cases/{case.token}/withdraw/")
        page = himself.get(f"/cases/{case.token}/evaluate/")
        assert [field["key"] for field in page.context["page"]["sections"][0]["fields"]] == ["grade", "remark"]
        assert himself.post(f"/cases/{case.token}/evaluate/", {"grade": "5"}).status_code == 302


def test_cases_of_one_name_are_told_apart(town: City, himself: Client) -> None:
    numbers = {town.submitted().short_no for _number in range(2)}
    text = re.sub(r"<[^>]+>", "", page_text(himself.get("/my/cases/")))
    assert all(number in text for number in numbers)
