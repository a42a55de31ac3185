"""What is to be said of a document before use: whether it can be read, executed, and is sound."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from zhengtong.engines.bpmn.compilation.compiling import Made, check, compile_process, refused
from zhengtong.engines.bpmn.compilation.reading import Model, read
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Graph
from zhengtong.engines.bpmn.soundness.examining import STATE_LIMIT, Calls, examine
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
    executable = [process["id"] for process in processes if process["executable"]]
    results = _together(model, executable, limit) if model is not None else {}
    for process in processes:
        result = results.get(process["id"])
        verdicts.append(result.verdict if result else None)
        process |= {"soundness": result.verdict.value if result else None, "states": result.states if result else 0}
        findings += [{"process": process["id"], **fault.as_dict()} for fault in result.findings] if result else []
    return {**report, "soundness": _worst(verdicts)}


def _together(model: Model, names: Iterable[str], limit: int) -> dict[str, Soundness]:
    """The soundness of processes of one document, those that others call before them, so that each is examined once."""
    made = Made(model)
    graphs: dict[str, Graph] = {}
    for name in names:
        with suppress(BpmnError):
            graphs[name] = compile_process(model, name, made=made)
    calls = Calls(limit)
    lines = _lines(model)
    return {name: _placed(lines, examine(graphs[name], limit, calls)) for name in _called_first(graphs)}


def _called_first(graphs: Mapping[str, Graph]) -> list[str]:
    """The names, each after those that it calls unless they call it as well."""
    order: dict[str, None] = {}
    seen: set[str] = set()
    stack = [(name, False) for name in reversed(list(graphs))]
    while stack:
        name, done = stack.pop()
        if done:
            order[name] = None
        elif name in graphs and name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack += [(node.called, False) for node in graphs[name].nodes.values() if node.called]
    return list(order)


def unreadable(reason: str) -> dict[str, object]:
    """The report, as that of `review`, of a file that cannot be opened at all."""
    return {**refused(BpmnError("bpmn.unreadable", reason=reason)), "soundness": None}


def soundness_of(model: Model, process: str | None = None, limit: int = STATE_LIMIT) -> Soundness | None:
    """The soundness of one process of a document, each fault with its line; None where it cannot be executed."""
    try:
        return _placed(_lines(model), examine(compile_process(model, process), limit))
    except BpmnError:
        return None


def _lines(model: Model) -> dict[str, int | None]:
    """The line of each element."""
    return {element.get("id"): element.sourceline for element in model.tree.iter("{*}*") if element.get("id")}


def _placed(lines: Mapping[str, int | None], result: Soundness) -> Soundness:
    """With the line of each fault."""
    faults = tuple(
        replace(fault, line=lines.get(fault.elements[0])) if fault.elements else fault for fault in result.findings
    )
    return replace(result, findings=faults)


def _worst(verdicts: list[Verdict | None]) -> str | None:
    if not verdicts or None in verdicts:
        return None
    worst = (Verdict.UNSOUND, Verdict.UNDECIDED, Verdict.SOUND)
    return next(verdict.value for verdict in worst if verdict in verdicts)
