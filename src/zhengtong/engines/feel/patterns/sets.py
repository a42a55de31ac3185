"""Sets of characters, as patterns name them: `[a-z-[aeiou]]`, `\\p{Lu}`, `\\w`, `.`."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from zhengtong.engines.feel.patterns.blocks import BLOCKS
from zhengtong.engines.feel.patterns.errors import PatternError

Test = Callable[[str], bool]

_CATEGORIES = {
    "L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon",
}  # fmt: skip
_LOOKALIKES = ("kK\u212a", "åÅ\u212b", "ωΩ\u2126", "sS\u017f", "ßẞ", "µμΜ", "ιΙ\u0345\u1fbe", "σςΣ", "θΘϑϴ")
_NAME_START = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D),
    (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME_PART = (*_NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
_MOST_REMEMBERED = 5000


def variants(character: str) -> frozenset[str]:
    """A character and those that differ from it in case alone."""
    found = {character, character.lower(), character.upper(), character.upper().lower(), character.lower().upper()}
    for alike in _LOOKALIKES:
        if character in alike:
            found.update(alike)
    return frozenset(one for one in found if len(one) == 1)


def in_category(name: str) -> Test:
    """`\\p{Lu}`, `\\p{L}`, `\\p{IsBasicLatin}`."""
    if name.startswith("Is"):
        ends = BLOCKS.get(name[2:])
        if ends is None:
            raise PatternError("category")
        return lambda character: ends[0] <= ord(character) <= ends[1]
    if not name or name[0] not in _CATEGORIES or (name[1:] and name[1:] not in tuple(_CATEGORIES[name[0]])):
        raise PatternError("category")
    return lambda character: unicodedata.category(character).startswith(name)


def _in_ranges(ranges: tuple[tuple[int, int], ...]) -> Test:
    return lambda character: any(first <= ord(character) <= last for first, last in ranges)


ESCAPES: dict[str, Test] = {
    "s": lambda character: character in "\t\n\r ",
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": lambda character: unicodedata.category(character)[0] not in "PZC",
    "i": _in_ranges(_NAME_START),
    "c": _in_ranges(_NAME_PART),
}
"""What `\\s` and its kin hold; the capital letter holds everything else."""


def opposite(test: Test) -> Test:
    """Everything that `test` does not hold."""
    return lambda character: not test(character)


@dataclass(slots=True)
class CharacterSet:
    """A set in square brackets. Where `folded`, characters and ranges hold other cases too; categories never do."""

    folded: bool = False
    negated: bool = False
    characters: set[str] = field(default_factory=set)
    ranges: list[tuple[str, str]] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    without: "CharacterSet | None" = None
    remembered: dict[str, bool] = field(default_factory=dict)

    def __contains__(self, character: str) -> bool:
        known = self.remembered.get(character)
        if known is None:
            if len(self.remembered) > _MOST_REMEMBERED:
                self.remembered.clear()
            known = self.remembered[character] = self._holds(character)
        return known

    def _holds(self, character: str) -> bool:
        candidates = variants(character) if self.folded else (character,)
        held = any(
            one in self.characters or any(first <= one <= last for first, last in self.ranges) for one in candidates
        ) or any(test(character) for test in self.tests)
        return held is not self.negated and (self.without is None or character not in self.without)


@dataclass(frozen=True, slots=True)
class Tested:
    """The characters that pass a test."""

    test: Test

    def __contains__(self, character: str) -> bool:
        return self.test(character)


ANYTHING = Tested(lambda _character: True)
ANYTHING_IN_A_LINE = Tested(lambda character: character not in "\n\r")
