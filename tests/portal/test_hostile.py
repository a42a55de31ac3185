"""Somebody hostile at the door: others' numbers, tampered fields, too much, scripts, wrong files, replayed forms.

Whatever comes is answered by a decent page: no fault of ours (5xx), a heading, the way on, and what was typed kept.
"""

import dataclasses
import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from factories import cases as made
from factories import identity as people
from portal.conftest import City, address, as_posted, at, page_text, seal, signed_in
from zhengtong.doors.portal.queries.receipts import public_name
from zhengtong.doors.portal.views import checking
from zhengtong.engines.forms import Kind
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.catalog.queries import item_spec

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
LIVE = re.compile(r"<script>alert|<img src=x", re.IGNORECASE)
PAGES = ("business", "operations", "people", "papers")


def decent(answer: Any, *statuses: int) -> str:
    """A page that a reader can go on from; `statuses` are those that are right, any below 500 where none is given."""
    assert answer.status_code in statuses if statuses else answer.status_code < 500, answer.status_code
    if answer.status_code in (204, 301, 302) or answer.streaming or answer.headers["Content-Type"].startswith("appl"):
        return ""
    text: str = answer.content.decode()
    assert not LIVE.search(text), "a script of a stranger's lives on the page"
    if "<html" in text:
        assert "<h1" in text
        assert "zt.css" in text
    return text


@pytest.fixture
def himself(town: City) -> Client:
    browser = Client(HTTP_HOST="localhost", raise_request_exception=False)
    browser.cookies = signed_in(town.account, f"mandate:{town.mandate.pk}").cookies
    return browser


@pytest.fixture
def stranger(town: City) -> Client:
    """Signed in with the real name verified, but with nothing to do with the case."""
    browser = Client(HTTP_HOST="localhost", raise_request_exception=False)
    browser.cookies = signed_in(people.account("citizen", holder=people.person(name="王五"))).cookies
    return browser


@pytest.fixture
def draft(town: City) -> Draft:
    found: Draft = town.draft(answers=town.answers())
    return found


@pytest.fixture
def keepable() -> Iterator[None]:
    """Nothing that PostgreSQL refuses is brought to the database: no NUL, no lone surrogate."""

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        given = params if many else [params or ()]
        texts = [text for row in given for text in (row.values() if isinstance(row, dict) else row)]
        assert not [text for text in texts if isinstance(text, str) and re.search("[\x00\ud800-\udfff]", text)]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield


class TestOthersNumbers:
    def test_nothing_of_a_case_opens_or_moves(self, town: City, stranger: Client) -> None:
        case = town.submitted()
        before = Case.objects.values().get(id=case.id)
        notice = cases.notices_of(case).first()
        assert notice is not None
        pages = ("", "received/", "materials/", "withdraw/", "delivery/", "evaluate/", "receipt/")
        for page in (*pages, f"papers/{notice.token}/"):
            decent(stranger.get(f"/cases/{case.token}/{page}"), 404)
        for page in ("withdraw/", "delivery/", "evaluate/", "correct/"):
            decent(stranger.post(f"/cases/{case.token}/{page}", {"mode": "post", "grade": "1", "reason": "x"}), 404)
        assert Case.objects.values().get(id=case.id) == before

    def test_nothing_of_a_draft_opens_or_changes(self, town: City, stranger: Client, draft: Draft) -> None:
        for page in ("", "check/", "discard/", *(f"page/{page}/" for page in PAGES)):
            decent(stranger.get(f"/apply/{draft.token}/{page}"), 404)
        for page in ("check/", "discard/", "page/business/", "page/business/save/"):
            decent(stranger.post(f"/apply/{draft.token}/{page}", {"holder_name": "x", "_key": draft.token}), 404)
        assert Draft.objects.get(id=draft.id).answers == draft.answers
        assert not Case.objects.exists()

    def test_files_papers_and_licences_of_others_look_absent(self, town: City, stranger: Client, draft: Draft) -> None:
        decent(stranger.get(f"/files/{draft.answers['floor_plan'][0]}/"), 404)
        decent(stranger.get("/my/licences/x/"), 404)
        decent(stranger.get("/my/messages/1/"), 404)

    def test_a_paper_of_another_case_is_not_read_through_ones_own(self, town: City, himself: Client) -> None:
        own, other = town.submitted(), town.submitted()
        notice = cases.notices_of(other).first()
        assert notice is not None
        decent(himself.get(f"/cases/{own.token}/papers/{notice.token}/"), 404)

    def test_a_file_of_anothers_is_not_laid_in(self, town: City, himself: Client, draft: Draft) -> None:
        theirs = people.account("citizen", holder=people.person(name="王五"))
        token = made.upload(Actor(account_id=theirs.id, person_id=theirs.person_id, kind="citizen"))
        for field in ("_stored_file", "_keep_file"):
            himself.post(address(draft, "papers"), {field: f"floor_plan.{token}", "truthful": "true"})
        assert Draft.objects.get(id=draft.id).answers["floor_plan"] == draft.answers["floor_plan"]


