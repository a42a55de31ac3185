"""Compile a process for execution, or say everything that stands in the way."""

from typing import Any

from zhengtong.engines.bpmn.collaborating import collaborate
from zhengtong.engines.bpmn.declared import declared_in
from zhengtong.engines.bpmn.details import make_node
from zhengtong.engines.bpmn.errors import BpmnError, Finding, ModelRefused
from zhengtong.engines.bpmn.graph import Graph
from zhengtong.engines.bpmn.levels import tie
from zhengtong.engines.bpmn.reaching import reach
from zhengtong.engines.bpmn.reading import Model, read
from zhengtong.engines.bpmn.survey import survey
from zhengtong.engines.bpmn.wiring import own, qualified, wire

# Moves one step may make: far more than any honest step, and the same for a small and a large process.
MOVE_LIMIT = 5000


def compile_process(model: Model, process_id: str | None = None) -> Graph:
    """The executable graph of one process of `model` (the only one, where `process_id` is None).

    Raises `BpmnError` where there is no such process and `ModelRefused` with every finding where anything in it
    would not be executed as written.
    """
    process = _choose(model, process_id)
    root = model.tree.getroot()
    wiring = wire(process, declared_in(root), root.get("expressionLanguage") or "")
    ties = tie(wiring, process)
    collaboration = collaborate(root, process)
    for name, others in collaboration.to.items():
        if name in ties:
            ties[name].to = others
    nodes = {draft.id: make_node(wiring, draft, ties[draft.id]) for draft in wiring.drafts.values()}
    findings = [*survey(process), *wiring.findings, *collaboration.findings]
    findings.sort(key=_place)
    if any(finding.blocking for finding in findings):
        raise ModelRefused(process.get("id") or "", findings)
    return Graph(
        process=process.get("id") or "",
        name=process.get("name") or "",
        nodes=nodes,
        starts=tuple(ties[""].starts),
        name_en=own(process, "name-en"),
        notices=tuple(findings),
        move_limit=MOVE_LIMIT,
        handlers=tuple(ties[""].handlers),
        conditional=any(node.condition is not None for node in nodes.values()),
        reach=reach(nodes),
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
