"""Dates, numbers and long codes as the reader's language writes them (pure; no clock: this year is given)."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

CHINESE = "zh"
WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Where a long number of that many characters is cut for reading; the last part takes what remains.
CUTS = {11: (3, 4, 4), 15: (6, 9), 18: (6, 8, 4), 22: (6, 8, 8)}
STYLES = ("text", "weekday", "full", "table", "cell")
LAWS_EN = {
    "行政许可法": "Administrative Licensing Law",
    "行政处罚法": "Administrative Penalties Law",
    "行政复议法": "Administrative Reconsideration Law",
    "行政诉讼法": "Administrative Litigation Law",
    "个人信息保护法": "Personal Information Protection Law",
    "民法典": "Civil Code",
    "老年人权益保障法": "Law on the Protection of the Rights and Interests of the Elderly",
    "食品安全法": "Food Safety Law",
    "食品安全法实施条例": "Regulations for the Implementation of the Food Safety Law",
    "优化营商环境条例": "Regulations on Optimising the Business Environment",
    "全国年节及纪念日放假办法": "Regulations on Public Holidays",
}
PREFIX = "中华人民共和国"
HAN = "零一二三四五六七八九"
_DIGITS = rf"[{HAN}十百]+"
_PLACE = re.compile(
    rf"第(?P<article>{_DIGITS})条(?:之(?P<inserted>{_DIGITS}))?(?:第(?P<paragraph>{_DIGITS})款)?(?:第（?(?P<item>{_DIGITS})）?项)?"
)


def spoken(language: str) -> str:
    """`zh` for any Chinese, otherwise `en`."""
    return CHINESE if language.lower().startswith("zh") else "en"


def sentences(*said: str, language: str) -> str:
    """Sentences one behind the other, those that are empty left out; in Chinese nothing stands between them."""
    return ("" if spoken(language) == CHINESE else " ").join(sentence for sentence in said if sentence)


def day(date: dt.date, *, this_year: int, language: str, style: str = "text") -> str:
    """A date: `text` 3 月 19 日, `weekday` adds （周三）, `full` always has the year, `table` 3.19,
    `cell` as narrow as can be: in English the day alone.

    Another year than `this_year` is always written.
    """
    if style not in STYLES:
        raise ValueError(f"no date style {style!r}: {', '.join(STYLES)}")
    with_year = date.year != this_year or style == "full"
    if spoken(language) == CHINESE:
        return _chinese_day(date, with_year, style)
    return _english_day(date, with_year, style)


def _chinese_day(date: dt.date, with_year: bool, style: str) -> str:
    if style in ("table", "cell"):
        return f"{date.year}.{date.month}.{date.day}" if with_year else f"{date.month}.{date.day}"
    written = f"{date.month} 月 {date.day} 日"
    if with_year:
        written = f"{date.year} 年 {written}"
    return f"{written}（{WEEKDAYS['zh'][date.weekday()]}）" if style == "weekday" else written


def _english_day(date: dt.date, with_year: bool, style: str) -> str:
    if style == "cell":
        return str(date.day)
    month = MONTHS[date.month - 1]
    written = f"{date.day} {month[:3] if style == 'table' else month}"
    if with_year:
        written = f"{written} {date.year}"
    return f"{WEEKDAYS['en'][date.weekday()]} {written}" if style == "weekday" else written


def moment(local: dt.datetime, *, this_year: int, language: str, style: str = "text") -> str:
    """A date and its time of day, 3 月 13 日 14:20; `local` is already local time."""
    return f"{day(local.date(), this_year=this_year, language=language, style=style)} {local.hour}:{local:%M}"


def number(value: int | Decimal | float) -> str:
    """1,284; decimals are kept as given."""
    return f"{value:,}"


def percent(value: int | Decimal | float) -> str:
    """One decimal, rounded half up: 99.7%. The value is already in hundredths (99.7, not 0.997)."""
    return f"{Decimal(str(value)).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def money(value: int | Decimal | float, *, language: str, table: bool = False) -> str:
    """¥1,280.00 in tables; 1,280 元 in text, where nothing to pay is said in words."""
    amount = Decimal(str(value))
    if table:
        return f"¥{amount:,.2f}"
    chinese = spoken(language) == CHINESE
    if amount == 0:
        return "不收费" if chinese else "No fee"
    written = f"{amount:,.2f}".removesuffix(".00")
    return f"{written} 元" if chinese else f"{written} yuan"


def parts(code: str, cuts: Sequence[int] = ()) -> list[str]:
    """A long number in groups for reading: by `cuts`, by its length, or in fours."""
    bare = re.sub(r"\s", "", code)
    sizes = tuple(cuts) or CUTS.get(len(bare), ())
    if not sizes:
        return [bare[start : start + 4] for start in range(0, len(bare), 4)]
    groups, start = [], 0
    for size in sizes[:-1]:
        groups.append(bare[start : start + size])
        start += size
    return [group for group in (*groups, bare[start:]) if group]


def digest_parts(digest: str, *, short: bool = False) -> list[str]:
    """A digest in groups of four; `short` keeps the first three and last two around an ellipsis."""
    groups = [digest[start : start + 4] for start in range(0, len(digest), 4)]
    return [*groups[:3], "……", *groups[-2:]] if short and len(groups) > 6 else groups


def article(cited: str, *, language: str) -> str:
    """行政许可法 第45条 as texts of law write it, 行政许可法第四十五条; in English by the law's English name."""
    if spoken(language) == CHINESE:
        return re.sub(r"\s*第(\d{1,3})条", lambda found: f"第{_han(int(found[1]))}条", cited)
    law, _space, number = cited.partition(" ")
    return LAWS_EN.get(law, law) + re.sub(r"第(\d+)条", r", article \1", number)


def _han(number: int) -> str:
    """A number up to 999 in Chinese numerals."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    said = f"{HAN[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{HAN[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (HAN[ones] if ones else "")


def cited(law: str, place: str, *, language: str, names: Mapping[str, str] | None = None) -> tuple[str, str]:
    """A place in a law, 《某法》第三十三条第一款, with the language it is in.

    In English by the law's English name (that in `names`, or one the house knows), article 33, paragraph 1; what has
    no English name, or a place that cannot be read, stays Chinese as a whole.
    """
    name = (names or {}).get(law) or LAWS_EN.get(law.removeprefix(PREFIX), "")
    found = _PLACE.fullmatch(place)
    if spoken(language) == CHINESE or not name or found is None:
        return f"《{law}》{place}", CHINESE
    article, inserted, paragraph, item = (found[part] and _counted(found[part]) for part in _PLACE.groupindex)
    said = f"{name}, article {article}" + (f"-{inserted}" if inserted else "")
    said += f", paragraph {paragraph}" if paragraph else ""
    return said + (f", item ({item})" if item else ""), "en"


def _counted(numeral: str) -> int:
    """A Chinese numeral up to 999 as a number; 一百零一 and 十五 alike."""
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = HAN.index(sign)
    return total + digit
