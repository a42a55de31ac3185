"""A whole model drawn: processes, sub-processes, lanes, pools, what stands beside the flow, messages between pools."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.reading import Model
from zhengtong.engines.bpmn.compilation.survey import local_name
from zhengtong.engines.bpmn.compilation.wiring import bare, qualified
from zhengtong.engines.bpmn.layout.boxes import (
    BESIDE,
    CONTAINERS,
    EVENT,
    HEADER,
    LABEL_ROOM,
    PADDING,
    Box,
    Picture,
    is_event,
    is_flow_node,
    is_gateway,
    plain_size,
)
from zhengtong.engines.bpmn.layout.laning import Lanes, lanes_of
from zhengtong.engines.bpmn.layout.layering import Link, arrange
from zhengtong.engines.bpmn.layout.placing import CHANNEL, Grid, Size, place
from zhengtong.engines.bpmn.layout.routing import BACK_ROW, Router, turns

POOL_GAP = 60
EMPTY_POOL = (600, 60)
BELL_STEP = 48  # between two boundary events of one step


def lay_out(model: Model) -> list[tuple[str, Picture]]:
    """One picture a collaboration, with the processes of its pools; then one for each process that is in none.

    Each with the id of what it shows. Same model, same picture; no two shapes of a level overlap; every line begins
    and ends at the border of what it joins. What has no id cannot be drawn and is left out.
    """
    root = model.tree.getroot()
    processes = {process.get("id"): process for process in root.iterchildren(qualified("process")) if process.get("id")}
    found: list[tuple[str, Picture]] = []
    pooled: set[str] = set()
    for collaboration in root.iterchildren(qualified("collaboration")):
        if collaboration.get("id"):
            found.append((collaboration.get("id"), _pools(collaboration, processes, pooled)))
    return found + [(name, _process(process)) for name, process in processes.items() if name not in pooled]


def _pools(collaboration: Any, processes: Mapping[str, Any], pooled: set[str]) -> Picture:
    whole = Picture()
    pools: list[tuple[str, Picture | None]] = []
    for participant in collaboration.iterchildren(qualified("participant")):
        name, process = participant.get("id"), bare(participant.get("processRef"))
        if not name:
            continue
        inside = None
        if process in processes and process not in pooled:
            pooled.add(process)
            inside = _process(processes[process])
        pools.append((name, inside))
    width = max([EMPTY_POOL[0], *(inside.width + HEADER for _name, inside in pools if inside)])
    for name, inside in pools:
        height = max(inside.height if inside else 0, EMPTY_POOL[1])
        whole.shapes[name] = Box(0, whole.height, width, height)
        if inside:
            _widen_lanes(inside, processes, width - HEADER)
            whole.add(inside, HEADER, whole.height)
        whole.height += height + POOL_GAP
    whole.width = width
    _stand_beside(collaboration, whole)
    whole.edges |= dict(_ties(collaboration, whole, "messageFlow"))
    return whole


def _widen_lanes(inside: Picture, processes: Mapping[str, Any], width: int) -> None:
    """Lanes reach to the end of their pool."""
    for process in processes.values():
        for lane in process.iter(qualified("lane")):
            box = inside.shapes.get(lane.get("id") or "")
            if box is not None:
                inside.shapes[lane.get("id")] = Box(box.x, box.y, width - box.x, box.height)


def _process(process: Any) -> Picture:
    lanes = lanes_of(process)
    picture = _level(process, lanes)
    _stand_beside(process, picture)
    for level in process.iter(qualified("process"), *(qualified(tag) for tag in CONTAINERS)):
        picture.edges |= dict(_ties(level, picture, "association"))
        picture.edges |= dict(_data_ties(level, picture))
    return picture


def _level(level: Any, lanes: Lanes | None = None) -> Picture:
    """The steps of one level with their lines; lanes around them where there are some."""
    nodes = [each for each in level.iterchildren(etree.Element) if is_flow_node(each) and each.get("id")]
    bells = _bells(level, {node.get("id") for node in nodes})
    inner = {node.get("id"): _inside(node) for node in nodes if local_name(node) in CONTAINERS}
    sizes = {node.get("id"): _size(node, inner, bells.get(node.get("id"), [])) for node in nodes}
    links = list(_links(level, sizes, bells))
    ranks = {name: lanes.rank.get(name, lanes.count) if lanes else 0 for name in sizes}
    found = arrange(list(sizes), links, ranks)
    for chain in found.chains.values():
        ranks |= {bend: ranks[chain[0]] for bend in chain[1:-1]}
    if lanes:
        ranks |= {f"\0lane{rank}": rank for rank in range(lanes.count)}  # a lane without steps is a band as well
    grid = place(found, sizes, ranks, turns(found))
    picture = Picture(width=grid.width, height=grid.height + BACK_ROW * (len(found.back) + 1 if found.back else 0))
    picture.shapes |= {name: grid.boxes[name] for name in sizes}
    hung = dict(_hang(bells, grid))
    picture.shapes |= {name: box for name, (box, _height) in hung.items()}
    picture.edges |= dict(Router(found, grid, hung, Counter()).edges(links))
    for name, inside in inner.items():
        picture.add(inside, grid.boxes[name].x, grid.boxes[name].y)
    return _banded(picture, grid, lanes) if lanes else picture


def _banded(picture: Picture, grid: Grid, lanes: Lanes) -> Picture:
    """The level inside its lanes; lines that go back run in the lowest band."""
    indent = HEADER * lanes.depth
    whole = Picture(width=picture.width + indent, height=picture.height)
    bands = dict(grid.lanes)
    last = max(bands)
    bands[last] = (bands[last][0], picture.height)
    whole.shapes |= lanes.boxes(bands, whole.width)
    whole.add(picture, indent, 0)
    return whole


def _inside(node: Any) -> Picture:
    inside = _level(node)
    _stand_beside(node, inside)
    framed = Picture(width=inside.width + 2 * PADDING, height=inside.height + HEADER + PADDING)
    framed.add(inside, PADDING, HEADER)
    return framed


def _size(node: Any, inner: Mapping[str, Picture], bells: list[Any]) -> Size:
    tag, name = local_name(node), node.get("id")
    width, height = plain_size(tag)
    if name in inner:
        width, height = max(width, inner[name].width), max(height, inner[name].height)
    below = LABEL_ROOM if is_event(tag) or is_gateway(tag) else 0
    if bells:
        width, below = max(width, BELL_STEP * len(bells) + 12), EVENT // 2 + CHANNEL * (len(bells) + 1) + LABEL_ROOM
    return Size(width, height, below)


def _bells(level: Any, names: set[str]) -> dict[str, list[Any]]:
    """The boundary events of each step."""
    found: dict[str, list[Any]] = {}
    for bell in level.iterchildren(qualified("boundaryEvent")):
        host = bare(bell.get("attachedToRef"))
        if bell.get("id") and host in names:
            found.setdefault(host, []).append(bell)
    return found


def _hang(bells: Mapping[str, list[Any]], grid: Grid) -> Iterator[tuple[str, tuple[Box, int]]]:
    """Boundary events along the lower edge of their step; the lines of the left ones pass below those to the right."""
    for host, hanging in bells.items():
        box = grid.boxes[host]
        for number, bell in enumerate(hanging):
            x = box.x + 12 + BELL_STEP * number
            hung = Box(x, box.bottom - EVENT // 2, EVENT, EVENT)
            yield bell.get("id"), (hung, hung.bottom + CHANNEL * (len(hanging) - number))


def _links(level: Any, sizes: Mapping[str, Size], bells: Mapping[str, list[Any]]) -> Iterator[Link]:
    hosts = {bell.get("id"): host for host, hanging in bells.items() for bell in hanging}
    taken: set[str] = set()
    for flow in level.iterchildren(qualified("sequenceFlow")):
        name, source, target = flow.get("id"), bare(flow.get("sourceRef")), bare(flow.get("targetRef"))
        if not name or name in taken or target not in sizes:
            continue
        if source in sizes or source in hosts:
            taken.add(name)
            yield Link(name, hosts.get(source, source), target, source if source in hosts else "")


def _stand_beside(level: Any, picture: Picture) -> None:
    """Data and remarks in a row below everything; the picture grows by it."""
    x, low = PADDING, 0
    for element in level.iterchildren(etree.Element):
        size = BESIDE.get(local_name(element))
        if size is None or not element.get("id"):
            continue
        picture.shapes[element.get("id")] = Box(x, picture.height + PADDING, *size)
        x, low = x + max(size[0], 90) + PADDING, max(low, size[1])
    if low:
        picture.width, picture.height = max(picture.width, x), picture.height + low + 2 * PADDING + LABEL_ROOM


def _ties(level: Any, picture: Picture, tag: str) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    for tie in level.iterchildren(qualified(tag)):
        ends = (picture.shapes.get(bare(tie.get("sourceRef"))), picture.shapes.get(bare(tie.get("targetRef"))))
        if tie.get("id") and ends[0] is not None and ends[1] is not None:
            yield tie.get("id"), _tie(ends[0], ends[1])


def _data_ties(level: Any, picture: Picture) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    """Lines between data and the steps that take or give them."""
    for tie in level.iter(qualified("dataInputAssociation"), qualified("dataOutputAssociation")):
        given = local_name(tie) == "dataOutputAssociation"
        reference = tie.find(qualified("targetRef" if given else "sourceRef"))
        data = picture.shapes.get(bare(reference.text) if reference is not None else "")
        step = picture.shapes.get(tie.getparent().get("id") or "")
        if tie.get("id") and data is not None and step is not None:
            yield tie.get("id"), _tie(step, data) if given else _tie(data, step)


def _tie(source: Box, target: Box) -> tuple[tuple[int, int], ...]:
    """Down from the upper to the lower, by right angles where they do not stand under one another."""
    up = source.y > target.y
    start = (source.centre, source.y if up else source.bottom)
    end = (target.centre, target.bottom if up else target.y)
    if start[0] == end[0]:
        return start, end
    half = (start[1] + end[1]) // 2
    return start, (start[0], half), (end[0], half), end