TAMPERED: tuple[dict[str, Any], ...] = (
    {"_version": "-1"}, {"_version": "9" * 50}, {"_version": "²"}, {"_add": "nothing"}, {"_add": "holder_name"},
    {"_remove": "equipment.99999999999999"}, {"_remove": "equipment.-1"}, {"_remove": "equipment.²"},
    {"_remove": f"managers.{'9' * 5000}"}, {"_remove": "holder_name.0"}, {"_remove": "."},
    {"_remove_file": "floor_plan.x"}, {"_remove_file": "holder_name.x"},
    {"_keep_file": "x.y"}, {"_stored_file": ["floor_plan.x", "x", "", "holder_name.x"]}, {"_part": SCRIPT},
    {"_part": "nothing", "_then": SCRIPT}, {"equipment.99999999.name": "x"}, {"equipment.-1.name": "x"},
    {"equipment.0.nothing": "x"}, {"equipment.x.name": "y"}, {"equipment.²..name": "y"}, {"managers": "x"},
    {"operations": ["a"] * 500}, {"activity": SCRIPT}, {"premises_area": "9" * 5000}, {"premises_area": "1e999999"},
    {"premises_area": "NaN"}, {"staff_count": "９９"}, {"staff_count": "1" * 5000}, {"holder_name": "x" * 300_000},
    {"holder_name": "\u202e\u2066\ufffe"}, {"truthful": ["true"] * 10}, {"floor_plan": "not a file"},
    {"source": "x", "sources": "x", "case_id": "1", "organisation_id": "1"},
)  # fmt: skip


