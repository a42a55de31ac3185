"""Number templates and the case numbers made with them (办件编号): exchange number and citizen-facing short number.

A template is text with places: `{region}{yyyymmdd}{seq:04d}`. `seq` is padded to the width asked and grows past it,
so no serial ever overflows; a written number is therefore read back without doubt only where `seq` ends the template
or is followed by something that is no digit, which the template must see to.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from zhengtong.engines.codes.characters import DIGITS, as_text, checked, whole_number
from zhengtong.engines.codes.divisions import DivisionCode, parse_division_code
from zhengtong.engines.codes.errors import CodeError, at
from zhengtong.engines.codes.items import parse_handling_item_code, parse_implementation_code

EXCHANGE_TEMPLATE = "{implement_code}{yymmdd}{seq:05d}"
SHORT_TEMPLATE = "{region}{yyyymmdd}{seq:04d}"
LARGEST_SERIAL = 10**12
_PLACE = re.compile(r"\{([a-z_]+)(?::0([1-9])d)?\}")
_SHAPES = {
    "implement_code": "[0-9A-Z]{31}",
    "handling_item_code": "[0-9A-Z]{33}",
    "region": "[0-9]{6}",
    "yyyymmdd": "[0-9]{8}",
    "yymmdd": "[0-9]{6}",
    "yyyy": "[0-9]{4}",
}
_DATES = {"yyyymmdd": "%Y%m%d", "yymmdd": "%y%m%d", "yyyy": "%Y"}


def _check_region(text: str) -> DivisionCode:
    return parse_division_code(checked(text, lengths=(6,), allowed=DIGITS))


_CHECKS: Mapping[str, Callable[[str], object]] = {
    "implement_code": parse_implementation_code,
    "handling_item_code": parse_handling_item_code,
    "region": _check_region,
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number read back: its places by name, the day where the template holds one, and the serial."""

    text: str
    places: Mapping[str, str]
    day: date | None
    serial: int


class NumberTemplate:
    """A checked template; make one with `number_template`, which remembers them."""

    def __init__(self, text: str) -> None:
        """Raises CodeError `codes.template` with the place of the fault."""
        self.text = as_text(text)
        self._parts = _split(self.text)
        self.width = next(width for name, width in self._parts if width is not None)
        self.fields = tuple(name for name, width in self._parts if width is None and name in _SHAPES)
        self._pattern = re.compile("".join(_shape(name, width) for name, width in self._parts))

    def key(self, *, day: date, **values: str) -> str:
        """What numbers of one sequence share: the number with `*` for its serial."""
        return self._fill(day, values, "*")

    def number(self, serial: int, *, day: date, **values: str) -> str:
        """The number with `serial` (from 1) for `day` and the values the template names; raises CodeError."""
        whole_number(serial, field="seq", least=1, most=LARGEST_SERIAL)
        return self._fill(day, values, f"{serial:0{self.width}d}")

    def parse(self, text: object) -> Numbered:
        """Read a number back; raises CodeError when it does not fit or one of its parts is wrong."""
        number = as_text(text)
        match = self._pattern.fullmatch(number)
        if match is None:
            raise CodeError("codes.template_mismatch", position=at(0), template=self.text)
        places = match.groupdict()
        serial = int(places.pop("seq"))
        if not 1 <= serial <= LARGEST_SERIAL:
            raise CodeError("codes.template_mismatch", position=at(match.start("seq")), template=self.text)
        for name in self.fields:
            if name in _CHECKS:
                _CHECKS[name](places[name])
        return Numbered(number, places, _day(places, match), serial)

    def _fill(self, day: date, values: Mapping[str, str], serial: str) -> str:
        if not isinstance(day, date):
            raise CodeError("codes.not_a_date", position="day", field="day")
        return "".join(self._value(name, width, day, values, serial) for name, width in self._parts)

    def _value(self, name: str, width: int | None, day: date, values: Mapping[str, str], serial: str) -> str:
        if width is not None:
            return serial
        if name in _DATES:
            return day.strftime(_DATES[name])
        if name not in _SHAPES:
            return name
        if name not in values:
            raise CodeError("codes.template_value", position=name, field=name)
        _check(name, values[name])
        return values[name]


