"""Look at every element and attribute of a process and report what would not be executed as written."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.vocabulary import (
    BESIDE,
    BPMN,
    DIAGRAM,
    FLOW_NODES,
    INFORMATIVE,
    NAMING,
    ONCE,
    PRESENTATION,
    REMARKS,
    RULES,
    SILENT,
    XML,
    XSI,
    ZT,
    Rule,
)
from zhengtong.engines.bpmn.errors import Finding

# By lxml's `{namespace}local`, so that an element without peculiarities costs two look-ups.
_RULES: Mapping[str, Rule] = {f"{{{BPMN}}}{tag}": rule for tag, rule in RULES.items()}
_EXPRESSIONS = frozenset({"tExpression", "tFormalExpression"})
_KEPT = "bpmn.extension_kept"
_PLAIN: Mapping[str, frozenset[str]] = {
    tag: frozenset(name for name, values in rule.attributes.items() if values is None)
    | {f"{{{ZT}}}{name}" for name in rule.own}
    for tag, rule in _RULES.items()
}
_SILENT = frozenset(f"{{{BPMN}}}{tag}" for tag in SILENT)
_ONCE = frozenset(f"{{{BPMN}}}{tag}" for tag in ONCE)
_INSIDE: Mapping[str, frozenset[str]] = {
    tag: frozenset(f"{{{BPMN}}}{name}" for name in rule.children - SILENT - INFORMATIVE - {"extensionElements"})
    for tag, rule in _RULES.items()
}
PLACEHOLDER = "__targetRef_placeholder"
"""The property that bpmn.io puts where a data association ends at an activity without data inputs."""

_PROCESS = f"{{{BPMN}}}process"
_IDS = etree.XPath(".//bpmn:*/@id", namespaces={"bpmn": BPMN}, smart_strings=False)
_NEEDING_ID = frozenset(f"{{{BPMN}}}{tag}" for tag in FLOW_NODES | {"sequenceFlow"})


def survey(process: Any) -> list[Finding]:
    """Findings for the process element and all within it, in document order."""
    findings: list[Finding] = []
    stack = [process]
    while stack:
        element = stack.pop()
        tag = element.tag
        if not _PLAIN[tag].issuperset(element.attrib):
            findings += _attributes(element, _RULES[tag])
        if not len(element):
            continue
        if len(element) > 1:
            findings += _twice(element)
        known, inside = _INSIDE[tag], []
        for child in element.iterchildren(tag=etree.Element):
            name = child.tag
            if name in known:
                inside.append(child)
                if name in _NEEDING_ID and not child.get("id"):
                    findings.append(find("bpmn.id_missing", child, tag=local_name(child), line=child.sourceline))
            elif name not in _SILENT or local_name(child) not in _RULES[tag].children:
                findings += _child(child, _RULES[tag])
            elif len(child) or child.attrib:
                findings += [replace(finding, code=_KEPT, blocking=False) for finding in _extensions(child)]
        stack.extend(reversed(inside))
    return findings


def _twice(element: Any) -> Iterator[Finding]:
    """What is there more than once and cannot count more than once."""
    seen: set[str] = set()
    for child in element.iterchildren(*_ONCE):
        if child.tag in seen:
            yield find("bpmn.element_twice", child, tag=local_name(child))
        seen.add(child.tag)


def survey_document(root: Any, process: Any) -> list[Finding]:
    """What in the document around says more of `process` than would be executed."""
    findings = strange(root)
    for child in root.iterchildren(tag=etree.Element):
        namespace, tag = _split(child.tag)
        if namespace == DIAGRAM or tag == "extensionElements":
            continue
        if namespace != BPMN:
            findings += [each for each in [_foreign(child, namespace, tag)] if each.blocking]
        elif tag not in BESIDE:
            findings.append(find("bpmn.element_unsupported", child, tag=tag))
        elif tag == "extension" and child.get("mustUnderstand", "false") in ("true", "1"):
            extension = (child.get("definition") or "")[:200]
            findings.append(find("bpmn.extension_unsupported", child, extension=extension))
        elif tag in NAMING and _is_named(process, tag, child.get("id")):
            findings += survey(child)
    return findings


def strange(element: Any) -> list[Finding]:
    """Findings about the extensions of an element outside of processes that may change its meaning."""
    return [finding for finding in _extensions(element) if finding.blocking]


def _extensions(element: Any) -> list[Finding]:
    names = [_split(key) for key in element.attrib]
    for child in element.iterchildren(f"{{{BPMN}}}extensionElements"):
        names += [_split(extension.tag) for extension in child.iterchildren("*")]
    return [_foreign(element, *name) for name in dict.fromkeys(names) if name[0] not in ("", BPMN, ZT, XML, XSI)]


def _is_named(process: Any, kind: str, name: str | None) -> bool:
    """Whether something in the process refers to a message, signal, error or escalation of the document."""
    attribute = f"{kind}Ref"
    referring = process.iter(*(f"{{{BPMN}}}{tag}" for tag in NAMING[kind]))
    return any((each.get(attribute) or "").strip().rpartition(":")[2] == name for each in referring)


def local_name(element: Any) -> str:
    """The tag without namespace."""
    return str(element.tag).rpartition("}")[2]


def owner(element: Any) -> str:
    """The id of the element, or of the nearest one around it that has an id."""
    node = element
    while node is not None and not node.get("id"):
        node = node.getparent()
    return "" if node is None else str(node.get("id"))


def find(code: str, element: Any, *, blocking: bool = True, **params: object) -> Finding:
    """A finding about `element`."""
    return Finding(code, owner(element), element.sourceline, params, blocking)


def _child(child: Any, rule: Rule) -> list[Finding]:
    """What is to be said of a child that is not simply looked into."""
    namespace, tag = _split(child.tag)
    if namespace != BPMN:
        return [_foreign(child, namespace, tag)]
    if tag == "extensionElements":
        return [_foreign(extension, *_split(extension.tag)) for extension in child.iterchildren("*")]
    if tag not in rule.children:
        return [find("bpmn.element_unsupported", child, tag=tag)]
    if tag in INFORMATIVE and child.get("name") != PLACEHOLDER:
        return [find("bpmn.informative", child, blocking=False, tag=tag)]
    return []


def _attributes(element: Any, rule: Rule) -> Iterator[Finding]:
    for key, value in element.attrib.items():
        namespace, attribute = _split(key)
        if not namespace:
            if not _allowed(rule, attribute, value):
                code = "bpmn.not_executable" if attribute == "isExecutable" else "bpmn.attribute_unsupported"
                yield find(code, element, attribute=attribute, value=value[:100])
        elif namespace == ZT:
            if attribute not in rule.own:
                yield find("bpmn.attribute_unsupported", element, attribute=f"zt:{attribute}", value=value[:100])
        elif namespace == XSI and attribute == "type":
            if not _is_own_type(element, rule, value):
                yield find("bpmn.attribute_unsupported", element, attribute="xsi:type", value=value[:100])
        elif namespace not in (XML, XSI):
            yield _foreign(element, namespace, attribute)


def _is_own_type(element: Any, rule: Rule, value: str) -> bool:
    """Whether a type is that of the element anyway; any other would make it something else than its tag says."""
    tag, kind = local_name(element), value.strip().rpartition(":")[2]
    return kind == f"t{tag[:1].upper()}{tag[1:]}" or ("language" in rule.attributes and kind in _EXPRESSIONS)


def _split(name: str) -> tuple[str, str]:
    """Namespace and local part of lxml's `{namespace}local`."""
    namespace, _, local = name.rpartition("}")
    return namespace[1:], local


