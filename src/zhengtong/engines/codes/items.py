"""Service item codes: basic (12), implementation (31), handling item (33); local layouts are kept as they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zhengtong.engines.codes.characters import DIGITS, as_text, check_characters, checked, whole_number
from zhengtong.engines.codes.credit import CreditCode, checked_credit_code, parse_credit_code
from zhengtong.engines.codes.divisions import PROVINCE_PREFIXES, DivisionCode, parse_division_code
from zhengtong.engines.codes.errors import CodeError, at
from zhengtong.engines.errors import DEFAULT_LOCALE

ITEM_TYPES: Mapping[str, str] = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}
EXERCISE_LEVELS: Mapping[str, str] = {
    "1": "国家级",
    "2": "省级",
    "3": "市级",
    "4": "县级",
    "5": "镇(乡、街道)级",
    "6": "村(社区)级",
}
NATIONAL_REGION = "00"
_LOCAL = re.compile(r"(?P<item>.+?)-(?P<region>[0-9]{12})-(?P<department>[0-9A-Z]{3})-(?P<rest>.+)")


@dataclass(frozen=True, slots=True)
class BasicCode:
    """A basic code (基本编码) taken apart; `sub` is `000` where there is no sub item."""

    text: str
    region: str
    item_type: str
    department: str
    main: str
    sub: str


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """An implementation code (实施编码), with the handling item (业务办理项) where 33 characters were given."""

    text: str
    implementer: CreditCode
    level: str
    basic: BasicCode
    handling_item: str | None = None


@dataclass(frozen=True, slots=True)
class ItemCode:
    """An item code as found in a list: always kept, its layout named and its faults told.

    `national` codes without faults have `implementation`; of `external` ones `item`, `region`, `implementer` and
    `handling_item` hold what could be recognised.
    """

    text: str
    layout: Literal["national", "external"]
    faults: tuple[CodeError, ...] = ()
    implementation: ImplementationCode | None = None
    item: str | None = None
    region: DivisionCode | None = None
    implementer: CreditCode | None = None
    handling_item: str | None = None


def parse_basic_code(text: object) -> BasicCode:
    """Twelve digits: region 2, item type 2, department 2, main 3, sub 3 (GB/T 39554.1); raises CodeError."""
    return _basic(checked(text, lengths=(12,), allowed=DIGITS), offset=0)


def basic_code(region: str, item_type: str, department: int, main: int, sub: int = 0) -> str:
    """The basic code of a region (`00` national), type, department class 0-99, main item 0-999 and sub item."""
    checked(region, lengths=(2,), allowed=DIGITS)
    checked(item_type, lengths=(2,), allowed=DIGITS)
    whole_number(department, field="department", least=0, most=99)
    whole_number(main, field="main", least=0, most=999)
    whole_number(sub, field="sub", least=0, most=999)
    return parse_basic_code(f"{region}{item_type}{department:02d}{main:03d}{sub:03d}").text


def parse_implementation_code(text: object) -> ImplementationCode:
    """Thirty-one characters: credit code 18, exercise level 1, basic code 12; raises CodeError."""
    return _implementation(checked(text, lengths=(31,)))


def parse_handling_item_code(text: object) -> ImplementationCode:
    """An implementation code followed by two digits from 01; raises CodeError."""
    return _implementation(checked(text, lengths=(33,)))


def is_implementation_code(text: object) -> bool:
    """Whether `text` parses as an implementation code."""
    try:
        parse_implementation_code(text)
    except CodeError:
        return False
    return True


def implementation_code(implementer: str, level: int | str, basic: str) -> str:
    """The implementation code of an authority's credit code, exercise level 1-6 and basic code."""
    return parse_implementation_code(f"{checked_credit_code(implementer)}{level}{parse_basic_code(basic).text}").text


def handling_item_code(implementation: str, number: int) -> str:
    """The handling item code with `number` 1 to 99."""
    whole_number(number, field="handling_item", least=1, most=99)
    return f"{parse_implementation_code(implementation).text}{number:02d}"


def parse_item_code(text: object) -> ItemCode:
    """Whatever an item list calls its code; a wrong or unknown layout is reported in `faults`, never dropped.

    31 and 33 characters without a hyphen are read as national; everything else is external and has at least the
    fault `codes.item_layout`. Raises CodeError only for what is no text, empty, or longer than 200 characters.
    """
    code = as_text(text)
    if len(code) not in {31, 33} or "-" in code:
        return _external(code)
    try:
        parsed = _implementation(checked(code, lengths=(31, 33)))
    except CodeError as fault:
        return ItemCode(code, "national", (fault,))
    return ItemCode(
        code,
        "national",
        implementation=parsed,
        item=parsed.basic.text,
        implementer=parsed.implementer,
        handling_item=parsed.handling_item,
    )


def _implementation(code: str) -> ImplementationCode:
    implementer = parse_credit_code(code[:18])
    level = code[18]
    if level not in EXERCISE_LEVELS:
        raise CodeError("codes.exercise_level", position=at(18), at=19, character=level)
    check_characters(code[19:], DIGITS, offset=19)
    basic = _basic(code[19:31], offset=19)
    number = code[31:] or None
    if number == "00":
        raise CodeError("codes.handling_item_zero", position=at(31))
    return ImplementationCode(code, implementer, level, basic, number)


def _basic(code: str, *, offset: int) -> BasicCode:
    region, item_type = code[:2], code[2:4]
    if region != NATIONAL_REGION and region not in PROVINCE_PREFIXES:
        raise CodeError("codes.region", position=at(offset), prefix=region)
    if item_type not in ITEM_TYPES:
        raise CodeError("codes.item_type", position=at(offset + 2), at=offset + 3, written=item_type)
    return BasicCode(code, region, item_type, code[4:6], code[6:9], code[9:])


def _external(code: str) -> ItemCode:
    """Read `item–division–department–implementer[–n]–handling item`, the commonest local layout, as far as it goes."""
    faults = [CodeError("codes.item_layout", position=at(0))]
    match = _LOCAL.fullmatch(code)
    if match is None:
        faults.append(CodeError("codes.local_region", position=at(0)))
        return ItemCode(code, "external", tuple(faults))
    implementer_text, *numbers = match["rest"].split("-")
    region = _local_region(match, faults)
    implementer = _local_implementer(implementer_text, match.start("rest"), faults)
    handling_item = numbers[-1] if numbers else None
    return ItemCode(
        code,
        "external",
        tuple(faults),
        item=match["item"],
        region=region,
        implementer=implementer,
        handling_item=handling_item,
    )


def _local_region(match: re.Match[str], faults: list[CodeError]) -> DivisionCode | None:
    try:
        return parse_division_code(match["region"])
    except CodeError:
        faults.append(CodeError("codes.local_region", position=at(match.start("region"))))
        return None


def _local_implementer(text: str, start: int, faults: list[CodeError]) -> CreditCode | None:
    try:
        return parse_credit_code(text)
    except CodeError as fault:
        faults.append(LocalImplementerFault(text, start, fault))
        return None


class LocalImplementerFault(CodeError):
    """A local code's implementer is no credit code; its sentence carries the reason in the reader's language."""

    def __init__(self, part: str, start: int, reason: CodeError) -> None:
        self.reason = reason
        super().__init__("codes.local_implementer", position=at(start), part=part, reason="")

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale`, with the reason inside in the same one."""
        self.params["reason"] = self.reason.text(locale)
        return super().text(locale)
