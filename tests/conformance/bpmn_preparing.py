"""Make a third-party model executable without touching its flow, so that two engines can run the very same document.

Most published models are drawings: tasks of no kind, conditions in prose, events without names. What is drawn stays;
what is missing is put in, the same for everybody who runs it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZT = "https://zhengtong.example/ns/bpmn/1"
AUTOMATIC = ("scriptTask", "businessRuleTask", "serviceTask", "sendTask")
DATA = (
    *("dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "property", "ioSpecification"),
    *("dataInputAssociation", "dataOutputAssociation", "dataInput", "dataOutput", "extensionElements"),
    *("incoming", "outgoing"),
)
DECIDING = ("exclusiveGateway", "inclusiveGateway")
ALL_WAYS = 99
NAMED = {
    "messageEventDefinition": "message",
    "receiveTask": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
}
CODES = {"error": "errorCode", "escalation": "escalationCode"}


@dataclass
class Prepared:
    """The document, and for each place where a way is chosen the name of the datum and how many ways there are."""

    xml: bytes
    choices: dict[str, int] = field(default_factory=dict)

    def data(self, pick: int) -> dict[str, object]:
        """Take everywhere the way of that number, counted round."""
        return {name: pick if pick == ALL_WAYS else pick % ways for name, ways in self.choices.items()}


def prepare(xml: bytes) -> Prepared:
    """The document with everything filled in."""
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, remove_comments=True))
    prepared = Prepared(b"")
    _leave_out(root)
    for process in root.iter(q("process")):
        process.set("isExecutable", "true")
        process.attrib.pop("isClosed", None)
    _name(root)
    for element in list(root.iter(f"{{{BPMN}}}*")):
        _activity(element)
        _timer(element)
        _repeat(element)
    _conditions(root, prepared.choices)
    prepared.xml = etree.tostring(root)
    return prepared


def q(tag: str) -> str:
    """The tag in lxml's notation."""
    return f"{{{BPMN}}}{tag}"


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _leave_out(root: Any) -> None:
    """Data, extensions, pictures, and pools: each process runs by itself, its flows in document order."""
    for element in list(root.iter(*map(q, DATA), q("collaboration"))):
        element.getparent().remove(element)
    for element in list(root):
        if not str(element.tag).startswith(f"{{{BPMN}}}"):
            root.remove(element)
    for element in root.iter("*"):
        for name in [name for name in element.attrib if name.startswith("{")]:
            del element.attrib[name]
    root.set("expressionLanguage", "https://www.omg.org/spec/DMN/20191111/FEEL/")
    root.attrib.pop("typeLanguage", None)


def _name(root: Any) -> None:
    """Whatever is thrown or caught has a name; where the model gives none, that of the kind of event."""
    known = {element.get("id"): element for kind in set(NAMED.values()) for element in root.findall(q(kind))}
    for element in known.values():
        _complete(element)
    for element in list(root.iter(*map(q, NAMED))):
        kind = NAMED[_tag(element)]
        if (element.get(f"{kind}Ref") or "").rpartition(":")[2] not in known:
            name = f"any_{kind}{len(known) if kind == 'message' else ''}"
            if name not in known:
                known[name] = etree.SubElement(root, q(kind), id=name)
                _complete(known[name])
                root.insert(0, known[name])
            element.set(f"{kind}Ref", name)
        element.attrib.pop("operationRef", None)
        for child in element.findall(q("operationRef")):
            element.remove(child)


def _complete(element: Any) -> None:
    element.set("name", element.get("name") or element.get("id"))
    element.attrib.pop("itemRef", None)
    code = CODES.get(_tag(element))
    if code:
        element.set(code, element.get(code) or element.get("id"))


def _activity(element: Any) -> None:
    tag = _tag(element)
    if tag in ("task", "manualTask", "userTask"):
        element.tag = q("manualTask")
    elif tag in AUTOMATIC:
        element.tag = q("serviceTask")
        element.set(f"{{{ZT}}}action", "oracle.done@1")
    else:
        return
    for name in ("implementation", "operationRef", "messageRef", "scriptFormat", "completionQuantity"):
        element.attrib.pop(name, None)
    for child in list(element):
        if _tag(child) in ("script", "humanPerformer", "potentialOwner", "performer", "resourceRole", "rendering"):
            element.remove(child)


def _timer(element: Any) -> None:
    """Every timer is an hour; so is what waits for a condition, for which nobody gives data."""
    if _tag(element) in ("timerEventDefinition", "conditionalEventDefinition"):
        element.tag = q("timerEventDefinition")
        for child in list(element):
            element.remove(child)
        etree.SubElement(element, q("timeDuration")).text = "PT1H"


def _repeat(element: Any) -> None:
    """Loops go round twice, several instances are two."""
    tag = _tag(element)
    if tag == "standardLoopCharacteristics":
        for child in list(element):
            element.remove(child)
        element.set("loopMaximum", "2")
    elif tag == "multiInstanceLoopCharacteristics":
        for child in list(element):
            element.remove(child)
        for name in [name for name in element.attrib if name not in ("id", "isSequential")]:
            del element.attrib[name]
        etree.SubElement(element, q("loopCardinality")).text = "2"


def _conditions(root: Any, choices: dict[str, int]) -> None:
    """Where ways are chosen, each but the default has the number of its way as its condition."""
    elements = {element.get("id"): element for element in root.iter(f"{{{BPMN}}}*") if element.get("id")}
    leaving: dict[str, list[Any]] = defaultdict(list)
    for flow in root.iter(q("sequenceFlow")):
        leaving[flow.get("sourceRef")].append(flow)
    numbers: Counter[str] = Counter()
    for source, flows in leaving.items():
        deciding = source in elements and _tag(elements[source]) in DECIDING and len(flows) > 1
        conditional = any(flow.find(q("conditionExpression")) is not None for flow in flows)
        for flow in flows:
            for child in flow.findall(q("conditionExpression")):
                flow.remove(child)
        if deciding or (conditional and source in elements and "Gateway" not in _tag(elements[source])):
            numbers["all"] += 1
            name = f"pick{numbers['all']}"
            choices[name] = len(flows)
            for place, flow in _asked(elements[source], flows, deciding=deciding):
                etree.SubElement(flow, q("conditionExpression")).text = f"{name} = {place} or {name} = {ALL_WAYS}"


def _asked(source: Any, flows: list[Any], *, deciding: bool) -> Iterator[tuple[int, Any]]:
    for place, flow in enumerate(flows):
        if flow.get("id") != source.get("default"):
            yield place, flow
