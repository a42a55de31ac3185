"""Read which data go into an activity or event and which come out of it."""

import re
from collections.abc import Iterator
from typing import Any

from zhengtong.engines.bpmn.compilation.survey import PLACEHOLDER
from zhengtong.engines.bpmn.compilation.wiring import Draft, Wiring, bare, qualified, text_of
from zhengtong.engines.bpmn.graph import Transfer

_NAME = re.compile(r"[^\W\d][\w-]*")


def read_inputs(wiring: Wiring, draft: Draft) -> tuple[Transfer, ...]:
    """What goes in, by the name it has inside: what associations say, and data inputs that none leads to."""
    return _transfers(wiring, draft, "dataInputAssociation", "dataInput", inward=True)


def read_outputs(wiring: Wiring, draft: Draft) -> tuple[Transfer, ...]:
    """What comes out, by the variable it goes to: what associations say, and data outputs that none leads from."""
    return _transfers(wiring, draft, "dataOutputAssociation", "dataOutput", inward=False)


def _transfers(wiring: Wiring, draft: Draft, tag: str, declared: str, *, inward: bool) -> tuple[Transfer, ...]:
    associations = draft.children.get(tag, [])
    holders = [draft.element, *draft.children.get("ioSpecification", [])]
    names = [item.get("id") or "" for holder in holders for item in holder.findall(qualified(declared))]
    if not associations and not names:
        return ()
    found = [transfer for element in associations for transfer in _associated(wiring, draft, element, inward=inward)]
    side = "targetRef" if inward else "sourceRef"
    led = {bare(text_of(reference)) for element in associations for reference in element.findall(qualified(side))}
    own = (wiring.variable(name) for name in names if name not in led)
    return (*found, *(Transfer(name, source=name) for name in own))


def _associated(wiring: Wiring, draft: Draft, element: Any, *, inward: bool) -> Iterator[Transfer]:
    sources = [_item(wiring, draft, child) for child in element.findall(qualified("sourceRef"))]
    targets = [_item(wiring, draft, child) for child in element.findall(qualified("targetRef"))]
    # Drawing tools leave the end at the activity out, or put a placeholder there: it has the name of the other.
    source = sources[0] if sources else ""
    target = (targets[0] if targets else "") or (source if inward else "")
    change = element.find(qualified("transformation"))
    assignments = element.findall(qualified("assignment"))
    if len(sources) > 1 and change is None and not assignments:
        wiring.report("bpmn.data_sources", element, activity=draft.id)
    for assignment in assignments:
        yield from _assigned(wiring, draft, assignment)
    if change is not None:
        yield Transfer(target, value=wiring.expression(change, draft.element))
    elif not assignments:
        if not (target and (source or not inward)):
            wiring.report("bpmn.data_nowhere", element, activity=draft.id)
        yield Transfer(target, source=source or target)


def _assigned(wiring: Wiring, draft: Draft, assignment: Any) -> Iterator[Transfer]:
    value, target = assignment.find(qualified("from")), assignment.find(qualified("to"))
    name = "" if target is None else text_of(target)
    if value is None or not _NAME.fullmatch(name):
        wiring.report("bpmn.data_assignment", assignment, activity=draft.id, target=name[:100])
        return
    yield Transfer(wiring.variable(name), value=wiring.expression(value, draft.element))


def _item(wiring: Wiring, draft: Draft, reference: Any) -> str:
    """The variable that an end of an association means; "" for a placeholder."""
    name = bare(text_of(reference))
    tag, label = wiring.items.get(name, ("", ""))
    if not tag or tag == "dataStoreReference":
        wiring.report("bpmn.data_store" if tag else "bpmn.data_unknown", reference, item=name[:100], activity=draft.id)
    return "" if label == PLACEHOLDER else wiring.variable(name)
