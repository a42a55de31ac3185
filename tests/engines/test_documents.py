"""What official papers say, and what they refuse to say."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.engines.documents import (
    DocumentError,
    LetterKind,
    clean_text,
    compose_certificate,
    compose_letter,
    document_number,
    letter_data,
    qr_svg,
)
from zhengtong.engines.documents.letters import runs
from zhengtong.engines.documents.texts import ERRORS, LETTERS, UNITS

WD = "working_day"
COMMON = {
    "issuer": "示范区市场监督管理局",
    "number": "示市监许受〔2025〕0317号",
    "addressee": "京味餐饮有限公司",
    "item": "食品经营许可（餐饮服务）新办",
    "date": "2025-03-05",
}
REMEDIES = {
    "review_organ": "示范区人民政府",
    "review_days": 60,
    "court": "示范区人民法院",
    "suit_months": 6,
}
FACTS = {
    "receipt": {
        "received_on": "2025-03-03",
        "notice_due": "2025-03-10",
        "short_no": "110108202503030001",
        "query_code": "K7MQ2XWD",
        "materials": [{"name": "经营场所平面布局图", "form": "电子", "count": 1}],
    },
    "correction": {
        "applied_on": "2025-03-03",
        "due_on": "2025-03-25",
        "gaps": [{"name": "平面布局图", "text": "没有标明清洗消毒区"}, "补充健康管理制度"],
    },
    "acceptance": {
        "applied_on": "2025-03-03",
        "accepted_on": "2025-03-05",
        "promise_limit": {"number": 10, "unit": WD},
        "promise_due": "2025-03-19",
        "legal_limit": {"number": 20, "unit": WD},
        "legal_due": "2025-04-02",
    },
    "non_acceptance": {
        "applied_on": "2025-03-03",
        "reason_code": "outside_authority",
        "right_organ": "示范市市场监督管理局",
        "remedies": REMEDIES,
    },
    "special_procedure": {
        "accepted_on": "2025-03-05",
        "procedure": "TESTING",
        "started_on": "2025-03-10",
        "planned": {"number": 5, "unit": WD},
    },
    "extension": {
        "accepted_on": "2025-03-05",
        "reason": "需要重新核对设备清单",
        "extra": {"number": 10, "unit": WD},
        "legal_due_before": "2025-04-07",
        "legal_due_after": "2025-04-21",
    },
    "approval": {
        "accepted_on": "2025-03-05",
        "basis": ["《中华人民共和国食品安全法》第三十五条"],
        "content": ["主体业态：餐饮服务经营者"],
        "licence": "食品经营许可证",
        "licence_due": "2025-04-01",
    },
    "refusal": {
        "accepted_on": "2025-03-05",
        "reasons": ["没有与经营品种相适应的消毒、冷藏设备。"],
        "remedies": REMEDIES,
    },
    "delivery": {
        "document": "食品经营许可证",
        "recipient": "京味餐饮有限公司",
        "mode": "电子送达",
        "delivered_on": "2025-03-19",
    },
}
SAYS = {
    "receipt": ("2025年3月10日（星期一）前一次告知", "K7MQ2XWD", "第三十二条"),
    "correction": ("（一）平面布局图：没有标明清洗消毒区", "（二）补充健康管理制度", "2025年3月25日（星期二）前补正"),
    "acceptance": (
        "决定予以受理",
        "受理日期：2025年3月5日。",
        "10个工作日，至2025年3月19日",
        "20个工作日，至2025年4月2日",
    ),
    "non_acceptance": ("第三十二条第一款第（二）项", "请向示范市市场监督管理局申请", "60日内向示范区人民政府"),
    "special_procedure": ("依法需要检测", "5个工作日", "第四十五条"),
    "extension": ("由2025年4月7日延至2025年4月21日", "第四十二条", "经本机关负责人批准"),
    "approval": ("决定准予行政许可", "《中华人民共和国食品安全法》第三十五条", "2025年4月1日前颁发"),
    "refusal": ("决定不予行政许可", "（一）没有与经营品种", "6个月内向示范区人民法院提起行政诉讼"),
    "delivery": ("送达方式\t电子送达", "送达日期\t2025年3月19日"),
}


def letter_of(kind, locale="zh-hans", **changes):
    return compose_letter(kind, {**COMMON, **FACTS[kind], **changes}, locale)


def test_every_kind_has_facts_here():
    assert set(FACTS) == set(SAYS) == {kind.value for kind in LetterKind}


@pytest.mark.parametrize("kind", FACTS)
def test_a_letter_says_what_the_law_asks(kind):
    text = letter_of(kind).text
    assert all(said in text for said in SAYS[kind]), text


@pytest.mark.parametrize("kind", FACTS)
def test_a_letter_in_english_says_that_the_chinese_one_counts(kind):
    letter = letter_of(kind, "en")
    assert "Chinese paper" in letter.note
    assert "{" not in letter.text


@pytest.mark.parametrize("matter", ["benefit", "other"])
@pytest.mark.parametrize("kind", FACTS)
def test_what_is_no_licence_is_not_decided_under_the_licensing_law(kind, matter):
    more = {"basis": ["《中华人民共和国老年人权益保障法》第三十三条"], "item": "高龄津贴"}
    letter = letter_of(kind, matter=matter, **more)
    assert "许可" not in letter.text.replace("食品经营许可证", "")
    assert "Licensing" not in letter_of(kind, "en", matter=matter, **more).text


def test_a_benefit_says_what_is_granted_why_and_how_to_have_a_person_look_at_it():
    facts = {
        "matter": "benefit",
        "accepted_on": "2025-03-03",
        "basis": ["《中华人民共和国老年人权益保障法》第三十三条"],
        "content": ["每月发给高龄津贴 300 元。"],
        "reasons": ["年满八十周岁。依据：《中华人民共和国老年人权益保障法》第三十三条。"],
        "remedies": REMEDIES,
        "by_rule": True,
    }
    letter = compose_letter("approval", {**COMMON, **facts, "addressee_kind": "person"}, "zh-hans")
    assert letter.title == "行政给付决定书"
    for said in (
        "根据《中华人民共和国老年人权益保障法》第三十三条，决定给付如下：\n（一）每月发给高龄津贴 300 元。",
        "理由和依据如下：\n（一）年满八十周岁。",
        "60日内向示范区人民政府",
        "《中华人民共和国个人信息保护法》第二十四条，你可以拨打12345",
    ):
        assert said in letter.text, letter.text
    refused = compose_letter("refusal", {**COMMON, **facts, "reasons": ["未满八十周岁。"]}, "en")
    assert refused.title == "Decision refusing a benefit"
    assert "looked at by an official" in refused.text


@pytest.mark.parametrize(("change", "code"), [({"basis": None}, "missing"), ({"matter": "favour"}, "unknown_matter")])
def test_a_decision_without_law_or_of_no_known_matter_is_refused(change, code):
    with pytest.raises(DocumentError) as refused:
        letter_of("refusal", **{"matter": "benefit", **change})
    assert refused.value.code == f"documents.{code}"


@pytest.mark.parametrize(
    ("kind", "lacking", "pointer"),
    [
        ("refusal", "reasons", "/reasons"),
        ("refusal", "remedies", "/remedies"),
        ("correction", "gaps", "/gaps"),
        ("correction", "due_on", "/due_on"),
        ("acceptance", "legal_due", "/legal_due"),
        ("non_acceptance", "right_organ", "/right_organ"),
        ("approval", "licence_due", "/licence_due"),
        ("receipt", "materials", "/materials"),
        ("delivery", "recipient", "/recipient"),
    ],
)
def test_a_letter_that_would_not_be_lawful_is_refused_where_it_lacks(kind, lacking, pointer):
    with pytest.raises(DocumentError) as refused:
        letter_of(kind, **{lacking: None})
    assert refused.value.code == "documents.missing"
    assert refused.value.position == pointer


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"date": "20250305x"}, "documents.not_date", "/date"),
        ({"item": 1.5}, "documents.not_text", "/item"),
        ({"item": "x" * 4001}, "documents.too_long", "/item"),
        ({"promise_limit": {"number": 10, "unit": "days"}}, "documents.unknown_unit", "/promise_limit/unit"),
        ({"promise_limit": 10}, "documents.not_object", "/promise_limit"),
        ({"seal": {"code": "1"}}, "documents.missing", "/seal/authority"),
        ({"verification": {"address": "a"}}, "documents.missing", "/verification/payload"),
    ],
)
def test_misshapen_facts_are_refused_with_their_pointer(change, code, pointer):
    with pytest.raises(DocumentError) as refused:
        letter_of("acceptance", **change)
    assert (refused.value.code, refused.value.position) == (code, pointer)


def test_unknown_kinds_reasons_and_procedures_are_refused():
    for kind, change, code in (
        ("verdict", {}, "documents.unknown_kind"),
        ("non_acceptance", {"reason_code": "busy"}, "documents.unknown_reason"),
        ("special_procedure", {"procedure": "SITE_CHECK"}, "documents.unknown_procedure"),
    ):
        with pytest.raises(DocumentError) as refused:
            compose_letter(kind, {**COMMON, **FACTS.get(kind, {}), **change}, "zh-hans")
        assert refused.value.code == code


def test_typed_text_stays_text():
    evil = '#import "@preview/evil:1.0.0": * {item} *强调* $x$ `raw`'
    data = letter_data(letter_of("acceptance", item=evil, addressee=evil))
    assert data["addressee"] == f"{evil}："
    assert any(run["text"].startswith("#import") for block in data["body"] for run in block["runs"])


def test_dates_articles_and_counts_stay_whole():
    kept = [run.text for run in runs("自2025年3月5日起10个工作日，根据第三十二条第一款第（二）项") if run.keep]
    assert kept == ["2025年3月5日", "10个工作日", "第三十二条第一款第（二）项"]


@given(st.text(max_size=300))
def test_cutting_into_runs_loses_nothing(text):
    assert "".join(run.text for run in runs(text)) == text


@given(st.text(max_size=300))
def test_cleaning_is_done_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.dictionaries(st.text(max_size=12), st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text())))
def test_any_facts_end_in_a_letter_or_a_typed_refusal(facts):
    for kind in LetterKind:
        with pytest.raises(DocumentError):
            compose_letter(kind, facts, "zh-hans")


@pytest.mark.parametrize(
    ("text", "clean"),
    [("甲\u202e乙", "甲乙"), ("甲\r\n乙", "甲\n乙"), ("甲\x00\x07乙\t丙", "甲乙 丙"), ("㐂𠮷", "㐂𠮷")],
)
def test_characters_that_would_mislead_are_left_out(text, clean):
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("serial", "number"),
    [(1, "示市监许受〔2025〕0001号"), (9999, "示市监许受〔2025〕9999号"), (10000, "示市监许受〔2025〕10000号")],
)
def test_document_numbers_outgrow_four_digits(serial, number):
    assert document_number("示市监许受", 2025, serial) == number


def test_a_document_number_needs_a_mark_and_a_serial():
    for mark, serial in (("", 1), ("示", 0)):
        with pytest.raises(DocumentError):
            document_number(mark, 2025, serial)


def test_the_code_has_its_quiet_zone_and_a_bound():
    drawn = qr_svg("https://zt.example/r/0001-7F3A")
    assert drawn.startswith("<svg")
    assert 'width="37"' in drawn  # version 3 is 29 modules wide, and four on each side stay quiet
    with pytest.raises(DocumentError):
        qr_svg("x" * 601)


def test_a_certificate_keeps_the_order_of_its_fields():
    facts = {
        "title": "食品经营许可证",
        "number": "JY21101080001235",
        "issuer": "示范区市场监督管理局",
        "date": dt.date(2025, 3, 19),
        "fields": [{"label": "经营者名称", "value": "京味餐饮有限公司"}, {"label": "住所", "value": ""}],
    }
    made = compose_certificate(facts, "zh-hans")
    assert made.fields == (("经营者名称", "京味餐饮有限公司"), ("住所", "—"))
    with pytest.raises(DocumentError) as refused:
        compose_certificate({**facts, "fields": facts["fields"] * 13}, "zh-hans")
    assert refused.value.position == "/fields"


def test_every_text_is_in_both_languages():
    for table in (ERRORS, LETTERS, UNITS):
        for code, said in table.items():
            assert set(said) == {"zh-hans", "en"}, code
