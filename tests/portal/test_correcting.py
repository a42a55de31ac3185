"""Correcting a case: a new file takes the place of the old one, which stays in its history; the receipt says so."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import cases as made
from factories import identity as people
from portal.conftest import City, address, as_posted, at, page_text, signed_in
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.matters.deadlines.queries import clock_of

pytestmark = pytest.mark.django_db


class Correction:
    """A case that was asked for a better floor plan, and its applicant's draft of the correction."""

    def __init__(self, town: City, case: Case, browser: Client) -> None:
        self.town, self.case, self.browser = town, case, browser
        self.old = list(cases.latest_submission(case).answers["floor_plan"])
        begun = browser.post(f"/cases/{case.token}/correct/")
        self.token = begun.headers["Location"].strip("/").split("/")[1]

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(token=self.token)

    @property
    def plans(self) -> list[str]:
        """The floor plans that the draft holds."""
        return list(self.draft.answers["floor_plan"])

    def send(self, *names: str, **more: str) -> Any:
        uploaded = [SimpleUploadedFile(name, made.PDF) for name in names]
        return self.browser.post(address(self.draft, "papers"), {"floor_plan": uploaded, "truthful": "true", **more})

    def hand_in(self) -> Any:
        return self.browser.post(f"/apply/{self.token}/check/", {"_key": self.token})


@pytest.fixture
def correction(town: City) -> Correction:
    return asked_for(town)


def asked_for(town: City, **given: Any) -> Correction:
    case = town.submitted(**given)
    with at("2025-03-04 15:20"):
        town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
    return Correction(town, case, signed_in(town.account, f"mandate:{town.mandate.pk}"))


@pytest.fixture(autouse=True)
def _that_morning() -> Any:
    with at("2025-03-05 09:30"):
        yield


