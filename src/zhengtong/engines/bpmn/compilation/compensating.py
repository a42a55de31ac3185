"""What is undone by what: compensation handlers, event sub-processes that compensate, and transactions."""

from collections.abc import Mapping
from typing import Any

from zhengtong.engines.bpmn.compilation.vocabulary import ACTIVITIES, TRANSACTION
from zhengtong.engines.bpmn.compilation.wiring import Draft, Wiring, bare, qualified

COMPENSATE, CANCEL = "compensateEventDefinition", "cancelEventDefinition"
_TRUE = ("true", "1")


def undone_by(wiring: Wiring, process: Any) -> dict[str, str]:
    """The activity that undoes each activity, by id; what is drawn wrong is reported."""
    leading: dict[str, list[str]] = {}
    for association in process.iter(qualified("association")):
        ends = bare(association.get("sourceRef")), bare(association.get("targetRef"))
        for event, activity in (ends, ends[::-1]):
            draft = wiring.drafts.get(activity)
            if draft is not None and undoes(draft):
                leading.setdefault(event, []).append(activity)
    found: dict[str, str] = {}
    for draft in wiring.drafts.values():
        if draft.tag == "boundaryEvent" and COMPENSATE in draft.children:
            _tie(wiring, draft, leading.get(draft.id, []), found)
    for draft in wiring.drafts.values():
        if undoes(draft) and draft.id not in found.values():
            wiring.report("bpmn.compensation_unused", draft.element)
    return found


def undoes(draft: Draft) -> bool:
    """Whether it is begun by compensation alone."""
    return draft.tag in ACTIVITIES and draft.element.get("isForCompensation") in _TRUE


def _tie(wiring: Wiring, event: Draft, handlers: list[str], found: dict[str, str]) -> None:
    host = bare(event.element.get("attachedToRef"))
    handler = wiring.drafts[handlers[0]] if len(handlers) == 1 else None
    if handler is None or handler.scope != event.scope:
        wiring.report("bpmn.compensation_handler", event.element)
    elif found.setdefault(host, handler.id) != handler.id or host == handler.id:
        wiring.report("bpmn.compensation_twice", event.element, activity=host[:100])


def notable(wiring: Wiring, undone: Mapping[str, str], inside: Mapping[str, str]) -> frozenset[str]:
    """What leaves a note once it is completed: what is undone, and everything that such a thing stands in."""
    noted: set[str] = set()
    for name in (*undone, *inside):
        while name in wiring.drafts and name not in noted:
            noted.add(name)
            name = wiring.drafts[name].scope
    return frozenset(noted)


def check_throws(wiring: Wiring, noted: frozenset[str]) -> None:
    """Compensation is thrown for something that can be undone; transactions alone are cancelled, and say what then."""
    cancelled: set[str] = set()
    caught = {
        bare(draft.element.get("attachedToRef"))
        for draft in wiring.drafts.values()
        if draft.tag == "boundaryEvent" and CANCEL in draft.children
    }
    for draft in wiring.drafts.values():
        around = wiring.drafts.get(draft.scope)
        if draft.tag == "boundaryEvent" and CANCEL in draft.children:
            host = wiring.drafts.get(bare(draft.element.get("attachedToRef")))
            if host is None or host.tag != TRANSACTION:
                wiring.report("bpmn.cancel_misplaced", draft.element)
        elif CANCEL in draft.children:
            if around is None or around.tag != TRANSACTION:
                wiring.report("bpmn.cancel_misplaced", draft.element)
            elif around.id not in caught and around.id not in cancelled:
                cancelled.add(around.id)
                wiring.report("bpmn.cancel_uncaught", around.element)
        elif COMPENSATE in draft.children and draft.tag in ("intermediateThrowEvent", "endEvent"):
            _check_target(wiring, draft, noted)


def _check_target(wiring: Wiring, draft: Draft, noted: frozenset[str]) -> None:
    name = bare(draft.children[COMPENSATE][0].get("activityRef"))
    if not name:
        return
    level = draft.scope
    while level and wiring.drafts[level].element.get("triggeredByEvent") in _TRUE:
        level = wiring.drafts[level].scope
    target = wiring.drafts.get(name)
    if target is None or target.scope != level or name not in noted:
        wiring.report("bpmn.compensation_target", draft.element, activity=name[:100])
