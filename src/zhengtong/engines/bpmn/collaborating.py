"""What a collaboration says about the one pool that is executed: its own messages, in and out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.bpmn.errors import Finding
from zhengtong.engines.bpmn.survey import find, local_name
from zhengtong.engines.bpmn.wiring import bare, qualified

_SENDING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_RECEIVING = frozenset({"receiveTask", "intermediateCatchEvent", "startEvent", "boundaryEvent"})


@dataclass(slots=True)
class Collaboration:
    """Where the message flows from each element of the process lead, and what is wrong or has no effect."""

    to: dict[str, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def collaborate(root: Any, process: Any) -> Collaboration:
    """What the collaborations of a document say about `process`."""
    result = Collaboration()
    inside = {element.get("id"): local_name(element) for element in process.iter(f"{qualified('')}*")}
    for participant in root.iter(qualified("participant")):
        if bare(participant.get("processRef")) == process.get("id"):
            inside[participant.get("id")] = "participant"
            if participant.find(qualified("participantMultiplicity")) is not None:
                result.findings.append(find("bpmn.participant_multiple", participant))
    inside.pop(None, None)
    for flow in root.iter(qualified("messageFlow")):
        _flow(result, inside, flow)
    return result


def _flow(result: Collaboration, inside: Mapping[Any, str], flow: Any) -> None:
    source, target = bare(flow.get("sourceRef")), bare(flow.get("targetRef"))
    if source in inside:
        if target in inside:
            result.findings.append(find("bpmn.message_flow_inside", flow))
        elif inside[source] in _SENDING:
            result.to[source] = (*result.to.get(source, ()), target)
        else:
            result.findings.append(find("bpmn.message_flow_unsent", flow, source=source))
    elif target in inside and inside[target] not in _RECEIVING:
        result.findings.append(find("bpmn.informative", flow, blocking=False, tag="messageFlow"))
