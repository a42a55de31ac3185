"""Turn one draft into a node: how it behaves, what it names, and what is wrong with it."""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.graph import Flow, Kind, Node, Timer
from zhengtong.engines.bpmn.instants import parse_duration, parse_instant
from zhengtong.engines.bpmn.survey import local_name
from zhengtong.engines.bpmn.vocabulary import ACTIVITIES, BPMN
from zhengtong.engines.bpmn.wiring import Draft, Wiring, bare, is_feel, own, qualified

_ACTION = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+@[1-9][0-9]{0,5}", re.ASCII)

_KINDS: Mapping[str, Kind] = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "intermediateThrowEvent": Kind.PASS,
    "userTask": Kind.TASK,
    "manualTask": Kind.TASK,
    "serviceTask": Kind.ACTION,
    "businessRuleTask": Kind.DECISION,
    "receiveTask": Kind.MESSAGE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "eventBasedGateway": Kind.CHOICE,
    "subProcess": Kind.SCOPE,
}
_DEFINITIONS = ("messageEventDefinition", "timerEventDefinition", "terminateEventDefinition")


def make_node(wiring: Wiring, draft: Draft, messages: Mapping[str, str], links: Mapping[str, Any]) -> Node:
    """The node of `draft`. `messages` are names by message id, `links` what it hangs together with."""
    element = draft.element
    _check_flows(wiring, draft)
    default = _default(wiring, draft)
    _check_conditions(wiring, draft, default)
    definition = _definition(wiring, draft)
    return Node(
        id=draft.id,
        tag=draft.tag,
        kind=_kind(draft, definition),
        name=element.get("name") or "",
        name_en=own(element, "name-en"),
        stage=own(element, "stage"),
        scope=draft.scope,
        outgoing=tuple(draft.outgoing),
        conditional=_conditional(draft),
        default=default,
        incoming=len(draft.incoming),
        attached=tuple(links.get("attached", ())),
        host=links.get("host", ""),
        interrupting=element.get("cancelActivity", "true") in ("true", "1"),
        inner=links.get("inner", ""),
        role=own(element, "role"),
        outcomes=tuple(own(element, "outcomes").split()),
        form=own(element, "form"),
        action=_action(wiring, draft),
        decision=_decision(wiring, draft),
        message=_message(wiring, draft, definition, messages),
        timer=_timer(wiring, draft, definition),
    )


def _kind(draft: Draft, definition: Any) -> Kind:
    trigger = local_name(definition) if definition is not None else ""
    if draft.tag in ("intermediateCatchEvent", "boundaryEvent"):
        return Kind.TIMER if trigger == "timerEventDefinition" else Kind.MESSAGE
    if trigger == "terminateEventDefinition":
        return Kind.TERMINATE
    return _KINDS[draft.tag]


def _check_flows(wiring: Wiring, draft: Draft) -> None:
    """Where flows must and must not be (BPMN 2.0.2 §7.6.1, §10.5, §10.6)."""
    element, tag = draft.element, draft.tag
    if tag in ("startEvent", "boundaryEvent"):
        if _written(draft, "incoming"):
            wiring.report("bpmn.incoming_forbidden", element)
    elif not _written(draft, "incoming"):
        wiring.report("bpmn.incoming_missing", element)
    if tag == "endEvent":
        if _written(draft, "outgoing"):
            wiring.report("bpmn.outgoing_forbidden", element)
    elif (tag.endswith("Gateway") or tag in ("startEvent", "boundaryEvent")) and not _written(draft, "outgoing"):
        wiring.report("bpmn.outgoing_missing", element)


def _written(draft: Draft, side: str) -> bool:
    """Connected flows, or flows that are named but broken and have their own finding."""
    flows = draft.incoming if side == "incoming" else draft.outgoing
    return bool(flows) or side in draft.loose or draft.element.find(qualified(side)) is not None


def _default(wiring: Wiring, draft: Draft) -> Flow | None:
    name = draft.element.get("default")
    if not name:
        return None
    for flow in draft.outgoing:
        if flow.id == name:
            return flow
    if name not in wiring.loose_flows:
        wiring.report("bpmn.default_unknown", draft.element, flow=name[:100])
    return None


def _conditional(draft: Draft) -> bool:
    if draft.tag == "exclusiveGateway":
        return len(draft.outgoing) > 1 or any(flow.condition is not None for flow in draft.outgoing)
    return draft.tag in ACTIVITIES and any(flow.condition is not None for flow in draft.outgoing)


def _check_conditions(wiring: Wiring, draft: Draft, default: Flow | None) -> None:
    for flow in draft.outgoing:
        element = wiring.flows[flow.id]
        written = element.find(qualified("conditionExpression")) is not None
        if flow is default:
            if written:
                wiring.report("bpmn.condition_forbidden", element)
        elif draft.tag == "exclusiveGateway" and len(draft.outgoing) > 1 and not written:
            wiring.report("bpmn.condition_missing", element, gateway=draft.id)


def _definition(wiring: Wiring, draft: Draft) -> Any:
    """The one event definition of an event, or None; throw and end events may have none."""
    if not draft.tag.endswith("Event"):
        return None
    every = [
        child
        for child in draft.element.iterchildren(f"{{{BPMN}}}*")
        if local_name(child).endswith(("EventDefinition", "EventDefinitionRef"))
    ]
    needed = draft.tag in ("intermediateCatchEvent", "boundaryEvent")
    if len(every) > 1 or (needed and not every):
        wiring.report("bpmn.event_definitions", draft.element, count=len(every))
    return next((child for child in every if local_name(child) in _DEFINITIONS), None)


def _action(wiring: Wiring, draft: Draft) -> str:
    action = own(draft.element, "action")
    if draft.tag == "serviceTask":
        if not action:
            wiring.report("bpmn.action_missing", draft.element)
        elif not _ACTION.fullmatch(action):
            wiring.report("bpmn.action_unreadable", draft.element, value=action[:100])
    return action


def _decision(wiring: Wiring, draft: Draft) -> str:
    decision = own(draft.element, "decision")
    if draft.tag == "businessRuleTask" and not decision:
        wiring.report("bpmn.decision_missing", draft.element)
    return decision


def _message(wiring: Wiring, draft: Draft, definition: Any, messages: Mapping[str, str]) -> str:
    holder = draft.element if draft.tag == "receiveTask" else definition
    if holder is None or local_name(holder) not in ("receiveTask", "messageEventDefinition"):
        return ""
    name = messages.get(bare(holder.get("messageRef")), "")
    if not name:
        wiring.report("bpmn.message_missing", draft.element)
    return name


def _timer(wiring: Wiring, draft: Draft, definition: Any) -> Timer | None:
    if definition is None or local_name(definition) != "timerEventDefinition":
        return None
    clock = own(definition, "clock")
    times = [
        child for child in definition.iterchildren(etree.Element) if local_name(child) in ("timeDuration", "timeDate")
    ]
    if len(times) + bool(clock) != 1:
        if definition.find(qualified("timeCycle")) is None:
            wiring.report("bpmn.timer_missing", draft.element)
        return Timer(clock=clock)
    if clock:
        return Timer(clock=clock)
    text = "".join(times[0].itertext()).strip()
    if not is_feel(times[0].get("language") or ""):
        wiring.report("bpmn.language_unsupported", draft.element, language=times[0].get("language"))
    if local_name(times[0]) == "timeDuration":
        timer = Timer(duration=parse_duration(text))
    else:
        timer = Timer(instant=parse_instant(text))
    if timer == Timer():
        wiring.report("bpmn.timer_unreadable", draft.element, value=text[:100])
    return timer
