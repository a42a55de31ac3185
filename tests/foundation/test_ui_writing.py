"""Dates, numbers and long codes as LOOK §4 words them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.foundation.ui import writing

MARCH_19 = dt.date(2025, 3, 19)


@pytest.mark.parametrize(
    ("style", "this_year", "language", "written"),
    [
        ("text", 2025, "zh-hans", "3 月 19 日"),
        ("text", 2026, "zh-hans", "2025 年 3 月 19 日"),
        ("weekday", 2025, "zh-hans", "3 月 19 日（周三）"),
        ("full", 2025, "zh-hans", "2025 年 3 月 19 日"),
        ("table", 2025, "zh-hans", "3.19"),
        ("table", 2026, "zh-hans", "2025.3.19"),
        ("text", 2025, "en", "19 March"),
        ("weekday", 2025, "en", "Wednesday 19 March"),
        ("full", 2025, "en", "19 March 2025"),
        ("table", 2026, "en", "19 Mar 2025"),
        ("cell", 2025, "zh-hans", "3.19"),
        ("cell", 2025, "en", "19"),
    ],
)
def test_a_date_is_written_as_the_reader_speaks(style: str, this_year: int, language: str, written: str) -> None:
    assert writing.day(MARCH_19, this_year=this_year, language=language, style=style) == written


@pytest.mark.parametrize(
    ("cited", "zh", "en"),
    [
        ("行政许可法 第45条", "行政许可法第四十五条", "Administrative Licensing Law, article 45"),
        ("民法典 第201条", "民法典第二百零一条", "Civil Code, article 201"),
        ("本局规定 第10条", "本局规定第十条", "本局规定, article 10"),
        ("全国年节及纪念日放假办法", "全国年节及纪念日放假办法", "Regulations on Public Holidays"),
    ],
)
def test_an_article_is_cited_as_the_reader_speaks(cited: str, zh: str, en: str) -> None:
    assert writing.article(cited, language="zh-hans") == zh
    assert writing.article(cited, language="en") == en


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="no date style"):
        writing.day(MARCH_19, this_year=2025, language="en", style="short")


@pytest.mark.parametrize(
    ("value", "table", "language", "written"),
    [
        (1280, False, "zh-hans", "1,280 元"),
        (1280, True, "zh-hans", "¥1,280.00"),
        (0, False, "zh-hans", "不收费"),
        (0, False, "en", "No fee"),
        ("12.5", False, "zh-hans", "12.50 元"),
    ],
)
def test_money(value: float, table: bool, language: str, written: str) -> None:
    assert writing.money(value, language=language, table=table) == written


def test_a_percentage_has_one_decimal_rounded_half_up() -> None:
    assert [writing.percent(value) for value in (99.7, 99.65, 0.25, 100)] == ["99.7%", "99.7%", "0.3%", "100.0%"]


@pytest.mark.parametrize(
    ("code", "cuts", "groups"),
    [
        ("110108202503030001", (), ["110108", "20250303", "0001"]),
        ("13800138000", (), ["138", "0013", "8000"]),
        ("JY21101080001235", (3, 6, 6, 1), ["JY2", "110108", "000123", "5"]),
        ("7f3a91c40b", (), ["7f3a", "91c4", "0b"]),
        ("", (), []),
    ],
)
def test_long_numbers_are_grouped(code: str, cuts: tuple[int, ...], groups: list[str]) -> None:
    assert writing.parts(code, cuts) == groups


@given(st.text(alphabet="0123456789ABCDEF", max_size=40), st.lists(st.integers(1, 9), max_size=5))
def test_grouping_loses_nothing(code: str, cuts: list[int]) -> None:
    assert "".join(writing.parts(code, cuts)) == code


def test_a_short_digest_keeps_both_ends() -> None:
    assert writing.digest_parts("0123456789abcdef" * 4, short=True) == ["0123", "4567", "89ab", "……", "89ab", "cdef"]


def test_sentences_stand_close_in_chinese_only() -> None:
    assert writing.sentences("好。", "", "再来。", language="zh-hans") == "好。再来。"
    assert writing.sentences("Well.", "", "Again.", language="en") == "Well. Again."


FOOD = "中华人民共和国食品安全法"


@pytest.mark.parametrize(
    ("law", "place", "language", "names", "said"),
    [
        (FOOD, "第三十五条", "zh-hans", None, (f"《{FOOD}》第三十五条", "zh")),
        (FOOD, "第三十五条", "en", None, ("Food Safety Law, article 35", "en")),
        (FOOD, "第一百零一条之二第一款第（三）项", "en", None,
         ("Food Safety Law, article 101-2, paragraph 1, item (3)", "en")),
        (FOOD, "第十条第二款", "en", {FOOD: "Food Law"}, ("Food Law, article 10, paragraph 2", "en")),
        ("北京市某条例", "第三条", "en", {"北京市某条例": "Some Regulations"}, ("Some Regulations, article 3", "en")),
        ("北京市某条例", "第三条", "en", None, ("《北京市某条例》第三条", "zh")),
        (FOOD, "附件一", "en", None, (f"《{FOOD}》附件一", "zh")),
    ],
)  # fmt: skip
def test_a_place_in_a_law_is_cited_in_english_where_the_law_has_an_english_name(
    law: str, place: str, language: str, names: dict[str, str] | None, said: tuple[str, str]
) -> None:
    assert writing.cited(law, place, language=language, names=names) == said
