"""How lines run: right angles only, turning in the free strips between columns, never through a shape."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhengtong.engines.bpmn.layout.boxes import Box, Point
from zhengtong.engines.bpmn.layout.layering import Columns, Link
from zhengtong.engines.bpmn.layout.placing import CHANNEL, Grid

MARGIN = 20  # between a column and the first line beside it
BACK_ROW = 14  # between two lines that go back below everything


def turns(found: Columns) -> dict[int, int]:
    """How many lines may turn in each strip: every link once in each strip it passes, those that go back in two."""
    counted: Counter[int] = Counter()
    for chain in found.chains.values():
        counted.update(found.column_of[name] + 1 for name in chain[:-1])
    for link in found.back:
        counted.update((found.column_of[link.source] + 1, found.column_of[link.target]))
    return dict(counted)


@dataclass
class Router:
    """Gives every line that turns in a strip a channel of its own."""

    found: Columns
    grid: Grid
    bells: Mapping[str, tuple[Box, int]]  # each boundary event, and at what height its line leaves the step
    used: Counter[int]

    def edges(self, links: Sequence[Link]) -> Iterator[tuple[str, tuple[Point, ...]]]:
        """Every line, from border to border."""
        back = {link.id: number for number, link in enumerate(self.found.back)}
        for link in links:
            points = [*self._leave(link)]
            if link.id in back:
                points += self._round(link, points[-1], self.grid.height + BACK_ROW * (back[link.id] + 1))
            else:
                points += self._through(self.found.chains[link.id], points[-1])
            yield link.id, _straight(points)

    def _leave(self, link: Link) -> list[Point]:
        if link.bell:
            box, height = self.bells[link.bell]
            return [(box.centre, box.bottom), (box.centre, height)]
        box = self.grid.boxes[link.source]
        return [(box.right, box.middle)]

    def _channel(self, strip: int) -> int:
        self.used[strip] += 1
        return self.grid.gaps[strip] + MARGIN + CHANNEL * (self.used[strip] - 1)

    def _through(self, chain: Sequence[str], start: Point) -> Iterator[Point]:
        height = start[1]
        for name in chain[1:]:
            box = self.grid.boxes[name]
            if box.middle != height:
                x = self._channel(self.found.column_of[name])
                yield from ((x, height), (x, box.middle))
                height = box.middle
            yield box.x, box.middle

    def _round(self, link: Link, start: Point, below: int) -> Iterator[Point]:
        target = self.grid.boxes[link.target]
        there = self._channel(self.found.column_of[link.source] + 1)
        here = self._channel(self.found.column_of[link.target])
        yield from ((there, start[1]), (there, below), (here, below), (here, target.middle), (target.x, target.middle))


def _straight(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same line without points that lie on it anyway."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and _between(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _between(a: Point, b: Point, c: Point) -> bool:
    upright = a[0] == b[0] == c[0] and min(a[1], c[1]) <= b[1] <= max(a[1], c[1])
    level = a[1] == b[1] == c[1] and min(a[0], c[0]) <= b[0] <= max(a[0], c[0])
    return upright or level
