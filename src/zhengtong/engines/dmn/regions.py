"""Where rules of a table leave something out, cover one another, or meet: searched exactly, within a bound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from zhengtong.engines.dmn.domains import Axis, Piece

MOST_WORK = 100_000


class TooMuch(Exception):
    """The search has looked at as much as it may."""


@dataclass(slots=True)
class Space:
    """All combinations of what the columns may have; `work` counts what was looked at."""

    axes: Sequence[Axis]
    every: int
    work: int = field(default=0, init=False)

    def gaps(self, most: int) -> Iterator[tuple[Piece, ...]]:
        """Combinations that no rule covers, at most so many; pieces in the order of the axes."""
        yield from islice(self._uncovered(self.every, [axis.pieces for axis in self.axes]), most)

    def covered(self, rule: int, by: int) -> bool:
        """Whether every case of a rule (its place) is also one of the rules `by` (bits)."""
        bit = 1 << rule
        pieces = [tuple(piece for piece in axis.pieces if piece.rules & bit) for axis in self.axes]
        return next(self._uncovered(by, pieces), None) is None

    def meet(self, rule: int) -> int:
        """The bits of the rules that share a case with this one."""
        bit = 1 << rule
        partners = self.every & ~bit
        for axis in self.axes:
            here = 0
            for piece in axis.pieces:
                if piece.rules & bit:
                    here |= piece.rules
            partners &= here
        return partners

    def example(self, rules: int) -> tuple[Piece, ...]:
        """A case that all these rules share."""
        return tuple(next(piece for piece in axis.pieces if piece.rules & rules == rules) for axis in self.axes)

    def _uncovered(self, rules: int, pieces: Sequence[Sequence[Piece]]) -> Iterator[tuple[Piece, ...]]:
        """Combinations of `pieces` that none of `rules` covers; what is alike from some axis on is told once."""
        rest = [0] * len(pieces) + [-1]  # rules that cover everything from an axis on
        for place in reversed(range(len(pieces))):
            whole = rest[place + 1]
            for piece in pieces[place]:
                whole &= piece.rules
            rest[place] = whole
        if not all(pieces):
            return
        seen: set[tuple[int, int]] = set()
        open_: list[tuple[int, int, tuple[Piece, ...]]] = [(0, rules, ())]
        while open_:
            place, left, chosen = open_.pop()
            self._count()
            if left & rest[place]:
                continue
            if place == len(pieces) or not left:
                yield (*chosen, *(those[0] for those in pieces[len(chosen) :]))
                continue
            for piece in reversed(pieces[place]):
                following = (place + 1, left & piece.rules)
                if following not in seen:
                    seen.add(following)
                    open_.append((*following, (*chosen, piece)))

    def _count(self) -> None:
        self.work += 1
        if self.work > MOST_WORK:
            raise TooMuch
