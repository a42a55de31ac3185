"""Compile a process for execution, or say everything that stands in the way."""

from collections.abc import Mapping
from typing import Any

from zhengtong.engines.bpmn.details import make_node
from zhengtong.engines.bpmn.errors import BpmnError, Finding, ModelRefused
from zhengtong.engines.bpmn.graph import Graph, Kind
from zhengtong.engines.bpmn.reading import Model, read
from zhengtong.engines.bpmn.survey import find, local_name, survey
from zhengtong.engines.bpmn.vocabulary import ACTIVITIES
from zhengtong.engines.bpmn.wiring import Draft, Wiring, bare, own, qualified, wire

# Moves one step may make: far more than any honest step, and the same for a small and a large process.
MOVE_LIMIT = 5000


def compile_process(model: Model, process_id: str | None = None) -> Graph:
    """The executable graph of one process of `model` (the only one, where `process_id` is None).

    Raises `BpmnError` where there is no such process and `ModelRefused` with every finding where anything in it
    would not be executed as written.
    """
    process = _choose(model, process_id)
    root = model.tree.getroot()
    wiring = wire(process, root.get("expressionLanguage") or "")
    links = _links(wiring, process)
    messages = {message.get("id"): message.get("name") or "" for message in root.findall(qualified("message"))}
    nodes = {draft.id: make_node(wiring, draft, messages, links.get(draft.id, {})) for draft in wiring.drafts.values()}
    findings = [*survey(process), *wiring.findings, *_collaboration(root, process)]
    findings.sort(key=_place)
    if any(finding.blocking for finding in findings):
        raise ModelRefused(process.get("id") or "", findings)
    return Graph(
        process=process.get("id") or "",
        name=process.get("name") or "",
        nodes=nodes,
        starts=tuple(node.id for node in nodes.values() if node.kind is Kind.START and not node.scope),
        name_en=own(process, "name-en"),
        notices=tuple(findings),
        move_limit=MOVE_LIMIT,
    )


def check(xml: bytes) -> dict[str, object]:
    """A report of plain values: `importable`, `executable` (every process compiles), `processes`, `findings`.

    Each finding has `process`, `code`, `element`, `line`, `blocking` and `message` in both languages. Never raises
    for bad input.
    """
    try:
        model = read(xml)
    except BpmnError as fault:
        return {"importable": False, "executable": False, "processes": [], "findings": [_fault(fault, "")]}
    processes: list[dict[str, object]] = []
    findings: list[dict[str, object]] = []
    for name in model.process_ids:
        executable, found = _check_process(model, name)
        processes.append({"id": name, "executable": executable})
        findings += found
    if not processes:
        findings.append(_fault(BpmnError("bpmn.no_process"), ""))
    executable = bool(processes) and all(process["executable"] for process in processes)
    return {"importable": True, "executable": executable, "processes": processes, "findings": findings}


def _check_process(model: Model, name: str) -> tuple[bool, list[dict[str, object]]]:
    try:
        found: tuple[Finding, ...] = compile_process(model, name).notices
    except ModelRefused as refusal:
        return False, [{"process": name, **finding.as_dict()} for finding in refusal.findings]
    except BpmnError as fault:
        return False, [_fault(fault, name)]
    return True, [{"process": name, **finding.as_dict()} for finding in found]


def _fault(fault: BpmnError, process: str) -> dict[str, object]:
    return {
        "process": process,
        "code": fault.code,
        "element": process,
        "line": None,
        "position": fault.position,
        "blocking": True,
        "message": {"zh-hans": fault.text("zh-hans"), "en": fault.text("en")},
    }


def _place(finding: Finding) -> int:
    return finding.line or 0


def _choose(model: Model, process_id: str | None) -> Any:
    processes = model.tree.getroot().findall(qualified("process"))
    if not processes:
        raise BpmnError("bpmn.no_process")
    if process_id is None:
        if len(processes) > 1:
            names = ", ".join(model.process_ids)
            raise BpmnError("bpmn.process_ambiguous", processes=names[:300])
        return processes[0]
    chosen = [process for process in processes if (process.get("id") or "") == process_id]
    if len(chosen) != 1:
        raise BpmnError("bpmn.process_unknown", process=process_id[:100])
    return chosen[0]


def _links(wiring: Wiring, process: Any) -> dict[str, dict[str, Any]]:
    """What nodes hang together by other than flows: boundary events, event choices, insides of sub-processes."""
    links: dict[str, dict[str, Any]] = {name: {"attached": []} for name in wiring.drafts}
    hosts = {bare(d.element.get("attachedToRef")) for d in wiring.drafts.values() if d.tag == "boundaryEvent"}
    for draft in wiring.drafts.values():
        if draft.tag == "boundaryEvent":
            _link_boundary(wiring, draft, links)
        elif draft.tag == "eventBasedGateway":
            _link_choice(wiring, draft, links, hosts)
        elif draft.tag == "subProcess":
            links[draft.id]["inner"] = _inner_start(wiring, draft.element, draft.id)
    _inner_start(wiring, process, "")
    return links


def _link_boundary(wiring: Wiring, draft: Draft, links: Mapping[str, dict[str, Any]]) -> None:
    host = bare(draft.element.get("attachedToRef"))
    target = wiring.drafts.get(host)
    if target is None or target.tag not in ACTIVITIES or target.scope != draft.scope:
        if host not in wiring.refused_ids:
            wiring.report("bpmn.boundary_host", draft.element, host=host[:100])
        return
    links[host]["attached"].append(draft.id)
    links[draft.id]["host"] = host


def _link_choice(wiring: Wiring, draft: Draft, links: Mapping[str, dict[str, Any]], hosts: set[str]) -> None:
    for flow in draft.outgoing:
        target = wiring.drafts[flow.target]
        waits = target.tag in ("intermediateCatchEvent", "receiveTask")
        if not waits or len(target.incoming) != 1 or target.id in hosts:
            wiring.report("bpmn.choice_target", target.element, gateway=draft.id)
        links[draft.id]["attached"].append(target.id)
        links[target.id]["host"] = draft.id


def _inner_start(wiring: Wiring, level: Any, scope: str) -> str:
    """The plain start event of a level; a process may have triggered ones besides, a sub-process may not."""
    starts = [d for d in wiring.drafts.values() if d.tag == "startEvent" and d.scope == scope]
    plain = [d for d in starts if not any(local_name(c).endswith("EventDefinition") for c in d.element.iter("{*}*"))]
    if not starts:
        wiring.report("bpmn.start_missing", level)
    if len(plain) > 1:
        wiring.report("bpmn.start_multiple", level)
    if scope:
        for draft in starts:
            if draft not in plain:
                wiring.report("bpmn.start_triggered", draft.element)
    return plain[0].id if plain else ""


def _collaboration(root: Any, process: Any) -> list[Finding]:
    """What a collaboration says about this process that one engine running it alone would not do."""
    inside = {element.get("id") for element in process.iter() if element.get("id")}
    findings = []
    for participant in root.iter(qualified("participant")):
        if bare(participant.get("processRef")) != process.get("id"):
            continue
        inside.add(participant.get("id"))
        if participant.find(qualified("participantMultiplicity")) is not None:
            findings.append(find("bpmn.participant_multiple", participant))
    for flow in root.iter(qualified("messageFlow")):
        if bare(flow.get("sourceRef")) in inside:
            findings.append(find("bpmn.message_flow_unsent", flow))
        elif bare(flow.get("targetRef")) in inside:
            findings.append(find("bpmn.informative", flow, blocking=False, tag="messageFlow"))
    return findings
