"""Gather the flow nodes of a process and connect them by its sequence flows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.declared import Declared
from zhengtong.engines.bpmn.compilation.survey import owner
from zhengtong.engines.bpmn.compilation.vocabulary import ACTIVITIES, BPMN, CHOOSING, FLOW_NODES, ITEMS, LEVELS, OWN, ZT
from zhengtong.engines.bpmn.errors import Finding
from zhengtong.engines.bpmn.graph import Flow
from zhengtong.engines.errors import EngineError
from zhengtong.engines.feel import Expression, compile_expression

_PREFIX = f"{{{BPMN}}}"
_CONDITION = f"{_PREFIX}conditionExpression"
_OWN: Mapping[str, str] = {name: f"{{{ZT}}}{name}" for name in OWN}
Children = Mapping[str, list[Any]]
_NONE: Children = {}


@dataclass(slots=True)
class Draft:
    """A flow node being compiled: its element, the sub-process it stands in, its children by tag, and its flows.

    `loose` holds "incoming" or "outgoing" where a flow of that side is broken and has its own finding.
    """

    element: Any
    tag: str
    id: str
    scope: str
    children: Children = field(default_factory=dict)
    incoming: list[str] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Wiring:
    """All drafts of a process by id, with what was found wrong on the way.

    `items` has tag and name of all that can hold data, `variables` the variable it stands for;
    `messages` the message of elements with one message flow.
    """

    declared: Declared
    language: str
    drafts: dict[str, Draft] = field(default_factory=dict)
    refused_ids: set[str] = field(default_factory=set)
    loose_flows: set[str] = field(default_factory=set)
    conditioned: set[str] = field(default_factory=set)
    flows: dict[str, Any] = field(default_factory=dict)
    expressions: dict[str, Expression] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    items: dict[str, tuple[str, str]] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, element: Any, **params: object) -> None:
        """Add a blocking finding."""
        self.findings.append(Finding(code, owner(element), element.sourceline, params))

    def notice(self, code: str, element: Any) -> None:
        """Add a finding that blocks nothing."""
        self.findings.append(Finding(code, owner(element), element.sourceline, blocking=False))

    def variable(self, reference: str) -> str:
        """The variable that a reference means: by the name of what holds the data, or its id where it has none."""
        return self.variables.get(reference, reference)

    def expression(self, element: Any, holder: Any, code: str = "bpmn.expression_unreadable") -> Expression | None:
        """The FEEL expression that `element` holds for `holder`; None, with a finding, where it is none."""
        language = element.get("language") or self.language
        if not is_feel(language):
            self.report("bpmn.language_unsupported", holder, language=language[:100])
            return None
        return self.compiled(text_of(element), holder, code)

    def compiled(self, text: str, holder: Any, code: str = "bpmn.expression_unreadable") -> Expression | None:
        """A FEEL expression; None, with a finding about `holder`, where it is none."""
        try:
            if text not in self.expressions:
                self.expressions[text] = compile_expression(text, strict=True)
            return self.expressions[text]
        except EngineError as fault:
            reasons = {"reason_zh": fault.text("zh-hans"), "reason_en": fault.text("en")}
            self.report(code, holder, expression=text[:200], **reasons)
            return None


def qualified(tag: str) -> str:
    """The tag in lxml's notation."""
    return f"{_PREFIX}{tag}"


def text_of(element: Any) -> str:
    """The text of an element, without that of elements within it and the blanks around it."""
    if not len(element):
        return (element.text or "").strip()
    return "".join((element.text or "", *(child.tail or "" for child in element))).strip()


def wire(process: Any, declared: Declared, language: str) -> Wiring:
    """Drafts of every executable flow node below `process`, connected. `language` is the document's default."""
    wiring = Wiring(declared, language)
    _find_items(wiring, process)
    flows: list[tuple[Any, str]] = []
    levels = [(process, "")]
    for level, scope in levels:
        for child in level.iterchildren(tag=etree.Element):
            tag = child.tag.removeprefix(_PREFIX)
            if tag == "sequenceFlow":
                flows.append((child, scope))
            elif tag not in FLOW_NODES:
                wiring.refused_ids.add(child.get("id") or "")
            elif name := child.get("id"):
                _draft(wiring, child, tag, name, scope)
                if tag in LEVELS:
                    levels.append((child, name))
    for flow, scope in flows:
        _connect(wiring, flow, scope)
    for draft in wiring.drafts.values():
        _compare_references(wiring, draft)
    return wiring


