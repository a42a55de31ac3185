"""Lanes of a process: which band each step stands in, and the boxes of lanes within lanes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.bpmn.compilation.wiring import bare, qualified
from zhengtong.engines.bpmn.layout.boxes import HEADER, Box


@dataclass
class Lanes:
    """`rank` has the band of each step, from above; `spans` each lane with its first and last band and its depth."""

    rank: dict[str, int] = field(default_factory=dict)
    spans: list[tuple[str, int, int, int]] = field(default_factory=list)
    count: int = 0
    depth: int = 1

    def boxes(self, bands: Mapping[int, tuple[int, int]], width: int) -> dict[str, Box]:
        """The box of each lane, the field being `width` wide."""
        return {
            name: Box(HEADER * deep, bands[first][0], width - HEADER * deep, bands[last][1] - bands[first][0])
            for name, first, last, deep in self.spans
        }


def lanes_of(process: Any) -> Lanes | None:
    """The lanes of a process (of its first set), None where it has none that can be drawn."""
    lane_set = process.find(qualified("laneSet"))
    if lane_set is None:
        return None
    lanes = Lanes()
    for lane in lane_set.iterchildren(qualified("lane")):
        _enter(lane, 0, lanes)
    return lanes if lanes.spans else None


def _enter(lane: Any, deep: int, lanes: Lanes) -> None:
    first = lanes.count
    lanes.depth = max(lanes.depth, deep + 1)
    inner = [each for child in lane.iterchildren(qualified("childLaneSet")) for each in child]
    for each in inner:
        if each.tag == qualified("lane"):
            _enter(each, deep + 1, lanes)
    if lanes.count == first:
        lanes.count += 1
    for reference in lane.iterchildren(qualified("flowNodeRef")):
        lanes.rank.setdefault(bare(reference.text), first)
    if lane.get("id"):
        lanes.spans.append((lane.get("id"), first, lanes.count - 1, deep))