class TestTampered:
    @pytest.mark.parametrize("sent", TAMPERED, ids=lambda sent: "-".join(f"{k}={str(v)[:12]}" for k, v in sent.items()))
    def test_fields_are_answered_by_a_page_and_kept_apart(
        self, himself: Client, draft: Draft, sent: dict[str, Any]
    ) -> None:
        for page in PAGES:
            decent(himself.post(address(draft, page), sent))
            decent(himself.post(f"{address(draft, page)}save/", sent))
            decent(himself.get(address(draft, page)), 200)
        decent(himself.get(f"/apply/{draft.token}/check/"), 200)
        kept = Draft.objects.get(id=draft.id)
        assert (kept.case_id, kept.organisation_id) == (None, draft.organisation_id)

    def test_a_key_that_is_none_hands_nothing_in(self, himself: Client, draft: Draft) -> None:
        decent(himself.post(f"/apply/{draft.token}/check/", {"_key": "x" * 5000}), 422)
        assert not Case.objects.exists()

    @pytest.mark.parametrize("key", [SCRIPT, "", "0"])
    def test_a_tampered_key_hands_in_once_all_the_same(self, himself: Client, draft: Draft, key: str) -> None:
        for _press in range(2):
            decent(himself.post(f"/apply/{draft.token}/check/", {"_key": key}), 302)
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("grade", ["0", "6", "9" * 30, "9" * 5000, "²", "-1", "5.0", SCRIPT, ""])
    def test_a_grade_that_is_none(self, town: City, himself: Client, grade: str) -> None:
        case = town.submitted()
        himself.post(f"/cases/{case.token}/withdraw/")
        sent = {"grade": grade, "remark": f"{SCRIPT}很好", "tags": ["fast"] * 300}
        text = decent(himself.post(f"/cases/{case.token}/evaluate/", sent), 422)
        assert "很好" in text, "the remark is still there"
        assert not cases.evaluations_of(case).exists()

    @pytest.mark.parametrize(
        "page",
        [
            "/%00/",
            "/cases/%00/",
            "/apply/%00/page/x/",
            "/files/%00/",
            "/verify/licence/%00/",
            "/static/%00",
            "/desk/%00",
        ],
    )
    def test_an_address_with_a_nul_cannot_be_read(self, himself: Client, keepable: None, page: str) -> None:
        for text in (decent(himself.get(page), 400), decent(himself.post(page, {"x": "y"}), 400)):
            assert "没有看懂发来的内容" in text

    @pytest.mark.parametrize(
        "page",
        [
            "/services/?department=%00",
            "/verify/?q=%00",
            "/search/?q=开%00办",
            "/my/cases/?before=%00",
            "/search/?%00=1",
        ],
    )
    def test_a_query_is_read_without_its_nul(self, himself: Client, keepable: None, page: str) -> None:
        answer = himself.get(page)
        decent(answer, 200)
        if "办" in page:
            assert "开办" in answer.content.decode()

    def test_a_form_is_read_without_its_nul(self, himself: Client, keepable: None, draft: Draft) -> None:
        typed = {"holder_name": "京味\x00餐饮有限公司", "residence": "\x00", "hol\x00der": "x"}
        text = decent(himself.post(address(draft, "business"), typed), 422)
        assert "京味餐饮有限公司" in text, "what was typed stands in its field"
        assert "请填写" in text, "and what holds nothing else is missing"
        page = decent(himself.post("/progress/", {"number": "2025\x00", "code": "x"}), 404)
        assert 'value="2025"' in page
        decent(himself.post("/progress/", {"number": "\x00", "code": "x"}), 404)

    def test_a_nul_beside_a_file_loses_neither(self, himself: Client, keepable: None, draft: Draft) -> None:
        sent = {
            "floor_plan": SimpleUploadedFile("平面\x00图.pdf", made.PDF),
            "safety_rules": SimpleUploadedFile("制度.pdf", made.PDF),
            "truthful": "tr\x00ue",
        }
        decent(himself.post(address(draft, "papers"), sent), 302)
        assert Draft.objects.get(id=draft.id).answers["truthful"] is True

    def test_a_nul_in_the_token_of_a_form_is_no_token(self, keepable: None) -> None:
        browser = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
        browser.get("/progress/")
        text = decent(browser.post("/progress/", {"csrfmiddlewaretoken": "\x00" * 64, "number": "1"}), 403)
        assert "请重新打开这一页" in text

    @pytest.mark.parametrize("name", ["zt_session", "zt_csrf", "zt_mode", "django_language", "messages"])
    @pytest.mark.parametrize("page", ["/", "/my/", "/account/login/", "/api/v1/items"])
    def test_a_nul_in_a_cookie_reaches_no_database(self, keepable: None, name: str, page: str) -> None:
        quoted = f'{name}="abcdefgh\\000ijklmnop"'  # as a cookie writes it
        answer = Client(HTTP_HOST="localhost", raise_request_exception=False).get(page, headers={"Cookie": quoted})
        assert answer.status_code in (200, 302), answer.status_code

    @pytest.mark.parametrize("name", ["utf-7", "hex", "punycode", "undefined", "utf-16", "unicode_escape", "none-such"])
    def test_an_encoding_of_the_sender_s_choice_is_not_spoken(
        self, himself: Client, keepable: None, draft: Draft, name: str
    ) -> None:
        part = b'--X\r\nContent-Disposition: form-data; name="holder_name"\r\n\r\n+2AA-\\ud800\r\n--X--\r\n'
        form = {"multipart/form-data; boundary=X": part, "application/x-www-form-urlencoded": b"holder_name=%2B2AA-"}
        for kind, body in form.items():
            answer = himself.generic("POST", address(draft, "business"), body, f"{kind}; charset={name}")
            assert "没有看懂发来的内容" in decent(answer, 400)
        decent(himself.generic("GET", "/search/?q=%2B2AA-%5Cud800", b"", f"text/plain; charset={name}"), 200)
        answer = himself.generic("GET", "/api/v1/items?department=%2B2AA-", b"", f"text/plain; charset={name}")
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "page",
        [
            *("/services/?cursor=1-99999999999999999999", "/services/?cursor=x", "/services/?item_type=99"),
            *("/my/cases/?before=99999999999999999999", "/my/messages/?before=x", "/my/messages/99999999999999999999/"),
            *("/search/?q=开&from=99999999", "/search/?from=-1&q=开", f"/search/?q={'x' * 5000}", "/no/such/"),
            *(f"/verify/?q={'9' * 4000}", f"/services/{'x' * 3000}/", "/verify/receipt/x/", "/verify/receipt/x/file/"),
        ],
    )
    def test_addresses_that_are_none(self, himself: Client, page: str) -> None:
        decent(himself.get(page))

    def test_an_item_that_is_only_listed_takes_no_application(self, town: City, himself: Client) -> None:
        item = town.world.item
        type(item).objects.filter(id=item.id).update(open=False)
        answer = himself.get(f"{town.guide}start/")
        decent(answer)
        decent(himself.post(f"{town.guide}start/", {"kind_of_request": "new"}))
        assert not Draft.objects.exists()


