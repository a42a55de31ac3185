"""Electronic licence identifiers (电子证照标识, GB/T 36904-2018)."""

from dataclasses import dataclass

from zhengtong.engines.codes.characters import (
    DIGITS,
    DIGITS_AND_CAPITALS,
    as_text,
    check_characters,
    checked,
    whole_number,
)
from zhengtong.engines.codes.check_characters import licence_check
from zhengtong.engines.codes.credit import checked_credit_code
from zhengtong.engines.codes.divisions import parse_division_code
from zhengtong.engines.codes.errors import CodeError, at
from zhengtong.engines.errors import DEFAULT_LOCALE

ROOT = "1.2.156.3005.2"
LAST_VERSION = 999
_LONGEST_SERIAL = 60


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """`root.type.issuer.serial.version.check` taken apart."""

    text: str
    type_code: str
    issuer: str
    serial: str
    version: int
    check: str

    @property
    def licence(self) -> str:
        """What all versions of one licence share."""
        return f"{ROOT}.{self.type_code}.{self.issuer}.{self.serial}"


class LicencePartError(CodeError):
    """A part of the identifier that is itself a code is wrong; the sentence carries that reason."""

    def __init__(self, code: str, place: int, reason: CodeError) -> None:
        self.reason = reason
        super().__init__(code, position=at(place), reason="")

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale`, with the reason inside in the same one."""
        self.params["reason"] = self.reason.text(locale)
        return super().text(locale)


def parse_licence_identifier(text: object, *, lenient: bool = False) -> LicenceIdentifier:
    """An identifier with a right check character; raises CodeError.

    `lenient` also takes a 6-digit division code as issuer, which published licences carry against the standard.
    """
    raw = as_text(text)
    if not raw.startswith(ROOT + "."):
        raise CodeError("codes.licence_root", position=at(0), root=ROOT)
    parts = raw[len(ROOT) + 1 :].split(".")
    if len(parts) != 5:
        raise CodeError("codes.licence_parts", position=at(len(ROOT)), actual=len(parts))
    type_code, issuer, serial, version, check = parts
    starts = _starts(parts)
    _check_type(type_code, starts[0])
    _check_issuer(issuer, starts[1], lenient=lenient)
    _check_serial(serial, starts[2])
    if len(version) != 3 or any(digit not in DIGITS for digit in version) or version == "000":
        raise CodeError("codes.licence_version", position=at(starts[3]))
    if len(check) != 1:
        raise CodeError("codes.length", position=at(starts[4]), expected=1, actual=len(check))
    check_characters(check, DIGITS_AND_CAPITALS, offset=starts[4])
    if licence_check(type_code + issuer + serial + version) != check:
        raise CodeError("codes.check_digit", position=at(starts[4]))
    return LicenceIdentifier(raw, type_code, issuer, serial, int(version), check)


def is_licence_identifier(text: object, *, lenient: bool = False) -> bool:
    """Whether `text` parses as an electronic licence identifier."""
    try:
        parse_licence_identifier(text, lenient=lenient)
    except CodeError:
        return False
    return True


def licence_identifier(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """The identifier of a licence type (21), issuer's credit code (18), serial and version 1 to 999."""
    whole_number(version, field="version", least=1, most=LAST_VERSION)
    for part in (type_code, issuer, serial):
        checked(part, lengths=range(1, _LONGEST_SERIAL + 1))
    check = licence_check(f"{type_code}{issuer}{serial}{version:03d}")
    return parse_licence_identifier(f"{ROOT}.{type_code}.{issuer}.{serial}.{version:03d}.{check}").text


def next_version(identifier: str, *, lenient: bool = False) -> str:
    """The identifier of the same licence reissued or changed: version + 1; raises CodeError past 999."""
    current = parse_licence_identifier(identifier, lenient=lenient)
    if current.version == LAST_VERSION:
        raise CodeError("codes.version_exhausted", position="version")
    version = f"{current.version + 1:03d}"
    check = licence_check(current.type_code + current.issuer + current.serial + version)
    return f"{current.licence}.{version}.{check}"


def parse_licence_type_code(text: object) -> tuple[str, str]:
    """A licence type code (证照类型代码): the defining authority's credit code and 3 digits; raises CodeError."""
    code = checked(text, lengths=(21,))
    check_characters(code[18:], DIGITS, offset=18)
    return checked_credit_code(code[:18]), code[18:]


def _starts(parts: list[str]) -> tuple[int, ...]:
    place = len(ROOT) + 1
    starts = []
    for part in parts:
        starts.append(place)
        place += len(part) + 1
    return tuple(starts)


def _check_type(type_code: str, place: int) -> None:
    try:
        parse_licence_type_code(type_code)
    except CodeError as reason:
        raise LicencePartError("codes.licence_type", place, reason) from reason


def _check_issuer(issuer: str, place: int, *, lenient: bool) -> None:
    try:
        if lenient and len(issuer) == 6:
            parse_division_code(issuer)
        else:
            checked_credit_code(issuer)
    except CodeError as reason:
        raise LicencePartError("codes.licence_issuer", place, reason) from reason


def _check_serial(serial: str, place: int) -> None:
    if not 1 <= len(serial) <= _LONGEST_SERIAL:
        raise CodeError("codes.length", position=at(place), expected=f"1-{_LONGEST_SERIAL}", actual=len(serial))
    check_characters(serial, DIGITS_AND_CAPITALS, offset=place)