@lru_cache(maxsize=1024)
def _check(name: str, value: str) -> None:
    """Check a value once: the same items and regions are numbered again and again. Faults are not remembered."""
    _CHECKS[name](value)


@lru_cache(maxsize=64)
def number_template(text: str) -> NumberTemplate:
    """The checked template of `text`; raises CodeError."""
    return NumberTemplate(text)


def exchange_number(implement_code: str, day: date, serial: int, *, template: str = EXCHANGE_TEMPLATE) -> str:
    """The exchange number of the `serial`-th case of an item on a day (42 characters by default, longer past 99999)."""
    return number_template(template).number(serial, day=day, implement_code=implement_code)


def parse_exchange_number(text: object, *, template: str = EXCHANGE_TEMPLATE) -> Numbered:
    """Read an exchange number back; raises CodeError."""
    return number_template(template).parse(text)


def short_number(region: str, day: date, serial: int, *, template: str = SHORT_TEMPLATE) -> str:
    """The citizen-facing number of the `serial`-th case of a region on a day (18 digits, longer past 9999)."""
    return number_template(template).number(serial, day=day, region=region)


def parse_short_number(text: object, *, template: str = SHORT_TEMPLATE) -> Numbered:
    """Read a short number back; raises CodeError."""
    return number_template(template).parse(text)


def _split(text: str) -> tuple[tuple[str, int | None], ...]:
    """The parts in order: (literal or field name, None), and (seq, width) exactly once."""
    parts: list[tuple[str, int | None]] = []
    place = 0
    for match in _PLACE.finditer(text):
        _take_literal(parts, text, place, match.start())
        _take_place(parts, match)
        place = match.end()
    _take_literal(parts, text, place, len(text))
    _check_serial(text, parts)
    return tuple(parts)


def _take_literal(parts: list[tuple[str, int | None]], text: str, start: int, end: int) -> None:
    literal = text[start:end]
    if not literal:
        return
    brace = next((place for place, character in enumerate(literal) if character in "{}"), None)
    if brace is not None:
        raise _wrong(start + brace, "only {field} and {seq:0Nd} may stand in braces")
    if parts and parts[-1][1] is not None and literal[0].isdigit():
        raise _wrong(start, "a digit may not follow seq, which grows")
    if literal in _SHAPES:
        raise _wrong(start, "a field name without braces")
    parts.append((literal, None))


def _take_place(parts: list[tuple[str, int | None]], match: re.Match[str]) -> None:
    name, width = match[1], match[2]
    if name != "seq" and (name not in _SHAPES or width):
        raise _wrong(match.start(), f"unknown field {match[0]}")
    if parts and parts[-1][1] is not None:
        raise _wrong(match.start(), "seq grows, so no other field may follow it directly")
    if any(name == earlier for earlier, _ in parts):
        raise _wrong(match.start(), f"{match[0]} stands twice")
    parts.append((name, int(width or 1) if name == "seq" else None))


def _check_serial(text: str, parts: list[tuple[str, int | None]]) -> None:
    if sum(width is not None for _, width in parts) != 1:
        raise _wrong(len(text), "{seq:0Nd} must stand in it exactly once")


def _wrong(place: int, reason: str) -> CodeError:
    return CodeError("codes.template", position=at(place), at=place + 1, reason=reason)


def _shape(name: str, width: int | None) -> str:
    if width is not None:
        return f"(?P<seq>[0-9]{{{width}}}|[1-9][0-9]{{{width},12}})"
    return f"(?P<{name}>{_SHAPES[name]})" if name in _SHAPES else re.escape(name)


def _day(places: Mapping[str, str], match: re.Match[str]) -> date | None:
    for name, century in (("yyyymmdd", ""), ("yymmdd", "20")):
        if name in places:
            written = century + places[name]
            try:
                return date(int(written[:4]), int(written[4:6]), int(written[6:]))
            except ValueError as unreal:
                raise CodeError("codes.not_a_date", position=at(match.start(name)), field=name) from unreal
    return None
