"""What a collaboration says about one pool that is executed: its own messages, in and out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.bpmn.compilation.survey import find, local_name, strange
from zhengtong.engines.bpmn.compilation.wiring import bare, qualified
from zhengtong.engines.bpmn.errors import Finding

_SENDING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_RECEIVING = frozenset({"receiveTask", "intermediateCatchEvent", "startEvent", "boundaryEvent"})


@dataclass(slots=True)
class Collaboration:
    """Where the message flows from each element of the process lead, and what is wrong or has no effect.

    `messages` has the name of the message of elements with one message flow, as that flow tells it.
    """

    to: dict[str, tuple[str, ...]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def collaborate(root: Any, process: Any, declared: Mapping[str, str]) -> Collaboration:
    """What the collaborations of a document say about `process`; `declared` has the names of messages by id."""
    result = Collaboration()
    pools, flows = list(root.iter(qualified("participant"))), list(root.iter(qualified("messageFlow")))
    if not pools and not flows:
        return result
    inside, closed = _ends(result, process, pools)
    several: set[str] = set()
    for flow in flows:
        _flow(result, inside, closed, flow)
        for end in (bare(flow.get("sourceRef")), bare(flow.get("targetRef"))):
            if end in result.messages:
                several.add(end)
            elif inside.get(end, "participant") != "participant":
                result.messages[end] = _name(flow, declared)
    for end in several:
        del result.messages[end]
    return result


def _ends(result: Collaboration, process: Any, pools: list[Any]) -> tuple[dict[Any, str], set[Any]]:
    """The tags of what message flows may leave and reach in the process, by id, its pool among them; and the pools of
    which nothing is drawn, so that nobody but a reader expects anything of a flow to them."""
    inside = {element.get("id"): local_name(element) for element in process.iter(f"{qualified('')}*")}
    closed = set()
    for participant in pools:
        if bare(participant.get("processRef")) == process.get("id"):
            inside[participant.get("id")] = "participant"
            result.findings += strange(participant)
            if participant.find(qualified("participantMultiplicity")) is not None:
                result.findings.append(find("bpmn.participant_multiple", participant))
        elif not participant.get("processRef"):
            closed.add(participant.get("id"))
    inside.pop(None, None)
    return inside, closed


def _name(flow: Any, declared: Mapping[str, str]) -> str:
    return declared.get(bare(flow.get("messageRef")), "") or flow.get("name") or flow.get("id") or ""


def _flow(result: Collaboration, inside: Mapping[Any, str], closed: set[Any], flow: Any) -> None:
    source, target = bare(flow.get("sourceRef")), bare(flow.get("targetRef"))
    if source in inside or target in inside:
        result.findings += strange(flow)
    if source in inside:
        if target in inside:
            result.findings.append(find("bpmn.message_flow_inside", flow))
        elif inside[source] in _SENDING:
            result.to[source] = (*result.to.get(source, ()), target)
        elif target in closed:
            result.findings.append(find("bpmn.informative", flow, blocking=False, tag="messageFlow"))
        else:
            result.findings.append(find("bpmn.message_flow_unsent", flow, source=source))
    elif target in inside and inside[target] not in _RECEIVING:
        result.findings.append(find("bpmn.informative", flow, blocking=False, tag="messageFlow"))
