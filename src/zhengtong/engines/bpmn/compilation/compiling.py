"""Compile a process for execution, or say everything that stands in the way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from zhengtong.engines.bpmn.compilation.collaborating import collaborate
from zhengtong.engines.bpmn.compilation.declared import declared_in
from zhengtong.engines.bpmn.compilation.details import make_node
from zhengtong.engines.bpmn.compilation.lanes import roles_by_lane
from zhengtong.engines.bpmn.compilation.levels import tie
from zhengtong.engines.bpmn.compilation.reaching import reach
from zhengtong.engines.bpmn.compilation.reading import Model, read
from zhengtong.engines.bpmn.compilation.survey import find, shared_ids, survey, survey_document
from zhengtong.engines.bpmn.compilation.wiring import bare, own, qualified, wire
from zhengtong.engines.bpmn.errors import BpmnError, Finding, ModelRefused
from zhengtong.engines.bpmn.graph import Graph, Node

# Moves one step may make: far more than any honest step, and the same for a small and a large process.
MOVE_LIMIT = 5000


@dataclass
class Made:
    """What is known of one document: its processes, those compiled as they stand, each once, with their findings, and
    what is to be said of ids used twice.

    `called` has the processes that each names in its call activities, `unmet` what is to be said of those calls where
    only the document is there to meet them, and `whole` each process with those it calls in its library.
    """

    model: Model
    graphs: dict[str, tuple[Graph, tuple[Finding, ...]]] = field(default_factory=dict)
    called: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unmet: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    whole: dict[str, Graph] = field(default_factory=dict)

    @cached_property
    def processes(self) -> Mapping[str, list[Any]]:
        """The processes by id, several where it is used again, in document order; "" is that of one without an id."""
        found: dict[str, list[Any]] = {}
        for process in self.model.tree.getroot().findall(qualified("process")):
            found.setdefault(process.get("id") or "", []).append(process)
        return found

    @cached_property
    def shared(self) -> Mapping[Any, list[Finding]]:
        """Findings for ids used twice, by process; under None those beside the processes."""
        return shared_ids(self.model.tree.getroot())

    def join(self, names: Iterable[str]) -> None:
        """Make these processes whole, which call none but one another and those that are whole."""
        libraries: dict[str, dict[str, Graph]] = {name: {} for name in names if name not in self.whole}
        for name, library in libraries.items():
            self.whole[name] = replace(self.graphs[name][0], library=library)
        for name, library in libraries.items():
            library.update((each, self.whole[each]) for each in self._beneath(name))

    def _beneath(self, name: str) -> dict[str, None]:
        """A process and all that it calls, or that they call; nothing for one that calls none."""
        found = dict.fromkeys([name] if self.called[name] else [])
        waiting = list(found)
        for each in waiting:
            further = [called for called in self.called[each] if called not in found]
            found.update(dict.fromkeys(further))
            waiting += further
        return found


def compile_process(
    model: Model,
    process_id: str | None = None,
    library: Mapping[str, Graph] | None = None,
    made: Made | None = None,
) -> Graph:
    """The executable graph of one process of `model` (the only one, where `process_id` is None).

    `library` has other processes that call activities may name, by key; those of the same document need not be in it.
    `made` is kept by who compiles many of one document, so that those they call are compiled once.
    Raises `BpmnError` where there is no such process and `ModelRefused` with every finding where anything in it, or in
    a process of the document that it calls, would not be executed as written.
    """
    alone = made is None or bool(library)
    made = made or Made(model)
    beside = made.processes
    chosen = _choose(beside, process_id)
    name = chosen.get("id") or ""
    graphs = dict(library or {})
    findings: list[Finding] = []
    waiting = [chosen]
    asked = {name}
    for process in waiting:
        graph = _compiled(process, findings, made)
        graphs[graph.process] = graph
        for called in made.called[graph.process]:
            if called not in asked and called not in graphs:
                asked.add(called)
                waiting += beside.get(called, ())
    together = [process.get("id") or "" for process in waiting]
    for each in together:
        if alone:
            findings += _calls(model, graphs[each], graphs)
        else:
            if each not in made.unmet:
                made.unmet[each] = tuple(_calls(model, graphs[each], graphs))
            findings += made.unmet[each]
    findings.sort(key=_place)
    if any(finding.blocking for finding in findings):
        raise ModelRefused(name, findings)
    notices = tuple(findings)
    if not alone:
        made.join(together)
        return replace(made.whole[name], notices=notices)
    for each in together:
        graphs[each] = replace(graphs[each], notices=notices, library=graphs if made.called[each] else {})
    return graphs[name]


def _compiled(process: Any, findings: list[Finding], made: Made) -> Graph:
    """As `_compile`, once for each process in `made`."""
    name = process.get("id") or ""
    if name not in made.graphs:
        found: list[Finding] = []
        graph = _compile(process, found, made)
        made.graphs[name] = graph, tuple(found)
        made.called[name] = tuple(sorted({node.called for node in graph.nodes.values() if node.called}))
    graph, known = made.graphs[name]
    findings += known
    return graph


def _compile(process: Any, findings: list[Finding], made: Made) -> Graph:
    """One process as it stands; what is wrong with it goes to `findings`."""
    root = made.model.tree.getroot()
    wiring = wire(process, declared_in(root), root.get("expressionLanguage") or "")
    ties = tie(wiring, process)
    collaboration = collaborate(root, process, wiring.declared.messages)
    wiring.messages = collaboration.messages
    for name, others in collaboration.to.items():
        if name in ties:
            ties[name].to = others
    for name, role in roles_by_lane(wiring, process).items():
        if name in ties:
            ties[name].role = role
    nodes = {draft.id: make_node(wiring, draft, ties[draft.id]) for draft in wiring.drafts.values()}
    findings += [*made.shared.get(process, ()), *made.shared.get(None, ())]
    findings += [*survey_document(root, process), *survey(process), *wiring.findings]
    findings += collaboration.findings
    return Graph(
        process=process.get("id") or "",
        name=process.get("name") or "",
        nodes=nodes,
        starts=tuple(ties[""].starts),
        name_en=own(process, "name-en"),
        agency=own(process, "agency").strip(),
        move_limit=MOVE_LIMIT,
        handlers=tuple(ties[""].handlers),
        conditional=any(node.condition is not None for node in nodes.values()),
        reach=reach(nodes),
    )


def _calls(model: Model, graph: Graph, graphs: Mapping[str, Graph]) -> Iterator[Finding]:
    """Call activities whose process is not there, or cannot be begun."""
    for node in graph.nodes.values():
        called = graphs.get(node.called) if node.called else None
        if node.called and called is None:
            yield _at(model, node, "bpmn.call_unknown")
        elif called is not None and len([n for n in called.starts if not called.nodes[n].trigger]) != 1:
            yield _at(model, node, "bpmn.call_start")


def _at(model: Model, node: Node, code: str) -> Finding:
    element = next(found for found in model.tree.iter(qualified(node.tag)) if found.get("id") == node.id)
    return find(code, element, called=node.called[:100])


def called_outside(model: Model) -> tuple[str, ...]:
    """The processes that call activities of the document name and that are not in it, in alphabetical order."""
    named = {bare(element.get("calledElement")) for element in model.tree.iter(qualified("callActivity"))}
    return tuple(sorted(named - {"", *model.process_ids}))


def check(xml: bytes) -> dict[str, object]:
    """A report of plain values: `importable`, `executable` (every process compiles), `processes`, `findings`.

    Each finding has `process`, `code`, `element`, `line`, `blocking` and `message` in both languages. Never raises
    for bad input.
    """
    try:
        model = read(xml)
    except BpmnError as fault:
        return refused(fault)
    processes: list[dict[str, object]] = []
    findings: list[dict[str, object]] = []
    made = Made(model)
    told: set[tuple[object, ...]] = set()
    for name in model.process_ids:
        executable, found = _check_process(model, name, made)
        processes.append({"id": name, "executable": executable})
        # What a called process is told is told of its callers as well; once is enough.
        keys = [(finding["code"], finding["element"], finding["line"]) for finding in found]
        findings += [finding for finding, key in zip(found, keys, strict=True) if key not in told]
        told.update(keys)
    if not processes:
        findings.append(_fault(BpmnError("bpmn.no_process"), ""))
    executable = bool(processes) and all(process["executable"] for process in processes)
    return {"importable": True, "executable": executable, "processes": processes, "findings": findings}


def refused(fault: BpmnError) -> dict[str, object]:
    """The report of a file that is no model."""
    return {"importable": False, "executable": False, "processes": [], "findings": [_fault(fault, "")]}


def _check_process(model: Model, name: str, made: Made) -> tuple[bool, list[dict[str, object]]]:
    try:
        found: tuple[Finding, ...] = compile_process(model, name, made=made).notices
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


def _choose(beside: Mapping[str, list[Any]], process_id: str | None) -> Any:
    if not beside:
        raise BpmnError("bpmn.no_process")
    if process_id is None:
        every = [process for processes in beside.values() for process in processes]
        if len(every) > 1:
            names = ", ".join(process.get("id") or "" for process in every)
            raise BpmnError("bpmn.process_ambiguous", processes=names[:300])
        return every[0]
    chosen = beside.get(process_id, [])
    if len(chosen) > 1:
        raise BpmnError("bpmn.process_twice", position=f"line {chosen[1].sourceline}", process=process_id[:100])
    if not chosen:
        raise BpmnError("bpmn.process_unknown", process=process_id[:100])
    return chosen[0]