def _find_items(wiring: Wiring, process: Any) -> None:
    """All that can hold data: tag and name by id. A reference shows a data object under whatever name it likes."""
    referring: dict[str, str] = {}
    for element in process.iter(*(qualified(tag) for tag in ITEMS)):
        name, tag = element.get("id") or "", element.tag.removeprefix(_PREFIX)
        label = element.get("name") or ""
        wiring.items[name] = (tag, label)
        if tag == "dataObjectReference":
            referring[name] = bare(element.get("dataObjectRef"))
        wiring.variables[name] = name if tag == "dataObjectReference" else label or name
    for name, other in referring.items():
        wiring.variables[name] = wiring.variables.get(other, other) or name


def _children(element: Any) -> dict[str, list[Any]]:
    """The BPMN children of an element by tag, each kind in document order."""
    found: dict[str, list[Any]] = {}
    for child in element.iterchildren(tag=etree.Element):
        tag = child.tag
        if tag.startswith(_PREFIX):
            found.setdefault(tag[len(_PREFIX) :], []).append(child)
    return found


def _draft(wiring: Wiring, element: Any, tag: str, name: str, scope: str) -> None:
    if name not in wiring.drafts:
        children = _children(element) if len(element) else _NONE
        wiring.drafts[name] = Draft(element, tag, name, scope, children)


def _connect(wiring: Wiring, flow: Any, scope: str) -> None:
    source, target = wiring.drafts.get(flow.get("sourceRef")), wiring.drafts.get(flow.get("targetRef"))
    name = flow.get("id") or ""
    wiring.flows[name] = flow
    if source is None or target is None:
        _loosen(wiring, name, source, target)
        for side, end in (("source", source), ("target", target)):
            if end is None:
                _lacks(wiring, flow, side)
        return
    if not source.scope == target.scope == scope:
        _loosen(wiring, name, source, target)
        wiring.report("bpmn.flow_crosses", flow)
        return
    condition = _condition(wiring, flow, source) if len(flow) else None
    source.outgoing.append(Flow(name, target.id, condition, flow.get("name") or "", own(flow, "name-en")))
    target.incoming.append(name)


def _loosen(wiring: Wiring, flow: str, source: Draft | None, target: Draft | None) -> None:
    wiring.loose_flows.add(flow)
    if source is not None:
        source.loose.add("outgoing")
    if target is not None:
        target.loose.add("incoming")


def _lacks(wiring: Wiring, flow: Any, side: str) -> None:
    name = flow.get(f"{side}Ref") or ""
    if name not in wiring.refused_ids or not name:
        wiring.report(f"bpmn.flow_{side}_missing", flow, source=name[:100], target=name[:100])


def _condition(wiring: Wiring, flow: Any, source: Draft) -> Expression | None:
    element = next((child for child in flow if child.tag == _CONDITION), None)
    if element is None:
        return None
    wiring.conditioned.add(flow.get("id") or "")
    if source.tag not in ACTIVITIES | CHOOSING:
        wiring.report("bpmn.condition_forbidden", flow)
        return None
    return wiring.expression(element, flow, "bpmn.condition_unreadable")


def is_feel(language: str) -> bool:
    """Whether an expression language, as BPMN documents name it, is FEEL; unnamed counts as FEEL here."""
    return not language or language.lower() == "feel" or "/FEEL" in language


def _compare_references(wiring: Wiring, draft: Draft) -> None:
    """`incoming` and `outgoing` may be left out, but where written they must agree with the flows' ends."""
    if not draft.children:
        return
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
    return [bare(text_of(child)) for child in draft.children.get(tag, ())]


def own(element: Any, name: str) -> str:
    """The value of one of our own attributes, or empty text."""
    value = element.get(_OWN[name])
    return value.strip() if value else ""


def bare(name: str | None) -> str:
    """A QName reference without its prefix; ids hold no colon."""
    return (name or "").strip().rpartition(":")[2]
