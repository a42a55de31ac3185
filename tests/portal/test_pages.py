"""Each page answers with the facts that matter, in a bounded number of queries, and shows nobody else's."""

import dataclasses
import html
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import allowance
from factories import identity as people
from portal.conftest import City, at, page_text, seal, signed_in
from zhengtong.doors.portal.queries.receipts import public_name
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.queries import applied_for_lately
from zhengtong.matters.cases.services import prefill
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.matters.workflow import tasks
from zhengtong.records.exchange import services as exchange

pytestmark = pytest.mark.django_db

# Page → most queries. Of those of somebody signed in, three tell who it is: session, account with person, mandate.
PUBLIC = {
    "/": 12,
    "/numbers/": 10,
    "/search/?q=开饭馆": 5,
    "/search/?q=火箭发射场": 8,
    "/services/": 4,
    "/services/people/": 4,
    "/services/enterprises/": 4,
    "/services/departments/": 4,
    "/progress/": 0,
    "/verify/": 0,
    "/verify/receipt/": 0,
    "/accessibility/": 0,
    "/privacy/": 0,
    "/windows/": 0,
}
OWN = {"/my/": 10, "/my/cases/": 5, "/my/messages/": 5, "/my/licences/": 5, "/my/asked/": 5, "/my/drafts/": 5}


