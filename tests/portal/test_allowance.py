"""秒批: an old person applies for the allowance by HTTP; the answer, its reasons and the letter are there at once."""

import dataclasses
import datetime as dt
import pathlib
import time
from typing import Any

import pytest
from django.test import Client

from factories import allowance as made
from portal.conftest import as_posted, page_text, signed_in
from zhengtong.engines.forms import Form
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.models import Case, Draft, Notice, Ruling
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.people.identity.models import Account
from zhengtong.records.exchange.registry import facts

pytestmark = pytest.mark.django_db
SECONDS = 5
REGISTER = "public-security.identity"


@pytest.fixture
def bureau(stores: pathlib.Path) -> made.Bureau:
    return made.bureau()


def browser_of(actor: Actor) -> Client:
    return signed_in(Account.objects.select_related("person").get(id=actor.account_id))


def fill_in(browser: Client, bureau: made.Bureau, **given: Any) -> Draft:
    """Start, see what the register filled in, and answer every page; ready to be handed in."""
    begun = browser.post(f"/services/{bureau.item.token}/start/")
    assert begun.status_code == 302, page_text(begun)
    draft = Draft.objects.get()
    form: Form = item_spec(bureau.item.id).form
    answers = {**made.answers(**given), **draft.answers}
    for page in form.pages:
        keys = {field.key for field in form.fields_of(page)}
        saved = browser.post(f"/apply/{draft.token}/page/{page.key}/", as_posted(answers, form, keys))
        assert saved.status_code == 302, page_text(saved)
    return Draft.objects.get()


def hand_in(browser: Client, draft: Draft) -> str:
    checking = browser.get(f"/apply/{draft.token}/check/")
    key = checking.content.decode().partition('name="once" value="')[2].partition('"')[0]
    done = browser.post(f"/apply/{draft.token}/check/", {"once": key})
    assert done.status_code == 302, page_text(done)
    return str(done.headers["Location"])


def test_it_is_found_and_its_guide_says_what_it_takes(bureau: made.Bureau) -> None:
    visitor = Client(HTTP_HOST="localhost")
    assert "高龄津贴" in page_text(visitor.get("/search/?q=老年补贴"))
    guide = page_text(visitor.get(f"/services/{bureau.item.token}/"))
    assert "年满八十周岁" in guide
    assert "不收费" in guide
    assert 'aria-current="page"' in guide.partition("法人办事")[0].rpartition("个人办事")[0]


def test_its_guide_cites_the_law_in_the_readers_language(bureau: made.Bureau) -> None:
    visitor = Client(HTTP_HOST="localhost")
    address = f"/services/{bureau.item.token}/"
    chinese = page_text(visitor.get(address))
    assert "《中华人民共和国老年人权益保障法》" in chinese
    visitor.cookies["django_language"] = "en"
    english = page_text(visitor.get(address))
    assert "Law on the Protection of the Rights and Interests of the Elderly, article 33" in english
    assert "《" not in english


def test_applied_decided_and_read_within_seconds(bureau: made.Bureau) -> None:
    actor = made.applicant()
    browser = browser_of(actor)
    draft = fill_in(browser, bureau)
    assert draft.answers["name"] == "王福寿"
    assert draft.sources["number"]["state"] == "fresh"
    began = time.monotonic()
    received = browser.get(hand_in(browser, draft))
    took = time.monotonic() - began
    assert took < SECONDS
    case = Case.objects.get()
    assert (case.state, case.close_type) == ("CLOSED", "approved")
    text = page_text(received)
    for said in ("已准予", "300 元", "九十至九十九周岁", "《中华人民共和国老年人权益保障法》第三十三条", "看决定书"):
        assert said in text, said
    letter = Notice.objects.get(case_id=case.id, kind="approval")
    drawn = browser.get(f"/cases/{case.token}/papers/{letter.token}/")
    assert drawn.status_code == 200
    assert b"".join(drawn.streaming_content if drawn.streaming else [drawn.content]).startswith(b"%PDF")
    followed = page_text(browser.get(f"/cases/{case.token}/"))
    assert "当日办结" in followed
    assert "行政给付决定书" in followed
    assert not any(word in followed for word in ("准予许可", "证照库", "发证"))


def test_a_refusal_is_read_at_once_with_its_reason(bureau: made.Bureau) -> None:
    browser = browser_of(made.applicant(dt.date(1960, 5, 1)))
    text = page_text(browser.get(hand_in(browser, fill_in(browser, bureau))))
    assert "不予批准" in text
    assert "未满八十周岁" in text
    assert Case.objects.get().close_type == "refused"


def test_in_english_and_in_the_elders_view(bureau: made.Bureau) -> None:
    browser = browser_of(made.applicant())
    address = hand_in(browser, fill_in(browser, bureau))
    browser.cookies["django_language"] = "en"
    text = page_text(browser.get(address))
    assert "From 90 to 99 years of age" in text
    assert "an allowance of 300 yuan a month" in text
    browser.cookies["django_language"] = "zh-hans"
    browser.cookies["zt_mode"] = "elder"
    elder = browser.get(address)
    assert "portal/elder/decided.html" in [template.name for template in elder.templates]
    assert "每月发给高龄津贴 300 元" in page_text(elder)


def test_the_elders_guide_promises_no_licence(bureau: made.Bureau) -> None:
    visitor = Client(HTTP_HOST="localhost")
    visitor.cookies["zt_mode"] = "elder"
    steps = visitor.get(f"/services/{bureau.item.token}/").context["elder"]["steps"]
    assert [step["title"] for step in steps] == ["网上填表", "核定"]
    assert steps[1]["words"].startswith("提交以后当场有结果")


def test_what_cannot_be_decided_waits_for_an_official(bureau: made.Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_subject: object) -> None:
        raise Unavailable("test.away", "no answer")

    monkeypatch.setitem(facts._things, REGISTER, dataclasses.replace(facts.get(REGISTER), provider=away))
    browser = browser_of(made.applicant())
    text = page_text(browser.get(hand_in(browser, fill_in(browser, bureau))))
    assert "已收到您的申请" in text
    assert Case.objects.get().state == "ACCEPTED"
    assert Ruling.objects.get().missing == ["户籍所在区划"]


def test_two_presses_make_one_case_and_one_decision(bureau: made.Bureau) -> None:
    browser = browser_of(made.applicant())
    draft = fill_in(browser, bureau)
    first = hand_in(browser, draft)
    again = browser.post(f"/apply/{draft.token}/check/", {"once": "another"})
    assert again.headers["Location"].startswith(first.removesuffix("received/"))
    assert Case.objects.count() == Ruling.objects.count() == 1


@pytest.mark.parametrize("elder", [False, True])
def test_the_letter_stands_apart_from_the_reasons(bureau: made.Bureau, elder: bool) -> None:
    browser = browser_of(made.applicant())
    address = hand_in(browser, fill_in(browser, bureau))
    if elder:
        browser.cookies["zt_mode"] = "elder"
    text = page_text(browser.get(address))
    why = text.partition("为什么</h2>")[2].partition("</section>")[0]
    assert "九十至九十九周岁" in why
    assert "看决定书" not in why
    assert "看决定书" in text
    assert "准予行政许可" not in text
