"""Boxes and lines on a plane, in pixels, y growing downwards; and how large each element is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.bpmn.compilation.survey import local_name

Point = tuple[int, int]

EVENT, GATEWAY, TASK = 36, 50, (100, 80)
LABEL_ROOM = 34  # under events and gateways, whose names stand there
HEADER = 30  # the strip with the name of a pool, a lane or a sub-process
PADDING = 24
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
BESIDE: Mapping[str, tuple[int, int]] = {
    "dataObjectReference": (36, 50),
    "dataStoreReference": (50, 50),
    "textAnnotation": (160, 50),
}
"""What stands beside the flow, with its size."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> int:
        """The height of its centre."""
        return self.y + self.height // 2

    @property
    def centre(self) -> int:
        """The x of its centre."""
        return self.x + self.width // 2

    def moved(self, dx: int, dy: int) -> "Box":
        return Box(self.x + dx, self.y + dy, self.width, self.height)


@dataclass
class Picture:
    """Shapes and lines by the id of their element, in a field of `width` by `height` that begins at 0, 0."""

    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    width: int = 0
    height: int = 0

    def add(self, other: "Picture", dx: int, dy: int) -> None:
        """Lay another picture into this one; the field does not grow by itself."""
        self.shapes |= {name: box.moved(dx, dy) for name, box in other.shapes.items()}
        self.edges |= {name: tuple((x + dx, y + dy) for x, y in line) for name, line in other.edges.items()}


def is_event(tag: str) -> bool:
    return tag.endswith("Event")


def is_gateway(tag: str) -> bool:
    return tag.endswith("Gateway")


def is_flow_node(element: Any) -> bool:
    """Whether an element is a step of the flow, as drawn; boundary events are not, they hang on one."""
    tag = local_name(element)
    if tag == "boundaryEvent":
        return False
    activity = tag in CONTAINERS or tag == "callActivity" or tag == "task" or tag.endswith("Task")
    return activity or is_event(tag) or is_gateway(tag)


def plain_size(tag: str) -> tuple[int, int]:
    """How large a step without anything inside is drawn."""
    if is_event(tag):
        return EVENT, EVENT
    return (GATEWAY, GATEWAY) if is_gateway(tag) else TASK