def _allowed(rule: Rule, attribute: str, value: str) -> bool:
    if attribute not in rule.attributes:
        return False
    values = rule.attributes[attribute]
    return values is None or value in values


def _foreign(element: Any, namespace: str, name: str) -> Finding:
    kept = namespace in PRESENTATION or f"{{{namespace}}}{name}" in REMARKS
    code = _KEPT if kept else "bpmn.extension_unsupported"
    return find(code, element, blocking=not kept, extension=f"{{{namespace}}}{name}"[:200])


def shared_ids(root: Any) -> dict[Any, list[Finding]]:
    """Findings for ids that a document uses more than once, by the process they stand in; None is beside them all.

    References lead by ids, so nobody can tell what is meant by one that two things have. Of several uses in one place
    the first is not told.
    """
    names: Any = _IDS(root)
    if len(names) == len(set(names)):
        return {}
    used: dict[str, list[tuple[Any, Any]]] = {}
    for child in root.iterchildren(tag=etree.Element):
        process = child if child.tag == _PROCESS else None
        for element in child.iter(f"{{{BPMN}}}*"):
            if name := element.get("id"):
                used.setdefault(name, []).append((process, element))
    found: dict[Any, list[Finding]] = {}
    for uses in used.values():
        if len(uses) > 1:
            _tell_shared(uses, found)
    return found


def _tell_shared(uses: list[tuple[Any, Any]], found: dict[Any, list[Finding]]) -> None:
    first, second = uses[0][1], uses[1][1]
    places: dict[Any, list[Any]] = {}
    for process, element in uses:
        places.setdefault(process, []).append(element)
    for process, elements in places.items():
        for element in elements[1:] or elements:
            other = second if element is first else first
            found.setdefault(process, []).append(find("bpmn.id_duplicate", element, other=other.sourceline))
