"""Where the browser may break a line of Chinese, and where not."""

import re

import pytest

from zhengtong.foundation.ui.templatetags.zt import cited, grouped, phrased, united

KEPT = re.compile(r'<span class="zt-nb">([^<]*)</span>')


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("这张证照是真的，现在有效", ["这张证照是真的，", "现在有效"]),
        ("检测已完成，正在审查", ["检测已完成，", "正在审查"]),
        ("已准予许可，证照已发到您的证照库", ["已准予许可，"]),
        ("食品经营许可（餐饮服务）新办", ["（餐饮服务）"]),
        ("您今天要办什么事", []),
        ("This licence is genuine, and in force", []),
    ],
)
def test_a_title_breaks_between_its_clauses(title: str, whole: list[str]) -> None:
    drawn = phrased(title)
    assert KEPT.findall(drawn) == whole
    assert re.sub("<[^>]+>", "", drawn) == title


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        ("示范区和平路 18 号 1 层 102 室", ["18 号", "1 层 102 室"]),
        ("2025 年 3 月 19 日至 2030 年 3 月 18 日", ["2025 年", "3 月 19 日", "2030 年", "3 月 18 日"]),
        ("91110108MA01A00373", ["91110108", "MA01A00373"]),
        ("JY21101080001235", []),
        ("10 working days", []),
    ],
)
def test_a_number_keeps_its_unit(value: str, whole: list[str]) -> None:
    drawn = united(value)
    assert KEPT.findall(drawn) == whole
    assert re.sub("<[^>]+>", "", drawn) == value


def test_what_is_grouped_already_passes() -> None:
    assert united(grouped("110108202503030001")) == grouped("110108202503030001")


@pytest.mark.parametrize("filter_", [phrased, united])
def test_what_somebody_typed_stays_text(filter_: object) -> None:
    assert "<script" not in filter_("<script>，18 号</script>")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("《中华人民共和国食品安全法》第三十三条", ["第三十三条"]),
        ("《规定》（试行）<b>", ["（试行）&lt;b&gt;"]),
    ],
)
def test_an_article_stands_in_one_piece(words: str, whole: list[str]) -> None:
    assert KEPT.findall(cited(words)) == whole
