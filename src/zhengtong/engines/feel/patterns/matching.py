"""Running a pattern's program: depth first, as the pattern's order of preference asks, and in bounded time.

A choice that was tried at a place and led nowhere is not tried there again, so that the time is at most the length of
the program times that of the text. With references to groups that does not hold; there the run's budget is the bound.
"""

import functools
from collections.abc import Iterator

from zhengtong.engines.feel.patterns.errors import PatternError
from zhengtong.engines.feel.patterns.program import (
    AGAIN,
    END,
    FOUND,
    JUMP,
    MARK,
    MOVED,
    ONE,
    SAVE,
    SPLIT,
    START,
    Program,
)
from zhengtong.engines.feel.patterns.reading import read_pattern
from zhengtong.engines.feel.patterns.sets import variants
from zhengtong.engines.feel.running import Run

Places = tuple[int, ...]
State = tuple[int, int, Places]
_STEPS_AT_ONCE = 1024


class Pattern:
    """A pattern ready to be searched for."""

    def __init__(self, pattern: str, flags: str) -> None:
        tree, self.groups = read_pattern(pattern, flags)
        self.program = Program(tree, self.groups)
        self.lines = "m" in flags
        self.folded = "i" in flags

    def search(self, text: str, start: int, run: Run) -> Places | None:
        """Where the first match from `start` on begins and ends, then the same of each group.

        A group that has no part in the match is at -1.
        """
        tried: set[int] = set()
        none = (-1,) * (self.program.registers - 1)
        for place in range(start, len(text) + 1):
            waiting: list[State] = [(0, place, (place, *none))]
            while waiting:
                found = self._follow(text, waiting, tried, run)
                if found is not None:
                    return found
        return None

    def _follow(self, text: str, waiting: list[State], tried: set[int], run: Run) -> Places | None:
        """Follow the last of the states that wait, until it matches, fails, or has taken many steps."""
        code, length = self.program.code, len(text)
        at, place, places = waiting.pop()
        steps = 0
        for steps in range(_STEPS_AT_ONCE):  # noqa: B007 (counted for the budget)
            operation, first, second = code[at]
            at += 1
            if operation == ONE:
                if place >= length or text[place] not in first:
                    break
                place += 1
            elif operation == SPLIT:
                key = at * (length + 1) + place
                if key in tried:
                    break
                if not self.program.refers:
                    tried.add(key)
                waiting.append((second, place, places))
                at = first
            elif operation == JUMP:
                at = first
            elif operation == FOUND:
                return (places[0], place, *places[2 : 2 * (self.groups + 1)])
            else:
                went_on = self._other(operation, first, text, place, places)
                if went_on is None:
                    break
                place, places = went_on
        else:
            waiting.append((at, place, places))
        run.spend(1 + (steps >> 1))
        return None

    def _other(self, operation: int, first: int, text: str, place: int, places: Places) -> tuple[int, Places] | None:
        """The rarer instructions: place and places after one, None where it does not hold."""
        if operation in (SAVE, MARK):
            return place, (*places[:first], place, *places[first + 1 :])
        if operation == MOVED:
            return (place, places) if places[first] != place else None
        if operation == AGAIN:
            return self._again(first, text, place, places)
        at_edge = self._starts(text, place) if operation == START else self._ends(text, place)
        return (place, places) if at_edge and operation in (START, END) else None

    def _starts(self, text: str, place: int) -> bool:
        return place == 0 or (self.lines and place < len(text) and text[place - 1] == "\n")

    def _ends(self, text: str, place: int) -> bool:
        return place == len(text) or (self.lines and text[place] == "\n")

    def _again(self, group: int, text: str, place: int, places: Places) -> tuple[int, Places] | None:
        start, end = places[2 * group], places[2 * group + 1]
        if start < 0 or end < 0:
            return place, places
        wanted, there = text[start:end], text[place : place + end - start]
        same = wanted == there or (
            self.folded
            and len(wanted) == len(there)
            and all(one in variants(other) for one, other in zip(wanted, there, strict=True))
        )
        return (place + len(wanted), places) if same else None

    def _each(self, text: str, run: Run) -> Iterator[Places]:
        """Matches from left to right, none inside another."""
        if self.search("", 0, run) is not None:
            raise PatternError("empty")
        start = 0
        while (found := self.search(text, start, run)) is not None:
            yield found
            start = found[1]

    def replace(self, text: str, replacement: str, run: Run) -> str:
        """Every match replaced; `$1` in the replacement is the first group, `$0` all of it."""
        pieces = _replacement(replacement, self.groups)
        made: list[str] = []
        last, length = 0, 0
        for found in self._each(text, run):
            made.append(text[last : found[0]])
            for piece in pieces:
                made.append(piece if isinstance(piece, str) else text[found[2 * piece] : found[2 * piece + 1]])
                length += len(made[-1])
            run.spend(len(pieces))
            last = found[1]
            if length > run.limits.characters:
                break  # the caller refuses what is too long
        return "".join((*made, text[last:]))

    def split(self, text: str, run: Run) -> list[str]:
        """What stands between matches."""
        parts: list[str] = []
        last = 0
        for found in self._each(text, run):
            parts.append(text[last : found[0]])
            last = found[1]
        return [*parts, text[last:]]


def _replacement(text: str, groups: int) -> list[str | int]:
    """A replacement in pieces: texts, and numbers of groups."""
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        character, after = text[at], text[at + 1 : at + 2]
        at += 1
        if character == "\\":
            if after not in ("\\", "$"):
                raise PatternError("replacement")
            pieces.append(after)
            at += 1
        elif character == "$":
            if not (after.isascii() and after.isdigit()):
                raise PatternError("replacement")
            number, at = _group_number(text, at, groups)
            if number <= groups:
                pieces.append(number)
        else:
            pieces.append(character)
    return pieces


def _group_number(text: str, at: int, groups: int) -> tuple[int, int]:
    """The number at a place, as long as there is such a group, and where it ends."""
    number = int(text[at])
    at += 1
    while at < len(text) and text[at] in "0123456789" and number * 10 + int(text[at]) <= groups:
        number = number * 10 + int(text[at])
        at += 1
    return number, at


@functools.lru_cache(maxsize=256)
def pattern_of(pattern: str, flags: str) -> Pattern:
    """A pattern, kept for the next time; PatternError for what is none."""
    return Pattern(pattern, flags)