class TestTooMuch:
    def test_more_text_than_a_form_holds(self, himself: Client, draft: Draft) -> None:
        text = decent(himself.post(address(draft, "business"), {"holder_name": "x" * 3_000_000}), 400)
        assert "一次交得太多了" in text
        assert "2.5 MB" in text

    def test_more_fields_than_a_form_has(self, himself: Client, draft: Draft) -> None:
        sent = {f"equipment.{number}.name": "x" for number in range(3000)}
        assert "一次交得太多了" in decent(himself.post(address(draft, "people"), sent), 400)
        assert Draft.objects.get(id=draft.id).answers == draft.answers

    def test_more_files_than_go_at_once(self, himself: Client, draft: Draft) -> None:
        sent = {"floor_plan": [SimpleUploadedFile(f"{number}.pdf", made.PDF) for number in range(60)]}
        assert "50 个文件" in decent(himself.post(address(draft, "papers"), sent), 400)

    def test_more_files_than_a_question_takes(self, himself: Client, draft: Draft) -> None:
        sent = {"floor_plan": [SimpleUploadedFile(f"{number}.pdf", made.PDF) for number in range(15)]}
        assert "一项最多交 10 个文件" in decent(himself.post(address(draft, "papers"), sent), 422)
        assert len(Draft.objects.get(id=draft.id).answers["floor_plan"]) == 10

    def test_one_file_larger_than_allowed(self, himself: Client, draft: Draft) -> None:
        sent = {"floor_plan": SimpleUploadedFile("x.pdf", b"%PDF-1.4" + bytes(21_000_000)), "truthful": "true"}
        assert "文件超过 20 MB" in decent(himself.post(address(draft, "papers"), sent), 422)

    def test_a_remark_or_reason_too_long_is_kept_and_said_not_cut(self, town: City, himself: Client) -> None:
        case = town.submitted()
        refused = decent(himself.post(f"/cases/{case.token}/withdraw/", {"reason": "不开了" * 100}), 422)
        assert "最多200个字，现有300个字" in refused
        assert 'value="' + "不开了" * 100 in refused
        himself.post(f"/cases/{case.token}/withdraw/", {"reason": "不开了"})
        sent = {"grade": "5", "remark": "好" * 501}
        refused = decent(himself.post(f"/cases/{case.token}/evaluate/", sent), 422)
        assert "最多500个字，现有501个字" in refused
        assert "好" * 501 in refused


