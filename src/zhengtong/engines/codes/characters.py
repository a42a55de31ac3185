"""The first look at any code: that it is text of the right length in the right characters."""

import unicodedata
from collections.abc import Collection

from zhengtong.engines.codes.errors import CodeError, at

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS_AND_CAPITALS = DIGITS + CAPITALS
CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_AS_MEANT = {
    **{0xFEE0 + ordinal: chr(ordinal).upper() for ordinal in range(0x21, 0x7F)},
    **{ord(letter): letter.upper() for letter in CAPITALS.lower()},
}
LONGEST = 200
"""No code of any kind is longer; more is refused unread."""


def checked(value: object, *, lengths: Collection[int], allowed: str = DIGITS_AND_CAPITALS) -> str:
    """`value` as text of one of `lengths` in characters of `allowed`; raises CodeError at the first that is not."""
    text = as_text(value)
    if len(text) not in lengths:
        expected = "/".join(str(length) for length in sorted(lengths))
        raise CodeError("codes.length", position=at(min(len(text), max(lengths))), expected=expected, actual=len(text))
    check_characters(text, allowed)
    return text


def as_text(value: object) -> str:
    """`value` if it is text of bounded length that is not empty."""
    if not isinstance(value, str):
        raise CodeError("codes.not_text", kind=type(value).__name__)
    if not value:
        raise CodeError("codes.empty", position=at(0))
    if len(value) > LONGEST:
        raise CodeError("codes.length", position=at(LONGEST), expected=f"1-{LONGEST}", actual=len(value))
    return value


def check_characters(text: str, allowed: str, *, offset: int = 0) -> None:
    """Refuse the first character outside `allowed`; `offset` places `text` inside a longer code."""
    if not text.strip(allowed):
        return
    for place, character in enumerate(text, start=offset):
        if character not in allowed:
            code = "codes.full_width" if unicodedata.east_asian_width(character) == "F" else "codes.character"
            raise CodeError(
                code, position=at(place), at=place + 1, character=shown(character), allowed=shown_set(allowed)
            )


def shown(character: str) -> str:
    """A character as it may stand in a sentence: unprintable ones by their number."""
    return character if character.isprintable() and character != " " else f"U+{ord(character):04X}"


def shown_set(allowed: str) -> str:
    """A character set in few words: `0-9`, `0-9 A-Z`, else spelled out."""
    return {DIGITS: "0-9", DIGITS_AND_CAPITALS: "0-9 A-Z"}.get(allowed, allowed)


def whole_number(value: object, *, field: str, least: int, most: int) -> int:
    """`value` if it is an int (not a bool) from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise CodeError("codes.number_range", position=field, field=field, least=least, most=most)
    return value


def tidy(text: str) -> str:
    """What a person typed, as the code it means: half-width, upper case, without blanks around or between.

    For entry forms only; the parsers themselves repair nothing.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return text
    return "".join(text.translate(_AS_MEANT).split())
