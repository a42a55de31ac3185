"""Administrative division codes (行政区划代码, GB/T 2260): levels, parents, and a table valid in time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache

from zhengtong.engines.codes.characters import DIGITS, checked
from zhengtong.engines.codes.division_names import NAMES
from zhengtong.engines.codes.errors import CodeError, at

PROVINCE_PREFIXES = frozenset(line[:2] for line in NAMES.splitlines() if line[2] == " ")
MUNICIPALITY_PREFIXES = frozenset({"11", "12", "31", "50"})
_STARTS = (0, 2, 4, 6, 9)
_STOPS = (2, 4, 6, 9, 12)


class Level(IntEnum):
    """The levels of a 12-digit code; the first three are those of GB/T 2260."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3
    TOWN = 4
    VILLAGE = 5


_LAWFUL_GAPS = frozenset(
    {
        (Level.COUNTY, Level.PREFECTURE),
        (Level.TOWN, Level.COUNTY),
        (Level.VILLAGE, Level.COUNTY),
    }
)


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A division code in its shortest form: 6 digits down to counties, 9 for towns, 12 for villages."""

    text: str
    level: Level

    @property
    def virtual(self) -> bool:
        """Whether this prefecture is a level of the code only (1101 市辖区, 4190 省直辖县级行政区划)."""
        return self.level is Level.PREFECTURE and is_virtual_prefecture(self.text)

    @property
    def parent(self) -> "DivisionCode | None":
        """The division above, virtual and empty levels passed over (110108 → 110000); None for a province."""
        if self.level is Level.PROVINCE:
            return None
        above = Level(self.level - 1)
        while _is_empty(self.text, above) or (above is Level.PREFECTURE and is_virtual_prefecture(self.text)):
            above = Level(above - 1)
        return DivisionCode(self.text[: _STOPS[above - 1]].ljust(6, "0"), above)

    @property
    def ancestors(self) -> tuple["DivisionCode", ...]:
        """The divisions above, province first."""
        above = self.parent
        return () if above is None else (*above.ancestors, above)

    @property
    def long(self) -> str:
        """The 12-digit statistical code."""
        return self.text.ljust(12, "0")

    def within(self, other: "DivisionCode") -> bool:
        """Whether this is `other` or lies under it."""
        return self == other or other in self.ancestors


def is_virtual_prefecture(text: str) -> bool:
    """Whether the prefecture digits name no place: 市辖区 and 县 of municipalities, 90 of directly ruled counties."""
    return text[2:4] == "90" or (text[:2] in MUNICIPALITY_PREFIXES and text[2:4] in {"01", "02"})


def parse_division_code(text: object) -> DivisionCode:
    """A code of 6, 9 or 12 digits under a known province; raises CodeError.

    Only two levels may be empty under a filled one: the prefecture over a county (460035, long abolished) and the
    county over a town (441900003, in prefectures without counties).
    """
    code = checked(text, lengths=(6, 9, 12), allowed=DIGITS)
    if code[:2] not in PROVINCE_PREFIXES:
        raise CodeError("codes.region", position=at(0), prefix=code[:2])
    level = next(level for level in reversed(Level) if not _is_empty(code, level))
    empty = [above for above in Level if above < level and _is_empty(code, above)]
    if empty and (level, *empty) not in _LAWFUL_GAPS:
        raise CodeError("codes.division_level", position=at(_STOPS[empty[0] - 2]), written=code)
    return DivisionCode(code[: _STOPS[level - 1]].ljust(6, "0"), level)


def _is_empty(text: str, level: Level) -> bool:
    """Whether the digits of a level are missing or zeros."""
    return not text[_STARTS[level - 1] : _STOPS[level - 1]].strip("0")


def is_division_code(text: object) -> bool:
    """Whether `text` parses as a division code."""
    try:
        parse_division_code(text)
    except CodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Division:
    """A division under one name for one time: from `valid_from` (None: always) up to, not including, `valid_to`."""

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether the entry counts on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class DivisionTable:
    """Divisions by code and day; several entries of one code follow one another in time."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        """Raises CodeError for a wrong code, an entry ending before it begins, or two overlapping entries."""
        self._entries: dict[str, list[Division]] = defaultdict(list)
        self._children: dict[str, set[str]] = defaultdict(set)
        for division in divisions:
            self._take(division)
        for code, entries in self._entries.items():
            _refuse_overlaps(code, entries)

    def _take(self, division: Division) -> None:
        code = parse_division_code(division.code)
        if division.valid_from and division.valid_to and division.valid_to < division.valid_from:
            raise CodeError("codes.division_dates", position=code.text, written=code.text)
        self._entries[code.text].append(division)
        above = code.parent
        self._children["" if above is None else above.text].add(code.text)

    def find(self, code: str, day: date) -> Division | None:
        """The entry of a code on a day; None when there is none."""
        text = parse_division_code(code).text
        return next((entry for entry in self._entries.get(text, ()) if entry.valid_on(day)), None)

    def get(self, code: str, day: date) -> Division:
        """The entry of a code on a day; raises CodeError when there is none."""
        found = self.find(code, day)
        if found is None:
            raise CodeError("codes.division_unknown", position=code, written=code, day=day.isoformat())
        return found

    def children(self, code: str | None, day: date) -> tuple[Division, ...]:
        """The divisions directly under a code (None: the provinces), by code; virtual levels are passed over."""
        parent = "" if code is None else parse_division_code(code).text
        found = (self.find(child, day) for child in sorted(self._children.get(parent, ())))
        return tuple(division for division in found if division is not None)

    def path(self, code: str, day: date) -> tuple[Division, ...]:
        """From the province down to the code itself, as far as the table knows them."""
        parsed = parse_division_code(code)
        found = (self.find(step.text, day) for step in (*parsed.ancestors, parsed))
        return tuple(division for division in found if division is not None)

    def full_name(self, code: str, day: date) -> str:
        """The names of the path run together: 山东省济南市历下区; raises CodeError when the code is unknown."""
        self.get(code, day)
        return "".join(division.name for division in self.path(code, day))

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes that took over from a code, followed to the last known ones; the code itself where it lives on."""
        seen: set[str] = set()
        return tuple(dict.fromkeys(self._follow(parse_division_code(code).text, seen)))

    def _follow(self, code: str, seen: set[str]) -> Iterator[str]:
        if code in seen:
            return
        seen.add(code)
        entries = self._entries.get(code, [])
        last = max(entries, key=_begin, default=None)
        if last is None or not last.successors:
            yield code
            return
        for successor in last.successors:
            yield from self._follow(successor, seen)

    def __len__(self) -> int:
        return sum(len(entries) for entries in self._entries.values())

    def __iter__(self) -> Iterator[Division]:
        for code in sorted(self._entries):
            yield from self._entries[code]


def _begin(division: Division) -> date:
    return division.valid_from or date.min


def _refuse_overlaps(code: str, entries: list[Division]) -> None:
    entries.sort(key=_begin)
    for earlier, later in zip(entries, entries[1:], strict=False):
        if earlier.valid_to is None or later.valid_from is None or later.valid_from < earlier.valid_to:
            raise CodeError("codes.division_overlap", position=code, written=code)


@cache
def package_divisions() -> DivisionTable:
    """The provinces, prefectures and counties in force at the end of 2024, undated (change them by data)."""
    return DivisionTable(_package_rows())


def _package_rows() -> Iterator[Division]:
    for line in NAMES.splitlines():
        code, name, *counties = line.split(" ")
        if name != "-":
            yield Division(code.ljust(6, "0"), name)
        for county in counties:
            yield Division(code + county[:2], county[2:])
