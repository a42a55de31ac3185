"""Applying: filled in from what is known, saved as one goes, judged kindly, handed in once; corrected afterwards."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import cases as made
from factories import identity as people
from portal.conftest import SITUATION, City, address, as_posted, at, page_text, seal, signed_in
from zhengtong.doors.portal.views import applying as views
from zhengtong.engines.forms import Form
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.matters.licences import services as licences
from zhengtong.records.exchange.registry import Fact, facts

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PAGES = ("business", "operations", "people", "papers")


def form_of(town: City) -> Form:
    form: Form = item_spec(town.world.item.id).form
    return form


def begin(town: City, citizen: Client) -> Draft:
    """Through the questions to a draft, as a browser without scripts would."""
    start = f"{town.guide}start/"
    assert citizen.get(start, SITUATION).status_code == 200
    answer = citizen.post(start, SITUATION)
    assert answer.status_code == 302
    token = answer.headers["Location"].strip("/").split("/")[1]
    return Draft.objects.get(token=token)


def fill(town: City, citizen: Client, draft: Any, page: str, **changed: Any) -> Any:
    """Post one page with complete answers, files on the last."""
    form = form_of(town)
    keys = {field.key for field in form.fields_of(form.page(page))}
    posted = as_posted(town.answers() | changed, form, keys)
    if page == "papers":
        posted |= {key: SimpleUploadedFile(f"{key}.pdf", made.PDF) for key in ("floor_plan", "safety_rules")}
    version = Draft.objects.get(id=draft.id).version
    return citizen.post(address(draft, page), posted | {"_version": version, "_action": "continue"})


def held_licence(town: City, type_code: str) -> Any:
    """A licence of the applicant's company, issued by the agency."""
    company = int((town.world.applicant.on_behalf_of or "").partition(":")[2])
    grant = licences.Grant(
        type_code=type_code,
        name="营业执照",
        name_en="Business licence",
        number="91110108MA01A00373",
        issuer_id=town.world.agency_id,
        issuer_name="示范区市场监督管理局",
        issuer_code="1111010800000102XJ",
        holder_kind="organisation",
        holder_name="京味餐饮有限公司",
        holder_person_id=None,
        holder_organisation_id=company,
        entries=[],
        valid_from=dt.date(2024, 1, 1),
        valid_to=None,
    )
    return licences.issue_licence(by=SYSTEM, grant=grant, on=dt.date(2024, 1, 1))


