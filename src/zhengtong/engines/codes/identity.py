"""Citizen identity numbers (公民身份号码, GB 11643-1999)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from zhengtong.engines.codes.characters import DIGITS, as_text, check_characters, checked, whole_number
from zhengtong.engines.codes.check_characters import identity_check
from zhengtong.engines.codes.divisions import PROVINCE_PREFIXES
from zhengtong.engines.codes.errors import CodeError, at

RESIDENCE_PERMIT_PREFIXES = frozenset({"83"})
"""Besides the provinces: 830000 stands on residence permits of Taiwan residents (港澳台居民居住证)."""
EARLIEST_BIRTH = date(1900, 1, 1)
_LAST_CHARACTERS = DIGITS + "Xx"


class Sex(StrEnum):
    """Read from the parity of the sequence."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """An identity number taken apart; `former` tells that it was written with 15 digits."""

    text: str = field(repr=False)
    region: str
    birth: date = field(repr=False)
    sequence: int = field(repr=False)
    sex: Sex
    check: str = field(repr=False)
    former: bool = False

    def age_on(self, day: date) -> int:
        """Full years on `day`; a birthday counts on the day itself."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


def parse_identity_number(text: object, *, today: date, accept_former: bool = False) -> IdentityNumber:
    """An 18-character identity number born 1900 to `today`; a final `x` is read as `X`.

    `accept_former` also takes the 15 digits of old records, upgraded. The region is checked by its province
    only, since abolished county codes stay on people's cards. Raises CodeError.
    """
    number, birth, former = _read(text, today, accept_former)
    sequence = int(number[14:17])
    sex = Sex.MALE if sequence % 2 else Sex.FEMALE
    return IdentityNumber(number, number[:6], birth, sequence, sex, number[17], former)


def checked_identity_number(text: object, *, today: date) -> str:
    """`text`, its last letter a capital, if it parses as an 18-character identity number; raises CodeError."""
    return _read(text, today, False)[0]


def is_identity_number(text: object, *, today: date) -> bool:
    """Whether `text` parses as an 18-character identity number."""
    try:
        checked_identity_number(text, today=today)
    except CodeError:
        return False
    return True


def identity_number(region: str, birth: date, sequence: int) -> str:
    """The identity number of a region (6 digits), birth date and sequence (0 to 999; odd for men)."""
    checked(region, lengths=(6,), allowed=DIGITS)
    _check_region(region)
    if not isinstance(birth, date):
        raise CodeError("codes.not_a_date", position="birth", field="birth")
    if birth.year < EARLIEST_BIRTH.year:
        raise CodeError("codes.birth_before_1900", position=at(6))
    whole_number(sequence, field="sequence", least=0, most=999)
    payload = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return payload + identity_check(payload)


def upgrade_identity_number(text: object) -> str:
    """The 18 characters of a former 15-digit number: `19` before the year, and the check character."""
    old = checked(text, lengths=(15,), allowed=DIGITS)
    payload = old[:6] + "19" + old[6:]
    return payload + identity_check(payload)


def _read(text: object, today: date, accept_former: bool) -> tuple[str, date, bool]:
    """The number, the birth it states and whether it was written with 15 digits."""
    raw = as_text(text)
    former = len(raw) == 15
    if former and not accept_former:
        raise CodeError("codes.former_number", position=at(15))
    number = upgrade_identity_number(raw) if former else _checked_number(raw)
    _check_region(number)
    birth = _birth(number, today)
    if identity_check(number[:17]) != number[17]:
        raise CodeError("codes.check_digit", position=at(17))
    return number, birth, former


def _checked_number(raw: str) -> str:
    if len(raw) != 18:
        raise CodeError("codes.length", position=at(min(len(raw), 18)), expected=18, actual=len(raw))
    check_characters(raw[:17], DIGITS)
    check_characters(raw[17], _LAST_CHARACTERS, offset=17)
    return raw.upper()


def _check_region(number: str) -> None:
    prefix = number[:2]
    if prefix not in PROVINCE_PREFIXES and prefix not in RESIDENCE_PERMIT_PREFIXES:
        raise CodeError("codes.region", position=at(0), prefix=prefix)


def _birth(number: str, today: date) -> date:
    try:
        birth = date.fromisoformat(number[6:14])
    except ValueError as unreal:
        raise CodeError("codes.birth_date", position=at(6)) from unreal
    if birth < EARLIEST_BIRTH:
        raise CodeError("codes.birth_before_1900", position=at(6))
    if birth > today:
        raise CodeError("codes.birth_in_future", position=at(6))
    return birth