class TestReplacing:
    def test_a_new_file_takes_the_place_of_the_one_before(self, correction: Correction) -> None:
        shown = page_text(correction.browser.get(address(correction.draft, "papers")))
        assert "选了新的，就代替上次交的" in shown
        assert correction.send("新平面图.pdf").status_code == 302
        (new,) = correction.plans
        assert new not in correction.old
        check = page_text(correction.browser.get(f"/apply/{correction.token}/check/"))
        assert "新平面图.pdf" in check
        assert f'已被替换</span> <a href="/files/{correction.old[0]}/">floor_plan.pdf</a>' in check
        assert correction.hand_in().status_code == 302
        assert cases.latest_submission(correction.case).answers["floor_plan"] == [new]
        now = [row for row in cases.materials_of(correction.case, 2) if row.code == "floor_plan"]
        assert [row.file_id for row in now] == [files.visible_to(SYSTEM).get(token=new).id]

    def test_the_last_day_stands_beside_the_form_and_the_answers(self, correction: Correction) -> None:
        due = clock_of(("case", correction.case.id), "correction_due").due_on
        assert due is not None
        for shown in (address(correction.draft, "papers"), f"/apply/{correction.token}/check/"):
            text = page_text(correction.browser.get(shown))
            assert "补正期限" in text
            assert f"{due.month} 月 {due.day} 日" in text
            assert "一直保留" not in text, "past that day the application goes back"

    def test_the_old_file_stays_in_the_history_marked_and_linked_to_the_new(self, correction: Correction) -> None:
        correction.send("新平面图.pdf")
        (new,) = correction.plans
        correction.hand_in()
        assert cases.submissions_of(correction.case).first().answers["floor_plan"] == correction.old
        page = correction.browser.get(f"/cases/{correction.case.token}/materials/")
        rows = {row["file"]["label"]: row for row in page.context["rows"] if row["file"]}
        assert not rows["新平面图.pdf"]["replaced"]
        assert rows["floor_plan.pdf"]["replaced"]
        assert rows["floor_plan.pdf"]["by"] == [{"label": "新平面图.pdf", "url": f"/files/{new}/"}]
        assert not rows["safety_rules.pdf"]["replaced"], "what was not corrected counts as before"
        assert b"".join(correction.browser.get(rows["floor_plan.pdf"]["file"]["url"]).streaming_content) == made.PDF

    def test_several_new_files_stand_together_in_place_of_the_old(self, correction: Correction) -> None:
        correction.send("一层.pdf", "二层.pdf")
        assert len(correction.plans) == 2
        assert not set(correction.plans) & set(correction.old)
        correction.send("三层.pdf")
        assert len(correction.plans) == 3, "a second choice adds to the first"

    def test_what_was_replaced_can_be_used_after_all(self, correction: Correction) -> None:
        correction.send("新平面图.pdf")
        (old,) = correction.old
        again = correction.send(_keep_file=f"floor_plan.{old}")
        assert again.status_code == 200
        assert correction.plans[1:] == [old]
        correction.send("又一张.pdf")
        assert old in correction.plans, "who put a file back means it"

    def test_what_nothing_takes_the_place_of_is_not_called_replaced(self, correction: Correction) -> None:
        (old,) = correction.old
        page = page_text(correction.send(_remove_file=f"floor_plan.{old}"))
        assert "已被替换" not in page
        assert "不再用" in page
        correction.send(_keep_file=f"floor_plan.{old}")
        assert correction.plans == [old]

    @pytest.mark.parametrize("value", ["floor_plan.nothing", "safety_rules.{other}", "holder_name.x", "", "."])
    def test_only_a_file_of_that_question_is_put_back(self, correction: Correction, value: str) -> None:
        stranger = made.upload(correction.town.world.applicant, "other.pdf")
        before = dict(correction.draft.answers)
        correction.send(_keep_file=value.format(other=stranger))
        assert {key: correction.draft.answers[key] for key in before if key != "truthful"} == {
            key: before[key] for key in before if key != "truthful"
        }

    def test_without_a_correction_files_stand_beside_each_other(self, town: City, citizen: Client) -> None:
        draft = town.draft(answers=town.answers())
        plan = SimpleUploadedFile("二层.pdf", made.PDF)
        citizen.post(address(draft, "papers"), {"floor_plan": plan, "truthful": "true"})
        assert len(Draft.objects.get(id=draft.id).answers["floor_plan"]) == 2

    def test_a_wrong_file_replaces_nothing(self, correction: Correction) -> None:
        answer = correction.browser.post(
            address(correction.draft, "papers"),
            {"floor_plan": SimpleUploadedFile("plan.pdf", b"MZ" + bytes(200)), "truthful": "true"},
        )
        assert answer.status_code == 422
        assert correction.plans == correction.old

    def test_a_colleague_who_acts_for_the_same_corrects_what_another_handed_in(self, town: City) -> None:
        world = town.world
        first = signed_in(town.account, f"mandate:{town.mandate.pk}")
        draft = town.draft(answers=town.answers(floor_plan=[], safety_rules=[]))
        sent = {key: SimpleUploadedFile(f"{key}.pdf", made.PDF) for key in ("floor_plan", "safety_rules")}
        first.post(address(draft, "papers"), sent | {"truthful": "true"})
        first.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        case = Case.objects.get()
        town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
        account = people.account("citizen", holder=people.person(name="李四"))
        company = people.services.organisations.Organisation.objects.get(id=case.applicant_organisation_id)
        mandate = people.mandate(account.person, principal_organisation=company)
        assert world.applicant.on_behalf_of == f"org:{company.id}"
        correction = Correction(town, case, signed_in(account, f"mandate:{mandate.pk}"))
        correction.send("新平面图.pdf")
        assert correction.hand_in().status_code == 302
        assert cases.submissions_of(case).count() == 2


