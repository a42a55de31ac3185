"""Masking of personal information on the server (security.md §7.1); an empty value stays empty."""

import datetime as dt
import re

HIDDEN = "****"

_COMPOUND_SURNAME = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|"
    "太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|"
    "漆雕|乐正|宰父|谷梁|拓跋|夹谷|轩辕|令狐|段干|百里|呼延|东郭|南门|羊舌|微生|梁丘|左丘|东门|西门|第五"
)
_MOBILE = re.compile(r"(?:\+?86[- ]?)?(1\d{10})")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))[- ]?(\d{7,8})")
_DISTRICT = re.compile(
    r"(?:[^省市县区镇乡]{2,3}省|[^省市县]{2,7}?自治区|(?:北京|上海|天津|重庆)市)?"
    r"(?:.{1,8}?(?:自治州|地区|盟|市))?"
    r"(?:.{1,8}?(?:自治县|自治旗|林区|特区|[区县旗]|(?<=.)市))?"
)
_TOWN = re.compile(r".{1,10}?(?:街道(?:办事处)?|民族乡|苏木|镇|乡)")


def mask_name(name: str | None) -> str:
    """Keep the surname: 张三 → 张*, 欧阳娜娜 → 欧阳**."""
    if not name:
        return ""
    kept = 2 if len(name) > 2 and _COMPOUND_SURNAME.match(name) else 1
    return name[:kept] + "*" * (len(name) - kept)


def mask_id_number(number: str | None) -> str:
    """For internal lists: first 6 and last 4 of a citizen's number; of any other document first 1 and last 2."""
    return _kept(number, 6, 4) if number and len(number) in (15, 18) else _kept(number, 1, 2)


def mask_id_number_public(number: str | None) -> str:
    """For public pages: first 1 and last 1."""
    return _kept(number, 1, 1)


def mask_phone(number: str | None) -> str:
    """Mobile: first 3 and last 4; fixed line: area code and last 2; anything else: last 2."""
    if not number:
        return ""
    if found := _MOBILE.fullmatch(number):
        return _kept(found[1], 3, 4)
    if found := _LANDLINE.fullmatch(number):
        return f"{found[1]}-{_kept(found[2], 0, 2)}"
    return _kept(number, 0, 2)


def mask_account(number: str | None) -> str:
    """A bank account: last 4."""
    return _kept(number, 0, 4)


def mask_email(address: str | None) -> str:
    """First character and domain: l***@example.gov.cn."""
    if not address:
        return ""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else HIDDEN


def mask_address(address: str | None) -> str:
    """To street or town, else to district, and the rest hidden."""
    if not address:
        return ""
    district = _DISTRICT.match(address)
    end = district.end() if district else 0
    town = _TOWN.match(address, end)
    return address[: town.end() if town else end] + HIDDEN


def mask_birth_date(date: dt.date | str | None) -> str:
    """The year only: 1990-**-**."""
    return f"{str(date)[:4]}-**-**" if date else ""


def mask_plate(plate: str | None) -> str:
    """A number plate: first 2 and last 1."""
    return _kept(plate, 2, 1)


def _kept(text: str | None, first: int, last: int) -> str:
    if not text:
        return ""
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]
