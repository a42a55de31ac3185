"""Unified social credit codes (统一社会信用代码, GB 32100-2015), organisation codes (组织机构代码, GB 11714-1997)."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhengtong.engines.codes.characters import (
    CREDIT_CHARACTERS,
    DIGITS,
    DIGITS_AND_CAPITALS,
    as_text,
    check_characters,
    checked,
)
from zhengtong.engines.codes.check_characters import credit_check, organisation_check
from zhengtong.engines.codes.divisions import PROVINCE_PREFIXES
from zhengtong.engines.codes.errors import CodeError, at

DEPARTMENTS: Mapping[str, str] = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委改革和编制",
    "N": "农业",
    "Y": "其他",
}
"""Registration departments: 1, 5, 9 and Y by the 2015 text, the others added later (pass a newer table when needed)."""

KINDS: Mapping[str, str] = {
    "11": "机关",
    "12": "事业单位",
    "13": "群众团体",
    "19": "其他机构",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "其他社会组织",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
}
NATIONAL_PREFIX = "10"
"""Bodies registered by the centre carry 100000 in place of a division code."""


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """Eight characters and their check character, written without hyphen."""

    text: str
    body: str
    check: str

    @property
    def hyphenated(self) -> str:
        """The form of the old paper certificate: `00000002-1`."""
        return f"{self.body}-{self.check}"


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code taken apart; `kind` is the Chinese name of its first two characters, or empty."""

    text: str
    department: str
    category: str
    region: str
    organisation: OrganisationCode
    check: str

    @property
    def kind(self) -> str:
        """What sort of organisation the first two characters say it is (机关, 企业 …); empty if not listed."""
        return KINDS.get(self.department + self.category, "")


def parse_credit_code(text: object, *, departments: Mapping[str, str] = DEPARTMENTS) -> CreditCode:
    """An 18-character credit code with both check characters right; raises CodeError."""
    code = checked_credit_code(text, departments=departments)
    organisation = OrganisationCode(code[8:17], code[8:16], code[16])
    return CreditCode(code, code[0], code[1], code[2:8], organisation, code[17])


def checked_credit_code(text: object, *, departments: Mapping[str, str] = DEPARTMENTS) -> str:
    """`text` if it parses as a credit code; raises CodeError."""
    code = checked(text, lengths=(18,), allowed=CREDIT_CHARACTERS)
    if code[0] not in departments:
        raise CodeError("codes.department", position=at(0), character=code[0])
    check_characters(code[2:8], DIGITS, offset=2)
    if code[2:4] not in PROVINCE_PREFIXES and code[2:4] != NATIONAL_PREFIX:
        raise CodeError("codes.region", position=at(2), prefix=code[2:4])
    if credit_check(code[:17]) != code[17]:
        raise CodeError("codes.check_digit", position=at(17))
    if organisation_check(code[8:16]) != code[16]:
        raise CodeError("codes.organisation_check", position=at(16))
    return code


def is_credit_code(text: object) -> bool:
    """Whether `text` parses as a unified social credit code."""
    try:
        checked_credit_code(text)
    except CodeError:
        return False
    return True


def credit_code(department: str, category: str, region: str, organisation_body: str) -> str:
    """The credit code of a registration department, category, region (6 digits) and organisation body (8)."""
    checked(department, lengths=(1,), allowed=CREDIT_CHARACTERS)
    checked(category, lengths=(1,), allowed=CREDIT_CHARACTERS)
    checked(region, lengths=(6,), allowed=DIGITS)
    checked(organisation_body, lengths=(8,), allowed=CREDIT_CHARACTERS)
    payload = department + category + region + organisation_code(organisation_body)
    return checked_credit_code(payload + credit_check(payload))


def parse_organisation_code(text: object) -> OrganisationCode:
    """A 9-character organisation code, with or without the hyphen before its check character; raises CodeError."""
    raw = as_text(text)
    plain = raw[:8] + raw[9:] if len(raw) == 10 and raw[8] == "-" else raw
    code = checked(plain, lengths=(9,), allowed=DIGITS_AND_CAPITALS)
    check_characters(code[8], DIGITS + "X", offset=8)
    if organisation_check(code[:8]) != code[8]:
        raise CodeError("codes.check_digit", position=at(len(raw) - 1))
    return OrganisationCode(code, code[:8], code[8])


def is_organisation_code(text: object) -> bool:
    """Whether `text` parses as an organisation code."""
    try:
        parse_organisation_code(text)
    except CodeError:
        return False
    return True


def organisation_code(body: str) -> str:
    """The organisation code of an 8-character body, without hyphen."""
    checked(body, lengths=(8,), allowed=DIGITS_AND_CAPITALS)
    return body + organisation_check(body)
