"""Reading the facts of a paper: each asked for by name and shape, refused with a JSON pointer."""

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from zhengtong.engines.documents.errors import DocumentError
from zhengtong.engines.documents.texts import UNITS
from zhengtong.engines.errors import normal_locale

LONGEST_TEXT = 4_000
MOST_ITEMS = 200
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_WEEKDAYS = "一二三四五六日"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def clean_text(text: str) -> str:
    """`text` as it may be printed: line ends unified, control and direction-changing characters left out.

    A right-to-left override could make a paper read otherwise than it is stored (UTS #39 §5.5).
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        character
        for character in unified
        if character == "\n" or (character not in _BIDI and unicodedata.category(character) not in {"Cc", "Cs", "Cn"})
    )


def format_date(day: dt.date, locale: str, *, weekday: bool = False) -> str:
    """`2025年3月19日` (the gap between Han and digits is drawn, not typed) or `19 March 2025`."""
    if normal_locale(locale) == "en":
        said = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{day:%A} {said}" if weekday else said
    said = f"{day.year}年{day.month}月{day.day}日"
    return f"{said}（星期{_WEEKDAYS[day.weekday()]}）" if weekday else said


class Facts:
    """Facts of one paper. Every reader raises DocumentError at the pointer of what is missing or misshapen."""

    def __init__(self, values: Mapping[str, Any], locale: str, pointer: str = "") -> None:
        self._values = values
        self._pointer = pointer
        self.locale = normal_locale(locale)

    def _at(self, key: str) -> str:
        return f"{self._pointer}/{key}"

    def has(self, key: str) -> bool:
        """Whether there is something to say under `key`."""
        return self._values.get(key) not in (None, "", (), [], {})

    def text(self, key: str, default: str | None = None) -> str:
        """A clean, bounded string; numbers are written out; without `default` it may not be empty."""
        value = self._values.get(key)
        if value is None or value == "":
            if default is None:
                raise DocumentError("documents.missing", position=self._at(key), name=key)
            return default
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise DocumentError("documents.not_text", position=self._at(key), name=key)
        said = clean_text(str(value)).strip()
        if len(said) > LONGEST_TEXT:
            raise DocumentError("documents.too_long", position=self._at(key), name=key, limit=LONGEST_TEXT)
        if not said and default is None:
            raise DocumentError("documents.missing", position=self._at(key), name=key)
        return said

    def spoken(self, key: str) -> str:
        """The text under `key`, or under `key_en` where the paper is English and there is one."""
        english = f"{key}_en"
        return self.text(english if self.locale == "en" and self.has(english) else key)

    def day(self, key: str) -> dt.date:
        """A date, given as one or as ISO text (a longer instant is refused: legal dates are dates)."""
        value = self._values.get(key)
        if value in (None, ""):
            raise DocumentError("documents.missing", position=self._at(key), name=key)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            raise DocumentError("documents.not_date", position=self._at(key), name=key) from None

    def date(self, key: str, *, weekday: bool = False) -> str:
        """The date in words."""
        return format_date(self.day(key), self.locale, weekday=weekday)

    def limit(self, key: str) -> str:
        """A time limit in words: `{number, unit}` → `10个工作日`; a day count always says which days."""
        inner = self.inside(key)
        unit = inner.text("unit")
        if unit not in UNITS:
            raise DocumentError("documents.unknown_unit", position=f"{self._at(key)}/unit", unit=unit)
        number = inner.text("number")
        one = number == "1" and self.locale == "en"
        return UNITS[unit][self.locale].format(number=number, s="" if one else "s")

    def inside(self, key: str) -> "Facts":
        """The facts of the object under `key`."""
        value = self._values.get(key)
        if value is None:
            raise DocumentError("documents.missing", position=self._at(key), name=key)
        if not isinstance(value, Mapping):
            raise DocumentError("documents.not_object", position=self._at(key), name=key)
        return Facts(value, self.locale, self._at(key))

    def each(self, key: str) -> tuple["Facts", ...]:
        """The objects of a list that may not be empty; a plain string counts as `{text: …}`."""
        value = self._values.get(key)
        if not value:
            raise DocumentError("documents.missing", position=self._at(key), name=key)
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise DocumentError("documents.not_list", position=self._at(key), name=key)
        if len(value) > MOST_ITEMS:
            raise DocumentError("documents.too_many", position=self._at(key), name=key, limit=MOST_ITEMS)
        return tuple(self._item(key, index, item) for index, item in enumerate(value))

    def _item(self, key: str, index: int, item: object) -> "Facts":
        pointer = f"{self._at(key)}/{index}"
        if isinstance(item, str):
            return Facts({"text": item}, self.locale, pointer)
        if not isinstance(item, Mapping):
            raise DocumentError("documents.not_object", position=pointer, name=key)
        return Facts(item, self.locale, pointer)
