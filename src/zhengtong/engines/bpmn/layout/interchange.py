"""Diagram interchange (BPMN 2.0.2 §12): whether a model is drawn whole, and writing a drawing into one that is not."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.reading import Model, read, write
from zhengtong.engines.bpmn.compilation.survey import local_name
from zhengtong.engines.bpmn.compilation.wiring import bare, qualified
from zhengtong.engines.bpmn.layout.boxes import CONTAINERS, Box, Picture, is_event, is_flow_node, is_gateway
from zhengtong.engines.bpmn.layout.drawing import lay_out

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
LABEL_WIDTH, LABEL_HEIGHT = 90, 14
_NAMESPACES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def drawn_whole(model: Model) -> bool:
    """Whether every step and every flow has its shape or line; inside of what is drawn folded none is asked for."""
    root = model.tree.getroot()
    drawn = {bare(each.get("bpmnElement")) for each in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")}
    folded = {
        bare(shape.get("bpmnElement"))
        for shape in root.iter(f"{{{BPMNDI}}}BPMNShape")
        if shape.get("isExpanded") in ("false", "0")
    }
    return bool(drawn) and all(name in drawn for name in _asked(root, folded))


def with_diagram(xml: bytes) -> bytes:
    """The document with a drawing: its own where that is whole, else ours in place of it. Raises `BpmnError`."""
    model = read(xml)
    if drawn_whole(model):
        return xml
    root = model.tree.getroot()
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    elements = [each for each in root.iter(etree.Element) if each.get("id")]
    taken = {each.get("id") for each in elements}
    tags = {each.get("id"): local_name(each) for each in elements}
    named = {each.get("id") for each in elements if each.get("name")}
    for number, (shown, picture) in enumerate(lay_out(model), 1):
        root.append(_diagram(shown, picture, number, taken, tags, named))
    return write(model)


def _asked(root: Any, folded: set[str]) -> Iterator[str]:
    waiting = [each for each in root if each.tag == qualified("process")]
    while waiting:
        for element in waiting.pop():
            if not isinstance(element.tag, str):
                continue
            name = element.get("id") or ""
            if local_name(element) in CONTAINERS and name not in folded:
                waiting.append(element)
            wanted = is_flow_node(element) or local_name(element) in ("boundaryEvent", "sequenceFlow")
            if wanted and name:
                yield name


def _diagram(
    shown: str, picture: Picture, number: int, taken: set[str], tags: Mapping[str, str], named: set[str]
) -> Any:
    maker = etree.Element(f"{{{BPMNDI}}}BPMNDiagram", nsmap=_NAMESPACES)
    maker.set("id", _free(f"drawing_{number}", taken))
    plane = etree.SubElement(maker, f"{{{BPMNDI}}}BPMNPlane", id=_free(f"plane_{number}", taken), bpmnElement=shown)
    for name, box in picture.shapes.items():
        shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=_free(f"{name}_shape", taken), bpmnElement=name)
        if tags[name] in ("participant", "lane"):
            shape.set("isHorizontal", "true")
        elif tags[name] in CONTAINERS:
            shape.set("isExpanded", "true")
        elif tags[name] == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        _bounds(shape, box)
        if name in named and (is_event(tags[name]) or is_gateway(tags[name])):
            _bounds(etree.SubElement(shape, f"{{{BPMNDI}}}BPMNLabel"), _label(tags[name], box))
    for name, line in picture.edges.items():
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=_free(f"{name}_edge", taken), bpmnElement=name)
        for x, y in line:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=str(x), y=str(y))
    return maker


def _label(tag: str, box: Box) -> Box:
    """Where the name stands: below, and beside the line that leaves a boundary event downwards."""
    if tag == "boundaryEvent":
        return Box(box.centre + 6, box.bottom + 2, LABEL_WIDTH // 2, LABEL_HEIGHT)
    return Box(box.centre - LABEL_WIDTH // 2, box.bottom + 6, LABEL_WIDTH, LABEL_HEIGHT)


def _bounds(holder: Any, box: Box) -> None:
    values = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(holder, f"{{{DC}}}Bounds", {key: str(value) for key, value in values.items()})


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name