class TestScripts:
    def test_in_every_field_they_stay_text_wherever_shown(self, town: City, himself: Client, draft: Draft) -> None:
        form = item_spec(draft.item_id).form
        poisoned = {
            key: SCRIPT for key, field in form.fields.items() if field.kind is Kind.TEXT and field.computed is None
        }
        answers = town.answers() | poisoned | {"managers": [{"name": SCRIPT, "number": SCRIPT}]}
        for page in PAGES:
            keys = {field.key for field in form.fields_of(form.page(page))}
            text = decent(himself.post(address(draft, page), as_posted(answers, form, keys)))
            if any(key in poisoned for key in keys) and text:
                assert html.escape(SCRIPT) in text, "what was typed is kept"
            decent(himself.get(address(draft, page)), 200)
        assert html.escape("<script>alert(1)</script>") in decent(himself.get(f"/apply/{draft.token}/check/"), 200)

    @pytest.mark.parametrize("mode", ["plain", "elder"])
    def test_in_what_anybody_may_type(self, town: City, himself: Client, visitor: Client, mode: str) -> None:
        himself.cookies["zt_mode"] = visitor.cookies["zt_mode"] = mode
        for page in ("/search/", "/search/suggest/", "/verify/", f"{town.guide}situation/"):
            decent(visitor.get(page, {"q": SCRIPT, "activity": SCRIPT, "kind_of_request": SCRIPT, "from": SCRIPT}))
        decent(visitor.post("/progress/", {"number": SCRIPT, "code": SCRIPT}), 404)
        decent(visitor.post("/verify/receipt/", {"receipt": SCRIPT}), 422)
        case = town.submitted(holder_name=SCRIPT)
        himself.post(f"/cases/{case.token}/withdraw/", {"reason": SCRIPT})
        himself.post(f"/cases/{case.token}/evaluate/", {"grade": "1", "remark": SCRIPT})
        for page in ("", "received/", "materials/", "evaluate/"):
            decent(himself.get(f"/cases/{case.token}/{page}"), 200)

    @pytest.mark.parametrize(
        "name", [f"{SCRIPT}.pdf", "../../etc/passwd.pdf", "a\x00b.pdf", f"{'.' * 300}.pdf", "\u202efdp.exe.pdf"]
    )
    def test_in_the_name_of_a_file(self, himself: Client, draft: Draft, name: str) -> None:
        sent = {"floor_plan": SimpleUploadedFile(name, made.PDF), "truthful": "true"}
        decent(himself.post(address(draft, "papers"), sent))
        for page in ("page/papers/", "check/"):
            text = decent(himself.get(f"/apply/{draft.token}/{page}"), 200)
            assert "etc/passwd" not in text
            assert "\u202e" not in text

    def test_nobody_is_sent_to_another_house(self, town: City, himself: Client) -> None:
        for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
            for page, sent in (("/ui/mode/", {"mode": "elder"}), ("/account/act-as/", {"capacity": "self"})):
                answer = himself.post(page, sent | {"next": target})
                assert "evil.example" not in answer.headers.get("Location", ""), page
                assert "javascript:" not in answer.headers.get("Location", ""), page


class TestWrongFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("x.svg", b"<svg onload=alert(1)>"),
            ("x.pdf", b"<html><script>alert(1)</script>"),
            ("x.docx", b"PK\x03\x04" + bytes(100)),
            ("x.png", b"GIF89a" + bytes(50)),
            ("x.pdf.exe", b"MZ" + bytes(50)),
            ("x", made.PDF),
        ],
    )
    def test_each_is_refused_kindly_and_the_others_taken(
        self, himself: Client, draft: Draft, name: str, content: bytes
    ) -> None:
        before = draft.answers["floor_plan"]
        sent = {
            "floor_plan": SimpleUploadedFile(name, content),
            "safety_rules": SimpleUploadedFile("rules.pdf", made.PDF),
            "truthful": "true",
        }
        text = decent(himself.post(address(draft, "papers"), sent), 422)
        assert "rules.pdf" in text
        assert Draft.objects.get(id=draft.id).answers["floor_plan"] == before

    def test_a_file_survives_the_choice_between_two_windows(self, himself: Client, draft: Draft) -> None:
        old = draft.version
        himself.post(address(draft, "papers"), {"truthful": "true", "_version": old})
        sent = {"safety_rules": SimpleUploadedFile("rules.pdf", made.PDF), "truthful": "true", "_version": old}
        asked = himself.post(address(draft, "papers"), sent)
        text = decent(asked, 409)
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
        chosen: dict[str, list[str]] = {}
        for name, value in hidden:
            chosen.setdefault(name, []).append(html.unescape(value))
        decent(himself.post(address(draft, "papers"), chosen), 302)
        assert len(Draft.objects.get(id=draft.id).answers["safety_rules"]) == 2