class TestReceipt:
    def test_it_says_what_was_corrected_and_when(self, correction: Correction) -> None:
        correction.send("新平面图.pdf")
        done = correction.hand_in()
        receipt = correction.browser.get(done.headers["Location"])
        text = page_text(receipt)
        assert "已收到您补正的材料" in text
        assert "已收到您的申请" not in text
        assert "3 月 5 日 9:30" in text
        assert "新平面图.pdf" in text
        assert "floor_plan.pdf" in text
        assert "safety_rules.pdf" not in text, "only what changed"
        assert "内容和文件与上次相同" not in text

    def test_changed_answers_are_named_not_repeated(self, correction: Correction) -> None:
        draft = correction.draft
        answers = draft.answers | {"contact_phone": "13800005679"}
        services.save_draft(by=correction.town.world.applicant, token=draft.token, answers=answers)
        receipt = correction.browser.get(correction.hand_in().headers["Location"])
        assert receipt.context["answers"] == ["联系人手机"]
        assert "<li>联系人手机</li>" in page_text(receipt)
        assert "13800005679" not in page_text(receipt)

    def test_nothing_changed_is_said(self, correction: Correction) -> None:
        text = page_text(correction.browser.get(correction.hand_in().headers["Location"]))
        assert "内容和文件与上次相同" in text

    def test_what_is_not_changed_yet_is_said_before_it_is_handed_in(self, correction: Correction) -> None:
        check = f"/apply/{correction.token}/check/"
        before = correction.browser.get(check)
        assert "内容和文件都与上次相同" in page_text(before)
        correction.browser.cookies["zt_mode"] = "elder"
        assert before.context["unchanged"] in page_text(correction.browser.get(check))
        del correction.browser.cookies["zt_mode"]
        correction.send("新图.pdf")
        assert correction.browser.get(check).context["unchanged"] == ""

    def test_each_thing_asked_for_by_name_is_named_until_it_is_changed(self, town: City) -> None:
        gaps = [{"text": "未标面积", "material": "floor_plan"}, {"text": "打不通", "question": "representative_phone"}]
        case = town.submitted()
        town.act("clerk", "request_correction", case.id, gaps=gaps)
        correction = Correction(town, case, signed_in(town.account, f"mandate:{town.mandate.pk}"))
        check = f"/apply/{correction.token}/check/"
        said = correction.browser.get(check).context["unchanged"]
        assert said.startswith("还没有改动：平面布局图、法定代表人手机。")
        correction.send("新图.pdf")
        assert correction.browser.get(check).context["unchanged"].startswith("还没有改动：法定代表人手机。")
        english = correction.browser.get(check, headers={"accept-language": "en"}).context["unchanged"]
        assert english.startswith("Not changed yet: Mobile number of the legal representative. ")
        assert correction.hand_in().status_code == 302, "nobody is kept from handing in"

    def test_the_query_code_is_not_shown_again(self, town: City) -> None:
        browser = signed_in(town.account, f"mandate:{town.mandate.pk}")
        draft = town.draft(answers=town.answers())
        done = browser.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        code = browser.get(done.headers["Location"]).context["code"]
        assert code
        case = Case.objects.get()
        town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
        correction = Correction(town, case, browser)
        correction.send("新平面图.pdf")
        text = page_text(browser.get(correction.hand_in().headers["Location"]))
        assert code not in text.replace('</span><span class="zt-group">', "")
        assert "查询码" not in text


class TestQueryCode:
    def handed_in(self, town: City, browser: Client) -> str:
        draft = town.draft(answers=town.answers())
        return str(browser.post(f"/apply/{draft.token}/check/", {"_key": draft.token}).headers["Location"])

    def test_it_is_gone_once_the_reader_went_on(self, town: City) -> None:
        browser = signed_in(town.account, f"mandate:{town.mandate.pk}")
        receipt = self.handed_in(town, browser)
        assert browser.get(receipt).context["code"]
        assert browser.get(receipt).context["code"], "larger letters or English do not lose it"
        browser.get(f"/cases/{Case.objects.get().token}/")
        left = browser.get(receipt)
        assert left.context["code"] == ""
        assert "查询码只在您提交时显示一次" in page_text(left)

    def test_it_is_gone_after_ten_minutes(self, town: City, monkeypatch: pytest.MonkeyPatch) -> None:
        browser = signed_in(town.account, f"mandate:{town.mandate.pk}")
        receipt = self.handed_in(town, browser)
        assert browser.get(receipt).context["code"]
        with at("2025-03-05 09:41"):
            assert browser.get(receipt).context["code"] == ""


PLAN = {"text": "未标面积", "material": "floor_plan"}
PHONE = {"text": "号码打不通", "question": "contact_phone"}


def corrected(town: City, *gaps: Any, elder: bool = False) -> Correction:
    case = town.submitted()
    with at("2025-03-04 15:20"):
        town.act("clerk", "request_correction", case.id, gaps=list(gaps))
    browser = signed_in(town.account, f"mandate:{town.mandate.pk}")
    if elder:
        browser.cookies["zt_mode"] = "elder"
    return Correction(town, case, browser)


