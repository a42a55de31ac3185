"""Compare two versions of a model: which elements came, went, or say something else; drawings are left aside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.reading import Model
from zhengtong.engines.bpmn.compilation.survey import local_name
from zhengtong.engines.bpmn.compilation.vocabulary import BPMN, FLOW_NODES, ITEMS, ZT

_THINGS = FLOW_NODES | frozenset(ITEMS) | {
    "process", "participant", "collaboration", "messageFlow", "sequenceFlow", "lane", "message", "signal", "error",
    "escalation", "textAnnotation", "association", "group", "task", "transaction", "adHocSubProcess", "complexGateway",
}  # fmt: skip
_REPEATED = frozenset({"incoming", "outgoing", "flowNodeRef"})
"""Said by the flows and steps themselves."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One element that differs: `state` is added, removed or changed; `facts` are (what, before, after) of a change."""

    state: str
    element: str
    tag: str
    name: str
    facts: tuple[tuple[str, str, str], ...] = ()


def differences(old: Model, new: Model) -> list[Difference]:
    """What is added and changed, in the order of the newer, then what is removed, in that of the older."""
    before, after = dict(_things(old)), dict(_things(new))
    found = [each for name, element in after.items() if (each := _differs(before.get(name), element)) is not None]
    gone = [element for name, element in before.items() if name not in after]
    return found + [Difference("removed", *_known(element)) for element in gone]


def _things(model: Model) -> Iterator[tuple[str, Any]]:
    for element in model.tree.getroot().iter(f"{{{BPMN}}}*"):
        if element.get("id") and local_name(element) in _THINGS:
            yield element.get("id"), element


def _known(element: Any) -> tuple[str, str, str]:
    return element.get("id"), local_name(element), element.get("name") or ""


def _differs(old: Any, new: Any) -> Difference | None:
    if old is None:
        return Difference("added", *_known(new))
    before, after = _facts(old), _facts(new)
    keys = [*after, *(key for key in before if key not in after)]
    facts = tuple((key, before.get(key, ""), after.get(key, "")) for key in keys if before.get(key) != after.get(key))
    return Difference("changed", *_known(new), facts) if facts else None


def _facts(element: Any) -> Mapping[str, str]:
    """What an element says by itself: its kind, attributes, and what is inside that is no element of its own."""
    facts = {"": local_name(element)} | {_short(key): value for key, value in element.attrib.items() if key != "id"}
    waiting = [("", child) for child in element.iterchildren(etree.Element)]
    while waiting:
        path, child = waiting.pop(0)
        tag = local_name(child)
        if tag in _REPEATED or (child.get("id") and tag in _THINGS):
            continue
        place = _free(f"{path}{tag}", facts)
        facts[place] = (child.text or "").strip()
        facts |= {f"{place}/{_short(key)}": value for key, value in child.attrib.items() if key != "id"}
        waiting += [(f"{place}/", inner) for inner in child.iterchildren(etree.Element)]
    return facts


def _free(place: str, facts: Mapping[str, str]) -> str:
    number = 2
    first = place
    while place in facts:
        place, number = f"{first} {number}", number + 1
    return place


def _short(key: str) -> str:
    """`zt:role` for our own attributes, the bare name for others."""
    namespace, _, local = key.rpartition("}")
    return f"zt:{local}" if namespace[1:] == ZT else local
