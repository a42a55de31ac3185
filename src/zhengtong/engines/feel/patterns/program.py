"""From the tree of a pattern to the steps of a small machine.

Each instruction is a tuple: an operation and what it works with. Repeats with numbers are written out, so a program
may be longer than its pattern; it is bounded.
"""

from typing import Any

from zhengtong.engines.feel.patterns.errors import PatternError
from zhengtong.engines.feel.patterns.reading import (
    Choice,
    Edge,
    Group,
    One,
    Part,
    Repeat,
    Sequence,
)

ONE, SPLIT, JUMP, SAVE, START, END, AGAIN, MARK, MOVED, FOUND = range(10)
Instruction = tuple[int, Any, Any]
LONGEST = 20_000


class Program:
    """The instructions; `registers` counts the places it keeps: two for each group, one for each loop."""

    def __init__(self, tree: Part, groups: int) -> None:
        self.code: list[Instruction] = []
        self.registers = 2 * (groups + 1)
        self.refers = False
        self._add(tree)
        self._emit(FOUND)

    def _emit(self, operation: int, first: Any = None, second: Any = None) -> int:
        if len(self.code) >= LONGEST:
            raise PatternError("long")
        self.code.append((operation, first, second))
        return len(self.code) - 1

    def _add(self, part: Part) -> None:
        if isinstance(part, One):
            self._emit(ONE, part.of)
        elif isinstance(part, Sequence):
            for one in part.parts:
                self._add(one)
        elif isinstance(part, Choice):
            self._choice(part)
        elif isinstance(part, Group):
            self._group(part)
        elif isinstance(part, Repeat):
            self._repeat(part)
        elif isinstance(part, Edge):
            self._emit(START if part.start else END)
        else:
            self.refers = True
            self._emit(AGAIN, part.group)

    def _choice(self, part: Choice) -> None:
        exits = []
        for option in part.options[:-1]:
            split = self._emit(SPLIT)
            self._add(option)
            exits.append(self._emit(JUMP))
            self.code[split] = (SPLIT, split + 1, len(self.code))
        self._add(part.options[-1])
        for place in exits:
            self.code[place] = (JUMP, len(self.code), None)

    def _group(self, part: Group) -> None:
        if part.number is None:
            self._add(part.inner)
            return
        self._emit(SAVE, 2 * part.number)
        self._add(part.inner)
        self._emit(SAVE, 2 * part.number + 1)

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self._add(part.inner)
        if part.most is None:
            self._loop(part)
            return
        splits = []
        for _ in range(part.most - part.least):
            splits.append(self._emit(SPLIT))
            self._add(part.inner)
        for split in splits:
            self._aim(split, len(self.code), part.lazy)

    def _loop(self, part: Repeat) -> None:
        """Any number of times; a round that takes no character is the last."""
        split = self._emit(SPLIT)
        empty = may_be_empty(part.inner)
        if empty:
            register = self.registers
            self.registers += 1
            self._emit(MARK, register)
        self._add(part.inner)
        if empty:
            self._emit(MOVED, register)
        self._emit(JUMP, split)
        self._aim(split, len(self.code), part.lazy)

    def _aim(self, split: int, after: int, lazy: bool) -> None:
        self.code[split] = (SPLIT, after, split + 1) if lazy else (SPLIT, split + 1, after)


def may_be_empty(part: Part) -> bool:
    """Whether a part can match without taking a character."""
    if isinstance(part, One):
        return False
    if isinstance(part, Sequence):
        return all(map(may_be_empty, part.parts))
    if isinstance(part, Choice):
        return any(map(may_be_empty, part.options))
    if isinstance(part, Group):
        return may_be_empty(part.inner)
    return part.least == 0 or may_be_empty(part.inner) if isinstance(part, Repeat) else True