class TestWhole:
    def test_from_the_guide_to_the_receipt_without_scripts(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        for page, later in zip(PAGES, (*PAGES[1:], None), strict=True):
            answer = fill(town, citizen, draft, page)
            expected = address(draft, later) if later else f"/apply/{draft.token}/check/"
            assert (answer.status_code, answer.headers.get("Location")) == (302, expected), page_text(answer)[-4000:]
        check = citizen.get(f"/apply/{draft.token}/check/")
        assert "floor_plan.pdf" in page_text(check)
        key = re.search(r'name="_key" value="([^"]+)"', check.content.decode())
        assert key
        done = citizen.post(f"/apply/{draft.token}/check/", {"_key": key[1]})
        case = Case.objects.get()
        assert done.headers["Location"] == f"/cases/{case.token}/received/"
        receipt = citizen.get(done.headers["Location"])
        code = receipt.context["code"]
        assert len(code) == 8
        assert cases.case_by_query_code(case.short_no, code) == case
        assert not Draft.objects.exists()
        statuses = {row.code: (row.source, row.status) for row in cases.materials_of(case)}
        assert statuses["business_licence"] == ("register", "qualified")
        assert statuses["floor_plan"][0] == "upload"

    def test_a_licence_in_the_wallet_stands_for_its_paper_and_its_holder_reads_so(
        self, town: City, citizen: Client
    ) -> None:
        licence = held_licence(town, "11100000MB0143028R001")
        draft = town.draft(answers=town.answers())
        citizen.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        paper = cases.materials_of(Case.objects.get()).get(code="business_licence")
        assert (paper.source, paper.licence_id) == ("licence", licence.id)
        used = citizen.get(f"/my/licences/{licence.token}/").context["used"]
        assert [(use["who"], use["why"]) for use in used] == [("示范区市场监督管理局", "食品经营许可")]

    def test_pressed_twice_it_is_one_case(self, town: City, citizen: Client) -> None:
        draft = town.draft(answers=town.answers())
        first, second = (citizen.post(f"/apply/{draft.token}/check/", {"_key": draft.token}) for _press in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert Case.objects.count() == 1
        assert citizen.get(second.headers["Location"]).context["code"], (
            "the code is shown to whoever pressed twice, too"
        )

    def test_a_forgotten_answer_is_named_before_handing_in(self, town: City, citizen: Client) -> None:
        draft = town.draft(answers=town.answers(staff_count=None, safety_rules=[]))
        answer = citizen.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        assert answer.status_code == 422
        links = [error["url"] for error in answer.context["errors"]]
        assert links == [
            f"{address(draft, 'people')}?part=managers&then=check#f-staff_count",
            f"{address(draft, 'papers')}?part=uploads&then=check#f-safety_rules",
        ]
        assert citizen.get(links[0]).context["page"]["submit"]["label"] == "保存，回去核对"
        assert not Case.objects.exists()
        assert Draft.objects.filter(id=draft.id).exists()

    def test_real_name_is_asked_for_first(self, town: City) -> None:
        unknown = signed_in(people.account("citizen", assurance=1))
        answer = unknown.get(f"{town.guide}start/", SITUATION)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/real-name/")


class TestFilledIn:
    def test_sources_stand_beside_their_answers(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        assert draft.answers["holder_name"] == "京味餐饮有限公司"
        assert draft.answers["representative_number"] == "110108199003070024"
        assert draft.answers["activity"] == "catering", "the situation is not asked again"
        text = page_text(citizen.get(address(draft, "business")))
        assert re.search(r"已从\s*<b>营业执照</b>\s*获取", text)
        assert re.search(r"已从\s*<b>不动产登记</b>\s*获取", text)

    def test_what_the_reader_changes_is_marked_with_what_it_was(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        fill(town, citizen, draft, "business", premises="示范区和平路 20 号 2 层 201 室")
        text = page_text(citizen.get(address(draft, "business")))
        assert "您改过，原为 示范区和平路 18 号 1 层 102 室" in text

    def test_a_source_that_does_not_answer_leaves_the_question_open(
        self, town: City, citizen: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(_subject: Any) -> Any:
            raise Unavailable("test.away", "away")

        name = "natural-resources.real-estate"
        known = facts.get(name)
        silent = Fact(name, known.about, known.source_zh, known.source_en, known.keys, away)
        monkeypatch.setitem(facts._things, name, silent)
        draft = begin(town, citizen)
        assert "premises" not in draft.answers
        assert "不动产登记" in page_text(citizen.get(address(draft, "business")))
        assert draft.sources["premises"]["state"] == "unreachable"
        assert fill(town, citizen, draft, "business").status_code == 302

    def test_every_question_to_another_authority_can_be_read(self, town: City, citizen: Client) -> None:
        begin(town, citizen)
        said = [row["what"] for row in citizen.get("/my/asked/").context["rows"]]
        assert {"营业执照", "不动产登记"} <= set(said)


class TestJudged:
    def test_faults_are_summed_up_and_what_was_typed_stays(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        answer = fill(town, citizen, draft, "business", premises_area="约 80", contact_phone="1380013800")
        text = page_text(answer)
        assert answer.status_code == 422
        assert "<title>错误：" in text
        assert 'value="约 80"' in text
        assert 'href="#f-premises_area"' in text
        assert Draft.objects.get(id=draft.id).answers["contact_phone"] == "1380013800"

    def test_questions_that_an_answer_brings_are_shown_before_they_are_missed(
        self, town: City, citizen: Client
    ) -> None:
        draft = begin(town, citizen)
        form = form_of(town)
        keys = {field.key for field in form.fields_of(form.page("business"))} - {"warehouse"}
        posted = as_posted(town.answers(has_warehouse=True), form, keys)
        answer = citizen.post(address(draft, "business"), posted)
        assert answer.status_code == 200
        assert "多了几个问题" in page_text(answer)
        assert 'id="f-warehouse"' in page_text(answer)
        again = citizen.post(address(draft, "business"), posted | {"warehouse": ""})
        assert again.status_code == 422

    def test_rows_are_added_and_removed_without_scripts(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        form = form_of(town)
        keys = {field.key for field in form.fields_of(form.page("people"))}
        posted = as_posted(town.answers(), form, keys)
        added = citizen.post(address(draft, "people"), posted | {"_add": "equipment"})
        assert added.status_code == 200
        assert 'name="equipment.3.name"' in page_text(added)
        assert len(re.findall(r"<[^>]* autofocus[ >=]", added.content.decode())) == 1
        citizen.post(address(draft, "people"), posted | {"_remove": "equipment.0"})
        assert len(Draft.objects.get(id=draft.id).answers["equipment"]) == 2

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("plan.pdf", b"MZ" + b"\0" * 200, "Windows"),
            ("plan.pdf", b"", "空"),
            ("plan.docx", made.PDF, "PDF"),
        ],
    )
    def test_a_wrong_file_says_what_to_do_and_disturbs_nothing(
        self, town: City, citizen: Client, name: str, content: bytes, said: str
    ) -> None:
        draft = begin(town, citizen)
        answer = citizen.post(
            address(draft, "papers"),
            {
                "floor_plan": SimpleUploadedFile(name, content),
                "safety_rules": SimpleUploadedFile("rules.pdf", made.PDF),
                "truthful": "true",
            },
        )
        text = page_text(answer)
        assert answer.status_code == 422
        assert said in text
        assert "请上传平面布局图" not in text, "why it was refused is said once; it is not missing as well"
        assert "rules.pdf" in text
        kept = Draft.objects.get(id=draft.id).answers
        assert kept["truthful"] is True
        assert len(kept["safety_rules"]) == 1

    def test_a_file_is_kept_when_another_answer_fails_and_can_be_deleted(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        answer = citizen.post(address(draft, "papers"), {"floor_plan": SimpleUploadedFile("plan.png", PNG)})
        assert answer.status_code == 422
        (token,) = Draft.objects.get(id=draft.id).answers["floor_plan"]
        shown = citizen.get(f"/files/{token}/")
        assert b"".join(shown.streaming_content) == PNG
        citizen.post(address(draft, "papers"), {"_remove_file": f"floor_plan.{token}"})
        assert Draft.objects.get(id=draft.id).answers["floor_plan"] == []


class TestKept:
    def test_saved_by_itself_while_typing(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        version = draft.version
        answer = citizen.post(f"{address(draft, 'business')}save/", {"holder_name": "京味", "_version": version})
        assert answer.status_code == 200
        assert 'id="zt-saved"' in answer.content.decode()
        kept = Draft.objects.get(id=draft.id)
        assert (kept.answers["holder_name"], kept.version) == ("京味", version)

    def test_typing_that_brings_questions_draws_the_form_anew(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        answer = citizen.post(f"{address(draft, 'business')}save/", {"has_warehouse": "true"})
        assert answer.headers["HX-Retarget"] == "form.zt-form"
        assert 'id="f-warehouse"' in answer.content.decode()

    def test_two_windows_keep_both_until_the_reader_chooses(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        old = draft.version
        fill(town, citizen, draft, "business", holder_name="京味餐饮有限公司甲")
        form = form_of(town)
        keys = {field.key for field in form.fields_of(form.page("business"))}
        posted = as_posted(town.answers(holder_name="京味餐饮有限公司乙"), form, keys)
        late = citizen.post(address(draft, "business"), posted | {"_version": old})
        text = page_text(late)
        assert late.status_code == 409
        assert "京味餐饮有限公司甲" in text
        assert "京味餐饮有限公司乙" in text
        assert re.search(r"<td><span[^>]*>这里填的</span>京味餐饮有限公司乙</td>", text), "told without heads"
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', late.content.decode())
        chosen: dict[str, list[str]] = {}
        for name, value in hidden:
            chosen.setdefault(name, []).append(html.unescape(value))
        assert citizen.post(address(draft, "business"), chosen).status_code == 302
        assert Draft.objects.get(id=draft.id).answers["holder_name"] == "京味餐饮有限公司乙"

    def test_a_second_click_on_save_is_no_other_window(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        form = form_of(town)
        keys = {field.key for field in form.fields_of(form.page("business"))}
        posted = as_posted(town.answers(), form, keys) | {"_version": draft.version}
        answers = [citizen.post(address(draft, "business"), posted) for _click in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert Draft.objects.get(id=draft.id).version == draft.version + 1

    def test_a_session_that_ends_under_a_full_page_loses_nothing(self, town: City, citizen: Client) -> None:
        draft = begin(town, citizen)
        form = form_of(town)
        keys = {field.key for field in form.fields_of(form.page("business"))}
        posted = as_posted(town.answers(contact_name="李四五"), form, keys)
        stranger = Client(HTTP_HOST="localhost")
        answer = stranger.post(address(draft, "business"), posted)
        assert answer.headers["Location"].startswith("/account/login/?next=")
        assert "李四五" not in str(dict(stranger.session)), "it waits closed"
        form = page_text(stranger.get(answer.headers["Location"]))
        assert "写的内容都在，登录后可以接着写" in form
        assert "您已登录" not in form
        stranger.post("/account/login/", {"login": town.account.username, "password": people.PASSWORD})
        stranger.post("/account/act-as/", {"capacity": f"mandate:{town.mandate.pk}"})
        back = stranger.get(address(draft, "business"))
        assert "刚才填的内容都在" in page_text(back)
        assert Draft.objects.get(id=draft.id).answers["contact_name"] == "李四五"

    def test_a_draft_is_deleted_only_when_asked_twice(self, town: City, citizen: Client) -> None:
        draft = town.draft()
        assert "要删除" in page_text(citizen.get(f"/apply/{draft.token}/discard/"))
        assert Draft.objects.exists()
        citizen.post(f"/apply/{draft.token}/discard/")
        assert not Draft.objects.exists()

    def test_a_year_without_a_calendar_keeps_everything(self, town: City, citizen: Client) -> None:
        draft = town.draft(answers=town.answers())
        with at("2026-12-31 16:00"):
            ready = signed_in(town.account, f"mandate:{town.mandate.pk}")
            answer = ready.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        assert answer.status_code == 503
        text = page_text(answer)
        assert "2027 年的工作日历尚未录入" in text
        assert "您填的内容都在" in text
        assert Draft.objects.filter(id=draft.id).exists()
        assert not Case.objects.exists()


class TestAfterwards:
    def test_a_correction_starts_from_what_was_handed_in(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        with at("2025-03-04 15:20"):
            town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积", "缺进货查验制度"])
        with at("2025-03-05 09:30"):
            himself = signed_in(town.account, f"mandate:{town.mandate.pk}")
            asked = himself.get(f"/cases/{case.token}/")
            assert asked.context["asked"][0]["list"] == ["平面布局图未标面积", "缺进货查验制度"]
            begun = himself.post(f"/cases/{case.token}/correct/")
            again = himself.post(f"/cases/{case.token}/correct/")
            assert begun.headers["Location"] == again.headers["Location"]
            draft = Draft.objects.get()
            page = himself.get(address(draft, "papers"))
            assert "平面布局图未标面积" in page_text(page)
            assert "floor_plan.pdf" in page_text(page)
            himself.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        case.refresh_from_db()
        assert case.state == "RECEIVED"
        assert cases.submissions_of(case).count() == 2

    def test_evaluation_once_and_one_supplement(self, town: City, citizen: Client) -> None:
        case = town.submitted()
        citizen.post(f"/cases/{case.token}/withdraw/")
        evaluate = f"/cases/{case.token}/evaluate/"
        assert citizen.post(evaluate, {"grade": "9"}).status_code == 422
        assert citizen.post(evaluate, {"grade": "5", "tags": ["fast", "rm -rf"], "remark": "很好"}).status_code == 302
        assert [(row.grade, row.tags) for row in cases.evaluations_of(case)] == [(5, ["fast"])]
        told = [page_text(citizen.get(f"/cases/{case.token}/")) for _once in range(2)]
        assert ["谢谢，您的评价已经记下" in page for page in told] == [True, False]
        again = citizen.get(evaluate)
        assert "非常满意" in again.content.decode()
        assert again.context["page"]["title"] == "追加评价"
        citizen.post(evaluate, {"grade": "4"})
        assert citizen.post(evaluate, {"grade": "1"}).status_code == 409

    def test_messages_come_into_the_inbox_and_are_read_when_opened(self, town: City, citizen: Client) -> None:
        from zhengtong.foundation.ledger.services import deliver_outbox

        case = town.submitted()
        seal()
        deliver_outbox()
        (message,) = citizen.get("/my/messages/").context["messages"]
        assert message["unread"]
        assert citizen.get(message["url"]).headers["Location"] == f"/cases/{case.token}/"
        (message,) = citizen.get("/my/messages/").context["messages"]
        assert not message["unread"]


class TestDecentPages:
    def test_an_address_that_is_none(self, db: None, visitor: Client) -> None:
        answer = visitor.get("/no/such/page/")
        assert answer.status_code == 404
        assert "没有这个页面" in page_text(answer)

    def test_a_form_that_stood_open_too_long(self, town: City) -> None:
        strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        answer = strict.post("/progress/", {"number": "1", "code": "2"})
        assert answer.status_code == 403
        assert "请重新打开这一页" in page_text(answer)


class TestSecondClick:
    """What is sent twice by a hasty hand is kept once, its files too; another window is something else."""

    def send(self, browser: Client, draft: Any, version: int, name: str, data: bytes = made.PDF) -> Any:
        uploaded = SimpleUploadedFile(name, data)
        return browser.post(address(draft, "papers"), {"_version": str(version), "floor_plan": uploaded})

    def test_a_second_click_with_a_new_file_is_no_other_window(self, town: City, citizen: Client) -> None:
        draft = town.draft(answers={})
        for _click in range(2):
            assert self.send(citizen, draft, draft.version, "图.pdf").status_code != 409
        assert len(Draft.objects.get().answers["floor_plan"]) == 1

    def test_a_second_click_whose_page_was_read_before_the_first_was_kept(
        self, town: City, citizen: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = town.draft(answers={})
        held, version = Draft.objects.get(), draft.version
        assert self.send(citizen, draft, version, "图.pdf").status_code != 409
        reads, real = iter([held]), views._draft
        monkeypatch.setattr(views, "_draft", lambda by, token: next(reads, None) or real(by, token))
        assert self.send(citizen, draft, version, "图.pdf").status_code != 409
        assert len(Draft.objects.get().answers["floor_plan"]) == 1

    @pytest.mark.parametrize(("name", "data"), [("另一张.pdf", made.PDF), ("图.pdf", made.PDF + b"\n%2")])
    def test_another_file_from_another_window_is_asked_about(
        self, town: City, citizen: Client, name: str, data: bytes
    ) -> None:
        draft = town.draft(answers={})
        self.send(citizen, draft, draft.version, "图.pdf")
        assert self.send(citizen, draft, draft.version, name, data).status_code == 409


def test_where_an_answer_came_from_is_said_in_words_before_it_is_handed_in(town: City, citizen: Client) -> None:
    check = f"/apply/{begin(town, citizen).token}/check/"
    assert "来自营业执照" in page_text(citizen.get(check))
    assert "From the business licence" in page_text(citizen.get(check, headers={"accept-language": "en"}))