def asked(browser: Client, address: str) -> tuple[int, str, int]:
    """Status, text and number of queries of a page."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = browser.get(address)
    return answer.status_code, answer.content.decode(), len(queries)


class TestEverybody:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_answers_within_its_ceiling(self, town: City, visitor: Client, address: str) -> None:
        status, text, count = asked(visitor, address)
        assert status == 200
        assert "<h1" in text
        assert count <= PUBLIC[address], f"{count} queries"

    def test_home_counts_what_happened_today(self, town: City, visitor: Client) -> None:
        town.submitted("2025-03-12 11:00")
        case = town.submitted("2025-03-13 09:00")
        with at("2025-03-13 09:30"):
            town.act("clerk", "accept", case.id)
            town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，建议准予许可。")
            town.act("decider", "approve", case.id)
            town.act("clerk", "issue", case.id)
        with at("2025-03-13 14:20"):
            page = visitor.get("/")
        figures = {row["label"]: row["value"] for row in page.context["figures"]}
        assert list(figures.values()) == [1, 1, 0.0, 100.0]
        text = page.content.decode()
        assert "3 月 13 日 14:20" in text
        assert "京味餐饮有限公司" in text

    def test_often_done_is_counted_from_applications(self, town: City, visitor: Client) -> None:
        with at("2025-03-12 09:00"):
            before = visitor.get("/").context
        assert before["popular_title"] == "比如", "nothing was applied for: nothing is called often done"
        assert before["popular"][0]["url"].startswith("/search/?q=")
        caches["near"].clear()
        town.submitted("2025-03-12 11:00")
        with at("2025-03-13 09:00"):
            page = visitor.get("/")
        assert page.context["popular_title"] == "大家在办"
        assert page.context["popular"] == [{"label": "食品经营许可", "url": town.guide}]
        caches["near"].clear()
        with at("2025-04-20 09:00"):
            assert visitor.get("/").context["popular_title"] == "比如", "what was long ago is not done now"

    def test_often_done_counts_versions_together_and_most_first(
        self, town: City, visitor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        item = town.world.item
        monkeypatch.setattr("zhengtong.matters.cases.queries.APPLIED_SAMPLE", 2)
        made = [town.submitted(f"2025-03-{day} 11:00").id for day in ("10", "11", "12")]
        other = type(item)(**{field.attname: getattr(item, field.attname) for field in item._meta.fields})
        other.pk, other.token, other.key, other.name = new_id(), new_token(), "other/service", "另一件事"
        other.save(force_insert=True)
        old = type(item)(**{field.attname: getattr(item, field.attname) for field in item._meta.fields})
        old.pk, old.token, old.version, old.current = new_id(), new_token(), 0, False
        old.save(force_insert=True)
        Case.objects.filter(id=made[0]).update(item_id=other.id)
        Case.objects.filter(id=made[1]).update(item_id=old.id)
        with at("2025-03-13 09:00"):
            assert applied_for_lately() == {old.id: 1, item.id: 1}, "the newest two only"
            monkeypatch.setattr("zhengtong.matters.cases.queries.APPLIED_SAMPLE", 1000)
            labels = [chip["label"] for chip in visitor.get("/").context["popular"]]
        assert labels == ["食品经营许可", "另一件事"]

    def test_people_are_masked_in_the_public_list(self, town: City, visitor: Client) -> None:
        Case.objects.filter(id=town.submitted().id).update(
            applicant_label="李*", closed_at="2025-03-13T01:00Z", decided_on="2025-03-13", accepted_on="2025-03-12"
        )
        assert "李*" in visitor.get("/").content.decode()

    def test_guide_says_limits_materials_and_remedies(self, town: City, visitor: Client) -> None:
        status, text, count = asked(visitor, town.guide)
        assert status == 200
        assert count <= 9
        for said in (
            "10 个工作日",
            "20 个工作日",
            "免提交",
            "从不动产登记系统获取",
            "第三十五条",
            "示范区人民法院",
            "答 4 个问题",
        ):
            assert said in text, said

    def test_a_filter_and_a_count_are_told_in_the_readers_words(self, town: City, visitor: Client) -> None:
        department = item_spec(town.world.item.id).department
        assert "1 个事项" in asked(visitor, "/services/departments/")[1]
        visitor.cookies["django_language"] = "en"
        text = asked(visitor, f"/services/?department={quote(department)}")[1]
        assert department not in text.partition("<main")[2]
        assert "1 service" in asked(visitor, "/services/departments/")[1]

    def test_guide_says_what_is_charged_and_every_unit(
        self, town: City, visitor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        basis = {"law": "中华人民共和国行政许可法", "article": "第五十八条"}
        fees = [
            {"code": "paper", "amount": "30", "basis": basis},
            {"code": "test", "amount": "1280.50", "basis": basis},
        ]
        spec = item_spec(town.world.item.id)
        limits = {**spec.stated["limits"], "legal": {"number": 6, "unit": "month"}}
        named = {"paper": {"name": "工本费"}, "test": {"name": "检测费"}}
        charged = dataclasses.replace(
            spec,
            stated={**spec.stated, "fees": fees, "limits": limits},
            texts={locale: {**said, "fees": named} for locale, said in spec.texts.items()},
        )
        monkeypatch.setattr("zhengtong.matters.catalog.queries.item_spec", lambda _id: charged)
        text = visitor.get(town.guide).content.decode()
        for said in ("<b>工本费</b> 30 元", "<b>检测费</b> 1,280.50 元", "第五十八条", "30–1,280.50", "个月"):
            assert said in text, said
        assert "不收费" not in text

    def test_a_service_that_is_no_longer_there_is_nobodys(self, town: City, visitor: Client) -> None:
        status, text, _count = asked(visitor, "/services/nothing/")
        assert status == 404
        assert "可能不再办理" in text
        assert "属于别人" not in text

    def test_english_is_whole(self, town: City, visitor: Client) -> None:
        visitor.cookies["django_language"] = "en"
        text = visitor.get(town.guide).content.decode()
        assert "Food business licence (catering), new" in text
        assert 'lang="en"' in text
        assert "10</span>working days" in text

    def test_what_is_told_is_told_in_the_language_of_the_page(self, town: City, citizen: Client) -> None:
        """Whatever the account prefers: faults found on handing in, sources asked, departments, licences."""
        citizen.cookies["django_language"] = "en"
        draft = town.draft(answers=town.answers(contact_phone="1380013800"))
        refused = citizen.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        assert [error["message"] for error in refused.context["errors"]] == [
            "Contact’s mobile number has 11 digits; it now has 10"
        ]
        prefill(by=town.world.applicant, token=draft.token)
        assert "the business licence" in {row["what"] for row in citizen.get("/my/asked/").context["rows"]}
        (hit,) = citizen.get("/search/?q=food licence").context["hits"]
        assert hit["department"] == "Demonstration District Market Supervision Bureau"
        case = town.submitted()
        with at("2025-03-13 09:30"):
            town.act("clerk", "accept", case.id)
            town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，建议准予许可。")
            town.act("decider", "approve", case.id)
            town.act("clerk", "issue", case.id)
        assert citizen.get(f"/cases/{case.token}/").context["licence"]["name"] == "Food business licence"

    def test_an_unanswered_question_is_named_in_the_summary(self, town: City, visitor: Client) -> None:
        page = visitor.get(f"{town.guide}situation/?_action=continue&kind_of_request=new")
        text = html.unescape(page.content.decode())
        assert '<a href="#f-activity">请选一项：您主要做什么</a>' in text
        assert "请选一项：您要办哪一种" not in text

    def test_elder_pages_have_their_own_template_at_the_same_address(self, town: City, visitor: Client) -> None:
        visitor.cookies["zt_mode"] = "elder"
        guide = visitor.get(town.guide)
        assert "portal/elder/guide.html" in {template.name for template in guide.templates}
        assert "您要准备 3 样" in guide.content.decode()
        assert "portal/elder/home.html" in {template.name for template in visitor.get("/").templates}

    def test_situations_lead_on(self, town: City, visitor: Client) -> None:
        address = f"{town.guide}situation/"
        assert visitor.get(f"{address}?_action=continue").status_code == 422
        on = visitor.get(
            f"{address}?_action=continue&kind_of_request=new&activity=catering&business_licence=held&operations=hot"
        )
        assert on.status_code == 302
        assert on.headers["Location"].startswith(f"{town.guide}start/")

    @pytest.mark.parametrize("mode", ["", "elder"])
    def test_a_service_that_asks_no_situation_begins_with_whom_it_is_for(
        self, town: City, citizen: Client, mode: str
    ) -> None:
        citizen.cookies["zt_mode"] = mode
        token = allowance.bureau().item.token
        on = citizen.get(f"/services/{token}/situation/")
        assert (on.status_code, on.headers["Location"]) == (302, f"/services/{token}/start/")
        begun = citizen.get(on.headers["Location"]).content.decode()
        assert "选择情形" not in begun
        assert begun.count("您为谁办") >= (2 if mode else 3), "title, heading and, but for elders, the first step"

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_each_answer_that_leads_elsewhere_says_where_to(self, town: City, visitor: Client, language: str) -> None:
        visitor.cookies["django_language"] = language
        spec = item_spec(town.world.item.id)
        told = {}
        for question in spec.stated["situations"]:
            for option in question["options"]:
                chosen = {question["code"]: option["code"], "_action": "continue"}
                text = html.unescape(visitor.get(f"{town.guide}situation/", chosen).content.decode())
                title = spec.say(f"situations.{question['code']}.leads.{option['code']}.title", language)
                assert bool(title) == bool(option.get("leads"))
                told[option["code"]] = (
                    (title and title in text, f'href="/search/?q={quote(option["find"])}"' in text)
                    if (option.get("find"))
                    else (title and title in text, "/windows/" in text)
                )
        leading = ("change", "renewal", "cancellation", "prepackaged_only", "not_yet")
        assert [told[code] for code in leading] == [(True, True)] * 5
        assert told["produce_only"][0]

    def test_a_pack_older_than_its_leading_words_sends_to_the_counter(
        self, town: City, visitor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spec = item_spec(town.world.item.id)
        texts = {locale: dict(said) for locale, said in spec.texts.items()}
        texts["zh-hans"]["situations"] = {}
        older = dataclasses.replace(spec, texts=texts)
        monkeypatch.setattr("zhengtong.doors.portal.views.guide.catalog.item_spec", lambda _item: older)
        page = visitor.get(f"{town.guide}situation/?_action=continue&activity=prepackaged_only")
        text = page.content.decode()
        assert "这一项还不能在网上办" in text
        assert "示范区政务服务大厅二层综合窗口" in text

    def test_a_service_unknown_is_a_decent_page(self, town: City, visitor: Client) -> None:
        page = visitor.get("/services/nothing/")
        assert page.status_code == 404
        assert "<h1" in page.content.decode()


class TestOneself:
    @pytest.mark.parametrize("address", OWN)
    def test_answers_within_its_ceiling(self, town: City, citizen: Client, address: str) -> None:
        town.submitted()
        town.draft()
        citizen.get(address)  # the session notes once a minute that it is alive
        status, _text, count = asked(citizen, address)
        assert status == 200
        assert count <= OWN[address], f"{count} queries"

    @pytest.mark.parametrize("address", [*OWN, "/cases/x/", "/apply/x/", "/cases/x/withdraw/"])
    def test_a_stranger_is_asked_to_sign_in(self, town: City, visitor: Client, address: str) -> None:
        answer = visitor.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/?next=")

    def test_somebody_elses_case_looks_absent(self, town: City) -> None:
        case, draft = town.submitted(), town.draft()
        other = signed_in(people.account("citizen"))
        for address in ("", "received/", "withdraw/", "delivery/", "evaluate/"):
            assert other.get(f"/cases/{case.token}/{address}").status_code == 404, address
        assert other.get(f"/apply/{draft.token}/").status_code == 404
        assert other.post(f"/cases/{case.token}/correct/").status_code == 404

    def test_a_draft_begun_for_another_principal_is_not_opened(self, town: City) -> None:
        himself = signed_in(town.account)
        assert himself.get(f"/apply/{town.draft().token}/page/business/").status_code == 409


class TestProgress:
    def test_days_of_the_case_as_s03_has_them(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        with at("2025-03-05 10:15"):
            town.act("clerk", "accept", case.id)
        with at("2025-03-10 09:30"):
            town.act("reviewer", "suspend", case.id, procedure="TESTING", planned_days=3)
        with at("2025-03-11 09:00"):
            stopped = citizen.get(f"/cases/{case.token}/")
        assert stopped.context["clock"]["state"] == "paused"
        assert stopped.context["ruler"]["days"][-1]["mark"] == "停"
        with at("2025-03-12 16:40"):
            town.act("reviewer", "resume", case.id, result="检测合格")
        seal()
        with at("2025-03-13 14:20"):
            citizen = signed_in(town.account, f"mandate:{town.mandate.pk}")  # two days on, he signs in again
            citizen.get("/my/")
            with CaptureQueriesContext(connection) as queries:
                page = citizen.get(f"/cases/{case.token}/")
        assert len(queries) <= 15
        assert page.context["clock"]["days"] == 6
        assert "3 月 21 日（周五）" in str(page.context["clock"]["last_day"])
        marks = [day["mark"] for day in page.context["ruler"]["days"]]
        assert marks == ["受", "1", "2", "休", "休", "3", "停", "停", "4", "5", "休", "休", "6", "7", "8", "9", "10"]
        assert [stop["label"] for stop in page.context["stops"]] == ["提交", "受理", "检测", "审查", "决定", "发证"]
        text = page.content.decode()
        assert "行政许可法第四十五条" in text
        assert "赵敏" not in text, "no official's name"
        assert "孙洁" not in text

    def test_receipt_of_the_newest_sealed_step(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        waiting = citizen.get(f"/cases/{case.token}/")
        assert waiting.context["evidence"] == {"waiting": True}
        seal()
        card = citizen.get(f"/cases/{case.token}/").context["evidence"]
        assert len(card["digest"]) == 64
        assert citizen.get(card["verify_url"]).context["valid"]
        kept = citizen.get(card["download_url"])
        assert kept.headers["Content-Disposition"].startswith("attachment")
        verdict = citizen.post("/verify/receipt/", {"receipt": kept.content.decode()})
        assert verdict.context["valid"]
        assert len(verdict.context["checks"]) == 3, "the content was disclosed and checked, too"

    def test_withdrawing_is_asked_about_then_done(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        assert "要撤回" in citizen.get(f"/cases/{case.token}/withdraw/").content.decode()
        assert citizen.post(f"/cases/{case.token}/withdraw/", {"reason": "不开了"}).status_code == 302
        case.refresh_from_db()
        assert (case.state, case.close_type) == ("CLOSED", "withdrawn")
        again = citizen.post(f"/cases/{case.token}/withdraw/")
        assert again.status_code == 409
        assert citizen.get(f"/cases/{case.token}/").status_code == 200

    @pytest.mark.parametrize("elder", [False, True])
    def test_what_a_closed_case_no_longer_bears_is_said_without_a_form(
        self, town: City, citizen: Client, elder: bool
    ) -> None:
        case = town.submitted()
        citizen.post(f"/cases/{case.token}/withdraw/", {"reason": "不开了"})
        if elder:
            citizen.cookies["zt_mode"] = "elder"
        said = {
            "withdraw": "这份申请您已经撤回了",
            "urge": "结果已经有了",
            "delivery": "办件已经结束",
        }
        for page, why in said.items():
            shown = citizen.get(f"/cases/{case.token}/{page}/")
            text = page_text(shown)
            assert shown.status_code == 200
            assert why in text
            assert 'name="reason"' not in text
            assert 'type="radio"' not in text
            assert f'href="/cases/{case.token}/"' in text
        assert 'name="reason"' not in page_text(citizen.post(f"/cases/{case.token}/withdraw/", {"reason": "真的不开"}))
        for grade in ("5", "4"):
            assert 'name="grade"' in page_text(citizen.get(f"/cases/{case.token}/evaluate/"))
            citizen.post(f"/cases/{case.token}/evaluate/", {"grade": grade})
        assert "您已经评价过" in page_text(citizen.get(f"/cases/{case.token}/evaluate/"))

    @pytest.mark.parametrize("elder", [False, True])
    def test_who_got_his_application_back_reads_why_and_how_to_apply_again(
        self, town: City, citizen: Client, visitor: Client, elder: bool
    ) -> None:
        case = town.submitted()
        why = "同一家店已经交过一份申请，编号 110108202503030001" + "，请按那一份办" * 40
        town.act("clerk", "return", case.id, reasons=why)
        if elder:
            citizen.cookies["zt_mode"] = "elder"
        own = citizen.get(f"/cases/{case.token}/")
        assert f"原因：{why}。您可以随时重新申请。" in own.context["words"]
        assert f'<a href="{town.guide}">重新申请</a>' in page_text(own)
        pair = {"number": case.short_no, "code": town.codes[case.id]}
        anybody = page_text(visitor.post("/progress/", pair))
        assert "已退件" in anybody
        assert why[:8] not in anybody

    def test_why_a_case_was_ended_is_told_to_its_last_word(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        town.act("clerk", "accept", case.id)
        why = "申请人已经注销" + "，没有谁承受它的权利" * 40
        services.terminate_case(by=town.world.head, case_id=case.id, reason=why)
        assert f"原因：{why}。" in citizen.get(f"/cases/{case.token}/").context["words"]

    def test_the_notice_of_a_refused_acceptance_is_a_step_away(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        given = {"reason_code": "outside_authority", "reasons": "店铺不在本区", "right_organ": "东城区市场监督管理局"}
        town.act("clerk", "refuse_acceptance", case.id, **given)
        ways = citizen.get(f"/cases/{case.token}/").context["ways"]
        assert [way["label"] for way in ways] == ["不予受理通知书", "重新申请"]
        assert citizen.get(f"/cases/{town.submitted().token}/").context["ways"] == []

    def test_a_correction_that_never_came_is_told_as_the_reason(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        with at("2025-03-04 10:00"):
            town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
        with at("2025-04-25 10:00"):
            while tasks.fire_due_timers():
                pass
        case.refresh_from_db()
        assert case.close_type == "returned"
        assert "到期没有收到您的补正材料" in page_text(citizen.get(f"/cases/{case.token}/"))

    def test_a_case_that_waits_for_its_applicant_presses_nobody(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
        text = page_text(citizen.get(f"/cases/{case.token}/urge/"))
        assert "现在等的是您补正" in text
        assert "返回，不做改动" not in text
        assert citizen.post(f"/cases/{case.token}/urge/").status_code == 409

    def test_delivery_is_chosen_among_the_services_ways(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        with at("2025-03-05 10:15"):
            town.act("clerk", "accept", case.id)
        address = f"/cases/{case.token}/delivery/"
        assert citizen.post(address, {"mode": "pigeon"}).status_code == 422
        assert citizen.post(address, {"mode": "post"}).status_code == 302
        case.refresh_from_db()
        assert case.delivery_mode == "post"

    def test_looks_at_data_and_refused_attempts_are_not_the_applicant_s_to_read(
        self, town: City, citizen: Client
    ) -> None:
        case = town.submitted()
        about: dict[str, Any] = {"by": town.world.clerk, "subject": ("case", case.id)}
        ledger.record(type="case.viewed", payload={}, reason="核对身份", **about)
        ledger.record_refusal(type="case.act", reason="cases.same_person", **about)
        told = citizen.get(f"/cases/{case.token}/").context["timeline"]
        assert [str(event["title"]) for event in told] == ["看材料", "已收件", "您提交了申请"]

    def test_a_paper_is_drawn_when_asked_for(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        shown = next(
            event for event in citizen.get(f"/cases/{case.token}/").context["timeline"] if event.get("paper_url")
        )
        paper = citizen.get(shown["paper_url"])
        assert paper.headers["Content-Type"] == "application/pdf"
        assert b"".join(paper.streaming_content).startswith(b"%PDF")
        paper.close()


class TestByNumberAndCode:
    def test_both_right_shows_the_course_without_papers_and_acts(self, town: City, visitor: Client) -> None:
        case = town.submitted()
        page = visitor.post("/progress/", {"number": "110108 20250303 0001", "code": town.codes[case.id]})
        assert page.status_code == 200
        text = page.content.decode()
        assert "110108" in text
        assert "/papers/" not in text
        assert "/withdraw/" not in text

    def test_both_may_be_typed_as_they_are_shown_in_groups(self, town: City, visitor: Client) -> None:
        case = town.submitted()
        code = town.codes[case.id]
        typed = {"number": "110108 20250303　0001", "code": f" {code[:4].lower()} {code[4:]}"}
        assert visitor.post("/progress/", typed).status_code == 200

    def test_wrong_pairs_say_nothing_and_soon_must_wait(self, town: City, visitor: Client) -> None:
        case = town.submitted()
        for _try in range(10):
            answer = visitor.post("/progress/", {"number": case.short_no, "code": "AAAAAAAA"})
            assert answer.status_code == 404
        assert "对不上" in answer.content.decode()
        late = visitor.post("/progress/", {"number": case.short_no, "code": town.codes[case.id]})
        assert late.status_code == 429


class TestPublicChecks:
    def test_a_licence_by_number_shows_public_fields_and_every_check(
        self, town: City, visitor: Client, citizen: Client
    ) -> None:
        case = town.submitted()
        with at("2025-03-13 09:30"):
            town.act("clerk", "accept", case.id)
            town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，建议准予许可。")
            town.act("decider", "approve", case.id)
            town.act("clerk", "issue", case.id)
        seal()
        (held,) = citizen.get("/my/licences/").context["licences"]
        certificate = citizen.get(f"{held['url']}certificate/")
        assert b"".join(certificate.streaming_content).startswith(b"%PDF")
        with at("2025-03-20 10:06"):
            page = visitor.get(f"/verify/?q={held['number']}", follow=True)
        assert page.status_code == 200
        assert page.context["verdict"] == "valid"
        assert [check.get("state", "passed") for check in page.context["checks"]] == ["passed"] * 5
        assert "110108199003070024" not in page.content.decode()
        with at("2031-03-20 10:06"):
            assert visitor.get(page.redirect_chain[-1][0]).context["verdict"] == "invalid"

    def test_an_unknown_licence(self, town: City, visitor: Client) -> None:
        page = visitor.get("/verify/?q=JY29999990000000")
        assert page.status_code == 404
        assert "没有" in page.content.decode()

    def test_a_receipt_pasted_uploaded_altered_and_garbage(self, town: City, visitor: Client) -> None:
        town.submitted()
        seal()
        event = Event.objects.filter(type="case.submit").get()
        receipt = visitor.get(f"/verify/receipt/{public_name(event.id)}/file/").content.decode()
        assert "张三" not in receipt
        assert visitor.post("/verify/receipt/", {"receipt": receipt}).context["valid"]
        altered = receipt.replace("case.submit", "case.approve")
        refused = visitor.post("/verify/receipt/", {"receipt": altered})
        assert not refused.context["valid"]
        assert "failed" in {check["state"] for check in refused.context["checks"]}
        for garbage in ("", "{", "[1]", "我的回执", "[" * 100_000):
            assert visitor.post("/verify/receipt/", {"receipt": garbage}).status_code in (200, 422), garbage[:20]

    def test_receipts_cannot_be_counted_through(self, town: City, visitor: Client) -> None:
        town.submitted()
        event = Event.objects.first()
        assert event is not None
        assert visitor.get(f"/verify/receipt/{event.id}/").status_code == 404
        assert (
            visitor.get(f"/verify/receipt/{event.id + 1}-{public_name(event.id).partition('-')[2]}/").status_code == 404
        )


def test_the_applicant_presses_for_an_answer_once(town: City, citizen: Client) -> None:
    case = town.submitted("2025-03-12 11:00")
    with at("2025-03-13 09:30"):
        address = f"/cases/{case.token}/"
        assert f"{address}urge/" in citizen.get(address).content.decode()
        assert citizen.get(f"{address}urge/").status_code == 200
        assert citizen.post(f"{address}urge/")["Location"] == address
        assert "您催了一次" in citizen.get(address).content.decode()
        again = citizen.post(f"{address}urge/")
        assert again.status_code == 409
        assert "起可再次催办" in again.content.decode()


def test_in_chinese_no_space_stands_between_sentences(visitor: Client, town: City) -> None:
    pages = ["/", town.guide, "/privacy/", "/accessibility/", "/verify/", "/progress/", "/windows/"]
    for page in pages:
        text = re.sub(r"<[^>]+>", "", page_text(visitor.get(page)))
        assert not re.search(r"[。；！？] +[\u4e00-\u9fff]", text), page


def test_the_title_of_an_account_page_stands_on_one_line(visitor: Client) -> None:
    page = page_text(visitor.post("/account/login/", {"login": "nobody", "password": "wrong"}))
    (title,) = re.findall(r"<title>(.*?)</title>", page, re.S)
    assert title == "错误：登录 - 示范区政务服务"


class TestManyCases:
    """Who has hundreds of cases finds the one that waits for him, one by its number, and those of a kind."""

    @pytest.fixture
    def many(self, town: City) -> Case:
        """One that waits for its applicant, under eight newer ones, of which one is withdrawn."""
        waiting = town.submitted("2025-03-03 10:02")
        newer = [town.submitted(f"2025-03-03 11:{minute}") for minute in range(10, 18)]
        with at("2025-03-04 15:20"):
            town.act("clerk", "request_correction", waiting.id, gaps=["平面布局图未标面积"])
            services.withdraw_case(by=town.world.applicant, case_id=newer[0].id)
        return waiting

    def numbers(self, citizen: Client, asked: str) -> list[str]:
        return [row["number"] for row in citizen.get(f"/my/cases/?{asked}").context["cases"]]

    def test_what_waits_for_me_stands_first_on_my_page(self, many: Case, citizen: Client) -> None:
        shown = [row["number"] for row in citizen.get("/my/").context["cases"]]
        assert shown[0] == many.short_no
        assert len(shown) == len(set(shown)) == 5

    def test_a_correction_stands_first_of_what_was_begun(self, many: Case, town: City, citizen: Client) -> None:
        services.start_correction(by=town.world.applicant, case_id=many.id)
        town.draft()
        assert [draft["correcting"] for draft in citizen.get("/my/").context["drafts"]] == [True, False]

    def test_cases_of_a_kind(self, many: Case, citizen: Client) -> None:
        assert self.numbers(citizen, "show=waiting") == [many.short_no]
        assert [len(self.numbers(citizen, f"show={kind}")) for kind in ("", "running", "ended", "x")] == [9, 8, 1, 9]

    def test_by_a_part_of_the_number_with_its_gaps(self, many: Case, citizen: Client) -> None:
        typed = f"{many.short_no[6:10]} {many.short_no[10:]}"
        assert self.numbers(citizen, f"number={quote(typed)}") == [many.short_no]
        assert self.numbers(citizen, f"number={quote(typed)}&show=ended") == []
        nothing = page_text(citizen.get("/my/cases/?number=999999999999"))
        assert "没有这样的办件" in nothing
        assert 'value="999999999999"' in nothing

    def test_pages_keep_what_was_chosen(self, many: Case, citizen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zhengtong.doors.portal.views.mine.page_size", lambda _request: 5)
        first = citizen.get("/my/cases/?show=running")
        second = citizen.get(first.context["next_url"])
        assert len(second.context["cases"]) == 3
        assert second.context["newest_url"] == "/my/cases/?show=running"
        assert "回到最新" in page_text(second)


def test_in_english_a_licence_says_its_last_day_so_and_who_waits_is_told_what_ends(town: City, citizen: Client) -> None:
    english = {"accept-language": "en"}
    case = town.submitted()
    with at("2025-03-13 09:30"):
        town.act("clerk", "accept", case.id)
        town.act("reviewer", "suspend", case.id, procedure="TESTING", planned_days=3)
        himself = signed_in(town.account, f"mandate:{town.mandate.pk}")
        assert "when the testing ends" in page_text(himself.get(f"/cases/{case.token}/", headers=english))
        town.act("reviewer", "resume", case.id, result="检测合格")
        town.act("reviewer", "propose_approve", case.id, opinion="材料齐全，建议准予许可。")
        town.act("decider", "approve", case.id)
        town.act("clerk", "issue", case.id)
        (held,) = himself.get("/my/licences/").context["licences"]
        shown = {
            row["label"]: row["value"] for row in himself.get(held["url"], headers=english).context["licence"]["facts"]
        }
        assert shown["Valid until"] == "12 March 2030"
        assert "Drawn and sealed when it is first opened" in page_text(himself.get(held["url"], headers=english))


def test_no_draft_and_no_question_to_another_authority_is_left_out(town: City, citizen: Client) -> None:
    """A page holds a few, and leads on until all have been seen."""
    drafts = {town.draft().token for _number in range(23)}
    mine = page_text(citizen.get("/my/"))
    assert 'href="/my/drafts/"' in mine
    ask = {
        "fact": "market-supervision.business-licence",
        "subject": ("organisation", town.mandate.principal_organisation_id),
    }
    asked_for = {exchange.ask(by=town.world.applicant, purpose=("draft", number), **ask).id for number in range(23)}
    for address, rows, whole in (("/my/drafts/", "drafts", len(drafts)), ("/my/asked/", "rows", len(asked_for))):
        seen, next_url = 0, address
        while next_url:
            page = citizen.get(next_url)
            seen, next_url = seen + len(page.context[rows]), page.context["next_url"]
        assert seen == whole, address


def test_links_of_a_list_are_told_apart_by_their_numbers(town: City, citizen: Client) -> None:
    numbers = {town.submitted().short_no for _number in range(3)}
    links = re.findall(r'<a href="/cases/[^"]+">(.*?)</a>', page_text(citizen.get("/my/cases/")))
    assert {re.sub(r"<[^>]+>", "", link).split()[-1] for link in links} == numbers
