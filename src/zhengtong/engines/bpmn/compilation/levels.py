"""What nodes hang together by other than flows: boundary events, event choices, insides of sub-processes, links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.bpmn.compilation.compensating import CANCEL, COMPENSATE, check_throws, notable, undoes, undone_by
from zhengtong.engines.bpmn.compilation.vocabulary import ACTIVITIES, AD_HOC, LEVELS
from zhengtong.engines.bpmn.compilation.wiring import Draft, Wiring, bare
from zhengtong.engines.bpmn.graph import Flow

_TRUE = ("true", "1")
# Events that are reached from inside what they hang on, so that nothing waits for them.
_REACHED = frozenset({"errorEventDefinition", "escalationEventDefinition", COMPENSATE, CANCEL})


_LOOPS = frozenset({"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"})


@dataclass(slots=True)
class Ties:
    """What a node hangs together with; the names are those of `Node`."""

    attached: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    caught: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    undo: str = ""
    undo_inside: str = ""
    noted: bool = False
    host: str = ""
    inner: str = ""
    triggered: bool = False
    to: tuple[str, ...] = ()
    role: str = ""


def tie(wiring: Wiring, process: Any) -> dict[str, Ties]:
    """The ties of each draft by id; those under "" are of the process itself."""
    ties = {name: Ties() for name in ("", *wiring.drafts)}
    hosts = {bare(d.element.get("attachedToRef")) for d in wiring.drafts.values() if d.tag == "boundaryEvent"}
    starts: dict[str, list[Draft]] = {}
    for draft in wiring.drafts.values():
        if draft.tag == "boundaryEvent":
            _boundary(wiring, draft, ties)
        elif draft.tag == "eventBasedGateway":
            _choice(wiring, draft, ties, hosts)
        elif draft.tag == "startEvent":
            starts.setdefault(draft.scope, []).append(draft)
    for draft in wiring.drafts.values():
        if draft.tag == AD_HOC:
            _improvise(wiring, draft, ties)
        elif draft.tag in LEVELS:
            _inside(wiring, draft, starts.get(draft.id, []), ties)
    _compensate(wiring, process, ties)
    _instantiating(wiring, ties)
    if starts.get("") or not any(draft.tag != "startEvent" and begins(draft) for draft in wiring.drafts.values()):
        _begin(wiring, process, starts.get("", []))
    _follow_links(wiring)
    return ties


def begins(draft: Draft) -> bool:
    """Whether an instance may begin at it, without any flow that leads to it."""
    return draft.tag == "startEvent" or draft.element.get("instantiate") in _TRUE


def _instantiating(wiring: Wiring, ties: Mapping[str, Ties]) -> None:
    """Receive tasks and event gateways that begin an instance stand in the process itself."""
    for draft in wiring.drafts.values():
        if draft.tag == "startEvent":
            if not draft.scope:
                ties[""].starts.append(draft.id)
        elif begins(draft):
            if draft.scope:
                wiring.report("bpmn.instantiate_inside", draft.element)
            elif draft.tag == "eventBasedGateway":
                ties[""].starts += ties[draft.id].watched
            else:
                ties[""].starts.append(draft.id)
        elif draft.element.get("eventGatewayType") == "Parallel":
            wiring.report("bpmn.choice_parallel", draft.element)


def _boundary(wiring: Wiring, draft: Draft, ties: Mapping[str, Ties]) -> None:
    host = bare(draft.element.get("attachedToRef"))
    target = wiring.drafts.get(host)
    if target is None or target.tag not in ACTIVITIES or target.scope != draft.scope or is_handler(target):
        if host not in wiring.refused_ids:
            wiring.report("bpmn.boundary_host", draft.element, host=host[:100])
        return
    ties[draft.id].host = host
    if COMPENSATE in draft.children:  # which is looked for once the activity is completed
        return
    ties[host].attached.append(draft.id)
    (ties[host].caught if _REACHED.intersection(draft.children) else ties[host].watched).append(draft.id)


def _choice(wiring: Wiring, draft: Draft, ties: Mapping[str, Ties], hosts: set[str]) -> None:
    for flow in draft.outgoing:
        target = wiring.drafts[flow.target]
        waits = target.tag in ("intermediateCatchEvent", "receiveTask")
        if not waits or len(target.incoming) != 1 or target.id in hosts or _LOOPS.intersection(target.children):
            wiring.report("bpmn.choice_target", target.element, gateway=draft.id)
        ties[draft.id].attached.append(target.id)
        ties[draft.id].watched.append(target.id)
        ties[target.id].host = draft.id


def _inside(wiring: Wiring, draft: Draft, starts: list[Draft], ties: Mapping[str, Ties]) -> None:
    """How a sub-process begins: by its plain start event, or, beside what runs around it, by the one that triggers."""
    if not is_handler(draft):
        for start in starts:
            if is_triggered(start):
                wiring.report("bpmn.start_triggered", start.element)
        ties[draft.id].inner = _begin(wiring, draft.element, starts)
        return
    ties[draft.id].triggered = True
    if len(starts) != 1 or not is_triggered(starts[0]):
        wiring.report("bpmn.handler_start", draft.element)
    for start in starts:
        ties[draft.id].inner = start.id
        if COMPENSATE in start.children:
            _undo_inside(wiring, draft, start, ties)
        else:
            ties[draft.scope].handlers.append(start.id)


def _undo_inside(wiring: Wiring, draft: Draft, start: Draft, ties: Mapping[str, Ties]) -> None:
    """An event sub-process that undoes the sub-process around it."""
    if not draft.scope or start.element.get("isInterrupting", "true") not in _TRUE:
        wiring.report("bpmn.compensation_start", start.element)
    elif ties[draft.scope].undo_inside:
        wiring.report("bpmn.compensation_twice", start.element, activity=draft.scope)
    else:
        ties[draft.scope].undo_inside = start.id


def _compensate(wiring: Wiring, process: Any, ties: Mapping[str, Ties]) -> None:
    """What undoes each activity, and which leave a note so that they can be."""
    undone = undone_by(wiring, process)
    inside = {name: tied.undo_inside for name, tied in ties.items() if tied.undo_inside}
    for name, handler in undone.items():
        if name in ties:
            ties[name].undo = handler
        if name in inside:
            wiring.report("bpmn.compensation_twice", wiring.drafts[name].element, activity=name)
    noted = notable(wiring, undone, inside)
    for name in noted:
        ties[name].noted = True
    check_throws(wiring, noted)


def _improvise(wiring: Wiring, draft: Draft, ties: Mapping[str, Ties]) -> None:
    """What may be started in an ad-hoc sub-process: its activities that no flow leads to."""
    for inner in wiring.drafts.values():
        if inner.scope != draft.id:
            continue
        if inner.tag in ("startEvent", "endEvent"):
            wiring.report("bpmn.adhoc_event", inner.element)
        elif is_startable(wiring, inner):
            ties[draft.id].offers.append(inner.id)
    if not ties[draft.id].offers:
        wiring.report("bpmn.adhoc_empty", draft.element)


def is_improvised(wiring: Wiring, draft: Draft) -> bool:
    """Whether it is an activity of an ad-hoc sub-process."""
    around = wiring.drafts.get(draft.scope)
    return around is not None and around.tag == AD_HOC and draft.tag in ACTIVITIES and not is_handler(draft)


def is_startable(wiring: Wiring, draft: Draft) -> bool:
    """Whether people may start it in an ad-hoc sub-process, since no flow does."""
    flows = draft.incoming or "incoming" in draft.loose or "incoming" in draft.children
    return is_improvised(wiring, draft) and not flows and not undoes(draft)


def _begin(wiring: Wiring, level: Any, starts: list[Draft]) -> str:
    """The plain start event of a level, of which there is at most one."""
    plain = [draft for draft in starts if not is_triggered(draft)]
    if not starts:
        wiring.report("bpmn.start_missing", level)
    if len(plain) > 1:
        wiring.report("bpmn.start_multiple", level)
    for draft in starts:
        if _REACHED.intersection(draft.children):
            wiring.report("bpmn.start_caught", draft.element)
        if draft.element.get("isInterrupting", "true") not in _TRUE:
            wiring.report("bpmn.start_beside", draft.element)
    return plain[0].id if plain else ""


def is_triggered(draft: Draft) -> bool:
    """Whether a start event waits for something."""
    return any(tag.endswith("EventDefinition") for tag in draft.children)


def is_handler(draft: Draft) -> bool:
    """Whether it is an event sub-process."""
    return draft.tag in LEVELS and draft.element.get("triggeredByEvent") in _TRUE


def _follow_links(wiring: Wiring) -> None:
    """A link is a flow that is not drawn: from each event that throws it to the one of its level that catches it."""
    targets: dict[tuple[str, str], Draft] = {}
    linked = [draft for draft in wiring.drafts.values() if "linkEventDefinition" in draft.children]
    for draft in linked:
        if draft.tag == "intermediateCatchEvent":
            if targets.setdefault((draft.scope, _link_name(draft)), draft) is not draft:
                wiring.report("bpmn.link_twice", draft.element, link=_link_name(draft))
            if draft.incoming:
                wiring.report("bpmn.incoming_forbidden", draft.element)
    for draft in linked:
        if draft.tag == "intermediateThrowEvent":
            target = targets.get((draft.scope, _link_name(draft)))
            if draft.outgoing:
                wiring.report("bpmn.outgoing_forbidden", draft.element)
            elif target is None:
                wiring.report("bpmn.link_lost", draft.element, link=_link_name(draft))
            else:
                draft.outgoing.append(Flow(draft.id, target.id))
                target.incoming.append(draft.id)


def _link_name(draft: Draft) -> str:
    return draft.children["linkEventDefinition"][0].get("name") or ""