class TestReplayed:
    def test_everything_of_a_draft_that_was_handed_in_leads_to_its_case(self, himself: Client, draft: Draft) -> None:
        himself.post(f"/apply/{draft.token}/check/", {"_key": draft.token})
        case = Case.objects.get()
        for page in ("", "page/business/", "check/", "discard/"):
            assert himself.get(f"/apply/{draft.token}/{page}").headers["Location"] == f"/cases/{case.token}/"
        for page in ("page/business/", "page/business/save/", "discard/"):
            assert himself.post(f"/apply/{draft.token}/{page}").headers["Location"] == f"/cases/{case.token}/"
        part = himself.post(f"/apply/{draft.token}/page/business/save/", headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Redirect"]) == (204, f"/cases/{case.token}/")
        assert Case.objects.count() == 1

    def test_a_correction_sent_twice_is_one(self, town: City, himself: Client) -> None:
        case = town.submitted()
        town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
        token = himself.post(f"/cases/{case.token}/correct/").headers["Location"].strip("/").split("/")[1]
        for _press in range(2):
            answer = himself.post(f"/apply/{token}/check/", {"_key": token})
            assert answer.headers["Location"] == f"/cases/{case.token}/received/"
        assert cases.submissions_of(case).count() == 2
        decent(himself.post(f"/cases/{case.token}/correct/"), 409)

    def test_acts_on_a_closed_case(self, town: City, himself: Client) -> None:
        case = town.submitted()
        himself.post(f"/cases/{case.token}/withdraw/", {"reason": "不开了"})
        again = decent(himself.post(f"/cases/{case.token}/withdraw/", {"reason": "真的不开了"}), 409)
        assert "真的不开了" in again
        decent(himself.post(f"/cases/{case.token}/delivery/", {"mode": "post"}), 409)
        for grade in ("5", "4"):
            decent(himself.post(f"/cases/{case.token}/evaluate/", {"grade": grade}), 302)
        kept = decent(himself.post(f"/cases/{case.token}/evaluate/", {"grade": "1", "remark": "很慢"}), 409)
        assert "很慢" in kept

    @pytest.mark.parametrize("page", ["correct/", "", "materials/", "received/"])
    def test_an_address_opened_in_a_way_it_does_not_know(self, town: City, himself: Client, page: str) -> None:
        here = f"/cases/{town.submitted().token}/{page}"
        answer = himself.get(here) if page == "correct/" else himself.put(here)
        text = decent(answer, 405)
        assert "这个网址不能直接打开" in text
        assert answer.headers["Allow"]

    def test_a_wrong_pair_is_kept_to_be_put_right(self, town: City, visitor: Client) -> None:
        answer = visitor.post("/progress/", {"number": "110108202503030009", "code": "ABCD2345"})
        text = decent(answer, 404)
        assert 'value="110108202503030009"' in text
        assert 'value="ABCD2345"' in text
        assert answer.headers["Cache-Control"] == "private, no-store"


WEIRD = (None, [], {}, "", "x" * 10_000, -1, 0, 10**400, 10**4300 - 1, 1.5, True, [1, 2], SCRIPT)


def places(thing: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a value stands in a receipt, two of each list."""
    inner = thing.items() if isinstance(thing, dict) else enumerate(thing[:2]) if isinstance(thing, list) else ()
    for key, value in inner:
        yield (*before, key)
        yield from places(value, (*before, key))


class TestForgedReceipts:
    def test_none_is_believed_and_each_gets_a_verdict(self, town: City, visitor: Client) -> None:
        with at("2025-03-03 10:02"):
            town.submitted()
        seal()
        event = Event.objects.filter(type="case.submit").get()
        receipt = json.loads(visitor.get(f"/verify/receipt/{public_name(event.id)}/file/").content)
        browser = Client(HTTP_HOST="localhost", raise_request_exception=False)
        assert browser.post("/verify/receipt/", {"receipt": json.dumps(receipt)}).context["valid"]
        for place in places(receipt):
            for value in WEIRD:
                forged = json.loads(json.dumps(receipt))
                inner = forged
                for key in place[:-1]:
                    inner = inner[key]
                if inner[place[-1]] == value:
                    continue
                inner[place[-1]] = value
                answer = browser.post("/verify/receipt/", {"receipt": json.dumps(forged)})
                decent(answer, 200, 422)
                assert answer.status_code == 422 or not answer.context["valid"], (place, value)

    @pytest.mark.parametrize("told", ["recorded_at", "effective_at"])
    @pytest.mark.parametrize("when", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+23:00", "-1", 0])
    def test_a_time_outside_the_calendar_is_only_not_told(
        self, town: City, visitor: Client, told: str, when: object
    ) -> None:
        with at("2025-03-03 10:02"):
            town.submitted()
        seal()
        receipt = dict(ledger.receipt(Event.objects.filter(type="case.submit").get().id))
        receipt["envelope"] = json.dumps(json.loads(str(receipt["envelope"])) | {told: when})
        visitor.raise_request_exception = False
        answer = visitor.post("/verify/receipt/", {"receipt": json.dumps(receipt)})
        decent(answer, 200)
        assert not answer.context["valid"]


def test_a_host_that_is_not_ours_gets_a_page_without_it(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


class TestGuessing:
    """However many try at once, no more guesses are looked up than the limit allows."""

    def test_guesses_of_a_code_that_come_while_others_are_looked_up(
        self, town: City, visitor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked: list[int] = []

        def slow(number: str, code: str) -> Any:
            looked.append(1)
            if len(looked) < 40:  # the next comes before this one has its answer
                visitor.post("/progress/", {"number": number, "code": code})
            raise NotFound("cases.unknown", "no")

        monkeypatch.setattr("zhengtong.doors.portal.views.following.cases.case_by_query_code", slow)
        visitor.post("/progress/", {"number": "110108202503030009", "code": "ABCD2345"})
        assert len(looked) == 10

    def test_who_looks_often_with_the_right_code_is_not_sent_away(self, town: City, visitor: Client) -> None:
        case = town.submitted()
        right = {"number": case.short_no, "code": town.codes[case.id]}
        assert {visitor.post("/progress/", right).status_code for _look in range(15)} == {200}

    @pytest.mark.parametrize(
        "page", ["?q=1.2.156.3005.2.1110000000000401XA001", "licence/x/", "paper/x/", "receipt/x/"]
    )
    def test_checks_of_anybody_are_bounded(self, visitor: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
        limited = dataclasses.replace(checking.PUBLIC_CHECKS, most=3)
        monkeypatch.setattr(checking, "PUBLIC_CHECKS", limited)
        told = [visitor.get(f"/verify/{page}") for _check in range(4)]
        assert 429 not in {answer.status_code for answer in told[:3]}
        assert told[3].status_code == 429
        assert told[3].headers["Retry-After"] == "60"
        assert "核验太频繁" in page_text(told[3])
        assert visitor.get("/verify/").status_code == 200, "the empty field is no check"
