"""What holds of every code: made and read back alike, no single wrong character passes, hostile input is refused."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.engines.codes import (
    CodeError,
    checked_credit_code,
    checked_identity_number,
    credit_code,
    exchange_number,
    identity_number,
    implementation_code,
    is_credit_code,
    is_identity_number,
    is_implementation_code,
    is_licence_identifier,
    is_organisation_code,
    licence_identifier,
    next_version,
    number_template,
    organisation_code,
    package_divisions,
    parse_basic_code,
    parse_credit_code,
    parse_division_code,
    parse_exchange_number,
    parse_handling_item_code,
    parse_identity_number,
    parse_implementation_code,
    parse_item_code,
    parse_licence_identifier,
    parse_licence_type_code,
    parse_organisation_code,
    parse_short_number,
    short_number,
    tidy,
    upgrade_identity_number,
)
from zhengtong.engines.codes import errors as code_errors
from zhengtong.engines.codes.characters import CREDIT_CHARACTERS, DIGITS, DIGITS_AND_CAPITALS
from zhengtong.engines.codes.texts import TEXTS

TODAY = date(2025, 3, 3)
COUNTIES = st.sampled_from(sorted(division.code for division in package_divisions()))
BODIES = st.text(CREDIT_CHARACTERS, min_size=8, max_size=8)
CREDIT_CODES = st.builds(credit_code, st.sampled_from("159"), st.sampled_from("123"), COUNTIES, BODIES)
IDENTITIES = st.builds(identity_number, COUNTIES, st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
BASICS = st.builds("110131{:03d}{:03d}".format, st.integers(0, 999), st.integers(0, 999))
IMPLEMENTATIONS = st.builds(implementation_code, CREDIT_CODES, st.integers(1, 6), BASICS)
LICENCES = st.builds(
    licence_identifier,
    st.builds("{}{:03d}".format, CREDIT_CODES, st.integers(0, 999)),
    CREDIT_CODES,
    st.text(DIGITS_AND_CAPITALS, min_size=1, max_size=20),
    st.integers(1, 998),
)
ANY_CHARACTER = st.sampled_from(DIGITS_AND_CAPITALS + "abcxyz-. ０Ｘ中\x00") | st.characters()
SERIALS = st.integers(1, 10**7)


def with_one_wrong(text: str, place: int, character: str) -> str:
    place %= len(text)
    return text[:place] + character + text[place + 1 :]


def spoiled(codes: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    """A right code and the same with one character changed (a small x is no change)."""
    pairs = st.tuples(codes, st.integers(0, 200), ANY_CHARACTER)
    return pairs.map(lambda pair: (pair[0], with_one_wrong(*pair))).filter(lambda pair: pair[1].upper() != pair[0])


@given(spoiled(IDENTITIES))
@settings(max_examples=400)
def test_any_wrong_character_of_an_identity_number_is_caught(pair: tuple[str, str]) -> None:
    assert is_identity_number(pair[0], today=TODAY)
    assert not is_identity_number(pair[1], today=TODAY)


@given(spoiled(CREDIT_CODES))
@settings(max_examples=400)
def test_any_wrong_character_of_a_credit_code_is_caught(pair: tuple[str, str]) -> None:
    assert is_credit_code(pair[0])
    assert not is_credit_code(pair[1])


@given(spoiled(LICENCES))
@settings(max_examples=400)
def test_any_wrong_character_of_a_licence_identifier_is_caught(pair: tuple[str, str]) -> None:
    assert is_licence_identifier(pair[0])
    assert not is_licence_identifier(pair[1])
    assert not is_licence_identifier(pair[1], lenient=True)


def test_every_single_change_of_the_published_samples_is_caught() -> None:
    samples: list[tuple[str, Callable[[str], bool]]] = [
        ("11010519491231002X", lambda text: is_identity_number(text, today=TODAY)),
        ("91350100M000100Y43", is_credit_code),
        ("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U", is_licence_identifier),
    ]
    for text, right in samples:
        assert right(text)
        for place in range(len(text)):
            for character in DIGITS_AND_CAPITALS + ".- ":
                assert character == text[place] or not right(with_one_wrong(text, place, character)), (place, character)


@given(st.text(DIGITS, min_size=8, max_size=8).map(organisation_code), st.integers(0, 8), st.sampled_from(DIGITS))
def test_any_wrong_digit_of_an_organisation_code_is_caught(code: str, place: int, digit: str) -> None:
    assert is_organisation_code(code)
    assert digit == code[place] or not is_organisation_code(with_one_wrong(code, place, digit))


@given(st.text(DIGITS_AND_CAPITALS, min_size=8, max_size=8), st.integers(0, 7), st.sampled_from(DIGITS_AND_CAPITALS))
def test_an_organisation_code_confuses_only_what_its_standard_confuses(body: str, place: int, other: str) -> None:
    same = (int(other, 36) - int(body[place], 36)) % 11 == 0
    assert is_organisation_code(with_one_wrong(organisation_code(body), place, other)) is same


@given(IDENTITIES)
def test_identity_numbers_read_back(text: str) -> None:
    parsed = parse_identity_number(text, today=TODAY)
    assert identity_number(parsed.region, parsed.birth, parsed.sequence) == text
    assert (parsed.sex == "male") is (int(text[16]) % 2 == 1)


@given(st.one_of(IDENTITIES, CREDIT_CODES, spoiled(IDENTITIES).map(lambda pair: pair[1]), st.text(max_size=20)))
def test_checking_takes_and_refuses_what_reading_does(text: str) -> None:
    def said(read: Callable[[], str]) -> tuple[str, str | None]:
        try:
            return read(), None
        except CodeError as refused:
            return str(refused), refused.position

    read = said(lambda: parse_identity_number(text, today=TODAY).text)
    assert read == said(lambda: checked_identity_number(text, today=TODAY))
    assert said(lambda: parse_credit_code(text).text) == said(lambda: checked_credit_code(text))


@given(IDENTITIES.filter(lambda text: text[6:8] == "19"))
def test_former_numbers_upgrade_to_the_same(text: str) -> None:
    assert upgrade_identity_number(text[:6] + text[8:17]) == text


@given(IMPLEMENTATIONS, st.dates(date(2000, 1, 1), date(2099, 12, 31)), SERIALS)
def test_exchange_numbers_read_back(code: str, day: date, serial: int) -> None:
    assert is_implementation_code(code)
    read = parse_exchange_number(exchange_number(code, day, serial))
    assert (read.places["implement_code"], read.day, read.serial) == (code, day, serial)


@given(COUNTIES, st.dates(date(1000, 1, 1)), SERIALS, SERIALS)
def test_short_numbers_read_back_and_never_meet(region: str, day: date, serial: int, other: int) -> None:
    number = short_number(region, day, serial)
    read = parse_short_number(number)
    assert (read.places["region"], read.day, read.serial) == (region, day, serial)
    assert (number == short_number(region, day, other)) is (serial == other)


@given(LICENCES)
def test_the_next_version_is_the_same_licence(text: str) -> None:
    now, later = parse_licence_identifier(text), parse_licence_identifier(next_version(text))
    assert (later.licence, later.version) == (now.licence, now.version + 1)


PARSERS: list[Callable[[object], object]] = [
    lambda value: parse_identity_number(value, today=TODAY),
    lambda value: parse_identity_number(value, today=TODAY, accept_former=True),
    upgrade_identity_number,
    parse_credit_code,
    parse_organisation_code,
    parse_basic_code,
    parse_implementation_code,
    parse_handling_item_code,
    parse_item_code,
    parse_licence_identifier,
    lambda value: parse_licence_identifier(value, lenient=True),
    parse_licence_type_code,
    parse_division_code,
    parse_exchange_number,
    parse_short_number,
    lambda value: number_template(str(value)),
]
RIGHT = IDENTITIES | CREDIT_CODES | LICENCES | IMPLEMENTATIONS
HOSTILE = (
    st.none()
    | st.integers()
    | st.binary()
    | st.lists(st.text())
    | st.text()
    | st.text(DIGITS_AND_CAPITALS, max_size=50)
    | st.text(DIGITS, min_size=6, max_size=42)
    | spoiled(RIGHT).map(lambda pair: pair[1])
)


def refusal(parse: Callable[[object], object], value: object) -> CodeError | None:
    """The CodeError with which `value` is refused; None when taken; any other exception fails the test."""
    try:
        parse(value)
    except CodeError as error:
        return error
    return None


@pytest.mark.parametrize("parse", PARSERS)
@given(value=HOSTILE)
@settings(max_examples=60)
def test_whatever_comes_is_parsed_or_refused_in_words(parse: Callable[[object], object], value: object) -> None:
    error = refusal(parse, value)
    if error is not None:
        assert error.position or error.code == "codes.not_text"
        assert error.text() not in {"", error.code}
        assert error.text("en") not in {"", error.code}


@pytest.mark.parametrize("parse", PARSERS[:-1])
@pytest.mark.parametrize("value", ["", "1" * 1_000_000, "１" * 18, "\x00" * 18, "²" * 18, "٣" * 18, None, 7, b"1" * 18])
def test_huge_and_strange_values(parse: Callable[[object], object], value: object) -> None:
    error = refusal(parse, value)
    if error is None:
        assert parse is parse_item_code
        assert parse_item_code(value).faults
    else:
        assert error.code in {
            "codes.not_text",
            "codes.empty",
            "codes.length",
            "codes.character",
            "codes.full_width",
        } | {
            "codes.licence_root",
            "codes.template_mismatch",
            "codes.former_number",
        }


@given(st.text(min_size=1, max_size=200))
def test_no_item_code_is_dropped(text: str) -> None:
    kept = parse_item_code(text)
    assert kept.text == text
    assert kept.faults or kept.implementation is not None


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "make",
    [
        lambda: identity_number("110108", date(1899, 12, 31), 1),
        lambda: identity_number("110108", date(1990, 3, 7), 1000),
        lambda: identity_number("110108", date(1990, 3, 7), -1),
        lambda: identity_number("110108", None, 1),  # type: ignore[arg-type]
        lambda: credit_code("0", "1", "110108", "00000101"),
        lambda: organisation_code("0000010"),
        lambda: implementation_code("1111010800000102XJ", 7, "110131004000"),
        lambda: implementation_code("1111010800000102XJ", 10, "110131004000"),
        lambda: short_number("110108", TODAY, 0),
        lambda: short_number("110108", TODAY, 10**13),
        lambda: short_number("110108", TODAY, True),
        lambda: short_number("110108", "2025-03-03", 1),  # type: ignore[arg-type]
        lambda: short_number("11010A", TODAY, 1),
        lambda: exchange_number("nothing", TODAY, 1),
        lambda: number_template("{implement_code}{seq}").number(1, day=TODAY),
        lambda: licence_identifier("1110000000000401XA001", "1111010800000102XJ", "", 1),
        lambda: licence_identifier("1110000000000401XA001", "1111010800000102XJ", "A.B", 1),
        lambda: licence_identifier("1110000000000401XA001", "1111010800000102XJ", "1", 0),
        lambda: licence_identifier("1110000000000401XA001", "110108", "1", 1),
    ],
)
def test_nothing_wrong_is_ever_generated(make: Callable[[], str]) -> None:
    with pytest.raises(CodeError) as refused:
        make()
    assert refused.value.position


def test_every_text_is_in_both_languages_and_every_code_has_one() -> None:
    assert all(set(sentence) == {"zh-hans", "en"} for sentence in TEXTS.values())
    folder = Path(code_errors.__file__).parent
    raised = {code for file in folder.glob("*.py") for code in re.findall(r'"(codes\.[a-z_0-9]+)"', file.read_text())}
    assert raised == set(TEXTS)
