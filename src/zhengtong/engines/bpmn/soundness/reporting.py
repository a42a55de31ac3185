"""What is to be said of a document before use: whether it can be read, executed, and is sound."""

from dataclasses import replace

from zhengtong.engines.bpmn.compilation.compiling import check, compile_process
from zhengtong.engines.bpmn.compilation.reading import Model, read
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.soundness.examining import STATE_LIMIT, examine
from zhengtong.engines.bpmn.soundness.faults import Soundness, Verdict


def review(xml: bytes, limit: int = STATE_LIMIT) -> dict[str, object]:
    """The report of `check`, with the soundness of every process that can be executed.

    Beside what `check` gives, `soundness` is `sound`, `unsound`, `undecided`, or None where some process cannot be
    executed; each of `processes` has its own `soundness` and the `states` looked at. Findings of soundness stand
    among `findings` and have `elements` and `witness` besides. Never raises for bad input.
    """
    report = check(xml)
    processes, findings = report["processes"], report["findings"]
    assert isinstance(processes, list)
    assert isinstance(findings, list)
    verdicts: list[Verdict | None] = []
    model = read(xml) if processes else None
    for process in processes:
        result = soundness_of(model, process["id"], limit) if model is not None and process["executable"] else None
        verdicts.append(result.verdict if result else None)
        process |= {"soundness": result.verdict.value if result else None, "states": result.states if result else 0}
        findings += [{"process": process["id"], **fault.as_dict()} for fault in result.findings] if result else []
    return {**report, "soundness": _worst(verdicts)}


def soundness_of(model: Model, process: str | None = None, limit: int = STATE_LIMIT) -> Soundness | None:
    """The soundness of one process of a document, each fault with its line; None where it cannot be executed."""
    try:
        result = examine(compile_process(model, process), limit)
    except BpmnError:
        return None
    if not result.findings:
        return result
    lines = {
        element.get("id"): element.sourceline for element in model.tree.iter("{*}*") if element.get("id") is not None
    }
    faults = tuple(
        replace(fault, line=lines.get(fault.elements[0])) if fault.elements else fault for fault in result.findings
    )
    return replace(result, findings=faults)


def _worst(verdicts: list[Verdict | None]) -> str | None:
    if not verdicts or None in verdicts:
        return None
    worst = (Verdict.UNSOUND, Verdict.UNDECIDED, Verdict.SOUND)
    return next(verdict.value for verdict in worst if verdict in verdicts)
