"""Gather the flow nodes of a process and connect them by its sequence flows."""

from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.bpmn.errors import Finding
from zhengtong.engines.bpmn.graph import Flow
from zhengtong.engines.bpmn.survey import local_name, owner
from zhengtong.engines.bpmn.vocabulary import ACTIVITIES, BPMN, FLOW_NODES, ZT
from zhengtong.engines.errors import EngineError
from zhengtong.engines.feel import Expression, compile_expression


@dataclass(slots=True)
class Draft:
    """A flow node being compiled: its element, the sub-process it stands in, and its flows.

    `loose` holds "incoming" or "outgoing" where a flow of that side is broken and has its own finding.
    """

    element: Any
    tag: str
    id: str
    scope: str
    incoming: list[str] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Wiring:
    """All drafts of a process by id, with what was found wrong on the way."""

    language: str
    drafts: dict[str, Draft] = field(default_factory=dict)
    refused_ids: set[str] = field(default_factory=set)
    loose_flows: set[str] = field(default_factory=set)
    flows: dict[str, Any] = field(default_factory=dict)
    conditions: dict[str, Expression] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, element: Any, **params: object) -> None:
        """Add a blocking finding."""
        self.findings.append(Finding(code, owner(element), element.sourceline, params))


def qualified(tag: str) -> str:
    """The tag in lxml's notation."""
    return f"{{{BPMN}}}{tag}"


def wire(process: Any, language: str) -> Wiring:
    """Drafts of every executable flow node below `process`, connected. `language` is the document's default."""
    wiring = Wiring(language)
    flows: list[tuple[Any, str]] = []
    levels = [(process, "")]
    for level, scope in levels:
        for child in level.iterchildren(f"{{{BPMN}}}*"):
            tag, name = local_name(child), child.get("id") or ""
            if tag == "sequenceFlow":
                flows.append((child, scope))
            elif tag not in FLOW_NODES:
                wiring.refused_ids.add(name)
            elif name:
                wiring.drafts.setdefault(name, Draft(child, tag, name, scope))
                if tag == "subProcess":
                    levels.append((child, name))
    for flow, scope in flows:
        _connect(wiring, flow, scope)
    for draft in wiring.drafts.values():
        _compare_references(wiring, draft)
    return wiring


def _connect(wiring: Wiring, flow: Any, scope: str) -> None:
    source = _end(wiring, flow, "source")
    target = _end(wiring, flow, "target")
    name = flow.get("id") or ""
    wiring.flows[name] = flow
    if source is None or target is None:
        _loosen(wiring, name, source, target)
        return
    if not source.scope == target.scope == scope:
        _loosen(wiring, name, source, target)
        wiring.report("bpmn.flow_crosses", flow)
        return
    condition = _condition(wiring, flow, source)
    source.outgoing.append(Flow(name, target.id, condition, flow.get("name") or "", own(flow, "name-en")))
    target.incoming.append(name)


def _loosen(wiring: Wiring, flow: str, source: Draft | None, target: Draft | None) -> None:
    wiring.loose_flows.add(flow)
    if source is not None:
        source.loose.add("outgoing")
    if target is not None:
        target.loose.add("incoming")


def _end(wiring: Wiring, flow: Any, side: str) -> Draft | None:
    name = flow.get(f"{side}Ref") or ""
    draft = wiring.drafts.get(name)
    if draft is None and (name not in wiring.refused_ids or not name):
        wiring.report(f"bpmn.flow_{side}_missing", flow, source=name[:100], target=name[:100])
    return draft


def _condition(wiring: Wiring, flow: Any, source: Draft) -> Expression | None:
    element = flow.find(qualified("conditionExpression"))
    if element is None:
        return None
    if source.tag not in ACTIVITIES and source.tag != "exclusiveGateway":
        wiring.report("bpmn.condition_forbidden", flow)
        return None
    language = element.get("language") or wiring.language
    if not is_feel(language):
        wiring.report("bpmn.language_unsupported", flow, language=language[:100])
        return None
    text = "".join(element.itertext()).strip()
    try:
        if text not in wiring.conditions:
            wiring.conditions[text] = compile_expression(text)
        return wiring.conditions[text]
    except EngineError as fault:
        wiring.report(
            "bpmn.condition_unreadable",
            flow,
            condition=text[:200],
            reason_zh=fault.text("zh-hans"),
            reason_en=fault.text("en"),
        )
        return None


def is_feel(language: str) -> bool:
    """Whether an expression language, as BPMN documents name it, is FEEL; unnamed counts as FEEL here."""
    return not language or language.lower() == "feel" or "/FEEL" in language


def _compare_references(wiring: Wiring, draft: Draft) -> None:
    """`incoming` and `outgoing` may be left out, but where written they must agree with the flows' ends."""
    leaving = _references(draft, "outgoing")
    for tag, named, real in (
        ("incoming", _references(draft, "incoming"), set(draft.incoming)),
        ("outgoing", leaving, {flow.id for flow in draft.outgoing}),
    ):
        for name in named:
            if name not in real and name not in wiring.loose_flows:
                wiring.report("bpmn.flow_reference", draft.element, tag=tag, flow=name[:100])
    rank = {name: place for place, name in enumerate(leaving)}
    draft.outgoing.sort(key=lambda flow: rank.get(flow.id, len(rank)))


def _references(draft: Draft, tag: str) -> list[str]:
    return [bare(child.text) for child in draft.element.iterchildren(qualified(tag))]


def own(element: Any, name: str) -> str:
    """The value of one of our own attributes, or empty text."""
    return (element.get(f"{{{ZT}}}{name}") or "").strip()


def bare(name: str | None) -> str:
    """A QName reference without its prefix; ids hold no colon."""
    return (name or "").strip().rpartition(":")[2]
