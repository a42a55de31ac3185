"""Where everything of one level stands: columns side by side, in each column one under another, lane by lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhengtong.engines.bpmn.layout.boxes import Box
from zhengtong.engines.bpmn.layout.layering import Columns

ROW_GAP = 30
COLUMN_GAP = 50
CHANNEL = 10  # between two lines that run side by side
NARROWEST = 100  # of a column, so that names under events have room


@dataclass(frozen=True, slots=True)
class Size:
    """How large a step is drawn, and what is kept free under it."""

    width: int
    height: int
    below: int = 0


BEND = Size(0, 10)


@dataclass
class Grid:
    """Boxes of steps and bends; `gaps` are where the free strips left of each column begin, and right of the last.

    `lanes` has for each rank from where to where its band reaches. All begins at 0, 0.
    """

    boxes: dict[str, Box] = field(default_factory=dict)
    gaps: list[int] = field(default_factory=list)
    lanes: dict[int, tuple[int, int]] = field(default_factory=dict)
    width: int = 0
    height: int = 0


def place(found: Columns, sizes: Mapping[str, Size], ranks: Mapping[str, int], lines: Mapping[int, int]) -> Grid:
    """The grid; `lines` says how many lines turn in each strip (strip 0 is left of the first column)."""
    grid = Grid()
    tops = _tops(found, sizes, ranks)
    bands = _bands(tops, sizes, ranks)
    x = 0
    for number, column in enumerate(found.columns):
        grid.gaps.append(x)
        x += COLUMN_GAP + CHANNEL * lines.get(number, 0)
        width = max(NARROWEST, *(sizes.get(name, BEND).width for name in column))
        for name in column:
            size = sizes.get(name, BEND)
            top = tops[name] + bands[ranks.get(name, 0)][0]
            grid.boxes[name] = Box(x + (width - size.width) // 2, top, size.width, size.height)
        x += width
    grid.gaps.append(x)
    grid.width = x + COLUMN_GAP + CHANNEL * lines.get(len(found.columns), 0)
    grid.lanes = {rank: (band[1], band[2]) for rank, band in bands.items()}
    grid.height = max((band[2] for band in bands.values()), default=0)
    return grid


def _tops(found: Columns, sizes: Mapping[str, Size], ranks: Mapping[str, int]) -> dict[str, int]:
    """The upper edge of everything, each lane for itself: beside what leads to it, where that is free."""
    before: dict[str, list[str]] = {}
    for chain in found.chains.values():
        for source, target in zip(chain, chain[1:], strict=False):
            before.setdefault(target, []).append(source)
    tops: dict[str, int] = {}
    for column in found.columns:
        for rank in sorted({ranks.get(name, 0) for name in column}):
            members = [name for name in column if ranks.get(name, 0) == rank]
            wanted = [_wanted(name, before, tops, sizes, ranks) for name in members]
            tops |= _stack(members, wanted, sizes)
    return tops


def _wanted(
    name: str,
    before: Mapping[str, list[str]],
    tops: Mapping[str, int],
    sizes: Mapping[str, Size],
    ranks: Mapping[str, int],
) -> int:
    near = [each for each in before.get(name, ()) if ranks.get(each, 0) == ranks.get(name, 0)]
    middles = [tops[each] + sizes.get(each, BEND).height // 2 for each in near]
    middle = sum(middles) // len(middles) if middles else 0
    return middle - sizes.get(name, BEND).height // 2


def _stack(members: Sequence[str], wanted: Sequence[int], sizes: Mapping[str, Size]) -> dict[str, int]:
    """One under another near where they are wanted; pushed-down ones draw the whole stack up by half."""
    tops, floor = [], None
    for name, wish in zip(members, wanted, strict=True):
        size = sizes.get(name, BEND)
        top = wish if floor is None else max(wish, floor)
        tops.append(top)
        floor = top + size.height + size.below + ROW_GAP
    drift = sum(top - wish for top, wish in zip(tops, wanted, strict=True)) // len(members)
    return {name: top - drift for name, top in zip(members, tops, strict=True)}


def _bands(
    tops: Mapping[str, int], sizes: Mapping[str, Size], ranks: Mapping[str, int]
) -> dict[int, tuple[int, int, int]]:
    """For each lane how far its members are moved down, and from where to where its band reaches."""
    reach: dict[int, tuple[int, int]] = {}
    for name, top in tops.items():
        size, rank = sizes.get(name, BEND), ranks.get(name, 0)
        low, high = reach.get(rank, (top, top))
        reach[rank] = (min(low, top), max(high, top + size.height + size.below))
    bands: dict[int, tuple[int, int, int]] = {}
    edge = 0
    for rank in sorted(set(reach) | set(ranks.values())):
        low, high = reach.get(rank, (0, 0))
        height = high - low + 2 * ROW_GAP
        bands[rank] = (edge + ROW_GAP - low, edge, edge + height)
        edge += height
    return bands