class TestWhereItIsAsked:
    """The applicant begins at what was asked, is told there what it is, and is led to the next."""

    def begins(self, correction: Correction) -> str:
        return str(correction.browser.get(f"/apply/{correction.token}/").headers["Location"])

    def test_it_begins_at_the_question_with_the_demand_beside_it(self, town: City) -> None:
        correction = corrected(town, PLAN)
        begun = self.begins(correction)
        assert begun == f"/apply/{correction.token}/page/papers/?then=asked#f-floor_plan"
        page = correction.browser.get(begun)
        (field,) = [each for section in page.context["page"]["sections"] for each in section["fields"] if each["asked"]]
        assert (field["key"], field["asked"]) == ("floor_plan", ["未标面积"])
        text = page.content.decode()
        assert 'id="f-floor_plan-asked"' in text
        assert re.search(r'<input type="file" id="f-floor_plan"[^>]*aria-describedby="[^"]*f-floor_plan-asked', text)

    def test_saving_leads_to_the_next_thing_asked_and_then_to_everything(self, town: City) -> None:
        correction = corrected(town, PHONE, "另附一份说明", PLAN)
        begun = self.begins(correction)
        assert begun.endswith("/page/business/?then=asked#f-contact_phone")
        shown = correction.browser.get(begun).context["page"]
        assert shown["submit"]["label"] == "保存，下一步：平面布局图"
        form = item_spec(correction.draft.item_id).form
        typed = as_posted(correction.draft.answers, form, {field.key for field in form.fields_of(form.pages[0])})
        given = {"_then": "asked", "contact_phone": "13911112222"}
        saved = correction.browser.post(address(correction.draft, "business"), typed | given)
        assert saved.headers["Location"].endswith("/page/papers/?then=asked#f-floor_plan")
        assert self.begins(correction) == saved.headers["Location"], "what is mended is not asked anew"
        assert correction.send("新平面图.pdf", _then="asked").headers["Location"].endswith("/check/")
        check = correction.browser.get(f"/apply/{correction.token}/check/")
        assert [gap["done"] for gap in check.context["gaps"]] == [True, False, True]
        assert page_text(check).count("已改") == 2

    def test_an_elder_begins_at_the_question_too(self, town: City) -> None:
        correction = corrected(town, PHONE, elder=True)
        begun = self.begins(correction)
        assert begun.endswith("/page/business/?part=contact&then=asked#f-contact_phone")
        page = correction.browser.get(begun)
        assert "contact_phone" in [field["key"] for field in page.context["page"]["sections"][0]["fields"]]
        assert "号码打不通" in page_text(page)

    def test_a_notice_that_names_no_place_opens_everything_given(self, town: City) -> None:
        assert self.begins(corrected(town, "另附一份说明")).endswith("/check/")

    def test_a_page_as_a_whole_and_a_paper_that_is_fetched(self, town: City) -> None:
        gaps = [{"text": "请核对", "page": "people"}, {"text": "已过期", "material": "premises_right"}]
        correction = corrected(town, *gaps)
        assert self.begins(correction).endswith("/page/people/?then=asked")
        listed = correction.browser.get(f"/apply/{correction.token}/check/").context["gaps"]
        assert [bool(gap["url"]) for gap in listed] == [True, False]
        assert listed[1]["name"], "a paper that nobody uploads is named all the same"

    def test_the_letter_and_the_progress_page_name_what_is_asked(self, town: City) -> None:
        correction = corrected(town, PLAN, "另附一份说明")
        notice = cases.notices_of(correction.case).get(kind="correction")
        assert notice.data["gaps"][0] == PLAN | {"name": "经营场所平面布局图", "question": "floor_plan"}
        assert "平面布局图：未标面积" in page_text(correction.browser.get(f"/cases/{correction.case.token}/"))
        english = correction.browser.get(f"/cases/{correction.case.token}/", headers={"accept-language": "en"})
        assert "Floor plan" in page_text(english)

    @pytest.mark.parametrize(
        "gap",
        [
            {"text": "缺", "question": "nothing"},
            {"text": "缺", "page": "floor_plan"},
            {"text": "缺", "material": "x" * 500},
            {"text": "缺", "question": "floor_plan", "page": "papers"},
        ],
    )
    def test_what_the_service_does_not_ask_for_cannot_be_asked(self, town: City, gap: dict[str, str]) -> None:
        with pytest.raises(Invalid) as refusal:
            corrected(town, gap)
        assert list(refusal.value.by_path()) == ["gaps"]
